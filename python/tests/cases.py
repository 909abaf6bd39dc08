"""The Markdown cases of the repository, as the native tests and those in Node.js read them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Tuple

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
FENCE = re.compile(r"^```(json|xml|definition|issues|diff)(?: ([^\n]*))?\n(.*?)^```", re.M | re.S)
ANY = re.compile(r"^```(\S+)\n(.*?)^```$", re.M | re.S)

#: What the npm package calls the options of a validation, and what they are called here.
OPTIONS = {
    "profiles": "profiles",
    "profilesFor": "profiles_for",
    "fhirVersion": "fhir_version",
    "rules": "rules",
    "today": "today",
    "testNumbers": "test_numbers",
    "unknownExtensions": "unknown_extensions",
    "workflow": "workflow",
    "answers": "answers",
}


def files(folder: str) -> List[Path]:
    return sorted((CASES / folder).glob("*.md"))


def fences(path: Path) -> List[Tuple[str, str, str]]:
    return [(kind, options or "{}", text) for kind, options, text in FENCE.findall(path.read_text("utf-8"))]


def display(path: Path) -> Tuple[Dict[str, str], Dict[str, str]]:
    """The list of a case of a display, and its fences by the word that opens them."""
    text = path.read_text("utf-8")
    said: Dict[str, str] = {}
    for name, value in re.findall(r"^- ([^:\n]+): (.*)$", text, re.M):
        said.setdefault(name, value)
    parts: Dict[str, str] = {}
    for word, content in ANY.findall(text):
        parts.setdefault(word, content)
    return said, parts


def written(report: Mapping[str, Any]) -> str:
    """A report as the cases write it."""
    lines = []
    for issue in report["issues"]:
        profile, definition = issue.get("profile", ""), issue.get("definition", "")
        lines.append(
            f"{issue['line']}:{issue['column']} {issue['severity']} {issue['rule']} {issue['expression']}: {issue['message']}\n"
        )
        is_base = profile.startswith("http://hl7.org/fhir/StructureDefinition/") and ":" not in definition
        if profile and not is_base:
            lines.append(f"    asked for by {profile} {definition}\n")
    return "".join(lines) or "none\n"


def resources() -> Iterator[str]:
    """Every resource of the cases, in the order of the files."""
    for folder in ("check", "render"):
        for path in files(folder):
            for kind, _, text in fences(path):
                if kind in ("json", "xml"):
                    yield text

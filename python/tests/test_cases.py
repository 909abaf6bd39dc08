"""The Markdown cases through Python: what they say is said, and it is byte for byte what Node.js gives."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Dict, List

import cases
import pytest

import careconnect

EVERY = careconnect.load(packs="all")
BOTH = careconnect.load(packs=["all", "r4", "ukcore", "nhsengland-r4"])
USUAL = careconnect.load()


def named(options: str) -> Dict[str, Any]:
    return {cases.OPTIONS[name]: value for name, value in json.loads(options).items()}


@pytest.mark.parametrize("path", cases.files("check"), ids=lambda path: path.stem)
def test_check(path: Path) -> None:
    fences = cases.fences(path)
    assert fences
    definitions: List[str] = []
    handle = BOTH if path.stem.startswith("r4") else EVERY
    for at, (kind, options, text) in enumerate(fences):
        if kind in ("issues", "diff"):
            continue
        expected = fences[at + 1][2] if at + 1 < len(fences) and fences[at + 1][0] == "issues" else None
        if kind == "definition":
            definitions.append(text)
            handle = careconnect.load(packs="all", definitions=definitions)
            assert cases.written(handle.definitions[-1]) == (expected or "none\n")
            continue
        assert cases.written(handle.validate(text, **named(options))) == expected


@pytest.mark.parametrize("path", cases.files("render"), ids=lambda path: path.stem)
def test_display(path: Path) -> None:
    said, parts = cases.display(path)
    resource = parts.get("json") or parts["xml"]
    shown = USUAL.render(resource, form="text", mode="full", as_of=said.get("as of"), view=said.get("view"))
    assert shown == parts["text"]


def test_same_bytes_as_node(tmp_path: Path) -> None:
    """Reports, outcomes, displays and redacted copies of every resource of the cases, with the packs that come by themselves."""
    node = shutil.which("node")
    built = cases.ROOT / "pkg/dist/careconnect.wasm"
    # `cargo xtask test` has just built both; by itself, `cargo xtask python` finds the npm package as it was left.
    if not os.environ.get("CARECONNECT_NODE"):
        changed = max(file.stat().st_mtime for file in (cases.ROOT / "src").rglob("*.rs"))
        if node is None or not built.is_file() or built.stat().st_mtime < changed:
            pytest.skip("the npm package is not built of this source: cargo xtask pkg")
    assert node is not None
    resources = list(cases.resources())
    assert len(resources) > 300
    given = tmp_path / "resources.json"
    given.write_text(json.dumps(resources), "utf-8")
    program = Path(__file__).with_name("node_bytes.mjs")
    theirs = subprocess.run([node, str(program), str(given)], check=True, capture_output=True).stdout.split(b"\n")
    core = USUAL._core
    options = json.dumps({"fixes": True, "today": "2026-02-28"})
    display = json.dumps({"as": "model", "mode": "full", "asOf": "2026-02-28"})
    for at, text in enumerate(resources):
        resource = careconnect._bytes("resource", text)
        ours = [
            core.validate(resource, options),
            core.outcome(resource, None),
            core.render(resource, display),
            json.dumps(core.render(resource, json.dumps({"as": "page"})), ensure_ascii=False),
            core.fhirpath(resource, "descendants().where(hasValue()).first()", None),
            json.dumps(core.redact(resource, b"key"), ensure_ascii=False),
        ]
        for part, mine in enumerate(ours):
            other = theirs[at * len(ours) + part].decode("utf-8")
            assert json.loads(mine) == json.loads(other) if part in (3, 5) else mine == other, (at, part, text[:200])

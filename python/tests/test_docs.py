"""The Python of the documentation, run as it stands there; one page is one program."""

from __future__ import annotations

import re
from pathlib import Path

import cases
import pytest

PAGES = ["README.md", "docs/guides/python.md", "docs/guides/data.md", "python/README.md"]
RESOURCE = '{ "resourceType": "Patient", "id": "p", "birthDate": "1980-05", "name": [{ "use": "official", "family": "Okonkwo" }] }'


@pytest.mark.parametrize("page", PAGES)
def test_page(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "Patient.ndjson").write_text(RESOURCE + "\n")
    (tmp_path / "patient.json").write_text(RESOURCE)
    monkeypatch.chdir(tmp_path)
    text = (cases.ROOT / page).read_text("utf-8")
    snippets = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    assert snippets
    given = {"resource": RESOURCE}
    for snippet in snippets:
        exec(compile(snippet, page, "exec"), given)
    assert capsys.readouterr().out

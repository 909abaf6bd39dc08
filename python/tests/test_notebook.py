"""The notebook of the documentation: each cell gives what is recorded below it. CARECONNECT_BLESS=1 records it anew."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
from typing import Any, Dict, List

import cases

NOTEBOOK = cases.ROOT / "docs" / "guides" / "tour.ipynb"


def run(source: str, given: Dict[str, Any]) -> str:
    """What a cell prints, and below it the value of its last line where that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(tree, "cell", "exec"), given)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), given) if isinstance(last, ast.Expr) else None
        if value is not None:
            print(repr(value))
    return out.getvalue()


def test_the_notebook(monkeypatch: Any) -> None:
    monkeypatch.chdir(cases.ROOT)
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    given: Dict[str, Any] = {"__name__": "__main__"}
    cells: List[Dict[str, Any]] = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 3
    recorded = []
    for cell in cells:
        made = run("".join(cell["source"]), given)
        output = {"name": "stdout", "output_type": "stream", "text": made.splitlines(keepends=True)}
        recorded.append([output] if made else [])
    if os.environ.get("CARECONNECT_BLESS"):
        for cell, outputs in zip(cells, recorded):
            cell["outputs"] = outputs
        NOTEBOOK.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert [cell["outputs"] for cell in cells] == recorded

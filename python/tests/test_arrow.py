"""Columns of resources: every row that goes in is accounted for."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import careconnect
from careconnect import CareconnectError, arrow

CC = careconnect.load()
GOOD = '{"resourceType":"Basic","id":"b","code":{"text":"x"}}'
BAD = '{"resourceType":"Patient","id":"p","gender":"sometimes","birthDate":"2026-02-30"}'
HOSTILE = ["", "{", "\x00", "[" * 50_000, '{"resourceType":' * 300, "null", "1e999", '"\\ud800"', "<a><b></a>"]


def test_every_row_is_accounted_for() -> None:
    resources = [GOOD, BAD, None, *HOSTILE]
    table = pa.table({"key": [f"k{at}" for at in range(len(resources))], "resource": resources})
    issues = arrow.validate(table, keys=["key"], careconnect=CC)
    assert issues.schema == arrow.schema([table.schema.field("key")])
    rows = issues.to_pylist()
    assert [row["key"] for row in rows] == sorted((row["key"] for row in rows), key=lambda key: int(key[1:]))
    assert {row["row"] for row in rows} == set(range(len(resources)))
    assert rows[0]["verdict"] == "valid" and rows[0]["rule"] is None and rows[0]["resource_id"] == "b"
    assert [row["rule"] for row in rows if row["key"] == "k1"] == ["code-required", "primitive-format"]
    assert [row["fault"] for row in rows if row["key"] == "k2"] == ["There is no resource: the value is null."]
    assert all(row["verdict"] == "invalid" for row in rows if row["row"] > 2)


def test_threads_give_the_same() -> None:
    table = pa.table({"resource": [GOOD, BAD, "{"] * 1000})
    assert arrow.validate(table, careconnect=CC, threads=3) == arrow.validate(table, careconnect=CC)


def test_lines_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "Patient.ndjson").write_text(f"{BAD}\n\n{BAD}\r\n")
    (tmp_path / "Basic.ndjson").write_text(GOOD)
    (tmp_path / "notes.txt").write_text("no resource")
    issues = arrow.validate(arrow.read_ndjson(tmp_path), keys=["source", "source_line"], careconnect=CC)
    found = {(Path(row["source"]).name, row["source_line"], row["verdict"]) for row in issues.to_pylist()}
    assert found == {("Basic.ndjson", 1, "valid"), ("Patient.ndjson", 1, "invalid"), ("Patient.ndjson", 3, "invalid")}


def test_mistakes_are_said_once() -> None:
    table = pa.table({"resource": [GOOD]})
    with pytest.raises(CareconnectError, match="There is no column 'value'. The columns are: resource."):
        arrow.validate(table, column="value", careconnect=CC)
    with pytest.raises(CareconnectError, match="'profiles' is an array of strings"):
        arrow.validate(table, careconnect=CC, profiles=1)


def test_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb", reason="cargo xtask python --spark has it")
    issues = arrow.validate(pa.table({"resource": [GOOD, BAD, BAD]}), careconnect=CC)
    assert issues.num_rows == 5
    found = duckdb.sql("select rule, count(*) from issues where rule is not null group by rule order by rule").fetchall()
    assert found == [("code-required", 2), ("primitive-format", 2)]


def test_polars() -> None:
    polars = pytest.importorskip("polars", reason="cargo xtask python --spark has it")
    frame = polars.DataFrame({"resource": [GOOD, BAD]})
    issues = polars.from_arrow(arrow.validate(frame.to_arrow(), careconnect=CC))
    assert issues["rule"].drop_nulls().to_list() == ["code-required", "primitive-format"]

"""Real PySpark, in local mode."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any, Iterator

import cases
import pytest

from careconnect import CareconnectError

pyspark = pytest.importorskip("pyspark", reason="cargo xtask python --spark has it")
from careconnect import spark  # noqa: E402

GOOD = '{"resourceType":"Basic","id":"b%d","code":{"text":"x"}}'
BAD = '{"resourceType":"Patient","id":"p%d","gender":"sometimes"}'
HOSTILE = ["{", "[" * 50_000, '{"resourceType":' * 300, "null", '"\\ud800"']


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("careconnect")
    made = builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "2").getOrCreate()
    yield made
    made.stop()


def write(folder: Path) -> int:
    lines = [GOOD % at for at in range(200)] + [BAD % at for at in range(50)] + HOSTILE
    (folder / "export").mkdir()
    (folder / "export" / "one.ndjson").write_text("\n".join(lines[::2]) + "\n\n")
    (folder / "export" / "two.ndjson").write_text("\n".join(lines[1::2]))
    (folder / "export" / "manifest.json").write_text(json.dumps({"output": []}))
    return len(lines)


def test_an_export(session: Any, tmp_path: Path) -> None:
    count = write(tmp_path)
    read = spark.read(session, str(tmp_path / "export"))
    issues = spark.validate(read).cache()
    rows = issues.collect()
    assert len({row["row"] for row in rows}) == count
    assert {Path(row["source"]).name for row in rows} == {"one.ndjson", "two.ndjson"}
    assert sum(row["verdict"] == "valid" for row in rows) == 200
    summary = spark.summary(issues).collect()
    assert sum(row["resources"] for row in summary if row["what"] == "no issues") == 200
    assert sum(row["resources"] for row in summary if row["rule"] == "code-required") == 50
    assert all(row["day"] is not None for row in summary)


def test_parquet_and_rows_with_faults(session: Any, tmp_path: Path) -> None:
    frame = session.createDataFrame([(1, GOOD % 1), (2, None), (3, BAD % 3)], "key int, body string")
    frame.write.parquet(str(tmp_path / "p"))
    read = spark.read(session, str(tmp_path / "p"), format="parquet")
    rows = {row["key"]: row for row in spark.validate(read, column="body", keys=["key"]).collect()}
    assert rows[1]["verdict"] == "valid"
    assert rows[2]["fault"] == "There is no resource: the value is null."
    assert rows[3]["rule"] == "code-required"


def test_profiles_and_own_definitions(session: Any) -> None:
    frame = session.createDataFrame([(BAD % 1,)], "resource string")
    profile = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"
    own = {"resourceType": "ValueSet", "url": "https://example.org/v", "status": "draft"}
    issues = spark.validate(frame, profiles=[profile], definitions=[own], rules={"code-required": "off"})
    assert "code-required" not in [row["rule"] for row in issues.collect()]


def test_mistakes_are_said_before_any_task(session: Any) -> None:
    frame = session.createDataFrame([(GOOD % 1, "x")], "resource string, rule string")
    with pytest.raises(CareconnectError, match="a column 'rule' of its own"):
        spark.validate(frame)
    with pytest.raises(CareconnectError, match="There is no column 'body'"):
        spark.validate(frame, column="body")
    with pytest.raises(CareconnectError, match="'today' is a day"):
        spark.validate(frame, keys=[], today="soon")


def test_the_example(session: Any, tmp_path: Path) -> None:
    """The last, since it stops the session."""
    count = write(tmp_path)
    spec = importlib.util.spec_from_file_location("job", cases.ROOT / "examples" / "spark" / "job.py")
    assert spec and spec.loader
    job = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(job)
    job.main(str(tmp_path / "export"), str(tmp_path / "out"))
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert f"<p>{count} resources went in.</p>" in page and "<td>code-required</td>" in page

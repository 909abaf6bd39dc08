"""Validates columns of resources: Arrow in, Arrow out, for DuckDB, Polars and whatever else speaks it. Needs ``pyarrow``.

>>> issues = arrow.validate(table, column="resource", keys=["id"], threads=2)
>>> duckdb.sql("select rule, count(*) from issues group by rule")

A row of the result is an issue. A resource without issues has a row, too, with its verdict and no rule; and what could not be
checked at all (a null, a failure) has one with its ``fault``. So every row that goes in is accounted for.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple, Union

import pyarrow as pa

from . import Careconnect, CareconnectError, load

__all__ = ["SCHEMA", "batches", "read_ndjson", "schema", "validate"]

SCHEMA = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("resource_type", pa.string()),
        pa.field("resource_id", pa.string()),
        pa.field("verdict", pa.string()),
        pa.field("severity", pa.string()),
        pa.field("rule", pa.string()),
        pa.field("expression", pa.string()),
        pa.field("line", pa.int64()),
        pa.field("col", pa.int64()),
        pa.field("message", pa.string()),
        pa.field("profile", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("fault", pa.string()),
    ]
)
"""A row of the result; ``row`` is the number of the row that went in. The columns asked for as ``keys`` come before these."""

_Columns = Dict[str, List[Any]]
Table = Union[pa.Table, pa.RecordBatch, pa.RecordBatchReader, Iterable[pa.RecordBatch]]
_AT_ONCE = 256


def schema(keys: Iterable[pa.Field] = ()) -> pa.Schema:
    """The schema of the result, with these columns of what goes in before it."""
    return pa.schema([*keys, *SCHEMA])


def batches(
    given: Iterable[pa.RecordBatch],
    *,
    column: str = "resource",
    keys: Sequence[str] = (),
    careconnect: Optional[Careconnect] = None,
    threads: int = 1,
    first: int = 0,
    **options: Any,
) -> Iterator[pa.RecordBatch]:
    """Validates as it is read: a batch out for each part of what comes in, in the same order. ``options`` are those of
    :meth:`careconnect.Careconnect.validate`; ``first`` is the number of the first row."""
    handle = careconnect or load()
    # What is wrong with the options is said once, and not of each row.
    handle.validate("{}", **options)

    def parts() -> Iterator[Tuple[int, pa.RecordBatch]]:
        row = first
        for batch in given:
            for start in range(0, batch.num_rows, _AT_ONCE):
                part = batch.slice(start, _AT_ONCE)
                yield row, part
                row += part.num_rows

    def work(part: Tuple[int, pa.RecordBatch]) -> pa.RecordBatch:
        return _validated(handle, part[1], part[0], column, keys, options)

    if threads <= 1:
        yield from map(work, parts())
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: List[Any] = []
        for part in parts():
            waiting.append(pool.submit(work, part))
            # What waits is bounded: the source may be larger than memory.
            if len(waiting) > threads * 4:
                yield waiting.pop(0).result()
        for one in waiting:
            yield one.result()


def validate(
    given: Table,
    *,
    column: str = "resource",
    keys: Sequence[str] = (),
    careconnect: Optional[Careconnect] = None,
    threads: int = 1,
    **options: Any,
) -> pa.Table:
    """Validates the resources in a column of text or bytes, and gives a table of issues; see the module for what its rows are."""
    if isinstance(given, pa.Table):
        before, source = given.schema, iter(given.to_batches())
    elif isinstance(given, pa.RecordBatch):
        before, source = given.schema, iter([given])
    else:
        source = iter(given)
        one = next(source, None)
        if one is None:
            raise CareconnectError("There are no batches, so that it is not known what columns there are.")
        before, source = one.schema, chain([one], source)
    for name in (column, *keys):
        if name not in before.names:
            raise CareconnectError(f"There is no column '{name}'. The columns are: {', '.join(before.names)}.")
    found = batches(source, column=column, keys=keys, careconnect=careconnect, threads=threads, **options)
    return pa.Table.from_batches(found, schema([before.field(name) for name in keys]))


def read_ndjson(paths: Union[str, Path, Iterable[Union[str, Path]]], *, at_once: int = 4096) -> Iterator[pa.RecordBatch]:
    """The lines of NDJSON files, or of all those below a folder, as a Bulk Data export has them: ``resource``, and where it
    stands as ``source`` and ``source_line``. Empty lines are passed over."""
    wanted = [paths] if isinstance(paths, (str, Path)) else list(paths)
    files: List[Path] = []
    for path in map(Path, wanted):
        files.extend(sorted(one for one in path.rglob("*") if one.suffix in (".ndjson", ".jsonl")) if path.is_dir() else [path])
    if not files:
        raise CareconnectError("There is no NDJSON file there.")
    for path in files:
        lines: List[Tuple[bytes, int]] = []
        with path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    lines.append((line.rstrip(b"\r\n"), number))
                if len(lines) == at_once:
                    yield _lines(path, lines)
                    lines = []
        if lines:
            yield _lines(path, lines)


def _lines(path: Path, lines: List[Tuple[bytes, int]]) -> pa.RecordBatch:
    resources, numbers = zip(*lines)
    columns = [
        pa.array(resources, pa.binary()),
        pa.array([str(path)] * len(lines), pa.string()),
        pa.array(numbers, pa.int64()),
    ]
    return pa.record_batch(columns, names=["resource", "source", "source_line"])


def _validated(
    handle: Careconnect, batch: pa.RecordBatch, row: int, column: str, keys: Sequence[str], options: Dict[str, Any]
) -> pa.RecordBatch:
    columns: _Columns = {name: [] for name in SCHEMA.names}
    of: List[int] = []
    for at, resource in enumerate(batch.column(column).to_pylist()):
        for found in _rows(handle, resource, options):
            of.append(at)
            columns["row"].append(row + at)
            for name in SCHEMA.names[1:]:
                columns[name].append(found.get(name))
    taken = pa.array(of, pa.int64())
    arrays = [batch.column(name).take(taken) for name in keys]
    arrays.extend(pa.array(columns[field.name], field.type) for field in SCHEMA)
    return pa.record_batch(arrays, schema=schema([batch.schema.field(name) for name in keys]))


def _rows(handle: Careconnect, resource: Any, options: Dict[str, Any]) -> List[Dict[str, Any]]:
    """The rows of a resource: at least one, whatever it is."""
    if resource is None:
        return [{"fault": "There is no resource: the value is null."}]
    try:
        report = handle.validate(resource, **options)
    except CareconnectError as error:
        return [{"fault": str(error)}]
    except BaseException as error:
        # A fault of careconnect's own. It must cost this row alone; being told to stop is something else.
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError)):
            raise
        return [{"fault": "careconnect failed on this resource. That is a fault of its own: please report it."}]
    of, named = _who(resource)
    same = {"resource_type": of, "resource_id": named, "verdict": report["verdict"], "reason": report["reason"]}
    if not report["issues"]:
        return [same]
    return [{**same, **issue, "col": issue["column"]} for issue in report["issues"]]


def _who(resource: Any) -> Tuple[Optional[str], Optional[str]]:
    """The type and id of a resource in JSON, where they can be read."""
    try:
        read = json.loads(resource) if isinstance(resource, (str, bytes)) else resource
        of, named = read.get("resourceType"), read.get("id")
    except (ValueError, AttributeError, RecursionError):
        return None, None
    return (of if isinstance(of, str) else None, named if isinstance(named, str) else None)

"""Flat tables of resources: the ViewDefinitions of SQL on FHIR v2, as typed Arrow tables. Needs ``pyarrow``.

>>> made = tables.view(definition, resources)
>>> made.table.to_pandas(), made.faults
"""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import islice
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional

import pyarrow as pa

from . import Careconnect, CareconnectError, Input, load

__all__ = ["DECIMAL", "FAULTS", "Made", "batches", "schema", "view"]

DECIMAL = pa.decimal128(38, 12)
"""The type of decimals, exact. What it has no room for is a fault; give another type, ``pa.string()`` say, to keep it."""

FAULTS = pa.schema([pa.field("input", pa.int64(), nullable=False), pa.field("message", pa.string(), nullable=False)])
"""What is said of resources that made no rows: which they were, from 0, and why."""

_WHOLE = {"integer", "Integer", "positiveInt", "unsignedInt", "integer64"}
_AT_ONCE = 500


class Made(NamedTuple):
    """The rows of a view, and the resources that made none because of a fault."""

    table: pa.Table
    faults: pa.Table


def _type(column: Dict[str, Any], decimals: pa.DataType) -> pa.DataType:
    kind = column.get("type")
    if kind in _WHOLE:
        one = pa.int64()
    elif kind in ("boolean", "Boolean"):
        one = pa.bool_()
    elif kind in ("decimal", "Decimal"):
        one = decimals
    else:
        # Dates and times too: FHIR's may be a year or a month, which no type of Arrow is.
        one = pa.string()
    return pa.list_(one) if column["collection"] else one


def schema(definition: Input, *, careconnect: Optional[Careconnect] = None, decimals: pa.DataType = DECIMAL) -> pa.Schema:
    """The columns that a ViewDefinition gives, which its resources do not change."""
    handle = careconnect or load()
    return _schema(json.loads(handle.view_json(definition, []))["columns"], decimals)


def _schema(columns: List[Dict[str, Any]], decimals: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(column["name"], _type(column, decimals)) for column in columns])


def batches(
    definition: Input,
    resources: Iterable[Input],
    *,
    careconnect: Optional[Careconnect] = None,
    today: Optional[str] = None,
    decimals: pa.DataType = DECIMAL,
    faults: Optional[List[Dict[str, Any]]] = None,
) -> Iterator[pa.RecordBatch]:
    """The rows of a view as they are made, for more resources than memory has room for. Resources that make no rows because
    of a fault are added to ``faults``; without that list the first of them is an exception."""
    handle = careconnect or load()
    given = iter(resources)
    start = 0
    while True:
        some = list(islice(given, _AT_ONCE))
        if not some and start > 0:
            return
        made = json.loads(handle.view_json(definition, some, today=today), parse_float=Decimal)
        for fault in made["faults"]:
            if faults is None:
                raise CareconnectError(f"Resource {start + fault['input']}: {fault['message']}", "view-fault")
            faults.append({"input": start + fault["input"], "message": fault["message"]})
        yield _batch(made, decimals)
        if not some:
            return
        start += len(some)


def view(
    definition: Input,
    resources: Iterable[Input],
    *,
    careconnect: Optional[Careconnect] = None,
    today: Optional[str] = None,
    decimals: pa.DataType = DECIMAL,
) -> Made:
    """The rows that a ViewDefinition makes of resources, as a table, and what is wrong with the others. Of a Bundle, the rows
    of its entries; a resource of another type makes none."""
    faults: List[Dict[str, Any]] = []
    handle = careconnect or load()
    rows = list(batches(definition, resources, careconnect=handle, today=today, decimals=decimals, faults=faults))
    return Made(pa.Table.from_batches(rows), pa.Table.from_pylist(faults, schema=FAULTS))


def _batch(made: Dict[str, Any], decimals: pa.DataType) -> pa.RecordBatch:
    wanted = _schema(made["columns"], decimals)
    columns = list(zip(*made["rows"])) if made["rows"] else [()] * len(wanted)
    arrays = []
    for field, cells in zip(wanted, columns):
        try:
            arrays.append(pa.array([_cell(cell, field.type) for cell in cells], field.type))
        except (pa.ArrowException, OverflowError) as cause:
            words = f"A value of the column '{field.name}' has no room in {field.type}; give another type as 'decimals'."
            raise CareconnectError(words, "view-fault") from cause
    return pa.record_batch(arrays, schema=wanted)


def _cell(cell: Any, of: pa.DataType) -> Any:
    """A cell as its column takes it: numbers that the view has no type for are text, as are decimals where that is asked."""
    if isinstance(cell, list):
        return [_cell(one, of.value_type) for one in cell]
    if cell is None or isinstance(cell, str):
        return cell
    if pa.types.is_string(of):
        return json.dumps(cell) if isinstance(cell, bool) else str(cell)
    if pa.types.is_decimal(of) and not isinstance(cell, bool):
        return Decimal(cell)
    return float(cell) if pa.types.is_floating(of) else cell

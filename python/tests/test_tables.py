"""Flat tables: types, faults, and that nothing is lost."""

from __future__ import annotations

import json
from decimal import Decimal

import pyarrow as pa
import pytest

import careconnect
from careconnect import CareconnectError, tables

CC = careconnect.load()
VIEW = {
    "resource": "Observation",
    "constant": [{"name": "system", "valueUri": "http://loinc.org"}],
    "select": [
        {
            "column": [
                {"name": "id", "path": "getResourceKey()", "type": "string"},
                {"name": "patient", "path": "subject.getReferenceKey(Patient)", "type": "string"},
                {"name": "day", "path": "effective.ofType(dateTime)", "type": "dateTime"},
                {"name": "value", "path": "value.ofType(Quantity).value", "type": "decimal"},
                {"name": "final", "path": "status = 'final'", "type": "boolean"},
                {"name": "codes", "path": "code.coding.where(system = %system).code", "type": "code", "collection": True},
            ]
        },
        {"forEachOrNull": "component", "column": [{"name": "part", "path": "%rowIndex", "type": "integer"}]},
    ],
}


def observation(number: int, value: str = "1.10") -> str:
    return (
        '{"resourceType":"Observation","id":"o%d","status":"final","subject":{"reference":"https://s.example/Patient/7/_history/2"},'
        '"effectiveDateTime":"2026-02","code":{"coding":[{"system":"http://loinc.org","code":"1-8"},{"code":"x"}]},'
        '"valueQuantity":{"value":%s},"component":[{},{}]}' % (number, value)
    )


def test_columns_have_types_and_exact_values() -> None:
    made = tables.view(VIEW, [observation(1), {"resourceType": "Patient", "id": "p"}], careconnect=CC)
    row = {
        "id": "Observation/o1",
        "patient": "Patient/7",
        "day": "2026-02",
        "value": Decimal("1.10"),
        "final": True,
        "codes": ["1-8"],
    }
    assert made.table.to_pylist() == [{**row, "part": 0}, {**row, "part": 1}]
    assert made.table.schema == tables.schema(VIEW, careconnect=CC)
    assert [str(kind) for kind in made.table.schema.types] == [
        "string", "string", "string", "decimal128(38, 12)", "bool", "list<item: string>", "int64",
    ]  # fmt: skip
    assert made.faults.num_rows == 0


def test_what_makes_no_rows_is_said() -> None:
    two = '{"resourceType":"Observation","effectiveDateTime":"2026","subject":[{"reference":"Patient/1"},{"reference":"Patient/2"}]}'
    made = tables.view(VIEW, [observation(1), "{", two, observation(2)], careconnect=CC)
    assert made.table.column("id").to_pylist() == ["Observation/o1"] * 2 + ["Observation/o2"] * 2
    assert made.faults.column("input").to_pylist() == [1, 2]
    assert "The column 'patient'" in made.faults.column("message")[1].as_py()
    with pytest.raises(CareconnectError, match="Resource 1: The input is not a resource"):
        list(tables.batches(VIEW, [observation(1), "{"], careconnect=CC))


def test_many_resources_come_in_batches() -> None:
    made = list(tables.batches(VIEW, (observation(number) for number in range(1201)), careconnect=CC))
    assert [batch.num_rows for batch in made] == [1000, 1000, 402]
    assert made[2].column("id")[0].as_py() == "Observation/o1000"


def test_of_nothing_there_is_a_table() -> None:
    assert tables.view(VIEW, [], careconnect=CC).table.schema == tables.schema(VIEW, careconnect=CC)


def test_a_decimal_that_does_not_fit_is_never_rounded() -> None:
    long = "0.12345678901234567890"
    with pytest.raises(CareconnectError, match="column 'value'"):
        tables.view(VIEW, [observation(1, long)], careconnect=CC)
    made = tables.view(VIEW, [observation(1, long)], careconnect=CC, decimals=pa.string())
    assert made.table.column("value")[0].as_py() == long


def test_entries_of_a_bundle() -> None:
    entries = [{"resource": json.loads(observation(number))} for number in range(3)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    assert tables.view(VIEW, [bundle], careconnect=CC).table.num_rows == 6


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ({}, "ViewDefinition.resource is missing"),
        ({"resource": "Patient"}, "ViewDefinition.select is missing"),
        ({"resource": "Patient", "select": [{"column": [{"name": "a", "path": "id +"}]}]}, r"select\[0\].column\[0\].path is not FHIRPath"),
        ({"resource": "Patient", "select": [{"column": [{"name": "a", "path": "%b"}]}]}, "nothing defines %b"),
        ({"resource": "Patient", "select": [{"column": [{"name": "a", "path": "id"}] * 2}]}, "Two columns have the name 'a'"),
        ({"resource": "Patient", "select": [{"column": [{"name": "a b", "path": "id"}]}]}, "is not a name for a column"),
        ("[]", "is not a JSON object"),
    ],
)
def test_what_is_wrong_with_a_definition(definition: careconnect.Input, words: str) -> None:
    with pytest.raises(CareconnectError, match=words):
        tables.schema(definition, careconnect=CC)

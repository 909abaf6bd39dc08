"""What reports and results are made of. Plain data, as the npm package has it: `careconnect.d.ts` describes each part."""

from __future__ import annotations

from typing import Any, Dict, List, Literal, TypedDict

Severity = Literal["fatal", "error", "warning", "information"]
Verdict = Literal["valid", "invalid", "not-fully-checked"]
RuleLevel = Literal["error", "warning", "information", "off"]
RenderAs = Literal["narrative", "fragment", "page", "text", "markdown", "model", "coverage"]


class Issue(TypedDict, total=False):
    """What is wrong, where, and how it is put right. Offsets count UTF-16 code units."""

    severity: Severity
    code: str
    rule: str
    message: str
    expression: str
    line: int
    column: int
    offset: int
    length: int
    scope: Literal["exchange"]
    profile: str
    definition: str
    fixes: List[Dict[str, Any]]
    hint: str


class Unchecked(TypedDict, total=False):
    """What could not be decided offline: neither right nor wrong."""

    kind: str
    subject: str
    expression: str
    reason: str
    system: str
    code: str


class Report(TypedDict):
    """What a validation found."""

    valid: bool
    verdict: Verdict
    reason: str
    issues: List[Issue]
    profiles: List[str]
    unchecked: List[Unchecked]


class DefinitionReport(TypedDict, total=False):
    """What is wrong with a definition of your own."""

    url: str
    valid: bool
    verdict: Verdict
    reason: str
    issues: List[Issue]


class FhirPathItem(TypedDict, total=False):
    """One item of a result."""

    type: str
    value: str
    expression: str
    pointer: str
    offset: int
    length: int


class FhirPathResult(TypedDict, total=False):
    """What a FHIRPath expression gives; `error` or `unknown` say why there is nothing."""

    results: List[FhirPathItem]
    error: Dict[str, Any]
    unknown: str


class ViewColumn(TypedDict, total=False):
    """A column of a view."""

    name: str
    type: str
    collection: bool


class ViewFault(TypedDict):
    """Why a resource has made no rows."""

    input: int
    message: str

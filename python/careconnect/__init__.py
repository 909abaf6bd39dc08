"""Validates and displays CareConnect (UK FHIR STU3) resources, offline, on this machine.

>>> import careconnect
>>> cc = careconnect.load()
>>> report = cc.validate('{ "resourceType": "Patient", "gender": "sometimes" }')
>>> report["verdict"], report["issues"][0]["rule"]
('invalid', 'code-required')

The same core as the npm package, the same rules, and the same bytes out. A handle may be used by any number of threads at
once, and lets the others run meanwhile.
"""

from __future__ import annotations

import json
import secrets
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union, cast

from ._core import VERSION, Core, pack_names
from ._errors import CareconnectError
from ._types import (
    DefinitionReport,
    FhirPathItem,
    FhirPathResult,
    Issue,
    RenderAs,
    Report,
    RuleLevel,
    Severity,
    Unchecked,
    Verdict,
    ViewColumn,
    ViewFault,
)

__version__ = VERSION
__all__ = [
    "Careconnect",
    "CareconnectError",
    "DefinitionReport",
    "FhirPathItem",
    "FhirPathResult",
    "Input",
    "Issue",
    "RenderAs",
    "Report",
    "RuleLevel",
    "Severity",
    "Unchecked",
    "Verdict",
    "ViewColumn",
    "ViewFault",
    "load",
    "packs",
]

Input = Union[str, bytes, bytearray, memoryview, Mapping[str, Any]]
"""A resource: JSON or XML as text or bytes, or the dictionary that ``json.loads`` has made of it."""

packs: Tuple[str, ...] = tuple(pack_names())
"""The names of the packs that come with the package. ``stu3``, the base of all others, is the first."""

_FIRST = ["stu3", "careconnect"]

_OF_R4 = ["r4", "ukcore", "nhsengland-r4"]

_ALL = [name for name in packs if name not in _OF_R4]


def load(
    *, packs: Union[None, str, Sequence[Union[str, bytes]]] = None, definitions: Sequence[Input] = ()
) -> Careconnect:
    """Loads definitions and gives a handle.

    ``packs``: names of packs, or packs as bytes (of a release of SNOMED CT, say); ``"all"`` is every pack of STU3.
    Left out, it is ``stu3`` and ``careconnect``, and whichever others a resource needs come by themselves.
    ``definitions``: StructureDefinitions, ValueSets, CodeSystems of your own; ``Careconnect.definitions`` says what is wrong
    with them.
    """
    return Careconnect(packs=packs, definitions=definitions)


class Careconnect:
    """Definitions, and what can be asked with them. Never changes; can be pickled, and is then loaded anew."""

    def __init__(
        self, *, packs: Union[None, str, Sequence[Union[str, bytes]]] = None, definitions: Sequence[Input] = ()
    ) -> None:
        names, more = _chosen(packs)
        if isinstance(definitions, (str, bytes, bytearray, Mapping)):
            raise CareconnectError("The option 'definitions' is a list of definitions.")
        own = [_bytes("definition", one) for one in definitions]
        self._made_of = (packs, own)
        self._core = Core(names, more, own, packs is None)

    def __reduce__(self) -> Tuple[Any, ...]:
        return (_again, self._made_of)

    def validate(
        self,
        resource: Input,
        *,
        profiles: Optional[Sequence[str]] = None,
        profiles_for: Optional[Mapping[str, Sequence[str]]] = None,
        fhir_version: Optional[str] = None,
        rules: Optional[Mapping[str, RuleLevel]] = None,
        today: Optional[str] = None,
        test_numbers: Optional[bool] = None,
        unknown_extensions: Optional[str] = None,
        workflow: Optional[str] = None,
        answers: Optional[Sequence[Mapping[str, Any]]] = None,
        fixes: Optional[bool] = None,
    ) -> Report:
        """Checks a resource. A bad one is data: whatever the bytes, there is a report.

        ``profiles``: further profiles to check against, by their URLs; ``profiles_for`` the same by the type of resource.
        ``fhir_version``: "3.0" or "4.0", the release of FHIR where the resource does not say it for certain.
        ``rules``: how bad single rules are. ``today``: the day to judge by, ``"2026-02-28"``; without it nothing is in the
        future. ``fixes``: give issues what puts them right.
        """
        given = _options(
            profiles=profiles,
            profilesFor=profiles_for,
            fhirVersion=fhir_version,
            rules=rules,
            today=today,
            testNumbers=test_numbers,
            unknownExtensions=unknown_extensions,
            workflow=workflow,
            answers=answers,
            fixes=fixes,
        )
        return cast(Report, json.loads(self._core.validate(_bytes("resource", resource), given)))

    def outcome(
        self,
        resource: Input,
        *,
        profiles: Optional[Sequence[str]] = None,
        profiles_for: Optional[Mapping[str, Sequence[str]]] = None,
        fhir_version: Optional[str] = None,
        rules: Optional[Mapping[str, RuleLevel]] = None,
        today: Optional[str] = None,
        test_numbers: Optional[bool] = None,
        unknown_extensions: Optional[str] = None,
        workflow: Optional[str] = None,
        answers: Optional[Sequence[Mapping[str, Any]]] = None,
    ) -> Dict[str, Any]:
        """The same as a FHIR OperationOutcome."""
        given = _options(
            profiles=profiles,
            profilesFor=profiles_for,
            fhirVersion=fhir_version,
            rules=rules,
            today=today,
            testNumbers=test_numbers,
            unknownExtensions=unknown_extensions,
            workflow=workflow,
            answers=answers,
        )
        return cast(Dict[str, Any], json.loads(self._core.outcome(_bytes("resource", resource), given)))

    def render(
        self,
        resource: Input,
        *,
        form: RenderAs = "narrative",
        audience: Optional[str] = None,
        mode: Optional[str] = None,
        view: Optional[str] = None,
        trends: Optional[bool] = None,
        against: Optional[Input] = None,
        as_of: Optional[str] = None,
        language: Optional[str] = None,
    ) -> Any:
        """Displays a resource: text of the ``form`` that is asked for, which the npm package calls ``as``; of the forms
        ``model`` and ``coverage``, plain data.

        Every recorded value is shown, of an invalid resource too. ``audience``: ``"clinical"`` or ``"patient"``. ``mode``:
        ``"summary"``, ``"brief"``, ``"standard"``, ``"full"``, or ``"diff"`` with the older version as ``against``.
        """
        older = None if against is None else _bytes("previous version", against).decode("utf-8", "replace")
        given = _options(
            **{"as": form},
            audience=audience,
            mode=mode,
            view=view,
            trends=trends,
            against=older,
            asOf=as_of,
            language=language,
        )
        text = self._core.render(_bytes("resource", resource), given)
        return json.loads(text) if form in ("model", "coverage") else text

    def fhirpath(self, resource: Input, expression: str, *, today: Optional[str] = None) -> FhirPathResult:
        """What a FHIRPath expression gives, with the resource as its focus."""
        if not isinstance(expression, str):
            raise CareconnectError(f"The expression is a string; this is {_what(expression)}.")
        text = self._core.fhirpath(_bytes("resource", resource), _text(expression), _options(today=today))
        return cast(FhirPathResult, json.loads(text))

    def redact(self, resource: Input, *, key: Union[None, str, bytes] = None) -> str:
        """A copy without personal data and with the same faults, to show to others. The same ``key`` gives the same copy;
        without one, each call gives another."""
        secret = key.encode() if isinstance(key, str) else key
        if secret is not None and (not isinstance(secret, bytes) or not secret):
            raise CareconnectError("The option 'key' is a string or bytes, and not empty.")
        return self._core.redact(_bytes("resource", resource), secret or secrets.token_bytes(32))

    def view_json(
        self, definition: Input, resources: Iterable[Input], *, form: str = "rows", today: Optional[str] = None
    ) -> str:
        """The rows that a ViewDefinition of SQL on FHIR makes of resources, as JSON text: ``columns``, ``count``, ``faults``,
        and ``rows`` or, of the forms ``csv`` and ``ndjson``, ``text``. :mod:`careconnect.tables` makes Arrow tables of it."""
        inputs = [_bytes("resource", resource) for resource in resources]
        return self._core.view(_bytes("ViewDefinition", definition), inputs, _options(**{"as": form}, today=today))

    @property
    def definitions(self) -> List[DefinitionReport]:
        """What is wrong with the definitions given to :func:`load`: one report for each, in the same order."""
        return cast(List[DefinitionReport], json.loads(self._core.definitions()))

    @property
    def version(self) -> str:
        """The version of the core."""
        return VERSION


def _again(packs: Any, definitions: Any) -> Careconnect:
    return Careconnect(packs=packs, definitions=definitions)


def _chosen(asked: Any) -> Tuple[List[str], List[bytes]]:
    """The packs asked for: names, each once, and packs as bytes."""
    if asked is None:
        return _FIRST, []
    if asked == "all":
        return list(_ALL), []
    if isinstance(asked, (str, bytes)) or not isinstance(asked, Sequence):
        raise CareconnectError("The option 'packs' is a list of names and bytes, or \"all\".")
    if not asked:
        raise CareconnectError("The option 'packs' is empty; nothing can be checked without definitions.")
    names: List[str] = []
    more: List[bytes] = []
    for pack in asked:
        if isinstance(pack, (bytes, bytearray)):
            more.append(bytes(pack))
            continue
        if pack != "all" and pack not in packs:
            raise CareconnectError(f"There is no pack {pack!r}. The packs are: {', '.join(packs)}; \"all\" is every one of STU3.")
        names.extend(name for name in (_ALL if pack == "all" else (pack,)) if name not in names)
    return names, more


def _options(**given: Any) -> Optional[str]:
    named = {name: value for name, value in given.items() if value is not None}
    if not named:
        return None
    try:
        return json.dumps(named, default=_plain, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as cause:
        raise CareconnectError(f"The options cannot be written as JSON: {cause}.") from cause


def _plain(value: Any) -> Any:
    """Mappings and sequences of other classes, as JSON has them."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset, tuple)) or (isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray))):
        return list(value)
    raise TypeError(f"{_what(value)} has no form in it")


def _what(value: Any) -> str:
    return "None" if value is None else f"an object of the class {type(value).__name__[:50]}"


def _text(text: str) -> str:
    """Text that UTF-8 has a form for: half of a surrogate pair becomes U+FFFD, as it does in JavaScript."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _bytes(kind: str, value: Any) -> bytes:
    """The bytes of an input, which is to be a ``kind``."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return _text(value).encode()
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if not isinstance(value, Mapping):
        raise CareconnectError(f"A {kind} is a string, bytes or a dictionary with its resourceType; this is {_what(value)}.")
    try:
        text = json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as cause:
        raise CareconnectError(f"The {kind} cannot be written as JSON: {cause}.") from cause
    return _text(text).encode()

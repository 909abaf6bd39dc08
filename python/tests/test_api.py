"""What Python programs rely on besides the answers themselves."""

from __future__ import annotations

import json
import pickle
import threading
import time
from collections import OrderedDict
from types import MappingProxyType
from typing import Any, Callable

import pytest

import careconnect
from careconnect import CareconnectError

CC = careconnect.load()
PATIENT = {"resourceType": "Patient", "gender": "sometimes"}


def test_every_kind_of_input_is_the_same() -> None:
    text = json.dumps(PATIENT)
    wanted = CC.validate(text)
    for same in (text.encode(), bytearray(text.encode()), memoryview(text.encode())):
        assert CC.validate(same) == wanted
    for mapping in (PATIENT, OrderedDict(PATIENT), MappingProxyType(PATIENT)):
        assert [issue["rule"] for issue in CC.validate(mapping)["issues"]] == ["code-required"]


def test_a_bad_resource_is_a_report() -> None:
    for bad in ("", "{", "<a", b"\xff\xfe\x00", "\ud800", "[]", "null", "{" * 100_000):
        report = CC.validate(bad)
        assert report["verdict"] == "invalid" and report["issues"][0]["severity"] in ("fatal", "error")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: CC.validate(None), "A resource is a string, bytes"),  # type: ignore[arg-type]
        (lambda: CC.validate({"resourceType": "Patient", "x": float("nan")}), "cannot be written as JSON"),
        (lambda: CC.validate("{}", profiles="x"), "'profiles' is an array of strings"),
        (lambda: CC.validate("{}", today="yesterday"), "'today' is a day as text"),
        (lambda: CC.validate("{}", rules={"no-such-rule": "off"}), "no-such-rule"),
        (lambda: CC.validate("{}", rules={"nhs-postcode": "loud"}), "loud"),  # type: ignore[dict-item]
        (lambda: CC.render("{}", form="picture"), "'as' is one of narrative"),  # type: ignore[arg-type]
        (lambda: CC.render("{}", mode="diff"), "needs the option 'against'"),
        (lambda: CC.redact("{}", key=""), "not empty"),
        (lambda: CC.fhirpath("{}", 1), "The expression is a string"),  # type: ignore[arg-type]
        (lambda: careconnect.load(packs=["stu9"]), "There is no pack 'stu9'"),
        (lambda: careconnect.load(packs=[]), "is empty"),
    ],
)
def test_mistakes_are_exceptions_with_a_code(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(CareconnectError, match="(?s).*" + words.replace("'", "'")) as caught:
        call()
    assert caught.value.code == "invalid-argument"
    assert words in str(caught.value)


def test_a_damaged_pack_is_an_exception() -> None:
    with pytest.raises(CareconnectError) as caught:
        careconnect.load(packs=["stu3", b"no pack"])
    assert caught.value.code == "invalid-pack"


def test_packs_come_by_themselves() -> None:
    profile = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"
    resource = {"resourceType": "Patient", "meta": {"profile": [profile]}}
    checked = CC.validate(resource)["profiles"]
    assert any(url.startswith(f"{profile}|") for url in checked)
    checked = careconnect.load(packs=["stu3"]).validate(resource)["profiles"]
    assert not any(url.startswith(f"{profile}|") for url in checked)


def test_a_handle_can_be_pickled() -> None:
    definition = {"resourceType": "ValueSet", "url": "https://example.org/v", "status": "draft"}
    handle = careconnect.load(packs="all", definitions=[definition])
    again = pickle.loads(pickle.dumps(handle))
    assert again.definitions == handle.definitions
    assert again.validate(PATIENT) == handle.validate(PATIENT)
    error = pickle.loads(pickle.dumps(CareconnectError("words", "invalid-pack")))
    assert (str(error), error.code) == ("words", "invalid-pack")


def test_redacting_with_one_key_gives_one_copy() -> None:
    resource = {"resourceType": "Patient", "name": [{"family": "Featherstone"}]}
    assert CC.redact(resource, key="k") == CC.redact(resource, key=b"k")
    assert CC.redact(resource) != CC.redact(resource)
    assert "Featherstone" not in CC.redact(resource)


def test_other_threads_run_meanwhile() -> None:
    entry = {"resource": {"resourceType": "Patient", "name": [{"family": "x", "given": ["y"]}]}}
    text = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [entry] * 20_000})
    done = threading.Event()

    def work() -> None:
        CC.validate(text)
        done.set()

    thread = threading.Thread(target=work)
    started = time.perf_counter()
    thread.start()
    ticks = 0
    while not done.is_set():
        time.sleep(0.005)
        ticks += 1
    thread.join()
    # Were the lock held, this loop would have come round once or twice in all that time.
    assert ticks > 5, (ticks, time.perf_counter() - started)

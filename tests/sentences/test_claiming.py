"""What is said of a judged claim, in situations that the published ledgers do not all have."""

from __future__ import annotations

import dataclasses
import math
import re

import pytest

from hegemon.studies.claims import sentences
from hegemon.studies.claims.result import Claims, published
from hegemon.studies.claims.verdicts import Assessment, Change, Judged


@pytest.fixture(scope="module")
def ledger() -> Claims:
    found = published("limited-sovereignty")
    assert found is not None
    return found


def over(judged: Judged, p: float) -> Assessment:
    """The same assessment with another probability."""
    return dataclasses.replace(judged.assessment, probability=p)


SITUATIONS = {
    "the twin holds it": ({"neutral": 0.99}, ("Supported: the probability",), ("assumed",)),
    "the twin does not": (
        {"neutral": 0.5}, ("Assumed: the probability", "signs that were assumed", "gives it 0.50"), ("Supported:",)),
    "nobody asked the twin": (
        {"neutral": None}, ("Supported:", "supported, not held against a twin"), ("told which way", "where signs are open")),
    "the record argues against it": ({"prior": 0.9999}, ("Bayes factor 0.", "100% of the priors"), ("argues for",)),
    "the record argues for it": ({"prior": 0.3}, ("30% of the priors", "argues for it"), ("against it",)),
    "nothing was narrowed": (
        {"change": Change(narrowed={"a.b": 0.1, "a.c": 0.0})}, ("Of the 2 parameters", "narrowed none by a quarter"), ("10%",)),
    "one was narrowed": ({"change": Change(narrowed={"a.b": 0.4})}, ("Of the one parameter", "narrowed 1", "a.b by 40%"), ()),
    "four were narrowed": (
        {"change": Change(narrowed=dict.fromkeys(("a.a", "a.b", "a.c", "a.d"), 0.3))}, ("narrowed 4", "and others"), ("a.d",)),
    "a parameter decides it": (
        {"change": Change("a.b", 0.2, 0.9), "neutral": 0.5}, ("hangs most on a.b", "0.20 in the third", "0.90 where"),
        ("No single",)),
    "none decides it": ({"change": Change(), "neutral": 0.5}, ("No single parameter decides it",), ("hangs most",)),
    "open, and so many crises decide": (
        {"p": 0.8, "prior": 0.6, "change": Change(crises=226.0)}, ("some 226 further crises",), ("nan", "226.0")),
    "open, and nobody lives so long": (
        {"p": 0.8, "prior": 0.6, "change": Change(crises=12345.0)}, ("more than 1,000 further crises",), ("12345", "12,345")),
    "open, and the record is mute": (
        {"p": 0.8, "prior": 0.6, "change": Change(crises=math.nan)}, ("say too little about its weakest effect",), ("nan",)),
    "decided already": (
        {"neutral": 0.99, "change": Change(crises=math.nan)}, (), ("further crises like those", "for any number")),
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_must_be_said_is_and_what_must_not_is_not(situation: str, ledger: Claims) -> None:
    given, must, never = SITUATIONS[situation]
    own = ledger["C8"]
    assessment = over(own, given.get("p", 0.99))
    parts = {"assessment": assessment}
    for name in ("neutral", "prior"):
        if name in given:
            parts[name] = None if given[name] is None else over(own, given[name])
    judged = dataclasses.replace(own, **parts, **({"change": given["change"]} if "change" in given else {}))
    told = [line for each in sentences.told(judged, ledger).values() for line in each]
    lines = [sentences.worded(judged), sentences.verdict(judged, ledger), *told]
    text = " ".join(lines)
    assert [part for part in must if part not in text] == [], text
    assert [part for part in never if part in text] == [], text
    assert "{" not in text and "  " not in text and not re.search(r"\bnan\b", text)


def test_every_claim_of_both_ledgers_says_its_own_numbers(ledger: Claims) -> None:
    """Probability, twins and factor in the sentences are those of the judgement, rounded."""
    other = published("regularities")
    assert other is not None
    for of in (ledger, other):
        for judged in of.judged:
            told = [line for each in sentences.told(judged, of).values() for line in each]
            said = " ".join([sentences.verdict(judged, of), *told])
            assert judged.neutral is not None and judged.inclined is not None
            for value in (judged.assessment.probability, judged.neutral.probability, judged.inclined.probability):
                assert sentences.share(value) in said
            assert f"Bayes factor {sentences.factor(judged.bayes_factor)}" in said
            assert ("negligible" in said) == bool(judged.negligible)


def test_none_is_supported_where_its_twin_is_not(ledger: Claims) -> None:
    for judged in ledger.judged:
        assert judged.neutral is not None
        assert judged.verdict != "supported" or judged.neutral.verdict == "supported"
        assert judged.verdict != "assumed" or judged.assessment.verdict == "supported"

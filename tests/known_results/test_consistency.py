"""Whether histories agree with the reference: few false alarms, no blind eye, and words that say what is off."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

import hegemon
from hegemon.cli.main import main
from hegemon.consistency.judging import DRIFT, TURNED, Reference, distance, judge, reference
from hegemon.consistency.reading import ORDER, Reading, dice, lines
from hegemon.consistency.telling import AGAIN, told
from hegemon.studies.provenance import code

ROOT = Path(__file__).resolve().parents[2]
R, D = 400, 12
CORRELATION = 0.9 * np.ones((D, D)) + 0.1 * np.eye(D)


def made_up() -> Reference:
    """Twelve measures with mean 5 and spread 2 that go together; 6 is their mean in the 400 histories of its seed."""
    moments = np.stack([np.full(D, 6.0), np.full(D, 5.0), np.full(D, 2.0)])
    about = {"bits": "all", "dice": "fair", "large": 1_000_000}
    return Reference(moments, CORRELATION, np.arange(R, dtype=np.uint32), float(chi2.ppf(0.995, D)), about)


def ensemble(rng: np.random.Generator, by: float = 0.0, of: slice = slice(None), dice: str = "other") -> Reading:
    """One of the same kind, with some measures' means moved, in spreads."""
    values = 5.0 + 2.0 * rng.standard_normal((R, D)) @ np.linalg.cholesky(CORRELATION).T
    values[:, of] += 2.0 * by
    return Reading(values, np.arange(R, dtype=np.uint32) + R, "none", dice)


def twin(turned: int = 0, by: float = 0.0, bits: str = "none") -> Reading:
    """The reference's own histories, of which some took another course, with the second measure moved, and the first by half."""
    marks = np.arange(R, dtype=np.uint32)
    marks[:turned] += R
    return Reading(np.full((R, D), 6.0) + by * (np.eye(D)[0] + 2.0 * np.eye(D)[1]), marks, bits, "fair")


def test_the_reference_is_that_of_this_model() -> None:
    """Measures, code, order and dice are those of the shipped reference: whoever changes the model makes it anew."""
    about, order = reference().about, hegemon.load(ORDER)
    now = {"lines": list(lines(order)), "code": code(), "order": order.hash, "dice": dice()}
    stale = [what for what, value in now.items() if about[what] != value]
    assert not stale, f"the reference has another {' and '.join(stale)}. Run: {AGAIN}"


def test_other_dice_alone_raise_an_alarm_in_one_of_200_ensembles() -> None:
    rng, of = np.random.default_rng(1), made_up()
    alarms = np.mean([not judge(ensemble(rng), of).consistent for _ in range(1_000)])
    assert 0.001 < alarms < 0.01


def test_measures_that_go_together_betray_a_change_too_small_for_any_one_of_them() -> None:
    """A tenth of a spread is two standard errors: no measure stands out, and all but no ensemble passes."""
    rng, of = np.random.default_rng(2), made_up()
    found = [judge(ensemble(rng, 0.1, slice(0, D, 2)), of) for _ in range(200)]
    assert np.mean([verdict.consistent for verdict in found]) < 0.01
    assert np.mean([bool(verdict.off) for verdict in found]) < 0.2


def test_distance_is_that_of_mahalanobis() -> None:
    apart = np.random.default_rng(3).standard_normal((4, D))
    by_hand = [row @ np.linalg.inv(CORRELATION) @ row for row in apart]
    np.testing.assert_allclose(distance(apart, CORRELATION), by_hand)


@pytest.mark.parametrize(
    ("here", "consistent"),
    [
        (twin(), True),
        (twin(TURNED), True),
        (twin(TURNED + 1), False),
        (twin(by=0.9 * DRIFT), True),
        (twin(by=1.1 * DRIFT), False),
        (twin(R, by=1.0, bits="all"), True),
    ],
    ids=["nothing", "as many as rounding turns", "one more", "a hair", "more than a hair", "every bit is the same"],
)
def test_with_the_same_dice_history_is_held_against_history(here: Reading, consistent: bool) -> None:
    assert judge(here, made_up()).consistent is consistent


def test_the_reference_survives_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "tools")
    try:
        from consistent import content
    finally:
        sys.modules.pop("consistent", None)
    of, again = reference(), reference(content(reference()))
    assert again.about == of.about
    np.testing.assert_array_equal(again.correlation, of.correlation)
    np.testing.assert_array_equal(again.moments, of.moments)
    assert (again.correlation == again.correlation.T).all()
    assert len(content(of)) < 20_000


def test_a_verdict_names_what_is_off_and_what_may_have_changed() -> None:
    found = judge(twin(50, by=0.5), made_up())
    assert [row[0] for row in found.off] == [1, 0], "the farthest first"
    off = [{"what": "fear of the patron", "here": here, "reference": there, "spreads": far} for _, here, there, far in found.off]
    machine, model = ("\n".join(told(found, off, changed, "cpu")) for changed in ([], ["code"]))
    assert machine.startswith("NOT CONSISTENT: 50 of 400 histories")
    assert "fear of the patron: 7 here, 6 there, +0.5 spreads" in machine
    assert "this machine" in machine
    assert "the model's code" in model
    assert AGAIN in model
    assert "this machine" not in model


def test_a_result_and_this_machine_are_two_questions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "r", "--consistent"]) == 2
    assert "Give one of the two" in capsys.readouterr().err


@pytest.mark.slow
def test_this_machine_is_consistent_and_a_weaker_norm_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command itself; then with one parameter moved by its prior spread, with the reference's dice and with others."""
    assert main(["doctor", "--consistent"]) == 0
    assert capsys.readouterr().out.startswith(("The same to the bit", "Consistent"))
    order = hegemon.load(ORDER)
    monkeypatch.setattr(hegemon, "load", lambda name: order.with_parameters({"separatism.rate": 0.27}))
    assert main(["doctor", "--consistent"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("NOT CONSISTENT")
    assert "crises of kind secession" in said
    assert "the model's order" in said
    of = reference()
    other = dataclasses.replace(of, about={**of.about, "dice": "other"})
    monkeypatch.setattr("hegemon.consistency.telling.reference", lambda: other)
    assert main(["doctor", "--consistent"]) == 1
    assert "no history has its like" in capsys.readouterr().out

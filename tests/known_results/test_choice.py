"""Choice with error: inclination alone, a best reply, and the logit between them (McKelvey and Palfrey 1995, GEB 10:6)."""

from __future__ import annotations

import dataclasses

import jax
import numpy as np
import pytest

from hegemon.instruments import CODE, INCLINATIONS, INSTRUMENTS, KINDS, Effects
from worlds import STATES, Draw, Quarter, Situation, given

UPRISING, SECESSION, INTERSTATE = (KINDS.index(kind) + 1 for kind in ("uprising", "secession", "interstate"))
NONE = tuple(dataclasses.replace(i.effects, **dict.fromkeys(INCLINATIONS, np.float32(0.0))) for i in INSTRUMENTS)
"""The instruments' rows with consequences only."""


def with_precision(situation: Situation, precision: float) -> Situation:
    blocks = situation.params.blocks
    response = dataclasses.replace(blocks["response"], precision=np.float32(precision))
    params = dataclasses.replace(situation.params, blocks={**blocks, "response": response})
    return dataclasses.replace(situation, params=params)


def with_rows(situation: Situation, rows: tuple[Effects, ...]) -> Situation:
    rows = jax.tree.map(np.float32, rows)
    return dataclasses.replace(situation, params=dataclasses.replace(situation.params, effects=rows))


def inexperienced(situation: Situation) -> Situation:
    quiet = dataclasses.replace(situation.world, attraction=np.zeros_like(situation.world.attraction))
    return situation.after(quiet)


def in_crisis(situation: Situation, kind: int, severity: int = 2, line: int = 1, requested: int = 1) -> Quarter:
    """Every neighbour in a crisis of a kind, severity and line; the pact has agreed, and all have asked unless said."""
    everybody = np.ones(STATES)
    return situation.next(
        script=given(kind=kind * everybody, severity=severity * everybody, line=line * everybody,
                     requested=requested * everybody, consented=everybody)
    )  # fmt: skip


def shares(found: Quarter) -> np.ndarray:
    """Probability of each instrument, [K, N]."""
    weights = np.stack([np.asarray(weight, float) for weight in found.seen["response"]])
    return weights / weights.sum(0)


def utilities(found: Quarter) -> np.ndarray:
    return np.stack([np.asarray(u, float) for u in found.prospects.utilities])


def disposed(row: Effects, kind: int, severity: int, line: int, requested: int) -> float:
    """By hand, in steps from a middling crisis under a balanced line: the log-odds that consequences leave unexplained."""
    steps = row.habit + row.gravity * (severity - 2) + row.alignment * (1 - line) + row.requested * requested
    return float(steps + getattr(row, KINDS[kind - 1]))


@pytest.fixture(params=range(4))
def situation(request: pytest.FixtureRequest) -> Situation:
    """Four different worlds with the model's parameters."""
    return Draw(request.param, 0.0, "default").situation()


@pytest.mark.parametrize("kind", range(1, len(KINDS) + 1))
def test_without_precision_or_inclination_the_patron_tosses_a_coin(situation: Situation, kind: int) -> None:
    """lambda = 0 and every inclination 0: all nine instruments are equally likely, in every kind of crisis."""
    mix = shares(in_crisis(with_rows(with_precision(situation, 0.0), NONE), kind, severity=3, line=2))
    np.testing.assert_allclose(mix, 1.0 / len(INSTRUMENTS), rtol=1e-5)


@pytest.mark.parametrize(("severity", "line", "requested"), [(1, 0, 0), (2, 1, 0), (3, 0, 1), (3, 2, 1), (1, 2, 0)])
@pytest.mark.parametrize("kind", range(1, len(KINDS) + 1))
def test_without_precision_the_patron_is_led_by_inclination_alone(
    situation: Situation, kind: int, severity: int, line: int, requested: int
) -> None:
    """lambda = 0: shares are the softmax of habit + kind + gravity x step + alignment x step + requested, the same for all
    neighbours whatever is at stake there, and whatever experience says."""
    mix = shares(in_crisis(with_precision(situation, 0.0), kind, severity, line, requested))
    logs = np.array([disposed(i.effects, kind, severity, line, requested) for i in INSTRUMENTS])
    expected = np.exp(logs) / np.exp(logs).sum()
    np.testing.assert_allclose(mix, expected[:, None] * np.ones(STATES), rtol=1e-4)


def test_abstaining_is_the_reference() -> None:
    """It has neither consequences nor inclinations, so that every other number is a difference from it."""
    assert not any(jax.tree.leaves(INSTRUMENTS[CODE["abstain"]].effects))


@pytest.mark.parametrize("kind", [UPRISING, SECESSION, INTERSTATE])
def test_with_great_precision_the_patron_does_the_best(situation: Situation, kind: int) -> None:
    """lambda at the top of its range, no inclinations: the instrument of the highest expected utility, and nothing else."""
    found = in_crisis(with_rows(with_precision(inexperienced(situation), 8.0), NONE), kind)
    worth = utilities(found)
    ranked = np.sort(worth, 0)
    gap = ranked[-1] - ranked[-2]
    inside = (gap > 0.05) & (8.0 * ranked[-1] < 80.0)  # beyond it exponents are cut, and the best may tie
    mix = shares(found)
    assert (mix.argmax(0)[inside] == worth.argmax(0)[inside]).all(), mix
    sure = inside & (gap > 1.0)
    assert (mix[worth.argmax(0), np.arange(STATES)][sure] > 0.99).all(), mix


@pytest.mark.parametrize("kind", range(1, len(KINDS) + 1))
def test_between_them_odds_are_exponential_in_utility_and_inclination(situation: Situation, kind: int) -> None:
    """log odds of any instrument against abstaining = precision x difference of utilities + inclination (no experience)."""
    found = in_crisis(with_precision(inexperienced(situation), 0.7), kind, severity=3, line=0)
    worth, mix = utilities(found), shares(found)
    for code, instrument in enumerate(INSTRUMENTS):
        odds = np.log(mix[code] / mix[0])
        expected = 0.7 * (worth[code] - worth[0]) + disposed(instrument.effects, kind, 3, 0, 1)
        np.testing.assert_allclose(odds, expected, atol=2e-4, err_msg=instrument.name)


@pytest.mark.parametrize("name", INCLINATIONS)
def test_utilities_do_not_contain_inclination(situation: Situation, name: str) -> None:
    """What an instrument is worth is what it does: a stronger inclination changes the choice and not the expectation."""
    kind = KINDS.index(name) + 1 if name in KINDS else UPRISING
    inclined = tuple(
        dataclasses.replace(i.effects, **{name: getattr(i.effects, name) + (2.0 if i.name == "mediate" else 0.0)})
        for i in INSTRUMENTS
    )
    before, after = (in_crisis(s, kind, severity=3, line=0) for s in (situation, with_rows(situation, inclined)))
    np.testing.assert_array_equal(utilities(before), utilities(after))
    assert (shares(after)[CODE["mediate"]] > shares(before)[CODE["mediate"]]).all()


def test_a_misfit_is_possible_but_rare(situation: Situation) -> None:
    """Peacekeepers in a dispute, force for an election: nothing forbids it, and e^-2 of the odds it would have where the
    instrument belongs, consequences being equal."""
    misfits = 0
    for kind, word in enumerate(KINDS, start=1):
        mix = shares(in_crisis(with_precision(situation, 0.0), kind))
        for code, instrument in enumerate(INSTRUMENTS):
            assert (mix[code] > 0.0).all(), f"{instrument.name} in {word}"
            if word not in instrument.kinds:
                home = shares(in_crisis(with_precision(situation, 0.0), KINDS.index(instrument.kinds[0]) + 1))
                drop = np.log(mix[code] / mix[0]) - np.log(home[code] / home[0])
                np.testing.assert_allclose(drop, -2.0, atol=1e-4)
                misfits += 1
    assert misfits == sum(len(KINDS) - len(i.kinds) for i in INSTRUMENTS) > 10


def test_without_the_patron_s_instruments_its_preferences_do_not_matter() -> None:
    """The response switched off: abstention is the only thing that has a probability."""
    situation = Draw(0, 0.0, "default").situation()
    params = dataclasses.replace(situation.params, on={**situation.params.on, "response": np.float32(0.0)})
    mix = shares(in_crisis(dataclasses.replace(situation, params=params), UPRISING))
    np.testing.assert_array_equal(mix, np.eye(len(INSTRUMENTS))[:, :1] * np.ones(STATES))


def test_the_best_reply_is_found_by_the_compiled_program_too() -> None:
    """One program serves every precision: nothing about it is baked in."""
    from worlds import _compiled

    before = _compiled._cache_size()
    for precision in (0.0, 1.0, 50.0):
        in_crisis(with_precision(Draw(9, 0.0, "default").situation(), precision), UPRISING)
    assert _compiled._cache_size() <= max(before, 1)
    assert jax.tree.leaves(Draw(9, 0.0, "default").situation().params)

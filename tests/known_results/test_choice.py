"""Choice with error: a coin, a best reply, and the logit between them (McKelvey and Palfrey 1995, GEB 10:6)."""

from __future__ import annotations

import dataclasses

import jax
import numpy as np
import pytest

from hegemon.instruments import CODE, INSTRUMENTS, KINDS
from worlds import STATES, Draw, Quarter, Situation, given

UPRISING, SECESSION, INTERSTATE = (KINDS.index(kind) + 1 for kind in ("uprising", "secession", "interstate"))


def with_precision(situation: Situation, precision: float) -> Situation:
    blocks = situation.params.blocks
    response = dataclasses.replace(blocks["response"], precision=np.float32(precision))
    params = dataclasses.replace(situation.params, blocks={**blocks, "response": response})
    return dataclasses.replace(situation, params=params)


def in_crisis(situation: Situation, kind: int) -> Quarter:
    """Every neighbour in a crisis of a kind; all have asked, and the pact has agreed."""
    everybody = np.ones(STATES)
    return situation.next(script=given(kind=kind * everybody, requested=everybody, consented=everybody))


def shares(found: Quarter) -> np.ndarray:
    """Probability of each instrument, [K, N]."""
    weights = np.stack([np.asarray(weight, float) for weight in found.seen["response"]])
    return weights / weights.sum(0)


@pytest.fixture(params=range(4))
def situation(request: pytest.FixtureRequest) -> Situation:
    """Four different worlds with the model's parameters."""
    return Draw(request.param, 0.0, "default").situation()


@pytest.mark.parametrize("kind", [UPRISING, SECESSION, INTERSTATE])
def test_without_precision_the_patron_tosses_a_coin(situation: Situation, kind: int) -> None:
    """lambda = 0: every feasible instrument is equally likely, the others impossible."""
    mix = shares(in_crisis(with_precision(situation, 0.0), kind))
    feasible = np.array([KINDS[kind - 1] in instrument.kinds for instrument in INSTRUMENTS])
    assert feasible.sum() > 3
    np.testing.assert_allclose(mix[feasible], 1.0 / feasible.sum(), rtol=1e-5)
    assert (mix[~feasible] == 0.0).all()


@pytest.mark.parametrize("kind", [UPRISING, SECESSION, INTERSTATE])
def test_with_great_precision_the_patron_does_the_best(situation: Situation, kind: int) -> None:
    """lambda at the top of its range: the feasible instrument of the highest expected utility, and nothing else."""
    quiet = dataclasses.replace(situation.world, attraction=np.zeros_like(situation.world.attraction))
    found = in_crisis(with_precision(situation.after(quiet), 8.0), kind)
    utilities = np.stack([np.asarray(u) for u in found.prospects.utilities])
    feasible = np.array([KINDS[kind - 1] in instrument.kinds for instrument in INSTRUMENTS])
    best = np.where(feasible[:, None], utilities, -np.inf)
    ranked = np.sort(best, 0)
    gap = ranked[-1] - ranked[-2]
    inside = (gap > 0.05) & (8.0 * ranked[-1] < 80.0)  # beyond it exponents are cut, and the best may tie
    mix = shares(found)
    assert (mix.argmax(0)[inside] == best.argmax(0)[inside]).all(), mix
    sure = inside & (gap > 1.0)
    assert (mix[best.argmax(0), np.arange(STATES)][sure] > 0.99).all(), mix


def test_between_them_odds_are_exponential_in_utility(situation: Situation) -> None:
    """log odds of two feasible instruments = precision x difference of utilities (no experience yet)."""
    quiet = dataclasses.replace(situation.world, attraction=np.zeros_like(situation.world.attraction))
    found = in_crisis(with_precision(situation.after(quiet), 0.7), UPRISING)
    utilities = np.stack([np.asarray(u) for u in found.prospects.utilities])
    mix = shares(found)
    one, other = CODE["abstain"], CODE["security_support"]
    odds = np.log(mix[one] / mix[other])
    np.testing.assert_allclose(odds, 0.7 * (utilities[one] - utilities[other]), atol=1e-4)


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

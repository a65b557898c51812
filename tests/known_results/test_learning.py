"""Experience-weighted attraction (Camerer and Ho 1999, Econometrica 67:827) and its two ends, by hand."""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
import numpy as np
import pytest

from hegemon.instruments import KINDS, NAMES
from hegemon.mechanisms.learning import learn
from worlds import STATES, Draw, given

PAYOFFS = ((2.0, 5.0), (1.0, 3.0), (4.0, 1.0))
"""Three rounds of two instruments: what each would have paid."""
CHOSEN = ((1.0, 0.0), (0.0, 1.0), (1.0, 0.0))
"""First, second, first."""


def rounds(delta: float, phi: float, rho: float, experience: float = 0.0) -> list[list[float]]:
    """Attractions after each round, from nothing."""
    attraction, weight = jnp.zeros(2), jnp.full(2, experience)
    found = []
    for payoff, chosen in zip(PAYOFFS, CHOSEN, strict=True):
        attraction, weight = learn(
            attraction, weight, jnp.array(payoff), jnp.array(chosen), delta=delta, phi=phi, rho=rho
        )
        found.append(attraction.tolist())
    return found


def test_forgone_payoffs_without_weight_are_cumulative_reinforcement() -> None:
    """delta 0, rho 0, phi 1: an attraction is the sum of what the instrument brought when it was used.

    Round 1 uses the first (2), round 2 the second (3), round 3 the first (4):  (2, 0), (2, 3), (6, 3).
    Experience starts at 1, as the model's does: with rho = 0 it stays there.
    """
    assert rounds(delta=0.0, phi=1.0, rho=0.0, experience=1.0) == [[2.0, 0.0], [2.0, 3.0], [6.0, 3.0]]


def test_forgone_payoffs_at_full_weight_are_weighted_fictitious_play() -> None:
    """delta 1, phi = rho = 1/2: an attraction is the mean of all payoffs, used or not, half as heavy per round of age.

    Weights after three rounds: 1/4, 1/2, 1, in sum 7/4.
    First:  (2)                 (2/2 + 1) / 1.5 = 4/3         (2/4 + 1/2 + 4) / 1.75 = 5 / 1.75    = 20/7
    Second: (5)                 (5/2 + 3) / 1.5 = 11/3        (5/4 + 3/2 + 1) / 1.75 = 3.75 / 1.75 = 15/7
    """
    expected = [[2.0, 5.0], [4 / 3, 11 / 3], [20 / 7, 15 / 7]]
    np.testing.assert_allclose(rounds(delta=1.0, phi=0.5, rho=0.5), expected, rtol=1e-6)


def test_between_them_forgone_payoffs_count_in_part() -> None:
    """delta 1/4, phi .9, rho .8, one round on from attractions (1, 2) and experience 2, payoffs (4, 8), first used.

    New experience: .8 x 2 + 1 = 2.6. First: (.9 x 2 x 1 + 4) / 2.6 = 5.8 / 2.6. Second: (.9 x 2 x 2 + 2) / 2.6.
    """
    attraction, experience = learn(
        jnp.array([1.0, 2.0]), jnp.array([2.0, 2.0]), jnp.array([4.0, 8.0]), jnp.array([1.0, 0.0]),
        delta=0.25, phi=0.9, rho=0.8,
    )  # fmt: skip
    np.testing.assert_allclose(experience, 2.6, rtol=1e-6)
    np.testing.assert_allclose(attraction, [5.8 / 2.6, 5.6 / 2.6], rtol=1e-6)


def test_one_crisis_teaches_about_its_kind_and_no_other() -> None:
    """A dispute answered by mediation: the row of disputes moves by the formula, the other rows stay as they were."""
    situation = Draw(4, 0.0, "default").situation()
    world = dataclasses.replace(
        situation.world,
        attraction=np.zeros_like(situation.world.attraction),
        experience=np.ones_like(situation.world.experience),
    )
    dispute, mediate = KINDS.index("dispute"), NAMES.index("mediate")
    kind = np.zeros(STATES)
    kind[1] = dispute + 1
    found = situation.after(world).next(script=given(kind=kind, response=np.full(STATES, mediate)))
    p = situation.params.blocks["learning"]
    worth = np.stack([np.asarray(u) for u in found.prospects.utilities])[:, 1]
    used = np.arange(len(NAMES)) == mediate
    expected = np.where(used, 1.0, p.forgone) * worth / (p.experience + 1.0)
    rows = np.asarray(found.after.attraction)[:, :, 0]
    np.testing.assert_allclose(rows[dispute], np.clip(expected, -5.0, 5.0), rtol=1e-4, atol=1e-5)
    assert (np.delete(rows, dispute, 0) == 0.0).all()
    weights = np.asarray(found.after.experience)[:, 0]
    assert weights[dispute] == pytest.approx(p.experience + 1.0)
    assert (np.delete(weights, dispute) == 1.0).all()


def test_learning_does_not_learn_its_own_habit() -> None:
    """A patron in the habit of mediating mediates more; what mediation brought, and so what is learned, is the same."""
    situation = Draw(4, 0.0, "default").situation()
    rows = list(situation.params.effects)
    mediate = NAMES.index("mediate")
    rows[mediate] = dataclasses.replace(rows[mediate], habit=np.float32(3.0), dispute=np.float32(2.0))
    params = dataclasses.replace(situation.params, effects=tuple(rows))
    script = given(kind=np.full(STATES, KINDS.index("dispute") + 1), severity=np.full(STATES, 2), line=np.ones(STATES),
                   requested=np.zeros(STATES), response=np.full(STATES, mediate), survived=np.ones(STATES))  # fmt: skip
    plain, fond = (s.next(script=script) for s in (situation, dataclasses.replace(situation, params=params)))
    assert (np.asarray(fond.seen["response"])[mediate] > np.asarray(plain.seen["response"])[mediate]).all()
    np.testing.assert_array_equal(fond.after.attraction, plain.after.attraction)
    assert (np.asarray(plain.after.attraction) != np.asarray(situation.world.attraction)).any()


def test_experience_is_weighed_like_consequences() -> None:
    """Attraction a to an instrument adds precision x weight x a to its log-odds, in the kind of crisis it was won in."""
    situation = Draw(4, 0.0, "default").situation()
    dispute, mediate = KINDS.index("dispute"), NAMES.index("mediate")
    nothing = np.zeros_like(situation.world.attraction)
    fond = nothing.copy()
    fond[dispute, mediate] = 1.5
    p = situation.params.blocks
    for kind, gained in ((dispute, float(p["response"].precision * p["learning"].weight) * 1.5), (dispute - 1, 0.0)):
        odds = []
        for attraction in (nothing, fond):
            world = dataclasses.replace(situation.world, attraction=attraction)
            seen = situation.after(world).next(script=given(kind=np.full(STATES, kind + 1))).seen["response"]
            weights = np.asarray(seen, float)
            odds.append(np.log(weights[mediate] / weights[0]))
        np.testing.assert_allclose(odds[1] - odds[0], gained, atol=1e-4)

"""Threshold cascades: what Granovetter (1978, AJS 83:1420) found, people by people and as a share of the public."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import norm

from hegemon.mechanisms.unrest import critical_mean, crowd

CRITICAL = 0.122220869
"""The spread at which 100 people of mean threshold 25 tip, as a share of the public (the paper's "about 12.2")."""


def dominoes(thresholds: list[int]) -> int:
    """Granovetter's crowd, one by one: whoever sees at least as many in the street as their threshold joins them."""
    street = 0
    while (now := sum(threshold <= street for threshold in thresholds)) != street:
        street = now
    return street


def share(mean: float, spread: float) -> float:
    return float(crowd(jnp.array([mean]), spread)[0])


def patiently(mean: np.ndarray, spread: np.ndarray, steps: int = 100_000) -> np.ndarray:
    """The plain iteration u <- Phi((u - mean) / spread) in double precision, from nobody, for a very long time."""
    u = np.zeros(np.broadcast_shapes(mean.shape, spread.shape))
    for _ in range(steps):
        following = ndtr((u - mean) / spread)
        if np.abs(following - u).max() < 1e-13:
            break
        u = following
    return u


def test_a_hundred_dominoes_fall_and_one_changed_person_stops_them() -> None:
    """Thresholds 0, 1, .., 99: everybody riots. Let the person with threshold 1 have 2 instead: one rioter (p. 1424)."""
    people = list(range(100))
    assert dominoes(people) == 100
    people[1] = 2
    assert dominoes(people) == 1


def test_a_hair_more_spread_turns_six_rebels_into_everyone() -> None:
    """100 people, mean threshold 25: at a spread of 12.2220869 there are 6.2 in the street, above it nearly all."""
    assert 100 * share(0.25, CRITICAL * 0.9999) == pytest.approx(6.20033, abs=0.25)
    assert 100 * share(0.25, CRITICAL * 1.0001) > 95
    assert 100 * share(0.25, 0.12) < 6
    assert 100 * share(0.25, 0.125) > 95


def test_the_tipping_point_is_where_the_calm_root_vanishes() -> None:
    """critical_mean inverts the paper's critical spread; there the curve touches the diagonal at 6.20033 people."""
    assert float(critical_mean(jnp.float32(CRITICAL))) == pytest.approx(0.25, abs=1e-6)
    z = np.sqrt(-2 * np.log(CRITICAL * np.sqrt(2 * np.pi)))
    assert 100 * ndtr(-z) == pytest.approx(6.20033, abs=1e-4)
    assert 100 * patiently(np.array([0.25]), np.array([CRITICAL * 0.99999]))[0] == pytest.approx(6.20033, abs=0.06)


def test_the_crowd_is_where_patient_iteration_ends() -> None:
    """Newton's few steps against a hundred thousand plain ones, for quiet, divided and raging publics, to 1e-5.

    Within a hundredth of the tipping point both roots merge, and the float decides; those are left out.
    """
    means = np.linspace(-0.5, 1.5, 81, dtype=np.float32)[:, None]
    spreads = np.linspace(0.02, 1.0, 50, dtype=np.float32)[None]
    tipping = np.asarray(critical_mean(jnp.asarray(spreads)))
    found = np.asarray(crowd(jnp.asarray(means * np.ones_like(spreads)), jnp.asarray(spreads)))
    slowly = patiently(means.astype(float), spreads.astype(float))
    error = np.where(np.abs(means - tipping) > 0.01, np.abs(found - slowly), 0.0)
    assert error.max() < 1e-5, error.max()
    assert (np.abs(means - tipping) > 0.01).mean() > 0.95


def test_the_crowd_is_the_limit_of_people() -> None:
    """Ten thousand people with normal thresholds, one by one, and the share that the formula gives."""
    for mean, spread in ((0.25, 0.10), (0.25, 0.15), (0.6, 0.2), (0.4, 0.35)):
        thresholds = np.sort(norm.ppf((np.arange(10_000) + 0.5) / 10_000, mean, spread)) * 10_000
        street = 0
        while (now := int(np.searchsorted(thresholds, street, side="right"))) != street:
            street = now
        assert street / 10_000 == pytest.approx(share(mean, spread), abs=2e-3)


def test_more_anger_never_empties_the_street() -> None:
    """The lower the mean threshold, the larger the crowd, for every spread."""
    means = jnp.linspace(1.5, -0.5, 400)
    for spread in (0.05, 0.12, 0.17, 0.3, 0.6):
        assert (np.diff(np.asarray(crowd(means, spread))) >= -2e-3).all(), spread

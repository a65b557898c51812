"""Strands observe states: their density is that of the model written down, what made a record is found in it, and where there are
none nothing changes."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from hegemon.inference.laplace import laplace
from hegemon.inference.likelihood import Counting, Observed, log_likelihood, terms
from hegemon.inference.path import follow
from hegemon.inference.record import Data
from hegemon.inference.strands import (
    FOOT,
    OF_STRANDS,
    STRANDS,
    Gauge,
    Strands,
    covariance,
    density,
    gauges,
    laid,
    states,
)
from hegemon.inference.target import gradient, log_posterior
from hegemon.inference.vector import FREE, bounds, rest, values
from hegemon.opening import opening
from hegemon.order import Order

YEARS = 5
TRUE = {
    "votes": (0.2, 1.5, 0.2, 0.1, 0.6),
    "trade": (-1.0, 1.2, 0.2, 0.05, 0.3),
    "memberships": (0.3, 1.0, 0.05, 0.05, 0.5),
}
"""Gauges that make a simulated record: level, gain, offset, error, keep."""


@pytest.fixture(scope="module")
def data(toy: Order) -> Data:
    """The toy order, nobody in a crisis, with its ties observed every year but the first."""
    n, quarters = len(toy.states), len(toy.quarters)
    seen = np.ones((3, n, YEARS), np.float32)
    when = 6 + 4 * np.arange(YEARS, dtype=np.int32)
    observed = Observed(np.zeros_like(seen), np.full((n, YEARS), 0.3, np.float32), seen, when)
    whole = Counting(*(np.ones(shape, np.float32) for shape in ((n, quarters), (n, quarters), YEARS)))
    return Data(opening(toy), whole, observed, rest(toy.parameters))


def with_strands(data: Data, value: np.ndarray, seen: np.ndarray | None = None) -> Data:
    """The same record with strands beside its ties."""
    assert data.observed is not None
    there = np.ones_like(value) if seen is None else seen
    strands = Strands(
        value.astype(np.float32), np.full_like(there, 0.05), there.astype(np.float32), data.observed.quarter
    )
    return dataclasses.replace(data, observed=dataclasses.replace(data.observed, strands=strands))


def test_a_strand_is_the_normal_that_is_written_down() -> None:
    """Against scipy's, with a year that was not observed."""
    luck = np.random.default_rng(0)
    state, value = luck.normal(size=(2, 3, YEARS))
    counts = np.ones((3, YEARS))
    counts[1, 2] = 0.0
    gauge, sampled, when = Gauge(0.3, 0.8, 0.5, 0.4, 0.7), luck.uniform(0.1, 0.3, (3, YEARS)), 2 + 4 * np.arange(YEARS)
    found = density(gauge, *(jnp.asarray(x, jnp.float32) for x in (state, value, sampled, counts)), jnp.asarray(when))
    for n, there in enumerate(counts > 0):
        apart = np.abs(np.subtract.outer(np.arange(YEARS), np.arange(YEARS)))
        whole = 0.5**2 + 0.4**2 * 0.7**apart + np.diag(sampled[n] ** 2)
        law = multivariate_normal((0.3 + 0.8 * state[n])[there], whole[np.ix_(there, there)])
        expected = law.logpdf(value[n][there]) + 0.5 * there.sum() * np.log(2.0 * np.pi)
        assert float(found[n]) == pytest.approx(expected, abs=1e-3)


def test_a_table_is_laid_out_by_its_names() -> None:
    rows = [("AAA", 2001, "trade", -1.5, 0.0), ("BBB", 2002, "votes", 0.7, 0.2), ("CCC", 2001, "votes", 9.0, 9.0),
            ("AAA", 1990, "votes", 9.0, 9.0), ("AAA", 2001, "rumours", 9.0, 9.0)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["state", "year", "strand", "value", "error"])
    found = laid(table, ("AAA", "BBB"), [2001, 2002], np.array([6, 10], np.int32))
    assert found.value[STRANDS.index("trade"), 0, 0] == np.float32(-1.5)
    assert found.value[STRANDS.index("votes"), 1, 1] == np.float32(0.7)
    assert found.sampled[STRANDS.index("votes"), 1, 1] == np.float32(0.2)
    assert found.seen.sum() == 2.0 and np.abs(found.value).sum() == pytest.approx(2.2)


def test_strands_observe_the_states_that_they_are_said_to(toy: Order, data: Data) -> None:
    path = jax.jit(follow)(data.opening, values(jnp.zeros(len(FREE))), data.left)
    when = np.array([6, 10])
    found = np.asarray(states(path, when))
    wanted, dependence = (1.0 / (1.0 + np.exp(-found[i])) for i in (0, 1))
    np.testing.assert_allclose(wanted, np.asarray(path.worlds.elite)[0][:, when], atol=3e-4)
    np.testing.assert_allclose(dependence, np.asarray(path.worlds.dependence)[:, when], atol=3e-4)
    np.testing.assert_allclose(found[2] + FOOT, np.asarray(path.worlds.integration)[:, when], atol=1e-6)


def parts(data: Data, x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The whole, and ties and events alone."""
    whole = log_likelihood(data.opening, x, data.weights, data.observed, data.left)
    found = terms(data.opening, x, data.observed, data.weights.ties, data.left)
    return whole, jnp.zeros(()) if found.strands is None else found.strands.sum()


def test_without_strands_the_likelihood_is_what_it_was_and_with_them_they_are_added(data: Data) -> None:
    """Strands of which nothing was observed, and none: the same. What is observed adds its density."""
    luck = np.random.default_rng(1)
    x = values(jnp.asarray(luck.normal(size=len(FREE)), jnp.float32))
    longer = jnp.concatenate([x, jnp.asarray(np.concatenate(list(TRUE.values())), jnp.float32)])
    value = luck.normal(size=(len(STRANDS), len(data.observed.error), YEARS))  # type: ignore[union-attr]
    of = jax.jit(lambda d, x: parts(d, x))
    before, nothing = (float(each) for each in of(data, x))
    unseen, none = (float(each) for each in of(with_strands(data, value, np.zeros_like(value)), longer))
    whole, added = (float(each) for each in of(with_strands(data, value), longer))
    assert nothing == none == 0.0
    assert unseen == pytest.approx(before, rel=1e-6)
    assert abs(added) > 1.0 and whole == pytest.approx(before + added, rel=1e-5)


@pytest.mark.slow
def test_the_slope_is_the_slope_with_strands(data: Data) -> None:
    """Automatic against finite differences, along the strands' own numbers and along all of them."""
    luck = np.random.default_rng(3)
    seen = with_strands(data, luck.normal(size=(len(STRANDS), len(data.observed.error), YEARS)))  # type: ignore[union-attr]
    z = 0.5 * luck.normal(size=len(FREE) + len(OF_STRANDS))
    _, slope = gradient()(jnp.asarray(z, jnp.float32), seen)
    value = jax.jit(log_posterior)
    assert np.isfinite(np.asarray(slope)).all()
    own = np.arange(len(z)) >= len(FREE)
    for way in (own * luck.normal(size=len(z)), luck.normal(size=len(z))):
        way = way / np.linalg.norm(way)
        there, back = (float(value(jnp.asarray(z + h * way, jnp.float32), seen)) for h in (0.02, -0.02))
        assert float(np.asarray(slope) @ way) == pytest.approx((there - back) / 0.04, abs=0.3, rel=0.05)


@pytest.mark.slow
def test_what_made_a_simulated_record_is_found_in_it(toy: Order, data: Data) -> None:
    """Strands drawn along a path whose dependence and integration move as nobody expects: the gains, and what moves these states,
    are found nearer to the truth than without strands."""
    luck = np.random.default_rng(5)
    moved = {"integration.pace": 2.5, "integration.inertia": 2.5}
    z = np.zeros(len(FREE))
    z[[FREE.index(name) for name in moved]] = list(moved.values())
    path = jax.jit(follow)(data.opening, values(jnp.asarray(z, jnp.float32)), data.left)
    when = np.asarray(data.observed.quarter)  # type: ignore[union-attr]
    value = np.zeros((len(STRANDS), len(toy.states), YEARS))
    for k, (numbers, state) in enumerate(zip(TRUE.values(), np.asarray(states(path, when), float), strict=True)):
        gauge = Gauge(*numbers)
        whole = np.asarray(covariance(gauge, jnp.full(YEARS, 0.05), when), float)
        value[k] = gauge.level + gauge.gain * state + luck.multivariate_normal(np.zeros(YEARS), whole, size=len(state))
    quiet = dataclasses.replace(
        data, weights=dataclasses.replace(data.weights, timing=np.zeros_like(data.weights.timing))
    )
    found = laplace(with_strands(quiet, value))
    spread = np.sqrt((found.root**2).sum(1))
    for name in moved:
        i = FREE.index(name)
        assert found.mode[i] > 0.5 and spread[i] < 0.9, name
        assert abs(found.mode[i] - z[i]) < 3.0 * spread[i], name
    told = gauges(values(jnp.asarray(found.mode[len(FREE) :], jnp.float32), bounds(OF_STRANDS, tuple(OF_STRANDS))))
    gains = {strand: float(gauge.gain) for strand, gauge in zip(STRANDS, told, strict=True)}
    off = [abs(gains[strand] - TRUE[strand][1]) / spread[len(FREE) + 5 * k + 1] for k, strand in enumerate(STRANDS)]
    assert max(off) < 3.0, (gains, off)

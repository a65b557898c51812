"""Strands beside the likelihood (tools/strands.py): their density is that of the model written down, what made a record is found
in it, and where nothing of them was observed nothing changes."""

from __future__ import annotations

import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from hegemon.inference import target
from hegemon.inference.likelihood import Counting, Observed
from hegemon.inference.path import follow
from hegemon.inference.record import Data
from hegemon.inference.vector import FREE, rest, values
from hegemon.opening import opening
from hegemon.order import Order

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import strands_target
from strands_claim import gauged
from strands_model import FOOT, OF_STRANDS, STRANDS, Gauge, Strands, covariance, density, gauges, laid, states
from strands_target import Seen, bounds, gauge_values

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


def beside(data: Data, value: np.ndarray, seen: float = 1.0) -> Seen:
    """The same record with strands beside its ties; `seen` is 1 where they were observed, or 0."""
    assert data.observed is not None
    there = np.full_like(value, seen, np.float32)
    return Seen(data, Strands(value.astype(np.float32), np.full_like(there, 0.05), there, data.observed.quarter))


def drawn(data: Data, seed: int) -> np.ndarray:
    """Numbers that could be strands."""
    assert data.observed is not None
    return np.random.default_rng(seed).normal(size=(len(STRANDS), *data.observed.error.shape))


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


@pytest.mark.slow
def test_where_nothing_of_strands_was_observed_nothing_changes(data: Data) -> None:
    """The density is that of calibration; what is observed adds its own."""
    z = jnp.asarray(0.5 * np.random.default_rng(1).normal(size=len(FREE) + len(OF_STRANDS)), jnp.float32)
    of = jax.jit(strands_target.log_posterior)
    gauged = 0.5 * float((z[len(FREE) :] ** 2).sum())
    before = float(jax.jit(target.log_posterior)(z[: len(FREE)], data))
    value = drawn(data, 2)
    assert float(of(z, beside(data, value, 0.0))) + gauged == pytest.approx(before, rel=1e-5)
    path = jax.jit(follow)(data.opening, values(z[: len(FREE)]), data.left)
    when = beside(data, value).strands.quarter
    parts = zip(gauges(gauge_values(z[len(FREE) :])), states(path, when), jnp.asarray(value, jnp.float32), strict=True)
    full = jnp.ones(value.shape[1:])
    added = sum(float(density(gauge, state, y, 0.05 * full, full, when).sum()) for gauge, state, y in parts)
    assert abs(added) > 1.0
    assert float(of(z, beside(data, value))) + gauged == pytest.approx(before + added, rel=1e-5)


@pytest.mark.slow
def test_the_slope_is_the_slope_with_strands(data: Data) -> None:
    """Automatic against finite differences, along the gauges and along everything."""
    luck, seen = np.random.default_rng(3), beside(data, drawn(data, 4))
    z = 0.5 * luck.normal(size=len(FREE) + len(OF_STRANDS))
    value = strands_target.gradient()
    _, slope = value(jnp.asarray(z, jnp.float32), seen)
    assert np.isfinite(np.asarray(slope)).all()
    own = np.arange(len(z)) >= len(FREE)
    for some in (own, ~own, np.ones_like(own)):
        way = some * luck.normal(size=len(z))
        way /= np.linalg.norm(way)
        there, back = (float(value(jnp.asarray(z + h * way, jnp.float32), seen)[0]) for h in (0.02, -0.02))
        assert float(np.asarray(slope) @ way) == pytest.approx((there - back) / 0.04, abs=0.3, rel=0.05)


def made(gauge: Gauge, state: np.ndarray, when: np.ndarray, luck: np.random.Generator) -> np.ndarray:
    """A strand that a gauge makes of a state, [N, T]."""
    whole = np.asarray(covariance(gauge, jnp.zeros(len(when)), jnp.asarray(when)), float)
    return gauge.level + gauge.gain * state + luck.multivariate_normal(np.zeros(len(when)), whole, size=len(state))


def test_gauges_that_made_strands_are_found() -> None:
    """Fourteen neighbours over twenty years, as there are; on the average of twelve simulated tables."""
    luck, when = np.random.default_rng(5), 2 + 4 * np.arange(20)
    true, found = Gauge(0.4, 0.8, 0.3, 0.25, 0.6), []
    for _ in range(12):
        state = luck.normal(0.0, 0.7, (14, 1)) + luck.normal(0.0, 0.2, (14, 20)).cumsum(1)
        arrays = state, made(true, state, when, luck), np.zeros_like(state), np.ones_like(state)
        z = gauged(*(jnp.asarray(x, jnp.float32) for x in arrays), jnp.asarray(when))
        found.append(np.asarray(values(jnp.asarray(z, jnp.float32), bounds(dict(list(OF_STRANDS.items())[:5])))))
    level, gain, offset, error, keep = np.mean(found, 0)
    assert gain == pytest.approx(true.gain, abs=0.08)
    assert level == pytest.approx(true.level, abs=0.15)
    assert (offset, error) == pytest.approx((true.offset, true.error), rel=0.2)
    assert keep == pytest.approx(true.keep, abs=0.12)


def test_what_moves_a_state_is_found_in_a_strand_of_it(data: Data) -> None:
    """Memberships drawn along a path that climbs faster than is expected are likeliest there; on the average of ten tables."""
    steps, pace, k = jnp.linspace(-2.0, 2.5, 10), FREE.index("integration.pace"), STRANDS.index("memberships")
    when, gauge, luck = 6 + 4 * np.arange(YEARS), Gauge(0.3, 1.0, 0.02, 0.02, 0.5), np.random.default_rng(6)

    def integration(step: jax.Array) -> jax.Array:
        return states(follow(data.opening, values(jnp.zeros(len(FREE)).at[pace].set(step)), data.left), when)[k]

    along = jax.jit(jax.vmap(integration))(steps)
    full, truth, best = jnp.ones(along.shape[1:]), 7, []
    for _ in range(10):
        y = jnp.asarray(made(gauge, np.asarray(along[truth], float), when, luck), jnp.float32)
        found = [float(density(gauge, state, y, 0.0 * full, full, jnp.asarray(when)).sum()) for state in along]
        best.append(float(steps[int(np.argmax(found))]))
    assert np.mean(best) == pytest.approx(float(steps[truth]), abs=0.6)

"""Simulation, likelihood and sampler are one model: what the model writes, calibration reads.

A hundred records of the toy order, three neighbours over six years; `benchmarks/sbc.py` does the same for the post-Soviet
order and writes docs/sbc.md.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import multivariate_normal

from hegemon.evidence import orientation
from hegemon.inference.likelihood import Counting, Observed, expected, log_likelihood, log_normal, ties
from hegemon.inference.path import follow
from hegemon.inference.record import Data, lay_out
from hegemon.inference.target import gradient
from hegemon.inference.vector import FREE, noise, parameters, rest, values
from hegemon.opening import opening
from hegemon.order import Order

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import sbc_ranks as sbc
from sbc_records import full, matched, truth

RECORDS, SEED = 100, 1


@pytest.fixture(scope="module")
def data(toy: Order) -> Data:
    """The toy order with its ties observed every year from the third on, one of them missing."""
    n, quarters, years = len(toy.states), len(toy.quarters), 4
    seen = np.ones((3, n, years), np.float32)
    seen[:, 1, 2] = 0.0
    when = 10 + 4 * np.arange(years, dtype=np.int32)
    observed = Observed(np.zeros_like(seen), np.full((n, years), 0.3, np.float32), seen, when)
    all_of_it = Counting(*(np.ones(shape, np.float32) for shape in ((n, quarters), (n, quarters), years)))
    return Data(opening(toy), all_of_it, observed, rest(toy.parameters))


@pytest.fixture(scope="module")
def outcomes(data: Data) -> list[sbc.Outcome]:
    """A hundred records of the toy order and the ranks of what they were written with."""
    return sbc.together(data, "matched", SEED, range(RECORDS))


# ---- One model ----


@jax.jit
def likelihood_of(z: jax.Array, data: Data) -> jax.Array:
    """What calibration computes."""
    return log_likelihood(data.opening, values(z), data.weights, data.observed, data.left)


@pytest.mark.slow
def test_a_toy_record_is_as_likely_as_it_was_drawn(data: Data) -> None:
    """The sum of the logarithms of the probabilities each code and each observation was drawn with."""
    for record in range(50):
        z, luck = truth(SEED, record)
        written = matched(data, z, luck)
        found = float(likelihood_of(z, written.data))
        assert found == pytest.approx(float(written.log_probability), rel=1e-5, abs=2e-3), record


@pytest.mark.slow
def test_a_post_soviet_record_is_as_likely_as_it_was_drawn(order: Order) -> None:
    real = lay_out(order, ties=orientation("post-soviet", order.poles)).data
    for record in range(5):
        z, luck = truth(SEED, record)
        written = matched(real, z, luck)
        found = float(likelihood_of(z, written.data))
        assert found == pytest.approx(float(written.log_probability), rel=1e-5, abs=5e-3), record


@pytest.mark.slow
def test_drawn_ties_spread_as_the_likelihood_has_it(data: Data) -> None:
    """Of one record drawn over and over, the observed ties' log-density lies below its peak by half a chi-square: one
    degree of freedom per observation."""
    z, _ = truth(SEED, 0)
    observed = data.observed
    assert observed is not None
    x = values(z)

    @jax.jit
    @jax.vmap
    def below(key: jax.Array) -> jax.Array:
        written = matched(data, z, key).data
        path = follow(written.opening, x, data.left)
        at = lambda seen: ties(path, parameters(x), noise(x), seen, jnp.ones(4)).sum()
        best = replace(observed, logit=expected(path, observed))
        return 2.0 * (at(best) - at(written.observed))

    lost = np.asarray(below(jax.random.split(jax.random.PRNGKey(0), 500)))
    assert lost.mean() == pytest.approx(33.0, abs=4.0 * np.sqrt(66.0 / 500))


def test_one_number_after_the_other_is_the_multivariate_normal() -> None:
    root = np.random.default_rng(SEED).normal(size=(5, 5))
    covariance, off = root @ root.T + np.eye(5), root[0]
    found = log_normal(jnp.asarray(covariance, jnp.float32), jnp.asarray(off, jnp.float32))
    exact = multivariate_normal(np.zeros(5), covariance).logpdf(off) + 2.5 * np.log(2.0 * np.pi)
    assert float(found) == pytest.approx(exact, abs=1e-3)


def test_what_calibration_evaluates_asks_lapack_for_nothing(data: Data) -> None:
    """Its solves of many systems at once wait for threads that two chains side by side hold, for ever."""
    z, _ = truth(SEED, 0)
    assert "lapack" not in gradient().lower(z, data).as_text()


@pytest.mark.slow
def test_the_simulation_writes_records_like_the_calibration_s_model(data: Data) -> None:
    """Shocks are averaged over in the one and thrown in the other: as many crises, give or take a tenth."""

    def crises(process: object) -> np.ndarray:
        z, luck = (jnp.stack(parts) for parts in zip(*(truth(SEED, r) for r in range(400)), strict=True))
        written = jax.jit(jax.vmap(process, in_axes=(None, 0, 0)))(data, z, luck)
        return np.asarray(written.data.opening.script.kind > 0).sum((1, 2)).astype(float)

    one, other = crises(matched), crises(full)
    assert other.mean() == pytest.approx(one.mean(), rel=0.1)


# ---- Ranks ----


@pytest.mark.slow
def test_true_parameters_rank_anywhere_among_their_posterior_draws(outcomes: list[sbc.Outcome]) -> None:
    """At most one parameter in twenty leaves the band that holds 99 in 100 if all is right."""
    found = sbc.table(outcomes).drop(sbc.WHOLE_RECORD)
    assert len(found) == len(FREE)
    assert found["outside"].mean() <= 0.05, found.head(20)


@pytest.mark.slow
def test_what_the_records_teach_is_right(outcomes: list[sbc.Outcome]) -> None:
    """The parameters that the records move most, together: neither off to one side nor too sure of themselves."""
    found = sbc.table(outcomes).drop(sbc.WHOLE_RECORD).nlargest(30, "contraction")
    assert found["contraction"].min() > 0.02
    assert abs(found["bias"].mean()) < 0.1
    assert 0.85 < found["width"].mean() < 1.15


@pytest.mark.slow
def test_the_fit_of_the_truth_ranks_anywhere_among_the_draws(outcomes: list[sbc.Outcome]) -> None:
    """A likelihood that forgets part of the record keeps the parameters' ranks and fails here."""
    found = sbc.table(outcomes).loc[sbc.WHOLE_RECORD]
    assert not found["outside"], found


@pytest.mark.slow
def test_chains_of_the_toy_order_are_sound(outcomes: list[sbc.Outcome]) -> None:
    accepted = np.array([o.made["accepted"] for o in outcomes])
    assert np.median(accepted) > 0.7 and accepted.min() > 0.1
    assert all(np.isfinite(o.mean).all() and (o.sd > 0.0).all() for o in outcomes)


# ---- The verdict itself ----


def test_one_uniform_parameter_in_a_hundred_leaves_its_band() -> None:
    rng = np.random.default_rng(1)
    p = sbc.surprise(rng.integers(0, sbc.DRAWS + 1, (50, 4000)))
    assert 0.004 < (p < 0.01).mean() <= 0.0135


@pytest.mark.parametrize(("shift", "width"), [(1.0, 1.0), (0.0, 0.4), (0.0, 3.0)])
def test_wrong_posteriors_are_found_out(shift: float, width: float) -> None:
    """Draws one spread off, too narrow or too wide by a factor, ranked in 100 records."""
    rng = np.random.default_rng(2)
    z, draws = rng.normal(size=(100, 50)), rng.normal(size=(100, sbc.DRAWS, 50))
    ranks = (shift + width * draws < z[:, None]).sum(1)
    assert (sbc.surprise(ranks) < 0.01).mean() > 0.95


def test_the_band_is_where_surprise_begins() -> None:
    """Ranks whose distribution leaves the band anywhere are outside, all others inside."""
    rng = np.random.default_rng(3)
    ranks = np.sort(rng.integers(0, sbc.DRAWS + 1, (60, 500)) + rng.integers(-2, 3, 500), 0).clip(0, sbc.DRAWS)
    low, high = sbc.band(60)
    share = np.stack([(ranks <= k).mean(0) for k in range(sbc.DRAWS)])
    leaves = ((share < low[:, None] - 1e-9) | (share > high[:, None] + 1e-9)).any(0)
    np.testing.assert_array_equal(leaves, sbc.surprise(ranks) < 0.01)
    assert 0.05 < leaves.mean() < 0.95


# ---- Keeping ----


@pytest.mark.slow
def test_an_outcome_is_kept_and_knows_its_model(data: Data, outcomes: list[sbc.Outcome], tmp_path: Path) -> None:
    outcomes[3].save(tmp_path / "one.npz")
    kept = sbc.read(tmp_path / "one.npz")
    np.testing.assert_array_equal(kept.ranks, outcomes[3].ranks)
    assert kept.made == outcomes[3].made
    assert sbc.still(kept, data)
    other = {**kept.made, "log_likelihood": kept.made["log_likelihood"] + 1.0}
    assert not sbc.still(sbc.Outcome(kept.ranks, kept.truth, kept.mean, kept.sd, other), data)

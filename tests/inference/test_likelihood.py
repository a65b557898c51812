"""The likelihood is the model: what calibration differentiates is what replay computes."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import multivariate_normal

import hegemon
from hegemon.event import PARTS
from hegemon.evidence import orientation
from hegemon.inference import likelihood, vector
from hegemon.inference.path import follow
from hegemon.inference.record import Record, lay_out
from hegemon.inference.target import gradient, log_posterior
from hegemon.inference.vector import FREE
from hegemon.instruments import OPEN_SIDED
from hegemon.order import Order, default_parameters
from hegemon.studies.replay.compute import drive

QUIET = {"alignment.shock": 0.0, "alignment.shock_rivals": 0.0, "unrest.shock": 0.0}


@pytest.fixture(scope="module")
def prior(order: Order) -> Order:
    """The post-Soviet order at its prior means."""
    return dataclasses.replace(order, parameters=default_parameters())


@pytest.fixture(scope="module")
def record(prior: Order) -> Record:
    return lay_out(prior, ties=orientation())


def values(order: Order) -> jax.Array:
    return jnp.asarray(vector.flat(order.parameters))


@pytest.fixture(scope="module")
def found(record: Record, prior: Order) -> likelihood.Terms:
    quiet = values(prior.with_parameters(QUIET))
    return jax.jit(lambda x, d: likelihood.terms(d.opening, x, d.observed, d.weights.ties, d.left))(quiet, record.data)


def test_without_shocks_the_path_is_the_replay(prior: Order, record: Record) -> None:
    """Same record, same parameters, shocks at their means: the same worlds, while the pact's members are the spells'."""
    quiet = prior.with_parameters(QUIET)
    path = jax.jit(follow)(record.data.opening, values(quiet), record.data.left)
    worlds = drive(quiet, runs=1).isel(run=0)
    founding = prior.quarters.index("1999Q2")
    for name in ("orientation", "fear", "legitimacy", "hold", "grievance", "frozen", "shelter", "dependence"):
        mine = np.asarray(getattr(path.worlds, name))[..., 1:]  # openings from the second quarter on
        theirs = np.moveaxis(worlds[name].to_numpy(), 0, -1)[..., :-1]  # closes of the quarters before
        np.testing.assert_allclose(mine[..., :founding], theirs[..., :founding], atol=2e-4, err_msg=name)


@pytest.mark.slow
def test_parts_of_the_record_are_as_likely_as_the_replay_says(prior: Order, found: likelihood.Terms) -> None:
    """In the founding years, where membership is scheduled in both. The response's tremble is taken out; parts that
    hang on the crowd are averaged over moods here and are not compared."""
    theirs = drive(prior.with_parameters(QUIET), runs=1).log_probability.isel(run=0)
    founding = prior.quarters.index("1999Q2")
    for part in ("severity", "line", "response", "successor"):
        mine = np.asarray(found.parts[part])[:, :founding]
        other = theirs.sel(part=part).to_numpy().T[:, :founding]
        if part == "response":
            tremble = likelihood.TREMBLE
            crisis = mine < 0.0
            mine = np.where(crisis, np.log(np.maximum(np.exp(mine) - tremble / 9.0, 1e-12) / (1.0 - tremble)), 0.0)
        loose = 0.3 if part == "severity" else 5e-3  # severity knows of the crowd a little
        np.testing.assert_allclose(mine, other, atol=loose, err_msg=part)


@pytest.mark.slow
def test_every_part_counts_only_where_something_was_open(record: Record, found: likelihood.Terms) -> None:
    quarter, state = record.at.T
    crisis = np.zeros((len(record.order.states), len(record.order.quarters)), bool)
    crisis[state, quarter] = True
    assert (np.asarray(found.parts["crisis"]) < 0.0).all()
    for part in PARTS[1:]:
        logs = np.asarray(found.parts[part])
        assert (logs <= 1e-6).all() and np.isfinite(logs).all()
        assert not logs[~crisis].any(), part


def terms(record: Record, x: jax.Array) -> likelihood.Terms:
    data = record.data
    return jax.jit(lambda x: likelihood.terms(data.opening, x, None, data.weights.ties, data.left))(x)


def test_a_side_that_nobody_coded_counts_nothing(prior: Order) -> None:
    """A record with an unknown side is one without the column; a coded one counts where the instrument is used on either."""
    table = hegemon.history("post-soviet")
    x = values(prior.with_parameters({"side.alignment": 0.8, "side.unilateral_force": -0.4}))
    without, empty, coded = (terms(lay_out(prior, each), x) for each in
                             (table.drop(columns="side"), table.assign(side=""), table))  # fmt: skip
    for part in PARTS:
        np.testing.assert_array_equal(without.parts[part], empty.parts[part], part)
    assert not np.asarray(empty.parts["side"]).any()
    directed = table["response_primary"].isin(OPEN_SIDED) & table["side"].isin(("for", "against"))
    assert (np.asarray(coded.parts["side"]) < 0.0).sum() == directed.sum() == 27
    assert (np.asarray(coded.parts["survival"]) != np.asarray(empty.parts["survival"])).any(), "what is known moves the rest"


@pytest.mark.parametrize("side", ["both", "none"])
def test_an_even_handed_act_has_half_of_both_sides(prior: Order, side: str) -> None:
    """It counts nothing, and its effects are those of neither alone."""
    table = hegemon.history("post-soviet")
    force = table["response_primary"] == "unilateral_force"
    fear = {}
    for word in ("for", "against", side):
        laid = lay_out(prior, table.assign(side=table["side"].where(~force, word)))
        path = jax.jit(follow)(laid.data.opening, values(prior), laid.data.left)
        fear[word] = np.asarray(path.worlds.fear).max(-1)
        logs = np.asarray(terms(laid, values(prior)).parts["side"])
        quarter, state = laid.at[(laid.events["instrument"] == "unilateral_force").to_numpy()].T
        assert bool(logs[state, quarter].any()) == (word != side)
    assert (fear["for"] <= fear[side]).all() and (fear[side] <= fear["against"]).all()
    assert (fear["for"] < fear[side]).any() and (fear[side] < fear["against"]).any()


@pytest.mark.slow
def test_observed_ties_are_a_normal_around_the_path(record: Record, prior: Order) -> None:
    """Against scipy's multivariate normal, for each neighbour."""
    data, x = record.data, values(prior)
    observed = data.observed
    assert observed is not None
    path = follow(data.opening, x, data.left)
    params, noise = vector.parameters(x), vector.noise(x)
    mine = np.asarray(likelihood.ties(path, params, noise, observed, jnp.asarray(data.weights.ties)))
    p = params.blocks["alignment"]
    back, habit, when = float(p.pace * p.elite), float(p.habit), np.asarray(observed.quarter)
    away, wanted, left = 1.0, 0.0, []
    for _ in record.order.quarters:  # ties return to what is wanted, which comes to be what is there
        left.append(away)
        away, wanted = away + back * (wanted - away), wanted + habit * (away - wanted)
    steps = lambda a, b: sum(left[a - s] * left[b - s] for s in range(min(a, b) + 1))
    shared = np.array([[steps(a, b) for b in when] for a in when])
    shocks = float(p.shock), float(p.shock_rivals) * 1.5**0.5, float(p.shock_rivals) * 2.0**0.5
    expected = np.zeros(len(record.order.states))
    centre, errors, offsets = (np.asarray(x) for x in (likelihood.expected(path, observed), noise.errors(), noise.offsets()))
    for m, shock in enumerate(shocks):
        for n in range(len(expected)):
            own = np.diag((errors[m] * np.asarray(observed.error)[n]) ** 2)
            law = multivariate_normal(centre[m, n], shock**2 * shared + offsets[m] ** 2 + own)
            expected[n] += law.logpdf(np.asarray(observed.logit)[m, n]) + 0.5 * len(when) * np.log(2.0 * np.pi)
    np.testing.assert_allclose(mine, expected, atol=0.1)


@pytest.mark.slow
def test_a_year_that_does_not_count_adds_nothing(record: Record, prior: Order) -> None:
    """Dropping the last ten years is the density of the years before."""
    data, x = record.data, values(prior)
    observed = data.observed
    assert observed is not None
    path = follow(data.opening, x, data.left)
    params, noise = vector.parameters(x), vector.noise(x)
    weight = np.ones(len(observed.quarter), np.float32)
    weight[-10:] = 0.0
    few = jax.tree.map(lambda part: np.asarray(part)[..., :-10], observed)
    masked = likelihood.ties(path, params, noise, observed, jnp.asarray(weight))
    cut = likelihood.ties(path, params, noise, few, jnp.ones(len(weight) - 10))
    np.testing.assert_allclose(np.asarray(masked), np.asarray(cut), atol=1e-2)


@pytest.mark.slow
def test_the_slope_is_the_slope(record: Record) -> None:
    """Automatic against finite differences, in random directions."""
    rng = np.random.default_rng(3)
    z = 0.5 * rng.normal(size=len(FREE))
    _, slope = gradient()(jnp.asarray(z, jnp.float32), record.data)
    value = jax.jit(log_posterior)
    assert np.isfinite(np.asarray(slope)).all()
    for _ in range(5):
        way = rng.normal(size=len(FREE))
        way /= np.linalg.norm(way)
        ahead, behind = (float(value(jnp.asarray(z + h * way, jnp.float32), record.data)) for h in (0.02, -0.02))
        assert float(np.asarray(slope) @ way) == pytest.approx((ahead - behind) / 0.04, abs=0.4, rel=0.05)


@pytest.mark.slow
def test_what_is_not_known_does_not_count(record: Record) -> None:
    """With no crisis known and no quarter passed, the posterior is the prior."""
    nothing = record.counting(np.zeros(len(record.events), bool), until=0)
    z = jnp.asarray(np.random.default_rng(4).normal(size=len(FREE)), jnp.float32)
    _, slope = gradient()(z, nothing)
    np.testing.assert_allclose(np.asarray(slope), -np.asarray(z), atol=1e-4)

"""Parameters as a standard normal vector: the prior exactly, nothing lost on the way."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm, truncnorm

from hegemon.inference import vector
from hegemon.inference.vector import FREE, MODEL, OF_TIES
from hegemon.instruments import INSTRUMENTS, Effects
from hegemon.mechanisms import MECHANISMS, PRIORS
from hegemon.order import default_parameters, load
from hegemon.posterior import load_posterior


def test_a_standard_normal_becomes_the_registry_s_prior() -> None:
    """Every quantile of every parameter is that of a normal cut to its range (scipy.stats.truncnorm)."""
    for z in (-2.5, -1.0, -0.1, 0.0, 0.4, 1.5, 2.8):
        got = np.asarray(vector.values(jnp.full(len(FREE), z, jnp.float32)))
        for name, value in zip(FREE, got, strict=True):
            p = (PRIORS | OF_TIES)[name]
            low, high = (p.low - p.mean) / p.sd, (p.high - p.mean) / p.sd
            expected = truncnorm.ppf(norm.cdf(z), low, high, loc=p.mean, scale=p.sd)
            assert abs(value - expected) < 2e-3 * p.sd, name


def test_no_vector_leaves_the_range_of_a_parameter() -> None:
    for z in (-30.0, -6.0, 6.0, 30.0):
        got = np.asarray(vector.values(jnp.full(len(FREE), z, jnp.float32)))
        for name, value in zip(FREE, got, strict=True):
            p = (PRIORS | OF_TIES)[name]
            assert np.isfinite(value) and p.low - 1e-5 <= value <= p.high + 1e-5, name


def test_the_way_back_is_the_way() -> None:
    z = np.random.default_rng(0).normal(size=len(FREE)).astype(np.float32)
    back = vector.inverse(np.asarray(vector.values(jnp.asarray(z))))
    assert np.abs(back - z).max() < 5e-3


def test_every_parameter_but_abstaining_s_row_is_free_and_finds_its_place() -> None:
    """Distinct values come out where they were put in."""
    assert len(set(FREE)) == len(FREE) == len(PRIORS) - len(vector.FIXED) - len(Effects.__dataclass_fields__) + len(OF_TIES)
    x = jnp.arange(len(FREE), dtype=jnp.float32)
    found = vector.parameters(x)
    assert np.array_equal(vector.flat(found)[: len(MODEL)], np.asarray(x)[: len(MODEL)])
    assert all(float(leaf) == 0.0 for leaf in jax.tree.leaves(found.effects[0]))
    blocks = {"law", "side", *(m.name for m in MECHANISMS), *(i.name for i in INSTRUMENTS[1:])}
    assert {name.partition(".")[0] for name in MODEL} == blocks


def test_prior_means_are_the_model_s_defaults() -> None:
    middle = vector.flat(default_parameters())
    assert np.allclose(middle[: len(MODEL)], [PRIORS[name].mean for name in MODEL], rtol=1e-6)
    assert load("post-soviet").parameters is not None


def test_moments_of_the_cut_priors_are_those_of_draws() -> None:
    z = np.random.default_rng(1).normal(size=(4000, len(FREE))).astype(np.float32)
    x = np.asarray(jax.vmap(vector.values)(jnp.asarray(z)), float)
    mean, sd = vector.prior_moments()
    assert np.abs((x.mean(0) - mean) / sd).max() < 0.1
    assert np.abs(x.std(0) / sd - 1.0).max() < 0.1


@pytest.mark.parametrize("name", ["post-soviet", "patrons"])
def test_a_posterior_that_ships_has_this_model_s_parameters(name: str) -> None:
    assert set(load_posterior(name).names) == set(FREE)

"""Three strands observe three states: votes what incumbents want, trade the dependence, memberships the integration.

    y[n, t] = level + gain * s[n, t] + lasting[n] + passing[n, t] + sampled[n, t]

`lasting` is a neighbour's own, `passing` fades by a share a year, `sampled` has a known spread (docs/strands.md). The numbers of
a strand, its `Gauge`, are of the measurement and not of the order: they are learned with the order's parameters, and kept apart.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from hegemon.axes import Array
from hegemon.inference.likelihood import log_normal, log_odds
from hegemon.inference.path import Path
from hegemon.parameters import Params, Prior, Scalar, param, priors

STRANDS = ("votes", "trade", "memberships")
"""Names, in the order of the states that they observe (`states`)."""

FOOT = 0.25
"""Integration at which a strand's `level` is read: a trade area."""


class Gauge(Params):
    """How a strand observes its state, in units of the strand. The prior takes no side on whether it does."""

    level: Scalar = param(0.0, sd=2.0, unit="of the strand, where its state is in the middle", low=-10, high=10)
    gain: Scalar = param(0.0, sd=1.0, unit="of the strand per unit of its state", low=-10, high=10)
    offset: Scalar = param(
        0.5, sd=0.5, unit="of the strand, spread of lasting differences by neighbour", low=0.02, high=5
    )
    error: Scalar = param(0.3, sd=0.3, unit="of the strand, spread of what passes", low=0.02, high=5)
    keep: Scalar = param(0.5, sd=0.3, unit="share of what passes that is left after a year", low=0.01, high=0.99)


OF_STRANDS: dict[str, Prior] = {f"{strand}.{name}": prior for strand in STRANDS for name, prior in priors(Gauge)}
"""Priors of the measurement of strands, in the order in which they follow a vector's other parameters."""


class Strands(eqx.Module):
    """Yearly strands, and where they stand on the path: strands run over K, neighbours over N, years over T.

    `value` is what was observed, `sampled` the spread of its error that is known, `seen` 1 where it was observed, else 0.
    """

    value: Float[Array, "K N T"]
    sampled: Float[Array, "K N T"]
    seen: Float[Array, "K N T"]
    quarter: Int[Array, " T"]


def laid(table: pd.DataFrame, states: tuple[str, ...], years: list[int], quarter: Int[Array, " T"]) -> Strands:
    """A table of strands (state, year, strand, value, error) as arrays; other states, years and strands are left out."""
    here = table[table["state"].isin(states) & table["year"].isin(years) & table["strand"].isin(STRANDS)]
    at = tuple(
        [of.index(each) for each in here[column]]
        for of, column in ((STRANDS, "strand"), (states, "state"), (years, "year"))
    )
    found = np.zeros((3, len(STRANDS), len(states), len(years)), np.float32)
    for part, values in zip(found, (here["value"], here["error"], 1.0), strict=True):
        part[at] = values
    return Strands(*found, quarter)


def states(path: Path, quarter: Int[Array, " T"]) -> Float[Array, "K N T"]:
    """What strands observe, on the path: log-odds of what is wanted with the patron, of dependence; integration."""
    world = path.worlds
    shares = jnp.stack([world.elite[0], world.dependence])[..., quarter]
    return jnp.concatenate([log_odds(shares), world.integration[None, :, quarter] - FOOT])


def gauges(x: Float[Array, " G"]) -> tuple[Gauge, ...]:
    """A gauge per strand, of values in the order of `OF_STRANDS`."""
    each = len(OF_STRANDS) // len(STRANDS)
    return tuple(Gauge(*x[i : i + each]) for i in range(0, len(OF_STRANDS), each))


def covariance(gauge: Gauge, sampled: Float[Array, " T"], quarter: Int[Array, " T"]) -> Float[Array, "T T"]:
    """Of a neighbour's observations around the path."""
    years = jnp.abs(quarter[:, None] - quarter[None]) / 4.0
    return gauge.offset**2 + gauge.error**2 * gauge.keep**years + jnp.diag(sampled**2)


def density(
    gauge: Gauge, state: Float[Array, "N T"], value: Float[Array, "N T"], sampled: Float[Array, "N T"],
    counts: Float[Array, "N T"], quarter: Int[Array, " T"],
) -> Float[Array, " N"]:  # fmt: skip
    """Log-density of a strand given its state, by neighbour, up to a constant. A year that does not count adds nothing."""

    def of(state: Array, value: Array, sampled: Array, counts: Array) -> Array:
        both = counts[:, None] * counts[None]
        alone = jnp.diag(jnp.where(counts > 0.0, 0.0, 1.0))
        off = jnp.where(counts > 0.0, value - gauge.level - gauge.gain * state, 0.0)
        return log_normal(covariance(gauge, sampled, quarter) * both + alone, off)

    return jax.vmap(of)(state, value, sampled, counts)


def strands(path: Path, x: Float[Array, " G"], observed: Strands, weight: Float[Array, " T"]) -> Float[Array, "K N"]:
    """Log-density of the strands around the path, by strand and neighbour, up to a constant.

    x  values of the gauges, in the order of `OF_STRANDS`
    """
    parts = zip(
        gauges(x), states(path, observed.quarter), observed.value, observed.sampled, observed.seen * weight, strict=True
    )
    return jnp.stack([density(*part, observed.quarter) for part in parts])

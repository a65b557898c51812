"""The log-probability of a record under the model, as a smooth function of the parameters.

    crisis      whether and what kind of crisis each neighbour had in each quarter
    severity .. successor   what was coded of each crisis, in the order in which the law decides it
    orientation yearly observations of the ties, with error

Two approximations, both about the shocks around the record's path. Moods: a public either is calm or has tipped; the
chance of the latter is averaged over the spread that shocks to grievance have by then (`moods`). Ties: to first order a
deviation in log-shares decays as ties return to what the elite wants, and what the elite comes to want remains, so that its
covariance is known; observations are judged by it plus their own error. benchmarks/sbc.py measures what that costs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Float, Int

from hegemon import law
from hegemon.axes import Array, Choice
from hegemon.event import Decide, Weights, outcome, score, unfold
from hegemon.inference.path import Moods, Path, follow, rates
from hegemon.inference.vector import Noise, Rest, noise, parameters
from hegemon.law import Parameters
from hegemon.mechanisms import alignment, unrest
from hegemon.opening import Opening
from hegemon.world import Crisis, Event, Setting, Standing, World

TREMBLE = 0.02
"""Share of responses that consequences and inclination do not govern, spread evenly over the instruments: a response may
be miscoded (the record has one coder) or be one the rules of this order exclude. Fixed, not estimated."""

PER_SHOCK = (1.0, 1.5, 2.0)
"""Variance of the log-odds of each ratio that is observed (`Observed`) per variance of its shocks: shocks to the patron's share
are log-odds already; a rival's is set against one or more others, 1 + their squared parts."""


class Observed(eqx.Module):
    """Yearly observations of ties, and where they stand on the path.

    Ratios run over M, years over T, neighbours over N. `logit` are log-odds of a share: the patron's; the bloc's among the
    rivals'; a third pole's among those of the rivals that are not the bloc. `seen` is 1 where they are observed, and 0 where an
    order has not the poles to compare; `error` is the stated standard error of a log ratio.
    """

    logit: Float[Array, "M N T"]
    error: Float[Array, "N T"]
    seen: Float[Array, "M N T"]
    quarter: Int[Array, " T"]


class Counting(eqx.Module):
    """Which parts of a record count: 1 or 0 (or a share). `timing` for the crisis part, `detail` for what follows in a
    crisis, `ties` for observations of orientation, by year."""

    timing: Float[Array, "N Q"]
    detail: Float[Array, "N Q"]
    ties: Float[Array, " T"]


class Terms(eqx.Module):
    """Log-probabilities: by part, neighbour and quarter; of the ties by neighbour."""

    parts: dict[str, Float[Array, "N Q"]]
    ties: Float[Array, " N"]


def outset(
    world: World, setting: Setting, public: Moods, params: Parameters
) -> tuple[law.Odds, Callable[[Crisis], Standing]]:
    """Odds of a crisis over the spread of moods, and what stands once it is known whether the public rose: where it did,
    the crowd is larger than could be expected."""
    now = law.standing(world, setting, params, public.crowd)
    likely, crowded = rates(world, now, public, setting, params)
    p = params.blocks["unrest"]
    spark = p.spark * (0.5 + world.grievance)
    tipped = public.tipped * (p.rate * unrest.crowded(1.0, p) + spark) / jnp.maximum(p.rate * crowded + spark, 1e-9)

    def standing(trouble: Crisis) -> Standing:
        seen = jnp.where(trouble.uprising > 0, tipped + (1.0 - tipped) * public.calm, public.crowd)
        return law.standing(world, setting, params, seen)

    return law.odds(likely, law.proneness(world, params)), standing


def unfolded(world: World, setting: Setting, public: Moods, params: Parameters, decide: Decide) -> Event:
    """An event as calibration sees it: moods averaged over, a share of responses governed by nothing."""

    def trembling(part: str, weights: Any, trouble: Crisis) -> Choice:
        if part == "response":
            share = weights / jnp.maximum(weights.sum(0), 1e-37)
            weights = (1.0 - TREMBLE) * share + TREMBLE / share.shape[0]
        return decide(part, weights, trouble)

    return unfold(*outset(world, setting, public, params), world, setting, params, trembling)[0]


def shares(path: Path, params: Parameters, **said: bool) -> dict[str, Any]:
    """Probability of everything that could have been coded, by part: a first axis of outcomes, then [N, Q].

    said  parts that are taken to be so everywhere, whatever was coded (`consent=True`)
    """
    seen: dict[str, Weights] = {}

    def decide(part: str, weights: Weights, trouble: Crisis) -> Choice:
        seen[part] = weights
        coded = outcome(part, path.event)
        return jnp.full_like(coded, said[part]) if part in said else coded

    unfolded(path.worlds, path.setting, path.moods, params, decide)
    return seen


def log_odds(share: Array) -> Array:
    """Log-odds of a share, away from nothing and from everything."""
    return jnp.log(share + 1e-4) - jnp.log(1.0 - share + 1e-4)


def ratios(ties: Float[Array, "P N T"], setting: Setting) -> Float[Array, "M N T"]:
    """Log-odds of the patron's share, of the bloc's among the rivals', and of the third pole's among the rest."""
    bloc, third = ((jnp.asarray(mark).reshape(-1, 1, 1) * ties).sum(0) for mark in (setting.bloc, setting.third))
    rivals = 1.0 - ties[0]
    return log_odds(jnp.stack([ties[0], bloc / (rivals + 1e-4), third / (rivals - bloc + 1e-4)]))


def expected(path: Path, observed: Observed) -> Float[Array, "M N T"]:
    """The same ratios on the path, in the quarters of the observations."""
    return ratios(path.worlds.orientation[:, :, observed.quarter], path.setting)


def left_of(quarters: Float[Array, "..."], p: alignment.Alignment) -> Float[Array, "..."]:
    """What is left of a small shock to ties after so many quarters, as a share: ties return to what incumbents want, and
    incumbents come to want what is there."""
    back = jnp.clip(p.pace * p.elite, 0.001, 0.5)
    both = back + p.habit
    return jnp.where(quarters >= 0.0, (p.habit + back * (1.0 - both) ** jnp.maximum(quarters, 0.0)) / both, 0.0)


def variances(p: alignment.Alignment) -> Float[Array, " M"]:
    """Variance that a quarter's shocks give to the log-odds of each ratio."""
    return jnp.stack([p.shock, p.shock_rivals, p.shock_rivals]) ** 2 * jnp.asarray(PER_SHOCK)


def log_normal(covariance: Float[Array, "T T"], off: Float[Array, " T"]) -> Float[Array, ""]:
    """Log-density of a normal around 0, up to a constant: one number after the other, each given those before.

    Not by LAPACK: its solves of many systems at once (jaxlib 0.10) wait for threads that chains side by side hold.
    """

    def given(left: Any, t: Any) -> Any:
        covariance, off = left
        share = covariance[:, t] / covariance[t, t]
        later = covariance - share[:, None] * covariance[t][None], off - share * off[t]
        return later, -0.5 * (off[t] ** 2 / covariance[t, t] + jnp.log(covariance[t, t]))

    return lax.scan(given, (covariance, off), jnp.arange(off.shape[0]))[1].sum()


def ties(
    path: Path, params: Parameters, noise: Noise, observed: Observed, weight: Float[Array, " T"]
) -> Float[Array, " N"]:
    """Log-density of the observed ties around the path, by neighbour, up to a constant.

    An observation is the path, plus what small shocks have left by then, plus a lasting offset of the neighbour's (what is
    measured is not quite what the model means), plus an error of the year's. A year that does not count adds nothing.
    """
    p = params.blocks["alignment"]
    of, n, years = observed.seen.shape
    since = observed.quarter[:, None] - jnp.arange(path.worlds.hold.shape[-1])[None]
    left = left_of(since.astype(jnp.float32), p)
    off = (observed.logit - expected(path, observed)).reshape(-1, years)
    counts = (observed.seen * weight).reshape(-1, years)
    own = (noise.errors()[:, None, None] * observed.error).reshape(-1, years)
    lasting = jnp.repeat(noise.offsets(), n)[:, None, None]
    shocks = jnp.repeat(variances(p), n)[:, None, None] * (left @ left.T)
    both = counts[:, :, None] * counts[:, None, :]
    alone = jax.vmap(jnp.diag)(jnp.where(counts > 0.0, own**2, 1.0))

    found = jax.vmap(log_normal)((shocks + lasting**2) * both + alone, jnp.where(counts > 0.0, off, 0.0))
    return found.reshape(of, n).sum(0)


def terms(
    opening: Opening,
    x: Float[Array, " D"],
    observed: Observed | None,
    weight: Float[Array, " T"],
    left: Rest,
) -> Terms:
    """Every log-probability of the record under parameter values `x`, and what is `left` to the order."""
    params, path = parameters(x, left), follow(opening, x, left)
    logs = score(path.event, shares(path, params))
    if observed is None:
        return Terms(logs, jnp.zeros(path.worlds.hold.shape[0]))
    return Terms(logs, ties(path, params, noise(x), observed, weight))


def log_likelihood(
    opening: Opening, x: Float[Array, " D"], weights: Counting, observed: Observed | None, left: Rest
) -> Float[Array, ""]:
    """The record's log-probability, of the parts that count."""
    found = terms(opening, x, observed, weights.ties, left)
    crisis = (found.parts["crisis"] * weights.timing).sum()
    detail = sum((log * weights.detail).sum() for part, log in found.parts.items() if part != "crisis")
    return crisis + detail + found.ties.sum()

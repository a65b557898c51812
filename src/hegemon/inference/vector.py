"""All free parameters as one vector, and their priors as a standard normal.

The registry's prior of a parameter is a normal cut to its range. `values` maps a standard normal z to exactly that
distribution, monotonically and smoothly, so that samplers work on z, where the prior is round and nothing has an edge.
Abstaining is the reference of every choice: its row is fixed.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax
from jax.scipy.special import ndtr, ndtri
from jaxtyping import Float

from hegemon.axes import Array
from hegemon.errors import BadFile, shown
from hegemon.instruments import INSTRUMENTS, Effects
from hegemon.law import Parameters
from hegemon.mechanisms import MECHANISMS, PRIORS, Mechanism, blocks
from hegemon.order import default_parameters, rows
from hegemon.parameters import Params, Prior, Scalar, param, priors
from hegemon.posterior import Posterior


class Noise(Params):
    """How observed ties differ from the model's: numbers of the measurement, not of the order."""

    error: Scalar = param(0.5, sd=0.25, unit="share of the stated standard error that is real", low=0.02, high=5)
    offset: Scalar = param(0.5, sd=0.25, unit="log-odds, spread of lasting differences by neighbour", low=0.02, high=5)
    error_rivals: Scalar = param(0.5, sd=0.25, unit="share of it that is real where rivals are compared", low=0.02, high=5)
    offset_rivals: Scalar = param(0.5, sd=0.25, unit="log-odds, the same where rivals are compared", low=0.02, high=5)
    error_others: Scalar = param(0.5, sd=0.25, unit="share of it that is real among rivals but the bloc", low=0.02, high=5)
    offset_others: Scalar = param(0.5, sd=0.25, unit="log-odds, the same among rivals but the bloc", low=0.02, high=5)

    def errors(self) -> Float[Array, " M"]:
        """Of each ratio that is observed, the share of its stated error that is real."""
        return jnp.stack([self.error, self.error_rivals, self.error_others])

    def offsets(self) -> Float[Array, " M"]:
        """Of each ratio that is observed, the spread of lasting differences."""
        return jnp.stack([self.offset, self.offset_rivals, self.offset_others])


OF_TIES = {f"ties.{name}": prior for name, prior in priors(Noise)}
"""Priors of the measurement of ties."""

FIXED: tuple[str, ...] = tuple(name for name, prior in PRIORS.items() if prior.fixed)
"""Names of the parameters that are judgements: set and swept, not calibrated."""

MODEL: tuple[str, ...] = tuple(
    name for name in PRIORS if name not in FIXED and not name.startswith(f"{INSTRUMENTS[0].name}.")
)
"""Names of the model's free parameters, `mechanism.parameter` or `instrument.effect`."""

FREE = (*MODEL, *OF_TIES)
"""Names of all free parameters, in the order of the vector."""

FAR = 6.0
"""A bound so many spreads away does not matter."""


class Bounds(eqx.Module):
    """Priors of the free parameters, normals cut to a range, [D] each: mean, spread, and the range in spreads from the mean,
    at most `FAR`."""

    mean: Any
    sd: Any
    low: Any
    high: Any


@functools.cache
def _bounds() -> Bounds:
    return bounds({name: (PRIORS | OF_TIES)[name] for name in FREE})


def bounds(of: Mapping[str, Prior]) -> Bounds:
    """Priors by name, in the order of `FREE`, as `values` takes them."""
    table = np.array([[p.mean, p.sd, (p.low - p.mean) / p.sd, (p.high - p.mean) / p.sd]
                      for p in (of[name] for name in FREE)], np.float64)  # fmt: skip
    mean, sd, low, high = table.T
    cut = np.clip(low, -FAR, None), np.clip(high, None, FAR)
    return Bounds(*(x.astype(np.float32) for x in (mean, sd, *cut)))


def values(z: Float[Array, " D"], other: Bounds | None = None) -> Float[Array, " D"]:
    """Parameter values of a standard normal vector. Each half is mapped through the tail that is exact there.

    other  priors in place of the registry's
    """
    b = _bounds() if other is None else other
    below, above = ndtr(b.low), ndtr(-b.high)
    lower = ndtri(jnp.clip(below + ndtr(jnp.minimum(z, 0.5)) * (1.0 - below - above), 1e-10, 1.0))
    upper = -ndtri(jnp.clip(above + ndtr(-jnp.maximum(z, -0.5)) * (1.0 - below - above), 1e-10, 1.0))
    return b.mean + b.sd * jnp.clip(jnp.where(z < 0.0, lower, upper), b.low, b.high)


@functools.cache
def sets_of() -> Any:
    """`values` of many vectors, [S, D] to [S, D]; compiled once per number of sets."""
    return jax.jit(jax.vmap(values))


@functools.cache
def prior_moments() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean and spread of every free parameter's prior, cut as it is."""
    from scipy.stats import truncnorm

    b = _bounds()
    cut = truncnorm(b.low.astype(float), b.high.astype(float), loc=b.mean.astype(float), scale=b.sd.astype(float))
    return np.asarray(cut.mean()), np.asarray(cut.std())


def inverse(x: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """The standard normal vector of parameter values, clipped to 5 spreads (`values` backwards)."""
    from scipy import special

    b = _bounds()
    u = (np.asarray(x, float) - b.mean) / b.sd
    below, above = special.ndtr(b.low), special.ndtr(-b.high)
    inside = 1.0 - below - above
    low = special.ndtri(np.clip((special.ndtr(u) - below) / inside, 1e-12, 1.0))
    high = -special.ndtri(np.clip((special.ndtr(-u) - above) / inside, 1e-12, 1.0))
    return np.clip(np.where(u < 0.0, low, high), -5.0, 5.0)


class Rest(eqx.Module):
    """What the vector does not hold: fixed parameters by name (`FIXED`), which mechanisms are on, 1 or 0, and the blocks of
    those that come from outside."""

    fixed: Mapping[str, Scalar]
    on: Mapping[str, Any]
    own: Mapping[str, Params] = eqx.field(default_factory=dict)
    mechanisms: tuple[Mechanism, ...] = eqx.field(static=True, default=MECHANISMS)


def rest(given: Parameters) -> Rest:
    """What a vector leaves to an order's own parameters."""
    own = {m.name: given.blocks[m.name] for m in given.mechanisms if m.source is not None}
    parts = ((name, *name.split(".")) for name in FIXED)
    fixed = {name: getattr(given.blocks[block], field) for name, block, field in parts if block not in own}
    return Rest(fixed, dict(given.on), own, given.mechanisms)


def parameters(x: Float[Array, " D"], left: Rest | None = None, also: tuple[str, ...] = ()) -> Parameters:
    """The model's parameters from values in the order of `FREE`.

    left  what the vector does not hold (None: the defaults)
    also  fixed parameters whose values follow those of `FREE` all the same
    """
    names, left = (*FREE, *also), rest(default_parameters()) if left is None else left
    found = dict(left.fixed) | dict(
        zip(names, (part.reshape(()) for part in lax.split(x, [1] * len(names))), strict=True)
    )
    built = {
        name: left.own[name] if name in left.own else block(
            **{f.name: found[f"{name}.{f.name}"] for f in dataclasses.fields(block)})
        for name, block in blocks(left.mechanisms).items()
    }  # fmt: skip
    effects = (Effects(**{f.name: found[f"{instrument.name}.{f.name}"] for f in dataclasses.fields(Effects)})
               for instrument in INSTRUMENTS[1:])  # fmt: skip
    return Parameters(built, (default_parameters().effects[0], *effects), left.on, left.mechanisms)


def noise(x: Float[Array, " D"]) -> Noise:
    """The measurement's part of the values."""
    return Noise(*x[len(MODEL) : len(FREE)])


def flat(given: Parameters) -> npt.NDArray[np.float32]:
    """The model's parameters as a vector in the order of `FREE`; the measurement's at their prior means."""
    found = rows(given)
    own = {m.name for m in given.mechanisms if m.source is not None}
    parts = ((name, *name.split(".")) for name in MODEL)
    numbers = (np.float32(PRIORS[name].mean if block in own else getattr(found[block], field)) for name, block, field in parts)
    return np.array([*numbers, *(prior.mean for prior in OF_TIES.values())], np.float32)


def aligned(kept: Posterior) -> npt.NDArray[np.float64]:
    """Draws of a kept posterior in standard-normal coordinates, in the order of `FREE`.

    Raises `BadFile` where it was made by a version with other parameters.
    """
    missing = [name for name in FREE if name not in kept.names]
    if missing or len(kept.names) != len(FREE):
        raise BadFile(f"the posterior of version {shown(kept.made.get('version', '?'))} has other parameters than this one",
                      f"Make it again with hegemon calibrate ({missing[0] if missing else 'some'} is new).")  # fmt: skip
    return inverse(kept.values[:, [kept.names.index(name) for name in FREE]])

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

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax
from jax.scipy.special import ndtr, ndtri
from jaxtyping import Float

from hegemon.axes import Array
from hegemon.errors import BadFile
from hegemon.instruments import INSTRUMENTS, Effects
from hegemon.law import Parameters
from hegemon.mechanisms import BY_NAME, MECHANISMS, PRIORS
from hegemon.order import default_parameters
from hegemon.parameters import Params, Scalar, param, priors
from hegemon.posterior import Posterior


class Noise(Params):
    """How observed ties differ from the model's: numbers of the measurement, not of the order."""

    error: Scalar = param(0.5, sd=0.25, unit="share of the stated standard error that is real", low=0.02, high=5)
    offset: Scalar = param(0.5, sd=0.25, unit="log-odds, spread of lasting differences by neighbour", low=0.02, high=5)


OF_TIES = {f"ties.{name}": prior for name, prior in priors(Noise)}
"""Priors of the measurement of ties."""

MODEL: tuple[str, ...] = tuple(name for name in PRIORS if not name.startswith(f"{INSTRUMENTS[0].name}."))
"""Names of the model's free parameters, `mechanism.parameter` or `instrument.effect`."""

FREE = (*MODEL, *OF_TIES)
"""Names of all free parameters, in the order of the vector."""

FAR = 6.0
"""A bound so many spreads away does not matter."""


@dataclasses.dataclass(frozen=True)
class _Bounds:
    mean: npt.NDArray[np.float32]
    sd: npt.NDArray[np.float32]
    low: npt.NDArray[np.float32]  # in spreads from the mean, at least -FAR
    high: npt.NDArray[np.float32]


@functools.cache
def _bounds() -> _Bounds:
    table = np.array([[p.mean, p.sd, (p.low - p.mean) / p.sd, (p.high - p.mean) / p.sd]
                      for p in ((PRIORS | OF_TIES)[name] for name in FREE)], np.float64)  # fmt: skip
    mean, sd, low, high = table.T
    cut = np.clip(low, -FAR, None), np.clip(high, None, FAR)
    return _Bounds(*(x.astype(np.float32) for x in (mean, sd, *cut)))


def values(z: Float[Array, " D"]) -> Float[Array, " D"]:
    """Parameter values of a standard normal vector. Each half is mapped through the tail that is exact there."""
    b = _bounds()
    below, above = ndtr(b.low), ndtr(-b.high)
    lower = ndtri(jnp.clip(below + ndtr(jnp.minimum(z, 0.5)) * (1.0 - below - above), 1e-10, 1.0))
    upper = -ndtri(jnp.clip(above + ndtr(-jnp.maximum(z, -0.5)) * (1.0 - below - above), 1e-10, 1.0))
    return b.mean + b.sd * jnp.clip(jnp.where(z < 0.0, lower, upper), b.low, b.high)


@functools.cache
def prior_moments() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean and spread of every free parameter's prior, cut as it is."""
    from scipy.stats import truncnorm

    b = _bounds()
    cut = truncnorm(b.low.astype(float), b.high.astype(float), loc=b.mean.astype(float), scale=b.sd.astype(float))
    return np.asarray(cut.mean()), np.asarray(cut.std())


def inverse(x: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """The standard normal vector of parameter values, clipped to 5 spreads (`values` backwards)."""
    from scipy.stats import norm

    b = _bounds()
    u = (np.asarray(x, float) - b.mean) / b.sd
    below, above = norm.cdf(b.low), norm.cdf(-b.high)
    inside = 1.0 - below - above
    low = norm.ppf(np.clip((norm.cdf(u) - below) / inside, 1e-12, 1.0))
    high = -norm.ppf(np.clip((norm.cdf(-u) - above) / inside, 1e-12, 1.0))
    return np.clip(np.where(u < 0.0, low, high), -5.0, 5.0)


def parameters(x: Float[Array, " D"], on: Mapping[str, Any] | None = None) -> Parameters:
    """Values in the order of `FREE` as the model's parameters; `on` says which mechanisms count (None: all)."""
    found = dict(zip(FREE, (part.reshape(()) for part in lax.split(x, [1] * len(FREE))), strict=True))
    given = default_parameters()
    blocks = {
        m.name: m.params(**{f.name: found[f"{m.name}.{f.name}"] for f in dataclasses.fields(m.params)})
        for m in MECHANISMS
    }
    rows = [given.effects[0]]
    for instrument in INSTRUMENTS[1:]:
        rows.append(Effects(**{f.name: found[f"{instrument.name}.{f.name}"] for f in dataclasses.fields(Effects)}))
    return Parameters(blocks, tuple(rows), given.on if on is None else on)


def noise(x: Float[Array, " D"]) -> Noise:
    """The measurement's part of the values."""
    return Noise(*x[len(MODEL) :])


def flat(given: Parameters) -> npt.NDArray[np.float32]:
    """The model's parameters as a vector in the order of `FREE`; the measurement's at their prior means."""
    names = [i.name for i in INSTRUMENTS]
    found = []
    for name in MODEL:
        block, field = name.split(".")
        of = given.blocks[block] if block in BY_NAME else given.effects[names.index(block)]
        found.append(np.float32(getattr(of, field)))
    return np.array([*found, *(prior.mean for prior in OF_TIES.values())], np.float32)


def aligned(kept: Posterior) -> npt.NDArray[np.float64]:
    """Draws of a kept posterior in standard-normal coordinates, in the order of `FREE`.

    Raises `BadFile` where it was made by a version with other parameters.
    """
    missing = [name for name in FREE if name not in kept.names]
    if missing or len(kept.names) != len(FREE):
        raise BadFile(f"the posterior of version {kept.made.get('version', '?')} has other parameters than this one",
                      f"Make it again with hegemon calibrate ({missing[0] if missing else 'some'} is new).")  # fmt: skip
    return inverse(kept.values[:, [kept.names.index(name) for name in FREE]])

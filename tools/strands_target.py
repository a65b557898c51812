"""The posterior density with strands beside everything else that calibration sees, and a normal around its mode.

The strands' gauges follow the order's parameters in one vector. Where nothing of strands was observed, the density is that of
`inference.target`.
"""

from __future__ import annotations

import functools
from typing import Any

import equinox as eqx
import jax
import numpy as np
import numpy.typing as npt
from jaxtyping import Float

from hegemon.axes import Array
from hegemon.event import score
from hegemon.inference.laplace import Laplace, normal
from hegemon.inference.likelihood import shares, ties
from hegemon.inference.path import follow
from hegemon.inference.record import Data
from hegemon.inference.vector import FAR, FREE, Bounds, noise, parameters, values
from hegemon.parameters import Prior
from strands_model import OF_STRANDS, Strands, strands

Numbers = npt.NDArray[np.float64]


class Seen(eqx.Module):
    """A record with its observed ties, and strands in the years of the ties."""

    data: Data
    strands: Strands


def bounds(of: dict[str, Prior]) -> Bounds:
    """Priors in their order, as `vector.values` takes them."""
    table = np.array([(p.mean, p.sd, (p.low - p.mean) / p.sd, (p.high - p.mean) / p.sd) for p in of.values()])
    mean, sd, low, high = table.T
    return Bounds(*(x.astype(np.float32) for x in (mean, sd, np.clip(low, -FAR, None), np.clip(high, None, FAR))))


def gauge_values(z: Float[Array, " G"]) -> Float[Array, " G"]:
    """Values of the gauges of a standard normal vector."""
    return values(z, bounds(OF_STRANDS))


def log_posterior(z: Float[Array, " D"], seen: Seen) -> Float[Array, ""]:
    """Logarithm of prior times likelihood at standard-normal coordinates, up to a constant."""
    data, x = seen.data, values(z[: len(FREE)])
    params, path = parameters(x, data.left), follow(data.opening, x, data.left)
    logs = score(path.event, shares(path, params))
    found = (logs["crisis"] * data.weights.timing).sum()
    found += sum((log * data.weights.detail).sum() for part, log in logs.items() if part != "crisis")
    if data.observed is not None:
        found += ties(path, params, noise(x), data.observed, data.weights.ties).sum()
    found += strands(path, gauge_values(z[len(FREE) :]), seen.strands, data.weights.ties).sum()
    return found - 0.5 * (z**2).sum()


@functools.cache
def gradient() -> Any:
    """The compiled program (z, seen) -> log-posterior and its slope."""
    return jax.jit(jax.value_and_grad(log_posterior))


def laplace(seen: Seen, start: Numbers) -> Laplace:
    """The normal around the posterior's mode, searched from `start`."""
    return normal(lambda z: gradient()(z, seen), start)

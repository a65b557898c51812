"""The posterior density calibration works on: prior times likelihood, in standard-normal coordinates.

Its gradient is compiled once and serves the mode, the curvature there and the sampler's start alike.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jaxtyping import Float

from hegemon.axes import Array
from hegemon.inference.likelihood import log_likelihood
from hegemon.inference.record import Data
from hegemon.inference.vector import FREE, values

Vector = npt.NDArray[np.float64]

Density = Callable[[Any], tuple[Any, Any]]
"""A log-density: standard-normal coordinates in, its value and its slope out."""


def log_posterior(z: Float[Array, " D"], data: Data) -> Float[Array, ""]:
    """Logarithm of prior times likelihood at standard-normal coordinates, up to a constant."""
    return log_likelihood(data.opening, values(z, data.prior), data.weights, data.observed, data.left) - 0.5 * (z**2).sum()


@functools.cache
def gradient() -> Any:
    """The compiled program (z, data) -> log-posterior and its slope."""
    return jax.jit(jax.value_and_grad(log_posterior))


@jax.custom_vjp
def potential(z: Float[Array, " D"], data: Data) -> Float[Array, ""]:
    """Minus the log-posterior, for samplers: whoever differentiates it gets the compiled gradient."""
    return -gradient()(z, data)[0]


def _there(z: Any, data: Data) -> Any:
    value, slope = gradient()(z, data)
    return -value, (slope, data)


def _back(kept: Any, above: Any) -> Any:
    slope, data = kept

    def nothing(x: Any) -> Any:
        whole = jnp.issubdtype(jnp.result_type(x), jnp.floating)
        return jnp.zeros_like(x) if whole else np.zeros(jnp.shape(x), jax.dtypes.float0)

    return -above * slope, jax.tree.map(nothing, data)


potential.defvjp(_there, _back)


def descend(data: Data, start: Vector | None = None) -> Vector:
    """The posterior's mode, by L-BFGS from `start` (None: the prior's)."""
    return climbed(of(data), np.zeros(len(FREE)) if start is None else start)


def of(data: Data) -> Density:
    """The posterior density of the data."""
    return lambda z: gradient()(z, data)


def climbed(density: Density, start: Vector) -> Vector:
    """Where a density is highest, by L-BFGS."""
    from scipy.optimize import minimize

    def objective(z: Vector) -> tuple[float, Vector]:
        value, slope = density(jnp.asarray(z, jnp.float32))
        return -float(value), -np.asarray(slope, float)

    options = {"maxiter": 300, "ftol": 1e-10, "gtol": 1e-3}
    return np.asarray(minimize(objective, start, jac=True, method="L-BFGS-B", options=options).x, float)


STEP = 0.05
"""Step of the differences of the gradient, prior spreads."""


def curvature(density: Density, z: Vector) -> Vector:
    """Minus a log-density's second derivatives at its mode, [D, D], by differences of its gradient."""

    def slope(at: Vector) -> Vector:
        return -np.asarray(density(jnp.asarray(at, jnp.float32))[1], float)

    here = slope(z)
    found = np.stack([(slope(z + STEP * axis) - here) / STEP for axis in np.eye(len(z))])
    return np.asarray(0.5 * (found + found.T))

"""Shapes, in the letters used everywhere: N neighbours, P poles, K instruments, Q quarters, R runs.

The model is written for one order. Runs are an optional last axis: every formula is elementwise in it,
so the same code serves one history (``[N]``) and a chunk of them (``[N, R]``). What the scenario fixes
has a last axis of one in a chunk, hence ``#``.
"""

from __future__ import annotations

import functools
import operator

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Bool, Float, Int

Array = jax.Array | np.ndarray
"""Traced by JAX inside the program, NumPy's outside it."""

PerNeighbour = Float[Array, "N *#R"]
"""One number per neighbour."""
PerTie = Float[Array, "P N *#R"]
"""One number per pole and neighbour: a neighbour's ties."""
Shared = Float[Array, "1 *#R"]
"""One number for the whole order; the unit axis stands where neighbours would."""
PerPole = Float[Array, "P 1 *#R"]
"""One number per pole."""
PerInstrument = Float[Array, "K N *#R"]
"""One number per instrument and neighbour."""
PerKind = Float[Array, "C N *#R"]
"""One number per kind of crisis and neighbour."""
Choice = Int[Array, "N *#R"]
"""A code per neighbour: a kind of crisis, an instrument, a successor's leaning."""
Yes = Bool[Array, "N *#R"]
"""A yes or no per neighbour."""


def one_hot(code: Int[Array, " *S"], first: int, count: int) -> Float[Array, " M *S"]:
    """1 where `code` is `first`, `first` + 1, .. along a new first axis of length `count`, else 0."""
    codes = lax.broadcasted_iota(jnp.int32, (count, *([1] * code.ndim)), 0) + first
    return (code[None] == codes).astype(jnp.float32)


def computed_once(*x: Array) -> tuple[Array, ...]:
    """The same arrays, which the compiler must compute once and keep, not anew for each use."""
    kept: tuple[Array, ...] = lax.optimization_barrier(x)
    return kept


def added(x: Float[Array, " M *S"]) -> Float[Array, " 1 *S"]:
    """Sum over neighbours (or poles), the first axis, which is kept with length one.

    Written out as additions, because these are done for many runs at once, while a reduction over an axis that is not
    the last is not (measured: benchmarks/engine).
    """
    if x.shape[0] == 0:  # an order without rivals
        return jnp.zeros((1, *x.shape[1:]), x.dtype)
    return functools.reduce(operator.add, [x[i] for i in range(x.shape[0])])[None]

"""Shapes, in the letters used everywhere: N neighbours, P poles, K instruments, Q quarters, R runs.

The model is written for one order. Runs are an optional last axis: every formula is elementwise in it,
so the same code serves one history (``[N]``) and a chunk of them (``[N, R]``). What the scenario fixes
has a last axis of one in a chunk, hence ``#``.
"""

from __future__ import annotations

from jaxtyping import Array, Bool, Float, Int

PerNeighbour = Float[Array, "N *#R"]
"""One number per neighbour."""
PerTie = Float[Array, "P N *#R"]
"""One number per pole and neighbour: a neighbour's ties."""
Shared = Float[Array, "1 *#R"]
"""One number for the whole order; the unit axis stands where neighbours would."""
PerPole = Float[Array, "P 1 *#R"]
"""One number per pole."""
Choice = Int[Array, "N *#R"]
"""A code per neighbour: a kind of crisis, an instrument, a successor's leaning."""
Yes = Bool[Array, "N *#R"]
"""A yes or no per neighbour."""

"""The parameters that histories are simulated with: draws of what a record has left open, draws of the priors, or the means."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hegemon import runtime
from hegemon.engine.sets import Sets
from hegemon.errors import BadValue
from hegemon.inference.vector import FREE, aligned, flat, sets_of
from hegemon.order import Order
from hegemon.posterior import KEPT, Posterior, Source, posterior_of

Values = npt.NDArray[np.float32]

LUCK = 0
"""Which draws of the priors: the same whatever a question's seed, so that the seed is luck alone."""


def source(order: Order, wanted: Source | None = None) -> Source:
    """Where an order's parameters come from: as wanted, else of its posterior, else of the priors.

    Raises `BadValue` where a posterior is wanted and there is none.
    """
    if wanted == "posterior" and order.scenario.posterior is None:
        raise BadValue(f"{order.name} names no posterior", "Choose --parameters prior or mean.")
    return wanted or ("prior" if order.scenario.posterior is None else "posterior")


def drawn(kept: Posterior | None, count: int, seed: int) -> Values:
    """Draws of a posterior, each used equally often, or (None) of the priors, [S, D] in the order of `vector.FREE`.

    Raises `BadFile` for a posterior with other parameters.
    """
    luck = np.random.default_rng([seed, 1])
    if kept is None:
        runtime.prepare()
        normal = luck.standard_normal((count, len(FREE))).astype(np.float32)
        return np.asarray(sets_of()(normal))
    aligned(kept)  # or it has other parameters
    of = np.concatenate([luck.permutation(len(kept.values)) for _ in range(-(-count // len(kept.values)))])
    return np.asarray(kept.values[of[:count]][:, [kept.names.index(name) for name in FREE]], np.float32)


def holding(order: Order, x: Values) -> Values:
    """The same with the values that were set by hand (`Order.held`), which hold in every draw."""
    free, own = [FREE.index(name) for name in order.held if name in FREE], flat(order.parameters)
    found = np.array(x, np.float32)
    found[:, free] = own[free]
    return found


def draws(order: Order, of: Source, count: int = KEPT, seed: int = LUCK) -> Values | None:
    """Draws of an order's parameters, [S, D] in the order of `vector.FREE`; None: its own values, of which there is one set."""
    if of == "mean":
        return None
    kept = posterior_of(order.scenario) if of == "posterior" else None
    return holding(order, drawn(kept, count, seed))


def in_turn(order: Order, of: Source) -> Sets | None:
    """Sets for histories of which each has one draw, in turn: with as many draws as a processor's chunk has histories
    (`program.CPU_CHUNK`), every chunk has each once."""
    x = draws(order, of)
    return None if x is None else Sets(x, each=None)


def told(order: Order, of: Source) -> str:
    """Where parameters come from, in words."""
    if of == "mean":
        return "the order's own values"
    return f"draws of the {of}" + (f", {len(order.held)} set by hand" if order.held else "")

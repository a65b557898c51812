"""Points of the unit cube as sets of parameters."""

from __future__ import annotations

import jax
import numpy as np
import numpy.typing as npt

from hegemon.inference.vector import FREE, Bounds, flat, sets_of, values
from hegemon.mechanisms import PRIORS
from hegemon.order import Order
from hegemon.studies.sweep.designs import Unit

Parameters = npt.NDArray[np.float32]

PADDED = 512
"""Sets come in multiples of this where they are made, so that few programs are compiled."""


def placed(order: Order, names: tuple[str, ...], unit: Unit, priors: Bounds | None = None) -> Parameters:
    """Parameter sets with some parameters at quantiles of their priors, [S, D]; fixed ones follow the others.

    priors  in place of the registry's
    """
    from scipy.stats import norm

    free = [n for n, name in enumerate(names) if name in FREE]
    at = [FREE.index(names[n]) for n in free]
    short = -len(unit) % PADDED
    z = np.zeros((len(unit) + short, len(FREE)), np.float32)
    z[: len(unit), at] = np.clip(norm.ppf(unit[:, free]), -5.0, 5.0)
    x = np.tile(flat(order.parameters), (len(unit), 1))
    made = sets_of()(z) if priors is None else jax.vmap(values, in_axes=(0, None))(z, priors)
    x[:, at] = np.asarray(made)[: len(unit), at]
    judged = [PRIORS[name].evenly(unit[:, n]) for n, name in enumerate(names) if n not in free]
    return np.column_stack([x, *judged]).astype(np.float32)

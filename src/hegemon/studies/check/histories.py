"""Histories with parameters of their own, drawn from the prior or a posterior."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from hegemon.dice import split_seed
from hegemon.engine.chunk import simulate_chunk
from hegemon.engine.program import chunk_size
from hegemon.engine.tally import Crises
from hegemon.inference.vector import FREE, aligned, parameters, rest, sets_of
from hegemon.opening import Opening, opening
from hegemon.order import Order, unscripted
from hegemon.posterior import Posterior
from hegemon.studies.study import Progress

Values = npt.NDArray[np.float32]


def drawn(kept: Posterior | None, histories: int, seed: int) -> Values:
    """Parameter values of each history, [R, D] in the order of `FREE`; a posterior's draws are used equally often."""
    luck = np.random.default_rng([seed, 1])
    if kept is None:
        normal = luck.standard_normal((histories, len(FREE))).astype(np.float32)
        return np.asarray(sets_of()(normal))
    aligned(kept)  # or it has other parameters
    of = np.concatenate([luck.permutation(len(kept.values)) for _ in range(-(-histories // len(kept.values)))])
    return np.asarray(kept.values[of[:histories]][:, [kept.names.index(name) for name in FREE]], np.float32)


@jax.jit
def _run(begin: Opening, x: Any, left: Any, words: Any, first: Any, epoch: Any, counts: Any, closes: Any) -> Any:
    """A chunk of the engine with one parameter set per history: events, and the patron's share in some quarters."""
    each = jax.vmap(lambda one: parameters(one, left))(x)
    params = jax.tree.map(lambda leaf: leaf[None], each)  # [1, R]: a number per history
    _, codes, kept = simulate_chunk(begin, params, words, first, epoch, counts, trajectories=len(counts))
    return codes, jnp.moveaxis(kept["orientation"][closes, 0], (0, 1, 2), (2, 1, 0))


def simulated(
    order: Order, x: Values, seed: int, when: npt.NDArray[np.integer], progress: Progress | None = None
) -> tuple[Crises, Values]:
    """Histories left to the dice from the scenario's start, history r with parameters `x[r]`: their crises, and the
    patron's share of ties at the opening of the quarters `when`, [R, N, T]."""
    begin = opening(unscripted(order))
    size, runs = chunk_size(), len(x)
    words = tuple(np.uint32(word) for word in split_seed(seed))
    closes = np.asarray(when, np.int32) - 1  # the close of the quarter before
    crises, ties = [], []
    for first in range(0, runs, size):
        here = x[first : first + size]
        padded = np.concatenate([here, np.repeat(here[-1:], size - len(here), axis=0)])
        counts = (np.arange(size) < len(here)).astype(np.float32)
        where = np.uint32(first & 0xFFFFFFFF), np.uint32(first >> 32)
        codes, share = _run(begin, padded, rest(order.parameters), words, *where, counts, closes)
        crises.append(Crises.decode(np.asarray(codes), first, runs))
        ties.append(np.asarray(share)[: len(here)])
        if progress is not None:
            progress(min(first + size, runs), runs)
    return Crises.joined(crises), np.concatenate(ties)

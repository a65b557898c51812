"""Crises counted where they are: on a GPU, whose codes would take longer to send home than histories take to make.

The counts are those of `tally.count_crises` and `tally.per_history`; on a CPU these are faster, since crises are rare.
"""

from __future__ import annotations

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Int32, UInt16

from hegemon.engine.tally import LAYOUT, MOST, Facts
from hegemon.instruments import KINDS, NAMES

FACTS = ("requested", "consented", "survived")


def counted(codes: Any, here: int) -> dict[str, Facts]:
    """Counts over the first `here` histories of a chunk's codes, [Q, N, R], on their device."""
    found = _program()(codes, np.int32(here))
    return {name: np.asarray(count).astype(np.int64) for name, count in found.items()}


@functools.cache
def _program() -> Any:
    return jax.jit(_count)


def _count(codes: UInt16[Array, "Q N R"], here: Int32[Array, ""]) -> dict[str, Int32[Array, "..."]]:
    """One pass over the codes for every number that is counted; each pass reads and adds, and keeps nothing."""
    real = lax.iota(jnp.int32, codes.shape[2]) < here
    codes = jnp.where(real, codes, 0)
    kinds, names = jnp.arange(1, len(KINDS) + 1, dtype=jnp.uint16), jnp.arange(len(NAMES), dtype=jnp.uint16)
    kind, act = codes & 7, LAYOUT["instrument"].of(codes)
    instrument = jnp.where(codes > 0, act, len(NAMES))
    both = kind + 8 * act

    def number(found: Any) -> Any:
        return found.sum(-1, dtype=jnp.int32)

    def of_pair(pair: Any) -> Any:
        return number(both == pair)

    pairs = (kinds[:, None] + 8 * names).reshape(-1)
    event = lax.map(of_pair, pairs).reshape(len(KINDS), len(NAMES), *codes.shape[:2])
    facts = {
        name: jnp.moveaxis(lax.map(lambda k, fact=LAYOUT[name]: number((kind == k) & (fact.of(codes) == 1)), kinds), 0, -1)
        for name in FACTS
    }

    def histories(k: Any) -> Any:
        """How many histories had 0, 1, .. crises of a kind."""
        each = jnp.minimum((kind == k).sum((0, 1), dtype=jnp.int32), MOST)
        return number((each == jnp.arange(MOST + 1)[:, None]) & real)

    used = lax.map(lambda i: (instrument == i).any((0, 1)).sum(dtype=jnp.int32), names)
    return {"event": jnp.moveaxis(event, (0, 1), (2, 3)), **facts, "crises": lax.map(histories, kinds), "used": used}

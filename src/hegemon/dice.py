"""Named dice: every draw is a pure function of (seed, run, quarter, site).

Run 17 is run 17 among twenty or ten million, and a new mechanism moves nobody else's dice. One PCG4D
round (Jarzynski and Olano 2020, JCGT 9(3)) turns (seed, run, quarter) into a key of four words; each site
then mixes its name and the neighbour's number into the key with two multiplications. The combination passes
TestU01's SmallCrush in the orders an ensemble uses it (benchmarks/randomness); plain PCG4D does not.
"""

from __future__ import annotations

import zlib

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, UInt32

Word = UInt32[Array, "*R"]
One = UInt32[Array, ""]


class Key(eqx.Module):
    """The quarter's luck of one run (or of each run of a chunk): four mixed words."""

    words: tuple[Word, Word, Word, Word]


def key(seed: tuple[One, One], run: Word, quarter: One, epoch: One) -> Key:
    """Mix seed (low and high word), run (low word; `epoch` holds the high one) and quarter into a key."""
    x, y, z, w = jnp.broadcast_arrays(run, quarter | (epoch << 16), seed[0], seed[1])
    a, c = jnp.uint32(1664525), jnp.uint32(1013904223)
    x, y, z, w = x * a + c, y * a + c, z * a + c, w * a + c
    for last in (False, True):
        x, y, z, w = x + y * w, y, z, w
        y = y + z * x
        z = z + x * y
        w = w + y * z
        if not last:
            x, y, z, w = x ^ (x >> 16), y ^ (y >> 16), z ^ (z >> 16), w ^ (w >> 16)
    return Key((x, y, z, w))


def bits(dice: Key, site: str, count: int) -> UInt32[Array, " count *R"]:
    """`count` words for a site, numbered along the first axis."""
    x, y, z, w = (word[None] for word in dice.words)
    first = jnp.uint32(zlib.crc32(site.encode()))  # not hash(): that is salted per process
    index = lax.broadcasted_iota(jnp.uint32, (count, *([1] * (x.ndim - 1))), 0)
    name = (first + index) * jnp.uint32(0x9E3779B9)
    mixed = x ^ (name + z)
    mixed = (mixed ^ (mixed >> 16)) * jnp.uint32(0x21F0AAAD)
    mixed = mixed + (y ^ (name >> 7))
    mixed = (mixed ^ (mixed >> 15)) * jnp.uint32(0x735A2D97)
    return mixed ^ (mixed >> 15) ^ w


def uniform(dice: Key, site: str, count: int) -> Float[Array, " count *R"]:
    """Uniforms strictly between 0 and 1 (23 bits, so that the largest is still below 1 in float32)."""
    return ((bits(dice, site, count) >> 9).astype(jnp.float32) + 0.5) * jnp.float32(2.0**-23)


def normal(dice: Key, site: str, count: int) -> Float[Array, " count *R"]:
    """Standard normals, inverted from uniforms, hence monotone in the luck."""
    return jnp.float32(2.0**0.5) * jax.scipy.special.erfinv(2.0 * uniform(dice, site, count) - 1.0)


def split_seed(seed: int) -> tuple[int, int]:
    """Low and high 32-bit word of a seed from 0 to 2^64 - 1."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed {seed} is not between 0 and 2^64 - 1")
    return seed & 0xFFFFFFFF, seed >> 32

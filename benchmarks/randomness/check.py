"""Does dice.c make the words of hegemon.dice? Otherwise no test of its words says anything about the dice.

python check.py    compares words of random seeds, runs (also beyond 2^32), quarters, sites and neighbours
"""

from __future__ import annotations

import argparse
import functools
import subprocess
import sys
import zlib
from pathlib import Path
from unittest import mock

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jaxtyping import Array

from hegemon import dice
from hegemon.drivers import quarter as live
from hegemon.law import standing
from hegemon.opening import opening
from hegemon.order import load

Words = npt.NDArray[np.uint32]

BUILD = Path(__file__).parent / "build"


DEFAULT = load("post-soviet")


def shape() -> tuple[int, int]:
    """Neighbours and quarters of the default order."""
    return len(DEFAULT.states), len(DEFAULT.quarters)


@functools.cache
def sites() -> dict[str, int]:
    """Every site at which a quarter throws dice, with its number of words: read off the engine as it runs."""
    thrown: dict[str, int] = {}

    def noted(luck: dice.Key, site: str, count: int) -> Array:
        thrown[site] = count
        return jnp.zeros(count, jnp.uint32)

    given = opening(DEFAULT)
    world, setting = jax.tree.map(jnp.asarray, (given.world, given.setting))
    script = jax.tree.map(lambda known: jnp.asarray(known[0]), given.script)
    zero = jnp.uint32(0)
    with mock.patch.object(dice, "bits", noted):
        now = standing(world, setting, DEFAULT.parameters)
        live(world, now, setting, DEFAULT.parameters, dice.key((zero, zero), zero, zero, zero), script)
    return thrown


def numbers(names: dict[str, int], neighbours: int) -> npt.NDArray[np.int64]:
    """The numbers of draws as dice.bits forms them, [site, neighbour]; drift has a row for each pole."""
    every = [zlib.crc32(name.encode()) + np.arange(count) for name, count in names.items()]
    return (np.concatenate(every) % 2**32).reshape(-1, neighbours)


def stream(order: str, count: int, draws: npt.NDArray[np.int64], generator: str = "dice") -> Words:
    """Words of the C port in an order of the counters (dice.c says how to write one)."""
    listed = ",".join(str(number) for number in draws.ravel())
    command = [str(BUILD / "words"), generator, order, str(count), listed]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<u4")


def engine(seed: int, run: int, quarter: int, site: str, count: int) -> Words:
    """The same words from hegemon.dice."""
    low, high = dice.split_seed(seed)
    one = [jnp.array(number, jnp.uint32) for number in (low, high, quarter, run // 2**32)]
    key = dice.key((one[0], one[1]), jnp.array([run % 2**32], jnp.uint32), one[2], one[3])
    return np.asarray(dice.bits(key, site, count))[:, 0]


def differences(tries: int, luck: np.random.Generator) -> int:
    """How many of `tries` random blocks differ between C and Python."""
    neighbours, quarters = shape()
    names = list(sites())
    wrong = 0
    for _ in range(tries):
        seed = int(luck.integers(0, 2**64, dtype=np.uint64))
        run = int(luck.integers(0, 2 ** int(luck.integers(4, 47)), dtype=np.uint64))
        quarter, site = int(luck.integers(0, quarters)), str(luck.choice(names))
        count = sites()[site]
        ported = stream(f"d{count},q1@{quarter},r1@{run},s2@{seed}", count, numbers({site: count}, neighbours))
        wrong += not np.array_equal(ported, engine(seed, run, quarter, site, count))
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tries", type=int, default=300)
    tries = parser.parse_args().tries
    every = numbers(sites(), shape()[0]).ravel()
    shared = every.size - len(set(every.tolist()))
    wrong = differences(tries, np.random.default_rng(20220105))
    print(f"{tries} blocks compared, {wrong} differ; {every.size} draws a quarter, {shared} share a number")
    return int(wrong > 0 or shared > 0)


if __name__ == "__main__":
    sys.exit(main())

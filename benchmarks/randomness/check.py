"""Does dice.c make the words of hegemon.dice? Otherwise no test of its words says anything about the dice.

python check.py    compares words of random seeds, runs (also beyond 2^32), quarters, sites and neighbours
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
import zlib
from importlib.resources import files
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from hegemon import dice
from hegemon.drivers import PARTS

Words = npt.NDArray[np.uint32]

BUILD = Path(__file__).parent / "build"


def shape() -> tuple[int, int, int]:
    """Neighbours, poles and quarters of the default scenario."""
    given = tomllib.loads((files("hegemon") / "scenarios" / "post-soviet.toml").read_text())
    first, last = (4 * int(given[end][:4]) + int(given[end][5]) for end in ("start", "end"))
    return len(given["states"]), len(given["poles"]), last - first + 1


def sites(poles: int) -> tuple[str, ...]:
    """Every site at which a quarter throws dice, one word per neighbour (drivers.py)."""
    return *PARTS, "mood", *(f"drift {pole}" for pole in range(poles))


def numbers(names: tuple[str, ...], neighbours: int) -> npt.NDArray[np.int64]:
    """The numbers of all draws of a quarter, [site, neighbour], as dice.bits forms them."""
    first = np.array([zlib.crc32(name.encode()) for name in names])
    return (first[:, None] + np.arange(neighbours)) % 2**32


def stream(order: str, count: int, draws: npt.NDArray[np.int64], generator: str = "dice") -> Words:
    """Words of the C port in an order of the counters (dice.c says how to write one)."""
    listed = ",".join(str(number) for number in draws.ravel())
    command = [str(BUILD / "words"), generator, order, str(count), listed]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<u4")


def engine(seed: int, run: int, quarter: int, site: str, neighbours: int) -> Words:
    """The same words from hegemon.dice."""
    low, high = dice.split_seed(seed)
    one = [jnp.array([number], jnp.uint32) for number in (low, high, run % 2**32, quarter, run // 2**32)]
    key = dice.key((one[0], one[1]), one[2], one[3], one[4])
    return np.asarray(dice.bits(key, site, neighbours))[:, 0]


def differences(tries: int, luck: np.random.Generator) -> int:
    """How many of `tries` random blocks differ between C and Python."""
    neighbours, poles, quarters = shape()
    names = sites(poles)
    wrong = 0
    for _ in range(tries):
        seed = int(luck.integers(0, 2**64, dtype=np.uint64))
        run = int(luck.integers(0, 2 ** int(luck.integers(4, 47)), dtype=np.uint64))
        quarter, site = int(luck.integers(0, quarters)), str(luck.choice(names))
        draws = numbers((site,), neighbours)
        order = f"d{neighbours},q1@{quarter},r1@{run},s2@{seed}"
        ported = stream(order, neighbours, draws)
        wrong += not np.array_equal(ported, engine(seed, run, quarter, site, neighbours))
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tries", type=int, default=300)
    tries = parser.parse_args().tries
    neighbours, poles, _ = shape()
    every = numbers(sites(poles), neighbours).ravel()
    shared = every.size - len(set(every.tolist()))
    wrong = differences(tries, np.random.default_rng(20220105))
    print(f"{tries} blocks compared, {wrong} differ; {every.size} draws a quarter, {shared} share a number")
    return int(wrong > 0 or shared > 0)


if __name__ == "__main__":
    sys.exit(main())

"""Are words that sit next to each other independent? Tests with exact null distributions.

TestU01 reads one long stream. A model compares what is adjacent: the same state a quarter later, the same
quarter in the next run, the next state, the next site, the next seed. These tests take words along each
of those axes. Every one returns a two-sided p-value; small is bad.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from check import Words, numbers, shape, sites, stream
from scipy import stats

Counts = npt.NDArray[np.int64]


def two_sided(upper: float, lower: float) -> float:
    """From P(X >= x) and P(X <= x)."""
    return float(min(1.0, 2.0 * min(upper, lower)))


def chi_square(seen: Counts, expected: npt.NDArray[np.float64]) -> float:
    """Both tails: too even is as bad as too uneven."""
    value = float(((seen - expected) ** 2 / expected).sum())
    return two_sided(float(stats.chi2.sf(value, seen.size - 1)), float(stats.chi2.cdf(value, seen.size - 1)))


def binomial_fit(ones: npt.NDArray[np.integer], size: int) -> float:
    """Counts of ones against Binomial(size, 1/2), cells below ten expected joined to the tails."""
    chance = stats.binom.pmf(np.arange(size + 1), size, 0.5)
    low = int(np.argmax(np.cumsum(chance) * ones.size >= 10.0))
    seen = np.bincount(np.clip(ones, low, size - low), minlength=size + 1)[low : size - low + 1]
    inside = chance[low : size - low + 1].copy()
    inside[0], inside[-1] = chance[: low + 1].sum(), chance[size - low :].sum()
    return chi_square(seen, inside * ones.size)


def hamming(one: Words, two: Words) -> float:
    """How many of the 32 bits differ: binomial."""
    return binomial_fit(np.bitwise_count(one ^ two), 32)


def joint(one: Words, two: Words, drop: int) -> float:
    """Bytes of both words in a table of 65,536 equally likely cells; `drop` low bits are left out first."""
    cells = ((one >> np.uint32(drop)) & 255).astype(np.int64) * 256 + ((two >> np.uint32(drop)) & 255)
    return chi_square(np.bincount(cells, minlength=65536), np.full(65536, one.size / 65536))


def serial(one: Words, two: Words) -> float:
    """Correlation of the two uniforms: normal with variance 1 / n."""
    u, v = (word / 2.0**32 - 0.5 for word in (one, two))
    return float(2.0 * stats.norm.sf(abs(12.0 * (u * v).mean() * np.sqrt(u.size))))


def signs(words: Words) -> npt.NDArray[np.float32]:
    """Bits as +1 and -1, [word, bit]."""
    ones = np.unpackbits(words.astype("<u4").view(np.uint8).reshape(-1, 4), axis=1)
    return 2.0 * ones.astype(np.float32) - 1.0


def crossed(one: Words, two: Words) -> float:
    """Every bit of one with every bit of the other, 1,024 correlations; Sidak's p-value of the largest."""
    total = np.zeros((32, 32))
    for a, b in zip(np.array_split(one, 64), np.array_split(two, 64), strict=True):
        total += signs(a).T @ signs(b)
    least = 2.0 * stats.norm.sf(np.abs(total).max() / np.sqrt(one.size))
    return float(-np.expm1(1024 * np.log1p(-min(least, 1.0 - 1e-16))))


def collisions(one: Words, two: Words) -> float:
    """Pairs thrown into 2^36 cells (18 high bits of each): repeats are Poisson."""
    cells = (one >> np.uint32(14)).astype(np.uint64) << np.uint64(18) | (two >> np.uint32(14))
    n = cells.size
    repeats, mean = n - np.unique(cells).size, n * (n - 1) / 2.0 / 2**36
    return two_sided(float(stats.poisson.sf(repeats - 1, mean)), float(stats.poisson.cdf(repeats, mean)))


def birthdays(one: Words, two: Words, each: int = 2**14) -> float:
    """Spacings of 2^14 birthdays in a year of 2^40 days (20 high bits of each word): Poisson(1) are equal."""
    days = (one >> np.uint32(12)).astype(np.uint64) << np.uint64(20) | (two >> np.uint32(12))
    years = days[: days.size // each * each].reshape(-1, each)
    spacings = np.sort(np.diff(np.sort(years, axis=1), axis=1), axis=1)
    equal, mean = int((np.diff(spacings, axis=1) == 0).sum()), years.shape[0] * each**3 / 2.0**42
    return two_sided(float(stats.poisson.sf(equal - 1, mean)), float(stats.poisson.cdf(equal, mean)))


def walk(block: Words) -> float:
    """Random walk of the highest bit along the axis: steps up are binomial."""
    length = block.shape[1] // 2 * 2
    return binomial_fit((block[:, :length] >> np.uint32(31)).sum(1).astype(np.int64), length)


def blocks(generator: str, seed: int, words: int) -> Iterator[tuple[str, Words]]:
    """Words along each axis, [block, place on the axis]."""
    neighbours, quarters = shape()
    draws = numbers(sites(), neighbours)
    count = draws.size
    plans = {
        "next neighbour": (neighbours, draws, f"d{count},q{quarters},r0,s1@{seed}"),
        "next site": (draws.shape[0], draws.T, f"d{count},q{quarters},r0,s1@{seed}"),
        "next quarter": (quarters, draws, f"q{quarters},d{count},r0,s1@{seed}"),
        "next run": (128, draws, f"r128,d{count},q{quarters},s0@{seed}"),
        "next seed": (128, draws, f"s128@{seed},d{count},q{quarters},r0"),
    }
    for axis, (length, order_of_draws, order) in plans.items():
        yield axis, stream(order, words // length * length, order_of_draws, generator).reshape(-1, length)


def nearby(generator: str, seed: int, words: int = 2**22) -> dict[str, float]:
    """Two-sided p-value of every test on every axis, by "axis: test"."""
    found = {}
    for axis, block in blocks(generator, seed, words):
        for offset in (0, 1):
            pairs = block[:, offset : offset + (block.shape[1] - offset) // 2 * 2].reshape(-1, 2)
            one, two = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
            name = f"{axis}{', odd' if offset else ''}: "
            found[name + "bits that differ"] = hamming(one, two)
            found[name + "high bytes"] = joint(one, two, 24)
            found[name + "low bytes in use"] = joint(one, two, 9)
            found[name + "correlation"] = serial(one, two)
            found[name + "bit by bit"] = crossed(one, two)
            found[name + "collisions"] = collisions(one, two)
            found[name + "birthday spacings"] = birthdays(one, two)
        found[f"{axis}: walk"] = walk(block)
    return found

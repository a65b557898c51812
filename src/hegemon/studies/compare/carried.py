"""What carries a difference: the same comparison with one mechanism switched off in both orders, mechanism by mechanism.

What is left without a mechanism is what the others make of the change; the rest ran through it. Shares need not add up to
one: what two mechanisms make together is lost with either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.engine.histories import Chunk, Ensemble
from hegemon.engine.jobs import Workers
from hegemon.engine.readings import Question as Wanted
from hegemon.engine.readings import Readings
from hegemon.engine.sets import Sets
from hegemon.inference.levels import stood
from hegemon.measures import SHARED
from hegemon.mechanisms import BY_NAME
from hegemon.order import Order
from hegemon.studies.compare.moments import Asked, mean_and_variance, moments, outcomes

PAIRS = 1_024
"""Pairs on which shares are measured, at most: a share needs no more."""

COLUMNS = ("mechanism", "measure", "state", "whole", "whole_error", "left", "left_error")


def switched(first: Order, second: Order) -> tuple[str, ...]:
    """Mechanisms that are on in both orders, and so can be taken away from both."""
    return tuple(name for name in BY_NAME if name not in first.off and name not in second.off)


def pairs_asked(first: Order, second: Order, runs: int) -> int:
    """Pairs that are simulated to measure it."""
    return min(runs, PAIRS) * (1 + len(switched(first, second)))


def read(at: int, quarters: int, asked: tuple[Asked, ...], one: Chunk, other: Chunk) -> dict[str, npt.NDArray[Any]]:
    """What is needed of a chunk of pairs: moments of every measure at a quarter, and of what becomes of crises that are given."""
    found: dict[str, npt.NDArray[Any]] = {"pairs": np.array(one.runs)}
    for name, values in one.measures.items():
        first, second = values[at], other.measures[name][at]
        found[name] = moments(first[0], second[0]) if name == "orientation" else moments(first, second)
    first_, second_ = (outcomes(chunk, asked, quarters) for chunk in (one, other))
    return found | {name: moments(first_[name], second_[name]) for name in first_}


def carried(
    first: Order, second: Order, quarter: str, asked: tuple[Asked, ...], *, runs: int, seed: int,
    sets: Sequence[Sets | None], workers: Workers, folder: Path | None = None, tick: Callable[[int], None] = lambda done: None,
) -> pd.DataFrame:  # fmt: skip
    """Every difference at the close of a quarter, and what is left of it without each mechanism, a row each.

    whole, left              mean differences, with all mechanisms and without this one; of ties, those with the patron
    whole_error, left_error  their standard errors of simulation
    tick                     is told how many pairs are through
    """
    names, runs, at = switched(first, second), min(runs, PAIRS), first.quarters.index(quarter)
    quarters = min(len(first.quarters), len(second.quarters))
    orders = [(first, second), *((first.without(name), second.without(name)) for name in names)]
    wanted = tuple(
        Wanted(tuple(Ensemble(order, runs, seed, each, stand=stood(order)) for order, each in zip(pair, sets, strict=True)),
               partial(read, at, quarters, asked), f"what carries it at {quarter}")
        for pair in orders
    )  # fmt: skip
    sums: list[dict[str, Any]] = [{} for _ in wanted]
    done = 0
    for number, reading in Readings(wanted, workers, folder):
        for name, part in reading.items():
            sums[number][name] = sums[number][name] + part if name in sums[number] else part
        done += int(reading["pairs"])
        tick(done)
    whole, *left = (dict(_differences(found, first.states)) for found in sums)
    rows = [(name, *key, *whole[key], *without[key]) for name, without in zip(names, left, strict=True) for key in whole]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _differences(found: dict[str, Any], states: Sequence[str]) -> Iterator[tuple[tuple[str, str], tuple[float, float]]]:
    """Mean differences with their standard errors, by measure and neighbour; what is the order's own, or was asked, has none."""
    pairs = int(found["pairs"])
    for name, sums in found.items():
        if name == "pairs":
            continue
        mean, variance = (np.atleast_1d(each[2]) for each in mean_and_variance(sums, pairs))
        where = [""] if name in SHARED or ":" in name else states
        for state, gap, spread in zip(where, mean, variance, strict=True):
            yield (name, state), (float(gap), float(np.sqrt(spread / pairs)))

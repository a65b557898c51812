"""Sums over pairs of histories, and what is counted of the crises that a comparison is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon.engine.histories import Chunk
from hegemon.instruments import NAMES
from hegemon.order import Order

Numbers = npt.NDArray[np.float64]


def moments(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> Numbers:
    """Sums over pairs, which are the last axis, and sums of squares, [2, 3, ...]: of the first, the second, the difference."""
    pair = [first.astype(np.float64), second.astype(np.float64)]
    three = [*pair, pair[1] - pair[0]]
    return np.stack([np.stack([x.sum(-1) for x in three]), np.stack([(x * x).sum(-1) for x in three])])


def mean_and_variance(sums: Numbers, pairs: int) -> tuple[Numbers, Numbers]:
    """Mean, and unbiased variance over pairs, of first, second and difference, [3, ...] each."""
    total, square = sums
    spread = np.maximum(square - total**2 / pairs, 0.0)
    return np.asarray(total / pairs), np.asarray(spread / max(pairs - 1, 1))


@dataclass(frozen=True)
class Asked:
    """A crisis that is given in one of the orders or in both: what the comparison is about."""

    name: str  # quarter and neighbour: "2022Q1 KAZ"
    quarter: int
    state: int
    answers: bool  # whether an order leaves the patron's answer to the dice


def asked_about(first: Order, second: Order, quarters: int) -> tuple[Asked, ...]:
    """The crises that are given, each once."""
    found: dict[str, Asked] = {}
    given = [force for order in (first, second) for force in order.scenario.force]
    for force in given:
        name, at = f"{force.quarter} {force.state}", first.quarters.index(force.quarter)
        told = [f.instrument for f in given if (f.quarter, f.state) == (force.quarter, force.state)]
        if at < quarters:
            found[name] = Asked(name, at, first.states.index(force.state), len(told) < 2 or None in told)
    return tuple(found.values())


def outcomes(chunk: Chunk, asked: tuple[Asked, ...], quarters: int) -> dict[str, npt.NDArray[Any]]:
    """History by history of a chunk, what became of each crisis that is given: "asked:2022Q1 KAZ survived", and which answer it
    had, where an order leaves that open."""
    c = chunk.crises
    early = c.quarter < quarters
    run, fell, state, quarter = (c.run - chunk.first)[early], c.survived[early] == 0, c.state[early], c.quarter[early]
    found: dict[str, npt.NDArray[Any]] = {}
    for each in asked:
        here = state == each.state
        it = here & (quarter == each.quarter)
        found[f"asked:{each.name} survived"] = np.bincount(run[it & (c.survived[early] == 1)], minlength=chunk.runs)
        later = np.bincount(run[here & fell & (quarter >= each.quarter)], minlength=chunk.runs)
        found[f"asked:{each.name} lasted"] = (later == 0).astype(later.dtype)
        for code, name in enumerate(NAMES) if each.answers else ():
            found[f"asked:{each.name} {name}"] = np.bincount(run[it & (c.instrument[early] == code)], minlength=chunk.runs)
    return found

"""What an estimand looks at in a history: a few sums per history, and the number that their means give.

Every outcome is a smooth function of means over histories, so that its error follows from the histories' scatter by the
delta method. Sums are kept per history, because paired differences need them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from hegemon.engine.histories import Chunk
from hegemon.engine.tally import Crises
from hegemon.instruments import KINDS, NAMES, SIDES
from hegemon.ledgers.tables import Crises as Choice
from hegemon.ledgers.tables import Estimand
from hegemon.measures import SHARED
from hegemon.opening import LEANINGS
from hegemon.quarters import index, span
from hegemon.scenarios.schema import Scenario

Numbers = npt.NDArray[np.float64]
Yes = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Outcome:
    """How a number is read off histories.

    kind   "mean", "ratio" (of the first sum to the second) or "entropy" (of the sums' shares)
    sums   of each history of a chunk, [R, C]
    """

    kind: str
    sums: partial[Numbers]

    @property
    def text(self) -> str:
        """All that decides the sums."""
        return f"{self.sums.func.__name__}{self.sums.args}"


@dataclass(frozen=True)
class Place:
    """Names and clock of an order's arrays."""

    states: tuple[str, ...]
    poles: tuple[str, ...]
    quarters: tuple[str, ...]


def place(scenario: Scenario) -> Place:
    """Of a scenario. Arrays list neighbours alphabetically."""
    poles = tuple(pole.id for pole in scenario.poles)
    return Place(tuple(sorted(scenario.states)), poles, tuple(span(scenario.start, scenario.end)))


def outcomes(e: Estimand, at: Place) -> tuple[Outcome, ...]:
    """One outcome; two, where crises of an order are compared with others of the same order."""
    groups = [e.of] if e.against is None else [e.of, e.against]
    pole = at.poles.index(e.pole) if e.pole is not None else 0
    if e.count is not None:
        return (Outcome("mean", partial(_counted, e.count, at)),)
    if e.versatility is not None:
        return (Outcome("entropy", partial(_answers, e.versatility, at)),)
    if e.share is not None:
        return tuple(Outcome("ratio", partial(_share, e.share, of or Choice(), at)) for of in groups)
    weights = e.measure or {}
    if e.of is not None:
        after = e.after or 1
        return tuple(Outcome("ratio", partial(_moved, weights, pole, of or Choice(), after, at)) for of in groups)
    first, last = (at.quarters.index(quarter) for quarter in e.when or (at.quarters[-1], at.quarters[-1]))
    since = None if e.since is None else at.quarters.index(e.since)
    who = [at.states.index(state) for state in e.who or at.states]
    return (Outcome("mean", partial(_measured, weights, pole, slice(first, last + 1), since, who)),)


def values(chunk: Chunk, name: str, pole: int) -> npt.NDArray[np.float32]:
    """A measure of every neighbour, [Q, N, R], or of the whole order, [Q, R]."""
    if name == "orientation":
        return chunk.measures["orientation"][:, pole]
    if name == "breach":
        return np.maximum(chunk.measures["red_line"] - chunk.measures["orientation"][:, 0], 0.0)
    return chunk.measures[name]


def _measured(
    weights: Mapping[str, float], pole: int, spell: slice, since: int | None, who: Sequence[int], chunk: Chunk
) -> Numbers:
    """Mean over neighbours and quarters, or its change since a quarter."""
    total = np.zeros(chunk.runs)
    for name, weight in weights.items():
        path = values(chunk, name, pole)
        path = path if name in SHARED else path[:, who].mean(1, dtype=np.float64)
        now = path[spell].mean(0, dtype=np.float64)
        total += weight * (now if since is None else now - path[since])
    return total[:, None]


def _per_history(chunk: Chunk, run: npt.NDArray[np.int64], weight: Numbers | None = None) -> Numbers:
    return np.bincount(run - chunk.first, weight, minlength=chunk.runs).astype(float)


def _counted(choice: Choice, at: Place, chunk: Chunk) -> Numbers:
    return _per_history(chunk, chunk.crises.run[chosen(choice, chunk, at)])[:, None]


def _share(share: Choice, of: Choice, at: Place, chunk: Chunk) -> Numbers:
    there = chosen(of, chunk, at)
    both = there & chosen(share, chunk, at)
    return np.stack([_per_history(chunk, chunk.crises.run[yes]) for yes in (both, there)], 1)


def _answers(choice: Choice, at: Place, chunk: Chunk) -> Numbers:
    c, there = chunk.crises, chosen(choice, chunk, at)
    return np.stack([_per_history(chunk, c.run[there & (c.instrument == k)]) for k in range(len(NAMES))], 1)


def _moved(weights: Mapping[str, float], pole: int, of: Choice, after: int, at: Place, chunk: Chunk) -> Numbers:
    """Change in the neighbour in crisis, from the quarter before it to `after` quarters later, summed; and their number."""
    c = chunk.crises
    there = chosen(of, chunk, at) & (c.quarter >= 1) & (c.quarter + after < len(at.quarters))
    run, quarter, state = c.run[there], c.quarter[there], c.state[there]
    change = np.zeros(len(run))
    for name, weight in weights.items():
        path = values(chunk, name, pole)
        change += weight * (path[quarter + after, state, run - chunk.first].astype(float)
                            - path[quarter - 1, state, run - chunk.first])  # fmt: skip
    return np.stack([_per_history(chunk, run, change), _per_history(chunk, run)], 1)


def chosen(choice: Choice, chunk: Chunk, at: Place) -> Yes:
    """Which crises of a chunk agree with a choice. What was before the first quarter is not known, hence not chosen."""
    c = chunk.crises
    yes = agree(choice, c, at)
    for name, (low, high) in choice.before.items():
        known = c.quarter >= 1
        value = values(chunk, name, 0)[np.maximum(c.quarter - 1, 0), c.state, c.run - chunk.first]
        yes &= known & (value >= low) & (value <= high)
    return yes


def agree(choice: Choice, c: Crises, at: Place) -> Yes:
    """Which crises agree with the facts of a choice."""
    yes = np.ones(len(c.run), bool)
    codes = {"kind": KINDS, "instrument": NAMES, "side": SIDES, "state": at.states, "line": LEANINGS, "successor": LEANINGS}
    for name, known in codes.items():
        if (wanted := getattr(choice, name)) is not None:
            yes &= np.isin(getattr(c, name), [known.index(word) for word in wanted])
    if choice.severity is not None:
        yes &= np.isin(c.severity, choice.severity)
    if choice.successor is not None:
        yes &= c.survived == 0
    for name in ("requested", "consented", "survived"):
        if (fact := getattr(choice, name)) is not None:
            yes &= getattr(c, name) == int(fact)
    begin = index(at.quarters[0])
    if choice.from_ is not None:
        yes &= c.quarter >= index(choice.from_) - begin
    if choice.to is not None:
        yes &= c.quarter <= index(choice.to) - begin
    return yes

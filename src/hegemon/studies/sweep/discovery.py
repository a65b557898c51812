"""Scenario discovery: boxes of parameters in which something happens (PRIM; Friedman and Fisher 1999, Stat. Comput. 9:123).

The box starts as the whole space. Thin slices are peeled off, each time the one whose loss leaves the highest share of cases
of interest; of all boxes on the way the one is taken that best joins coverage (share of the cases of interest that lie
inside) and density (share of the box that is of interest), by their harmonic mean. Slices are pasted back while that mean
grows, and limits that chance may have set are dropped (Bryant and Lempert 2010, Technol. Forecast. Soc. Change 77:34). A
third of the sets takes no part in the search: it judges what was found.

Written here because the libraries do not fit: PRIM is under the GPL, EMA Workbench needs a library that is, and pysubgroup
needs an older NumPy. The peeling gives their boxes to the last digit (tests/known_results/test_discovery.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hegemon.studies.sweep.designs import Unit

Yes = npt.NDArray[np.bool_]

SLICE = 0.05
"""Share of a box that is peeled off or pasted on at once."""

SMALLEST = 0.05
"""Least share of the sets that a box may hold."""

CHANCE = 0.05
"""Limits with a larger quasi-p-value are dropped."""

WORTH = 0.1
"""Least coverage of a box."""


@dataclass(frozen=True)
class Limit:
    """A parameter's part of a box, as quantiles of its prior; `p` is the quasi-p-value."""

    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Score:
    """How well a box does among some sets.

    coverage  share of the cases of interest that it holds
    density   share of the sets in it that are of interest
    inside    sets in it
    sets      sets in all
    """

    coverage: float
    density: float
    inside: int
    sets: int


@dataclass(frozen=True)
class Box:
    """Where something happens. Sets in earlier boxes do not count for a later one.

    limits  by parameter; what is not named is not restricted
    found   among the sets that it was found in
    judged  among the sets kept for judging
    """

    limits: Mapping[str, Limit]
    found: Score
    judged: Score


def boxes(names: Sequence[str], unit: Unit, interest: Yes, most: int = 3) -> list[Box]:
    """At most so many boxes, the first holding most. None where nothing is better than the whole space."""
    judge = np.arange(len(unit)) % 3 == 2
    free = np.ones(len(unit), bool)
    result: list[Box] = []
    while len(result) < most:
        seek = ~judge & free
        ends, p = _needed(unit[seek], interest[seek], _best(unit[seek], interest[seek]))
        low, high = np.clip(ends, 0.0, 1.0)
        limits = {names[d]: Limit(low[d], high[d], p[d]) for d in sorted(p, key=lambda d: p[d])}
        inside = within(unit, *ends)
        if not limits:
            break
        box = Box(limits, *(_score(inside & free, interest, part) for part in (~judge, judge)))
        if box.found.coverage < WORTH or box.found.density <= interest[~judge].mean():
            break
        result.append(box)
        free &= ~inside
        if not (interest & free & ~judge).any():
            break
    return result


def within(unit: Unit, low: Unit, high: Unit) -> Yes:
    """Which sets lie in a box."""
    return np.asarray(((unit >= low) & (unit <= high)).all(1))


def _score(inside: Yes, interest: Yes, part: Yes) -> Score:
    hits, size, all_ = int((inside & interest & part).sum()), int((inside & part).sum()), int((interest & part).sum())
    return Score(hits / max(all_, 1), hits / max(size, 1), size, int(part.sum()))


def peel(unit: Unit, interest: Yes) -> Iterator[Unit]:
    """Lower and upper limits of the whole space and of ever smaller boxes, [2, D]."""
    ends = np.repeat([[-np.inf], [np.inf]], unit.shape[1], axis=1)
    here = np.arange(len(unit))
    yield ends
    while not interest[here].all():
        cut = int(SLICE * (len(here) - 1)) + 1
        if len(here) - cut < max(SMALLEST * len(unit), 2):
            return
        x, y = unit[here], interest[here].astype(float)
        ranked = np.argsort(x, axis=0, kind="stable")
        lost = np.stack([y[ranked[:cut]].sum(0), y[ranked[-cut:]].sum(0)])  # [2, D]
        side, axis = (int(i) for i in np.unravel_index(int(lost.argmin()), lost.shape))
        order, at = ranked[:, axis], cut if side == 0 else len(here) - cut
        between = 0.5 * float(x[order[at - 1], axis] + x[order[at], axis])
        here = here[np.sort(order[at:] if side == 0 else order[:at])]
        ends = ends.copy()
        ends[side, axis] = between
        yield ends


def _best(unit: Unit, interest: Yes) -> Unit:
    """The best box on the way of peeling, with what is pasted back."""

    def merit(box: Unit) -> float:
        """Harmonic mean of coverage and density."""
        inside = within(unit, *box)
        return 2.0 * float((inside & interest).sum()) / max(float(inside.sum() + interest.sum()), 1.0)

    best = max(peel(unit, interest), key=merit)
    while (wider := max([best, *_pasted(unit, best)], key=merit)) is not best:
        best = wider
    return best


def _pasted(unit: Unit, ends: Unit) -> Iterator[Unit]:
    """The box, wider by a slice on one side."""
    size = max(int(SLICE * within(unit, *ends).sum()), 1)
    for axis, side in np.argwhere(np.isfinite(ends.T)):
        sign = 2.0 * side - 1.0
        wider = ends.copy()
        wider[side, axis] = sign * np.inf
        beyond = unit[within(unit, *wider), axis] * sign
        beyond = np.sort(beyond[beyond > ends[side, axis] * sign])
        if len(beyond) > size:
            wider[side, axis] = beyond[size - 1] * sign
        yield wider


def _needed(unit: Unit, interest: Yes, ends: Unit) -> tuple[Unit, dict[int, float]]:
    """The box without limits that chance may have set, and the quasi-p-values of those that stay, by axis.

    The probability of as many cases of interest in the box, were its density that of the box without this limit.
    """
    from scipy.stats import binom

    while True:
        inside = within(unit, *ends)
        p, without = {}, {}
        for axis in np.flatnonzero(np.isfinite(ends).any(0)):
            wide = without[int(axis)] = ends.copy()
            wide[:, axis] = -np.inf, np.inf
            density = float(interest[within(unit, *wide)].mean())
            p[int(axis)] = float(binom.sf(int(interest[inside].sum()) - 1, int(inside.sum()), density))
        worst = max(p, key=lambda axis: p[axis], default=None)
        if worst is None or p[worst] <= CHANCE:
            return ends, p
        ends = without[worst]

"""Where to look: designs on the unit cube, one axis per parameter, by SALib.

A coordinate is a quantile of the parameter's prior, so that a uniform design draws from the priors. What the coordinates
mean is the business of whoever evaluates them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon.errors import BadValue, OutOfRange

Unit = npt.NDArray[np.float64]

KINDS = ("sobol", "latin", "morris")
SETS = {"sobol": 512, "latin": 2048, "morris": 16}
"""Base sets, sets and trajectories where the user names no number."""

FEWEST = {"sobol": 64, "latin": 64, "morris": 4}
MOST = 2**20

LEVELS = 4
EDGE = 0.05
"""Morris's steps run between the 5th and the 95th percentile of a prior."""

REST = "everything else"
"""The factor that holds all parameters that are varied and not looked at one by one."""


@dataclass(frozen=True)
class Space:
    """What is varied.

    names   parameters, one per axis
    factor  of each parameter: its own name, or the group in which it moves with others
    """

    names: tuple[str, ...]
    factor: tuple[str, ...]

    @property
    def factors(self) -> tuple[str, ...]:
        """Factors in the order in which they first appear."""
        return tuple(dict.fromkeys(self.factor))

    def problem(self, low: float = 0.0, high: float = 1.0) -> dict[str, Any]:
        """The space as SALib wants it."""
        problem = {"num_vars": len(self.names), "names": list(self.names), "bounds": [[low, high]] * len(self.names)}
        return problem if self.factor == self.names else {**problem, "groups": list(self.factor)}


def alone(names: Sequence[str]) -> Space:
    """Every parameter a factor of its own."""
    return Space(tuple(names), tuple(names))


@dataclass(frozen=True)
class Design:
    """Sets of parameters to evaluate.

    kind   of `KINDS`
    space  what is varied
    sets   base sets (Sobol), sets (Latin hypercube), trajectories (Morris)
    unit   [S, D], quantiles of the priors
    """

    kind: str
    space: Space
    sets: int
    unit: Unit

    @property
    def independent(self) -> npt.NDArray[np.int64]:
        """Numbers of the sets that are draws from the priors, independent of each other or nearly so."""
        if self.kind == "sobol":
            step, all_ = len(self.space.factors) + 2, np.arange(len(self.unit))
            return all_[np.isin(all_ % step, (0, step - 1))]
        return np.arange(0 if self.kind == "morris" else len(self.unit))


def check(kind: str, sets: int, parameters: int) -> None:
    """Raise `UserError` unless such a design can be made."""
    if kind not in KINDS:
        raise BadValue(f"no design is called {kind}", f"Known: {', '.join(KINDS)}.")
    if not FEWEST[kind] <= sets <= MOST:
        what = {"sobol": "base sets", "latin": "sets", "morris": "trajectories"}[kind]
        raise OutOfRange(f"{sets} {what}", f"Ask for {FEWEST[kind]} to {MOST:,} with --sets.")
    if kind == "sobol" and sets & (sets - 1):
        remedy = f"Sobol sequences need one: ask for {2 ** round(np.log2(sets))} with --sets."
        raise BadValue(f"{sets} base sets are no power of two", remedy)
    if kind == "latin" and sets < (need := 2 * parameters + 2):
        remedy = f"Ask for at least {need} with --sets, or vary fewer with --over."
        raise OutOfRange(f"{sets} sets are too few for {parameters} parameters", remedy)


def make(kind: str, space: Space, sets: int, seed: int, stage: int = 0) -> Design:
    """A design. The same seed gives the same; `stage` tells designs of one study apart. Raises as `check` does."""
    check(kind, sets, len(space.names))
    from SALib.sample import latin, morris, sobol

    rng = np.random.default_rng([seed & 0xFFFFFFFF, seed >> 32, stage])
    if kind == "latin":
        unit = latin.sample(alone(space.names).problem(), sets, seed=rng)
    elif kind == "sobol":
        unit = sobol.sample(space.problem(), sets, calc_second_order=False, seed=rng)
    else:
        problem = space.problem(EDGE, 1.0 - EDGE)
        unit = morris.sample(problem, sets, num_levels=LEVELS, local_optimization=False, seed=rng)
    return Design(kind, space, sets, np.asarray(unit, float))

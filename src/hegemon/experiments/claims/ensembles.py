"""The ensembles that claims need: each order simulated once, whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from hegemon.claims.sides import Given
from hegemon.experiments.claims.draws import Draws
from hegemon.experiments.claims.outcomes import Outcome

Numbers = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

NEVER = -60.0
"""Log-odds at which an instrument is never chosen."""


@dataclass(frozen=True)
class Wanted:
    """An ensemble: an order, with mechanisms switched off besides, over draws of the parameters.

    runs  histories per draw; history s * runs + r is the r-th of draw s, so that no two draws share their luck
    """

    given: Given
    off: tuple[str, ...]
    draws: Draws
    runs: int
    seed: int

    @property
    def key(self) -> tuple[str, tuple[str, ...], str, int, int]:
        """Equal keys are the same histories."""
        return self.given.key, tuple(sorted(self.off)), self.draws.hash, self.runs, self.seed

    @property
    def size(self) -> int:
        """Histories."""
        return len(self.draws.values) * self.runs


@dataclass
class Pool:
    """Sums of the histories simulated so far, by ensemble and by who asked.

    Ensembles are simulated when they are first needed; by then everybody who will need one has asked.
    """

    progress: Progress = lambda done, total: None
    asked: dict[object, tuple[Wanted, dict[object, Outcome]]] = field(default_factory=dict)
    kept: dict[object, dict[object, Numbers]] = field(default_factory=dict)
    done: int = 0

    def ask(self, wanted: Wanted, who: object, outcome: Outcome) -> None:
        """Say that an ensemble's outcome will be needed."""
        self.asked.setdefault(wanted.key, (wanted, {}))[1][who] = outcome

    def sums(self, wanted: Wanted, who: object) -> Numbers:
        """An outcome's sums, [S, R, C]: draw, history, sum."""
        if wanted.key not in self.kept:
            self.kept[wanted.key] = self._simulate(wanted)
        return self.kept[wanted.key][who]

    @property
    def total(self) -> int:
        """Histories asked for."""
        return sum(wanted.size for wanted, _ in self.asked.values())

    def _simulate(self, wanted: Wanted) -> dict[object, Numbers]:
        outcomes = self.asked[wanted.key][1]
        parts: dict[object, list[Numbers]] = {who: [] for who in outcomes}
        for runs, found in _pass(wanted, outcomes):
            for who, sums in found.items():
                parts[who].append(sums)
            self.done += runs
            self.progress(self.done, self.total)
        draws = len(wanted.draws.values)
        return {who: np.concatenate(found).reshape(draws, wanted.runs, -1) for who, found in parts.items()}


def _pass(wanted: Wanted, outcomes: dict[object, Outcome]) -> Iterator[tuple[int, dict[object, Numbers]]]:
    """One pass over an ensemble's histories: everybody's sums, chunk by chunk."""
    from hegemon.ensemble.histories import histories
    from hegemon.order import from_scenario

    scenario = wanted.given.scenario
    plain = scenario.model_copy(update={"posterior": None})  # every history brings its own parameters
    order = from_scenario(plain).without(*wanted.off)
    seed = wanted.seed if wanted.given.luck == 0 else (wanted.seed + 2**63) % 2**64
    for chunk in histories(order, wanted.size, seed, sets=parameter_sets(wanted)):
        yield chunk.runs, {who: outcome.sums(chunk) for who, outcome in outcomes.items()}


def parameter_sets(wanted: Wanted) -> npt.NDArray[np.float32]:
    """Parameters of each history: its draw's, but for what the order itself sets or forbids."""
    from hegemon.inference.vector import FREE

    sets = np.array(wanted.draws.values, np.float32)
    for block, fields in wanted.given.scenario.parameters.items():
        for name, value in fields.items():
            if f"{block}.{name}" in FREE:
                sets[:, FREE.index(f"{block}.{name}")] = value
    for instrument in wanted.given.forbid:
        sets[:, FREE.index(f"{instrument}.habit")] = NEVER
    return np.repeat(sets, wanted.runs, axis=0)

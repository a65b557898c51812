"""The ensembles that claims need: each order simulated once, whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hegemon.engine.chunk_cache import Reading
from hegemon.engine.histories import Chunk, Ensemble
from hegemon.engine.jobs import Workers
from hegemon.engine.readings import Question, Readings
from hegemon.engine.sets import Sets
from hegemon.inference.vector import FREE
from hegemon.ledgers.sides import Variant
from hegemon.order import from_scenario
from hegemon.studies.claims.draws import Draws
from hegemon.studies.claims.outcomes import Numbers, Outcome
from hegemon.studies.study import Progress

NEVER = -60.0
"""Log-odds at which an instrument is never chosen."""


@dataclass(frozen=True)
class EnsembleSpec:
    """An ensemble: an order, with mechanisms switched off besides, over draws of the parameters.

    runs  histories per draw; history s * runs + r is the r-th of draw s, so that no two draws share their luck
    """

    variant: Variant
    off: tuple[str, ...]
    draws: Draws
    runs: int
    seed: int

    @property
    def key(self) -> tuple[str, tuple[str, ...], str, int, int]:
        """Equal keys are the same histories."""
        return self.variant.key, tuple(sorted(self.off)), self.draws.hash, self.runs, self.seed

    @property
    def size(self) -> int:
        """Histories."""
        return len(self.draws.values) * self.runs


@dataclass
class Pool:
    """Sums of histories, by ensemble and by who asked.

    Everybody asks before anybody is answered; then ensembles are simulated one after the other, in the order in which they were
    asked for, as answers are needed.

    workers  who simulates
    folder   where finished chunks are kept; None: nowhere
    """

    workers: Workers
    folder: Path | None = None
    progress: Progress = lambda done, total: None
    asked: dict[object, tuple[EnsembleSpec, dict[object, Outcome]]] = field(default_factory=dict)
    kept: dict[object, dict[object, Numbers]] = field(default_factory=dict)
    done: int = 0

    def ask(self, spec: EnsembleSpec, who: object, outcome: Outcome) -> None:
        """Say that an ensemble's outcome will be needed."""
        self.asked.setdefault(spec.key, (spec, {}))[1][who] = outcome

    def sums(self, spec: EnsembleSpec, who: object) -> Numbers:
        """An outcome's sums, [S, R, C]: draw, history, sum."""
        while spec.key not in self.kept:
            self.kept |= [next(self._simulated)]
        return self.kept[spec.key][who]

    @cached_property
    def _simulated(self) -> Iterator[tuple[object, dict[object, Numbers]]]:
        """Ensemble by ensemble, everybody's sums."""
        keys, total = list(self.asked), sum(spec.size for spec, _ in self.asked.values())
        questions = (Question((ensemble(spec),), partial(_read, tuple(outcomes.values())),
                              " ".join(outcome.text for outcome in outcomes.values()))
                     for spec, outcomes in self.asked.values())  # fmt: skip
        coming = Readings(tuple(questions), self.workers, self.folder)
        for number, readings in groupby(coming, key=lambda found: found[0]):
            spec, outcomes = self.asked[keys[number]]
            parts: list[Reading] = []
            for _, reading in readings:
                parts.append(reading)
                self.done += len(reading["0"])
                self.progress(self.done, total)
            shape = len(spec.draws.values), spec.runs, -1
            whole = [np.concatenate([part[str(n)] for part in parts]).reshape(shape) for n in range(len(outcomes))]
            yield keys[number], dict(zip(outcomes, whole, strict=True))


def _read(several: tuple[Outcome, ...], chunk: Chunk) -> dict[str, Numbers]:
    """Everybody's sums of a chunk's histories, [R, C] each."""
    return {str(number): outcome.sums(chunk) for number, outcome in enumerate(several)}


def ensemble(spec: EnsembleSpec) -> Ensemble:
    """The histories of an ensemble; each brings its own parameters."""
    plain = spec.variant.scenario.model_copy(update={"posterior": None})
    order = from_scenario(plain).without(*spec.off)
    seed = spec.seed if spec.variant.luck == 0 else (spec.seed + 2**63) % 2**64
    return Ensemble(order, spec.size, seed, Sets(parameter_sets(spec), spec.runs))


def parameter_sets(spec: EnsembleSpec) -> npt.NDArray[np.float32]:
    """Parameters of each draw, but for what the order itself sets or forbids, [S, D]."""
    sets = np.array(spec.draws.values, np.float32)
    blocks = spec.variant.scenario.parameters.items()
    held = {f"{block}.{name}": value for block, fields in blocks for name, value in fields.items()}
    held |= {f"{instrument}.habit": NEVER for instrument in spec.variant.forbid}
    for name in held.keys() & set(FREE):
        sets[:, FREE.index(name)] = held[name]
    return sets

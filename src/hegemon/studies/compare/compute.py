"""Two orders with the same random numbers, simulated and subtracted.

History r of both orders throws the same dice (`dice.py`), so the difference between the two histories of a pair is what the
orders make of equal luck: the method of common random numbers (Law 2015, Simulation Modeling and Analysis, ch. 11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from hegemon.engine.chunk_cache import Reading
from hegemon.engine.histories import Chunk, Ensemble
from hegemon.engine.readings import Question as Wanted
from hegemon.engine.readings import Readings
from hegemon.engine.runs import calendar
from hegemon.engine.workers import workers_at
from hegemon.errors import Failure
from hegemon.instruments import KINDS, NAMES
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.order import Order
from hegemon.studies.asking import ask
from hegemon.studies.compare.question import CompareQuestion
from hegemon.studies.compare.result import HEADLINE, KEPT, QUANTILES, Comparison
from hegemon.studies.provenance import made
from hegemon.studies.study import Progress, Resources, Z, kept_so_far

Numbers = npt.NDArray[np.float64]
V = TypeVar("V")

LITTLE = 8_192
"""Pairs that are simulated so soon that keeping them on the way would take longer."""


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


def compute(question: CompareQuestion, resources: Resources) -> Comparison:
    """Simulate both orders with the same random numbers and subtract. Raises `Failure` where workers are lost."""
    first, second = question.orders().values()
    runs = question.runs
    quarters = min(len(first.quarters), len(second.quarters))
    found = Pairs(quarters)
    both = Ensemble(first, runs, question.seed), Ensemble(second, runs, question.seed)
    with workers_at(resources.scheduler, resources.workers) as workers:
        folder = resources.folder if runs > LITTLE else None
        asked = Readings((Wanted(both, partial(read, quarters), "pairs"),), workers, folder)
        try:
            for _, reading in asked:
                found.add(reading)
                resources.tick(found.count, runs)
        except Failure as lost:
            raise type(lost)(f"{lost}; {kept_so_far(folder)}") from lost
        size, platform = workers.size, workers.platform
    how = made(resources.seconds, platform, chunk=size)
    return Comparison(question, how, found.summary(first), found.crises(), found.data(first))


def read(quarters: int, one: Chunk, other: Chunk) -> dict[str, npt.NDArray[Any]]:
    """What a comparison needs of a chunk of pairs: how many, moments of measures and of counts, when they part, and of the
    first `KEPT` pairs the differences themselves and the first order's headline measures."""
    found: dict[str, npt.NDArray[Any]] = {"pairs": np.array(one.runs)}
    room = max(KEPT - one.first, 0)
    apart = np.zeros((quarters, one.runs), bool)
    for name, values in one.measures.items():
        first, second = values[:quarters], other.measures[name][:quarters]
        found[f"moments/{name}"] = moments(first, second)
        difference = second - first
        apart |= (difference != 0.0).any(axis=tuple(range(1, difference.ndim - 1)))
        if room:
            found[f"kept/{name}"] = difference[..., :room].copy()
            if name in HEADLINE:
                found[f"begun/{name}"] = first[..., :room].copy()
    found["parted"] = np.maximum.accumulate(apart, 0).sum(1)
    return found | {f"counts/{name}": part for name, part in _crises(one, other, quarters).items()}


@dataclass
class Pairs:
    """What is added up over chunks of pairs, and what is kept of the first ones, by the names that `read` gives."""

    quarters: int
    sums: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    parts: dict[str, list[npt.NDArray[Any]]] = field(default_factory=dict)

    def add(self, found: Reading) -> None:
        """Add what was read of the next chunk."""
        for name, part in found.items():
            if name.startswith(("kept/", "begun/")):
                self.parts.setdefault(name, []).append(part)
            else:
                self.sums[name] = self.sums[name] + part if name in self.sums else part

    @property
    def count(self) -> int:
        """Pairs so far."""
        return int(self.sums["pairs"])

    def data(self, order: Order) -> xr.Dataset:
        """Differences pair by pair."""
        found: dict[str, Any] = {}
        for name, parts in _of(self.parts, "kept"):
            values = np.moveaxis(np.concatenate(parts, -1), -1, 0)
            found[name] = (("run", *_dims(name)), values, {"long_name": f"difference: {_words(name)}", "units": "1"})
        runs = min(self.count, KEPT)
        labels = {"run": np.arange(runs), **self._labels(order)}
        return xr.Dataset(found, coords=labels, attrs={"kept_runs": runs})

    def summary(self, order: Order) -> xr.Dataset:
        """Means, intervals and spreads."""
        found: dict[str, Any] = {}
        for name, sums in _of(self.sums, "moments"):
            dims = _dims(name)
            (first, second, mean), variance = mean_and_variance(sums, self.count)
            margin = Z * np.sqrt(variance[2] / self.count)
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = np.where(variance[2] > 0.0, (variance[0] + variance[1]) / variance[2], np.nan)
            kept = np.concatenate(self.parts[f"kept/{name}"], -1)
            drawn = {"difference": kept}
            if name in HEADLINE:
                begun = np.concatenate(self.parts[f"begun/{name}"], -1)
                drawn |= {"first": begun, "second": begun + kept}
            parts = {"first": first, "second": second, "difference": mean, "difference_low": mean - margin,
                     "difference_high": mean + margin,
                     **{f"{which}_quantile": np.quantile(each, QUANTILES, axis=-1) for which, each in drawn.items()},
                     "first_sd": np.sqrt(variance[0]), "sd": np.sqrt(variance[2]), "variance_ratio": ratio}  # fmt: skip
            told = {"long_name": _words(name), "units": "1"}
            for part, values in parts.items():
                found[f"{name}_{part}"] = (("quantile", *dims) if part.endswith("quantile") else dims, values, told)
        share = np.asarray(self.sums["parted"], float) / self.count
        found["parted"] = (("quarter",), share, {"long_name": "pairs in which anything differs", "units": "1"})
        labels = {**self._labels(order), "quantile": list(QUANTILES)}
        return xr.Dataset(found, coords=labels)

    def crises(self) -> pd.DataFrame:
        """Crises per history by kind, and answers per history by instrument."""
        rows = []
        for what, sums in _of(self.sums, "counts"):
            group, _, name = what.partition(":")
            (first, second, mean), variance = mean_and_variance(sums, self.count)
            margin = Z * np.sqrt(variance[2] / self.count)
            rows.append((group, name, first, second, mean, mean - margin, mean + margin))
        columns = ["of", "name", "first", "second", "difference", "difference_low", "difference_high"]
        return pd.DataFrame(rows, columns=columns)

    def _labels(self, order: Order) -> dict[str, Any]:
        times = order.quarters[: self.quarters]
        return {"quarter": list(times), "time": calendar(times), "state": list(order.states), "pole": list(order.poles)}


def _of(found: Mapping[str, V], group: str) -> Iterator[tuple[str, V]]:
    """What a group has, by name."""
    return ((name.removeprefix(f"{group}/"), part) for name, part in found.items() if name.startswith(f"{group}/"))


def _crises(one: Chunk, other: Chunk, quarters: int) -> dict[str, Numbers]:
    """Counts per history of a chunk of pairs: "kind:uprising", "instrument:abstain", "outcome:incumbents fell"."""

    def counted(chunk: Chunk) -> dict[str, npt.NDArray[Any]]:
        c = chunk.crises
        early = c.quarter < quarters
        run = (c.run - chunk.first)[early]
        found = {}
        for group, codes, names in (("kind", c.kind, KINDS), ("instrument", c.instrument, NAMES)):
            for code, name in enumerate(names):
                found[f"{group}:{name}"] = np.bincount(run[codes[early] == code], minlength=chunk.runs)
        found["outcome:incumbents fell"] = np.bincount(run[c.survived[early] == 0], minlength=chunk.runs)
        return found

    first, second = counted(one), counted(other)
    return {name: moments(first[name], second[name]) for name in first}


def _dims(name: str) -> tuple[str, ...]:
    if name == "orientation":
        return "quarter", "pole", "state"
    return ("quarter",) if name in SHARED else ("quarter", "state")


def _words(name: str) -> str:
    return (PER_NEIGHBOUR | SHARED).get(name, "share of external ties with each pole")


def compare(
    first: Order | str, second: Order | str, runs: int = 2_000, seed: int = 0, *, at: str | None = None,
    out: str | Path | None = None, progress: Progress | None = None, scheduler: str | None = None, workers: int | None = None,
) -> Comparison:  # fmt: skip
    """Simulate two orders with the same random numbers and subtract: second minus first.

    first, second  orders, or scenarios by name or file, with the same states, poles and first quarter; compared are the
                   quarters that both have
    runs           pairs of histories, at least 2
    seed           luck, the same in both
    at             the quarter that is told of, "2022Q1"; None: the last one
    out, progress, scheduler, workers  see `hegemon.studies.asking.ask`

    Raises `UserError` for orders that cannot be compared and numbers out of range; `Failure` where workers are lost. Method of
    common random numbers: Law 2015, Simulation Modeling and Analysis, ch. 11.
    """
    pair = CompareQuestion.about(first, "first"), CompareQuestion.about(second, "second")
    question = CompareQuestion.of(CompareQuestion.together(*pair, {"runs": runs, "seed": seed, "at": at}))
    return ask(question, out=out, progress=progress, scheduler=scheduler, workers=workers)

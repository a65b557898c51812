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
from hegemon.inference.draws import in_turn
from hegemon.inference.levels import stood
from hegemon.instruments import KINDS, NAMES
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.order import Order
from hegemon.posterior import Source
from hegemon.studies import parted
from hegemon.studies.asking import ask
from hegemon.studies.compare.carried import carried, pairs_asked
from hegemon.studies.compare.moments import Asked, Numbers, asked_about, mean_and_variance, moments, outcomes
from hegemon.studies.compare.question import CompareQuestion
from hegemon.studies.compare.result import HEADLINE, KEPT, QUANTILES, Comparison
from hegemon.studies.provenance import made
from hegemon.studies.study import Progress, Resources, Z, keeping

V = TypeVar("V")

LITTLE = 8_192
"""Pairs that are simulated so soon that keeping them on the way would take longer."""


def compute(question: CompareQuestion, resources: Resources) -> Comparison:
    """Simulate both orders with the same random numbers and subtract. Raises `Failure` where workers are lost."""
    first, second = question.orders().values()
    runs = question.runs
    quarters = min(len(first.quarters), len(second.quarters))
    sets = [in_turn(order, question.drawn_from(order)) for order in (first, second)]
    draws = 0 if sets[0] is None else len(sets[0].values)
    found = Pairs(quarters, draws)
    both = tuple(Ensemble(order, runs, question.seed, each, stand=stood(order))
                 for order, each in zip((first, second), sets, strict=True))  # fmt: skip
    with workers_at(resources.scheduler, resources.workers) as workers:
        folder = resources.folder if runs > LITTLE else None
        with keeping(folder):
            wanted = Wanted(both, partial(read, quarters, draws, asked_about(first, second, quarters)), "pairs")
            more = pairs_asked(first, second, runs) if question.why else 0
            for _, reading in Readings((wanted,), workers, folder):
                found.add(reading)
                resources.tick(found.count, runs + more)
            why = None if not question.why else carried(
                first, second, question.quarter, asked_about(first, second, quarters), runs=runs, seed=question.seed, sets=sets,
                workers=workers, folder=folder, tick=lambda done: resources.tick(runs + done, runs + more),
            )  # fmt: skip
        size, platform = workers.size, workers.platform
    how = made(resources.seconds, platform, chunk=size, **({"why": question.quarter} if question.why else {}))
    return Comparison(question, how, found.summary(first), found.crises(), found.data(first), why)


def read(quarters: int, draws: int, asked: tuple[Asked, ...], one: Chunk, other: Chunk) -> dict[str, npt.NDArray[Any]]:
    """What a comparison needs of a chunk of pairs: how many, moments of measures and of counts, when they part, of the first
    `KEPT` pairs the differences themselves and the first order's headline measures, and how often each draw of the parameters
    was had, with its differences of counts."""
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
    return found | _crises(one, other, quarters, draws, asked)


@dataclass
class Pairs:
    """What is added up over chunks of pairs, and what is kept of the first ones, by the names that `read` gives."""

    quarters: int
    draws: int  # of the parameters, in turn; 0: all pairs have the same
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
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = np.where(variance[2] > 0.0, (variance[0] + variance[1]) / variance[2], np.nan)
            kept = np.concatenate(self.parts[f"kept/{name}"], -1)
            drawn = {"difference": kept}
            if name in HEADLINE:
                begun = np.concatenate(self.parts[f"begun/{name}"], -1)
                drawn |= {"first": begun, "second": begun + kept}
            quantiles = {f"{which}_quantile": np.quantile(each, QUANTILES, axis=-1) for which, each in drawn.items()}
            if not self.draws:
                open_ = parted.alike(mean, variance[2], self.count)
            elif kept.shape[-1] < 2 * self.draws:
                open_ = parted.unknown(mean, variance[2], self.count, quantiles["difference_quantile"][[0, -1]])
            else:
                open_ = parted.of_rounds(mean, kept, self.draws, self.count)
            parts = {"first": first, "second": second, "difference": mean, "difference_low": open_.low,
                     "difference_high": open_.high, **quantiles, "first_sd": np.sqrt(variance[0]), "sd": np.sqrt(variance[2]),
                     "error": open_.error, "parameters": open_.share, "variance_ratio": ratio}  # fmt: skip
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
            open_ = self._open(what, mean, variance[2])
            rows.append((group, name, first, second, mean, float(open_.low), float(open_.high), float(open_.share)))
        columns = ["of", "name", "first", "second", "difference", "difference_low", "difference_high", "parameters"]
        return pd.DataFrame(rows, columns=columns)

    def _open(self, what: str, mean: Numbers, variance: Numbers) -> parted.Parted:
        """What is open about the difference of a count."""
        if not self.draws:
            return parted.alike(mean, variance, self.count)
        each, total = self.sums["drawn"], self.sums[f"by draw/{what}"]
        if each.min() < 2:
            spread = Z * np.sqrt(variance)
            return parted.unknown(mean, variance, self.count, np.array([mean - spread, mean + spread]))
        within = (self.count - 1) * variance + self.count * mean**2 - (total**2 / each).sum()
        luck = np.maximum(within, 0.0) / (self.count - self.draws)
        return parted.over_draws(mean, total / each, luck, self.count / self.draws, self.count)

    def _labels(self, order: Order) -> dict[str, Any]:
        times = order.quarters[: self.quarters]
        return {"quarter": list(times), "time": calendar(times), "state": list(order.states), "pole": list(order.poles)}


def _of(found: Mapping[str, V], group: str) -> Iterator[tuple[str, V]]:
    """What a group has, by name."""
    return ((name.removeprefix(f"{group}/"), part) for name, part in found.items() if name.startswith(f"{group}/"))


def _crises(one: Chunk, other: Chunk, quarters: int, draws: int, asked: tuple[Asked, ...]) -> dict[str, npt.NDArray[Any]]:
    """Counts per history of a chunk of pairs, "kind:uprising", "instrument:abstain", "outcome:incumbents fell", and of a crisis
    that is given "asked:2022Q1 KAZ survived": moments, and what each draw adds to the difference."""

    def counted(chunk: Chunk) -> dict[str, npt.NDArray[Any]]:
        c = chunk.crises
        early = c.quarter < quarters
        run = (c.run - chunk.first)[early]
        found = {}
        for group, codes, names in (("kind", c.kind, KINDS), ("instrument", c.instrument, NAMES)):
            for code, name in enumerate(names):
                found[f"{group}:{name}"] = np.bincount(run[codes[early] == code], minlength=chunk.runs)
        found["outcome:incumbents fell"] = np.bincount(run[c.survived[early] == 0], minlength=chunk.runs)
        return found | outcomes(chunk, asked, quarters)

    first, second = counted(one), counted(other)
    found: dict[str, npt.NDArray[Any]] = {f"counts/{name}": moments(first[name], second[name]) for name in first}
    if draws:
        draw = (one.first + np.arange(one.runs)) % draws
        found["drawn"] = np.bincount(draw, minlength=draws)
        found |= {f"by draw/{name}": np.bincount(draw, second[name] - first[name], draws) for name in first}
    return found


def _dims(name: str) -> tuple[str, ...]:
    if name == "orientation":
        return "quarter", "pole", "state"
    return ("quarter",) if name in SHARED else ("quarter", "state")


def _words(name: str) -> str:
    return (PER_NEIGHBOUR | SHARED).get(name, "share of external ties with each pole")


def compare(
    first: Order | str, second: Order | str, runs: int = 2_000, seed: int = 0, *, at: str | None = None,
    parameters: Source | None = None, why: bool = False, out: str | Path | None = None, progress: Progress | None = None,
    scheduler: str | None = None, workers: int | None = None,
) -> Comparison:  # fmt: skip
    """Simulate two orders with the same random numbers and subtract: second minus first.

    first, second  orders, or scenarios by name or file, with the same states, poles and first quarter; compared are the
                   quarters that both have
    runs           pairs of histories, at least 2
    seed           luck, the same in both
    at             the quarter that is told of, "2022Q1"; None: the last one
    parameters     as in `hegemon.simulate`; pair r has draw r of both orders' parameters, where they have a posterior in common
                   the same
    why            measure also what carries the differences: each mechanism switched off in both, in turn (`carried`)
    out, progress, scheduler, workers  see `hegemon.studies.asking.ask`

    Raises `UserError` for orders that cannot be compared and numbers out of range; `Failure` where workers are lost. Method of
    common random numbers: Law 2015, Simulation Modeling and Analysis, ch. 11.
    """
    pair = CompareQuestion.about(first, "first"), CompareQuestion.about(second, "second")
    question = CompareQuestion.of(*pair, {"runs": runs, "seed": seed, "parameters": parameters, "at": at, "why": why})
    return ask(question, out=out, progress=progress, scheduler=scheduler, workers=workers)

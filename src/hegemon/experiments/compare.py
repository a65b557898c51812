"""Two orders under the same luck: what differs between them, and by more than luck?

History r of both orders throws the same dice (`dice.py`), so the difference between the two histories of a pair is what the
orders make of equal luck: the method of common random numbers (Law 2015, Simulation Modeling and Analysis, ch. 11).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.errors import BadValue, Failure, OutOfRange
from hegemon.instruments import KINDS, NAMES
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.order import Order

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hegemon.ensemble.histories import Chunk
    from hegemon.ensemble.shelf import Reading

Numbers = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

LITTLE = 8_192
"""Pairs that are simulated so soon that keeping them on the way would take longer."""

KEPT = 1_024
"""Pairs whose differences are kept one by one, for quantiles and for users."""

Z = 1.6448536269514722
"""Standard errors to either side of a mean in its 90 % interval."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

HEADLINE = ("orientation", "autonomy", "fear", "legitimacy")
"""Measures whose quantiles in each order are kept too, for pictures of both."""


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
class Comparison:
    """The second order less the first, pair by pair.

    data     differences of every measure by run, quarter, state (and pole), of the first 1,024 pairs
    summary  by measure M: `M_first` and `M_second` (means), `M_first_sd` (spread of the first order's histories),
             `M_difference` (mean of the differences) with `M_difference_low` and `_high` (90 % interval of that mean),
             `M_difference_quantile` (5 to 95 % of the pairs), `M_sd` (spread of the difference between pairs),
             `M_variance_ratio` (how much larger the variance would be without pairing); of the headline measures
             `M_first_quantile` and `M_second_quantile`; `parted` (share of pairs in which anything differs by then)
    crises   per history: kind or instrument, first, second, difference, low, high
    """

    data: xr.Dataset
    summary: xr.Dataset
    crises: pd.DataFrame

    def __getattr__(self, name: str) -> Any:
        """Differences of a measure, [run, quarter, state]: `comparison.fear`."""
        if name.startswith("_") or name not in self.data:
            raise AttributeError(f"a comparison has no {name!r}")
        return self.data[name]


def compare(
    first: Order,
    second: Order,
    runs: int = 2_000,
    seed: int = 0,
    *,
    out: str | Path | None = None,
    progress: Progress | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
) -> Comparison:
    """Simulate two orders with the same luck and subtract: second minus first.

    out        folder in which chunks are kept until all are there: the same call on it goes on where one was stopped
    scheduler  address of a Dask scheduler whose workers simulate
    workers    simulate in so many processes of this machine, instead of in this one

    Both must have the same states, poles and first quarter; compared are the quarters both have. Raises `UserError`
    otherwise, and for runs or a seed out of range; `Failure` where workers are lost.
    """
    alike(first, second)
    if not 2 <= runs < 2**48:
        raise OutOfRange(f"runs = {runs}", "Ask for at least two pairs of histories.")
    if not 0 <= seed < 2**64:
        raise OutOfRange(f"seed = {seed} is not between 0 and 2^64 - 1", "Choose another seed.")
    from hegemon.ensemble.crew import crew_at
    from hegemon.ensemble.histories import Ensemble
    from hegemon.ensemble.readings import Question, Readings
    from hegemon.ensemble.simulate import provenance

    began = time.perf_counter()
    quarters = min(len(first.quarters), len(second.quarters))
    found = Pairs(quarters)
    both = Ensemble(first, runs, seed), Ensemble(second, runs, seed)
    with crew_at(scheduler, workers) as crew:
        folder = Path(out) if out is not None and runs > LITTLE else None
        asked = Readings((Question(both, partial(read, quarters), "pairs"),), crew, folder)
        try:
            for _, reading in asked:
                found.add(reading)
                if progress is not None:
                    progress(found.count, runs)
        except Failure as lost:
            raise type(lost)(f"{lost}; {kept_so_far(folder)}") from lost
        size, platform = crew.size, crew.platform
        asked.forget()
    made = provenance(first, runs, seed, size, True, platform)
    each = ("title", "scenario", "scenario_hash", "scenario_text", "without", "changed")
    attrs = {f"first_{name}": made.pop(name) for name in each}
    attrs |= {f"second_{name}": value for name, value in provenance(second, runs, seed, size, True, platform).items()
              if f"first_{name}" in attrs}  # fmt: skip
    attrs |= made | {"wall_seconds": round(time.perf_counter() - began, 3)}
    return Comparison(found.data(first, attrs), found.summary(first, attrs), found.crises())


def kept_so_far(folder: Path | None) -> str:
    """What has become of the finished chunks of work whose workers are lost."""
    if folder is None:
        return "nothing is kept, for want of a folder or because there is so little to do."
    return f"what is finished is kept in {folder.as_posix()}, and the same command, with workers again, goes on from there."


def alike(first: Order, second: Order) -> None:
    """Raise unless the orders can be compared neighbour by neighbour and quarter by quarter."""
    for what, one, other in (
        ("states", first.states, second.states),
        ("poles", first.poles, second.poles),
        ("first quarters", first.quarters[:1], second.quarters[:1]),
    ):
        if one != other:
            odd = sorted(set(one) ^ set(other)) or list(other)
            raise BadValue(
                f"{first.name} and {second.name} have different {what} ({', '.join(odd[:4])}{', ...' if len(odd) > 4 else ''})",
                "Compare orders that differ in something else.",
            )


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
    """What is added up over chunks of pairs."""

    quarters: int
    count: int = 0
    moments: dict[str, Numbers] = field(default_factory=dict)
    kept: dict[str, list[npt.NDArray[np.float32]]] = field(default_factory=dict)
    begun: dict[str, list[npt.NDArray[np.float32]]] = field(default_factory=dict)
    counts: dict[str, Numbers] = field(default_factory=dict)
    parted: Numbers | float = 0.0

    def add(self, found: Reading) -> None:
        """Add what was read of the next chunk."""
        for sums, group in ((self.moments, "moments"), (self.counts, "counts")):
            for name, part in _of(found, group):
                sums[name] = sums[name] + part if name in sums else part
        for parts, group in ((self.kept, "kept"), (self.begun, "begun")):
            for name, part in _of(found, group):
                parts.setdefault(name, []).append(part)
        self.parted = self.parted + found["parted"]
        self.count += int(found["pairs"])

    def data(self, order: Order, attrs: Mapping[str, Any]) -> xr.Dataset:
        """Differences pair by pair."""
        import xarray as xr

        found: dict[str, Any] = {}
        for name, parts in self.kept.items():
            values = np.moveaxis(np.concatenate(parts, -1), -1, 0)
            found[name] = (("run", *_dims(name)), values, {"long_name": f"difference: {_words(name)}", "units": "1"})
        runs = min(self.count, KEPT)
        labels = {"run": np.arange(runs), **self._labels(order)}
        return xr.Dataset(found, coords=labels, attrs={**attrs, "kept_runs": runs})

    def summary(self, order: Order, attrs: Mapping[str, Any]) -> xr.Dataset:
        """Means, intervals and spreads."""
        import xarray as xr

        found: dict[str, Any] = {}
        for name, sums in self.moments.items():
            dims = _dims(name)
            (first, second, mean), variance = mean_and_variance(sums, self.count)
            margin = Z * np.sqrt(variance[2] / self.count)
            told = {"long_name": _words(name), "units": "1"}
            found[f"{name}_first"], found[f"{name}_second"] = (dims, first, told), (dims, second, told)
            found[f"{name}_difference"] = (dims, mean, told)
            found[f"{name}_difference_low"] = (dims, mean - margin, told)
            found[f"{name}_difference_high"] = (dims, mean + margin, told)
            kept = np.concatenate(self.kept[name], -1)
            ends = np.quantile(kept, QUANTILES, axis=-1)
            found[f"{name}_difference_quantile"] = (("quantile", *dims), ends, told)
            if name in HEADLINE:
                begun = np.concatenate(self.begun[name], -1)
                for which, values in (("first", begun), ("second", begun + kept)):
                    ends = np.quantile(values, QUANTILES, axis=-1)
                    found[f"{name}_{which}_quantile"] = (("quantile", *dims), ends, told)
            found[f"{name}_first_sd"] = (dims, np.sqrt(variance[0]), told)
            found[f"{name}_sd"] = (dims, np.sqrt(variance[2]), told)
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = np.where(variance[2] > 0.0, (variance[0] + variance[1]) / variance[2], np.nan)
            found[f"{name}_variance_ratio"] = (dims, ratio, told)
        share = np.asarray(self.parted, float) / self.count
        found["parted"] = (("quarter",), share, {"long_name": "pairs in which anything differs", "units": "1"})
        labels = {**self._labels(order), "quantile": list(QUANTILES)}
        return xr.Dataset(found, coords=labels, attrs=dict(attrs))

    def crises(self) -> pd.DataFrame:
        """Crises per history by kind, and answers per history by instrument."""
        import pandas as pd

        rows = []
        for what, sums in self.counts.items():
            group, _, name = what.partition(":")
            (first, second, mean), variance = mean_and_variance(sums, self.count)
            margin = Z * float(np.sqrt(variance[2] / self.count))
            rows.append({"of": group, "name": name, "first": float(first), "second": float(second),
                         "difference": float(mean), "difference_low": float(mean) - margin,
                         "difference_high": float(mean) + margin})  # fmt: skip
        return pd.DataFrame(rows)

    def _labels(self, order: Order) -> dict[str, Any]:
        return {
            "quarter": list(order.quarters[: self.quarters]),
            "state": list(order.states),
            "pole": list(order.poles),
        }


def _of(found: Reading, group: str) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """A reading's arrays of a group, by name."""
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

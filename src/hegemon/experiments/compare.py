"""Two orders under the same luck: what differs between them, and by more than luck?

History r of both orders throws the same dice (`dice.py`), so the difference between the two histories of a pair is what the
orders make of equal luck: the method of common random numbers (Law 2015, Simulation Modeling and Analysis, ch. 11).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.errors import BadValue, OutOfRange
from hegemon.instruments import KINDS, NAMES
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.order import Order

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hegemon.ensemble.histories import Chunk

Numbers = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

KEPT = 1_024
"""Pairs whose differences are kept one by one, for quantiles and for users."""

Z = 1.6448536269514722
"""Standard errors to either side of a mean in its 90 % interval."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

HEADLINE = ("orientation", "autonomy", "fear", "legitimacy")
"""Measures whose quantiles in each order are kept too, for pictures of both."""


@dataclass
class Moments:
    """Sums over pairs of one measure: of the first order, the second, and their difference, with squares."""

    total: Numbers
    square: Numbers

    @staticmethod
    def of(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> Moments:
        """Moments of some pairs, which are the last axis."""
        three = [first.astype(np.float64), second.astype(np.float64)]
        three.append(three[1] - three[0])
        return Moments(np.stack([x.sum(-1) for x in three]), np.stack([(x * x).sum(-1) for x in three]))

    def add(self, other: Moments) -> None:
        self.total, self.square = self.total + other.total, self.square + other.square

    def mean(self, pairs: int) -> Numbers:
        """[3, ...]: first, second, difference."""
        return np.asarray(self.total / pairs)

    def variance(self, pairs: int) -> Numbers:
        """Unbiased variance over pairs, [3, ...]."""
        spread = self.square - self.total**2 / pairs
        return np.asarray(np.maximum(spread, 0.0) / max(pairs - 1, 1))


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
    first: Order, second: Order, runs: int = 2_000, seed: int = 0, *, progress: Progress | None = None
) -> Comparison:
    """Simulate two orders with the same luck and subtract: second minus first.

    Both must have the same states, poles and first quarter; compared are the quarters both have. Raises `UserError`
    otherwise, and for runs or a seed out of range.
    """
    alike(first, second)
    if not 2 <= runs < 2**48:
        raise OutOfRange(f"runs = {runs}", "Ask for at least two pairs of histories.")
    if not 0 <= seed < 2**64:
        raise OutOfRange(f"seed = {seed} is not between 0 and 2^64 - 1", "Choose another seed.")
    from hegemon.ensemble.histories import histories

    began = time.perf_counter()
    quarters = min(len(first.quarters), len(second.quarters))
    found = Pairs(quarters)
    for one, other in zip(histories(first, runs, seed), histories(second, runs, seed), strict=True):
        found.add(one, other)
        if progress is not None:
            progress(found.count, runs)
    from hegemon.ensemble.program import chunk_size
    from hegemon.ensemble.simulate import provenance

    made = provenance(first, runs, seed, chunk_size(), kept=True)
    attrs = {
        f"first_{name}": made.pop(name) for name in ("title", "scenario", "scenario_hash", "scenario_text", "without")
    }
    attrs |= {f"second_{name}": value for name, value in provenance(second, runs, seed, chunk_size(), kept=True).items()
              if f"first_{name}" in attrs}  # fmt: skip
    attrs |= made | {"wall_seconds": round(time.perf_counter() - began, 3)}
    return Comparison(found.data(first, attrs), found.summary(first, attrs), found.crises())


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


@dataclass
class Pairs:
    """What is added up over chunks of pairs."""

    quarters: int
    count: int = 0
    moments: dict[str, Moments] = field(default_factory=dict)
    kept: dict[str, list[npt.NDArray[np.float32]]] = field(default_factory=dict)
    begun: dict[str, list[npt.NDArray[np.float32]]] = field(default_factory=dict)
    counts: dict[str, Moments] = field(default_factory=dict)
    parted: Numbers | float = 0.0

    def add(self, one: Chunk, other: Chunk) -> None:
        """Add a chunk of histories of each order."""
        q, room = self.quarters, max(KEPT - self.count, 0)
        apart = np.zeros((q, one.runs), bool)
        for name, values in one.measures.items():
            first, second = values[:q], other.measures[name][:q]
            part = Moments.of(first, second)
            if name in self.moments:
                self.moments[name].add(part)
            else:
                self.moments[name] = part
            difference = second - first
            apart |= (difference != 0.0).any(axis=tuple(range(1, difference.ndim - 1)))
            if room:
                self.kept.setdefault(name, []).append(difference[..., :room].copy())
                if name in HEADLINE:
                    self.begun.setdefault(name, []).append(first[..., :room].copy())
        for name, part in _crises(one, other, q).items():
            if name in self.counts:
                self.counts[name].add(part)
            else:
                self.counts[name] = part
        self.parted = self.parted + np.maximum.accumulate(apart, 0).sum(1)
        self.count += one.runs

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
        for name, moments in self.moments.items():
            dims = _dims(name)
            (first, second, mean), variance = moments.mean(self.count), moments.variance(self.count)
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
        for what, moments in self.counts.items():
            group, _, name = what.partition(":")
            (first, second, mean), variance = moments.mean(self.count), moments.variance(self.count)
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


def _crises(one: Chunk, other: Chunk, quarters: int) -> dict[str, Moments]:
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
    return {name: Moments.of(first[name], second[name]) for name in first}


def _dims(name: str) -> tuple[str, ...]:
    if name == "orientation":
        return "quarter", "pole", "state"
    return ("quarter",) if name in SHARED else ("quarter", "state")


def _words(name: str) -> str:
    return (PER_NEIGHBOUR | SHARED).get(name, "share of external ties with each pole")

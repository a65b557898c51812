"""What is added up over chunks: sums of measures, counts of events, the first histories' trajectories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hegemon.instruments import KINDS, NAMES, SIDES

SAMPLE = 2048
"""Histories whose trajectories are kept for quantiles and pictures, whatever the size of the ensemble."""

EVENT_RUNS = 20_000  # histories whose crises a result holds in memory; on disk, all are
SURVIVED = 3
"""Fate, in an event's code, of incumbents who stayed; those of others, 0 to 2, are the leanings of who came after them."""


class Field(NamedTuple):
    """Where a fact stands in an event's code of 16 bits: in so many bits from `at` on, of which it is ((bits // over) % under)
    + add."""

    at: int
    bits: int
    over: int
    under: int
    add: int

    def of(self, code: Any) -> Any:
        """The fact, of codes."""
        return ((code >> self.at) & ((1 << self.bits) - 1)) // self.over % self.under + self.add


LAYOUT = MappingProxyType({
    "kind": Field(0, 3, 1, 8, -1),
    "instrument": Field(3, 5, 1, len(NAMES), 0),  # instrument and side in one: the act
    "side": Field(3, 5, len(NAMES), len(SIDES), 0),
    "requested": Field(8, 1, 1, 2, 0),
    "consented": Field(9, 1, 1, 2, 0),
    "survived": Field(10, 2, SURVIVED, 2, 0),  # the fate: whoever survived has no successor
    "successor": Field(10, 2, 1, SURVIVED, 0),
    "severity": Field(12, 2, 1, 4, 0),
    "line": Field(14, 2, 1, 4, 0),
})  # fmt: skip
"""The code of an event, as `chunk.encode` writes it."""

MOST = 255  # largest number of crises per history and kind told apart

Facts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Crises:
    """Crises of a chunk, one entry each: where, when, in which history, and what happened."""

    run: Facts
    quarter: Facts
    state: Facts
    kind: Facts
    instrument: Facts
    side: Facts
    requested: Facts
    consented: Facts
    survived: Facts
    successor: Facts
    severity: Facts
    line: Facts

    @staticmethod
    def decode(codes: npt.NDArray[np.uint16], first: int, runs: int) -> Crises:
        """Crises from the engine's codes, [Q, N, R], of histories `first` onward; padding beyond `runs` is left out."""
        here = min(codes.shape[2], runs - first)
        at = np.flatnonzero(codes)
        code = codes.reshape(-1)[at].astype(np.int64)
        rest, run = np.divmod(at, codes.shape[2])
        quarter, state = np.divmod(rest, codes.shape[1])
        real = run < here
        code, run, quarter, state = code[real], run[real], quarter[real], state[real]
        return Crises(run + first, quarter, state, **{name: field.of(code) for name, field in LAYOUT.items()})

    def before(self, run: int) -> Crises:
        """Those of histories before a number."""
        if not len(self.run) or self.run.max() < run:
            return self
        early = self.run < run
        return Crises(**{name: getattr(self, name)[early] for name in Crises.__dataclass_fields__})

    @staticmethod
    def joined(several: Sequence[Crises]) -> Crises:
        """Those of several chunks together."""
        names = Crises.__dataclass_fields__
        return Crises(**{name: np.concatenate([getattr(one, name) for one in several]) for name in names})


@dataclass
class Tally:
    """Running totals over finished chunks. Sums are double precision and added in chunk order, so a resumed ensemble
    equals an undisturbed one to the bit."""

    sums: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    counts: dict[str, Facts] = field(default_factory=dict)
    chunks: int = 0

    def add(self, sums: Mapping[str, npt.NDArray[np.float32]], counts: Mapping[str, Facts]) -> None:
        """Add the chunks that follow: their sums, first axis chunks, and their counts together."""
        chunks = 0
        for name, each in sums.items():
            chunks = len(each)
            for part in each.astype(np.float64):
                self.sums[name] = self.sums[name] + part if name in self.sums else part
        for name, count in counts.items():
            self.counts[name] = self.counts[name] + count if name in self.counts else count
        self.chunks += chunks


def packed(sums: Mapping[str, npt.NDArray[Any]], counts: Mapping[str, Facts]) -> dict[str, npt.NDArray[Any]]:
    """Sums and counts as named arrays, for storage."""
    return {f"sum_{k}": v for k, v in sums.items()} | {f"count_{k}": v for k, v in counts.items()}


def unpacked(arrays: Mapping[str, npt.NDArray[Any]]) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Facts]]:
    """Sums and counts out of named arrays."""
    sums, counts = ({key.removeprefix(kind): array for key, array in arrays.items() if key.startswith(kind)}
                    for kind in ("sum_", "count_"))  # fmt: skip
    return sums, counts


def count_crises(crises: Crises, shape: tuple[int, int]) -> dict[str, Facts]:
    """Counts by quarter, state, kind and instrument; of facts by quarter, state and kind; and per history."""
    quarters, states = shape
    k, i = len(KINDS), len(NAMES)
    place = (crises.quarter * states + crises.state) * k + crises.kind
    full = np.bincount(place * i + crises.instrument, minlength=quarters * states * k * i)
    found: dict[str, Facts] = {"event": full.reshape(quarters, states, k, i)}
    for name in ("requested", "consented", "survived"):
        fact = place[getattr(crises, name) == 1]
        found[name] = np.bincount(fact, minlength=quarters * states * k).reshape(quarters, states, k)
    return found


def per_history(crises: Crises, first: int, here: int) -> dict[str, Facts]:
    """How many histories had 0, 1, .. crises of each kind; how many used each instrument at least once."""
    run = crises.run - first
    kinds = np.bincount(run * len(KINDS) + crises.kind, minlength=here * len(KINDS)).reshape(here, len(KINDS))
    used = np.bincount(run * len(NAMES) + crises.instrument, minlength=here * len(NAMES)).reshape(here, len(NAMES))
    spread = np.stack([np.bincount(np.minimum(kinds[:, k], MOST), minlength=MOST + 1) for k in range(len(KINDS))])
    return {"crises": spread, "used": (used > 0).sum(0)}

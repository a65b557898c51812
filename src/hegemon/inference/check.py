"""Predictive checks: does the calibrated model, simulated with its luck and its uncertainty, look like the record?

Every history has parameters of its own, drawn from the prior or a posterior, and runs on the engine. Two checks of ties
are kept apart:

    free        histories in which everything is left to the dice; their ties, measured as the record's are
    following   the coded events driven through the model, with the deviations that `likelihood` says shocks cause: what
                calibration claims, and no more

Measured means: with a lasting offset of the neighbour and an error of the year, as large as the draw says. Coverage, the
share of what was observed that lies in the middle 90 % of histories, is read beside the coverage that the histories
themselves have when each in turn is taken for the record: cells hang together, and counts are whole numbers.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from hegemon import runtime
from hegemon.ensemble.tally import Crises
from hegemon.errors import BadValue, OutOfRange
from hegemon.inference.vector import FREE, aligned, parameters, rest, values
from hegemon.instruments import CODE, KINDS, NAMES
from hegemon.opening import Opening
from hegemon.order import Order
from hegemon.posterior import Posterior

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.inference.likelihood import Observed
    from hegemon.inference.record import Record

Numbers = npt.NDArray[np.float64]
Values = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]

LEVEL = (0.05, 0.95)
"""Quantiles that bound the middle 90 % of histories."""

WANTED = (0.80, 0.97)
"""Coverage between these is what a calibrated model should have: less is overconfident, more says too little."""

DECADE = 40
"""Quarters that are counted together."""

GROUPS = {
    "count": "crises by kind and decade",
    "instrument": "share of a kind's crises answered with an instrument",
    "survived": "share of a kind's crises that the incumbents survive",
    "requested": "share of a kind's crises in which they ask for help",
}

BASES = ("free", "following")


@dataclass(frozen=True)
class Coverage:
    """How much of what was observed lies in the middle 90 % of histories.

    usual, low, high   the same share when histories take the record's place: mean, and its own middle 90 %
    """

    what: str
    inside: int
    of: int
    usual: float
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share inside."""
        return self.inside / self.of

    @property
    def verdict(self) -> str:
        """Whether the share is as wanted: "as wanted", "too low" or "too high"."""
        return "too low" if self.share < WANTED[0] else "too high" if self.share > WANTED[1] else "as wanted"


@dataclass(frozen=True)
class Check:
    """Histories with parameters of their own, beside the record.

    source    "prior" or "posterior"
    cells     by group of `GROUPS`, kind, and decade or instrument: the record, the histories' mean and middle 90 %, side
    ties      by basis ("free", "following"), state and year: share of ties with the patron, likewise, and `rank`, the
              share of histories below the record. Empty where no ties were given
    coverage  by group and basis
    """

    source: str
    order: Order
    cells: pd.DataFrame
    ties: pd.DataFrame
    coverage: Mapping[str, Coverage]
    histories: int
    seed: int
    record_hash: str
    chunk: int

    def document(self) -> dict[str, Any]:
        """As plain data."""
        covered = {name: {**asdict(c), "share": c.share, "verdict": c.verdict} for name, c in self.coverage.items()}
        rows = {name: frame.round(6).to_dict("records") for name, frame in (("cells", self.cells), ("ties", self.ties))}
        return {"source": self.source, "histories": self.histories, "seed": self.seed, "coverage": covered, **rows}


def check(
    kept: Posterior | None,
    order: Order,
    record: pd.DataFrame | None = None,
    ties: pd.DataFrame | None = None,
    *,
    histories: int = 512,
    seed: int = 0,
    progress: Progress | None = None,
) -> Check:
    """Simulate `histories`, each with a draw from the posterior (None: from the prior), and compare them with the record.

    record, ties   as in `calibrate`

    Raises `UserError` for numbers out of range, a record that does not fit, or a posterior with other parameters.
    """
    import pandas as pd

    if not 20 <= histories <= 100_000:
        raise OutOfRange(f"histories = {histories}", "Ask for 20 to 100,000.")
    if not 0 <= seed < 2**31:
        raise BadValue(f"seed = {seed}", "Choose one from 0 to 2147483647.")
    runtime.prepare()
    from hegemon.ensemble.program import chunk_size
    from hegemon.inference.record import lay_out

    laid = lay_out(order, record, ties)
    x, observed = drawn(kept, histories, seed), laid.data.observed
    when = np.zeros(0, np.int32) if observed is None else np.asarray(observed.quarter)
    crises, shares = simulated(laid.order, x, seed, when, progress)
    covered = int((np.asarray(laid.data.weights.timing).min(0) > 0.0).sum())
    cells, coverage = compare(
        tallied(crises, histories, covered), recorded(laid, covered), periods(laid.order, covered)
    )
    found = []
    if observed is not None:
        logits = {"free": _logit(shares), "following": deviating(laid, x, seed)}
        for basis, logit in logits.items():
            seen = measured(logit, x, observed, seed)
            found.append(compare_ties(basis, seen, laid, coverage))
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    return Check("prior" if kept is None else "posterior", laid.order, cells, table, coverage, histories, seed,
                 laid.hash, chunk_size())  # fmt: skip


# ---- Histories with parameters of their own ----
def drawn(kept: Posterior | None, histories: int, seed: int) -> Values:
    """Parameter values of each history, [R, D] in the order of `FREE`; a posterior's draws are used equally often."""
    luck = np.random.default_rng([seed, 1])
    if kept is None:
        normal = luck.standard_normal((histories, len(FREE))).astype(np.float32)
        return np.asarray(jax.jit(jax.vmap(values))(normal))
    aligned(kept)  # or it has other parameters
    of = np.concatenate([luck.permutation(len(kept.values)) for _ in range(-(-histories // len(kept.values)))])
    return np.asarray(kept.values[of[:histories]][:, [kept.names.index(name) for name in FREE]], np.float32)


@functools.cache
def _program() -> Any:
    """A chunk of the engine with one parameter set per history: events, and the patron's share in some quarters."""
    from hegemon.ensemble.chunk import simulate_chunk

    def run(opening: Opening, x: Any, left: Any, words: Any, first: Any, epoch: Any, counts: Any, closes: Any) -> Any:
        each = jax.vmap(lambda one: parameters(one, left))(x)
        params = jax.tree.map(lambda leaf: leaf[None], each)  # [1, R]: a number per history
        _, codes, kept = simulate_chunk(opening, params, words, first, epoch, counts, trajectories=len(counts))
        return codes, jnp.moveaxis(kept["orientation"][closes, 0], (0, 1, 2), (2, 1, 0))

    return jax.jit(run)


def simulated(
    order: Order, x: Values, seed: int, when: npt.NDArray[np.integer], progress: Progress | None = None
) -> tuple[Crises, Values]:
    """Histories left to the dice from the scenario's start, history r with parameters `x[r]`: their crises, and the
    patron's share of ties at the opening of the quarters `when`, [R, N, T]."""
    from hegemon.dice import split_seed
    from hegemon.ensemble.program import chunk_size
    from hegemon.opening import opening
    from hegemon.order import unscripted

    begin = opening(unscripted(order))
    size, runs = chunk_size(), len(x)
    words = tuple(np.uint32(word) for word in split_seed(seed))
    closes = np.asarray(when, np.int32) - 1  # the close of the quarter before
    crises, ties = [], []
    for first in range(0, runs, size):
        here = x[first : first + size]
        padded = np.concatenate([here, np.repeat(here[-1:], size - len(here), axis=0)])
        counts = (np.arange(size) < len(here)).astype(np.float32)
        where = np.uint32(first & 0xFFFFFFFF), np.uint32(first >> 32)
        codes, share = _program()(begin, padded, rest(order.parameters), words, *where, counts, closes)
        crises.append(Crises.decode(np.asarray(codes), first, runs))
        ties.append(np.asarray(share)[: len(here)])
        if progress is not None:
            progress(min(first + size, runs), runs)
    names = [field.name for field in dataclasses.fields(Crises)]
    whole = Crises(**{name: np.concatenate([getattr(c, name) for c in crises]) for name in names})
    return whole, np.concatenate(ties)


# ---- Counts and shares ----
def periods(order: Order, covered: int) -> list[str]:
    """Names of the decades in the first `covered` quarters: "1992-2001"."""
    names = order.quarters[:covered]
    return [f"{part[0][:4]}-{part[-1][:4]}" for part in (names[i : i + DECADE] for i in range(0, covered, DECADE))]


def tallied(crises: Crises, histories: int, covered: int) -> dict[str, Numbers]:
    """Counts and shares by history: "count" [R, kinds, decades], "instrument" [R, kinds, instruments], "survived" and
    "requested" [R, kinds, 1]. A share of no crises is no number."""
    seen = crises.quarter < covered
    run, kind = crises.run[seen], crises.kind[seen]
    count = np.zeros((histories, len(KINDS), -(-covered // DECADE)))
    np.add.at(count, (run, kind, crises.quarter[seen] // DECADE), 1.0)
    used = np.zeros((histories, len(KINDS), len(NAMES)))
    np.add.at(used, (run, kind, crises.instrument[seen]), 1.0)
    facts = {}
    for name in ("survived", "requested"):
        facts[name] = np.zeros((histories, len(KINDS), 1))
        np.add.at(facts[name], (run, kind, np.zeros_like(run)), getattr(crises, name)[seen].astype(float))
    total = count.sum(2, keepdims=True)
    with np.errstate(invalid="ignore"):
        return {"count": count, **{name: each / total for name, each in {"instrument": used, **facts}.items()}}


def recorded(laid: Record, covered: int) -> dict[str, Numbers]:
    """The same of the record, a first axis of one."""
    events = laid.events
    quarter, state = laid.at.T
    kind = np.array([KINDS.index(name) for name in events["kind"]], np.int64)
    answer = np.array([CODE[name] for name in events["instrument"]], np.int64)
    yes = {name: events[name].to_numpy(bool).astype(np.int64) for name in ("requested", "survived")}
    zero = np.zeros(len(events), np.int64)
    found = Crises(zero, quarter, state, kind, answer, yes["requested"], zero, yes["survived"], zero, zero, zero)
    return tallied(found, 1, covered)


def compare(
    histories: dict[str, Numbers], record: dict[str, Numbers], decades: list[str]
) -> tuple[pd.DataFrame, dict[str, Coverage]]:
    """The record beside the histories, cell by cell, and coverage by group.

    A cell counts where something could be seen: the record has crises of the kind, and not every history agrees with it.
    """
    import pandas as pd

    labels = {"count": decades, "instrument": list(NAMES), "survived": [""], "requested": [""]}
    rows, coverage = [], {}
    for group, each in histories.items():
        seen = record[group][0]
        open_ = np.isfinite(seen) & (np.isfinite(each) & (each != seen)).any(0)
        low, high = bounds(each[:, open_])
        places = [(KINDS[k], labels[group][o]) for k, o in zip(*np.nonzero(open_), strict=True)]
        for (kind, of), got, mean, least, most in zip(places, seen[open_], np.nanmean(each[:, open_], 0), low, high,
                                                     strict=True):  # fmt: skip
            rows.append({"group": group, "kind": kind, "of": of, "record": got, "mean": mean, "low": least, "high": most,
                         "side": side(got, least, most)})  # fmt: skip
        coverage[group] = covered_by(GROUPS[group], seen[open_], each[:, open_], low, high)
    return pd.DataFrame(rows), coverage


def bounds(each: Numbers) -> tuple[Numbers, Numbers]:
    """The middle 90 % of histories, the first axis: values that some history has."""
    low, high = np.nanquantile(each, LEVEL, axis=0, method="inverted_cdf")
    return low, high


def side(got: float, low: float, high: float) -> str:
    """Where the record lies: inside, or above or below the middle 90 %."""
    return "below" if got < low - 1e-9 else "above" if got > high + 1e-9 else "inside"


def covered_by(what: str, seen: Numbers, each: Numbers, low: Numbers, high: Numbers) -> Coverage:
    """Coverage of the record, and of the histories by themselves."""
    inside = (seen >= low - 1e-9) & (seen <= high + 1e-9)
    with np.errstate(invalid="ignore"):
        own = ((each >= low - 1e-9) & (each <= high + 1e-9)).sum(1) / np.maximum(np.isfinite(each).sum(1), 1)
    least, most = np.quantile(own, LEVEL)
    return Coverage(what, int(inside.sum()), len(seen), float(own.mean()), float(least), float(most))


# ---- Ties ----
def _logit(share: npt.NDArray[np.floating]) -> Numbers:
    """As `likelihood.expected_logit`."""
    share = np.asarray(share, float)
    return np.log(share + 1e-4) - np.log(1.0 - share + 1e-4)


FOLLOWED = 32
"""Draws whose paths are computed side by side."""


@functools.cache
def _followed() -> Any:
    from hegemon.inference.likelihood import expected_logit
    from hegemon.inference.path import follow

    def one(x: Any, data: Any) -> Any:
        return expected_logit(follow(data.opening, x, data.left), data.observed)

    return jax.jit(jax.vmap(one, in_axes=(0, None)))


def deviating(laid: Record, x: Values, seed: int) -> Numbers:
    """Log-odds of the patron's share when the record is followed, with the deviations shocks have caused by then,
    [R, N, T]: the autoregression whose covariance `likelihood.ties` writes down, drawn quarter by quarter."""
    from hegemon.inference.likelihood import PER_SHOCK

    padded = np.concatenate([x, np.repeat(x[-1:], -len(x) % FOLLOWED, axis=0)])
    path = np.concatenate([np.asarray(_followed()(padded[i : i + FOLLOWED], laid.data), float)
                           for i in range(0, len(padded), FOLLOWED)])[: len(x)]  # fmt: skip
    pace, elite, shock = (_column(x, f"alignment.{name}")[:, None] for name in ("pace", "elite", "shock"))
    kept = np.clip(1.0 - pace * elite, 0.5, 0.999)
    steps = np.asarray(laid.data.observed.quarter) + 1  # type: ignore[union-attr]  # as in `likelihood.ties`
    luck = np.random.default_rng([seed, 2])
    away, found = np.zeros(path.shape[:2]), np.zeros(path.shape)
    for step in range(1, int(steps.max()) + 1):
        away = kept * away + np.sqrt(PER_SHOCK) * shock * luck.standard_normal(away.shape)
        found[:, :, steps == step] = away[:, :, None]
    return path + found


def measured(logit: Numbers, x: Values, observed: Observed, seed: int) -> Numbers:
    """Shares as they would be observed: with each neighbour's lasting offset and each year's error."""
    luck = np.random.default_rng([seed, 3])
    offset = _column(x, "ties.offset")[:, None, None] * luck.standard_normal((*logit.shape[:2], 1))
    error = _column(x, "ties.error")[:, None, None] * np.asarray(observed.error, float)
    whole: Numbers = 1.0 / (1.0 + np.exp(-(logit + offset + error * luck.standard_normal(logit.shape))))
    return whole


def _column(x: Values, name: str) -> Numbers:
    return np.asarray(x[:, FREE.index(name)], float)


def compare_ties(basis: str, each: Numbers, laid: Record, coverage: dict[str, Coverage]) -> pd.DataFrame:
    """Observed shares beside the histories', by state and year; adds to `coverage`."""
    import pandas as pd

    observed = laid.data.observed
    assert observed is not None
    there = np.asarray(observed.seen) > 0.0
    seen = 1.0 / (1.0 + np.exp(-np.asarray(observed.logit, float)[there]))
    mine = each[:, there]
    low, high = bounds(mine)
    coverage[basis] = covered_by(f"ties with the patron by neighbour and year, {basis}", seen, mine, low, high)
    state, year = np.nonzero(there)
    names = [int(laid.order.quarters[q][:4]) for q in np.asarray(observed.quarter)]
    return pd.DataFrame(
        {"basis": basis, "state": [laid.order.states[i] for i in state], "year": [names[t] for t in year], "record": seen,
         "low": low, "median": np.median(mine, 0), "high": high, "rank": (mine < seen).mean(0),
         "side": [side(*row) for row in zip(seen, low, high, strict=True)]}
    )  # fmt: skip

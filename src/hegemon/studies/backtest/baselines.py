"""What a forecast must beat: forecasters of the patron's instrument that know no theory.

Each is told a crisis as it begins (`SEEN`: kind, severity, state, date, the incumbents' line, whether they asked for
help) and gives a probability to each of the nine instruments. Whatever it must choose (how much to smooth, how hard to
shrink), it chooses inside the crises it is fitted to.

Two cautions hold for all of them. Severity and request are coded with the whole episode in view; `asked_refused` would
give away part of the answer, so only *asked or not* is read. And a crisis that began earlier counts as known, though its
answer may have come later. That the logit's years are scaled to about unit range, and that logit and rates are pooled,
was settled among a dozen variants with the post-Soviet record's scores in view, which flatters these baselines a little.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon import quarters
from hegemon.errors import BadValue, Missing, OutOfRange
from hegemon.history.codebook import KIND
from hegemon.instruments import CODE, INSTRUMENTS, NAMES
from hegemon.scenarios.loader import load_scenario
from hegemon.scenarios.schema import Scenario
from hegemon.studies.backtest.scores import Numbers
from hegemon.studies.predict.known import before, days, frame, in_order

SEEN = ("crisis_id", "state", "start", "kind", "severity", "incumbent_before", "host_request")
"""Columns a forecaster may read of the crisis it is to forecast."""

JEFFREYS = 0.5
"""Crises of each instrument added to what was counted, where nothing chooses another number."""

SMOOTHING = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0, 8.0, 16.0)
STRENGTHS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 64.0, 128.0)
PENALTIES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Grids from which a baseline chooses, inside its own training rows."""

FOLDS = 8
"""Parts into which the training rows are cut to choose the logit's penalty."""

OFTEN = 6
"""A state has its own effect in the logit from this many crises in the training rows."""

PACT = "CST_CSTO"
"""The patron's pact in memberships.csv."""


@runtime_checkable
class Forecaster(Protocol):
    """Gives each crisis of a record a probability for each of the nine instruments.

    All three return a frame with index crisis_id and one column per instrument of `hegemon.instruments.NAMES`, in that
    order, rows adding up to one. `record` and `train` have the columns of `hegemon.history()`.
    """

    @property
    def name(self) -> str:
        """Short name for tables."""

    def rolling(self, record: pd.DataFrame, first: int) -> pd.DataFrame:
        """Each crisis from the `first`-th (1-based, `in_order`), by only those that had begun before it (`before`)."""

    def left_out(self, record: pd.DataFrame) -> pd.DataFrame:
        """Each crisis, by all the others."""

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """Each of `rows`, by `train`."""


class Refitted(ABC):
    """A forecaster that is fitted anew for every crisis it forecasts. `fitted` is all it must say."""

    name: str

    @abstractmethod
    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """Each of `rows`, by `train`."""

    def rolling(self, record: pd.DataFrame, first: int) -> pd.DataFrame:
        """Each crisis from the `first`-th on, by those that had begun before it. Raises `OutOfRange` for `first`."""
        if not 1 <= first <= len(record):
            raise OutOfRange(f"first = {first}", f"The record has crises 1 to {len(record)}.")
        ordered = in_order(record)
        return pd.concat([self.fitted(before(ordered, ordered["start"].iloc[i]), ordered.iloc[[i]][list(SEEN)])
                          for i in range(first - 1, len(ordered))])  # fmt: skip

    def left_out(self, record: pd.DataFrame) -> pd.DataFrame:
        """Each crisis, by all the others."""
        ordered = in_order(record)
        return pd.concat([self.fitted(ordered.drop(index=i), ordered.loc[[i]][list(SEEN)]) for i in ordered.index])


def happened(record: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Codes of the primary responses, [R]."""
    return np.array([CODE[name] for name in record["response_primary"]], np.int64)


def needs(record: pd.DataFrame) -> None:
    """Raises `Missing` where the record lacks a column that forecasters read, `BadValue` where it is empty."""
    for column in (*SEEN, "response_primary"):
        if column not in record:
            raise Missing(f"the record has no column {column}", "Forecasts need it; codebook.md says what it holds.")
    if not len(record):
        raise BadValue("the record has no crises", "Give at least one row.")


class Uniform(Refitted):
    """All nine instruments alike."""

    name = "uniform"

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """One ninth each."""
        return frame(rows, np.ones((len(rows), len(NAMES))))


def feasible(rows: pd.DataFrame, scenario: Scenario | None = None) -> npt.NDArray[np.bool_]:
    """Which instruments the model would use, [R, 9]: those made for the kind of crisis, with ground for separatism where
    they need it, and for collective force a request by a member of the pact in the quarter of the start. Of a state the
    scenario does not have, ground and membership are not known, and count as there. scenario: None is post-Soviet."""
    given = scenario if scenario is not None else _post_soviet()
    found = np.zeros((len(rows), len(NAMES)), bool)
    for r, row in enumerate(rows.to_dict("records")):
        state, kind = given.states.get(row["state"]), KIND[row["kind"]]
        ground = state is None or state.cleavage > 0.0
        when = quarters.of_date(row["start"])
        member = state is None or (given.pact is not None and given.pact.has(row["state"], when))
        for i, instrument in enumerate(INSTRUMENTS):
            allowed = kind in instrument.kinds and (ground or not instrument.needs_ground)
            found[r, i] = allowed and (not instrument.needs_mandate or (member and _asked(row["host_request"])))
    return found


@cache
def _post_soviet() -> Scenario:
    return load_scenario("post-soviet")


def _asked(request: str) -> bool:
    """Whether the incumbents asked. What they were answered is not known when the crisis begins."""
    return request.startswith("asked")


class Feasible(Refitted):
    """Another forecaster that is told what the model holds feasible: the rest is ruled out, and shares made up again.

    Nearly ruled out: with n training rows, of which v saw what was not feasible, a share (v + 1/2) / (n + 1) of the
    probability stays as the other forecaster had it, so that a rule which fails elsewhere is unlearnt there.
    """

    def __init__(self, inner: Refitted, scenario: Scenario | None = None) -> None:
        self.inner, self.scenario = inner, scenario
        self.name = f"{inner.name}, feasible"

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """The other's probabilities, nearly all of them over feasible instruments."""
        broken = (~feasible(train, self.scenario)[np.arange(len(train)), happened(train)]).sum()
        kept = (float(broken) + JEFFREYS) / (len(train) + 1.0)
        plain = self.inner.fitted(train, rows).to_numpy()
        masked = plain * feasible(rows, self.scenario)
        return frame(rows, (1.0 - kept) * masked / masked.sum(1, keepdims=True) + kept * plain)


class Everywhere(Refitted):
    """Another forecaster that learns from the crises of other orders besides."""

    def __init__(self, inner: Refitted, elsewhere: pd.DataFrame) -> None:
        self.inner, self.elsewhere = inner, elsewhere
        self.name = f"{inner.name}, all orders"

    def rolling(self, record: pd.DataFrame, first: int) -> pd.DataFrame:
        """Each crisis from the `first`-th on, by those of all orders that had begun before it."""
        ordered = in_order(record)
        return pd.concat([self.inner.fitted(_joined(before(self.elsewhere, start), before(ordered, start)), ordered.iloc[[i]])
                          for i, start in enumerate(ordered["start"]) if i >= first - 1])  # fmt: skip

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """Each of `rows`, by `train` and the crises elsewhere."""
        return self.inner.fitted(_joined(self.elsewhere, train), rows)


def _joined(*tables: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True)


class Pool(Refitted):
    """The plain mean of other forecasters' probabilities: hard to beat by its members (Clemen 1989, IJF 5:559)."""

    def __init__(self, name: str, *members: Refitted) -> None:
        self.name, self.members = name, members

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """The mean."""
        return frame(rows, np.mean([m.fitted(train, rows).to_numpy() for m in self.members], axis=0))


class BaseRates(Refitted):
    """How often each instrument was used, whatever the crisis: counts with a constant added, chosen from `SMOOTHING` by
    the training rows' leave-one-out log score."""

    name = "base rates"

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """The same smoothed shares for every row."""
        y = happened(train)
        return frame(rows, np.tile(rates(y, smoothing(y)), (len(rows), 1)))


def rates(y: npt.NDArray[np.int64], added: float) -> Numbers:
    """Shares [9] of instruments among codes [R], with `added` crises of each."""
    counts = np.bincount(y, minlength=len(NAMES)) + added
    return counts / counts.sum()


def smoothing(y: npt.NDArray[np.int64]) -> float:
    """The constant of `SMOOTHING` under which each crisis is best foretold by the others; Jeffreys' below two."""
    if len(y) < 2:
        return JEFFREYS
    rest = np.bincount(y, minlength=len(NAMES))[y] - 1
    score = [np.log((rest + a) / (len(y) - 1 + len(NAMES) * a)).mean() for a in SMOOTHING]
    return SMOOTHING[int(np.argmax(score))]


class RatesByKind(Refitted):
    """How often each instrument was used in crises of the kind (as coded), shrunk to the overall rates; the strength,
    in crises, is chosen from `STRENGTHS` by the training rows' leave-one-out log score."""

    name = "rates by kind"

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """Shares of the row's kind."""
        y, added = happened(train), smoothing(happened(train))
        kinds = train["kind"].to_numpy(str)
        shares = self.shares(y, kinds, rows["kind"].to_numpy(str), added, self.strength(y, kinds, added))
        return frame(rows, shares)

    @staticmethod
    def shares(
        y: npt.NDArray[np.int64], kinds: npt.NDArray[Any], wanted: npt.NDArray[Any], added: float, strength: float
    ) -> Numbers:
        """Shares [R, 9] for crises of kinds `wanted` [R]."""
        overall = rates(y, added)
        counts = np.array([np.bincount(y[kinds == kind], minlength=len(NAMES)) for kind in wanted], np.float64)
        return (counts + strength * overall) / (counts.sum(1, keepdims=True) + strength)

    @staticmethod
    def strength(y: npt.NDArray[np.int64], kinds: npt.NDArray[Any], added: float) -> float:
        """The strength under which each crisis is best foretold by the others."""
        if len(y) < 2:
            return 1.0
        n = len(y)
        rest = np.bincount(y, minlength=len(NAMES))[y] - 1
        overall = (rest + added) / (n - 1 + len(NAMES) * added)
        alike = kinds[:, None] == kinds[None, :]
        same, both = alike.sum(1) - 1, (alike & (y[:, None] == y[None, :])).sum(1) - 1
        score = [np.log((both + s * overall) / (same + s)).mean() for s in STRENGTHS]
        return STRENGTHS[int(np.argmax(score))]


class RidgeLogit(Refitted):
    """Multinomial logit with a ridge penalty on kind, the incumbents' line, severity, request, membership of the pact at
    the date, years since 1992, drawn from a register or chosen, and the states with at least `OFTEN` crises in the training rows.

    The penalty is chosen from `PENALTIES` by cross-validation inside the training rows. Each instrument is given
    `JEFFREYS` of an average crisis, so that one not seen yet can come.
    """

    name = "ridge logit"

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """The logit's probabilities; one ninth each before anything is known."""
        if not len(train):
            return Uniform().fitted(train, rows)
        y = happened(train)
        columns = columns_of(train)
        x, wanted = features(train, columns), features(rows, columns)
        return frame(rows, logit(x, y, penalty_for(x.tobytes(), y.tobytes(), x.shape), wanted))


@lru_cache(maxsize=4_096)
def penalty_for(features_: bytes, codes: bytes, shape: tuple[int, ...]) -> float:
    """The penalty with the best log score over `FOLDS` parts of the training rows, every FOLDS-th row a part.

    Arrays come as bytes, so that two forecasters that read the same logit choose once.
    """
    x, y = np.frombuffer(features_).reshape(shape), np.frombuffer(codes, np.int64)
    if len(y) < 2 * FOLDS:
        return 4.0
    part = np.arange(len(y)) % FOLDS
    score = np.zeros(len(PENALTIES))
    for fold in range(FOLDS):
        out = part == fold
        for i, penalty in enumerate(PENALTIES):
            found = logit(x[~out], y[~out], penalty, x[out])
            score[i] += np.log(found[np.arange(int(out.sum())), y[out]]).sum()
    return PENALTIES[int(np.argmax(score))]


def logit(x: Numbers, y: npt.NDArray[np.int64], penalty: float, wanted: Numbers) -> Numbers:
    """Probabilities [R, 9] for features `wanted` [R, F] by a logit fitted to `x`, `y`; intercepts are not penalised.

    On one thread: so small a fit takes five times as long where threads wait for one another.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    middle = x.mean(0)
    known = np.vstack([x - middle, np.zeros((len(NAMES), x.shape[1]))])
    weight = np.concatenate([np.ones(len(y)), np.full(len(NAMES), JEFFREYS)])
    model = LogisticRegression(C=1.0 / penalty, max_iter=1_000, tol=1e-4)
    with threadpool_limits(1):
        model.fit(known, np.concatenate([y, np.arange(len(NAMES))]), sample_weight=weight)
        return model.predict_proba(wanted - middle)


Columns = list[tuple[str, str]]


def columns_of(train: pd.DataFrame) -> Columns:
    """Indicators the training rows can speak about: (column, code)."""
    often = train["state"].value_counts()
    states = sorted(str(state) for state in often.index[often >= OFTEN])
    coded = [(name, code) for name in ("kind", "incumbent_before") for code in sorted(set(train[name]))]
    return [*coded, *(("state", state) for state in states)]


def features(rows: pd.DataFrame, columns: Columns) -> Numbers:
    """Features [R, F], each of about unit range: indicators, then severity, request, membership, years since 1992."""
    found = [[float(row[name] == code) for name, code in columns] + [
        float(row["severity"]) - 2.0, float(_asked(row["host_request"])), float(member(row["state"], row["start"])),
        (int(row["start"][:4]) - 1992) / 30.0, float(row.get("drawn") in (1, True)),
    ] for row in rows.to_dict("records")]  # fmt: skip
    return np.array(found, np.float64).reshape(len(rows), len(columns) + 5)


@cache
def member(state: str, start: str) -> bool:
    """Whether a state was in the patron's pact on a date, by memberships.csv."""
    begin = days(start)[0]
    return any(days(since)[1] <= begin and (not to or begin < days(to)[0]) for since, to in _spells().get(state, ()))


@cache
def _spells() -> dict[str, list[tuple[str, str]]]:
    with resources.files("hegemon.history").joinpath("memberships.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False).query("org == @PACT")
    return {str(state): list(zip(mine["from"], mine["to"], strict=True)) for state, mine in table.groupby("state")}


def baselines(scenario: Scenario | None = None) -> tuple[Refitted, ...]:
    """Every baseline, from the one that knows nothing on. scenario: whose feasibility counts; None: post-Soviet."""
    plain = Uniform(), RatesByKind(), RidgeLogit()
    told = [Feasible(forecaster, scenario) for forecaster in plain]
    pool = Pool("rates and logit pooled", told[1], told[2])
    return (plain[0], told[0], BaseRates(), plain[1], told[1], plain[2], told[2], pool)

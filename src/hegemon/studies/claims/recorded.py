"""What the coded record says: a share of its crises, alone or against others, with the interval that so few crises allow."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hegemon import quarters
from hegemon.engine.tally import Crises
from hegemon.history import COVERAGE, coverage, events_of, every_crisis, history, record_events
from hegemon.history import coded as coded_record
from hegemon.instruments import KINDS, NAMES, SIDES
from hegemon.ledgers.sides import Base
from hegemon.ledgers.tables import EVERY, Recorded
from hegemon.ledgers.tables import Crises as Choice
from hegemon.opening import LEANINGS
from hegemon.quarters import index, span
from hegemon.scenarios.schema import Scenario
from hegemon.studies.claims.outcomes import Place, Yes, agree


@dataclass(frozen=True)
class Count:
    """So many of so many, and the middle 90 % of what the share may be (Jeffreys' prior)."""

    number: int
    of: int

    @property
    def share(self) -> float:
        """The share; NaN where there are none."""
        return self.number / self.of if self.of else float("nan")

    def quantile(self, p: float) -> float:
        """A quantile of the share."""
        from scipy.special import betaincinv

        return float(betaincinv(self.number + 0.5, self.of - self.number + 0.5, p))

    def summary(self) -> dict[str, object]:
        """For JSON."""
        share = round(self.share, 4) if self.of else None
        return {"number": self.number, "of": self.of, "share": share, "low": round(self.quantile(0.05), 4),
                "high": round(self.quantile(0.95), 4)}  # fmt: skip


@dataclass(frozen=True)
class RecordCheck:
    """What the record says about a claim.

    probability  of what the claim expects, if the record's crises were independent; None where it expects nothing
    """

    what: str
    history: str
    here: Count
    there: Count | None
    probability: float | None

    def summary(self) -> dict[str, object]:
        """For JSON."""
        against = {} if self.there is None else {"against": self.there.summary()}
        probability = None if self.probability is None else round(self.probability, 4)
        return {"what": self.what, "history": self.history, **self.here.summary(), **against, "probability": probability}


def recorded(r: Recorded, base: Base) -> RecordCheck:
    """The statistic."""
    name = r.history or base.scenario.history or ""
    events = every() if name == EVERY else Coded(*_events(name, None if r.history else base.scenario))
    here, *there = (_count(r.share, of, events) for of in (r.of, r.against) if of is not None)
    against = there[0] if there else None
    return RecordCheck(r.what, name, here, against, None if r.sign is None else expectation(r, here, against))


class Coded(NamedTuple):
    """Coded crises as arrays. `facts`: what only the record of all orders says, by name; [E] each."""

    events: Crises
    at: Place
    facts: Mapping[str, np.ndarray[tuple[int], Any]] = MappingProxyType({})


@functools.cache
def every() -> Coded:
    """All coded crises of all orders (`hegemon.history.every_crisis`); each counts, also where a state has two in a quarter."""
    table = every_crisis()
    days = [quarters.of_date(day) for day in table["start"]]
    events, at = coded(events_of(table), min(days, key=index), max(days, key=index))
    return Coded(events, at, {"drawn": table["drawn"].to_numpy()})


def _events(name: str, scenario: Scenario | None) -> tuple[Crises, Place]:
    """A record as crises: one that comes with hegemon, or a scenario's own."""
    if scenario is not None and name not in COVERAGE:
        since, until = coverage(scenario)
        return coded(record_events(coded_record(scenario), start=since, end=until), since, until)
    return _builtin(name)


@functools.cache
def _builtin(name: str) -> tuple[Crises, Place]:
    return coded(record_events(history(name)), *COVERAGE[name])


def coded(table: pd.DataFrame, start: str, end: str) -> tuple[Crises, Place]:
    """Events in the model's terms as arrays, with the names and the clock they refer to."""
    states = tuple(sorted(set(table["state"])))
    begin = index(start)

    def codes(column: str, names: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([names.index(value) if value in names else -1 for value in table[column]], np.int64)

    facts = {name: table[name].to_numpy().astype(np.int64) for name in ("requested", "consented", "survived", "severity")}
    names = {"state": states, "kind": KINDS, "instrument": NAMES, "side": SIDES, "successor": LEANINGS, "line": LEANINGS}
    when = np.array([index(quarter) - begin for quarter in table["quarter"]], np.int64)
    crises = Crises(run=np.zeros(len(table), np.int64), quarter=when, **facts,
                    **{column: codes(column, known) for column, known in names.items()})  # fmt: skip
    return crises, Place(states, (), tuple(span(start, end)))


@functools.cache
def chance_below(x: float, here: Count, there: Count | None, points: int) -> float:
    """Probability that a share, or how far it is above another one, is below `x`; each has Jeffreys' prior."""
    from scipy.special import betaincc, betaincinv

    p = (np.arange(points) + 0.5) / points
    values = betaincinv(here.number + 0.5, here.of - here.number + 0.5, p)
    if there is None:
        return float((values < x).mean())
    above = np.clip(values - x, 0.0, 1.0)
    return float(betaincc(there.number + 0.5, there.of - there.number + 0.5, above).mean())


def _count(share: Choice, of: Choice, record: Coded) -> Count:
    both, there = (_agree(choice, record) for choice in (share, of))
    return Count(int((there & both).sum()), int(there.sum()))


def _agree(choice: Choice, record: Coded) -> Yes:
    """Which crises of a record agree with a choice: a neighbour without a crisis has no number there."""
    kept = None if choice.state is None else tuple(state for state in choice.state if state in record.at.states)
    yes = agree(choice.model_copy(update={"state": kept}), record.events, record.at)
    return yes if choice.drawn is None else yes & (record.facts["drawn"].astype(bool) == choice.drawn)


POINTS = 4_001
"""How finely a share's distribution is cut."""


def expectation(r: Recorded, here: Count, there: Count | None, points: int = POINTS) -> float:
    """Probability of what a claim expects of the share, or of the difference of two shares."""

    def below(x: float) -> float:
        return chance_below(x, here, there, points)

    if r.sign == "within":
        return below(r.high if r.high is not None else 1.0) - below(r.low if r.low is not None else -1.0)
    return below(r.threshold) if r.sign == "negative" else 1.0 - below(r.threshold)

"""The hindcast: follow the record to a date, throw dice from there, and compare with what happened next.

What the order is given about the years after the date is cut off (`known_to`): capacity and growth hold their last known
values. What cannot be cut off is that the model's formulas and default parameters were set by people who knew how it went
on. Persistence, the forecast that things go on as they were, is the rival.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon import quarters
from hegemon.errors import BadValue, Missing, OutOfRange, UserError
from hegemon.inference import scores
from hegemon.inference.scores import Interval
from hegemon.instruments import KINDS, NAMES
from hegemon.order import Order

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.studies.run.result import Runs

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

MOST_RUNS = 4_000
"""Histories at most: each one's trajectory is kept in memory."""

CUT = ("capacity", "growth")
"""Paths by year that a scenario prescribes."""

PAIRS = 10
"""Past changes that are enough to know their size by; with fewer, it grows with the root of the years."""


@dataclass(frozen=True)
class Count:
    """One count over the years after the origin, foretold three ways.

    group         all, kind, instrument, outcome or neighbour
    before        the record's count from the scenario's start to the origin
    observed      the record's count after it
    mean, low, high   the histories' mean and middle 90 %
    model, poisson, persistence   log scores: histories; past rate; past rate with its own uncertainty (`persisting`)
    """

    group: str
    name: str
    before: int
    observed: int
    mean: float
    low: int
    high: int
    model: float
    poisson: float
    persistence: float

    @property
    def inside(self) -> bool:
        """Whether what happened lies in the middle 90 % of histories."""
        return self.low <= self.observed <= self.high


@dataclass(frozen=True)
class Ties:
    """Orientation, neighbour-year by neighbour-year, for one pole: mean CRPS in shares of external ties, lower is better.

    model        the histories as they are
    anchored     the histories moved (in log ratios to the patron's share, without the observation's error) so that
                 their mean in the last known year is what was observed then: only the change since is the model's
    persistence  the last observed share, with the size of past changes
    ahead, anchored_ahead   persistence minus model, and minus anchored: positive where the histories are better
    """

    pole: str
    cases: int
    model: float
    anchored: float
    persistence: float
    ahead: Interval
    anchored_ahead: Interval


@dataclass(frozen=True)
class Hindcast:
    """What came out.

    counts      every count after the origin
    ties        orientation by pole; empty, with `untied` saying why, where there is no evidence
    cases       neighbour-years behind `ties` (`CASE`)
    observed    the evidence on orientation, all years, or None
    cumulative  crises so far by kind and quarter: quantiles over histories, and the record
    """

    order: Order
    origin: str
    first: str
    last: str
    seed: int
    runs: Runs
    record: pd.DataFrame
    counts: list[Count]
    ties: list[Ties]
    untied: str
    cases: pd.DataFrame
    observed: pd.DataFrame | None
    cumulative: pd.DataFrame

    def totals(self) -> dict[str, dict[str, int | float]]:
        """Mean log score per count, by group."""
        found: dict[str, dict[str, int | float]] = {}
        for group in dict.fromkeys(count.group for count in self.counts):
            mine = [count for count in self.counts if count.group == group]
            found[group] = {
                "counts": len(mine),
                "inside": sum(count.inside for count in mine),
                **{who: float(np.mean([getattr(c, who) for c in mine])) for who in ("model", "poisson", "persistence")},
            }
        return found

    def document(self) -> dict[str, Any]:
        """All numbers, ready for JSON."""
        return {
            "origin": self.origin,
            "first": self.first,
            "last": self.last,
            "runs": int(self.runs.summary.attrs["runs"]),
            "seed": self.seed,
            "totals": self.totals(),
            "counts": [{**asdict(count), "inside": count.inside} for count in self.counts],
            "orientation": [
                {**asdict(t), "ahead": t.ahead.document(), "anchored_ahead": t.anchored_ahead.document()}
                for t in self.ties
            ],
            "orientation_missing": self.untied or None,
        }


def known_to(order: Order, origin: str) -> Order:
    """The order as it could have been given at the close of a quarter: the record followed to then, and prescribed
    paths by year cut after the last complete year. Forced events are left out.

    Raises `UserError` where the order has no record, or `origin` lies outside its quarters.
    """
    from hegemon.scenarios.schema import Scenario

    s, now = order.scenario, quarters.index(origin)
    if s.history is None:
        raise Missing(
            f"{order.name} has no coded record to follow", "Forecast an order whose scenario names a history."
        )
    if not quarters.index(s.start) <= now < quarters.index(s.end):
        raise OutOfRange(
            f"the forecast's origin {origin}", f"{order.name} runs from {s.start} to {s.end}; begin before its end."
        )
    year = quarters.year(origin) - (0 if origin.endswith("Q4") else 1)
    content = {**s.content(), "record": quarters.label(now)}
    content.pop("force", None)
    for name in CUT:
        path = content[name]["path"]
        kept = {y: value for y, value in path.items() if int(y) <= year}
        content[name] = {**content[name], "path": kept or {min(path): path[min(path)]}}
    given = Scenario.model_validate(content).named(order.name)
    return dataclasses.replace(order, scenario=given)


def window(order: Order, origin: str) -> tuple[str, str]:
    """First and last quarter that can be compared: after the origin, and covered by the record in full."""
    from hegemon.history import COVERAGE

    covered = COVERAGE.get(order.scenario.history or "", (order.scenario.start, order.scenario.end))[1]
    last = min(quarters.index(order.scenario.end), quarters.index(covered) - 1)
    first = quarters.index(origin) + 1
    if first > last:
        raise OutOfRange(f"the forecast's origin {origin}", f"The record is covered in full only to {quarters.label(last)}; "
                         "begin earlier.")  # fmt: skip
    return quarters.label(first), quarters.label(last)


def hindcast(
    order: Order,
    origin: str = "2009Q4",
    runs: int = 2_000,
    seed: int = 0,
    *,
    observed: pd.DataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Hindcast:
    """Simulate what could follow after `origin`, and score it with what did.

    runs      histories, 2 to `MOST_RUNS`
    observed  orientation by state and year: columns state, year, one per pole (shares), error (sd of the log of a
              rival's share over the patron's). None: `hegemon.evidence`, where there is some

    Raises `UserError` for an origin, a number of runs or an order that cannot be used.
    """
    if not 2 <= runs <= MOST_RUNS:
        raise OutOfRange(f"runs = {runs}", f"Ask for 2 to {MOST_RUNS:,} histories.")
    import pandas as pd

    first, last = window(order, origin)
    known = known_to(order, origin)
    from hegemon.studies.run.compute import simulate
    from hegemon.history import history, record_events

    made = simulate(known, runs, seed, keep=True, progress=progress)
    s = known.scenario
    record = record_events(history(s.history or ""), start=s.start, end=s.end)
    record = record[record["state"].isin(order.states)]
    untied = ""
    if observed is None:
        observed, untied = evidence(order)
    cases = pd.DataFrame(columns=list(CASE))
    if observed is not None:
        cases = neighbour_years(made, order, observed, origin, seed)
    if observed is not None and not len(cases):
        untied = f"The evidence on orientation has no year after {origin}."
    return Hindcast(
        order=known, origin=origin, first=first, last=last, seed=seed, runs=made, record=record,
        counts=counts(made.events, record, order, (first, last), runs),
        ties=ties(cases, seed), untied=untied, cases=cases, observed=observed,
        cumulative=cumulative(made.events, record, order.quarters, runs),
    )  # fmt: skip


# ---- Counts ----


Chosen = Callable[["pd.DataFrame"], npt.NDArray[np.bool_]]
"""Which rows of a table of events are counted, [R]."""


def equal(column: str, value: object) -> Chosen:
    """Rows in which a column has a value."""
    return lambda table: np.asarray(table[column] == value, bool)


def groups(order: Order) -> dict[str, dict[str, Chosen]]:
    """What is counted, by group and name."""
    return {
        "all": {"all crises": lambda table: np.ones(len(table), bool)},
        "kind": {kind: equal("kind", kind) for kind in KINDS},
        "instrument": {name: equal("instrument", name) for name in NAMES},
        "outcome": {"incumbents survive": equal("survived", True), "incumbents fall": equal("survived", False)},
        "neighbour": {state: equal("state", state) for state in order.states},
    }


def counts(events: pd.DataFrame, record: pd.DataFrame, order: Order, span: tuple[str, str], runs: int) -> list[Count]:
    """Every count over the quarters from the first to the last of `span`."""
    ahead = set(quarters.span(*span))
    past = quarters.index(span[0]) - quarters.index(order.scenario.start)
    after = events[events["quarter"].astype(str).isin(ahead)]
    fact = record[record["quarter"].isin(ahead)]
    begun = record[record["quarter"].map(quarters.index) < quarters.index(span[0])]
    found = []
    for group, members in groups(order).items():
        for name, chosen in members.items():
            ensemble = np.bincount(after.loc[chosen(after), "run"].to_numpy(np.int64), minlength=runs)
            seen, before = int(chosen(fact).sum()), int(chosen(begun).sum())
            low, high = (int(q) for q in np.quantile(ensemble, (0.05, 0.95), method="inverted_cdf"))
            poisson, persistence = persisting(before, past, len(ahead), seen)
            found.append(Count(group, name, before, seen, float(ensemble.mean()), low, high,
                               scores.count_log_score(ensemble, seen), poisson, persistence))  # fmt: skip
    return found


def persisting(before: int, past: int, ahead: int, observed: int) -> tuple[float, float]:
    """Log score, for a count over `ahead` quarters, of going on at the rate of `before` events in `past` quarters:
    as a Poisson of that rate (half an event added), and averaged over what the rate may be (Jeffreys' prior)."""
    from scipy.stats import nbinom, poisson

    if past < 1:
        raise BadValue("there is no quarter before the origin", "Begin later.")
    plain = poisson.logpmf(observed, (before + 0.5) / past * ahead)
    return float(plain), float(nbinom.logpmf(observed, before + 0.5, past / (past + ahead)))


def cumulative(events: pd.DataFrame, record: pd.DataFrame, labels: Sequence[str], runs: int) -> pd.DataFrame:
    """Crises so far by kind and quarter: p05, p25, median, p75, p95 over histories, and the record's (`record`)."""
    import pandas as pd

    at = {label: i for i, label in enumerate(labels)}
    frames = []
    for kind in KINDS:
        mine, fact = events[events["kind"] == kind], record[record["kind"] == kind]
        place = mine["run"].to_numpy(np.int64) * len(labels) + mine["quarter"].astype(str).map(at).to_numpy(np.int64)
        each = np.bincount(place, minlength=runs * len(labels)).reshape(runs, len(labels)).cumsum(1)
        bands = np.quantile(each, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0, method="inverted_cdf").astype(float)
        told = np.bincount([at[q] for q in fact["quarter"]], minlength=len(labels)).cumsum()
        table = dict(zip(("p05", "p25", "median", "p75", "p95"), bands, strict=True))
        frames.append(pd.DataFrame({"kind": kind, "quarter": list(labels), **table, "record": told}))
    return pd.concat(frames, ignore_index=True)


# ---- Orientation ----


def evidence(order: Order) -> tuple[pd.DataFrame | None, str]:
    """Observed orientation of the order's neighbours, or None and a sentence that says why there is none."""
    from hegemon.evidence import orientation

    try:
        return orientation(order.scenario.history or "", list(order.poles)), ""
    except UserError as error:
        return None, f"Orientation is not scored: {error}"


CASE = ("state", "year", "pole", "observed", "mean", "sd", "crps", "anchored_crps", "past", "past_sd", "past_crps")


def neighbour_years(made: Runs, order: Order, observed: pd.DataFrame, origin: str, seed: int) -> pd.DataFrame:
    """Every neighbour, pole and complete year after the origin that was observed (`CASE`): what the histories said of
    the year's mean, with the observation's error added to each, what persistence said, and the CRPS of both."""
    import pandas as pd

    poles, luck = list(order.poles), np.random.default_rng(seed)
    known = quarters.year(origin) - (0 if origin.endswith("Q4") else 1)
    years = {y: [q for q in order.quarters if quarters.year(q) == y] for y in sorted(set(observed["year"]))}
    past = {pole: past_changes(observed, pole, known) for pole in poles}
    rows = []
    for row in observed[(observed["year"] > quarters.year(origin)) & observed["state"].isin(order.states)].to_dict(
        "records"
    ):
        year, state = int(row["year"]), str(row["state"])
        before = observed[(observed["state"] == state) & (observed["year"] <= known)].sort_values("year")
        before = before[[bool(years[y]) for y in before["year"]]]
        if len(years[year]) < 4 or before.empty:
            continue
        when = int(before["year"].iloc[-1])
        fact, last = (ratios(np.array([float(r[pole]) for pole in poles])) for r in (row, before.iloc[-1]))
        drawn, then = (ratios(yearly(made, state, years[y])) for y in (year, when))
        noise = luck.normal(0.0, float(row["error"]), drawn.shape) * (np.arange(len(poles)) > 0)
        members, moved = shares(drawn + noise), shares(drawn + last - then.mean(0))
        for p, pole in enumerate(poles):
            value, old, sd = shares(fact)[p], shares(last)[p], past[pole](year - when)
            found = (value, members[:, p].mean(), members[:, p].std(), scores.crps(members[:, p], value),
                     scores.crps(moved[:, p], value), old, sd, scores.crps_normal(old, sd, value))  # fmt: skip
            rows.append([state, year, pole, *(float(x) for x in found)])
    return pd.DataFrame(rows, columns=list(CASE))


def yearly(made: Runs, state: str, labels: Sequence[str]) -> Numbers:
    """A neighbour's mean ties over some quarters, history by history, [M, P]."""
    held = made.data["orientation"].sel(state=state, quarter=list(labels)).mean("quarter")
    return held.transpose("run", "pole").to_numpy().astype(np.float64)


def ratios(ties: Numbers) -> Numbers:
    """Log of each pole's share over the patron's, [..., P]: where an observation's error is measured."""
    logs = np.log(np.maximum(ties, 1e-3))
    return logs - logs[..., :1]


def shares(ratios: Numbers) -> Numbers:
    """And back: shares that add up to one."""
    weights = np.exp(ratios)
    return weights / weights.sum(-1, keepdims=True)


def past_changes(observed: pd.DataFrame, pole: str, known: int) -> Callable[[int], float]:
    """Size (root mean square) of changes over h years up to `known`, pooled over neighbours, as a function of h."""
    table = observed[observed["year"] <= known].pivot_table(index="year", columns="state", values=pole)
    table = table.reindex(range(int(table.index.min()), known + 1))

    def over(years: int) -> Numbers:
        changes = (table - table.shift(years)).to_numpy(np.float64).ravel()
        return changes[np.isfinite(changes)]

    one = over(1)
    if len(one) < 2:
        raise BadValue(f"too few observed years up to {known}", "Begin later, or give more years of orientation.")

    def size(years: int) -> float:
        changes = over(years)
        if len(changes) < PAIRS:
            return max(float(np.sqrt((one**2).mean() * years)), 1e-3)
        return max(float(np.sqrt((changes**2).mean())), 1e-3)

    return size


def ties(cases: pd.DataFrame, seed: int) -> list[Ties]:
    """Mean CRPS by pole, and how far the histories are ahead of persistence, resampling states."""
    found = []
    for pole, mine in cases.groupby("pole", sort=False):
        crps, anchored, past = (mine[name].to_numpy(float) for name in ("crps", "anchored_crps", "past_crps"))
        states = list(mine["state"])
        found.append(Ties(
            str(pole), len(mine), float(crps.mean()), float(anchored.mean()), float(past.mean()),
            scores.interval(past - crps, states, seed), scores.interval(past - anchored, states, seed),
        ))  # fmt: skip
    return found

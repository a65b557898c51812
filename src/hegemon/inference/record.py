"""What calibration sees of a record: the opening it starts from, what counts, and observed ties."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any

import equinox as eqx
import numpy as np

from hegemon import quarters
from hegemon.errors import Missing
from hegemon.inference.likelihood import Counting, Observed
from hegemon.inference.vector import Bounds, Rest, rest
from hegemon.opening import Opening, following, marks
from hegemon.order import Order

if TYPE_CHECKING:
    import pandas as pd

MIDYEAR = 2
"""Quarter of a year, counted from 0, at whose opening yearly observations are compared with the path."""


class Data(eqx.Module):
    """Everything the posterior's density takes besides the parameters. `prior`: in place of the registry's."""

    opening: Opening
    weights: Counting
    observed: Observed | None
    left: Rest
    prior: Bounds | None = None


@dataclasses.dataclass(frozen=True)
class Record:
    """A coded record, laid out for an order."""

    order: Order
    events: pd.DataFrame  # the record in the model's terms (`history.record_events`), row for row
    at: np.ndarray  # quarter and state of each event, as indices
    data: Data  # what the likelihood takes, everything counting
    hash: str  # fingerprint of the record and of the observed ties

    def counting(self, known: np.ndarray, until: int | None = None) -> Data:
        """The data with only the `known` events (a mask over `events`) counting, and quarters before `until`."""
        timing, detail = np.array(self.data.weights.timing), np.zeros_like(self.data.weights.detail)
        quarter, state = self.at.T
        detail[state[known], quarter[known]] = 1.0
        timing[state[~known], quarter[~known]] = 0.0
        ties = np.array(self.data.weights.ties)
        if until is not None:
            timing[:, until:] = 0.0
            if self.data.observed is not None:  # a year's votes and trade are known when it is over
                ties[np.asarray(self.data.observed.quarter) + MIDYEAR > until] = 0.0
        return dataclasses.replace(self.data, weights=Counting(timing, detail, ties))


def lay_out(order: Order, record: pd.DataFrame | None = None, ties: pd.DataFrame | None = None) -> Record:
    """A record for an order. `record` has the columns of `hegemon.history()` or is in the model's terms already, as
    `hegemon.history.record_events` gives it (None: the order's own); `ties` has those of
    `hegemon.evidence.orientation()` (None: no observations of orientation).

    Raises `UserError` where the order has no record, or the record does not fit it.
    """
    from hegemon.history import coded, coverage, record_events

    s = order.scenario
    if record is None:
        if s.history is None:
            raise Missing(f"{order.name} has no coded record", "Give one with --history FILE.csv.")
        record = coded(s)
    if "quarter" in record:
        events = record[record["quarter"].isin(order.quarters)]
    else:
        order = reaching(order, record)
        s = order.scenario
        events = record_events(record, start=s.start, end=s.end)
    events = events[events["state"].isin(order.states)].reset_index(drop=True)
    if events.empty:
        raise Missing(f"the record has no crisis in {order.name}, {s.start} to {s.end}", "Give another --history.")
    opening = following(order, events)
    names = order.quarters
    where = zip(events["quarter"], events["state"], strict=True)
    at = np.array([(names.index(quarter), order.states.index(state)) for quarter, state in where])
    timing = np.ones((len(order.states), len(names)), np.float32)
    covered = coverage(s)[1] if s.history is not None else ""
    if covered in names:  # the last quarter is covered in part
        timing[:, names.index(covered) :] = 0.0
    detail = np.zeros_like(timing)
    detail[at[:, 1], at[:, 0]] = 1.0
    observed = observations(order, ties) if ties is not None else None
    years = 1 if observed is None else observed.quarter.shape[0]
    weights = Counting(timing, detail, np.ones(years, np.float32))
    data = Data(opening, weights, observed, rest(order.parameters))
    return Record(order, events, at, data, _hash(events, ties))


def reaching(order: Order, record: pd.DataFrame) -> Order:
    """The order with its end moved to the record's last crisis, if that lies beyond: paths hold their last values."""
    last = max(quarters.index(quarters.of_date(date)) for date in record["start"])
    if last <= quarters.index(order.scenario.end):
        return order
    later = order.scenario.model_copy(update={"end": quarters.label(last)})
    return dataclasses.replace(order, scenario=later.named(order.name))


def observations(order: Order, table: pd.DataFrame) -> Observed | None:
    """Yearly ties of the order's states and years as log-odds; None if there are none.

    The opening itself was measured from the first years, so these do not count again.
    """
    poles, names = list(order.poles), order.quarters
    here = table[table["state"].isin(order.states)]
    years = [year for year in sorted(set(here["year"])) if f"{year}Q{MIDYEAR + 1}" in names[8:]]
    if not years:
        return None
    here = here[here["year"].isin(years)]
    at = [order.states.index(state) for state in here["state"]], [years.index(year) for year in here["year"]]
    marked = {name: mark[:, 0] for name, mark in marks(order.scenario).items()}
    patron, bloc, third = (here[poles].to_numpy(float) @ marked[name] for name in ("patron", "bloc", "third"))
    blocs, others = int(marked["bloc"].sum()), len(poles) - 1 - int(marked["bloc"].sum())
    rivals, rest = 1.0 - patron, 1.0 - patron - bloc
    compared = (
        (patron, True),
        (bloc / np.maximum(rivals, 1e-3), bool(blocs and others)),
        (third / np.maximum(rest, 1e-3), others > 1),
    )

    def laid(values: Any, absent: float) -> np.ndarray:
        table = np.full((len(order.states), len(years)), absent, np.float32)
        table[at] = values
        return table

    when = np.array([names.index(f"{year}Q{MIDYEAR + 1}") for year in years], np.int32)
    logit = np.stack([laid(_odds(share), 0.0) for share, _ in compared])
    return Observed(logit, laid(here["error"], 1.0), np.stack([laid(float(there), 0.0) for _, there in compared]), when)


def _odds(share: np.ndarray) -> np.ndarray:
    inside = np.clip(share, 1e-3, 1.0 - 1e-3)
    return np.asarray(np.log(inside / (1.0 - inside)))


def _hash(events: pd.DataFrame, ties: pd.DataFrame | None) -> str:
    text = events.to_csv(index=False) + ("" if ties is None else ties.to_csv(index=False))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def first_quarter(date: str, names: tuple[str, ...]) -> int:
    """Index of the quarter of a date among an order's quarters; their number if it lies beyond."""
    at = quarters.index(quarters.of_date(date)) - quarters.index(names[0])
    return int(np.clip(at, 0, len(names)))

"""How likely a crisis is, by neighbour and kind: of the histories, beside the base rate, and what would move it most."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon import law, quarters
from hegemon.instruments import KINDS
from hegemon.mechanisms import Mechanism
from hegemon.opening import opening
from hegemon.order import Order
from hegemon.studies.forecast.counts import FADE, fading
from hegemon.studies.study import MIDDLE

Counts = npt.NDArray[np.int64]

COLUMNS = ("state", "kind", "before", "mean", "low", "high", "probability", "error", "base", "odds")
"""Of chances. state, kind: "" for any; before: crises to the origin; mean, low, high: of the histories' counts, and their middle
90 %; probability: of one crisis at least; error: its standard error, of the number of histories; base: that probability at the
rate of the past; odds: the odds of one against those of the other. Without a record the past is not known: NaN."""

MOVED = ("assumption", "moves", "second", "second_moves")
"""The two assumptions that move a chance most, and by how much; empty where nothing moves it by more than luck."""

CAPACITY, GROWTH = 1.25, 3.0
"""Capacity a quarter higher or lower than is assumed; growth so many per cent a year."""


def cells(order: Order) -> list[tuple[str, str]]:
    """Neighbours and kinds, "" for any: the whole, each kind, each neighbour, each kind of each neighbour."""
    return [(state, kind) for state in ("", *order.states) for kind in ("", *KINDS)]


def counted(events: pd.DataFrame, order: Order, span: tuple[str, str], runs: int) -> Counts:
    """Crises in the quarters of a span, by cell and history, [C, R]; those that the order is given are no forecast."""
    here = events[events["quarter"].astype(str).isin(set(quarters.span(*span)))]
    for given in order.scenario.force:
        here = here[(here["quarter"] != given.quarter) | (here["state"] != given.state)]
    state = here["state"].astype(str).map({s: i for i, s in enumerate(order.states)}).to_numpy(np.int64)
    kind = here["kind"].astype(str).map({k: i for i, k in enumerate(KINDS)}).to_numpy(np.int64)
    each = np.zeros((1 + len(order.states), 1 + len(KINDS), runs), np.int64)
    np.add.at(each, (1 + state, 1 + kind, here["run"].to_numpy(np.int64)), 1)
    each[0], each[:, 0] = each[1:].sum(0), each[:, 1:].sum(1)
    each[0, 0] = each[0, 1:].sum(0)
    return each.reshape(-1, runs)


def chances(events: pd.DataFrame, record: pd.DataFrame, order: Order, span: tuple[str, str], runs: int) -> pd.DataFrame:
    """How likely crises are in the quarters of a span (`COLUMNS`), given a record in the model's terms that ends before it."""
    each, first, ahead = counted(events, order, span, runs), quarters.index(span[0]), len(quarters.span(*span))
    begun, recorded = record[record["quarter"].map(quarters.index) < first], order.scenario.history is not None
    past = first - quarters.index(order.scenario.start)
    weights = 0.5 ** ((first - begun["quarter"].map(quarters.index)) / FADE)
    rows = []
    for (state, kind), counts in zip(cells(order), each, strict=True):
        mine = pd.Series(data=True, index=begun.index)
        for column, value in (("state", state), ("kind", kind)):
            mine &= (begun[column] == value) if value else True
        usual = weights[begun["kind"] == kind].sum() if kind else weights.sum()
        usual = float(usual) / len(order.states) if state else float(usual)
        base = 1.0 - np.exp(fading(float(weights[mine].sum()), usual, past, ahead, 0)) if recorded else np.nan
        p = float((counts > 0).mean())
        inside = min(max(p, 0.5 / runs), 1.0 - 0.5 / runs)
        low, high = (int(q) for q in np.quantile(counts, MIDDLE, method="inverted_cdf"))
        error = float(np.sqrt(inside * (1.0 - inside) / runs))
        odds = float(inside / (1.0 - inside) * (1.0 - base) / base)
        rows.append((state, kind, int(mine.sum()), float(counts.mean()), low, high, p, error, float(base), odds))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def without(mechanism: Mechanism) -> str:
    """That a mechanism does not work, in words."""
    return f"without {mechanism.title.lower()}"


def made_by(order: Order) -> dict[str, set[str]]:
    """Kinds of crisis that there would not be under an assumption, by its words."""
    start = opening(order)
    now = law.standing(start.world, start.setting, order.parameters)
    return {without(m): set(m.hazards(start.world, now, start.setting, order.parameters.blocks[m.name]))
            for m in order.parameters.mechanisms if m.hazards is not None}  # fmt: skip


def assumptions(known: Order) -> Iterator[tuple[str, Order]]:
    """What a forecast takes for granted, each with the order in which it is otherwise: that every mechanism works, that the
    patron's capacity stays what it was, that the region stagnates or grows as it did."""
    for mechanism in known.parameters.mechanisms:
        if mechanism.name not in known.off:
            yield without(mechanism), known.without(mechanism.name)
    ahead = quarters.year(known.scenario.record or known.scenario.start) + 1
    changes: Mapping[tuple[str, str], Callable[[float], float]] = {
        ("capacity", "a patron a quarter stronger"): lambda was: was * CAPACITY,
        ("capacity", "a patron a quarter weaker"): lambda was: was / CAPACITY,
        ("growth", f"growth {GROWTH:.0f} points higher"): lambda was: was + GROWTH / 100.0,
        ("growth", f"growth {GROWTH:.0f} points lower"): lambda was: was - GROWTH / 100.0,
    }
    for (path, said), change in changes.items():
        table = getattr(known.scenario, path)
        last = table.path[max(table.path)]
        other = table.model_copy(update={"path": {**table.path, ahead: change(last)}})
        scenario = known.scenario.model_copy(update={path: other}).named(known.name)
        yield said, dataclasses.replace(known, scenario=scenario)


def moved(usual: Counts, others: Mapping[str, Counts], order: Order) -> pd.DataFrame:
    """The two assumptions that move each cell's chance most (`MOVED`). Histories share their luck: what does not exceed two
    standard errors of their paired difference is luck; that there is no uprising without what uprisings come from is no news
    either. `usual` and each of `others` are counts, [C, R]."""
    names, makes = list(others), made_by(order)
    apart = np.stack([(other > 0).astype(float) - (usual > 0) for other in others.values()])  # [A, C, R]
    mean, error = apart.mean(-1), apart.std(-1) / np.sqrt(apart.shape[-1])
    news = [[not (makes.get(name, set()) & ({kind} if kind else set(KINDS))) for _, kind in cells(order)] for name in names]
    clear = np.where((np.abs(mean) > 2.0 * error) & np.array(news), np.abs(mean), 0.0)
    rows = []
    for c in range(usual.shape[0]):
        best = [a for a in np.argsort(-clear[:, c], kind="stable")[:2] if clear[a, c] > 0.0]
        told = [(names[a], float(mean[a, c])) for a in best] + [("", 0.0)] * (2 - len(best))
        rows.append((*told[0], *told[1]))
    return pd.DataFrame(rows, columns=list(MOVED))

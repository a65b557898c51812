"""A comparison in sentences: what was asked first, then what else differs, by which way, and what is luck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.mechanisms import BY_NAME
from hegemon.order import Order
from hegemon.pages import words
from hegemon.sentences import carrying
from hegemon.sentences.carrying import Carrier
from hegemon.sentences.comparing import Gap, compared, fate
from hegemon.sentences.definition import ONLY, WRITERS, by_definition
from hegemon.sentences.measures import measure, slots
from hegemon.sentences.sides import sides
from hegemon.studies.compare.noise import FAMILY
from hegemon.studies.compare.result import Comparison

TITLES: Mapping[str, str] = {name: found.title for name, found in BY_NAME.items()}

SURE = 3.5
"""Standard errors from which a first move is one."""

LEAST = 0.005
"""A move that is smaller is not told."""

SHARES = ["first", "second", "difference_low", "difference_high"]
"""What is said of a share that was asked about."""

ASKED, ELSE = 3, 3
"""Differences told of the neighbour that was asked about, and of all others."""


def verdict(found: Comparison, table: pd.DataFrame, quarter: str, one: str, other: str) -> list[str]:
    """The comparison in sentences. `table`: `noise.differences`; `one` and `other`: what the orders are called."""
    runs = f"{found.question.runs:,} pairs"
    parted = found.summary["parted"]
    if not float(parted.max()):
        return [f"The two are the same history in every one of {runs}: every difference is exactly 0."]
    orders = found.question.orders()
    first, second = orders["first"], orders["second"]
    names = sides(one, other)
    told = [*fates(found, first, second, names), *moves(found, table, quarter, first, second, names)]
    way = [line for line in path(found, table, quarter, first, second) if line]
    return [*told, *way, *noise(found, table, quarter, first, second)]


# ---- What was asked ----


def crises(first: Order, second: Order) -> dict[str, tuple[str, str]]:
    """Crises that are given, "2022Q1 KAZ": the neighbour, and the crisis in words."""
    given = [force for order in (first, second) for force in order.scenario.force]
    return {f"{f.quarter} {f.state}": (f.state, f"the {words.plain(f.crisis, words.KINDS).lower()} of {f.quarter}")
            for f in given}  # fmt: skip


def fates(found: Comparison, first: Order, second: Order, names: tuple[str, str]) -> Iterator[str]:
    """What becomes of the governments in the crises that were asked about."""
    rows = found.crises[found.crises["of"] == "asked"].set_index("name")
    for asked, (state, crisis) in crises(first, second).items():
        who = first.scenario.states[state].name
        for kind, name in (("survives", f"{asked} survived"), ("lasts", f"{asked} lasted")):
            if name in rows.index:
                found_: Any = rows[SHARES].loc[name]
                first_, second_, low, high = map(float, found_)
                yield fate(kind, who, crisis, *names, first_, second_, low, high)


# ---- What else differs ----


def gap_of(found: Comparison, name: str, state: str, quarter: str, first: Order, second: Order, names: tuple[str, str]) -> Gap:
    """A difference as a sentence needs it; of ties, that with the patron."""
    scenario, now = first.scenario, found.summary.sel(quarter=quarter)
    at: dict[str, str] = {} if name in SHARED else {"state": state}
    if name == "orientation":
        at["pole"] = first.poles[0]

    def part(which: str, **more: float) -> float:
        return float(now[f"{name}_{which}"].sel(at).sel(more, method="nearest" if more else None))

    has = f"{name}_difference_quantile" in now
    return Gap(
        name, scenario.states[state].name if state else "", scenario.patron.name, scenario.poles[0].name, quarter, *names,
        part("first"), part("second"), part("difference_low"), part("difference_high"), float(now["parted"]),
        by_definition(name, first.off, second.off, TITLES),
        (part("difference_quantile", quantile=0.05), part("difference_quantile", quantile=0.95)) if has else None,
    )  # fmt: skip


def telling(table: pd.DataFrame, first: Order, second: Order) -> pd.DataFrame:
    """Differences worth a sentence: beyond noise, no smaller than half a point, not so by definition; the surest ways first."""
    real = table[table["exceeds"] & np.isfinite(table["in_spreads"]) & (table["difference"].abs() >= LEAST)]
    real = real[np.array([not by_definition(str(m), first.off, second.off, TITLES) for m in real["measure"]], bool)]
    sure = (real["difference_low"] > 0.0) | (real["difference_high"] < 0.0)
    return real.assign(sure=sure, far=real["in_spreads"].abs()).sort_values(["sure", "far"], ascending=False)


TWINS = {"red_line": "autonomy"}
"""Measures that say the same thing twice: the second is told."""


def moves(
    found: Comparison, table: pd.DataFrame, quarter: str, first: Order, second: Order, names: tuple[str, str]
) -> Iterator[str]:
    """The neighbours that were asked about first, then the largest differences of all others."""
    for row in chosen(table, first, second):
        yield compared(gap_of(found, str(row["measure"]), str(row["state"]), quarter, first, second, names))


def chosen(table: pd.DataFrame, first: Order, second: Order) -> list[dict[Any, Any]]:
    """The differences that are told, the neighbours that were asked about first."""
    clear = telling(table, first, second)
    clear = clear[~clear["measure"].isin(list(TWINS))]
    here = clear["state"].isin([state for state, _ in crises(first, second).values()])
    return pd.concat([clear[here].head(ASKED), clear[~here].drop_duplicates("measure").head(ELSE)]).to_dict("records")


# ---- Which way it went ----


STEPS = 3
"""Quarters, and moves of each, that are told."""


def path(found: Comparison, table: pd.DataFrame, quarter: str, first: Order, second: Order) -> Iterator[str]:
    """In what order it went where it was asked, or where it went furthest; and what carries the difference that is told first."""
    top = leading(found, table, quarter, first, second)
    if top is None:
        return
    name, state = top
    noun = noun_of(name, state, first)
    shares = {each: carrier for each, carrier in carriers(found, quarter, name, state).items() if carrier.counts}
    steps = list(moved(found, state, first, second, shares)) if state else []
    yield carrying.order(steps, noun if shares else "")
    if found.carried is None:
        yield carrying.UNMEASURED
        return
    told = [line for line in why(found, table, quarter, first, second, top) if line]
    yield from told
    if told:
        yield carrying.OVERLAP


def noun_of(name: str, state: str, order: Order) -> str:
    """What a measure of a neighbour is called within a sentence; of ties, those with the patron."""
    scenario = order.scenario
    who = slots(scenario.states[state].name if state else "", scenario.patron.name, scenario.poles[0].name)
    return measure(name).noun.format(**who)


def leading(
    found: Comparison, table: pd.DataFrame, quarter: str, first: Order, second: Order
) -> tuple[str, str] | None:
    """The difference, by measure and neighbour, of which it is said what carries it: the first that is told of which some
    mechanism carries a part; else the first."""
    told = [(str(row["measure"]), str(row["state"])) for row in chosen(table, first, second)]
    parts = (each for each in told if carrying.ranked(carriers(found, quarter, *each).values()))
    return next(parts, next(iter(told), None))


def moved(
    found: Comparison, state: str, first: Order, second: Order, shares: Mapping[str, Carrier]
) -> Iterator[tuple[str, list[str]]]:
    """The largest moves of each quarter in which something begins to move, and the mechanisms that make them."""
    when = {name: at for name, at in begun(found, state, first, second).items() if name not in TWINS}
    for quarter in sorted(set(when.values()))[:STEPS]:
        now = found.summary.sel(state=state, quarter=quarter)
        size = {name: abs(float(now[f"{name}_difference"])) for name in when if when[name] == quarter}
        told = []
        for name in sorted(size, key=lambda name: -size[name])[:STEPS]:
            by = max(WRITERS[name], key=lambda each: shares[each].share if each in shares else 0.0)
            part = shares[by].share if by in shares and shares[by].share > 0.0 else None
            told.append(carrying.step(noun_of(name, state, first), TITLES[by], part))
        yield quarter, told


def carriers(found: Comparison, quarter: str, name: str, state: str) -> dict[str, Carrier]:
    """By mechanism, what it carries of a difference; without those that carry it by definition. None where that was not measured,
    or at another quarter."""
    rows = found.carried
    if rows is None or quarter != found.made.get("why"):
        return {}
    mine = rows[(rows["measure"] == name) & (rows["state"] == state)]
    parts = ["whole", "left", "whole_error", "left_error"]
    return {str(row["mechanism"]): Carrier(TITLES[str(row["mechanism"])], *(float(row[part]) for part in parts))
            for row in mine.to_dict("records") if name not in ONLY.get(str(row["mechanism"]), ())}  # fmt: skip


def why(
    found: Comparison, table: pd.DataFrame, quarter: str, first: Order, second: Order, top: tuple[str, str]
) -> Iterator[str]:
    """What carries the fate of the governments that were asked about, and the differences that are told."""
    for asked, (state, crisis) in crises(first, second).items():
        who = slots(first.scenario.states[state].name, first.scenario.patron.name)
        noun = f"how often {who['whose']} government survives {crisis}"
        yield carrying.carried(noun, list(carriers(found, quarter, f"asked:{asked} survived", "").values()))
    for row in chosen(table, first, second):
        name, state = str(row["measure"]), str(row["state"])
        of = list(carriers(found, quarter, name, state).values())
        if (name, state) == top or any(each.counts for each in of):
            yield carrying.carried(noun_of(name, state, first), of)


def begun(found: Comparison, state: str, first: Order, second: Order) -> dict[str, str]:
    """The first quarter in which each measure of a neighbour differs by more than noise."""
    summary = found.summary.sel(state=state)
    quarters, when = [str(q) for q in summary["quarter"].values], {}
    for name in PER_NEIGHBOUR:
        if f"{name}_difference" not in summary or by_definition(name, first.off, second.off, TITLES):
            continue
        gap, error = (np.asarray(summary[f"{name}_{part}"].values, float) for part in ("difference", "error"))
        clear = (np.abs(gap) > SURE * error) & (np.abs(gap) >= LEAST)
        if clear.any():
            when[name] = quarters[int(np.argmax(clear))]
    return when


# ---- What is luck ----


def noise(found: Comparison, table: pd.DataFrame, quarter: str, first: Order, second: Order) -> list[str]:
    """When pairs part, how many differences are more than luck, and of how many the way is known."""
    runs, parted = f"{found.question.runs:,} pairs", found.summary["parted"]
    apart = str(parted["quarter"].values[int(np.argmax(parted.values > 0.0))])
    said = [f"Pairs begin to differ in {apart}; by {quarter} {float(parted.sel(quarter=quarter)):.0%} of {runs} do."]
    clear = table[table["exceeds"]]
    looks = f"{len(table)} differences at the close of {quarter}"
    if clear.empty:
        return [*said, f"None of {looks} exceeds run-to-run noise ({FAMILY:.0%} for all of them together)."]
    said.append(f"{len(clear)} of {looks} exceed run-to-run noise ({FAMILY:.0%} for all of them together).")
    if found.drawn:
        sure = clear[(clear["difference_low"] > 0.0) | (clear["difference_high"] < 0.0)]
        said.append(f"{len(sure)} of these go the same way over nine in ten draws of the parameters; of the others it is not "
                    "known which way they go.")  # fmt: skip
    left = sorted({str(m) for m in table["measure"] if by_definition(str(m), first.off, second.off, TITLES)})
    if left:
        titles = [_titled(name, first) for name in left]
        said.append(f"Left out, since the change decides it by definition: {words.listed(titles)}.")
    return said


def _titled(name: str, order: Order) -> str:
    found: Any = measure(name).title
    return str(found.format(**slots("", order.scenario.patron.name, order.scenario.poles[0].name))).lower()

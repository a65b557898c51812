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
from hegemon.sentences.comparing import Gap, compared, fate
from hegemon.sentences.definition import WRITERS, by_definition
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
    return [*told, *path(found, first, second), *noise(found, table, quarter, first, second)]


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
    real = real[[not by_definition(str(m), first.off, second.off, TITLES) for m in real["measure"]]]
    sure = (real["difference_low"] > 0.0) | (real["difference_high"] < 0.0)
    return real.assign(sure=sure, far=real["in_spreads"].abs()).sort_values(["sure", "far"], ascending=False)


TWINS = {"red_line": "autonomy"}
"""Measures that say the same thing twice: the second is told."""


def moves(
    found: Comparison, table: pd.DataFrame, quarter: str, first: Order, second: Order, names: tuple[str, str]
) -> Iterator[str]:
    """The neighbours that were asked about first, then the largest differences of all others."""
    clear = telling(table, first, second)
    clear = clear[~clear["measure"].isin(list(TWINS))]
    about = [state for state, _ in crises(first, second).values()]
    here = clear["state"].isin(about)
    chosen = [clear[here].head(ASKED), clear[~here].drop_duplicates("measure").head(ELSE)]
    for row in pd.concat(chosen).to_dict("records"):
        yield compared(gap_of(found, str(row["measure"]), str(row["state"]), quarter, first, second, names))


# ---- Which way it went ----


def path(found: Comparison, first: Order, second: Order) -> list[str]:
    """In what order it went where it was asked: the largest moves of each quarter, and the mechanisms that make them."""
    about = list(dict.fromkeys(state for state, _ in crises(first, second).values()))
    steps: list[str] = []
    for state in about[:1]:
        when = {name: at for name, at in begun(found, state, first, second).items() if name not in TWINS}
        who = slots(first.scenario.states[state].name, first.scenario.patron.name)
        for n, quarter in enumerate(sorted(set(when.values()))[:3]):
            now = found.summary.sel(state=state, quarter=quarter)
            size = {name: abs(float(now[f"{name}_difference"])) for name in when if when[name] == quarter}
            moved = sorted(size, key=lambda name: -size[name])
            named = [f"{measure(name).noun.format(**who)} (by \N{LEFT DOUBLE QUOTATION MARK}{TITLES[WRITERS[name][0]]}"
                     f"\N{RIGHT DOUBLE QUOTATION MARK})" for name in moved[:3]]  # fmt: skip
            steps.append(f"{'first' if n == 0 else 'then'}, in {quarter}, {words.listed(named)}")
    return [f"In what order it moves: {'; '.join(steps)}."] if steps else []


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

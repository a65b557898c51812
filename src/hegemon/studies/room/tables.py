"""A room for manoeuvre as labelled data: means and 90 % intervals over draws, tidy tables, a map."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from hegemon import quarters
from hegemon.instruments import KINDS, NAMES
from hegemon.measures import autonomy
from hegemon.order import Order
from hegemon.studies.room.numbers import LEVELS, MOVERS, STEP, UNREST, Answers, Found, Numbers, Plan, Worlds
from hegemon.studies.study import MIDDLE
from hegemon.world import World

GROUPS: Mapping[str, tuple[str, ...]] = {
    "coercion": ("economic_coercion", "separatism_support", "unilateral_force"),
    "force": ("unilateral_force", "collective_force"),
    "help": ("economic_support", "security_support", "peacekeeping", "collective_force"),
}
"""Answers that are told together. Coercion punishes or compels; force is combat, alone or with the pact; help is for the
incumbents or an accord. Collective force is both force and, for incumbents who asked for it, help."""


def grouped(answers: Numbers, axis: int = 0) -> dict[str, Numbers]:
    """Answers added up by group; `axis` is that of instruments."""
    return {name: np.asarray(np.take(answers, [NAMES.index(i) for i in members], axis=axis).sum(axis))
            for name, members in GROUPS.items()}  # fmt: skip


def yearly(quarterly: Numbers) -> Numbers:
    """Chance in a year of what has a chance per quarter, the world standing still."""
    return 1.0 - (1.0 - np.clip(quarterly, 0.0, 1.0)) ** 4


def stats(x: Numbers, weights: Numbers | None = None) -> dict[str, float | None]:
    """Mean and middle 90 % over draws, the last axis; with weights, of whoever they count. None where nothing counts."""
    if weights is not None and weights.sum() <= 1e-12:
        return {"mean": None, "low": None, "high": None}
    ends = np.quantile(x, MIDDLE, weights=weights, method="linear" if weights is None else "inverted_cdf")
    found = {"mean": np.average(x, weights=weights), "low": ends[0], "high": ends[1]}
    return {name: round(float(value), 6) + 0.0 for name, value in found.items()}  # + 0.0: no -0.0


def spread(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """`stats` as columns: the mean under a name, the ends of its interval under that and "_low", "_high"."""
    return {name if part == "mean" else f"{name}_{part}": value for part, value in told.items()}


def share(part: Numbers, whole: Numbers) -> Numbers:
    """A part of a whole that may be nothing."""
    return np.asarray(part / np.maximum(whole, 1e-30))


def assembled(
    order: Order, state: str, rival: int, worlds: Worlds, asked: Plan, found: Answers, dates: tuple[int, int]
) -> dict[str, Any]:
    """Everything that was found, as the parts of a `Room`."""
    poles, here = len(order.poles), asked.places["present"].start
    data = mapped(asked, found.now)
    return {
        "data": data,
        "now": where(order, found.now, here, worlds.ties[dates[0]]) | {"over_all_orientations": overall(data)},
        "then": where(order, found.then, 0, worlds.ties[dates[1]]),
        "change": changed(found, here, poles),
        "unrest": chances(found.now, asked.places["unrest"], crowd=LEVELS.round(3).tolist()),
        "profile": by_step(asked, found.now),
        "effects": effects(order, state, worlds, asked, found.now, poles),
        "drivers": drivers(found, here),
        "way": way(order, worlds, dates, rival),
    }


def where(order: Order, found: Found, at: int, ties: Numbers) -> dict[str, Any]:
    """The main numbers in one situation."""
    poles = len(order.poles)
    line, tie, crisis = found.red_line[at], found.tie[at], found.crisis[at]
    answers = grouped(found.answers[at]) | dict(zip(NAMES, found.answers[at], strict=True))
    kinds = {}
    for kind, whole, given in zip(KINDS, found.kinds[at], found.by_kind[at], strict=True):
        told = {**grouped(given / max(whole, 1e-30)), **dict(zip(NAMES, given / max(whole, 1e-30), strict=True))}
        kinds[kind] = {"of_crises": round(float(whole / max(found.kinds[at].sum(), 1e-30)), 6),
                       "given": {name: round(float(x), 6) if whole > 1e-12 else None for name, x in told.items()}}  # fmt: skip
    return {
        "orientation": {pole: stats(ties[p]) for p, pole in enumerate(order.poles)},
        "red_line": stats(line),
        "autonomy": stats(np.asarray(autonomy(line, poles), float)),
        "distance": stats(tie - line),
        "within": round(float((tie >= line).mean()), 6),
        "in_a_year": {name: stats(yearly(x)) for name, x in ({"crisis": crisis} | answers).items()},
        "given_a_crisis": {name: stats(share(x, crisis), crisis) for name, x in answers.items()},
        "kinds": kinds,
    }


def mapped(asked: Plan, found: Found) -> xr.Dataset:
    """The map: by position and unrest, chances in a year and given a crisis, in single precision, as the law gives them."""
    parts = [asked.places[f"map {name}"] for name in UNREST]
    values: dict[str, Any] = {}

    def column(of: Numbers) -> Numbers:
        return np.stack([of[part] for part in parts], 1)

    def add(name: str, value: Numbers, words: str, *more: str) -> None:
        dims = ("point", "unrest", *more)[: value.ndim]
        values[name] = (dims, value.astype(np.float32), {"long_name": words, "units": "1"})

    crisis, kinds = column(found.crisis), column(found.kinds)
    groups = grouped(column(found.answers), axis=2)
    for name, x in {"crisis": crisis, **groups}.items():
        year = yearly(x)
        low, high = np.quantile(year, MIDDLE, axis=-1)
        what = f"chance in a year that a crisis breaks out{'' if name == 'crisis' else f' and is answered with {name}'}"
        add(name, year.mean(-1), f"{what}; mean over draws")
        add(f"{name}_low", low, f"{what}; 5 % of draws below")
        add(f"{name}_high", high, f"{what}; 5 % of draws above")
    total, each = crisis.mean(-1), np.moveaxis(column(found.answers).mean(-1), 2, -1)
    for name, x in groups.items():
        add(f"{name}_given_crisis", share(x.mean(-1), total), f"chance that a crisis is answered with {name}")
    add("answer", share(each, total[..., None]), "chance of each answer to a crisis", "instrument")
    add("kind_share", share(kinds, kinds.sum(-1, keepdims=True)), "share of each kind among crises", "kind")
    add("answer_by_kind", share(column(found.by_kind), kinds[..., None]), "chance of each answer to a kind of crisis",
        "kind", "instrument")  # fmt: skip
    permitted = (found.tie[parts[0]] >= found.red_line[parts[0]]).mean(-1)
    add("permitted", permitted, "share of draws in which the red line lets it pass")
    add("weight", asked.weights, "share of all foreign policies it stands for")
    labels = {name: ("point", asked.points[:, n]) for n, name in enumerate(("patron", "rival", "others"))}
    coordinates = {**labels, "unrest": list(UNREST), "instrument": list(NAMES), "kind": list(KINDS)}
    return xr.Dataset(values, coords=coordinates)


def overall(data: xr.Dataset) -> dict[str, float]:
    """Means over all foreign policies, unrest as it is: how dangerous the whole map is."""
    here = data[["permitted", "crisis", *GROUPS]].sel(unrest="as it is") * data["weight"]
    return {str(name): round(float(values.sum()), 6) for name, values in here.items()}


def changed(found: Answers, here: int, poles: int) -> dict[str, Any]:
    """What changed from the earlier date to the later, draw by draw."""

    def main(of: Found, at: int) -> dict[str, Any]:
        line, chances = of.red_line[at], {"crisis": of.crisis[at], **grouped(of.answers[at])}
        return {"red_line": line, "autonomy": autonomy(line, poles), "patron_share": of.tie[at],
                **{f"{name}_in_a_year": yearly(x) for name, x in chances.items()}}  # fmt: skip

    now, then = main(found.now, here), main(found.then, 0)
    return {name: stats(np.asarray(now[name] - then[name], float)) for name in now}


def chances(found: Found, at: slice, **where: Sequence[float]) -> pd.DataFrame:
    """Chances in each situation of a part, a row each: `where` it is, in a year (with band), and given a crisis."""
    rows = []
    for m in range(at.start, at.stop):
        crisis, groups = found.crisis[m], grouped(found.answers[m])
        row: dict[str, Any] = {name: values[m - at.start] for name, values in where.items()}
        for name, x in {"crisis": crisis, **groups}.items():
            row |= spread(name, stats(yearly(x)))
        for name, x in groups.items():
            row |= spread(f"{name}_given_crisis", stats(share(x, crisis), crisis))
        rows.append(row)
    return pd.DataFrame(rows, dtype=float)


def by_step(asked: Plan, found: Found) -> pd.DataFrame:
    """Chances on the walk from no ties with the patron to all of them."""
    at = asked.places["walk"]
    permitted = (found.tie[at] >= found.red_line[at]).mean(-1)
    places = zip(("patron", "rival", "others", "permitted"), (*asked.walk.T, permitted), strict=True)
    return chances(found, at, **{name: [round(x, 4) for x in values.tolist()] for name, values in places})


def effects(order: Order, state: str, worlds: Worlds, asked: Plan, found: Found, poles: int) -> pd.DataFrame:
    """Partial effects of a tenth more of each thing, all else as it is: central differences, draw by draw.

    Membership has no tenth: it is being a member against not being one. Where a tenth has no room (a bound), as much as there
    is counts, told per tenth.
    """
    who = order.states.index(state)
    bounds = {f.name: (f.metadata["low"], f.metadata["high"]) for f in dataclasses.fields(World)}
    rows, groups = [], grouped(found.answers, 1)
    outcomes = {"red_line": found.red_line, "autonomy": np.asarray(autonomy(found.red_line, poles)),
                "crisis": yearly(found.crisis), **{name: yearly(x) for name, x in groups.items()},
                "coercion_given_crisis": share(groups["coercion"], found.crisis)}  # fmt: skip
    for name in asked.fields:
        down, value = asked.places[f"effect {name}"].start, worlds.values(name, who)
        size, per = (1.0, 1.0) if name == "member" else (STEP / 2.0, STEP)
        width = np.clip(value + size, *bounds[name]) - np.clip(value - size, *bounds[name])
        for outcome, x in outcomes.items():
            slope = per * (x[down + 1] - x[down]) / np.maximum(width, 1e-6)
            sure = float(max((slope > 1e-9).mean(), (slope < -1e-9).mean()))
            rows.append({"thing": name, "value": round(float(value.mean()), 6), "outcome": outcome, **stats(slope),
                         "same_sign": round(sure, 4)})  # fmt: skip
    return pd.DataFrame(rows)


def drivers(found: Answers, here: int) -> pd.DataFrame:
    """What moved the red line between the dates. The line adds these up, so they explain all of it where it is not cut."""
    total = found.now.red_line[here] - found.then.red_line[0]
    parts = dict(zip(MOVERS, found.moved, strict=True)) | {"cut to its bounds": total - found.moved.sum(0), "together": total}
    return pd.DataFrame([{"what": name, **stats(x)} for name, x in parts.items()])


def way(order: Order, worlds: Worlds, dates: tuple[int, int], rival: int) -> pd.DataFrame:
    """Ties, red line and autonomy at the opening of every quarter from the earlier date to the later."""
    poles = len(order.poles)
    rows = []
    for q in range(dates[1], dates[0] + 1):
        ties, line = worlds.ties[q], worlds.red_line[q]
        columns = {"patron": ties[0], "rival": ties[rival], "others": 1.0 - ties[0] - ties[rival], "red_line": line,
                   "autonomy": np.asarray(autonomy(line, poles), float)}  # fmt: skip
        row: dict[str, Any] = {"quarter": quarters.shift(order.quarters[0], q)}
        for name, x in columns.items():
            row |= spread(name, stats(x))
        rows.append({**row, "within": round(float((ties[0] >= line).mean()), 4)})
    return pd.DataFrame(rows)

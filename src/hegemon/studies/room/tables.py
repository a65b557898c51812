"""A room for manoeuvre as labelled data: means and 90 % intervals over draws, tidy tables, a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon import quarters
from hegemon.instruments import KINDS, NAMES
from hegemon.measures import autonomy
from hegemon.order import Order
from hegemon.studies.room.numbers import LEVELS, MOVERS, STEP, UNREST, Answers, Found, Plan, Worlds

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Numbers = npt.NDArray[np.float64]

GROUPS: Mapping[str, tuple[str, ...]] = {
    "coercion": ("economic_coercion", "separatism_support", "unilateral_force"),
    "force": ("unilateral_force", "collective_force"),
    "help": ("economic_support", "security_support", "peacekeeping", "collective_force"),
}
"""Answers that are told together. Coercion punishes or compels; force is combat, alone or with the pact; help is for the
incumbents or an accord. Collective force is both force and, for incumbents who asked for it, help."""

BAND = (0.05, 0.95)


def grouped(answers: Numbers, axis: int = 0) -> dict[str, Numbers]:
    """Answers added up by group; `axis` is that of instruments."""
    return {
        name: np.asarray(np.take(answers, [NAMES.index(i) for i in members], axis=axis).sum(axis))
        for name, members in GROUPS.items()
    }


def yearly(quarterly: Numbers) -> Numbers:
    """Chance in a year of what has a chance per quarter, the world standing still."""
    return 1.0 - (1.0 - np.clip(quarterly, 0.0, 1.0)) ** 4


def stats(x: Numbers, weights: Numbers | None = None) -> dict[str, float | None]:
    """Mean and middle 90 % over draws, the last axis; with weights, of whoever they count. None where nothing counts."""
    if weights is not None and weights.sum() <= 1e-12:
        return {"mean": None, "low": None, "high": None}
    mean = float(np.average(x, weights=weights))
    if weights is None:
        low, high = (float(v) for v in np.quantile(x, BAND))
    else:
        low, high = (float(v) for v in np.quantile(x, BAND, weights=weights, method="inverted_cdf"))
    return {name: round(x, 6) + 0.0 for name, x in (("mean", mean), ("low", low), ("high", high))}  # + 0.0: no -0.0


def share(part: Numbers, whole: Numbers) -> Numbers:
    """A part of a whole that may be nothing."""
    return np.asarray(part / np.maximum(whole, 1e-30))


def assembled(
    order: Order, state: str, rival: int, worlds: Worlds, asked: Plan, found: Answers, dates: tuple[int, int]
) -> dict[str, Any]:
    """Everything that was found, as the parts of a `Room`."""
    poles, here = len(order.poles), asked.places["present"].start
    data = mapped(asked, found.now)
    now = where(order, found.now, here, worlds.ties[dates[0]])
    return {
        "data": data,
        "now": now | {"over_all_orientations": overall(data)},
        "then": where(order, found.then, 0, worlds.ties[dates[1]]),
        "change": changed(found, here, poles),
        "unrest": by_level(asked, found.now),
        "profile": by_step(asked, found.now),
        "effects": effects(order, state, worlds, asked, found.now, poles),
        "drivers": drivers(found, here),
        "way": way(order, worlds, dates, rival),
    }


def where(order: Order, found: Found, at: int, ties: Numbers) -> dict[str, Any]:
    """The main numbers in one situation."""
    poles = len(order.poles)
    line, tie, crisis = found.red_line[at], found.tie[at], found.crisis[at]
    answers = dict(zip(NAMES, found.answers[at], strict=True))
    groups = grouped(found.answers[at])
    kinds = {}
    for k, kind in enumerate(KINDS):
        whole = found.kinds[at, k]
        given = found.by_kind[at, k] / whole if whole > 1e-12 else np.full(len(NAMES), np.nan)
        known = whole > 1e-12
        kinds[kind] = {
            "of_crises": round(float(whole / max(found.kinds[at].sum(), 1e-30)), 6),
            "given": {
                name: round(float(value), 6) if known else None
                for name, value in {**grouped(given), **dict(zip(NAMES, given, strict=True))}.items()
            },
        }
    return {
        "orientation": {pole: stats(ties[p]) for p, pole in enumerate(order.poles)},
        "red_line": stats(line),
        "autonomy": stats(np.asarray(autonomy(line, poles), float)),
        "distance": stats(tie - line),
        "within": round(float((tie >= line).mean()), 6),
        "in_a_year": {
            "crisis": stats(yearly(crisis)),
            **{name: stats(yearly(x)) for name, x in groups.items()},
            **{name: stats(yearly(x)) for name, x in answers.items()},
        },
        "given_a_crisis": {name: stats(share(x, crisis), crisis) for name, x in (groups | answers).items()},
        "kinds": kinds,
    }


def mapped(asked: Plan, found: Found) -> xr.Dataset:
    """The map: by position and unrest, chances in a year and given a crisis."""
    import xarray as xr

    parts = [asked.places[f"map {name}"] for name in UNREST]
    dims = ("point", "unrest")

    def column(of: Numbers) -> Numbers:
        return np.stack([of[part] for part in parts], 1)

    crisis = column(found.crisis)
    spread = {"crisis": crisis, **grouped(column(found.answers), axis=2)}
    values: dict[str, Any] = {}
    for name, x in spread.items():
        year = yearly(x)
        low, high = np.quantile(year, BAND, axis=-1)
        what = "a crisis breaks out" if name == "crisis" else f"a crisis breaks out and is answered with {name}"
        for suffix, value in (("", year.mean(-1)), ("_low", low), ("_high", high)):
            of = {"": "mean over draws", "_low": "5 % of draws below", "_high": "5 % of draws above"}[suffix]
            values[name + suffix] = (dims, value, {"long_name": f"chance in a year that {what}; {of}", "units": "1"})
    total = crisis.mean(-1)
    for name in GROUPS:
        told = {"long_name": f"chance that a crisis is answered with {name}", "units": "1"}
        values[f"{name}_given_crisis"] = (dims, share(spread[name].mean(-1), total), told)
    each = np.moveaxis(column(found.answers).mean(-1), 2, -1)
    told = {"long_name": "chance of each answer to a crisis", "units": "1"}
    values["answer"] = ((*dims, "instrument"), share(each, total[..., None]), told)
    kinds = column(found.kinds)
    told = {"long_name": "share of each kind among crises", "units": "1"}
    values["kind_share"] = ((*dims, "kind"), share(kinds, kinds.sum(-1, keepdims=True)), told)
    told = {"long_name": "chance of each answer to a kind of crisis", "units": "1"}
    by_kind = share(column(found.by_kind), kinds[..., None])
    values["answer_by_kind"] = ((*dims, "kind", "instrument"), by_kind, told)
    first = parts[0]
    permitted = (found.tie[first] >= found.red_line[first]).mean(-1)
    told = {"long_name": "share of draws in which the red line lets it pass", "units": "1"}
    values["permitted"] = (("point",), permitted, told)
    told = {"long_name": "share of all foreign policies it stands for", "units": "1"}
    values["weight"] = (("point",), asked.weights, told)
    labels = {name: ("point", asked.points[:, n]) for n, name in enumerate(("patron", "rival", "others"))}
    coordinates = {**labels, "unrest": list(UNREST), "instrument": list(NAMES), "kind": list(KINDS)}
    return xr.Dataset(values, coords=coordinates)


def overall(data: xr.Dataset) -> dict[str, float]:
    """Means over all foreign policies, unrest as it is: how dangerous the whole map is."""
    found = {}
    for name in ("permitted", "crisis", *GROUPS):
        values = data[name] if name == "permitted" else data[name].sel(unrest="as it is")
        found[name] = round(float((values * data["weight"]).sum()), 6)
    return found


def changed(found: Answers, here: int, poles: int) -> dict[str, Any]:
    """What changed from the earlier date to the later, draw by draw."""
    now, then = found.now, found.then
    pairs = {
        "red_line": (now.red_line[here], then.red_line[0]),
        "autonomy": (autonomy(now.red_line[here], poles), autonomy(then.red_line[0], poles)),
        "patron_share": (now.tie[here], then.tie[0]),
        "crisis_in_a_year": (yearly(now.crisis[here]), yearly(then.crisis[0])),
    }
    after, before = grouped(now.answers[here]), grouped(then.answers[0])
    pairs |= {f"{name}_in_a_year": (yearly(after[name]), yearly(before[name])) for name in GROUPS}
    return {name: stats(np.asarray(a - b, float)) for name, (a, b) in pairs.items()}


def chances(found: Found, at: slice) -> list[dict[str, Any]]:
    """Chances in each situation of a part, a row each: in a year (with band) and given a crisis."""
    rows = []
    for m in range(at.start, at.stop):
        crisis, groups = found.crisis[m], grouped(found.answers[m])
        row: dict[str, Any] = {}
        for name, x in {"crisis": crisis, **groups}.items():
            row |= {(name + tail).removesuffix("_mean"): v for tail, v in _tails(stats(yearly(x)))}
        for name, x in groups.items():
            told = stats(share(x, crisis), crisis)
            row |= {(f"{name}_given_crisis{tail}").removesuffix("_mean"): v for tail, v in _tails(told)}
        rows.append(row)
    return rows


def _tails(told: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(f"_{name}", value) for name, value in told.items()]


def by_level(asked: Plan, found: Found) -> pd.DataFrame:
    """Chances where the neighbour stands, by share of the public in the street."""
    import pandas as pd

    rows = [{"crowd": round(float(level), 3), **row}
            for level, row in zip(LEVELS, chances(found, asked.places["unrest"]), strict=True)]  # fmt: skip
    return pd.DataFrame(rows, dtype=float)


def by_step(asked: Plan, found: Found) -> pd.DataFrame:
    """Chances on the walk from no ties with the patron to all of them."""
    import pandas as pd

    at = asked.places["walk"]
    permitted = (found.tie[at] >= found.red_line[at]).mean(-1)
    rows = [{"patron": round(float(point[0]), 4), "rival": round(float(point[1]), 4), "others": round(float(point[2]), 4),
             "permitted": round(float(p), 4), **row}
            for point, p, row in zip(asked.walk, permitted, chances(found, at), strict=True)]  # fmt: skip
    return pd.DataFrame(rows, dtype=float)


def effects(order: Order, state: str, worlds: Worlds, asked: Plan, found: Found, poles: int) -> pd.DataFrame:
    """Partial effects of a tenth more of each thing, all else as it is: central differences, draw by draw.

    Membership has no tenth: it is being a member against not being one. Where a tenth has no room (a bound), as much as there
    is counts, told per tenth.
    """
    import dataclasses

    import pandas as pd

    from hegemon.world import World

    who = order.states.index(state)
    bounds = {f.name: (f.metadata["low"], f.metadata["high"]) for f in dataclasses.fields(World)}
    rows = []
    for name in asked.fields:
        down = asked.places[f"effect {name}"].start
        value = worlds.values(name, who)
        size = 1.0 if name == "member" else STEP / 2.0
        width = np.clip(value + size, *bounds[name]) - np.clip(value - size, *bounds[name])
        per = 1.0 if name == "member" else STEP
        outcomes = {"red_line": found.red_line, "autonomy": np.asarray(autonomy(found.red_line, poles)),
                    "crisis": yearly(found.crisis), **{g: yearly(x) for g, x in grouped(found.answers, 1).items()}}  # fmt: skip
        given = grouped(found.answers, 1)["coercion"] / np.maximum(found.crisis, 1e-30)
        outcomes["coercion_given_crisis"] = given
        for outcome, x in outcomes.items():
            slope = per * (x[down + 1] - x[down]) / np.maximum(width, 1e-6)
            sure = float(max((slope > 1e-9).mean(), (slope < -1e-9).mean()))
            rows.append({"thing": name, "value": round(float(value.mean()), 6), "outcome": outcome, **stats(slope),
                         "same_sign": round(sure, 4)})  # fmt: skip
    return pd.DataFrame(rows)


def drivers(found: Answers, here: int) -> pd.DataFrame:
    """What moved the red line between the dates. The line adds these up, so they explain all of it where it is not cut."""
    import pandas as pd

    total = found.now.red_line[here] - found.then.red_line[0]
    rows = [{"what": name, **stats(x)} for name, x in zip(MOVERS, found.moved, strict=True)]
    rows.append({"what": "cut to its bounds", **stats(total - found.moved.sum(0))})
    rows.append({"what": "together", **stats(total)})
    return pd.DataFrame(rows)


def way(order: Order, worlds: Worlds, dates: tuple[int, int], rival: int) -> pd.DataFrame:
    """Ties, red line and autonomy at the opening of every quarter from the earlier date to the later."""
    import pandas as pd

    poles = len(order.poles)
    rows = []
    for q in range(dates[1], dates[0] + 1):
        ties, line = worlds.ties[q], worlds.red_line[q]
        columns = {"patron": ties[0], "rival": ties[rival], "others": 1.0 - ties[0] - ties[rival], "red_line": line,
                   "autonomy": np.asarray(autonomy(line, poles), float)}  # fmt: skip
        row: dict[str, Any] = {"quarter": quarters.shift(order.quarters[0], q)}
        for name, x in columns.items():
            row |= {(name + tail).removesuffix("_mean"): v for tail, v in _tails(stats(x))}
        rows.append({**row, "within": round(float((ties[0] >= line).mean()), 4)})
    return pd.DataFrame(rows)

"""What may come, told: how likely crises are against the base rate, and what the answers hang on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from hegemon.instruments import KINDS
from hegemon.pages import theme, words
from hegemon.pages.charts import heat
from hegemon.pages.document import Section
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo
from hegemon.sentences import foreseeing
from hegemon.studies.forecast.chances import MOVED
from hegemon.studies.forecast.result import Forecast

FAR = 100.0
"""Odds that so many histories cannot tell apart."""

WORTH = 0.03
"""Cells less likely than this are not told, only kept with the numbers."""

READING = (
    "A chance is the share of histories in which there is at least one such crisis. It carries luck, what is not known of the "
    "parameters and of where neighbours stand, but not that the model may be wrong: how good it was before is the question of "
    "`hegemon forecast` without --years. The base rate knows no theory: past crises fade with a half-life of ten years, and each "
    "count is drawn to the usual one with the weight of one event. An assumption moves a chance by the difference that it makes "
    "with the same luck, in points; each mechanism is switched off in turn (from the scenario's start), the patron's capacity "
    "is made a quarter larger and smaller, the region's growth three points a year higher and lower. Where no assumption is "
    "named, none moves the chance by more than luck. Nothing of this says what anybody should do, and nobody should act on it "
    "alone."
)


Chance = dict[str, Any]
"""A row of the chances."""


def said(of: Forecast, info: OrderInfo) -> list[str]:
    """What may come, in sentences; the first two are the finding."""
    whole, states, kinds = of.chance(), _by_neighbour(of), _by_kind(of)
    above, below = None, None
    if (cells := _cells(of)) and of.recorded:
        most, least = (which(cells, key=lambda row: float(row["odds"])) for which in (max, min))
        above = _named(most, info) if most["odds"] > 1.0 else None
        below = _named(least, info) if least["odds"] < 1.0 else None
    lines = [
        foreseeing.expected(of.first, of.last, float(whole["mean"]), int(whole["low"]), int(whole["high"])),
        foreseeing.likeliest(_named(states[0], info)),
        foreseeing.by_kind([(_kind(row), float(row["probability"])) for row in kinds]),
        foreseeing.furthest(above, below),
        foreseeing.hanging([(info.state(row["state"]), row["assumption"], float(row["moves"])) for row in states[:3]
                            if row.get("assumption")]),
    ]  # fmt: skip
    return [line for line in lines if line]


def sections(of: Forecast, info: OrderInfo) -> list[Section]:
    """Chances as a picture and as tables."""
    least = f"Those of at least {theme.share(WORTH)}."
    return [
        *([Section("What may happen", [picture(of, info)], "chances", brief=False)] if of.recorded else []),
        Section("By neighbour", [_table(_by_neighbour(of), info)], "by-neighbour"),
        Section("By kind", [_table(_by_kind(of), info)], "by-kind"),
        Section("By neighbour and kind", [least, _table(_cells(of), info)], "by-both", brief=False),
        Section("What a chance is", [READING], "chance", brief=False),
    ]


def picture(of: Forecast, info: OrderInfo) -> Figure:
    """Odds of every crisis against those of the base rate."""
    data = of.chances[(of.chances["state"] != "") & (of.chances["kind"] != "")].copy()
    data["doublings"] = np.log2(data["odds"])
    data["faint"] = data["probability"] < WORTH
    likely = _likeliest(of, lambda row: bool(row["state"] and row["kind"]))[0]
    return Figure(
        name="ahead-chances", title=f"Where crises are likelier than they were, {of.first} to {of.last}",
        reading="Odds of at least one crisis against those of the base rate. Orange: likelier than at the rate of the past; "
        f"blue: less so; the strongest colours are four times and more. A dot marks chances below {theme.share(WORTH)}.",
        form="A table of neighbours by kinds of crisis, coloured by odds against the base rate",
        finding=f"Likeliest of all: {_named(likely, info).said()}.",
        kind="heat", phone=True, data=data[["state", "kind", "probability", "base", "odds", "doublings", "faint"]],
        settings=heat.Settings(
            row="state", rows={s: info.state(s) for s in dict.fromkeys(data["state"])}, column="kind",
            columns={kind: re.split(" with | between ", words.plain(kind, words.KINDS))[0] for kind in KINDS},
            value="doublings", limit=2.0, faint="faint",
            title="odds, in doublings", format="+.0f",
        ),
    )  # fmt: skip


def _likeliest(of: Forecast, wanted: Callable[[Chance], bool]) -> list[Chance]:
    rows = [{str(name): value for name, value in row.items()} for row in of.chances.to_dict("records")]
    return sorted(filter(wanted, rows), key=lambda row: -float(row["probability"]))


def _by_neighbour(of: Forecast) -> list[Chance]:
    return _likeliest(of, lambda row: bool(row["state"]) and not row["kind"])


def _by_kind(of: Forecast) -> list[Chance]:
    return _likeliest(of, lambda row: bool(row["kind"]) and not row["state"])


def _cells(of: Forecast) -> list[Chance]:
    return _likeliest(of, lambda row: bool(row["state"] and row["kind"]) and row["probability"] >= WORTH)


def _kind(row: Chance) -> str:
    return words.plain(row["kind"], words.KINDS).lower()


def _named(row: Chance, info: OrderInfo) -> foreseeing.Chance:
    what = ", ".join([*([info.state(row["state"])] if row["state"] else []), *([_kind(row)] if row["kind"] else [])])
    return foreseeing.Chance(what, float(row["probability"]), float(row["base"]))


def _against(row: Chance) -> list[str]:
    """The base rate, and the odds against it; empty where the past is not known."""
    if np.isnan(row["base"]):
        return ["", ""]
    return [theme.share(row["base"]), f"{row['odds']:.1f}" if row["odds"] < FAR else f"over {FAR:.0f}"]


def _table(rows: list[Chance], info: OrderInfo) -> Table:
    told = []
    for row in rows:
        moved = [foreseeing.moved(row[name], float(row[by])) if row.get(name) else "" for name, by in (MOVED[:2], MOVED[2:])]
        told.append([_named(row, info).what, str(row["before"]), f"{row['mean']:.2f}",
                     f"{row['low']} to {row['high']}", theme.share(row["probability"]), *_against(row), *moved])  # fmt: skip
    head = ["Crisis", "Before", "Mean", "Middle 90 %", "Chance", "Base rate", "Odds against it", "Moved most by", "and by"]
    kept = [i for i in range(len(head)) if not told or any(line[i] for line in told)]  # no base rate without a record
    return Table([head[i] for i in kept], [[line[i] for i in kept] for line in told])

"""Room for manoeuvre in pictures: the triangles, the walk away from the patron, unrest, and what would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hegemon.pages import words
from hegemon.pages.charts import dots, fan
from hegemon.pages.charts.gauge import ceiling, floor
from hegemon.pages.charts.parts import Look, Rule, Shade, span
from hegemon.pages.figure import Figure
from hegemon.pages.order import OrderInfo
from hegemon.pages.quarters import middle
from hegemon.sentences import placing
from hegemon.sentences.placing import THINGS
from hegemon.studies.room.result import Room
from hegemon.studies.room.sentences import main, movers, spread, strongest

LOOKS: Mapping[str, Look] = {
    "crisis": {"label": "Any crisis", "colour": "black"}, "coercion": {"label": "Coercion", "colour": "vermillion"},
    "force": {"label": "Force", "colour": "purple"}, "help": {"label": "Help", "colour": "blue"},
}  # fmt: skip
"""What may happen."""
PANELS = {"year": "In a year", "given": "Given a crisis"}
QUARTERS = [0, 0.25, 0.5, 0.75, 1]


def chances(table: pd.DataFrame, x: str) -> pd.DataFrame:
    """Chances in long form: a row per value of `x`, thing that may happen, and whether there is a crisis already."""
    stems = [(panel, name, name + tail) for name in LOOKS for panel, tail in (("year", ""), ("given", "_given_crisis"))]
    return pd.concat([ends(table, stem).assign(what=name, of=panel, **{x: table[x]}) for panel, name, stem in stems
                      if stem in table], ignore_index=True)  # fmt: skip


def ends(table: pd.DataFrame, stem: str) -> pd.DataFrame:
    """A number's mean and the ends of its interval."""
    return table[[f"{stem}_low", stem, f"{stem}_high"]].set_axis(["low", "mean", "high"], axis=1)


def over(
    table: pd.DataFrame, x: str, along: str, rules: Sequence[Rule] = (), shades: Sequence[Shade] = (), **words_: Any
) -> Figure:
    """Lines with bands over a share, in a year and given a crisis."""
    data = chances(table, x)
    tops = {str(panel): ceiling(mine["high"].fillna(0.0)) for panel, mine in data.groupby("of")}
    settings = fan.Settings(
        x=x, line="mean", bands=[["low", "high"]], series="what", looks=LOOKS, panel="of", panels=PANELS,
        across={"title": along, "domain": [0, 1], "values": QUARTERS, "format": ".0%"},
        up={"format": ".0%", "count": 5},
        domains={panel: [0.0, top] for panel, top in tops.items()},
        rules=rules, shades=shades,
    )  # fmt: skip
    return Figure(kind="fan", phone=True, data=data, settings=settings, **words_)


def walk(found: Room, info: OrderInfo) -> Figure:
    """Away from the patron, step by step."""
    line, patron = found.now["red_line"], info.patron
    here = found.now["orientation"][info.patron_pole]["mean"]
    table = found.profile
    near, far = (table.iloc[(table["patron"] - share).abs().argmin()] for share in (here, 0.0))
    return over(
        table, "patron", f"share of ties with {patron}",
        rules=[{"at": line["mean"], "colour": "vermillion", "dash": False}, {"at": here, "colour": "ink"}],
        shades=[{"low": line["low"], "high": line["high"], "colour": "vermillion", "opacity": 0.1}],
        name="walk",
        title=f"Away from {patron}, step by step",
        reading=f"From right to left ties with {patron} are given up, the rest divided as it is. Orange line and band: the red "
        "line with its 90% interval. Dotted: where it stands. Bands: nine in ten draws.",
        form="Two panels of lines over the share of ties with the patron",
        finding=placing.walked(info.state(found.question.state), patron, float(near["patron"]), *([float(row["coercion"]),
                               float(row["coercion_given_crisis"])] for row in (near, far))),
    )  # fmt: skip


def unrest(found: Room, info: OrderInfo) -> Figure:
    """Where it stands, by how many are in the street."""
    calm, full = found.unrest.iloc[0], found.unrest.iloc[-1]
    return over(
        found.unrest, "crowd", "share of the public in the street",
        name="unrest",
        title="When people go into the street",
        reading=f"{info.state(found.question.state)} where it stands, with more and more of the public in the street. Left: in a "
        "year; right: once there is a crisis. Bands: nine in ten draws.",
        form="Two panels of lines over the share of the public in the street",
        finding=placing.crowded(*([float(row[n]) for n in ("crisis", "force", "help_given_crisis")] for row in (calm, full))),
    )  # fmt: skip


def effects(found: Room, info: OrderInfo) -> Figure:
    """What would widen the room, and what would narrow it."""
    table = found.effects
    titles = {"autonomy": "Room for foreign policy", "coercion": "Coercion in a year", "force": "Force in a year"}
    order = list(table[table["outcome"] == "autonomy"].sort_values("mean", ascending=False)["thing"])
    shown = table[table["outcome"].isin(titles) & table["thing"].isin(order)]
    points = shown.assign(**{name: 100 * shown[name] for name in ("mean", "low", "high")})
    signs = points["mean"].where(points["outcome"] == "autonomy", -points["mean"])
    points["good"] = [mark(value / 100) for value in signs]
    return Figure(
        name="effects",
        title="What would widen the room, what would narrow it",
        reading="By how much a tenth more of each thing, all else as it is, changes room and danger at once: mean and 90% "
        "interval. Blue is to the neighbour's good. What works only in time (through ties, debts, habits) is not counted.",
        form="Three panels of effects with intervals",
        finding=placing.widening(strongest(table)),
        kind="dots",
        phone=True,
        data=points,
        settings=dots.Settings(
            row="thing", rows={thing: THINGS[thing] for thing in order}, value="mean", low="low", high="high", of="good",
            classes={"good": {"colour": "blue"}, "bad": {"colour": "vermillion"}, "none": {"colour": "quiet"}},
            panel="outcome", panels=titles,
            domains={str(outcome): span(mine[["low", "high"]], 0.06, zero=True) for outcome, mine in points.groupby("outcome")},
            across={"title": "percentage points", "count": 4},
            rules=[{"at": 0.0, "dash": False}],
        ),
    )  # fmt: skip


def mark(value: float) -> str:
    """Whether an effect is to the neighbour's good."""
    return "none" if abs(value) < 5e-7 else "good" if value > 0 else "bad"


def way(found: Room, info: OrderInfo) -> Figure:
    """Ties and red line since the earlier date."""
    time = [middle(quarter) - 0.125 for quarter in found.way["quarter"]]
    panels = {"red_line": "ties", "patron": "ties", "autonomy": "autonomy"}
    parts = [ends(found.way, name).assign(time=time, measure=name, of=panel) for name, panel in panels.items()]
    data = pd.concat([pd.concat([found.way["quarter"], part], axis=1) for part in parts], ignore_index=True)
    moves = found.drivers.set_index("what")
    return Figure(
        name="way",
        title=f"Since {found.question.earlier}",
        reading="Line: mean; band: nine in ten draws. Where the blue line runs below the orange one, the neighbour is beyond "
        "the red line.",
        form="Two panels over time",
        finding=placing.moving(spread(moves.loc["together"]), movers(found), info.state(found.question.state), info.patron),
        kind="fan",
        phone=True,
        data=data,
        settings=fan.Settings(
            x="time", line="mean", bands=[["low", "high"]], series="measure",
            looks={"red_line": {"label": "Red line", "colour": "vermillion"},
                   "patron": {"label": f"Ties with {info.patron}", "colour": "orientation"},
                   "autonomy": {"label": "Room", "colour": "autonomy"}},
            panel="of",
            panels={"ties": f"Ties with {info.patron}, and the red line", "autonomy": "Room for foreign policy"},
            across={"domain": [time[0], time[-1]], "years": True},
            up={"domain": [0, 1], "values": QUARTERS, "format": ".0%"},
        ),
    )  # fmt: skip


# ---- Triangles of orientations ----

UNREST = {"nobody": "Streets empty", "half": "Half the public out", "everybody": "Everybody out"}
SHARES = ("patron", "rival", "others")


def common(found: Room, info: OrderInfo) -> dict[str, Any]:
    """What is drawn over the colours of every triangle of a room."""
    line = found.now["red_line"]
    others = [info.poles[p] for p in found.order.poles[1:] if p != found.question.rival]
    named = words.listed(others) if len(others) <= 2 else "All others"
    return {
        "shares": SHARES,
        "behind": max(1, len(others)),
        "corners": [f"All ties with {info.patron}", info.poles[found.question.rival], named],
        "short": [info.patron, info.poles[found.question.rival], "All others"],
        "level": {"at": line["mean"], "low": line["low"], "high": line["high"], "name": "red line",
                  "sides": ["permitted", "beyond"]},
        "trail": found.way[[*SHARES]].to_numpy(float).tolist(),
        "dates": [found.question.earlier, found.question.date],
    }  # fmt: skip


HOW = (
    "Each point is a foreign policy: the nearer to a corner, the more ties with it (the scale on the left counts those with "
    "{patron}). Orange line: the red line, dashed its 90% interval; below it lie policies {patron} would not let pass. Dot: "
    "where {state} stands; thin line: its way since {since}."
)

MAPS: Mapping[str, Mapping[str, str]] = {
    "coercion": {
        "title": "Where a crisis ends in coercion",
        "reading": f"{HOW} Colour: chance in a year that a crisis breaks out there and {{patron}} answers it with embargo, "
        "support for separatism or its own force.",
        "what": "in a year", "form": "Triangle of orientations coloured by danger",
    },
    "coercion_given_crisis": {
        "title": "If a crisis breaks out",
        "reading": "The same triangle. Colour: chance that {patron} answers with coercion once a crisis has broken out, "
        "whatever its kind.",
        "what": "given a crisis", "form": "Triangle of orientations coloured by the answer to a crisis",
    },
}  # fmt: skip
"""Large triangles in words: what incumbents have to reckon with, and what the patron does once there is a crisis."""


def one_map(found: Room, info: OrderInfo, name: str) -> Figure:
    """A large triangle with its legend."""
    said, state = MAPS[name], info.state(found.question.state)
    here = found.data[["permitted", "weight", name]].sel(unrest="as it is", drop=True).to_dataframe().reset_index().round(6)
    patron, rival = info.patron, info.poles[found.question.rival]
    least, most = ([float(here.iloc[int(at)][part]) for part in (name, "patron", "rival")]
                   for at in (here[name].argmin(), here[name].argmax()))  # fmt: skip
    above = (1.0 - found.now["red_line"]["mean"]) ** (len(info.poles) - 1)
    aside = f" {placing.areas(above, spread(found.now['autonomy']))}"
    return Figure(
        name=f"map-{name.replace('_', '-')}",
        title=said["title"],
        reading=said["reading"].format(patron=info.patron, state=state, since=found.question.earlier),
        form=said["form"],
        finding=f"{placing.extremes(patron, rival, least, most)}{aside if len(info.poles) > 2 else ''}",
        detail=placing.located(state, patron, spread(found.now["red_line"]), spread(main(found.now, "patron_share"))),
        kind="triangle",
        data=here[[*SHARES, "permitted", "weight", name]],
        settings={**common(found, info), "value": name, "domain": [floor(here[name]), ceiling(here[name])],
                  "title": said["what"], "hover": f"{patron} {{patron:.0%}}, {rival} {{rival:.0%}}, others {{others:.0%}}: "
                  f"{{{name}:.1%}} {said['what']}"},
    )  # fmt: skip


def by_unrest(found: Room, info: OrderInfo) -> Figure:
    """Force, by how much of the public is in the street."""
    columns = {name: found.data["force"].sel(unrest=name).values for name in UNREST}
    weight = found.data["weight"].values
    means = {name: float((values * weight).sum()) for name, values in columns.items()}
    spots = {name: found.data[name].values for name in SHARES}
    data = pd.concat([pd.DataFrame({"unrest": name, **spots, "force": v}) for name, v in columns.items()])
    return Figure(
        name="map-unrest",
        title="Force, by how many are in the street",
        reading=f"Colour: chance in a year that a crisis breaks out and is answered with force, {info.patron}'s own or the "
        "pact's. Force under the pact is help for incumbents who asked for it, and a way to keep them.",
        form="Three triangles of orientations coloured by the chance of force",
        finding=placing.streets([(UNREST[name], mean) for name, mean in means.items()]),
        kind="triangle",
        phone=True,
        data=data,
        settings={**common(found, info), "value": "force", "domain": [0.0, ceiling(data["force"])], "title": "in a year",
                  "panel": "unrest", "panels": UNREST},
    )  # fmt: skip

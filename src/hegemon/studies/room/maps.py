"""The triangles of a room for manoeuvre: danger in a year, the answer to a crisis, and force by how many are in the street."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hegemon.pages import theme, words
from hegemon.pages.charts.gauge import ceiling, floor
from hegemon.pages.figure import Figure
from hegemon.pages.order import OrderInfo
from hegemon.studies.room.result import Room
from hegemon.studies.room.sentences import percent

UNREST = {"nobody": "Streets empty", "half": "Half the public out", "everybody": "Everybody out"}
SHARES = ("patron", "rival", "others")


def common(found: Room, info: OrderInfo) -> dict[str, Any]:
    """What is drawn over the colours of every triangle of a room."""
    line = found.now["red_line"]
    others = [info.poles[p] for p in found.order.poles[1:] if p != found.question.rival]
    named = words.listed(others) if len(others) <= 2 else "All others"
    return {
        "shares": SHARES,
        "corners": [f"All ties with {info.patron}", info.poles[found.question.rival], named],
        "short": [info.patron, info.poles[found.question.rival], "All others"],
        "level": {"at": line["mean"], "low": line["low"], "high": line["high"], "name": "red line",
                  "sides": ["permitted", "beyond"]},
        "trail": found.way[[*SHARES]].to_numpy(float).tolist(),
        "dates": [found.question.earlier, found.question.date],
    }  # fmt: skip


def one_map(found: Room, info: OrderInfo, name: str, title: str, reading: str, what: str, form: str) -> Figure:
    """A large triangle with its legend."""
    here = found.data[["permitted", "weight", name]].sel(unrest="as it is", drop=True).to_dataframe().reset_index().round(6)
    patron, rival = info.patron, info.poles[found.question.rival]
    spots = (here.iloc[int(here[name].argmin())], here.iloc[int(here[name].argmax())])
    low, high = (f"{row[name]:.1%} ({row['patron']:.0%} of ties with {patron}, {row['rival']:.0%} with {rival})" for row in spots)
    aside = (f" The area above the line is not the autonomy ({percent(found.now['autonomy'])}): the further right a point, "
             "the more divisions among the others it stands for." if len(info.poles) > 3 else "")  # fmt: skip
    return Figure(
        name=f"map-{name.replace('_', '-')}",
        title=title,
        reading=reading,
        form=form,
        finding=f"From {low} to {high}.{aside}",
        detail=f"The red line runs at {percent(found.now['red_line'])} of ties with {patron}; {info.state(found.question.state)} "
        f"stands at {percent(found.now['orientation'][info.patron_pole])}.",
        kind="triangle",
        data=here[[*SHARES, "permitted", "weight", name]],
        settings={**common(found, info), "value": name, "domain": [floor(here[name]), ceiling(here[name])], "title": what,
                  "hover": f"{patron} {{patron:.0%}}, {rival} {{rival:.0%}}, others {{others:.0%}}: {{{name}:.1%}} {what}"},
    )  # fmt: skip


HOW = (
    "Each point is a foreign policy: the nearer to a corner, the more ties with it (the scale on the left counts those with "
    "{patron}). Orange line: the red line, dashed its 90 % interval; below it lie policies {patron} would not let pass. Dot: "
    "where {state} stands; thin line: its way since {since}."
)


def a_year(found: Room, info: OrderInfo) -> Figure:
    """What incumbents have to reckon with."""
    how = HOW.format(patron=info.patron, state=info.state(found.question.state), since=found.question.earlier)
    return one_map(
        found, info, "coercion", "Where a crisis ends in coercion",
        f"{how} Colour: chance in a year that a crisis breaks out there and {info.patron} answers it with embargo, "
        "support for separatism or its own force.", "in a year", "Triangle of orientations coloured by danger",
    )  # fmt: skip


def given(found: Room, info: OrderInfo) -> Figure:
    """What the patron does once there is a crisis."""
    return one_map(
        found, info, "coercion_given_crisis", "If a crisis breaks out",
        f"The same triangle. Colour: chance that {info.patron} answers with coercion once a crisis has broken out, "
        "whatever its kind.", "given a crisis", "Triangle of orientations coloured by the answer to a crisis",
    )  # fmt: skip


def by_unrest(found: Room, info: OrderInfo) -> Figure:
    """Force, by how much of the public is in the street."""
    columns = {name: found.data["force"].sel(unrest=name).values for name in UNREST}
    weight = found.data["weight"].values
    means = {name: float((values * weight).sum()) for name, values in columns.items()}
    told = ", ".join(f"{theme.share(mean)} ({UNREST[name].lower()})" for name, mean in means.items())
    spots = {name: found.data[name].values for name in SHARES}
    data = pd.concat([pd.DataFrame({"unrest": name, **spots, "force": v}) for name, v in columns.items()])
    return Figure(
        name="map-unrest",
        title="Force, by how many are in the street",
        reading=f"Colour: chance in a year that a crisis breaks out and is answered with force, {info.patron}'s own or the "
        "pact's. Force under the pact is help for incumbents who asked for it, and a way to keep them.",
        form="Three triangles of orientations coloured by the chance of force",
        finding=f"On average over all foreign policies: {told}.",
        kind="triangle",
        phone=True,
        data=data,
        settings={**common(found, info), "value": "force", "domain": [0.0, ceiling(data["force"])], "title": "in a year",
                  "panel": "unrest", "panels": UNREST},
    )  # fmt: skip

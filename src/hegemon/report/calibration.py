"""A calibration drawn: what the record moved, and whether simulated histories look like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hegemon.pages import words
from hegemon.pages.charts import bars, dots, fan
from hegemon.pages.charts.parts import Axis, Look
from hegemon.pages.figure import Figure

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.inference.check import Check
    from hegemon.pages.order import OrderInfo

SHOWN = 20
"""Parameters drawn, those that the record moved most."""

SPREADS = (-3.2, 3.2)
"""Ends of the axis on which parameters are drawn, in spreads of the prior."""

MIDDLE = "Line: middle 90 %."
BEFORE, AFTER = "prior", "posterior"
LOOKS: Mapping[str, Look] = {
    BEFORE: {"label": "prior", "colour": "quiet", "interval": "wide", "mark": "none"},
    AFTER: {"label": "posterior", "colour": "model"},
}
RECORD: Mapping[str, Look] = {
    "record": {"label": "record", "colour": "record", "interval": "none"},
    "record, outside": {"label": "record, outside", "colour": "vermillion", "interval": "none"},
}


def moved(table: pd.DataFrame) -> Figure:
    """Prior and posterior of the parameters that contracted most, in spreads of the prior."""
    import pandas as pd

    frame = table.head(SHOWN).reset_index()
    said = [f"{a:.2g} \u2192 {b:.2g}".replace("-", "\u2212") for a, b in zip(frame["prior_mean"], frame["mean"], strict=True)]
    both = []
    for name, stem in ((BEFORE, "prior_"), (AFTER, "")):
        found = {end: frame[f"{stem}{end}"] for end in ("low", "mean", "high")}
        z = {f"z_{end}": ((value - frame["prior_mean"]) / frame["prior_sd"]).clip(*SPREADS) for end, value in found.items()}
        both.append(pd.DataFrame({"parameter": frame["parameter"], "of": name, **found, **z, "said": said}))
    first = frame.iloc[0]
    return Figure(
        name="calibration-moved",
        title=f"The {len(frame)} parameters that the record narrowed most",
        reading="Grey: middle 90 % of the prior. Blue: middle 90 % and mean of the posterior. Both in spreads of the prior, so "
        "that they share an axis. Right: the means before and after, in the parameter's own unit.",
        form="Intervals by parameter",
        finding=f"Most narrowed: {first['parameter']}, from {first['prior_mean']:.2g} to {first['mean']:.2g}.",
        kind="dots",
        data=pd.concat(both, ignore_index=True),
        settings=dots.Settings(
            row="parameter",
            value="z_mean",
            low="z_low",
            high="z_high",
            series="of",
            looks=LOOKS,
            text="said",
            across={"title": "spreads of the prior from its mean", "domain": SPREADS, "values": [-3, -2, -1, 0, 1, 2, 3],
                    "format": "d"},
        ),
    )  # fmt: skip


def part_of(parameter: str) -> str:
    """What a parameter is about, in a word or two."""
    from hegemon.inference.vector import OF_TIES
    from hegemon.instruments import CODE, INCLINATIONS

    block, _, field = parameter.partition(".")
    if parameter in OF_TIES:
        return "measurement of ties"
    if block not in CODE:
        return "mechanisms"
    return "the patron's inclinations" if field in INCLINATIONS else "instruments' consequences"


PARTS = {
    "mechanisms": "blue",
    "the patron's inclinations": "orange",
    "instruments' consequences": "sky",
    "measurement of ties": "black",
}
"""Groups of parameters and their colours."""


def contraction(table: pd.DataFrame, noise: float) -> Figure:
    """How much was learned about how many parameters, by group."""
    import numpy as np

    step, low = 0.05, -0.25
    frame = table.reset_index()[["parameter", "contraction"]]
    frame = frame.assign(part=[part_of(name) for name in frame["parameter"]])
    bins = np.floor(frame["contraction"].clip(low, 1.0 - 1e-9) / step + 1e-9) * step + step / 2
    counts = frame.assign(bin=bins.round(4)).groupby(["part", "bin"]).size().rename("count").reset_index()
    known = frame.groupby("part")["contraction"].sum()
    titles = {
        part: [f"{part[0].upper()}{part[1:]}", f"{(frame['part'] == part).sum()} parameters; contractions add up to "
               f"{known.get(part, 0.0):.0f}"] for part in PARTS
    }  # fmt: skip
    little = int((table["contraction"] < LITTLE).sum())
    return Figure(
        name="calibration-contraction",
        title="How much the record says about each parameter",
        reading="0 %: the posterior is as wide as the prior, nothing was learned. 100 %: the parameter is known. Grey band: "
        f"where parameters fall about which nothing was learned, by the luck of the kept draws (two spreads of {noise:.0%}). The "
        "first bar holds all that are wider than drawn here.",
        form="Histograms of contraction by group of parameters",
        finding=f"{little} of {len(table)} parameters keep at least nine tenths of their prior variance.",
        kind="bars",
        data=counts,
        settings=bars.Settings(
            x="bin",
            step=step,
            height="count",
            panel="part",
            panels=titles,
            looks={part: {"colour": hue} for part, hue in PARTS.items()},
            shades=[{"low": -2 * noise, "high": 2 * noise, "colour": "grid", "opacity": 1.0}],
            across={
                "title": "contraction: share of the prior's variance that is gone",
                "domain": [low, 1.0],
                "values": [-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1],
                "format": ".0%",
            },
            up={"title": "parameters", "count": 4},
            columns=2,
        ),
    )


LITTLE = 0.1
"""Contraction below which the record is said to say little."""


def crises(before: Check, after: Check) -> Figure:
    """Crises by kind and decade: prior, posterior, record."""
    data = _both(before, after, "count")
    domains = {}
    for kind, mine in data.groupby("kind", sort=False):
        tops = mine.groupby("source")[["value", "high"]].max().max(axis=1)
        top = float(min(tops.max(), 2.5 * tops.drop(BEFORE).max()))
        domains[str(kind)] = [-0.03 * top, 1.08 * top + 0.3]
    c = after.coverage["count"]
    return Figure(
        name="calibration-crises",
        title="Crises by kind and decade",
        reading=f"Dots: the record, red where it lies outside the posterior's middle 90 %. {MIDDLE} Tick: mean of histories. "
        "Grey: parameters from the prior, cut where it would leave the panel. Blue: from the posterior.",
        form="Intervals by decade, one panel per kind",
        finding=f"{c.inside} of {c.of} counts lie in the middle 90 % of the posterior's histories.",
        kind="dots",
        data=data,
        settings=_intervals(data, {decade: decade for decade in dict.fromkeys(data["of"])}, domains, {"format": "d"}),
    )


def answers(before: Check, after: Check) -> Figure:
    """The mix of instruments by kind: prior, posterior, record."""
    from hegemon.instruments import NAMES

    data = _both(before, after, "instrument")
    c = after.coverage["instrument"]
    return Figure(
        name="calibration-answers",
        title="What the patron does, by kind of crisis",
        reading="Share of a kind's crises answered with each instrument. Dots: the record, red where it lies outside the "
        f"posterior's middle 90 %. {MIDDLE} Tick: mean. Grey: parameters from the prior. Blue: from the posterior.",
        form="Intervals by instrument, one panel per kind",
        finding=f"{c.inside} of {c.of} shares lie in the middle 90 % of the posterior's histories.",
        kind="dots",
        data=data,
        settings=_intervals(data, {name: words.INSTRUMENTS.get(name, name) for name in NAMES}, {},
                            {"domain": [-0.03, 1.0], "values": [0, 0.5, 1], "format": ".0%"}),
    )  # fmt: skip


def _both(before: Check, after: Check, group: str) -> pd.DataFrame:
    """A group's cells as rows: prior, posterior and record, each with its mean (or value) and ends."""
    import pandas as pd

    frames = []
    for source, check in ((BEFORE, before), (AFTER, after)):
        cells = check.cells[check.cells["group"] == group]
        frames.append(cells[["kind", "of", "low", "high"]].assign(value=cells["mean"], source=source))
    outside = ["record" if side == "inside" else "record, outside" for side in cells["side"]]
    frames.append(cells[["kind", "of"]].assign(value=cells["record"], source=outside))
    return pd.concat(frames, ignore_index=True)


def _intervals(
    data: pd.DataFrame, rows: Mapping[str, str], domains: Mapping[str, Sequence[float]], across: Axis
) -> dots.Settings:
    """Prior, posterior and record by category, one panel per kind."""
    looks: dict[str, Look] = {BEFORE: {**LOOKS[BEFORE], "mark": "tick"}, AFTER: {**LOOKS[AFTER], "mark": "tick"}, **RECORD}
    return dots.Settings(
        row="of",
        rows=rows,
        value="value",
        low="low",
        high="high",
        series="source",
        looks=looks,
        panel="kind",
        panels={kind: words.plain(kind, words.KINDS) for kind in dict.fromkeys(data["kind"])},
        domains=domains,
        across=across,
    )


def ties(after: Check, info: OrderInfo) -> Figure:
    """Ties with the patron by neighbour: histories left to the dice, histories that follow the record, and the record."""
    from hegemon.pages.order import reading_order

    wide = after.ties.set_index(["state", "year"])
    free, led = (wide[wide["basis"] == basis] for basis in ("free", "following"))
    frame = (
        led[["record", "low", "median", "high", "side"]].join(free[["low", "high"]].add_prefix("free_")).reset_index()
    )
    frame = frame.assign(outside=frame["side"] != "inside")
    present = reading_order(info, list(dict.fromkeys(frame["state"])))
    first, last = int(frame["year"].min()), int(frame["year"].max())
    c = after.coverage["following"]
    return Figure(
        name="calibration-ties",
        title=f"Ties with {info.patron}: measured, and as the calibrated model has them",
        reading=f"Share of a neighbour's external ties that runs to {info.patron}. Dots: as measured, red where outside the dark "
        "band. Dark band and line: middle 90 % and median of histories that follow the coded events. Light band: middle 90 % of "
        "histories in which everything is left to the dice. Both with the measurement's offset and error.",
        form="Bands and dots by year, one panel per neighbour",
        finding=f"{c.inside} of {c.of} observations lie in the middle 90 % of histories that follow the record, "
        f"{after.coverage['free'].inside} in that of histories that do not.",
        kind="fan",
        data=frame,
        settings=fan.Settings(
            x="year",
            line="median",
            bands=[["free_low", "free_high"], ["low", "high"]],
            points="record",
            outside="outside",
            panel="state",
            panels={s: info.state(s) for s in present},
            across={"domain": [first - 0.5, last + 0.5], "years": True},
            up={"domain": [0, 1], "values": [0, 0.5, 1], "format": ".0%"},
        ),
    )


def figures(before: Check, after: Check, table: pd.DataFrame, draws: int, info: OrderInfo) -> list[Figure]:
    """All of them; ties where there are observations."""
    from hegemon.inference.learned import scatter

    drawn = [moved(table), contraction(table, scatter(draws)), crises(before, after), answers(before, after)]
    return [*drawn, ties(after, info)] if len(after.ties) else drawn

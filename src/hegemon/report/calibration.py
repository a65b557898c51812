"""A calibration drawn: what the record moved, and whether simulated histories look like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hegemon.pages import theme, words
from hegemon.pages.figure import Figure, Rows

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


def hues() -> dict[str, str]:
    """Colours of what is compared."""
    return {BEFORE: theme.colour("figure", "quiet"), AFTER: theme.role("model"), "record": theme.role("record"),
            "outside": theme.colour("category", "vermillion")}  # fmt: skip


def key(entries: dict[str, str], width: float) -> Any:
    """A legend in one line: coloured words, evenly spaced."""
    import altair as alt

    step = width / max(len(entries), 1)
    rows = [{"x": i * step, "word": f"\u25cf {word}", "hue": hue} for i, (word, hue) in enumerate(entries.items())]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_text(align="left", fontSize=12, fontWeight="bold")
        .encode(x=alt.X("x:Q", scale=None, axis=None), text="word:N", color=alt.Color("hue:N", scale=None))
        .properties(width=width, height=14)
    )


def moved(table: pd.DataFrame) -> Figure:
    """Prior and posterior of the parameters that contracted most, in spreads of the prior."""
    import altair as alt

    frame = table.head(SHOWN).reset_index()
    for name in ("low", "mean", "high", "prior_low", "prior_high"):
        frame[f"z_{name}"] = (frame[name] - frame["prior_mean"]) / frame["prior_sd"]
        frame[f"z_{name}"] = frame[f"z_{name}"].clip(*SPREADS)
    frame["said"] = [
        f"{a:.2g} \u2192 {b:.2g}".replace("-", "\u2212")
        for a, b in zip(frame["prior_mean"], frame["mean"], strict=True)
    ]
    hue, ink = hues(), theme.colour("figure", "muted")
    x = alt.X("z_prior_low:Q", scale=alt.Scale(domain=SPREADS, nice=False),
              axis=alt.Axis(title="spreads of the prior from its mean", values=[-3, -2, -1, 0, 1, 2, 3], format="d"))  # fmt: skip
    y = alt.Y("parameter:N", sort=list(frame["parameter"]), axis=alt.Axis(title=None, labelLimit=260))
    base = alt.Chart(alt.NamedData(name="moved"))
    chart = alt.layer(
        base.mark_rule(color=hue[BEFORE], strokeWidth=7, opacity=0.55).encode(x=x, x2="z_prior_high:Q", y=y),
        base.mark_rule(color=hue[AFTER], strokeWidth=2.6).encode(x=alt.X("z_low:Q"), x2="z_high:Q", y=y),
        base.mark_point(color=hue[AFTER], filled=True, size=60, opacity=1).encode(x="z_mean:Q", y=y),
        base.mark_text(align="left", color=ink, fontSize=11).encode(x=alt.value(612), y=y, text="said:N"),
    ).properties(width=600, height=22 * len(frame))
    first = frame.iloc[0]
    return Figure(
        name="calibration-moved",
        title=f"The {len(frame)} parameters that the record narrowed most",
        reading="Grey: middle 90 % of the prior. Blue: middle 90 % and mean of the posterior. Both in spreads of the prior, so "
        "that they share an axis. Right: the means before and after, in the parameter's own unit.",
        form="Intervals by parameter",
        finding=f"Most narrowed: {first['parameter']}, from {first['prior_mean']:.2g} to {first['mean']:.2g}.",
        chart=alt.vconcat(key({BEFORE: hue[BEFORE], AFTER: hue[AFTER]}, 240.0), chart, spacing=10),
        sources={"moved": frame.to_dict("records")},
        data=table.reset_index(),
    )


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
    import altair as alt
    import numpy as np

    step, low = 0.05, -0.25
    frame = table.reset_index()[["parameter", "contraction"]]
    frame = frame.assign(part=[part_of(name) for name in frame["parameter"]])
    frame["bin"] = np.floor(frame["contraction"].clip(low, 1.0 - 1e-9) / step + 1e-9) * step
    counts = frame.groupby(["part", "bin"]).size().rename("count").reset_index()
    counts["end"] = counts["bin"] + step
    x = alt.X("bin:Q", scale=alt.Scale(domain=[low, 1.0], nice=False),
              axis=alt.Axis(title="contraction: share of the prior's variance that is gone", format=".0%",
                            values=[-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1]))  # fmt: skip
    top = int(counts.groupby("part")["count"].max().max())
    panels = []
    for part, hue in PARTS.items():
        mine = counts[counts["part"] == part]
        known = float(frame.loc[frame["part"] == part, "contraction"].sum())
        n = int(mine["count"].sum())
        base = alt.Chart(alt.NamedData(name=f"contraction_{hue}"))
        shade = alt.Chart(alt.NamedData(name="contraction_noise")).mark_rect(
            color=theme.colour("figure", "grid"), clip=True
        )
        panels.append(
            alt.layer(
                shade.encode(x=alt.X("from:Q"), x2="to:Q"),
                base.mark_rect(color=theme.colour("category", hue), stroke="white", clip=True).encode(
                    x=x, x2="end:Q",
                    y=alt.Y("zero:Q", scale=alt.Scale(domain=[0, top], nice=False),
                            axis=alt.Axis(title="parameters", tickCount=4)),
                    y2="count:Q",
                ),
            ).properties(width=420, height=120,
                         title=alt.Title(f"{part[0].upper()}{part[1:]}",
                                         subtitle=f"{n} parameters; contractions add up to {known:.0f}"))
        )  # fmt: skip
    sources: dict[str, Rows] = {
        f"contraction_{hue}": counts[counts["part"] == part].assign(zero=0).to_dict("records")
        for part, hue in PARTS.items()
    }
    little = int((table["contraction"] < LITTLE).sum())
    return Figure(
        name="calibration-contraction",
        title="How much the record says about each parameter",
        reading="0 %: the posterior is as wide as the prior, nothing was learned. 100 %: the parameter is known. Grey band: "
        f"where parameters fall about which nothing was learned, by the luck of the kept draws (two spreads of {noise:.0%}). The "
        "first bar holds all that are wider than drawn here.",
        form="Histograms of contraction by group of parameters",
        finding=f"{little} of {len(table)} parameters keep at least nine tenths of their prior variance.",
        chart=alt.concat(*panels, columns=2, spacing=30),
        sources={**sources, "contraction_noise": [{"from": -2 * noise, "to": 2 * noise}]},
        data=frame,
    )


LITTLE = 0.1
"""Contraction below which the record is said to say little."""


def crises(before: Check, after: Check) -> Figure:
    """Crises by kind and decade: prior, posterior, record."""
    import altair as alt

    hue = hues()
    cells = {BEFORE: before.cells, AFTER: after.cells}
    mine = {name: c[c["group"] == "count"].drop(columns="group") for name, c in cells.items()}
    decades = list(dict.fromkeys(mine[AFTER]["of"]))
    place = {decade: float(i) for i, decade in enumerate(decades)}
    sources: dict[str, Rows] = {}
    panels = []
    kinds = list(dict.fromkeys(mine[AFTER]["kind"]))
    label = "".join(f"datum.value == {i} ? '{decade}' : " for i, decade in enumerate(decades)) + "''"
    x = lambda name: alt.X(  # noqa: E731
        f"{name}:Q", scale=alt.Scale(domain=[-0.5, len(decades) - 0.5], nice=False),
        axis=alt.Axis(title=None, values=list(place.values()), labelExpr=label, grid=False))  # fmt: skip
    for at, kind in enumerate(kinds):
        layers = []
        tops = [float(m.loc[m["kind"] == kind, ["record", "high"]].max().max()) for m in mine.values()]
        top = min(max(tops), 2.5 * tops[1]) * 1.08 + 0.3
        y = alt.Scale(domain=[0, top], nice=False)
        step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 10**6) if 4 * n > top)
        ticks = alt.Axis(title=None, values=list(range(0, int(0.9 * top) + 1, step)), minExtent=26, format="d")
        for name, shift in ((BEFORE, -0.14), (AFTER, 0.14)):
            rows = mine[name][mine[name]["kind"] == kind]
            sources[f"crises_{at}_{name}"] = rows.assign(x=[place[d] + shift for d in rows["of"]]).to_dict("records")
            base = alt.Chart(alt.NamedData(name=f"crises_{at}_{name}"))
            layers += [
                base.mark_rule(color=hue[name], strokeWidth=5, clip=True).encode(
                    x=x("x"),
                    y=alt.Y("low:Q", scale=y, axis=ticks),
                    y2="high:Q",
                ),
                base.mark_tick(
                    color=hue[name], thickness=2, width=16, orient="horizontal", opacity=1, clip=True
                ).encode(x=x("x"), y="mean:Q"),
            ]
        rows = mine[AFTER][mine[AFTER]["kind"] == kind]
        sources[f"crises_{at}_record"] = rows.assign(
            x=[place[d] for d in rows["of"]],
            hue=[hue["record"] if s == "inside" else hue["outside"] for s in rows["side"]],
        ).to_dict("records")
        record = alt.Chart(alt.NamedData(name=f"crises_{at}_record"))
        layers.append(
            record.mark_point(filled=True, size=70, opacity=1).encode(
                x=x("x"), y="record:Q", color=alt.Color("hue:N", scale=None)
            )
        )
        panels.append(alt.layer(*layers).properties(width=265, height=130, title=words.plain(kind, words.KINDS)))
    c = after.coverage["count"]
    return Figure(
        name="calibration-crises",
        title="Crises by kind and decade",
        reading=f"Dots: the record, red where it lies outside the posterior's middle 90 %. {MIDDLE} Tick: mean of histories. "
        "Grey: parameters from the prior, cut where it would leave the panel. Blue: from the posterior.",
        form="Intervals by decade, one panel per kind",
        finding=f"{c.inside} of {c.of} counts lie in the middle 90 % of the posterior's histories.",
        chart=alt.vconcat(_legend(hue), alt.concat(*panels, columns=3, spacing=26), spacing=12),
        sources=sources,
        data=_both(mine),
    )


def answers(before: Check, after: Check) -> Figure:
    """The mix of instruments by kind: prior, posterior, record."""
    import altair as alt

    from hegemon.instruments import NAMES

    hue = hues()
    mine = {name: c.cells[c.cells["group"] == "instrument"].drop(columns="group")
            for name, c in ((BEFORE, before), (AFTER, after))}  # fmt: skip
    order = [words.INSTRUMENTS.get(name, name) for name in NAMES]
    x = alt.X("low:Q", scale=alt.Scale(domain=[0, 1], nice=False),
              axis=alt.Axis(title=None, format=".0%", values=[0, 0.5, 1]))  # fmt: skip
    sources: dict[str, Rows] = {}
    panels = []
    for at, kind in enumerate(dict.fromkeys(mine[AFTER]["kind"])):
        y = alt.Y("what:N", sort=order, scale=alt.Scale(domain=order),
                  axis=alt.Axis(title=None, labelLimit=150, labels=at % 3 == 0))  # fmt: skip
        layers = []
        for name, wide in ((BEFORE, 7.0), (AFTER, 2.6)):
            rows = mine[name][mine[name]["kind"] == kind]
            rows = rows.assign(what=[words.INSTRUMENTS.get(o, o) for o in rows["of"]])
            sources[f"answers_{at}_{name}"] = rows.to_dict("records")
            base = alt.Chart(alt.NamedData(name=f"answers_{at}_{name}"))
            layers.append(
                base.mark_rule(color=hue[name], strokeWidth=wide, opacity=0.55 if name == BEFORE else 1).encode(
                    x=x, x2="high:Q", y=y
                )
            )
        sources[f"answers_{at}_record"] = rows.assign(
            hue=[hue["record"] if s == "inside" else hue["outside"] for s in rows["side"]]
        ).to_dict("records")
        record = alt.Chart(alt.NamedData(name=f"answers_{at}_record"))
        layers.append(
            record.mark_point(filled=True, size=55, opacity=1).encode(
                x="record:Q", y=y, color=alt.Color("hue:N", scale=None)
            )
        )
        panels.append(alt.layer(*layers).properties(width=225, height=165, title=words.plain(kind, words.KINDS)))
    c = after.coverage["instrument"]
    return Figure(
        name="calibration-answers",
        title="What the patron does, by kind of crisis",
        reading="Share of a kind's crises answered with each instrument. Dots: the record, red where it lies outside the "
        f"posterior's middle 90 %. {MIDDLE} Grey: parameters from the prior. Blue: from the posterior.",
        form="Intervals by instrument, one panel per kind",
        finding=f"{c.inside} of {c.of} shares lie in the middle 90 % of the posterior's histories.",
        chart=alt.vconcat(_legend(hue), alt.concat(*panels, columns=3, spacing=22), spacing=12),
        sources=sources,
        data=_both(mine),
    )


def ties(after: Check, info: OrderInfo) -> Figure:
    """Ties with the patron by neighbour: histories left to the dice, histories that follow the record, and the record."""
    import altair as alt

    from hegemon.pages.order import reading_order
    from hegemon.report.fans import small_multiples

    hue = hues()
    wide = after.ties.set_index(["state", "year"])
    free, led = (wide[wide["basis"] == basis] for basis in ("free", "following"))
    frame = (
        led[["record", "low", "median", "high", "side"]].join(free[["low", "high"]].add_prefix("free_")).reset_index()
    )
    frame["name"] = frame["state"].map(info.state)
    frame["hue"] = [hue["record"] if s == "inside" else hue["outside"] for s in frame["side"]]
    names = [info.state(s) for s in reading_order(info, list(dict.fromkeys(frame["state"])))]
    first, last = int(frame["year"].min()), int(frame["year"].max())
    inner = [year for year in range(first, last) if year % 10 == 0]
    x = alt.X("year:Q", scale=alt.Scale(domain=[first - 0.5, last + 0.5], nice=False),
              axis=alt.Axis(title=None, values=inner, format="d", grid=False, ticks=True, tickSize=4))  # fmt: skip
    scale = alt.Scale(domain=[0, 1], nice=False)

    def y(column: str) -> Any:
        return alt.Y(f"{column}:Q", scale=scale, axis=alt.Axis(title=None, values=[0, 0.5, 1], format=".0%"))

    base = alt.Chart()
    marks = [
        base.mark_area(color=hue[AFTER], opacity=0.16).encode(x=x, y=y("free_low"), y2="free_high:Q"),
        base.mark_area(color=hue[AFTER], opacity=0.34).encode(x=x, y=y("low"), y2="high:Q"),
        base.mark_line(color=hue[AFTER], strokeWidth=1.6).encode(x=x, y=y("median")),
        base.mark_point(filled=True, size=16, opacity=1).encode(
            x=x, y=y("record"), color=alt.Color("hue:N", scale=None)
        ),
    ]
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
        chart=small_multiples("ties", marks, names),
        sources={"ties": frame.to_dict("records")},
        data=after.ties,
    )


def _legend(hue: dict[str, str]) -> Any:
    return key(
        {"record": hue["record"], "record, outside": hue["outside"], AFTER: hue[AFTER], BEFORE: hue[BEFORE]}, 480.0
    )


def _both(mine: dict[str, pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([frame.assign(source=name) for name, frame in mine.items()], ignore_index=True)


def figures(before: Check, after: Check, table: pd.DataFrame, draws: int, info: OrderInfo) -> list[Figure]:
    """All of them; ties where there are observations."""
    from altair.utils import schemapi

    from hegemon.inference.learned import scatter

    with schemapi.debug_mode(False):
        drawn = [moved(table), contraction(table, scatter(draws)), crises(before, after), answers(before, after)]
        return [*drawn, ties(after, info)] if len(after.ties) else drawn

"""A replay in pictures: what the real history did to the neighbours in the model, and what of it surprised the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.pages import theme, words
from hegemon.pages.figure import Figure, Rows, Table
from hegemon.pages.order import OrderInfo, reading_order
from hegemon.pages.quarters import middle
from hegemon.report import fans, readings
from hegemon.report.surprise import Account, odds

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

MEASURES: Mapping[str, str] = {
    "orientation": "Share of ties with {patron}",
    "red_line": "Red line: the least share {patron} would let pass",
    "fear": "Fear of {patron}",
    "legitimacy": "Legitimacy of {patron}",
}
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "triangle-right", "triangle-left")
"""One per kind of crisis, in the order of `words.KINDS`: colour alone is not for everybody."""
SIZES = {"circle": 62, "square": 56, "diamond": 70, "cross": 70}
NEAR, LANES = 1.0, 3
"""Crises of one neighbour closer than this (in years) go to another lane."""
HUES = {"crisis": "quiet", "response": "vermillion", "request": "sky", "survival": "blue", "successor": "black"}
OTHER = ("yellow", "purple", "orange", "green")
"""Colours of the parts of an event: the patron's answer stands out, what is not named takes the next of the others."""
TOP, BELOW, STRIP = 108, 50, 34
NARROW = 500
"""Pictures up to this width are for telephones."""


def bands(worlds: xr.Dataset, info: OrderInfo) -> pd.DataFrame:
    """Median and 90 % band over draws, a row per measure, neighbour and quarter."""
    import pandas as pd

    frames = []
    for name in MEASURES:
        values = worlds[name].sel(pole=info.patron_pole, drop=True) if "pole" in worlds[name].dims else worlds[name]
        cells = values.transpose("run", "state", "quarter").to_numpy().astype(float)
        low, mid, high = np.quantile(cells, (0.05, 0.5, 0.95), axis=0)
        places = pd.MultiIndex.from_product(
            [[str(s) for s in worlds["state"].values], [str(q) for q in worlds["quarter"].values]],
            names=["state", "quarter"],
        ).to_frame(index=False)
        table = places.assign(measure=name, p05=low.reshape(-1), median=mid.reshape(-1), p95=high.reshape(-1))
        frames.append(table.round({"p05": 4, "median": 4, "p95": 4}))
    return pd.concat(frames, ignore_index=True)


def shapes() -> dict[str, str]:
    """The shape of each kind of crisis."""
    return {kind: SHAPES[i % len(SHAPES)] for i, kind in enumerate(words.KINDS)}


def marks(crises: pd.DataFrame, info: OrderInfo) -> Rows:
    """One neighbour's crises as marks: when, which lane, what they are, and what to say where somebody points."""
    found: Rows = []
    lanes = [-1e9] * LANES
    for row in crises.sort_values("quarter", kind="stable").to_dict("records"):
        time = middle(row["quarter"])
        lane = next((i for i, last in enumerate(lanes) if time - last >= NEAR), lanes.index(min(lanes)))
        lanes[lane] = time
        answer = words.plain(row["instrument"], words.INSTRUMENTS)
        found.append(
            {
                "time": time,
                "lane": lane,
                "kind": words.plain(row["kind"], words.KINDS),
                "area": SIZES.get(shapes().get(row["kind"], ""), 66),
                "hover": f"{row['quarter']}, {info.state(row['state'])}: {row['name']}. Answer: {answer.lower()}, "
                f"to which the model gave {odds(np.log(max(row['answer'], 1e-300)))}",
            }
        )
    return found


def panel(state: str, span: tuple[float, float], width: int, legend: bool) -> Any:
    """One neighbour: its crises, below them ties and red line, below these fear and legitimacy."""
    import altair as alt

    first, last = span
    when = alt.Scale(domain=[first, last], nice=False)
    years = readings.ticks(first, last)

    def x(labels: bool) -> Any:
        axis = alt.Axis(title=None, values=years, format="d", grid=False, ticks=labels, labels=labels, tickSize=4)
        return alt.X("time:Q", scale=when, axis=axis)

    def y(column: str, format: str, ticks: list[float]) -> Any:
        axis = alt.Axis(title=None, values=ticks, format=format, minExtent=34, maxExtent=34)
        return alt.Y(f"{column}:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=axis)

    kinds = list(words.KINDS)
    key = alt.Legend(title=None, columns=6, symbolStrokeWidth=0, labelLimit=220, orient="top") if legend else None
    names = [words.KINDS[kind] for kind in kinds]
    happened = alt.NamedData(name=f"crises_{state}")
    strip = (
        alt.Chart(happened)
        .mark_point(filled=True, opacity=1, stroke="#ffffff", strokeWidth=0.7, ariaRoleDescription="hover")
        .encode(
            x=x(labels=False),
            y=alt.Y("lane:Q", axis=None, scale=alt.Scale(domain=[-0.6, LANES - 0.4], nice=False)),
            fill=alt.Fill("kind:N", scale=alt.Scale(domain=names, range=[theme.kind(k) for k in kinds]), legend=key),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=names, range=list(shapes().values())), legend=key),
            size=alt.Size("area:Q", scale=None),
            description="hover:N",
        )
        .properties(width=width, height=STRIP)
    )
    ink, blue, fear = theme.colour("figure", "muted"), theme.role("orientation"), theme.role("fear")
    grid = theme.colour("figure", "grid")
    each = alt.Chart(alt.NamedData(name=f"path_{state}"))

    def line(name: str, hue: str, format: str, ticks: list[float], **more: Any) -> Any:
        return each.mark_line(color=hue, clip=True, **more).encode(
            x=x(format != ".0%"), y=y(f"{name}_median", format, ticks)
        )

    def band(name: str, hue: str, format: str, ticks: list[float]) -> Any:
        return each.mark_area(color=hue, opacity=0.2, clip=True).encode(
            x=x(format != ".0%"), y=y(f"{name}_p05", format, ticks), y2=f"{name}_p95:Q"
        )

    def rules(labels: bool) -> Any:
        return alt.Chart(happened).mark_rule(color=grid, strokeWidth=1).encode(x=x(labels))

    shares, index = (".0%", [0.0, 0.5, 1.0]), (".1~f", [0.0, 1.0])
    below = each.mark_area(color=theme.colour("figure", "land"), opacity=0.85, clip=True).encode(
        x=x(False), y=y("red_line_median", *shares), y2="zero:Q"
    )
    ties = alt.layer(
        below,
        rules(False),
        line("red_line", ink, *shares, strokeWidth=1.2, strokeDash=[4, 2]),
        band("orientation", blue, *shares),
        line("orientation", blue, *shares, strokeWidth=1.8),
    ).properties(width=width, height=TOP)
    regard = alt.layer(
        rules(True),
        band("legitimacy", blue, *index),
        band("fear", fear, *index),
        line("legitimacy", blue, *index, strokeWidth=1.4),
        line("fear", fear, *index, strokeWidth=1.4),
    ).properties(width=width, height=BELOW)
    return alt.vconcat(strip, ties, regard, spacing=4)


def sources(frame: pd.DataFrame, crises: pd.DataFrame, info: OrderInfo, states: list[str]) -> dict[str, Rows]:
    """The numbers each neighbour's panel is drawn from, by name."""
    drawn = readings.thinned(frame, per_year=4)
    wide = drawn.pivot(index=["state", "time"], columns="measure", values=["p05", "median", "p95"])
    wide.columns = ["_".join(reversed(column)) for column in wide.columns.to_list()]
    rows = wide.reset_index().assign(zero=0.0)
    found = {f"path_{s}": readings.records(rows[rows["state"] == s].drop(columns="state")) for s in states}
    return found | {f"crises_{s}": marks(crises[crises["state"] == s], info) for s in states}


def neighbours(worlds: xr.Dataset, account: Account, info: OrderInfo) -> Figure:
    """Every neighbour through the real history."""
    import altair as alt

    frame, span = bands(worlds, info), readings.span(worlds)
    states = reading_order(info, readings.all_states(worlds))
    panels = [panel(s, span, 270, legend=i == 0).properties(title=info.state(s)) for i, s in enumerate(states)]
    chart = alt.concat(*panels, columns=3, spacing=26).resolve_scale(fill="shared", shape="shared")
    tables = [
        fans.yearly(frame[frame["measure"] == name], "state", states,
                    f"{label.format(patron=info.patron)}: median (5th–95th percentile) over draws, times 100")
        for name, label in MEASURES.items()
    ]  # fmt: skip
    return Figure(
        name="neighbours",
        title=f"The neighbours of {info.patron} through the real history",
        reading=f"Marks: crises, by kind. Blue: share of a neighbour's ties that runs to {info.patron}; line the median, "
        "band nine in ten draws of the shocks. Grey, dashed: the red line; below it lie policies the patron would not "
        "let pass. Beneath: fear (orange) and legitimacy (blue) of the patron among those who govern.",
        form="Small multiples, one per neighbour, with crises marked on the line of years",
        finding=crossed(frame, info),
        chart=chart,
        sources=sources(frame, account.crises, info, states),
        data=frame,
        tables=tables,
    )


def crossed(frame: pd.DataFrame, info: OrderInfo) -> str:
    """How often ties lay below the red line, in words."""
    middle_ = frame.pivot(index=["state", "quarter"], columns="measure", values="median")
    under = (middle_["orientation"] < middle_["red_line"]).groupby("state").agg(["sum", "count"])
    total, every = int(under["sum"].sum()), int(under["count"].sum())
    if not total:
        return f"In the median no neighbour's ties with {info.patron} fall below the red line in any quarter."
    most = under.sort_values("sum", ascending=False, kind="stable")
    named = [f"{info.state(str(s))} ({int(most.loc[s, 'sum'])})" for s in most.index[:3] if most.loc[s, "sum"]]
    return (
        f"In the median, ties with {info.patron} lie below the red line in {total:,} of {every:,} neighbour-quarters, "
        f"most often in {words.listed(named)}."
    )


def quarters(account: Account, width: int = 900) -> Figure:
    """How surprising each quarter was, by part."""
    import altair as alt

    table = account.quarters
    parts = [row["part"] for row in account.parts]
    long = table.melt(id_vars=["quarter", "crises"], value_vars=parts, var_name="part", value_name="log_probability")
    rows: Rows = [
        {
            "time": middle(row["quarter"]),
            "part": str(row["part"]).capitalize(),
            "rank": parts.index(row["part"]),
            "surprise": max(-row["log_probability"], 0.0),
            "hover": f"{row['quarter']}, {row['part']}: {-row['log_probability']:.1f}. {row['crises'] or 'No crisis'}",
        }
        for row in long.to_dict("records")
    ]
    worst = table.sort_values("mean", kind="stable").head(5 if width > NARROW else 3)
    tops: Rows = [
        {"time": middle(row["quarter"]), "surprise": -row["mean"], "label": row["quarter"]}
        for row in worst.to_dict("records")
    ]
    first, last = middle(table["quarter"].iloc[0]) - 0.125, middle(table["quarter"].iloc[-1]) + 0.125
    axis = alt.Axis(title=None, values=readings.ticks(first, last, 8 if width > NARROW else 4), format="d", grid=False,
                    ticks=True, tickSize=4)  # fmt: skip
    x = alt.X("time:Q", scale=alt.Scale(domain=[first, last], nice=False), axis=axis)
    others = iter(OTHER * len(parts))
    named = [HUES.get(part) or next(others) for part in parts]
    hues = [theme.colour("figure", h) if h == "quiet" else theme.colour("category", h) for h in named]
    fill = alt.Fill(
        "part:N",
        scale=alt.Scale(domain=[p.capitalize() for p in parts], range=hues),
        legend=alt.Legend(title=None, symbolType="square", columns=8 if width > NARROW else 3),
        sort=None,
    )
    bars = alt.Chart(alt.NamedData(name="bars")).mark_bar(
        width=max(width / len(table) - 1.5 * (width > NARROW), 1.0), ariaRoleDescription="hover"
    )
    axis = alt.Axis(title="surprise, −log probability", tickCount=5)
    top = alt.Scale(domain=[0, 1.12 * float(-table["mean"].min())], nice=False)
    height = alt.Y("surprise:Q", axis=axis, scale=top)
    chart = alt.layer(
        bars.encode(x=x, y=height, fill=fill, order="rank:Q", description="hover:N"),
        alt.Chart(alt.NamedData(name="tops"))
        .mark_text(dy=-7, dx=-3, align="left", fontSize=11, color=theme.colour("figure", "ink"))
        .encode(x=x, y=height, text="label:N"),
    ).properties(width=width, height=230)
    least = worst.iloc[0]
    share = {row["part"]: row["mean"] / account.total["mean"] for row in account.parts}
    most = max(share, key=lambda name: share[name])
    return Figure(
        name="quarters",
        title="Which quarters the model found surprising",
        reading="Height: how improbable the quarter was, as minus the natural logarithm of its probability (mean over "
        "draws); 4.6 is one in a hundred, 6.9 one in a thousand. Colours: which part of the event. Quiet quarters count too.",
        form="Stacked bars over time",
        finding=f"Least expected: {least['quarter']} ({least['crises'] or 'no crisis'}). Of all surprise, "
        f"{theme.share(share[most])} lies in the part {most}.",
        chart=chart,
        sources={"bars": rows, "tops": tops},
        data=table.round(5),
    )


def answers(account: Account, info: OrderInfo, width: int = 780) -> Figure:
    """What probability the model gave to each answer of the patron."""
    import altair as alt

    table = account.crises
    used = [name for name in words.INSTRUMENTS if name in set(table["instrument"])]
    used += sorted(set(table["instrument"]) - set(used))
    names = [words.plain(name, words.INSTRUMENTS) for name in used]
    floor = 1e-4
    seen: dict[tuple[str, int], int] = {}
    rows: Rows = []
    for row in table.sort_values("answer").to_dict("records"):
        bin_ = (row["instrument"], int(np.log(max(row["answer"], floor)) * 7))
        seen[bin_] = seen.get(bin_, -1) + 1
        aside = (seen[bin_] + 1) // 2 * (1 if seen[bin_] % 2 else -1)
        rows.append(
            {
                "p": max(row["answer"], floor),
                "row": used.index(row["instrument"]) + 0.13 * max(min(aside, 3), -3),
                "kind": words.plain(row["kind"], words.KINDS),
                "area": SIZES.get(shapes().get(row["kind"], ""), 66),
                "hover": f"{row['quarter']}, {info.state(row['state'])}: {row['name']}; "
                f"{odds(np.log(max(row['answer'], 1e-300)))}",
            }
        )
    kinds = list(words.KINDS)
    labels = [words.KINDS[kind] for kind in kinds]
    wide = width > NARROW
    key = alt.Legend(title=None, columns=6 if wide else 2, symbolStrokeWidth=0, labelLimit=220)
    axis = alt.Axis(title="probability the model gave to what the patron did", format=".2~%", grid=True,
                    values=[0.0001, 0.001, 0.01, *([0.03, 0.1, 0.3] if wide else [0.1]), 1])  # fmt: skip
    low = 0.5 * min([row["p"] for row in rows], default=0.01)
    rules = alt.Axis(title=None, values=list(range(len(names))), labelExpr=f"{names!r}[datum.value]", grid=True,
                     labels=wide, labelColor=theme.colour("figure", "ink"))  # fmt: skip
    across = alt.X("p:Q", scale=alt.Scale(type="log", domain=[low, 1], nice=False), axis=axis)
    down = alt.Y("row:Q", scale=alt.Scale(domain=[-0.6, len(names) - 0.4], reverse=True, nice=False), axis=rules)
    chart = (
        alt.Chart(alt.NamedData(name="answers"))
        .mark_point(filled=True, opacity=1, stroke="#ffffff", strokeWidth=0.7, ariaRoleDescription="hover")
        .encode(
            x=across,
            y=down,
            fill=alt.Fill("kind:N", scale=alt.Scale(domain=labels, range=[theme.kind(k) for k in kinds]), legend=key),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=labels, range=list(shapes().values())), legend=key),
            size=alt.Size("area:Q", scale=None),
            description="hover:N",
        )
    )
    if not wide:  # names stand in the picture, where they take no width
        within = alt.Chart(alt.NamedData(name="names")).mark_text(
            align="left", dy=-11, fontSize=11, color=theme.colour("figure", "muted")
        )
        chart = alt.layer(chart, within.encode(x=across, y=down, text="name:N"))
    chart = chart.properties(width=width, height=44 * len(names))
    middle_ = float(np.median(table["answer"])) if len(table) else float("nan")
    return Figure(
        name="answers",
        title=f"What the model made of {info.patron}'s answers",
        reading="A mark is a crisis, in the row of what the patron did. Right: the model would have said so. Left: it "
        "would not. Probabilities are means over draws.",
        form="A strip of marks per instrument, on a logarithmic scale of probability",
        finding=f"In the median the model gave {theme.share(middle_)} to the answer that was given."
        if len(table)
        else "No crisis, no answer.",
        chart=chart,
        sources={"answers": rows, "names": [{"row": i, "p": low, "name": name} for i, name in enumerate(names)]},
        data=table.round(6),
    )


def parts_table(account: Account) -> Table:
    """The record's log-probability by part."""
    rows = [
        [str(row["part"]).capitalize(), f"{row['decisions']:,}", f"{row['mean']:.1f}", f"{row['sd']:.1f}",
         f"{row['low']:.1f} to {row['high']:.1f}", f"{row['log_mean_exp']:.1f}",
         f"{np.exp(row['mean'] / max(row['decisions'], 1)):.3f}"]
        for row in [*account.parts, {"part": "all", **account.total}]
    ]  # fmt: skip
    head = ["Part", "Decisions", "Mean", "sd", "5–95 %", "Log-mean-exp", "Per decision"]
    return Table(head, rows, "Log-probability of the record by part, over draws; last: geometric mean probability")


def figures(worlds: xr.Dataset, account: Account, info: OrderInfo) -> list[Figure]:
    """Neighbours, quarters, answers."""
    from altair.utils import schemapi

    with schemapi.debug_mode(False):
        return [neighbours(worlds, account, info), quarters(account), answers(account, info)]

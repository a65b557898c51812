"""Two orders under the same luck, drawn: fans of both, differences over time, which neighbours move, crises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.pages import theme, words
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, reading_order
from hegemon.report import readings
from hegemon.report.fans import small_multiples

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

TITLES = {
    "orientation": "Orientation toward {patron}",
    "autonomy": "Autonomy",
    "fear": "Fear of {patron}",
    "legitimacy": "Legitimacy of {patron}",
}
"""Measures that are drawn over time."""

BEFORE = 8
"""Quarters that are drawn before the pairs begin to differ."""

FIRST, SECOND = "quiet", "vermillion"


def window(summary: xr.Dataset) -> xr.Dataset:
    """The quarters worth drawing: from two years before the pairs part to the end."""
    parted = summary["parted"].values > 0.0
    begin = max(int(np.argmax(parted)) - BEFORE, 0) if parted.any() else 0
    return summary.isel(quarter=slice(begin, None))


def _years(start: float, end: float) -> Any:
    """The line of years."""
    import altair as alt

    axis = alt.Axis(title=None, values=readings.ticks(start, end), format="d", grid=False, ticks=True, tickSize=4)
    return alt.X("time:Q", scale=alt.Scale(domain=[start, end], nice=False), axis=axis)


def _at(summary: xr.Dataset, name: str, part: str, info: OrderInfo) -> xr.DataArray:
    found = summary[f"{name}_{part}"]
    return found.sel(pole=info.patron_pole, drop=True) if "pole" in found.dims else found


def _bands(summary: xr.Dataset, name: str, info: OrderInfo) -> pd.DataFrame:
    """Quantiles of both orders by neighbour and quarter, columns first_p05 .. second_p95."""
    import xarray as xr

    from hegemon.report.readings import bands

    both = []
    for which in ("first", "second"):
        one = xr.Dataset({f"{name}_quantile": _at(summary, name, f"{which}_quantile", info)})
        both.append(bands(one, name).rename(columns={b: f"{which}_{b}" for b in readings.BANDS}))
    return both[0].merge(both[1], on=["state", "quarter"])


def fans(summary: xr.Dataset, info: OrderInfo, name: str, first: str, second: str) -> Figure:
    """Both orders' histories of a measure, one over the other."""
    import altair as alt

    shown = window(summary)
    frame = _bands(shown, name, info)
    start, end = readings.span(shown)
    drawn = readings.thinned(frame, per_year=4)
    present = reading_order(info, readings.all_states(shown))
    rows = readings.records(drawn.assign(name=drawn["state"].map(info.state)))
    x = _years(start, end)
    marks = []
    for which, hue in (("first", theme.colour("figure", "muted")), ("second", theme.colour("category", SECOND))):
        y = alt.Y(
            f"{which}_p05:Q",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(title=None, values=[0, 0.5, 1], format=".0%"),
        )
        marks.append(alt.Chart().mark_area(color=hue, opacity=0.2, clip=True).encode(x=x, y=y, y2=f"{which}_p95:Q"))
        line = alt.Y(f"{which}_median:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=None))
        marks.append(alt.Chart().mark_line(color=hue, strokeWidth=1.8, clip=True).encode(x=x, y=line))
    title = TITLES[name].format(patron=info.patron)
    last = frame[frame["quarter"] == frame["quarter"].max()]
    gap = (last["second_median"] - last["first_median"]).abs()
    most = last.loc[gap.sort_values().index].iloc[-1]
    finding = (f"At the close of {most['quarter']} the medians are furthest apart in {info.state(most['state'])}: "
               f"{theme.share(most['first_median'])} and {theme.share(most['second_median'])}.")  # fmt: skip
    table = _yearly(drawn, info, present, f"{title}: median of the first and of the second, per cent")
    return Figure(
        name=f"both-{name}",
        title=f"{title}, in both",
        reading=f"Grey: {first}. Vermillion: {second}. Line: median; band: nine in ten histories.",
        form="Fan charts of two orders, one panel per neighbour",
        finding=finding,
        chart=small_multiples(f"both_{name}", marks, [info.state(s) for s in present]),
        sources={f"both_{name}": rows},
        data=frame,
        tables=[table],
    )


def _yearly(drawn: pd.DataFrame, info: OrderInfo, present: list[str], caption: str) -> Table:
    few = readings.thinned(drawn.drop(columns="time"), per_year=1)
    cells = {(r["quarter"], r["state"]): f"{100 * r['first_median']:.0f} / {100 * r['second_median']:.0f}"
             for r in few.to_dict("records")}  # fmt: skip
    times = sorted(few["quarter"].unique())
    head = ["Quarter", *(info.state(s) for s in present)]
    return Table(head, [[q, *(cells.get((q, s), "") for s in present)] for q in times], caption)


def difference(summary: xr.Dataset, info: OrderInfo, name: str) -> Figure:
    """The second less the first over time: the mean with its interval, and nine in ten pairs."""
    import altair as alt
    import pandas as pd

    shown = window(summary)
    start, end = readings.span(shown)
    parts = {key: _at(shown, name, part, info).transpose("state", "quarter") for key, part in (
        ("mean", "difference"), ("low", "difference_low"), ("high", "difference_high"))}  # fmt: skip
    ends = _at(shown, name, "difference_quantile", info).transpose("quantile", "state", "quarter")
    parts |= {"p05": ends.sel(quantile=0.05), "p95": ends.sel(quantile=0.95)}
    places = pd.MultiIndex.from_product(
        [readings.all_states(shown), readings.all_quarters(shown)], names=["state", "quarter"]
    )
    frame = places.to_frame(index=False).assign(
        **{key: np.asarray(part.values, float).reshape(-1).round(5) for key, part in parts.items()}
    )
    drawn = readings.thinned(frame, per_year=4)
    present = reading_order(info, readings.all_states(shown))
    reach = max(float(frame[["p05", "p95", "low", "high"]].abs().to_numpy().max()), 0.01) * 1.05
    x = _years(start, end)
    scale = alt.Scale(domain=[-reach, reach], nice=False)

    def y(column: str) -> Any:
        return alt.Y(f"{column}:Q", scale=scale, axis=alt.Axis(title=None, tickCount=3, format="+.2~f"))

    hue = theme.colour("category", "blue")
    base = alt.Chart()
    marks = [
        base.mark_area(color=hue, opacity=0.14, clip=True).encode(x=x, y=y("p05"), y2="p95:Q"),
        base.mark_area(color=hue, opacity=0.45, clip=True).encode(x=x, y=y("low"), y2="high:Q"),
        base.mark_line(color=hue, strokeWidth=1.6, clip=True).encode(x=x, y=y("mean")),
        base.mark_rule(color=theme.colour("figure", "muted"), strokeDash=[2, 3]).encode(y=alt.datum(0)),
    ]
    title = TITLES[name].format(patron=info.patron)
    last = frame[frame["quarter"] == frame["quarter"].max()].set_index("state")
    most = last["mean"].abs().idxmax()
    finding = (f"At the close of {last['quarter'].iloc[0]} the mean difference is largest in {info.state(str(most))}: "
               f"{last['mean'][most]:+.3f} ({last['low'][most]:+.3f} to {last['high'][most]:+.3f}).")  # fmt: skip
    return Figure(
        name=f"difference-{name}",
        title=f"{title}: second less first",
        reading="Line: mean over pairs of histories with the same luck. Dark: the 90 % interval of that mean. Light: nine in "
        "ten pairs. Above the dashed line the second is higher.",
        form="Differences over time, one panel per neighbour",
        finding=finding,
        chart=small_multiples(f"difference_{name}", marks, [info.state(s) for s in present]),
        sources={f"difference_{name}": readings.records(drawn.assign(name=drawn["state"].map(info.state)))},
        data=frame,
    )


def movers(table: pd.DataFrame, info: OrderInfo, quarter: str) -> Figure:
    """Which neighbours move, in what: mean differences in spreads of a history."""
    import altair as alt

    frame = table[(table["state"] != "") & np.isfinite(table["in_spreads"])].copy()
    frame["neighbour"] = frame["state"].map(info.state)
    frame["what"] = frame["measure"].str.replace("_", " ")
    frame["clipped"] = frame["in_spreads"].clip(-2.0, 2.0).round(3)
    frame["mark"] = np.where(frame["exceeds"], "", "·")
    states = [info.state(s) for s in reading_order(info, list(dict.fromkeys(frame["state"])))]
    measures = list(dict.fromkeys(frame["what"]))
    x = alt.X("what:N", sort=measures, axis=alt.Axis(title=None, labelAngle=-40, orient="top"))
    y = alt.Y("neighbour:N", sort=states, axis=alt.Axis(title=None))
    colours = theme.tokens()["colour"]["difference"]
    base = alt.Chart(alt.NamedData(name="movers"))
    cells = base.mark_rect(stroke=theme.colour("light", "paper")).encode(
        x=x, y=y,
        color=alt.Color("clipped:Q", scale=alt.Scale(domain=[-2, -1, 0, 1, 2], range=colours, interpolate="rgb"),
                        legend=alt.Legend(title="second less first, in spreads of histories", format="+.0f", titleLimit=400)),
    )  # fmt: skip
    dots = base.mark_text(color=theme.colour("figure", "muted"), fontSize=13).encode(x=x, y=y, text="mark:N")
    clear = frame[frame["exceeds"]]
    if clear.empty:
        finding = "No neighbour's difference exceeds run-to-run noise."
    else:
        top = clear.loc[clear["in_spreads"].abs().sort_values().index].iloc[-1]
        moved = clear["neighbour"].nunique()
        finding = (f"{moved} of {len(states)} neighbours differ by more than noise in something; most {top['neighbour']} in "
                   f"{top['what']} ({top['in_spreads']:+.2f} spreads).")  # fmt: skip
    keys = [
        "measure",
        "state",
        "first",
        "second",
        "difference",
        "difference_low",
        "difference_high",
        "in_spreads",
        "exceeds",
    ]
    return Figure(
        name="movers",
        title=f"Which neighbours move, and in what, at the close of {quarter}",
        reading="Orange: higher in the second; blue: lower. Colour counts spreads of the first order's histories, at most two. "
        "A dot marks what does not exceed run-to-run noise.",
        form="A table of neighbours by measures, coloured by difference",
        finding=finding,
        chart=alt.layer(cells, dots).properties(width=40 * len(measures), height=24 * len(states)),
        sources={"movers": readings.records(frame[["neighbour", "what", "clipped", "mark"]])},
        data=frame[keys],
        tables=[_moved(clear, info)],
    )


def _moved(clear: pd.DataFrame, info: OrderInfo) -> Table:
    ranked = clear.reindex(clear["in_spreads"].abs().sort_values(ascending=False).index).head(40)
    rows = [[info.state(r["state"]), r["what"], f"{r['first']:.3f}", f"{r['second']:.3f}",
             f"{r['difference']:+.4f} ({r['difference_low']:+.4f} to {r['difference_high']:+.4f})", f"{r['in_spreads']:+.2f}"]
            for r in ranked.to_dict("records")]  # fmt: skip
    head = ["Neighbour", "Measure", "First", "Second", "Difference (90 % interval)", "In spreads"]
    return Table(head, rows, "The largest differences that exceed noise, at most forty")


def crises(counts: pd.DataFrame) -> Figure:
    """Crises and answers per history: how many more or fewer in the second."""
    import altair as alt

    named = {**words.KINDS, **words.INSTRUMENTS}
    groups = {"kind": "Crises", "instrument": "Answers", "outcome": "Outcomes"}
    frame = counts.assign(label=[words.plain(n, named) for n in counts["name"]], group=counts["of"].map(groups))
    frame = frame.round(4)
    hue = theme.colour("category", "blue")
    x = alt.X("difference:Q", axis=alt.Axis(title="more (+) or fewer per history", format="+.2~f"))
    y = alt.Y("label:N", sort=list(frame["label"]), axis=alt.Axis(title=None, labelLimit=200))
    base = alt.Chart()
    zero = base.mark_rule(color=theme.colour("figure", "muted"), strokeDash=[2, 3]).encode(x=alt.datum(0))
    bars = base.mark_rule(color=hue, strokeWidth=4, opacity=0.5).encode(
        x=alt.X("difference_low:Q", axis=alt.Axis(title="more (+) or fewer per history", format="+.2~f")),
        x2="difference_high:Q", y=y)  # fmt: skip
    points = base.mark_point(color=hue, filled=True, size=60, opacity=1).encode(x=x, y=y)
    rows = alt.Row("group:N", sort=list(groups.values()), title=None,
                   header=alt.Header(labelOrient="top", labelAnchor="start"))  # fmt: skip
    chart = alt.layer(zero, bars, points).properties(width=520).facet(row=rows, data=alt.NamedData(name="crises"))
    top = frame.loc[frame["difference"].abs().sort_values().index].iloc[-1]
    table = Table(
        ["What", "First", "Second", "Difference (90 % interval)"],
        [[r["label"], f"{r['first']:.2f}", f"{r['second']:.2f}",
          f"{r['difference']:+.3f} ({r['difference_low']:+.3f} to {r['difference_high']:+.3f})"]
         for r in frame.to_dict("records")],
        "Per history",
    )  # fmt: skip
    return Figure(
        name="crises",
        title="Crises and answers per history",
        reading="Point: mean difference, second less first. Bar: its 90 % interval.",
        form="Points with intervals",
        finding=f"Largest: {top['label'].lower()}, {top['difference']:+.2f} per history.",
        chart=chart.resolve_scale(y="independent"),
        sources={"crises": readings.records(frame)},
        data=frame,
        tables=[table],
    )

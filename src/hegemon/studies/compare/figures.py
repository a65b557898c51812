"""Two orders under the same luck, drawn: fans of both, differences over time, which neighbours move, crises."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from hegemon.pages import readings, theme, words
from hegemon.pages.charts import dots, heat
from hegemon.pages.fans import over_time
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, reading_order
from hegemon.pages.readings import bands
from hegemon.sentences import carrying
from hegemon.sentences.carrying import Carrier
from hegemon.sentences.comparing import furthest
from hegemon.sentences.measures import measure, slots
from hegemon.studies.compare.noise import farthest
from hegemon.studies.study import Z

TITLES = {
    "orientation": "Ties with {patron}",
    "autonomy": "Room for foreign policy",
    "fear": "Fear of {patron}",
    "legitimacy": "Legitimacy of {patron}",
}
"""Measures that are drawn over time."""

BEFORE = 8
"""Quarters that are drawn before the pairs begin to differ."""


def window(summary: xr.Dataset) -> xr.Dataset:
    """The quarters worth drawing: from two years before the pairs part to the end."""
    parted = summary["parted"].values > 0.0
    begin = max(int(np.argmax(parted)) - BEFORE, 0) if parted.any() else 0
    return summary.isel(quarter=slice(begin, None))


def _at(summary: xr.Dataset, name: str, part: str, info: OrderInfo) -> xr.DataArray:
    found = summary[f"{name}_{part}"]
    return found.sel(pole=info.patron_pole, drop=True) if "pole" in found.dims else found


def _bands(summary: xr.Dataset, name: str, info: OrderInfo) -> pd.DataFrame:
    """Quantiles of both orders by order, neighbour and quarter."""
    both = []
    for which in ("first", "second"):
        one = xr.Dataset({f"{name}_quantile": _at(summary, name, f"{which}_quantile", info)})
        both.append(bands(one, name).assign(order=which))
    return pd.concat(both, ignore_index=True)


def fans(summary: xr.Dataset, info: OrderInfo, name: str, first: str, second: str) -> Figure:
    """Both orders' histories of a measure, one over the other."""
    shown = window(summary)
    frame = _bands(shown, name, info)
    present = reading_order(info, readings.all_states(shown))
    title = TITLES[name].format(patron=info.patron)
    medians = frame.pivot(index=["quarter", "state"], columns="order", values="median").reset_index()
    last = medians[medians["quarter"] == medians["quarter"].max()]
    most = last.loc[(last["second"] - last["first"]).abs().sort_values().index].iloc[-1]
    finding = furthest(most["quarter"], info.state(most["state"]), float(most["first"]), float(most["second"]))
    settings = {"line": "median", "bands": [["p05", "p95"]], "series": "order", "panel": "state", "up": readings.SHARES,
                "looks": {"first": {"label": first, "colour": "muted"}, "second": {"label": second, "colour": "vermillion"}},
                "panels": {s: info.state(s) for s in present}}  # fmt: skip
    return over_time(
        shown, frame, settings,
        name=f"both-{name}", title=f"{title}, in both",
        reading=f"Grey: {first}. Vermillion: {second}. Line: median; band: nine in ten histories.",
        form="Fan charts of two orders, one panel per neighbour",
        finding=finding,
        tables=[_yearly(medians, info, present, f"{title}: median of the first and of the second, per cent")],
    )  # fmt: skip


def _yearly(medians: pd.DataFrame, info: OrderInfo, present: list[str], caption: str) -> Table:
    few = readings.yearly(medians)
    cells = {(r["quarter"], r["state"]): f"{100 * r['first']:.0f} / {100 * r['second']:.0f}" for r in few.to_dict("records")}
    times = sorted(few["quarter"].unique())
    head = ["Quarter", *(info.state(s) for s in present)]
    return Table(head, [[q, *(cells.get((q, s), "") for s in present)] for q in times], caption)


def difference(summary: xr.Dataset, info: OrderInfo, name: str) -> Figure:
    """The second less the first over time: the mean with its interval, and nine in ten pairs."""
    shown = window(summary)
    named = {"mean": "difference", "low": "difference_low", "high": "difference_high"}
    parts = {key: _at(shown, name, part, info) for key, part in named.items()}
    ends = _at(shown, name, "difference_quantile", info)
    parts |= {"p05": ends.sel(quantile=0.05), "p95": ends.sel(quantile=0.95)}
    cells = {key: part.transpose("state", "quarter").to_numpy().astype(float) for key, part in parts.items()}
    frame = readings.places(shown).assign(**{key: part.reshape(-1).round(5) for key, part in cells.items()})
    present = reading_order(info, readings.all_states(shown))
    reach = max(float(frame[["p05", "p95", "low", "high"]].abs().to_numpy().max()), 0.01) * 1.05
    title = TITLES[name].format(patron=info.patron)
    last = frame[frame["quarter"] == frame["quarter"].max()].set_index("state")
    most = last["mean"].abs().idxmax()
    finding = (f"At the close of {last['quarter'].iloc[0]} the mean difference is largest in {info.state(str(most))}: "
               f"{last['mean'][most]:+.3f} ({last['low'][most]:+.3f} to {last['high'][most]:+.3f}).")  # fmt: skip
    settings = {"line": "mean", "bands": [["p05", "p95"], ["low", "high"]], "panel": "state",
                "panels": {s: info.state(s) for s in present}, "rules": [{"at": 0.0, "up": True}],
                "up": {"domain": [-reach, reach], "count": 3, "format": "+.2~f"}}  # fmt: skip
    return over_time(
        shown, frame, settings,
        name=f"difference-{name}", title=f"{title}: second less first",
        reading="Line: mean over pairs of histories with the same luck. Dark: the 90% interval of that mean, parameters where "
        "they are drawn included. Light: nine in ten pairs. Above the dashed line the second is higher.",
        form="Differences over time, one panel per neighbour",
        finding=finding,
    )  # fmt: skip


def titled(name: str, info: OrderInfo) -> str:
    """A measure's title; of ties, of those with the patron."""
    return measure(name).title.format(**slots("", info.patron, info.patron))


def movers(table: pd.DataFrame, info: OrderInfo, quarter: str) -> Figure:
    """Which neighbours move, in what: mean differences in spreads of a history."""
    frame = table[(table["state"] != "") & np.isfinite(table["in_spreads"])].copy()
    frame["neighbour"] = frame["state"].map(info.state)
    frame["what"] = [titled(str(name), info) for name in frame["measure"]]
    frame["faint"] = ~frame["exceeds"].astype(bool)
    states = reading_order(info, list(dict.fromkeys(frame["state"])))
    clear = frame[frame["exceeds"]]
    finding = "No neighbour's difference exceeds run-to-run noise."
    if not clear.empty:
        top = clear.sort_values("in_spreads", key=abs).iloc[-1]
        moved = clear["neighbour"].nunique()
        what = f"\N{LEFT DOUBLE QUOTATION MARK}{top['what']}\N{RIGHT DOUBLE QUOTATION MARK}"
        finding = (f"{moved} of {len(states)} neighbours differ by more than noise in something; most {top['neighbour']} in "
                   f"{what} ({top['in_spreads']:+.2f} spreads).")  # fmt: skip
    parts = ("", "_low", "_high")
    keys = ["measure", "state", "first", "second", *(f"difference{part}" for part in parts), "in_spreads", "exceeds", "faint"]
    return Figure(
        name="movers", title=f"Which neighbours move, and in what, at the close of {quarter}",
        reading="Orange: higher in the second; blue: lower. Colour counts spreads of the first order's histories, at most two. "
        "A dot marks what does not exceed run-to-run noise.",
        form="A table of neighbours by measures, coloured by difference",
        finding=finding,
        kind="heat", data=frame[keys],
        settings=heat.Settings(
            row="state", rows={s: info.state(s) for s in states}, column="measure",
            columns=dict(zip(frame["measure"], frame["what"], strict=True)), value="in_spreads", limit=2.0,
            faint="faint", title="second less first, in spreads of histories", format="+.0f",
        ),
        tables=[_moved(clear, info)],
    )  # fmt: skip


def _moved(clear: pd.DataFrame, info: OrderInfo) -> Table:
    rows = [[info.state(r["state"]), r["what"], f"{r['first']:.3f}", f"{r['second']:.3f}",
             f"{r['difference']:+.4f} ({r['difference_low']:+.4f} to {r['difference_high']:+.4f})", f"{r['in_spreads']:+.2f}"]
            for r in farthest(clear, 40).to_dict("records")]  # fmt: skip
    head = ["Neighbour", "Measure", "First", "Second", "Difference (90% interval)", "In spreads"]
    return Table(head, rows, "The largest differences that exceed noise, at most forty")


def carried(noun: str, of: Sequence[Carrier]) -> Figure:
    """What carries the difference that is told first: the share of it that is gone without each mechanism."""
    known = sorted((each for each in of if each.share == each.share), key=lambda each: -each.share)
    frame = pd.DataFrame({"title": [each.title for each in known], "share": [each.share for each in known],
                          "low": [each.share - Z * each.error for each in known],
                          "high": [each.share + Z * each.error for each in known]}).round(4)  # fmt: skip
    rows = [[r["title"], theme.share(r["share"]), f"{theme.share(r['low'])} to {theme.share(r['high'])}"]
            for r in frame.to_dict("records")]  # fmt: skip
    return Figure(
        name="carried", title=f"What carries the difference in {noun}",
        reading="Share of the difference that is gone where a mechanism is switched off in both orders, with the same luck. Bar: "
        "90% interval of simulation. Shares overlap, and need not add up to 100%.",
        form="Points with intervals",
        finding=carrying.carried(noun, of) or "The difference is no larger than luck.",
        kind="dots", data=frame,
        settings=dots.Settings(
            row="title", value="share", low="low", high="high",
            across={"title": "share of the difference that is gone without it", "format": ".0%"}, rules=[{"at": 0.0}],
        ),
        tables=[Table(["Without", "Gone", "90% interval"], rows, f"What carries the difference in {noun}")],
    )  # fmt: skip


def crises(counts: pd.DataFrame) -> Figure:
    """Crises and answers per history: how many more or fewer in the second."""
    named = {**words.KINDS, **words.INSTRUMENTS}
    groups = {"kind": "Crises", "instrument": "Answers", "outcome": "Outcomes"}
    counts = counts[counts["of"].isin(list(groups))]
    frame = counts.assign(label=[words.plain(n, named) for n in counts["name"]]).round(4)
    top = frame.sort_values("difference", key=abs).iloc[-1]
    rows = [[r["label"], f"{r['first']:.2f}", f"{r['second']:.2f}",
             f"{r['difference']:+.3f} ({r['difference_low']:+.3f} to {r['difference_high']:+.3f})"]
            for r in frame.to_dict("records")]  # fmt: skip
    return Figure(
        name="crises", title="Crises and answers per history",
        reading="Point: mean difference, second less first. Bar: its 90% interval, parameters where they are drawn included.",
        form="Points with intervals",
        finding=f"Largest: {top['label'].lower()}, {top['difference']:+.2f} per history.",
        kind="dots", data=frame,
        settings=dots.Settings(
            row="label", apart=True, value="difference", low="difference_low", high="difference_high", panel="of",
            panels={of: title for of, title in groups.items() if of in set(frame["of"])},
            across={"title": "more or fewer per history", "format": "+.2~f"}, rules=[{"at": 0.0}],
        ),
        tables=[Table(["What", "First", "Second", "Difference (90% interval)"], rows, "Per history")],
    )  # fmt: skip

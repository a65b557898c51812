"""Crises and answers: what breaks out and what the patron does about it, by decade, against the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hegemon.pages import theme, words
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo
from hegemon.pages.quarters import period_of, periods
from hegemon.report import readings

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Z = 1.96
SERIES = {"model": "Model, all histories", "record": "Record, with its 95% interval"}


def of_share(n: int, total: int) -> tuple[float, float]:
    """Wilson's 95% interval for a share: what luck alone could have made of the record."""
    if total == 0:
        return 0.0, 1.0
    p = n / total
    middle, spread = p + Z**2 / (2 * total), Z * (p * (1 - p) / total + Z**2 / (4 * total**2)) ** 0.5
    scale = 1 + Z**2 / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def of_count(n: int) -> tuple[float, float]:
    """Byar's 95% interval for a count of independent events (Breslow and Day 1987, p. 69)."""
    low = n * (1 - 1 / (9 * n) - Z / (3 * n**0.5)) ** 3 if n else 0.0
    m = n + 1
    return max(0.0, low), m * (1 - 1 / (9 * m) + Z / (3 * m**0.5)) ** 3


def counted(summary: xr.Dataset, record: pd.DataFrame, by: str) -> pd.DataFrame:
    """Crises per decade and kind (or instrument): per history in the model, once in the record."""
    import pandas as pd

    times = readings.all_quarters(summary)
    spans = periods(times)
    runs = max(float(summary.attrs.get("runs", 1)), 1.0)
    other = "instrument" if by == "kind" else "kind"
    model = summary["event_count"].sum(["state", other]).transpose("quarter", by).to_numpy()
    place = [period_of(q, spans) for q in times]
    real = record[record["quarter"].isin(times)]
    real = real.assign(period=[period_of(q, spans) for q in real["quarter"]])
    rows = []
    for name in spans:
        mine = model[[i for i, p in enumerate(place) if p == name]].sum(axis=0) / runs
        theirs = real[real["period"] == name]
        for code, value in zip(summary[by].values, mine, strict=True):
            rows.append(
                (
                    name,
                    str(code),
                    float(value),
                    int((theirs[by] == code).sum()),
                    float(mine.sum()),
                    len(theirs),
                )
            )
    return pd.DataFrame(rows, columns=["period", by, "model", "record", "model_all", "record_all"])


def dots(data: str, labels: list[str], titles: list[str], axis: str) -> Any:
    """A row per category: blue dot for the model, black diamond with its interval for the record."""
    import altair as alt

    y = alt.Y(
        "label:N",
        sort=labels,
        title=None,
        axis=alt.Axis(grid=True, labelLimit=200, labelColor=theme.colour("figure", "ink")),
    )
    x = alt.X("value:Q", title=None, axis=alt.Axis(format=axis, tickCount=4))
    who = list(SERIES.values())
    base = alt.Chart(alt.NamedData(name=data))
    interval = base.transform_filter("datum.who == 'record'")
    bar = interval.mark_rule(strokeWidth=7, color=theme.colour("figure", "quiet"), opacity=0.5)
    marks = base.mark_point(filled=True, opacity=1, size=72, ariaRoleDescription="hover").encode(
        x=x,
        y=y,
        description="hover:N",
        shape=alt.Shape("series:N", title=None, scale=alt.Scale(domain=who, range=["circle", "diamond"])),
        color=alt.Color(
            "series:N",
            title=None,
            scale=alt.Scale(domain=who, range=[theme.role("model"), theme.role("record")]),
        ),
    )
    layer = alt.layer(bar.encode(x=alt.X("low:Q", title=None), x2="high:Q", y=y), marks)
    panel = layer.properties(width=268, height=24 * len(labels))
    return panel.facet(column=alt.Column("panel:N", sort=titles, title=None), spacing=20)


def compared(frame: pd.DataFrame, by: str, names: dict[str, str], share: bool) -> tuple[Any, list[str]]:
    """Rows for `dots`: each category twice, as the model and as the record have it."""
    rows, titles = [], []
    for row in frame.to_dict("records"):
        panel = f"{row['period']} ({words.counted(row['record_all'], 'crisis', 'crises')} on record)"
        titles.append(panel)
        label = words.plain(row[by], names)
        n, total = row["record"], row["record_all"]
        low, high = of_share(n, total) if share else of_count(n)
        values = {"model": row["model"] / (row["model_all"] or 1) if share else row["model"]}
        if total or not share:
            values["record"] = n / total if share else n
        for who, value in values.items():
            said = theme.share(value) if share else f"{value:.1f}" if who == "model" else str(value)
            rows.append(
                {
                    "panel": panel,
                    "label": label,
                    "who": who,
                    "series": SERIES[who],
                    "value": round(value, 4),
                    "low": round(low, 4),
                    "high": round(high, 4),
                    "hover": f"{label}, {row['period']}: {who} {said}",
                }
            )
    return rows, list(dict.fromkeys(titles))


def figure(frame: pd.DataFrame, by: str, names: dict[str, str], share: bool, **said: str) -> Figure:
    rows, titles = compared(frame, by, names, share)
    codes = list(dict.fromkeys(frame[by]))
    spans = list(dict.fromkeys(frame["period"]))
    cells = {(r["period"], r[by]): r for r in frame.to_dict("records")}

    def pair(span: str, code: str) -> list[str]:
        r = cells[span, code]
        if share:
            real = theme.share(r["record"] / r["record_all"]) if r["record_all"] else ""
            return [theme.share(r["model"] / (r["model_all"] or 1)), real]
        return [f"{r['model']:.1f}", str(r["record"])]

    head = [by.capitalize(), *(f"{span}, {who}" for span in spans for who in ("model", "record"))]
    table = [[words.plain(code, names), *(cell for span in spans for cell in pair(span, code))] for code in codes]
    labels = [words.plain(code, names) for code in codes]
    axis = theme.number("share") if share else "d"
    return Figure(
        chart=dots(by, labels, titles, axis),
        sources={by: rows},
        data=frame.round(4),
        tables=[Table(head, table, said["title"])],
        **said,
    )


def instrument_mix(summary: xr.Dataset, record: pd.DataFrame, info: OrderInfo) -> Figure:
    """Share of each instrument among the patron's answers."""
    frame = counted(summary, record, "instrument")
    whole = frame.groupby("instrument", sort=False)[["model", "record"]].sum()
    first = {who: words.plain(str(whole[who].idxmax()), words.INSTRUMENTS).lower() for who in ("model", "record")}
    shares = {who: float(whole[who].max() / max(whole[who].sum(), 1e-9)) for who in ("model", "record")}
    return figure(
        frame,
        "instrument",
        words.INSTRUMENTS,
        share=True,
        name="instruments",
        title=f"How {info.patron} answers, by decade",
        reading="Share of each instrument among all crises of the decade. Where the dot lies within the grey "
        "bar, model and record agree as far as so few crises can tell.",
        form="Dot plots of the instrument mix per decade",
        finding=f"Over the whole period the model's most frequent answer is to {_act(first['model'])} "
        f"({theme.share(shares['model'])})"
        + (f"; the record's is to {_act(first['record'])} ({theme.share(shares['record'])})." if len(record) else "."),
    )


def _act(name: str) -> str:
    return name if name in ("abstain", "mediate") else f"use {name}"


def crises_by_kind(summary: xr.Dataset, record: pd.DataFrame, info: OrderInfo) -> Figure:
    """How many crises of each kind a history holds."""
    frame = counted(summary, record, "kind")
    model, real = frame["model"].sum(), int(frame["record"].sum())
    return figure(
        frame,
        "kind",
        words.KINDS,
        share=False,
        name="crises",
        title="What breaks out, by decade",
        reading="Crises per history in the model (mean), and in the one history there was. The grey bar says "
        "how far luck alone may move a count.",
        form="Dot plots of crises by kind per decade",
        finding=f"A history of the model holds {model:.1f} crises on average; the record holds {real}.",
    )

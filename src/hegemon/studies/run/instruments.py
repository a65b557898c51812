"""Crises and answers: what breaks out and what the patron does about it, by decade, against the record."""

from __future__ import annotations

from typing import Any

import pandas as pd
import xarray as xr

from hegemon.pages import readings, theme, words
from hegemon.pages.charts import dots
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo
from hegemon.pages.quarters import period_of, periods

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
            known = int((theirs[by] == code).sum())
            rows.append((name, str(code), float(value), known, float(mine.sum()), len(theirs)))
    return pd.DataFrame(rows, columns=["period", by, "model", "record", "model_all", "record_all"])


def compared(frame: pd.DataFrame, by: str, names: dict[str, str], share: bool) -> pd.DataFrame:
    """Each category twice, as the model and as the record have it: count, what is drawn, and the record's interval."""
    rows = []
    for row in frame.to_dict("records"):
        n, total = row["record"], row["record_all"]
        low, high = of_share(n, total) if share else of_count(n)
        values = {"model": row["model"] / (row["model_all"] or 1) if share else row["model"]}
        if total or not share:
            values["record"] = n / total if share else float(n)
        for who, value in values.items():
            said = theme.share(value) if share else f"{value:.1f}" if who == "model" else f"{n}"
            ends = (low, high) if who == "record" else (float("nan"),) * 2
            rows.append((row["period"], row[by], words.plain(row[by], names), who, row[who], value, *ends, said))
    columns = ["period", by, "label", "who", "count", "value", "low", "high", "said"]
    return pd.DataFrame(rows, columns=columns).round(4)


def figure(frame: pd.DataFrame, by: str, names: dict[str, str], share: bool, **said: Any) -> Figure:
    codes = list(dict.fromkeys(frame[by]))
    spans = dict(frame.drop_duplicates("period").set_index("period")["record_all"])
    cells = {(r["period"], r[by]): r for r in frame.to_dict("records")}

    def pair(span: str, code: str) -> list[str]:
        r = cells[span, code]
        if share:
            real = theme.share(r["record"] / r["record_all"]) if r["record_all"] else ""
            return [theme.share(r["model"] / (r["model_all"] or 1)), real]
        return [f"{r['model']:.1f}", str(r["record"])]

    head = [by.capitalize(), *(f"{span}, {who}" for span in spans for who in ("model", "record"))]
    table = [[words.plain(code, names), *(cell for span in spans for cell in pair(span, code))] for code in codes]
    return Figure(
        kind="dots", data=compared(frame, by, names, share),
        settings=dots.Settings(
            row=by, rows={code: words.plain(code, names) for code in codes}, value="value", low="low", high="high",
            series="who",
            looks={
                "record": {"label": SERIES["record"], "colour": "record", "shape": "diamond", "interval": "wide"},
                "model": {"label": SERIES["model"], "colour": "model", "interval": "none"},
            },
            panel="period",
            panels={span: f"{span} ({words.counted(int(n), 'crisis', 'crises')} on record)" for span, n in spans.items()},
            across={"format": theme.number("share") if share else "d", "count": 4},
            hover="{label}, {period}: {who} {said}",
        ),
        tables=[Table(head, table, said["title"])],
        **said,
    )  # fmt: skip


def instrument_mix(summary: xr.Dataset, record: pd.DataFrame, info: OrderInfo) -> Figure:
    """Share of each instrument among the patron's answers."""
    frame = counted(summary, record, "instrument")
    whole = frame.groupby("instrument", sort=False)[["model", "record"]].sum()
    first = {who: words.answer(str(whole[who].idxmax())) for who in ("model", "record")}
    shares = {who: float(whole[who].max() / max(whole[who].sum(), 1e-9)) for who in ("model", "record")}
    return figure(
        frame, "instrument", words.INSTRUMENTS, share=True,
        name="instruments",
        title=f"How {info.patron} answers, by decade",
        reading="Share of each instrument among all crises of the decade. Where the dot lies within the grey "
        "bar, model and record agree as far as so few crises can tell.",
        form="Dot plots of the instrument mix per decade",
        finding=f"Over the whole period the model's most frequent answer is to {_act(first['model'])} "
        f"({theme.share(shares['model'])})"
        + (f"; the record's is to {_act(first['record'])} ({theme.share(shares['record'])})." if len(record) else "."),
    )  # fmt: skip


def _act(name: str) -> str:
    return name if name in ("abstain", "mediate") else f"use {name}"


def crises_by_kind(summary: xr.Dataset, record: pd.DataFrame, info: OrderInfo) -> Figure:
    """How many crises of each kind a history holds."""
    frame = counted(summary, record, "kind")
    model, real = frame["model"].sum(), int(frame["record"].sum())
    return figure(
        frame, "kind", words.KINDS, share=False,
        name="crises",
        title="What breaks out, by decade",
        reading="Crises per history in the model (mean), and in the one history there was. The grey bar says "
        "how far luck alone may move a count.",
        form="Dot plots of crises by kind per decade",
        finding=f"A history of the model holds {model:.1f} crises on average; the record holds {real}.",
    )  # fmt: skip

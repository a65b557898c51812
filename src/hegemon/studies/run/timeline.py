"""Timeline: one simulated history beside the one there was."""

from __future__ import annotations

import pandas as pd
import xarray as xr

from hegemon.pages import readings, theme, words
from hegemon.pages.charts import strip
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, reading_order
from hegemon.pages.quarters import middle


def told(events: pd.DataFrame, info: OrderInfo, caption: str) -> Table:
    """The crises as a list."""
    lines, named = [], "name" in events
    for event in events.sort_values("quarter", kind="stable").to_dict("records"):
        kept = event.get("survived")
        lines.append([str(event["quarter"]), info.state(str(event["state"])), *([str(event["name"])] if named else []),
                      words.plain(str(event["kind"]), words.KINDS),
                      words.plain(str(event["instrument"]), words.INSTRUMENTS),
                      "" if pd.isna(kept) else "yes" if kept else "no"])  # fmt: skip
    return Table(["Quarter", "Neighbour", *(["What"] if named else []), "Kind", "Answer", "Survived"], lines, caption)


def timeline(summary: xr.Dataset, events: pd.DataFrame, record: pd.DataFrame, info: OrderInfo) -> Figure:
    """Every crisis of the record, and of one history the model drew."""
    states = reading_order(info, readings.all_states(summary))
    real = record[record["quarter"].isin(readings.all_quarters(summary))]
    frames = {"real": real, "drawn": events}
    heads = {"real": "On record", "drawn": "One history the model drew"}
    titles = {key: f"{heads[key]}: {words.counted(len(frame), 'crisis', 'crises')}" for key, frame in frames.items()}
    both = pd.concat([marks(frame, info).assign(history=key) for key, frame in frames.items()], ignore_index=True)
    return Figure(
        name="timeline", title="One history, beside the one there was",
        reading=f"A mark is a crisis, its colour what broke out, its shape what {info.patron} did. No single "
        "history should match the record; what should match is its texture.",
        form="Two timelines of crises by neighbour",
        finding=f"{titles['real']}. {titles['drawn']}. Point at a mark to read it; all are listed below.",
        kind="strip", data=both,
        settings=strip.Settings(
            x="time", row="state", rows={s: info.state(s) for s in states}, of="kind",
            classes={kind: {"label": label, "colour": kind} for kind, label in words.KINDS.items()}, form="answer",
            forms={name: {"label": name, "shape": shape} for name, shape in theme.tokens()["shape"].items()},
            hover="{quarter}, {neighbour}: {name}; {instrument}", panel="history",
            panels={key: title for key, title in titles.items() if key == "drawn" or len(real)},
            across=readings.years(*readings.span(summary)), named=["What breaks out", f"What {info.patron} does"],
        ),
        tables=[told(frame, info, titles[key]) for key, frame in frames.items() if len(frame)],
    )  # fmt: skip


def marks(events: pd.DataFrame, info: OrderInfo) -> pd.DataFrame:
    """A row per crisis: when, where, what it was and what was done about it."""
    known = events[[name for name in ("quarter", "state", "kind", "instrument", "survived", "name") if name in events]]
    kinds = [words.plain(str(kind), words.KINDS) for kind in known["kind"]]
    names = known["name"] if "name" in known else [None] * len(known)
    return known.assign(
        time=[middle(quarter) for quarter in known["quarter"]],
        neighbour=[info.state(str(state)) for state in known["state"]],
        answer=[words.FAMILIES.get(str(code), "stands aside") for code in known["instrument"]],
        name=[name if isinstance(name, str) else kind for name, kind in zip(names, kinds, strict=True)],
    )

"""Timeline: one simulated history beside the one there was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hegemon.pages import theme, words
from hegemon.pages.figure import Figure, Rows, Table
from hegemon.pages.order import OrderInfo, reading_order
from hegemon.pages.quarters import middle
from hegemon.report import readings

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

ROW = 19
AREA = {"circle": 86, "square": 74, "diamond": 150, "triangle-up": 150}
"""Shapes of one area do not look of one size."""
NEAR = 0.55
"""Crises of one neighbour closer than this (in years) step aside for each other."""
LANES = (0.0, -0.27, 0.27)


def rows(events: pd.DataFrame, states: list[str], info: OrderInfo) -> Rows:
    """A dot per crisis; those that would cover one another are moved up or down a little."""
    found: Rows = []
    last: dict[str, list[float]] = {}
    for event in events.sort_values("quarter", kind="stable").to_dict("records"):
        state, time = str(event["state"]), middle(event["quarter"])
        if state not in states:
            continue
        taken = last.setdefault(state, [-1e9] * len(LANES))
        lane = next((i for i, t in enumerate(taken) if time - t >= NEAR), taken.index(min(taken)))
        taken[lane] = time
        kind = words.plain(str(event["kind"]), words.KINDS)
        answer = words.plain(str(event["instrument"]), words.INSTRUMENTS)
        label = event["name"] if isinstance(event.get("name"), str) else kind
        family = words.FAMILIES.get(str(event["instrument"]), "stands aside")
        found.append(
            {
                "time": time,
                "row": states.index(state) + LANES[lane],
                "kind": kind,
                "family": family,
                "area": AREA[theme.tokens()["shape"][family]],
                "hover": f"{event['quarter']}, {info.state(state)}: {label}; {answer.lower()}",
            }
        )
    return found


def panel(data: str, title: str, states: list[str], info: OrderInfo, first: float, last: float, years: bool) -> Any:
    import altair as alt

    names = [info.state(s) for s in states]
    spans = alt.Axis(
        title=None,
        values=list(range(len(names))),
        labelExpr=f"{names!r}[datum.value]",
        labelColor=theme.colour("figure", "ink"),
    )
    marks = readings.ticks(first, last, 8)
    when = alt.Axis(title=None, values=marks, format="d", grid=True, labels=years)
    kinds, shapes = words.KINDS, theme.tokens()["shape"]
    return (
        alt.Chart(alt.NamedData(name=data))
        .mark_point(filled=True, opacity=1, stroke="#ffffff", strokeWidth=0.8, ariaRoleDescription="hover")
        .encode(
            x=alt.X("time:Q", scale=alt.Scale(domain=[first, last], nice=False), axis=when),
            y=alt.Y(
                "row:Q",
                scale=alt.Scale(domain=[-0.6, len(names) - 0.4], reverse=True, nice=False),
                axis=spans,
            ),
            fill=alt.Fill(
                "kind:N",
                title="What breaks out",
                scale=alt.Scale(domain=list(kinds.values()), range=[theme.kind(k) for k in kinds]),
                legend=alt.Legend(symbolType="circle", symbolStrokeWidth=0, columns=6, labelLimit=220),
            ),
            shape=alt.Shape(
                "family:N",
                title=f"What {info.patron} does",
                scale=alt.Scale(domain=list(shapes), range=list(shapes.values())),
                legend=alt.Legend(symbolFillColor=theme.colour("figure", "muted"), columns=4),
            ),
            size=alt.Size("area:Q", scale=None),
            description="hover:N",
        )
        .properties(title=title, width=900, height=ROW * len(names))
    )


def told(events: pd.DataFrame, info: OrderInfo, caption: str) -> Table:
    """The crises as a list."""
    import pandas as pd

    lines = []
    for event in events.sort_values("quarter", kind="stable").to_dict("records"):
        kept = event.get("survived")
        lines.append(
            [
                str(event["quarter"]),
                info.state(str(event["state"])),
                str(event.get("name", "")),
                words.plain(str(event["kind"]), words.KINDS),
                words.plain(str(event["instrument"]), words.INSTRUMENTS),
                "" if pd.isna(kept) else "yes" if kept else "no",
            ]
        )
    named = "name" in events.columns
    head = ["Quarter", "Neighbour", "What", "Kind", "Answer", "Survived"]
    if not named:
        head, lines = [h for h in head if h != "What"], [[*line[:2], *line[3:]] for line in lines]
    return Table(head, lines, caption)


def timeline(summary: xr.Dataset, events: pd.DataFrame, record: pd.DataFrame, info: OrderInfo) -> Figure:
    """Every crisis of the record, and of one history the model drew."""
    import altair as alt
    import pandas as pd

    first, last = readings.span(summary)
    states = reading_order(info, readings.all_states(summary))
    real = record[record["quarter"].isin(readings.all_quarters(summary))]
    titles = {
        "real": f"On record: {words.counted(len(real), 'crisis', 'crises')}",
        "drawn": f"One history the model drew: {words.counted(len(events), 'crisis', 'crises')}",
    }
    kept = ["quarter", "state", "kind", "instrument", "survived"]
    frames = {"real": real, "drawn": events}
    panels = [
        panel(key, title, states, info, first, last, years=key == "drawn")
        for key, title in titles.items()
        if key == "drawn" or len(real)
    ]
    both = pd.concat(
        [frame[[c for c in kept if c in frame]].assign(history=key) for key, frame in frames.items()],
        ignore_index=True,
    )
    return Figure(
        name="timeline",
        title="One history, beside the one there was",
        reading=f"A mark is a crisis, its colour what broke out, its shape what {info.patron} did. No single "
        "history should match the record; what should match is its texture.",
        form="Two timelines of crises by neighbour",
        finding=f"{titles['real']}. {titles['drawn']}. Point at a mark to read it; all are listed below.",
        chart=alt.vconcat(*panels, spacing=22),
        sources={key: rows(frame, states, info) for key, frame in frames.items()},
        data=both,
        tables=[told(frame, info, titles[key]) for key, frame in frames.items() if len(frame)],
    )

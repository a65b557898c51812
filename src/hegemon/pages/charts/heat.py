"""Heat: a table of rows by columns, coloured by a difference; a dot marks cells that are not to be made much of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Required, TypedDict

from hegemon.pages import theme
from hegemon.pages.charts import parts
from hegemon.pages.charts.parts import Column, Drawn, alt
from hegemon.pages.figure import Figure, records


class Settings(TypedDict, total=False):
    """What heat takes."""

    row: Required[Column]  # columns of the data
    column: Required[Column]
    value: Required[Column]
    limit: Required[float]  # values at and beyond which colours no longer change, on both sides of nought
    rows: Mapping[str, str]  # titles of rows and columns in order
    columns: Mapping[str, str]
    faint: Column  # column that is true where a cell gets a dot
    title: str  # of the key
    format: str



def draw(figure: Figure, small: bool) -> Drawn:
    """The table under its key."""
    s, data = figure.settings, figure.data
    rows, columns = (parts.chosen(data, s[name], s.get(f"{name}s")) for name in ("row", "column"))
    x = alt.X("column_:N", sort=list(columns.values()), axis=alt.Axis(title=None, labelAngle=-40, orient="top", labelLimit=200))
    y = alt.Y("row_:N", sort=list(rows.values()), axis=alt.Axis(title=None))
    limit = s["limit"]
    stops = alt.Scale(domain=[-limit, -limit / 2, 0, limit / 2, limit], range=theme.tokens()["colour"]["difference"],
                      interpolate="rgb", clamp=True)  # fmt: skip
    legend = alt.Legend(title=s.get("title"), format=s.get("format", "+.2~f"), titleLimit=400)
    base = alt.Chart(alt.NamedData(name=figure.name))
    cells = base.mark_rect(stroke=theme.paper()).encode(
        x=x, y=y, color=alt.Color(f"{s['value']}:Q", scale=stops, legend=legend)
    )
    dots = base.mark_text(color=theme.hue("muted"), fontSize=13).encode(x=x, y=y, text="dot_:N")
    shown = data[[s["value"]]].assign(
        row_=[rows.get(str(v), str(v)) for v in data[s["row"]]],
        column_=[columns.get(str(v), str(v)) for v in data[s["column"]]],
        dot_=["\u00b7" if faint else "" for faint in data[s["faint"]]] if "faint" in s else "",
    )
    cell = 24 if small else 40
    chart = alt.layer(cells, dots).properties(width=cell * len(columns), height=24 * len(rows))
    return chart, {figure.name: records(shown)}

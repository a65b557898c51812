"""Strips: a mark per event in the row of its member, along time or any other axis; marks step aside for each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Required

import numpy as np

from hegemon.pages import theme
from hegemon.pages.charts import parts
from hegemon.pages.charts.parts import Axis, Column, Drawn, Look, Number, alt
from hegemon.pages.figure import Figure, Rows, records

if TYPE_CHECKING:
    import pandas as pd


class Settings(parts.Panels, total=False):
    """What a strip takes; what is not explained, as a fan has it. Looks use label, colour, shape; panels are stacked."""

    x: Required[Column]  # column along the axis
    row: Required[Column]  # column of the row
    rows: Mapping[str, str]  # titles of the rows in order
    of: Column  # column of the marks' classes
    classes: Mapping[str, Look]  # how each class looks
    form: Column  # column of a second division
    forms: Mapping[str, Look]  # the shape of each
    hover: str  # what is said of a mark: "{quarter}, {state}"
    across: Axis
    height: int
    named: Sequence[str]  # titles over the key of classes and over that of forms


AREA = {"circle": 74, "square": 64, "diamond": 110, "cross": 84}  # shapes of one area do not look of one size
OTHERS = 96  # area of the shapes not named there
LANE = 5.2  # how far (in pixels) a mark steps aside
MARK = 11  # marks closer than this (in pixels) step aside for each other


def draw(figure: Figure, small: bool) -> Drawn:
    """All panels, one above the other, on one axis."""
    s, data = figure.settings, parts.hovers(figure.data, figure.settings.get("hover"))
    rows = parts.chosen(data, s["row"], s.get("rows"))
    panels = parts.chosen(data, s.get("panel"), s.get("panels"))
    within = small and len(rows) > 1
    beside = 0 if within else min(parts.LETTER * max(map(len, rows.values())), 200) + 12
    width = (parts.NARROW if small else parts.WIDE) - beside - 10
    across = parts.axis_of(s.get("across", {}), domain=parts.span(data[s["x"]], 0.03))
    charts: list[Any] = []
    sources: dict[str, Rows] = {}
    tall = s.get("height", 19) * (1.6 if within else 1)
    upward = alt.Scale(domain=[-0.6, len(rows) - 0.4], reverse=True, nice=False)
    for place, (key, name) in enumerate(panels.items()):
        mine = parts.part(data, s.get("panel"), key)
        mine = mine[mine[s["row"]].astype(str).isin(list(rows))]
        last = place == len(panels) - 1
        left = alt.Axis(title=None, values=list(range(len(rows))), labels=not within,
                        labelExpr=f"{list(rows.values())!r}[datum.value]", labelColor=theme.hue("ink"))  # fmt: skip
        stem = f"{figure.name}_{place}"
        mine = mine.assign(row_=[list(rows).index(str(row)) for row in mine[s["row"]]])
        sources[stem] = dressed(placed(mine, s["x"], "row_", across, width, tall), s)
        below = parts.axis(across, width, last, grid=True)
        drawn = marks(stem, s, parts.scale(across), below, upward, left, place == 0, small)
        if within:
            drawn = alt.layer(drawn, inside(list(rows.values()), upward))
        charts.append(parts.titled(drawn.properties(width=width, height=tall * len(rows)), name, width))
    return charts[0] if len(charts) == 1 else alt.vconcat(*charts, spacing=22), sources


def placed(data: pd.DataFrame, x: str, row: str, across: Axis, width: Number, tall: Number) -> pd.DataFrame:
    """The same with a height for each mark, in rows: those that would cover one another move up or down a little."""
    low, high = across["domain"]
    on = np.log if across.get("log") else np.asarray
    where = (on(data[x].to_numpy(float)) - on(low)) / (on(high) - on(low)) * width
    data = data.assign(where_=where).sort_values("where_", kind="stable")
    many = max(int(0.42 * tall / LANE), 1)
    lanes = [0.0, *(sign * n * LANE / tall for n in range(1, many + 1) for sign in (-1, 1))]
    last: dict[int, list[float]] = {}
    heights = []
    for at, member in zip(data["where_"], data[row], strict=True):
        taken = last.setdefault(member, [-1e9] * len(lanes))
        lane = next((i for i, before in enumerate(taken) if at - before >= MARK), taken.index(min(taken)))
        taken[lane] = at
        heights.append(member + lanes[lane])
    return data.assign(height_=heights).drop(columns="where_")


def dressed(data: pd.DataFrame, s: Mapping[str, Any]) -> Rows:
    """Rows for Vega: classes and forms by their labels, with the area that their shape needs."""
    of, form, classes, forms = s.get("of"), s.get("form"), s.get("classes", {}), s.get("forms", {})
    looks, column = (forms, form) if form and forms else (classes, of)
    shapes = [looks.get(str(v), {}).get("shape", "circle") for v in data[column]] if column else []
    data = data.assign(area_=[AREA.get(shape, OTHERS) for shape in shapes] if column else AREA["circle"])
    for name, labels in ((of, classes), (form, forms)):
        if name:
            data[name] = [labels.get(str(v), {}).get("label", str(v)) for v in data[name]]
    return records(data)


def marks(
    key: str, s: Mapping[str, Any], along: Any, below: Any, upward: Any, left: Any, keyed: bool = False,
    small: bool = False,
) -> Any:  # fmt: skip
    """The marks of one panel, over data named `key`."""
    base = alt.Chart(alt.NamedData(name=key)).mark_point(
        filled=True, opacity=1, stroke="#ffffff", strokeWidth=0.8, ariaRoleDescription="hover"
    )
    encoded: dict[str, Any] = {
        "x": alt.X(f"{s['x']}:Q", scale=along, axis=below),
        "y": alt.Y("height_:Q", scale=upward, axis=left),
        "size": alt.Size("area_:Q", scale=None),
        "description": "hover:N",
    }
    headings = [*s.get("named", ()), None, None]
    columns = 2 if small else 6
    classes, forms = s.get("classes", {}), s.get("forms", {})
    if of := s.get("of"):
        names = [look.get("label", name) for name, look in classes.items()]
        hues = alt.Scale(domain=names, range=[theme.hue(look.get("colour", "model")) for look in classes.values()])
        legend = alt.Legend(title=headings[0], symbolType="circle" if forms else alt.Undefined, symbolStrokeWidth=0,
                            columns=columns, labelLimit=220) if keyed else None  # fmt: skip
        encoded["fill"] = alt.Fill(f"{of}:N", scale=hues, legend=legend)
        if not forms:
            shapes = alt.Scale(domain=names, range=[look.get("shape", "circle") for look in classes.values()])
            encoded["shape"] = alt.Shape(f"{of}:N", scale=shapes, legend=legend)
    if forms:
        scale = alt.Scale(domain=[look.get("label", name) for name, look in forms.items()],
                          range=[look.get("shape", "circle") for look in forms.values()])  # fmt: skip
        legend = alt.Legend(title=headings[1], symbolFillColor=theme.hue("muted"), columns=columns) if keyed else None
        encoded["shape"] = alt.Shape(f"{s['form']}:N", scale=scale, legend=legend)
    return base.encode(**encoded)


def inside(names: Sequence[str], upward: Any) -> Any:
    """Names of rows within the picture, where they take no width."""
    rows = [{"row": n, "name": name} for n, name in enumerate(names)]
    words = alt.Chart(alt.InlineData(values=rows)).mark_text(align="left", dy=-12, fontSize=11, color=theme.hue("muted"))
    return words.encode(x=alt.value(0), y=alt.Y("row:Q", scale=upward), text="name:N")

"""What the renderers share: axes, looks, panels side by side, rules and shades, and a key of coloured words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import floor, log10
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, cast

import numpy as np

from hegemon.pages import theme
from hegemon.pages.figure import Rows

if TYPE_CHECKING:
    import altair
    import pandas as pd

    alt = altair
else:

    class Altair:
        """Altair, imported where something is drawn: it takes half a second, and many read results and draw nothing."""

        def __getattr__(self, name: str) -> Any:
            import altair

            return getattr(altair, name)

    alt = Altair()

Drawn = tuple[Any, dict[str, Rows]]
"""An Altair chart over named data, so that Altair need not look at every number; and these data."""

Column = Annotated[str, "column"]
"""A setting that names a column of the data."""

Number = int | float

WIDE, NARROW = 1000, 310  # width of a figure on paper, and on a telephone, in pixels
GAP = 22  # between panels, in pixels
LETTER = 6.1  # width of a letter of a label, in pixels


class Axis(TypedDict, total=False):
    """An axis. `years`: marked in whole years. `domain`, `values`: set by the data where they are not given."""

    title: str
    format: str
    domain: Sequence[float]
    values: Sequence[float]
    count: int
    log: bool
    years: bool


class Look(TypedDict, total=False):
    """How a series or a class of marks looks; each kind says what it uses."""

    label: str
    colour: str
    shape: str
    width: float
    dash: bool
    bands: Sequence[Sequence[str]]
    interval: str
    mark: str


class Rule(TypedDict, total=False):
    """A line across a panel, or across all: at a value of the horizontal axis, or of the vertical one (`up`)."""

    at: float
    colour: str
    dash: bool
    panel: str
    up: bool


class Shade(TypedDict, total=False):
    """A range of the horizontal axis in colour."""

    low: float
    high: float
    colour: str
    opacity: float
    panel: str


class Panels(TypedDict, total=False):
    """What is set of a figure with panels."""

    panel: Column  # of the panels
    panels: Mapping[str, str | Sequence[str]]  # their titles in order (a second text is a subtitle)


class Ruled(Panels, total=False):
    """What is set of a figure whose panels stand in rows, each over a horizontal axis."""

    across: Axis
    rules: Sequence[Rule]
    shades: Sequence[Shade]
    columns: int  # panels to a row


def nothing() -> Drawn:
    """What is drawn where there is nothing to draw."""
    text = alt.Chart(alt.InlineData(values=[{}])).mark_text(text="There are no data to draw.", align="left", fontSize=12)
    return text.encode(x=alt.value(0)).properties(width=400, height=30), {}


def ticks(first: Number, last: Number, most: int = 4) -> list[int]:
    """Whole years to mark: decades where the span is long, fewer years where it is short."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**6) if (last - first) / s <= most)
    return [year for year in range(int(first), int(last) + 1) if year % step == 0 and year >= first]


def axis_of(of: Mapping[str, Any], **default: Any) -> Axis:
    """An axis as it is set, and what it is by default."""
    return cast("Axis", {**default, **of})


def span(values: Any, room: Number = 0.0, zero: bool = False) -> list[float]:
    """Least and largest of what is known, with some room at both ends as a share of the distance."""
    known = np.asarray(values, float).reshape(-1)
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    more = room * (high - low) or (0.0 if high > low else 0.5)
    return [low - more, high + more]


def even(top: Number) -> list[float]:
    """Marks from nought to `top` itself, at round distances."""
    def round_(n: int) -> bool:
        step = top / n
        return any(abs(step / 10 ** floor(log10(step)) - m) < 1e-6 for m in (1, 2, 2.5, 3, 5, 10))

    n = next((n for n in (4, 3, 5, 2, 6, 7) if round_(n)), 2)
    return [top * i / n for i in range(n + 1)]


def axis(of: Axis, width: Number, labels: bool = True, blank: bool = False, **more: Any) -> Any:
    """The axis itself; `width` decides how many marks it takes.

    A blank in place of labels keeps a panel as tall as its neighbours, so that titles stand in one line.
    """
    title = wrap(of["title"], max(int(width / LETTER), 20)) if labels and of.get("title") else None
    hidden: dict[str, Any] = {} if labels else {"labelExpr": "' '"} if blank else {"labels": False}
    given: dict[str, Any] = {"title": title, **hidden, **more}
    if "format" in of:
        given["format"] = of["format"]
    if of.get("years") and "values" not in of:
        low, high = of["domain"]
        given |= {"values": ticks(low, high, max(int(width / 45), 3) if width > 150 else 4), "format": "d", "tickSize": 4}
    elif "values" in of:
        given["values"] = list(of["values"])
    else:
        given["tickCount"] = min(of.get("count", 5), max(int(width / 55), 2))
    return alt.Axis(**given)


def scale(of: Axis) -> Any:
    """The scale of an axis."""
    return alt.Scale(domain=list(of["domain"]), nice=False, type="log" if of.get("log") else alt.Undefined)


def chosen(data: pd.DataFrame, column: str | None, titles: Mapping[str, Any] | None) -> dict[str, Any]:
    """Panels, rows or series, in order, with their titles: those given, else as they come in the data."""
    if column is None:
        return {"": ""}
    found = {str(key): str(key) for key in dict.fromkeys(data[column].dropna())}
    return dict(titles) if titles else found


def part(data: pd.DataFrame, column: str | None, key: str) -> pd.DataFrame:
    """The rows of a panel or a series."""
    return data if column is None else data[data[column].astype(str) == key]


def within(entries: Sequence[Mapping[str, Any]], panel: str) -> list[Mapping[str, Any]]:
    """Rules, shades or marks of a panel: its own, and those of every panel."""
    return [entry for entry in entries if entry.get("panel", panel) == panel]


def columns_of(panels: int, asked: int | None, small: bool) -> int:
    """Panels to a row: as asked, else as many as leave the fewest holes (fourteen stand in two rows of seven)."""
    if small:
        return 2 if panels > 6 else 1
    few = panels if panels in (1, 2, 4) else 3
    return asked or (few if panels <= 6 else min((7, 6, 5, 4), key=lambda n: -panels % n))


def titled(chart: Any, title: str | Sequence[str], width: Number) -> Any:
    """A panel with its title, if it has one; a second line, where there is one, in small letters."""
    if not title:
        return chart
    first, *more = [title] if isinstance(title, str) else title
    lines = wrap(first, max(int(width / (LETTER + 0.8)), 12))
    text = lines if len(lines) > 1 else first
    return chart.properties(title=alt.Title(text, frame="group", subtitle=more or alt.Undefined))


def panel(marks: Sequence[Any], title: str | Sequence[str], width: Number, tall: Number) -> Any:
    """Marks over each other, with the panel's title."""
    return titled(alt.layer(*marks).properties(width=width, height=tall), title, width)


def beside(panels: Sequence[Any], columns: int, gap: int = GAP) -> Any:
    """Panels in rows; one alone is itself."""
    return panels[0] if len(panels) == 1 else alt.concat(*panels, columns=columns, spacing=gap, align="each")


def layered(panels: Sequence[Any], columns: int, looks: Mapping[str, Look], small: bool, gap: int = GAP) -> Any:
    """Panels under the key of what is compared in them."""
    keys = key(list({look["label"]: look for look in looks.values() if look.get("label")}.values()), small)
    chart = beside(panels, columns, gap)
    return alt.vconcat(*keys, chart, spacing=10) if keys else chart


GLYPHS = {"square": "\u25a0", "diamond": "\u25c6", "triangle-up": "\u25b2", "triangle-down": "\u25bc", "cross": "\u271a",
          "triangle-right": "\u25b6", "triangle-left": "\u25c0"}  # fmt: skip
"""Shapes as letters; all others are a disc."""


def key(looks: Sequence[Look], small: bool) -> list[Any]:
    """A legend: coloured words side by side, below each other on a telephone; none where nothing is told apart."""
    if len(looks) < 2:
        return []
    rows, at = [], 0.0
    for n, look in enumerate(looks):
        x, y = (0.0, 17.0 * n) if small else (at, 0.0)
        word = f"{GLYPHS.get(look.get('shape', ''), chr(0x25CF))} {look['label']}"
        rows.append({"x": x, "y": y, "word": word, "hue": theme.hue(look.get("colour", "model"))})
        at += (LETTER + 1.0) * len(word) + 20
    words = alt.Chart(alt.InlineData(values=rows)).mark_text(align="left", baseline="top", fontSize=12, fontWeight="bold")
    encoded = words.encode(
        x=alt.X("x:Q", scale=None, axis=None), y=alt.Y("y:Q", scale=None, axis=None), text="word:N",
        color=alt.Color("hue:N", scale=None),
    )  # fmt: skip
    return [encoded.properties(width=NARROW if small else at, height=17 * len(looks) if small else 14)]


def rules(entries: Sequence[Mapping[str, Any]], across: Axis, up: Axis | None = None) -> list[Any]:
    """Lines across a panel."""
    found = []
    for entry in entries:
        ink, dashed = theme.hue(entry.get("colour", "muted")), entry.get("dash", True)
        mark = alt.Chart(alt.InlineData(values=[{"at": entry["at"]}])).mark_rule(
            color=ink, strokeWidth=1 if dashed else 1.8, strokeDash=[3, 3] if dashed else alt.Undefined
        )
        if entry.get("up"):
            found.append(mark.encode(y=alt.Y("at:Q", scale=scale(up or across))))
        else:
            found.append(mark.encode(x=alt.X("at:Q", scale=scale(across))))
    return found


def shades(entries: Sequence[Mapping[str, Any]], across: Axis) -> list[Any]:
    """Ranges of a panel in colour."""
    found = []
    for entry in entries:
        values = alt.InlineData(values=[{"low": entry["low"], "high": entry["high"]}])
        mark = alt.Chart(values).mark_rect(
            color=theme.hue(entry.get("colour", "land")), opacity=entry.get("opacity", 0.7), clip=True
        )
        found.append(mark.encode(x=alt.X("low:Q", scale=scale(across)), x2="high:Q"))
    return found


def hovers(data: pd.DataFrame, template: str | None) -> pd.DataFrame:
    """Adds what is said where somebody points: `{column}` and `{column:.1%}`, nothing for a column that is not there."""
    if not template:
        return data
    said = [template.format_map(defaultdict[Any, Any](str, row)) for row in data.to_dict("records")]
    return data.assign(hover=said)

"""How each kind of figure is drawn with Altair: one module per kind, with the settings it takes.

A renderer knows no study: whatever it writes stands in the figure's data or settings. Colours are names that
`theme.hue` knows, so that a page may show them by day and by night.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any, Required, get_origin, get_type_hints

from hegemon.pages import theme
from hegemon.pages.charts import bars, dots, fan, heat, map, reliability, strip, tracks, triangle
from hegemon.pages.charts.parts import Column, Drawn, nothing
from hegemon.pages.figure import Figure

KINDS: Mapping[str, Any] = {
    module.__name__.rpartition(".")[2]: module
    for module in (fan, tracks, dots, bars, strip, heat, reliability, triangle, map)
}
"""Every kind by name: `Settings`, what may be set, where a `Column` names one of the data; and `draw`, (figure, small) to a chart
over named data, and these data."""


def check(figure: Figure) -> None:
    """Raises ValueError where a figure's kind or settings are unknown, or its data lack a column that its settings name."""
    if figure.kind not in KINDS:
        raise ValueError(f'figure "{figure.name}": no kind of figure is called "{figure.kind}". Known: {", ".join(KINDS)}.')
    kind, given = KINDS[figure.kind], figure.settings
    takes = get_type_hints(kind.Settings, include_extras=True)
    if strange := [key for key in given if key not in takes]:
        raise ValueError(f'figure "{figure.name}": {figure.kind} knows no setting "{strange[0]}".')
    if missing := [key for key in sorted(takes) if get_origin(takes[key]) is Required and key not in given]:
        raise ValueError(f'figure "{figure.name}": {figure.kind} needs the setting "{missing[0]}".')
    for key in (key for key in given if repr(Column) in repr(takes[key])):
        for column in named(given[key]):
            if column not in figure.data:
                raise ValueError(f'figure "{figure.name}": its data have no column "{column}", which "{key}" names.')


def named(value: Any) -> list[str]:
    """Columns in a setting: one, or lists of them."""
    return [value] if isinstance(value, str) else [column for part in value for column in named(part)]


def draw(figure: Figure, small: bool = False) -> Drawn:
    """The chart of a figure, `small` for a telephone; without data it says that there are none."""
    check(figure)
    return nothing() if figure.data.empty else KINDS[figure.kind].draw(figure, small)


def chart(figure: Figure) -> Any:
    """An Altair chart with its data, for a notebook."""
    drawn, sources = draw(figure)
    config = theme.config()
    legend = {name: value for name, value in config["legend"].items() if name != "layout"}  # Altair's schema lacks it
    drawn["datasets"], drawn["config"] = sources, {**config, "legend": legend}
    return drawn


def spec(figure: Figure, titled: bool = False, small: bool = False) -> dict[str, Any]:
    """The Vega-Lite specification: titled where the figure must stand alone, `small` for a telephone."""
    from altair.utils import schemapi

    # Altair checks every part of a chart against its schema; the tests do that once for all readers.
    with schemapi.debug_mode(False):
        drawn, sources = draw(figure, small)
        found: dict[str, Any] = drawn.to_dict(validate=False)
    found["config"] = theme.config()
    found["datasets"] = {**found.get("datasets", {}), **sources}
    found["background"] = theme.paper() if titled else None
    if titled:
        size = theme.tokens()["type"]["size"]["title"]
        lines = wrap(figure.reading, 130)
        found["title"] = {"text": figure.title, "subtitle": lines, "fontSize": size, "offset": 18}
    return found

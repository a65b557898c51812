"""What every figure is: a chart, the words to read it by, and the numbers it was drawn from."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Rows = list[dict[Hashable, Any]]


@dataclass(frozen=True)
class Table:
    """A table as it is read: cells are text already."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""


@dataclass(frozen=True)
class Figure:
    """One idea, drawn."""

    name: str
    """Stem of its files and anchor of its place in the report."""
    title: str
    reading: str
    """How to read it, in a sentence or two."""
    form: str
    """What kind of picture it is, for a reader who cannot see it."""
    finding: str
    """What it shows, in a sentence or two with numbers."""
    chart: Any
    """An altair chart over named data, so that altair need not look at every number."""
    sources: dict[str, Rows]
    """The named data."""
    data: pd.DataFrame
    """The same numbers, tidy, for the CSV beside the figure."""
    tables: Sequence[Table] = field(default_factory=tuple)
    detail: str = ""
    """More of what it shows, where the picture writes numbers that its table would make a reader look up."""
    note: str = ""
    """Provenance or caution that must travel with the picture."""

    @property
    def alt(self) -> str:
        """The picture in words."""
        return " ".join(part for part in (f"{self.form}.", self.finding, self.detail) if part)

    def spec(self, titled: bool = False) -> dict[str, Any]:
        """The Vega-Lite specification; titled where the figure must stand alone."""
        from hegemon.report import theme

        found: dict[str, Any] = self.chart.to_dict(validate=False)
        found["config"] = theme.config()
        found["datasets"] = {**found.get("datasets", {}), **self.sources}
        found["background"] = theme.colour("light", "paper") if titled else None
        if titled:
            size = theme.tokens()["type"]["size"]["title"]
            lines = theme.wrap(self.reading, 130)
            found["title"] = {"text": self.title, "subtitle": lines, "fontSize": size, "offset": 18}
        return found

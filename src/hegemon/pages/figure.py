"""A figure is a kind, data and words. How a kind is drawn is the business of one renderer per kind: `charts` here, and one
in the browser."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Rows = list[dict[Hashable, Any]]

WORDS = ("name", "title", "reading", "form", "finding", "detail", "note")


@dataclass(frozen=True)
class Table:
    """A table as it is read: cells are text already."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {"head": [*self.head], "rows": [[*row] for row in self.rows], "caption": self.caption}


@dataclass(frozen=True)
class Figure:
    """One idea, to be drawn by whatever draws its kind.

    `charts.check` says whether a kind is known, and its settings and data are what it takes.
    """

    name: str  # stem of its files and anchor of its place on a page
    title: str
    reading: str  # how to read it, in a sentence or two
    form: str  # what it looks like, for a reader who cannot see it
    finding: str  # what it shows, in a sentence or two with numbers
    kind: str  # which renderer draws it: a name in `charts.KINDS`
    data: pd.DataFrame  # the numbers that are drawn, tidy: a row per mark. They are the CSV beside the figure, too
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What the kind must be told besides the data (`charts.<kind>.Settings`); plain, so that JSON can carry it."""
    tables: Sequence[Table] = field(default_factory=tuple)
    detail: str = ""  # more of what it shows: numbers in the picture that its table would make a reader look up
    phone: bool = False  # whether a page holds a second drawing of it, for telephones
    note: str = ""  # provenance or caution that must travel with the picture

    @property
    def alt(self) -> str:
        """The picture in words."""
        return " ".join(part for part in (f"{self.form}.", self.finding, self.detail) if part)

    def only(self, panel: str, **words: Any) -> Figure:
        """One of its panels as a figure of its own, under other words."""
        column = self.settings["panel"]
        settings = {**self.settings, "panels": {panel: ""}}
        return replace(self, data=self.data[self.data[column] == panel], settings=settings, tables=(), **words)

    def plain(self) -> dict[str, Any]:
        """The whole figure as JSON has it, for a renderer in the browser."""
        words = {name: getattr(self, name) for name in WORDS}
        tables = [table.plain() for table in self.tables]
        return {"kind": self.kind, **words, "tables": tables, "data": records(self.data), "settings": dict(self.settings)}


def records(frame: pd.DataFrame) -> Rows:
    """Rows as JSON has them; what is not known is null, since JSON has no other word for it."""
    frame = frame.replace([np.inf, -np.inf], np.nan)
    known = frame.astype(object).where(frame.notna(), None) if frame.isna().to_numpy().any() else frame
    return known.to_dict("records")

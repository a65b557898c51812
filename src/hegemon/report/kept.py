"""A kept result of any kind as a reader meets it: its figures, and what its page says, both from what its folder holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hegemon.folders.kinds import kind_of

if TYPE_CHECKING:
    from hegemon.pages.figure import Figure
    from hegemon.report.part import Part

PAGES: Mapping[str, str] = {
    "run": "report.html",
    "comparison": "comparison.html",
    "claims": "ledger.html",
    "room": "room.html",
    "sweep": "sweep.html",
}
"""The page that each kind of result has in its folder."""


@dataclass(frozen=True)
class Shown:
    """A result to be shown.

    figures  as they travel alone: with a line of provenance
    part     what its page says; figures count on in a chapter ("2." for the second result of a page)
    """

    kind: str
    figures: list[Figure]
    part: Callable[[str], Part]


def shown(folder: Path) -> Shown:
    """The result in a folder. Raises `UserError` where there is none, or more than one."""
    kind = kind_of(folder)
    return READERS[kind](folder)


def run(folder: Path) -> Shown:
    """An ensemble of histories."""
    from hegemon.cli.run import _table, order_info, record_of
    from hegemon.ensemble.store import open_result
    from hegemon.order import restored
    from hegemon.report import findings, page, readings, tables, write

    found = open_result(folder)
    summary, attrs = found.summary, found.summary.attrs
    order = restored(attrs["scenario_text"], attrs["scenario"])
    record, info = _table(record_of(order)), order_info(order)
    drawn = write.figures(summary, found.sample_events, record, info)

    def part(chapter: str) -> Part:
        return page.part(
            info, attrs, readings.all_quarters(summary), findings.findings(summary, record, info), drawn,
            [tables.neighbours(summary, info), tables.outcomes(summary, record)], chapter=chapter,
        )  # fmt: skip

    return Shown("run", drawn, part)


def comparison(folder: Path) -> Shown:
    """Two orders under the same luck."""
    from hegemon.cli.run import order_info
    from hegemon.folders.comparison import read_comparison
    from hegemon.report.comparison_page import note, told

    given = read_comparison(folder)
    said = told(given.first, given.second, given.found, given.quarter, order_info(given.second))
    figures = _noted(said.figures, note(given.found.summary.attrs))
    return Shown("comparison", figures, lambda chapter: said.part(given.found, chapter))


def claims(folder: Path) -> Shown:
    """A judged ledger."""
    from hegemon.folders.claims import read_judgement
    from hegemon.report import ledger
    from hegemon.report.ledger_html import note, part

    judgement, _ = read_judgement(folder)
    drawn = ledger.figures(judgement)
    return Shown("claims", _noted(drawn, note(judgement)), lambda chapter: part(judgement, drawn))


def room(folder: Path) -> Shown:
    """A neighbour's room for manoeuvre."""
    from hegemon.cli.run import order_info
    from hegemon.folders.room import read_room
    from hegemon.report import room as drawing
    from hegemon.report.room_page import note, part

    found = read_room(folder)
    info = order_info(found.order)
    drawn = drawing.figures(found, info)
    return Shown("room", _noted(drawn, note(found)), lambda chapter: part(found, info, drawn, chapter))


def sweep(folder: Path) -> Shown:
    """What outcomes depend on."""
    from hegemon.cli.run import order_info
    from hegemon.folders.sweep import read_sweep
    from hegemon.report.sensitivity_page import figures, note, part

    order, found = read_sweep(folder)
    drawn = _noted(figures(found), note(found.made))
    return Shown("sweep", drawn, lambda chapter: part(found, order_info(order), chapter))


READERS: Mapping[str, Callable[[Path], Shown]] = {
    "run": run,
    "comparison": comparison,
    "claims": claims,
    "room": room,
    "sweep": sweep,
}


def _noted(figures: list[Figure], note: str) -> list[Figure]:
    return [dataclasses.replace(figure, note=note) for figure in figures]

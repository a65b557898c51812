"""A sweep as a page of the documentation: sentences, boxes, tables, figures beside it in img/."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hegemon.docs.markdown import table
from hegemon.experiments.sensitivity.account import box_in_words, verdict
from hegemon.files import write_atomically, write_text
from hegemon.pages import render, theme
from hegemon.report import sensitivity
from hegemon.report.sensitivity_page import leading, luck_table, sections

if TYPE_CHECKING:
    from hegemon.experiments.sensitivity.sweep import Sweep
    from hegemon.pages.figure import Figure
    from hegemon.pages.order import OrderInfo

ROWS = 10
"""Rows of a table."""


def write_page(sweep: Sweep, info: OrderInfo, target: Path) -> Path:
    """The page, with its figures under img/ beside it; returns where."""
    drawn = dict(sections(sweep))
    write_text(target, page(sweep, info, drawn))
    for figures in drawn.values():
        for figure in figures:
            place = target.parent / "img" / f"sweep-{figure.name}.svg"
            place.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(place, render.picture(figure, "svg"))
    return target


def page(sweep: Sweep, info: OrderInfo, drawn: dict[str, list[Figure]]) -> str:
    """The page as Markdown."""
    made = sweep.made
    parts = [
        f"<!-- Written by `{made['command']}`. Do not edit: run it again. -->",
        "# What outcomes depend on",
        f"{info.title}: {made['sets']:,} sets of {len(made['parameters'])} parameters, drawn from {made['drawn_from']}, each in "
        f"the same {made['runs_per_set']} histories of luck (design {made['design']}, seed {made['seed']}). Written by "
        f"`{made['command']}`; no number here is typed by hand. How to read it: [Sweep](sweep.md).",
    ]
    if sweep.study.found is not None and sweep.condition is not None:
        parts += [f"## When is {sweep.condition.words}?", verdict(sweep)]
        parts += [f"- {box_in_words(box, sweep.condition.words)}" for box in sweep.study.found.boxes]
        parts += [_picture(figure) for figure in drawn.get("boxes", [])]
    for place, outcome in enumerate(sweep.outcomes, 1):
        parts += [f"## {sensitivity.capital(outcome.words)}", sensitivity.capital(leading(sweep, outcome))]
        head, rows = sensitivity.ranked(sweep, outcome, ROWS)
        parts += [table(head, rows), *(_picture(figure) for figure in drawn.get(f"outcome-{place}", []))]
    luck = luck_table(sweep)
    parts += ["## Parameters and luck", "Shares of the variance of each outcome.", table(luck.head, luck.rows)]
    parts.append(f"Scenario {made['scenario_hash']}, version {made['version']}, {made['platform']}.")
    return "\n\n".join("\n".join(theme.wrap(part, 120)) if _prose(part) else part for part in parts) + "\n"


def _prose(part: str) -> bool:
    return part[0] not in "<#|!-"


def _picture(figure: Figure) -> str:
    return f"![{figure.alt}](img/sweep-{figure.name}.svg)"

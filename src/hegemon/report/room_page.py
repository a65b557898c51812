"""The page of a room for manoeuvre: one file without scripts, the triangle first, readable on a telephone too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from hegemon.instruments import NAMES
from hegemon.pages import render, words
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo
from hegemon.report import page
from hegemon.report.part import Part
from hegemon.report.room import main_table
from hegemon.report.room_words import findings, percent

if TYPE_CHECKING:
    from hegemon.experiments.manoeuvre.room import Room

STYLE = """
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(430px, 100%), 1fr)); gap: 8px 30px; }
.maps section { margin-top: 46px; min-width: 0; }
.maps .paper { padding: 12px 8px; }
.maps .paper svg { min-width: 0; }
.long td, .long th { white-space: normal; vertical-align: top; }
.small svg { min-width: 0; }
@media (max-width: 600px) { .large { display: none; } .maps .paper { margin: 0 -12px; } }
@media (min-width: 601px) { .small { display: none; } }
"""

LABELS: Mapping[str, str] = {
    "state": "Neighbour",
    "at": "Date, as the quarter opens",
    "since": "Compared with",
    "scenario": "Scenario",
    "scenario_hash": "Scenario hash",
    "without": "Mechanisms switched off",
    "worlds": "Worlds",
    "parameters": "Parameters",
    "draws": "Draws",
    "incumbents": "What incumbents want",
    "orientation_grid": "Steps of the grid",
    "seed": "Seed",
    "version": "Version of hegemon",
    "command": "Command",
    "platform": "Platform",
    "scenario_text": "Scenario, in full",
}

INCUMBENTS = {"stay": "stays as it is wherever their state is put", "follow": "moves along with the ties"}

CAUTION = (
    "A point of the triangle is a thought: this neighbour in this quarter, with other ties and all else as it is. Ties would "
    "change what it wants, owes and fears, and what others do; that takes time and is the business of a simulation. Chances in "
    "a year hold the quarter's world still. Intervals say how far shocks and parameters leave the numbers open, not whether "
    "the model is right."
)


def answers(found: Room) -> Table:
    """Every answer to a crisis, where the neighbour stands."""
    now, then = found.now, found.then
    rows = [[words.INSTRUMENTS[name], percent(now["in_a_year"][name]), percent(now["given_a_crisis"][name]),
             percent(then["in_a_year"][name]), percent(then["given_a_crisis"][name])] for name in NAMES]  # fmt: skip
    at, since = found.made["at"], found.made["since"]
    head = ["Answer", f"In a year, {at}", "Given a crisis", f"In a year, {since}", "Given a crisis"]
    return Table(head, rows, "Answers where it stands: mean (5–95 % of draws)")


def by_kind(found: Room) -> Table:
    """What each kind of crisis would be answered with."""
    kinds = found.now["kinds"]
    rows = []
    for name in NAMES:
        cells = [kinds[kind]["given"][name] for kind in kinds]
        rows.append([words.INSTRUMENTS[name], *("–" if value is None else f"{value:.0%}" for value in cells)])
    share = ["Share of crises", *(f"{kinds[kind]['of_crises']:.0%}" for kind in kinds)]
    head = ["Answer", *(words.KINDS[kind] for kind in kinds)]
    return Table(
        head, [share, *rows], f"What each kind of crisis is answered with, {found.made['at']}: mean over draws"
    )


def made(attrs: Mapping[str, Any]) -> str:
    """How this was made, so that it can be made again."""
    rows, long = [], ""
    for name, label in LABELS.items():
        if attrs.get(name) in (None, ""):
            continue
        text = escape(INCUMBENTS.get(str(attrs[name]), str(attrs[name])) if name == "incumbents" else str(attrs[name]))
        if name == "scenario_text":
            long += f"<details><summary>{label}</summary><pre>{text}</pre></details>"
        else:
            shown = f"<code>{text}</code>" if name in ("command", "scenario_hash") else text
            rows.append(f"<dt>{label}</dt><dd>{shown}</dd>")
    return f'<dl class="made">{"".join(rows)}</dl>{long}'


def compact(figure: Figure, number: int | str) -> str:
    """A figure that fits a telephone as it is."""
    label = f"Figure {number}: {escape(figure.title)}"
    return f"""<section id="{figure.name}">
<p class="count">Figure {number}</p>
<h2>{escape(figure.title)}</h2>
<p class="reading">{escape(figure.reading)}</p>
<figure><div class="paper" role="group" aria-label="{label}">{render.inline(figure)}</div>
<figcaption>{escape(figure.finding)}</figcaption></figure>
</section>"""


def both(figure: Figure, number: int | str) -> str:
    """A figure that telephones get in another layout."""
    papers = "".join(
        f'<div class="paper {size}" tabindex="0" role="group" aria-label="Figure {number}: {escape(figure.title)}">'
        f"{render.inline(figure, small=size == 'small')}</div>"
        for size in ("large", "small")
    )
    tables = "".join(page.table(found) for found in figure.tables)
    numbers = f"<details><summary>The numbers of figure {number}</summary>{tables}</details>" if tables else ""
    return f"""<section id="{figure.name}">
<p class="count">Figure {number}</p>
<h2>{escape(figure.title)}</h2>
<p class="reading">{escape(figure.reading)}</p>
<figure>{papers}<figcaption>{escape(figure.finding)}</figcaption></figure>
{numbers}
</section>"""


def note(found: Room) -> str:
    """Provenance that travels with a picture."""
    of = found.made
    return (f"hegemon {of['version']}, {of['scenario']} {of['scenario_hash']}, {found.state} {of['at']}, {of['worlds']}, "
            f"{of['parameters']}, {of['draws']} draws, seed {of['seed']}")  # fmt: skip


def part(found: Room, info: OrderInfo, figures: Sequence[Figure], chapter: str = "") -> Part:
    """What its page says."""
    of, state, now = found.made, info.state(found.state), found.now
    large = [figure for figure in figures if figure.name in ("map-coercion", "map-coercion-given-crisis")]
    rest = [figure for figure in figures if figure not in large]
    maps = "".join(compact(figure, f"{chapter}{n}") for n, figure in enumerate(large, 1))
    shown = f'<div class="maps">{maps}</div>' if maps else ""
    shown += "\n".join(both(figure, f"{chapter}{n}") for n, figure in enumerate(rest, len(large) + 1))
    tables = "\n".join(page.table(table) for table in (main_table(found), answers(found), by_kind(found)))
    return Part(
        kicker=info.title,
        title=f"{state}: room for manoeuvre, {of['at']}",
        deck=f"How much foreign policy {info.patron} leaves {state}, what lies beyond, and what would widen it. "
        f"Worlds: {of['worlds']}. Parameters: {of['parameters']}.",
        facts=[
            (percent(now["autonomy"]), "autonomy left"),
            (percent(now["red_line"]), "red line"),
            (percent(now["in_a_year"]["coercion"]), "coercion in a year"),
            (percent(now["given_a_crisis"]["coercion"]), "coercion, given a crisis"),
        ],
        short=findings(found, info),
        contents=[*((figure.name, figure.title) for figure in figures), ("numbers", "In numbers")],
        body=f'{shown}\n<section id="numbers">\n<h2>In numbers</h2>\n{tables}\n</section>',
        made=made(of),
        version=str(of["version"]),
        beside=f"<p><strong>How to read it.</strong> {CAUTION}</p>",
        style=STYLE,
    )


def whole(found: Room, info: OrderInfo, figures: Sequence[Figure]) -> str:
    """The page."""
    return page.alone(part(found, info, figures))

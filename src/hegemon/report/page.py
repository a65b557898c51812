"""The page: one file without scripts, which asks nothing of any network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from typing import Any

from hegemon.pages import render, theme
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo
from hegemon.pages.words import counted
from hegemon.report import part as parts

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

MADE: dict[str, str] = {
    "scenario": "Scenario",
    "scenario_hash": "Scenario hash",
    "version": "Version of hegemon",
    "seed": "Seed",
    "runs": "Histories",
    "command": "Command",
    "chunk": "Histories per chunk",
    "platform": "Platform",
    "wall_seconds": "Time taken",
}

CAUTION = (
    "This model explains and tests: it states an argument about order among unequal states so exactly "
    "that it can be wrong, and shows what would follow if it were right. It is not a forecast to decide "
    "by. Its numbers carry the judgement of those who coded the crises and set the scenario; its bands "
    "say how far luck moves a history, not how far the argument itself may be off. It takes no side: to "
    "say how an order works is neither to defend nor to accuse it."
)


def rules() -> str:
    """The style sheet, its colours and type from the tokens."""
    found, sheet = (
        theme.tokens(),
        resources.files("hegemon.pages").joinpath("page.css").read_text(encoding="utf-8"),
    )

    def variables(values: Mapping[str, str]) -> str:
        return ":root{" + "".join(f"--{name}:{value};" for name, value in values.items()) + "}"

    type_ = {name: found["type"][name] for name in ("text", "label", "mono")}
    light, dark = found["colour"]["light"], found["colour"]["dark"]
    return (
        f"{variables(type_)}{variables(light)}"
        f"@media screen and (prefers-color-scheme:dark){{{variables(dark)}}}\n{sheet}"
    )


def table(found: Table, wordy: bool = False) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in found.head)
    body = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in found.rows
    )
    tall = " tall" if len(found.rows) > 16 else ""
    kind = ' class="words"' if wordy else ""
    label = escape(found.caption or "Table")
    return (
        f'<div class="scroll{tall}" tabindex="0" role="region" aria-label="{label}">'
        f"<table{kind}><caption>{escape(found.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def section(figure: Figure, number: int | str) -> str:
    """A figure with its reading, its text alternative and its numbers."""
    numbers = ""
    if figure.tables:
        inner = "".join(table(found, wordy=figure.name == "timeline") for found in figure.tables)
        numbers = f"<details><summary>The numbers of figure {number}</summary>{inner}</details>"
    note = f" {escape(figure.note)}" if figure.note else ""
    label = f"Figure {number}: {escape(figure.title)}"
    return f"""<section id="{figure.name}">
<p class="count">Figure {number}</p>
<h2>{escape(figure.title)}</h2>
<p class="reading">{escape(figure.reading)}</p>
<figure>
<div class="paper" tabindex="0" role="group" aria-label="{label}">{render.inline(figure)}</div>
<figcaption>{escape(figure.finding)}{note}
<span class="wider">The picture is wider than this screen: swipe it.</span></figcaption>
</figure>
{numbers}
</section>"""


def facts(attrs: Mapping[str, Any], quarters: Sequence[str], states: int) -> str:
    """How large a result is, as HTML."""
    return parts.facts(size(attrs, quarters, states))


def size(attrs: Mapping[str, Any], quarters: Sequence[str], states: int) -> list[tuple[str, str]]:
    """How large a result is: values, and what they are."""
    return [
        (f"{int(attrs['runs']):,}" if "runs" in attrs else "", "histories"),
        (f"{quarters[0]} – {quarters[-1]}", counted(len(quarters), "quarter", "quarters")),
        (str(states), "neighbours"),
        (str(attrs.get("seed", "")), "seed"),
    ]


def made(attrs: Mapping[str, Any], labels: Mapping[str, str] = MADE) -> str:
    """How this was made, so that it can be made again."""
    rows, long = [], ""
    for name, label in labels.items():
        if attrs.get(name) in (None, "", "{}"):
            continue
        value = attrs[name]
        text = f"{float(value):.1f} s" if name == "wall_seconds" else f"{value:,}" if name == "runs" else str(value)
        if "\n" in text.strip():
            long += f"<details><summary>{label}, in full</summary><pre>{escape(text)}</pre></details>"
        else:
            shown = f"<code>{escape(text)}</code>" if name.endswith(("command", "_hash")) else escape(text)
            rows.append(f"<dt>{label}</dt><dd>{shown}</dd>")
    return f'<dl class="made">{"".join(rows)}</dl>{long}'


def document(
    title: str, version: str, header: str, main: str, *, style: str = "", skip: str = "To the figures", description: str = ""
) -> str:
    """A self-contained page: `header` and `main` are HTML, `title` and `version` escaped text, `style` more rules."""
    said = f'\n<meta name="description" content="{escape(description)}">' if description else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="hegemon {version}">{said}
<title>{title}</title>
<style>
{rules()}{style}</style>
</head>
<body>
<a class="skip" href="#main">{skip}</a>
<header>
{header}</header>
<main id="main">
{main}</main>
<footer>Made by hegemon {version}. This file holds all it shows and asks nothing of any network.</footer>
</body>
</html>
"""


def alone(of: parts.Part) -> str:
    """A result's own page."""
    version, title = escape(of.version), escape(of.title)
    contents = parts.links([*of.contents, ("made", "How this was made")])
    header = f"""<p class="kicker">{escape(of.kicker)}</p>
<h1>{title}</h1>
<p class="deck">{escape(of.deck)}</p>
{parts.facts(of.facts)}
{parts.short(of.short)}
<nav aria-label="Contents"><ol>{contents}</ol></nav>
"""
    main = f"""{of.body}
<section id="made">
<h2>How this was made</h2>
{of.made}
<div class="aside">{of.beside}<p><strong>What this is not for.</strong> {CAUTION}</p></div>
</section>
"""
    tab = escape(of.tab or of.title)
    return document(f"{tab} · hegemon", version, header, main, style=of.style, skip=of.skip, description=of.deck)


def part(
    info: OrderInfo,
    attrs: Mapping[str, Any],
    quarters: Sequence[str],
    short: Sequence[str],
    figures: Sequence[Figure],
    tables: Sequence[Table],
    kicker: str = "A simulated order of states",
    labels: Mapping[str, str] = MADE,
    chapter: str = "",
) -> parts.Part:
    """Figures over time, and tables. `labels` are words for what `attrs` says of its making; figures count on in a chapter."""
    shown = "\n".join(section(figure, f"{chapter}{number}") for number, figure in enumerate(figures, 1))
    numbers = "".join(table(found) for found in tables)
    return parts.Part(
        kicker=kicker,
        title=info.title,
        deck=info.question,
        facts=size(attrs, quarters, len(info.states)),
        short=short,
        contents=[*((f.name, f.title) for f in figures), ("numbers", "In numbers")],
        body=f'{shown}\n<section id="numbers">\n<h2>In numbers</h2>\n{numbers}\n</section>',
        made=made(attrs, labels),
        version=str(attrs.get("version", "")),
    )

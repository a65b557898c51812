"""A document as Markdown, figures beside it as pictures with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

from hegemon.files import write_folder
from hegemon.pages import render
from hegemon.pages.document import Block, Bullets, Document
from hegemon.pages.figure import Figure, Table

WIDTH = 120


def page(of: Document, pictures: str = "img") -> str:
    """The text; figures are looked for in the folder `pictures`, as SVG."""
    parts = [f"# {of.title}", _filled(of.question), _bullets(of.lines)]
    for section in of.sections:
        parts.append(f"## {section.title}")
        parts += [_block(block, pictures) for block in section.blocks]
    parts += [_filled(line) for line in of.caveats]
    made = [pair for pair in of.made if pair[1] and "\n" not in pair[1]]
    parts += ["## How this was made", table(Table(("what", "value"), made))]
    return "\n\n".join(part for part in parts if part) + "\n"


def write(of: Document, target: Path) -> list[Path]:
    """Write the page's figures in img/ beside it (SVG, and CSV of what is drawn), and then the page: where it is, they are."""
    made = {**render.pictures(of.figures, "svg", "img/"), target.name: page(of).encode()}
    return [Path(name) for name in reversed(write_folder(target.parent, made))]


def _block(block: Block, pictures: str) -> str:
    if isinstance(block, str):
        return "\n\n".join(_filled(part) for part in block.split("\n\n"))
    if isinstance(block, Bullets):
        return _bullets(block.lines)
    if isinstance(block, Table):
        caption = f"{_filled(block.caption)}\n\n" if block.caption else ""
        return caption + table(block)
    return _figure(block, pictures)


def _figure(of: Figure, pictures: str) -> str:
    alt = of.alt.replace("[", "(").replace("]", ")")
    return f"![{alt}]({pictures}/{of.name}.svg)\n\n" + _filled(f"*{of.title}.* {of.reading} {of.finding}".strip())


def table(of: Table) -> str:
    """A Markdown table, first column to the left."""

    def row(cells: Sequence[str]) -> str:
        return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"

    return "\n".join([row(of.head), row(("---", *("---:",) * (len(of.head) - 1))), *(row(cells) for cells in of.rows)])


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(_filled(f"- {line}", "  ") for line in lines)


def _filled(text: str, indent: str = "") -> str:
    return fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)

"""A document for a person in a terminal: what came out first, then the tables, then how it was made."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from hegemon.errors import printable
from hegemon.pages.document import Bullets, Document
from hegemon.pages.figure import Table

PIPED = 150  # columns of a text that goes to a file or to another program
ROWS = 24  # rows of a table that a terminal shows; the page has them all


def console() -> Any:
    """Where text is printed: as wide as the terminal, or as a reader of a file can bear."""
    watched = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if watched else PIPED, highlight=False, markup=False)


def plain(text: str, style: str = "") -> Any:
    """A text as it stands: no markup, and nothing that a terminal would obey."""
    return Text(printable(text, "\n\t"), style)


def show(of: Document) -> None:
    """Print a document. Sections that are not brief, and figures, are left to the page."""
    out = console()
    out.print(plain(f"\n{of.title}", "bold"), soft_wrap=True)
    if of.facts:
        out.print(plain("; ".join(f"{what} {value}" for value, what in of.facts if value), "dim"))
    for block in (Bullets(of.lines), *(block for section in of.sections if section.brief for block in section.blocks)):
        if isinstance(block, Table):
            out.print(grid(block))
        elif isinstance(block, Bullets):
            for line in block.lines:
                out.print(plain(f"- {_bare(line)}"))
        elif isinstance(block, str):
            out.print(plain(_bare(block)))
    out.print(plain("; ".join(f"{what.lower()} {_bare(value)}" for what, value in of.made if value and len(value) < 80), "dim"))


def empty(title: str) -> Any:
    """An empty table in the house's plain style."""
    return Grid(title=plain(title), box=SIMPLE, title_justify="left", title_style="bold", pad_edge=False)


def grid(of: Table) -> Any:
    """A table; nothing in it is read as markup."""
    found = empty(of.caption)
    for n, name in enumerate(of.head):
        found.add_column(plain(name), justify="left" if n == 0 else "right", overflow="fold")
    for row in of.rows[:ROWS]:
        found.add_row(*(plain(cell) for cell in row))
    if len(of.rows) > ROWS:
        found.caption = plain(f"{len(of.rows) - ROWS} more rows in the report")
    return found


def _bare(text: str) -> str:
    """A line of Markdown without its marks."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", "").replace("`", "")

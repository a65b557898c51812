"""A result as it is told. Every kind of result makes one of these; terminal, page and Markdown are rendered from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from hegemon.pages.figure import Figure, Table


@dataclass(frozen=True)
class Bullets:
    """Sentences as a list."""

    lines: Sequence[str]


Block = str | Bullets | Figure | Table
"""A paragraph (inline Markdown: `code`, **strong**, [link](address)), a list, a figure or a table."""


@dataclass(frozen=True)
class Section:
    """A part of a document under a heading."""

    title: str
    blocks: Sequence[Block]
    anchor: str  # its name in addresses
    side: bool = False  # figures stand side by side where there is room
    folded: bool = False  # opened by whoever wants it
    brief: bool = True  # a terminal shows it too


@dataclass(frozen=True)
class Document:
    """A result as it is told."""

    kicker: str  # what kind of thing it is, above the title
    title: str  # what it is about
    question: str  # the question in a sentence
    finding: str  # what came out, in one sentence that can stand alone
    facts: Sequence[tuple[str, str]] = ()  # numbers that say how large it is: value, what it is
    sentences: Sequence[str] = ()  # what came out, in more sentences
    sections: Sequence[Section] = ()  # prose, figures and tables
    caveats: Sequence[str] = ()  # what this kind of result must not be taken for
    made: Sequence[tuple[str, str]] = ()  # how it was made: what, value; a value of several lines is folded away
    version: str = ""

    @property
    def lines(self) -> list[str]:
        """What came out, the finding first, no sentence twice."""
        return [line for line in (self.finding, *(line for line in self.sentences if line != self.finding)) if line]

    @property
    def figures(self) -> list[Figure]:
        """All figures in order."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, Figure)]

    @property
    def tables(self) -> list[Table]:
        """All tables in order, but for those beside figures."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, Table)]

    def noted(self, note: str) -> Document:
        """The same with a line of provenance on every figure that has none."""
        return replace(self, sections=[replace(section, blocks=[
            replace(block, note=note) if isinstance(block, Figure) and not block.note else block
            for block in section.blocks]) for section in self.sections])  # fmt: skip

    def plain(self) -> dict[str, Any]:
        """As plain data, for a browser to render."""
        sections = [{"title": s.title, "anchor": s.anchor, "side": s.side, "folded": s.folded,
                     "blocks": [_plain(block) for block in s.blocks]} for s in self.sections]  # fmt: skip
        return {**{field.name: getattr(self, field.name) for field in fields(self)}, "sections": sections}


def _plain(block: Block) -> dict[str, Any]:
    if isinstance(block, str):
        return {"kind": "text", "text": block}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "lines": list(block.lines)}
    if isinstance(block, Table):
        return {"kind": "table", "table": block.plain()}
    return {"kind": "figure", "figure": block.plain()}

"""A result as it is told on a page, whether it has the page to itself or shares it with others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Part:
    """What a page says of one result.

    kicker, title, deck  its heading, a word before and a sentence after it
    facts     numbers that say how large it is: value, what it is
    short     what came out, in sentences
    contents  its sections: anchor, title
    body      the sections as HTML, but for the last, on its making
    made      how it was made, as HTML
    version   of hegemon that made it
    tab       title of a page of its own; absent: the heading
    beside    paragraphs of caution that this kind of result needs, as HTML
    style     rules beyond those of every page
    skip      words of the link over the heading
    """

    kicker: str
    title: str
    deck: str
    facts: Sequence[tuple[str, str]]
    short: Sequence[str]
    contents: Sequence[tuple[str, str]]
    body: str
    made: str
    version: str
    tab: str = ""
    beside: str = ""
    style: str = ""
    skip: str = "To the figures"


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Values with what they are; empty ones are left out."""
    shown = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for value, name in pairs if value)
    return f'<dl class="facts">{shown}</dl>'


def short(lines: Sequence[str]) -> str:
    """Sentences as a list."""
    return f'<ul class="short">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>'


def links(contents: Sequence[tuple[str, str]], prefix: str = "") -> str:
    """Sections as links."""
    return "".join(f'<li><a href="#{prefix}{anchor}">{escape(title)}</a></li>' for anchor, title in contents)


TAG = re.compile(r"<[^>]*>")
NAMED = re.compile(r'( id=")|( href="#)|(url\(#)')


def apart(html: str, prefix: str) -> str:
    """The same with every anchor and every name of a pattern or clip begun by a prefix, so that no other part has it."""
    return TAG.sub(lambda tag: NAMED.sub(lambda mark: mark[0] + prefix, tag[0]), html)


def below(html: str) -> str:
    """The same, its headings a step lower."""
    return re.sub(r"<(/?)h2\b", r"<\1h3", html)

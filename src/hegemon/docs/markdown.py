"""Small pieces of Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import numpy as np

from hegemon.parameters import Prior


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [list(head), ["---"] * len(head), *(["" if c is None else str(c) for c in row] for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def text(text: str) -> str:
    return textwrap.dedent(text).strip()


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def number(value: float | int) -> str:
    return f"{value:.3g}"


def span(prior: Prior) -> str:
    upper = f" {number(prior.high)}" if np.isfinite(prior.high) else ""
    return f"{number(prior.low)} ..{upper}"

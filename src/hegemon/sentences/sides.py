"""What the two sides of a comparison are called within a sentence."""

from __future__ import annotations

LEFT, RIGHT = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"


def sides(one: str, other: str) -> tuple[str, str]:
    """Both in quotation marks, without what their titles have in common: "the pact goes in", "the patron alone"."""
    heads = [name.split(": ", 1) for name in (one, other)]
    if all(len(head) == 2 for head in heads) and heads[0][0] == heads[1][0]:
        one, other = heads[0][1], heads[1][1]
    return f"{LEFT}{one}{RIGHT}", f"{LEFT}{other}{RIGHT}"

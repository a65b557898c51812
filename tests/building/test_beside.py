"""What the page of the orders that were built by formula says of one that its record contradicts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from order_beside import Cell, short

DOCS = Path(__file__).parents[2] / "docs"


def cells(habits: int, large: int, of: int = 9) -> dict[str, Cell]:
    """So many shares inside, with either habits."""
    return {str(n): Cell(0.1 if n < habits else 0.9, 0.1 if n < large else 0.9, 1, 10) for n in range(of)}


@pytest.mark.parametrize(
    ("habits", "large", "said"),
    [(9, 0, ""), (8, 9, ""), (7, 9, "Only 7 of 9 shares lie inside, fewer than four in five. That may come from the habits"),
     (6, 6, "The habits alone are not what it comes from, since with those of patrons at large 6 lie inside.")],
)  # fmt: skip
def test_too_few_shares_inside_are_said_in_words_with_what_that_may_come_from(habits: int, large: int, said: str) -> None:
    found = short(cells(habits, large))
    assert said in found and bool(found) == bool(said)


def test_both_pages_say_so_of_every_order_of_which_it_is_true() -> None:
    built = (DOCS / "orders.md").read_text("utf-8").split("<!-- built: written by")[1]
    table = built.split("| order | abstain |")[1].split("\n\n")[0].splitlines()[2:]
    beside = dict(part.split("\n", 1) for part in (DOCS / "beside.md").read_text("utf-8").split("\n## ")[1:])
    for line in table:
        name, last = line.strip("| ").split(" | ")[0], line.strip("| ").split(" | ")[-1]
        good = int(last.split(",")[0])
        (bullet,) = (each for each in built.splitlines() if each.startswith(f"- **{name}**"))
        assert ("fewer than four in five" in bullet) == ("fewer than four in five" in beside[name]) == (good < 7.2)
    assert len(table) == 9

"""The orders made by hand beside the same orders built by the formulas, simulated: what a rebuilt order changes.

    python tools/formulas_simulated.py --pack DIR --write     # into docs/building.md, between its marks

All coded facts are answered. Both have the same parameters and the same luck.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

import hegemon
from hegemon.building import build
from hegemon.building.agreement import BY_HAND, answers_of
from hegemon.instruments import KINDS
from hegemon.order import Order, from_scenario
from hegemon.scenarios.loader import read_scenario
from hegemon.world_pack.opening import open_world
from hegemon.world_pack.world import World

PAGE = Path(__file__).parents[1] / "docs" / "building.md"
BEGIN, END = "<!-- simulated: written by tools/formulas_simulated.py -->", "<!-- end of simulated -->"
FACTOR = 1.5


def enmity(order: Order) -> float:
    """All rivalry between neighbours."""
    states = set(order.states)
    return sum(value for one, others in order.scenario.rivalry.items() for two, value in others.items() if {one, two} <= states)


def row(name: str, world: World, runs: int) -> list[str]:
    """An order both ways."""
    hand = hegemon.load(name)
    built = from_scenario(read_scenario(build(answers_of(name), world).scenario, name))
    found = [hegemon.simulate(each, runs=runs, seed=0) for each in (hand, built)]
    autonomy = [each.summary["autonomy_mean"].isel(quarter=-1).sel(state=list(hand.states)).to_numpy() for each in found]
    counts = [each.events["kind"].value_counts() / runs for each in found]
    cells = []
    for kind in KINDS:
        one, two = (float(count.get(kind, 0.0)) for count in counts)
        near = one > 0 and 1 / FACTOR <= two / one <= FACTOR
        cells.append(f"{one:.1f}, {two:.1f}" if near else f"**{one:.1f}, {two:.1f}**")
    r = np.corrcoef(*autonomy)[0, 1]
    level = f"{autonomy[0].mean():.2f}, {autonomy[1].mean():.2f}"
    return [name, f"{r:.2f}", level, *cells, f"{enmity(hand):.2f}, {enmity(built):.2f}"]


def told(world: World, runs: int, names: list[str]) -> str:
    """The table as Markdown."""
    head = ["order", "autonomy at the end, r", "its mean", *(kind.replace("_", " ") for kind in KINDS), "rivalry in all"]
    lines = [f"Made by `python tools/formulas_simulated.py --pack DIR --write`: {runs} histories of each, seed 0. By hand, by",
             f"formula; in bold where crises per history differ by more than a factor of {FACTOR}.", "",
             "| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]  # fmt: skip
    return "\n".join([*lines, *("| " + " | ".join(row(name, world, runs)) + " |" for name in names)])


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--pack", type=Path, help="world pack; by default the one that was built")
    words.add_argument("--runs", type=int, default=512)
    words.add_argument("--only", action="append", help="one order (repeatable)")
    words.add_argument("--write", action="store_true", help="into docs/building.md")
    given = words.parse_args()
    text = told(open_world(given.pack), given.runs, given.only or list(BY_HAND))
    if not given.write:
        print(text)
        return 0
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

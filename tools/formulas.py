"""The formulas of `hegemon new` beside figures made by hand: how far they differ, correlate, and are covered.

    python tools/formulas.py --pack DIR             # print
    python tools/formulas.py --pack DIR --write     # into docs/building.md, between its marks

Twice: with the incumbents' lines and the pact's members answered and nothing else, and with all facts that were coded for these
orders answered. An interval covers a figure made by hand that lies within it; what is called *elsewhere* is widened by the
disagreement of the other two orders alone.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hegemon.building.agreement import BY_HAND, builtin_answers, by_figure, compared, covered, disagreement
from hegemon.building.intervals import WIDENED
from hegemon.world_pack.opening import open_world
from hegemon.world_pack.world import World

PAGE = Path(__file__).parents[1] / "docs" / "building.md"
BEGIN, END = "<!-- formulas: written by tools/formulas.py -->", "<!-- end of formulas -->"


def told(world: World) -> str:
    """Both tables as Markdown."""
    lines = ["Made by `python tools/formulas.py --pack DIR --write`.", ""]
    for lines_only, heading in ((True, "Lines and members of the pact answered"), (False, "All coded facts answered")):
        table = compared(world, lines_only=lines_only)
        gap = (table["hand"] - table["value"]).abs()
        apart = ", ".join(f"{order} {gap[table['order'] == order].mean():.3f}" for order in BY_HAND)
        elsewhere = covered(world, lines_only=lines_only)
        shares = ", ".join(f"{order} {share:.0%}" for order, share in elsewhere.items())
        counts = table.groupby("order").size()
        pooled = sum(elsewhere[order] * counts[order] for order in BY_HAND) / counts.sum()
        lines += [
            f"**{heading}.** Mean absolute difference {gap.mean():.3f} ({apart}) over {len(table)} figures. Intervals widened",
            f"elsewhere cover {pooled:.0%} ({shares}).", "",
            "| figure | n | correlation | difference | bias | covered | width | disagreement |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]  # fmt: skip
        apart_by = disagreement(table)
        for row in by_figure(table).to_dict("records"):
            r = f"{row['r']:.2f}" if row["r"] == row["r"] else ""
            lines.append(f"| {row['figure']} | {row['n']} | {r} | {row['difference']:.3f} | {row['bias']:+.3f} | "
                         f"{row['inside']:.0%} | {row['width']:.2f} | {apart_by[str(row['figure'])]:.3f} |")  # fmt: skip
        lines.append("")
    return "\n".join(lines).rstrip()


def stale(world: World) -> list[str]:
    """Figures whose shipped widening is not what is measured."""
    found = disagreement(compared(world, lines_only=True))
    return [f"{name}: {WIDENED[name]:.3f} is kept, {value:.3f} is measured" for name, value in found.items()
            if abs(WIDENED[name] - value) > 0.0015]  # fmt: skip


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--pack", type=Path, help="world pack; by default the one that was built")
    words.add_argument("--write", action="store_true", help="into docs/building.md")
    words.add_argument("--scenarios", type=Path, metavar="DIR", help="write the scenarios of the built-in orders instead")
    given = words.parse_args()
    world = open_world(given.pack)
    if given.scenarios:
        from hegemon.building import build
        from hegemon.building.agreement import answers_of

        for order in builtin_answers():
            if order not in BY_HAND:
                (given.scenarios / f"{order}.toml").write_text(build(answers_of(order), world).scenario, "utf-8")
        return 0
    text, wrong = told(world), stale(world)
    if given.write:
        page = PAGE.read_text("utf-8")
        before, rest = page.split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}", "utf-8")
    else:
        print(text)
    print("\n".join(wrong), end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

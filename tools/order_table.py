"""One table of the orders that were built by formula, and a page with a section for each, beside their records.

    python tools/order_table.py                 # print the table
    python tools/order_table.py --write         # into docs/orders.md, between its marks, and docs/beside.md
    python tools/order_table.py --runs 64 --only indochina
    python tools/order_table.py --posterior     # src/hegemon/posteriors/patrons.npz

An order's record are crises of severity 2 and 3, drawn at random from registers, kinds in proportion to the root of their number.
Simulated answers are therefore those to crises of severity 2 and 3, kinds weighed as in the record.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import hegemon
from hegemon.history import DRAWN
from hegemon.instruments import NAMES
from hegemon.pooled.kept import coded
from hegemon.pooled.patron import at_large
from hegemon.posterior import load_posterior
from order_beside import Beside, beside, failing, section, short, table, words

DOCS = Path(__file__).parents[1] / "docs"
PAGE, SECTIONS = DOCS / "orders.md", DOCS / "beside.md"
BEGIN, END = "<!-- built: written by tools/order_table.py -->", "<!-- end of built -->"


def told(rows: list[Beside], runs: int) -> str:
    """The tables as Markdown."""
    lines = [
        f"Made by `python tools/order_table.py --write`: version {hegemon.__version__}, {runs} histories of each order, seed 0,",
        "parameters drawn from the post-Soviet posterior. Autonomy is the mean over histories and neighbours that are there.", "",
    ]  # fmt: skip
    about = []
    for of in rows:
        s = of.order.scenario
        come = sum(bool(state.independent and state.independent > s.start) for state in s.states.values())
        gone = sum(bool(state.ended) for state in s.states.values())
        about.append([f"[{of.order.name}](beside.md#{of.order.name})", s.patron.name, f"{s.start[:4]}-{s.end[:4]}",
                      str(len(s.states)), f"{come}, {gone}" if come or gone else "", str(len(s.poles)),
                      s.pact.rule if s.pact else "none", f"{s.doctrine.idea:.2f}, {s.doctrine.start:.2f}",
                      f"{of.autonomy(0):.2f}, {of.autonomy(-1):.2f}", f"{len(of.found.events) / runs:.1f}",
                      str(len(of.record))])  # fmt: skip
    head = ["order", "patron", "years", "neighbours", "enter, end", "poles", "pact", "idea, start", "autonomy, first and last",
            "crises", "record"]  # fmt: skip
    lines += table(head, about)
    lines += ["", "Share of the patron's answers in per cent, simulated (record, with its 90 % interval); in bold where the",
              "simulated one lies outside. Last column: inside, so and with the habits of patrons at large.", ""]  # fmt: skip
    said = []
    for of in rows:
        texts = [f"{c.share:.0%} ({c.hits}: {c.low:.0%} to {c.high:.0%})".replace("%", "") for c in of.cells.values()]
        bold = [text if c.inside() else f"**{text}**" for text, c in zip(texts, of.cells.values(), strict=True)]
        inside = [sum(c.inside(large) for c in of.cells.values()) for large in (False, True)]
        said.append([of.order.name, *bold, f"{inside[0]}, {inside[1]} of {len(NAMES)}"])
    lines += [*table(["order", *(words(name) for name in NAMES), "inside"], said), ""]
    cells = [c for of in rows for c in of.cells.values()]
    counts = [sum(c.inside(large) for c in cells) for large in (False, True)]
    lines += [f"In all, {counts[0]} of {len(cells)} cells lie inside ({counts[0] / len(cells):.0%}); with the habits of patrons "
              f"at large, learned without the order's own crises, {counts[1]} ({counts[1] / len(cells):.0%}).", "",
              *(f"- **{of.order.name}**: {failing(of)}. Patrons at large: {failing(of, True)}. {short(of.cells)}".rstrip()
                for of in rows)]  # fmt: skip
    return "\n".join(lines)


HEAD = """\
# Nine orders beside their records

<!-- written by tools/order_table.py: do not edit, run it again -->

What the model does with the figures of each order that was [built by formula](orders.md#nine-orders-more-built-by-formula), and
what its record says. Made by `python tools/order_table.py --write`: version {version}, {runs} histories of each order, seed 0,
parameters drawn from the post-Soviet posterior. No number here is typed by hand.

**How to read it.** A record is a random sample from registers, so that its number of crises says nothing of how many there were,
and only shares can be compared: of answers to crises of severity 2 and 3, kinds weighed as in the record; intervals are the
middle 90 % (Jeffreys). *Russia's habits*: the post-Soviet posterior, learned from one patron, and from crises that somebody chose
because they are known; a patron who does nothing is seldom known. *Patrons at large*: the same with inclinations moved to those
of all orders' crises, as drawn from registers, by the [pooled model](pooled.md) without consequences; each order's own crises are
left out, so that nothing of a record enters its own line. `posterior = "patrons"` in a scenario takes them, learned from all.

"""


def main() -> int:
    given_words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given_words.add_argument("--runs", type=int, default=512)
    given_words.add_argument("--only", action="append", help="one order (repeatable)")
    given_words.add_argument("--posterior", action="store_true", help="write the posterior of patrons at large instead")
    given_words.add_argument("--write", action="store_true", help="into docs/orders.md and docs/beside.md")
    given = given_words.parse_args()
    if given.posterior:
        at_large(load_posterior("post-soviet"), coded()).save(Path(hegemon.__file__).parent / "posteriors" / "patrons.npz")
        return 0
    rows = [beside(name, given.runs) for name in given.only or DRAWN]
    text = told(rows, given.runs)
    if not given.write:
        print(text)
        return 0
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}", "utf-8")
    sections = "\n".join(line for of in rows for line in section(of)).rstrip()
    SECTIONS.write_text(HEAD.format(version=hegemon.__version__, runs=given.runs) + sections + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

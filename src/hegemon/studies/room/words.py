"""A room for manoeuvre as it is told."""

from __future__ import annotations

from hegemon.instruments import NAMES
from hegemon.pages import words
from hegemon.pages.document import Document, Section
from hegemon.pages.figure import Table
from hegemon.pages.order import order_info
from hegemon.sentences.placing import OUTCOMES, THINGS
from hegemon.studies.room import figures
from hegemon.studies.room.result import Room
from hegemon.studies.room.sentences import findings, main, points, share, spread

INCUMBENTS = {"stay": "stays as it is wherever their state is put", "follow": "moves along with the ties"}

EFFECTS = {"red_line": "Red line", "autonomy": "Room", "coercion": "Coercion in a year",
           "coercion_given_crisis": "Given a crisis", "force": "Force in a year", "help": "Help in a year"}  # fmt: skip
"""Columns of partial effects."""

CAUTION = (
    "**How to read it.** A point of the triangle is a thought: this neighbour in this quarter, with other ties and all else as "
    "it is. Ties would change what it wants, owes and fears, and what others do; that takes time and is the business of a "
    "simulation. Chances in a year hold the quarter's world still. Intervals say how far shocks and parameters leave the "
    "numbers open, not whether the model is right."
)


def document(of: Room) -> Document:
    """The main numbers at both dates, the map, and what would widen the room. Two poles make no triangle."""
    asked, order, now = of.question, of.order, of.now
    info = order_info(order)
    state, at, since = info.state(asked.state), asked.date, asked.earlier
    said = findings(of, info)
    several = len(info.poles) > 2
    drawn = [figures.one_map(of, info, name) for name in figures.MAPS] if several else []
    by_unrest = [figures.by_unrest(of, info)] if several else []
    sections = [
        Section("Foreign policies, and what they bring", drawn, "policies", side=True),
        Section("When people go into the street", [*by_unrest, figures.unrest(of, info)], "streets"),
        Section(f"Away from {info.patron}, step by step", [figures.walk(of, info)], "away"),
        Section("What would widen the room, what would narrow it", [figures.effects(of, info), widening(of)], "widening"),
        Section(f"Since {since}", [figures.way(of, info)] if len(of.way) > 1 else [], "past"),
        Section("In numbers", [numbers(of), answers(of)], "numbers"),
        Section("By kind of crisis", [by_kind(of)], "kinds", brief=False),
    ]
    return Document(
        kicker=info.title,
        title=f"{state}: room for manoeuvre, {at}, given {of.made['worlds']}",
        question=f"How much foreign policy does {info.patron} leave {state}, what lies beyond, and what would widen it?",
        finding=" ".join(said[:2]),
        facts=[(share(now["autonomy"]), "of foreign policies permitted"), (share(now["red_line"]), "red line"),
               (share(now["in_a_year"]["coercion"]), "coercion in a year"),
               (share(now["given_a_crisis"]["coercion"]), "coercion, given a crisis")],
        sentences=said[2:],
        sections=[section for section in sections if section.blocks],
        caveats=[CAUTION],
        made=[("Worlds", str(of.made["worlds"])), ("Parameters", str(of.made["parameters"])), ("Draws", f"{asked.draws:,}"),
              ("What incumbents want", INCUMBENTS[asked.incumbents]), ("Scenario, in full", order.scenario.text)],
    )  # fmt: skip


def numbers(of: Room) -> Table:
    """The main numbers at both dates."""
    rows = [[label, share(main(of.then, name)), share(main(of.now, name)), points(of.change.get(name))]
            for name, label in OUTCOMES.items()]  # fmt: skip
    return Table(["Number", of.question.earlier, of.question.date, "Change, percentage points"], rows,
                 "Main numbers: mean (5–95% of draws)")


def answers(of: Room) -> Table:
    """Every answer to a crisis, where the neighbour stands."""
    now, then = of.now, of.then
    rows = [[words.INSTRUMENTS[name], share(now["in_a_year"][name]), share(now["given_a_crisis"][name]),
             share(then["in_a_year"][name]), share(then["given_a_crisis"][name])] for name in NAMES]  # fmt: skip
    head = ["Answer", f"In a year, {of.question.date}", "Given a crisis", f"In a year, {of.question.earlier}", "Given a crisis"]
    return Table(head, rows, "Answers where it stands: mean (5–95% of draws)")


def by_kind(of: Room) -> Table:
    """What each kind of crisis would be answered with."""
    kinds = of.now["kinds"]
    rows = [["Share of crises", *(f"{kinds[kind]['of_crises']:.0%}" for kind in kinds)]]
    for name in NAMES:
        cells = [kinds[kind]["given"][name] for kind in kinds]
        rows.append([words.INSTRUMENTS[name], *("–" if value is None else f"{value:.0%}" for value in cells)])
    head = ["Answer", *(words.KINDS[kind] for kind in kinds)]
    return Table(head, rows, f"What each kind of crisis is answered with, {of.question.date}: mean over draws")


def widening(of: Room) -> Table:
    """Partial effects in numbers."""
    rows = []
    for thing, part in of.effects.groupby("thing", sort=False):
        by = part.set_index("outcome")
        rows.append([THINGS[str(thing)], f"{by['value'].iloc[0]:.2f}", *(spread(by.loc[name]).points() for name in EFFECTS)])
    return Table(["Change", "At present", *EFFECTS.values()], rows, "Partial effects, percentage points: mean (5–95%)")

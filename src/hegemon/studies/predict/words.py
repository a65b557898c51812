"""A prediction as it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hegemon.instruments import NAMES
from hegemon.pages import words
from hegemon.pages.document import Bullets, Document, Section
from hegemon.pages.figure import Figure, Table
from hegemon.sentences import predicting
from hegemon.studies.predict.everywhere import FORCE_FOR
from hegemon.studies.predict.result import Prediction

LIKELIEST = 3
"""Answers told of each crisis."""

CAVEAT = (
    "Known of a crisis are its kind, severity, state and date, the incumbents' line and whether they asked for help, and the "
    "record until it began. Of crises that the parameters were learned from, this is a description, no forecast."
)

TOLD = (
    "The pooled model is told the crisis alone: its kind, severity, the incumbents' line, whether they asked for help, and "
    "whether it was chosen by a coder or drawn from a register; what a row leaves empty is added up over. Of crises that it was "
    "learned from, this is a description, no forecast. How far to trust it: docs/pooled.md."
)

GENERIC = (
    "No scenario describes this order, so every neighbour has the same middling figures and is a member of a pact that decides "
    "by majority; name a scenario of your own to be asked about that (hegemon new FOLDER). "
)

DRAWN = 40
"""Crises drawn, the last ones."""


def document(of: Prediction) -> Document:
    """The likeliest answers, and all probabilities."""
    table, crises = of.table, of.crises
    first = Counter(words.answer(str(name)) for name in table.idxmax(axis=1))
    often = ", ".join(f"{name} in {count}" for name, count in first.most_common(3))
    return Document(
        kicker="What the patron will do",
        title=f"The patron's answers: {of.made['order']}",
        question="What will the patron do about a crisis, given what was known when it began?",
        finding=(GENERIC if of.made.get("generic") else "") + f"{words.counted(len(table), 'crisis', 'crises')}, learned from "
        f"{of.learned_from}: the likeliest answer is "
        f"{often}.",
        facts=[(str(len(table)), "crises"), (str(len(NAMES)), "instruments"), (str(of.question.seed), "seed")],
        sentences=[line for line in (named(of), *undescribed(of)) if line],
        sections=[
            Section("The likeliest answers", [likeliest(of)], "likeliest"),
            Section("Drawn", [drawn(of)], "drawn"),
            Section("Crisis by crisis", [Bullets([f"{row['crisis_id']}: {line}" for row, line in each(of)])], "each", folded=True,
                    brief=False),
            Section("All probabilities", [everything(of)], "probabilities", folded=True, brief=False),
        ],
        caveats=[TOLD if of.pooled else CAVEAT],
        made=[("Learned from", of.learned_from), ("Record", f"{len(crises)} crises, {of.made['record_hash']}")],
    )  # fmt: skip


def each(of: Prediction) -> list[tuple[dict[Any, Any], str]]:
    """Every crisis, and what is said of it."""
    return [(row, predicting.answer([(words.answer(name), float(row[name])) for name in ranked(row)], happened(row)))
            for row in of.crises.to_dict("records")]  # fmt: skip


def ranked(row: Mapping[Any, Any]) -> list[str]:
    """Instruments, the likeliest first."""
    return sorted(NAMES, key=lambda name: -row[name])


def happened(row: Mapping[Any, Any]) -> str | None:
    """What the patron did, in words; None where it is not coded."""
    fact = row.get("response_primary")
    return words.answer(str(fact)) if fact in NAMES else None


def named(of: Prediction) -> str:
    """How often what happened was named."""
    places = [ranked(row).index(row["response_primary"]) for row in of.crises.to_dict("records") if happened(row) is not None]
    learned = not (of.question.rolling or of.question.train_until)
    return predicting.named(len(places), places.count(0), sum(place < LIKELIEST for place in places), learned)


def undescribed(of: Prediction) -> list[str]:
    """What is said where an order has no scenario."""
    names = of.made["undescribed"]
    if not names:
        return []
    has, they = ("has", "its") if len(names) == 1 else ("have", "their")
    return [f"{' and '.join(names)} {has} no scenario: predicted from {they} rows and the pooled model alone."]


def likeliest(of: Prediction) -> Table:
    """The likeliest answers to each crisis, and what was done where it is coded."""
    rows = []
    for row in of.crises.to_dict("records"):
        likeliest = ranked(row)[:LIKELIEST]
        fact = row.get("response_primary")
        done = [f"{words.answer(fact)} {row[fact]:.0%}" if fact in NAMES else ""]
        likely = [f"{words.answer(name)} {row[name]:.0%}" for name in likeliest]
        friendly = [f"{row[FORCE_FOR]:.0%}"] if of.pooled else []
        rows.append([row["crisis_id"], row["state"], str(row["start"]), *likely, *friendly, *done])
    head = ["Crisis", "State", "Began", "Likeliest", "Second", "Third", *(["Force for the incumbents"] if of.pooled else [])]
    return Table([*head, "In fact"], rows)


def everything(of: Prediction) -> Table:
    """Every probability, per cent."""
    rows = [[str(name), *(f"{100 * p:.1f}" for p in row)] for name, row in zip(of.table.index, of.table.to_numpy(), strict=True)]
    return Table(["Crisis", *(words.plain(name, words.INSTRUMENTS) for name in NAMES)], rows, "Per cent")


def drawn(of: Prediction) -> Figure:
    """Every instrument's probability in the last crises of the table."""
    few = of.crises.tail(DRAWN)
    data = few.melt([c for c in ("crisis_id", "name") if c in few], list(NAMES), "instrument", "probability")
    sure = data.sort_values("probability").iloc[-1]
    return Figure(
        name="prediction", title="Probability of each answer",
        reading="A row per crisis, a column per instrument; the darker, the likelier.",
        form="A table of crises by instruments, coloured by probability",
        finding=f"Surest: {words.answer(sure['instrument'])} in {sure['crisis_id']}, {sure['probability']:.0%}.",
        kind="heat", data=data,
        settings={
            "row": "crisis_id", "column": "instrument", "value": "probability",
            "columns": {name: words.plain(name, words.INSTRUMENTS) for name in NAMES}, "limit": 1.0,
            "title": "probability", "format": ".0%",
        },
    )  # fmt: skip

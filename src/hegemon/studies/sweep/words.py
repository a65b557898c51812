"""A sweep as it is told."""

from __future__ import annotations

from hegemon.outcomes import Outcome
from hegemon.pages import theme
from hegemon.pages.document import Block, Bullets, Document, Section
from hegemon.pages.figure import Figure, Table
from hegemon.sentences.depending import capital, number
from hegemon.studies.sweep import figures
from hegemon.studies.sweep.result import Sweep
from hegemon.studies.sweep.sentences import box_in_words, findings, leading, luck_of, ranked, verdict

ROWS = 12
"""Rows of a table of factors; the figure's own has more."""

LUCK = (
    "An outcome is a mean over the histories of a set. The same numbers of histories throw the same dice in every set, so that "
    "most of the luck is the same everywhere. Means over few histories still carry some of their own; its share is estimated "
    "from the histories and taken out of the indices."
)


HEADS = {"model": "Model", "no signs": "No signs", "no consequences": "No consequences"}

TWINS = (
    "The sign-neutral twin is not told which way any effect of an instrument goes: as much of its prior lies below 0 as above. "
    "The other twin weighs no consequences when it answers. Where a twin's numbers are the model's, what it lacks is not what "
    "makes them."
)


def document(of: Sweep) -> Document:
    """What outcomes depend on, which way, how much is luck, and where the condition holds."""
    asked, order = of.question, of.question.order()
    names, sets = of.design.space.names, int(of.made["sets"])
    said = findings(of)
    sections = [*when(of), *(section(of, outcome, place) for place, outcome in enumerate(of.outcomes, 1))]
    return Document(
        kicker="What it depends on",
        title=f"{order.scenario.title}: what outcomes depend on",
        question=f"The model's numbers are judgements with a range. Here they vary, drawn from {asked.drawn_from}, every set of "
        f"them in the same {asked.runs_per_set:,} histories of luck, and outcomes are asked what they owe to which.",
        finding=said[0],
        facts=[(f"{len(names):,}", "parameters varied"), (f"{sets:,}", "sets of them"),
               (f"{asked.runs_per_set:,}", "histories each"), (str(asked.seed), "seed")],
        sentences=said[1:],
        sections=[*sections, Section("Parameters and luck", [LUCK, luck(of)], "luck"), *twins(of)],
        made=[("Design", of.design.kind), ("Drawn from", asked.drawn_from), ("Histories", f"{sets * asked.runs_per_set:,}"),
              ("Parameters varied", ", ".join(names)), ("Scenario, in full", order.scenario.text)],
    )  # fmt: skip


def when(of: Sweep) -> list[Section]:
    """Where the condition holds, if there is one."""
    condition, drawn = of.condition, figures.boxes(of)
    if condition is None or of.found is None:
        return []
    said = [box_in_words(box, condition.words) for box in of.found.boxes]
    blocks: list[Block] = [verdict(of), *([Bullets(said)] if said else []), *([drawn] if drawn is not None else [])]
    return [Section(f"When is {condition.words}?", blocks, "when")]


def section(of: Sweep, outcome: Outcome, place: int) -> Section:
    """What an outcome depends on, and which way."""
    head, rows = ranked(of, outcome, ROWS)
    drawn: list[Figure | None] = [draw(of, outcome, place) for draw in (figures.indices, figures.effects, figures.tornado)]
    blocks: list[Block] = [capital(leading(of, outcome)), Table(head, rows), *(figure for figure in drawn if figure is not None)]
    return Section(capital(outcome.words), blocks, f"outcome-{place}")


def twins(of: Sweep) -> list[Section]:
    """What the model says beside its twins."""
    if of.twins is None:
        return []
    rows = []
    for outcome in of.outcomes:
        told = {str(row["of"]): row for row in of.twins.loc[[outcome.text]].reset_index("of").to_dict("records")}
        rows.append([outcome.text, *(f"{number(told[name]['mean'])} ({number(told[name]['low'])} to "
                                     f"{number(told[name]['high'])})" if name in told else "–" for name in HEADS)])  # fmt: skip
    table = Table(["Outcome", *HEADS.values()], rows, "Mean over sets, with the middle 90 %")
    return [Section("Beside its twins", [TWINS, table], "twins")]


def luck(of: Sweep) -> Table:
    """Where each outcome's variance comes from."""
    head = ["Outcome", "Mean", "Standard deviation over parameters", "Luck in single histories", "Luck left in means"]
    rows = []
    for outcome in of.outcomes:
        row = luck_of(of, outcome)
        rows.append([outcome.text, number(row["mean"]), number(row["spread"]), theme.share(row["history"]),
                     theme.share(row["remaining"])])  # fmt: skip
    return Table(head, rows, "Parameters and luck: shares of the variance of outcomes")

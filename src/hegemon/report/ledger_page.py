"""The ledger in the documentation: a Markdown page with its pictures beside it, written from the judgement alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hegemon.claims.sides import sides
from hegemon.claims.words import claimed, exactly
from hegemon.experiments.claims.judge import SHARE
from hegemon.experiments.claims.verdicts import LINES, Judged, Judgement
from hegemon.files import write_text
from hegemon.pages.figure import Figure
from hegemon.report import ledger, ledger_words
from hegemon.report.backtest import filled

HOW = (
    "**How to read it.** A claim has estimands: numbers by which it stands or falls, fixed in the ledger's file with what is "
    "claimed of them. "
    "It holds where all of them do. For each of {draws} draws of the parameters every estimand is computed from pairs of "
    "simulated histories that throw the same dice; the scatter that a finite number of histories leaves is taken off by a "
    "normal model of effects and errors, and what remains is the posterior of the effect. *P* is the probability of what is "
    "claimed. A claim is **supported** where the probability of all its estimands together exceeds {high:g}, **contradicted** "
    "below {low:g}, else **open**. An effect is a mean over draws, with their middle 90 % in brackets; *noise* is the share of "
    "the scatter over draws that is Monte Carlo; *luck's spread* is how far histories with the same parameters scatter. With "
    "mechanisms switched off, and over the priors, {share:.0%} of the histories are used. "
    "What the words and the method mean, and how to judge claims of your own: [Claims](claims.md)."
)

PASSING = ("wall_seconds", "histories")
"""Of this call, not of the judgement: kept claims are read, not simulated."""

CAUTION = (
    "**What a verdict is not.** It says what follows from the model with parameters that the record leaves probable. Supported "
    "does not mean true: the model was built to express the essay's argument, so that its form favours many of these claims "
    "before any record is seen (*holds in ... of the priors' parameter space* says how much). What is evidence is where the "
    "record moves a claim, where a claim fails although the model was built for it, and what happened later."
)


def write_page(judgement: Judgement, target: Path) -> list[Path]:
    """The page, with its figures under img/ beside it. Raises `BadFile` where it cannot be written."""
    from hegemon.pages import render

    drawn = ledger.figures(judgement)
    written = [target]
    write_text(target, page(judgement, drawn))
    for figure in drawn:
        written.append(target.parent / "img" / f"{figure.name}.svg")
        write_text(written[-1], render.svg(figure, titled=False))
    return written


def page(judgement: Judgement, drawn: list[Figure]) -> str:
    """The page as Markdown."""
    made, book = judgement.made, judgement.ledger
    low, high = LINES
    overview, *each = drawn
    parts = [
        f"<!-- Written by `{made['command']}`. Do not edit: run it again. -->",
        f"# Ledger: {book.title.lower() if book.title.istitle() else book.title}",
        f"*{book.question}* {len(judgement.claims)} claims about *{book.base.scenario.title}*, judged by "
        f"`{made['command']}`; no number here is typed by hand, and the sentences are chosen by the numbers.",
        "\n".join(f"- {line}" for line in ledger_words.short(judgement)),
        f"![{overview.alt}](img/{overview.name}.svg)",
        overview.reading,
        HOW.format(draws=made["draws"], low=low, high=high, share=SHARE),
        CAUTION,
        "## In one table",
        _summary(judgement),
    ]
    for judged, figure in zip(judgement.claims, each, strict=True):
        parts += _claim(judgement, judged, figure)
    told = [f"- {key}: {value}" for key, value in made.items() if key not in PASSING and value is not None]
    parts += ["## How it was made", "\n".join(told)]
    return filled([part for part in parts if part])


def _summary(judgement: Judgement) -> str:
    rows = [
        (f"[{j.claim.id}](#{anchor(j)})", j.claim.claim, j.verdict + (", near the line" if j.near else ""),
         ledger.share(j.under.probability), ledger.share(j.share))
        for j in judgement.claims
    ]  # fmt: skip
    return table(("", "claim", "verdict", "P", "priors"), rows, 3)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], words: int) -> str:
    """A Markdown table whose first columns are words, the others numbers."""
    lines = [head, ["---"] * words + ["---:"] * (len(head) - words), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)


def anchor(judged: Judged) -> str:
    """Where a claim stands on its page."""
    return f"{judged.claim.id.lower().replace('.', '')}-{judged.verdict}"


def _claim(judgement: Judgement, judged: Judged, figure: Figure) -> list[str]:
    claim, base = judged.claim, judgement.ledger.base
    source = f" ({claim.source})" if claim.source else ""
    verdict = " ".join(part for part in (ledger_words.verdict(judged, judgement.made), ledger_words.parts(judged)) if part)
    listed = [f"- **{verdict.partition(':')[0]}**:{verdict.partition(':')[2]}" if ":" in verdict else f"- {verdict}"]
    more = (ledger_words.magnitude(judged), ledger_words.prior(judged), ledger_words.needs(judged))
    listed += [f"- {line}" for line in more if line]
    listed += [f"- The record. {ledger_words.record(said, judged, n)}" for n, said in enumerate(judged.said)]
    exact = [
        f"- Estimand {n}: {exactly(e, sides(e, base)[0].scenario)} Claimed: {claimed(e)}."
        for n, e in enumerate(claim.estimand, 1)
    ]
    parts = [
        f"## {claim.id}: {judged.verdict}",
        f"**{claim.claim}**{source}",
        "\n".join(listed),
        _estimands(judged),
        f"![{figure.alt}](img/{figure.name}.svg)",
        f"*Why these estimands.* {claim.why}",
        "\n".join(exact),
    ]
    if claim.fact:
        parts += [f"*Beside the model.* {ledger_words.balance(claim)}",
                  "\n".join(f"- {ledger_words.fact(fact, base)}" for fact in claim.fact)]  # fmt: skip
    if claim.caveat:
        parts.append(f"*Caveat.* {claim.caveat}")
    return parts


def _estimands(judged: Judged) -> str:
    rows = [
        (f"{n}. {e.what}", claimed(e), ledger.effect(e, f), ledger.share(f.probability), ledger.size(f), ledger.share(f.noise))
        for n, (e, f) in enumerate(zip(judged.claim.estimand, judged.under.found, strict=True), 1)
    ]
    return table(("estimand", "claimed", "effect (middle 90 %)", "P", "in luck's spreads", "noise"), rows, 2)

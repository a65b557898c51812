"""The reliability of the record as it is told: the same document in a terminal, as JSON and as a page of Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hegemon.history import reliability
from hegemon.history.codings import CODERS
from hegemon.pages.document import Document, Section
from hegemon.pages.figure import Table

if TYPE_CHECKING:
    import pandas as pd

READING = """*agree* is the share of crises with the same code. *kappa* (two coders) and *alpha* (any number) are 1 for perfect
agreement and 0 for chance; where codes are graded they weigh by distance. *from* and *to* bound alpha in 95 of 100 resamples of
whole states. A dash: too few crises, or one code only. An interval that begins far below its alpha rests on one or two states."""

THIRD = """What ICB, UCDP, MID, TIES and others record of the same crises, by rule and coded by nobody here. They see the
patron in part of the crises only; where no source has him, silence is missing, not abstention. *Level within their bounds* and
*kind among theirs* are over all crises they list, the others over those in which they see the patron, or grade the crisis."""

CAVEAT = """Coders worked blind to each other, from the same codebook, machine-assisted and with the same literature. Their errors
are not independent, and their agreement is an upper bound; agreement with third parties, who see mostly force and know less, is
nearer to a lower one. The truth lies between. `hegemon data code` lets a
further person code blind, and `--codings FILE` adds that person here."""

APART = {"kind": "kind", "decade": "decade", "coder_confidence": "confidence"}


def document(told: pd.DataFrame, command: str = "hegemon data reliability --out docs/reliability.md") -> Document:
    """Everything there is to say, in its order."""
    pairs = reliability.pairs(told)
    who = [name for name in sorted(told["coder"].unique()) if name != "rules"]
    one, other = pairs[0]
    found = [Section("Who coded", [_coders(told)], "coders")]
    first: pd.DataFrame | None = None
    for mine, yours in pairs:
        table = reliability.agreement(told, mine, yours)
        first = table if first is None else first
        said = _said(reliability.differing(told, mine, yours), mine, yours)
        found.append(Section(f"Coders {mine} and {yours}, column by column", [_table(table), said], f"pair-{mine}-{yours}"))
    if len(who) > 2:
        together = reliability.together(told, who)
        found.append(Section("All coders together", [_table(together, "Krippendorff's alpha.")], "together"))
    for group, word in APART.items():
        tables = [_table(reliability.by_group(told, one, other, column, group), f"`{column}`, coders {one} and {other}.")
                  for column in ("response_primary", "severity", "incumbent_before", "host_request")]  # fmt: skip
        found.append(Section(f"By {word}", tables, word, brief=False))
    counts = [_counts(told, *pair, column) for pair in pairs for column in ("response_primary", "kind")
              if len(reliability.differing(told, *pair, column))]  # fmt: skip
    said = "Pairs of coders who never differ in a column are left out."
    found.append(Section("What was taken for what", [said, *counts], "confusion", brief=False))
    third = reliability.against_third_parties(told)
    found.append(Section("Against third parties", [THIRD, _table(third)], "third"))
    assert first is not None
    return Document(
        kicker="reliability", title="How reliable the record is",
        question="Do people who code the same crisis from the same codebook say the same, and do others who never saw it?",
        finding=_finding(first, third, one, other), sentences=[READING.replace("\n", " ")], sections=found,
        caveats=[CAVEAT.replace("\n", " ")], made=[("command", f"`{command}`")],
    )  # fmt: skip


def _finding(table: pd.DataFrame, third: pd.DataFrame, one: str, other: str) -> str:
    """What the page comes to: the patron's answer, by two coders and by third parties, and the weakest column."""
    by = {row["column"]: row for row in table.to_dict("records")}
    answer = by["response_primary"]
    weakest = min((row for name, row in by.items() if name != "coder_confidence"), key=lambda row: row["alpha"])
    seen = next(row for row in third.to_dict("records") if (row["crises of"], row["what"]) == ("all", "same instrument"))
    return (
        f"Coders {one} and {other} give the same primary response in {answer['agree']:.0%} of {answer['crises']} crises "
        f"(alpha {answer['alpha']:.2f}, {answer['low']:.2f} to {answer['high']:.2f}); the first coding and third parties in "
        f"{seen['agree']:.0%} of {seen['crises']} (kappa {seen['kappa']:.2f}). The weakest column is `{weakest['column']}` "
        f"(alpha {weakest['alpha']:.2f})."
    )


def _coders(told: pd.DataFrame) -> Table:
    rows = [(str(name), f"{len(part)}", CODERS.get(str(name), "a coder of your own")) for name, part in told.groupby("coder")]
    return Table(("coder", "crises", "what"), rows)


def _table(table: pd.DataFrame, caption: str = "") -> Table:
    named = {"low": "from", "high": "to", "coder_confidence": "confidence"}
    head = [named.get(str(name), str(name)) for name in table.columns]
    return Table(head, [[_cell(value) for value in row] for row in table.itertuples(index=False)], caption)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if value == value else "–"
    return str(value)


def _said(differ: pd.DataFrame, one: str, other: str) -> str:
    """Where two coders' responses differ, in a sentence."""
    if differ.empty:
        return "Their primary responses never differ."
    told = [f"`{row['crisis_id']}` ({row['first']}; {row['second']})" for row in differ.to_dict("records")]
    return f"Primary responses differ (coder {one}; coder {other}) in {', '.join(told)}."


def _counts(told: pd.DataFrame, one: str, other: str, column: str) -> Table:
    counts = reliability.confusion(told, one, other, column)
    used = [str(code) for code in counts.index if counts.loc[code].sum() + counts[code].sum() > 0]
    rows = [[code, *(str(n) if (n := counts.loc[code, to]) else "" for to in used)] for code in used]
    return Table([f"`{column}`", *used], rows, f"Coder {one} in rows, coder {other} in columns.")

"""What a coder is asked, in which order: the crisis first, then the patron's answer, then what came of it.

Kind, severity, line and request come first because they are known, or meant to be known, when the patron decides; whoever has
just coded what he did would read them in its light. Meanings are those of the codebook, read from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from hegemon.history.reading import CODES


@dataclass(frozen=True)
class Question:
    """One column: what is asked, the codes with their meaning, whether several may be given, whether it may stay open."""

    column: str
    text: str
    codes: tuple[tuple[str, str], ...] = ()
    many: bool = False
    optional: bool = False
    book: str = ""
    """What the codebook says of it."""


@dataclass(frozen=True)
class Step:
    """Questions that are answered together. What was answered is fixed once something of a later step is."""

    title: str
    why: str
    questions: tuple[Question, ...]


LINES = ("for the patron", "balanced between patron and others", "for the patron's rivals")
MEANING: dict[str, tuple[str, ...]] = {
    "incumbent_before": LINES,
    "orientation_after": LINES,
    "severity": ("low: no threat to rule or territory", "medium: deaths, serious cost or a lasting issue, but rule holds",
                 "high: threatens the regime, or large or sustained war"),
    "host_request": ("no", "yes"),
    "refused": ("no, or it was given", "yes: the form of help asked for was declined"),
    "side": ("for the incumbents at the start", "against them", "even-handed, or for the regime but not its leader",
             "no act, or about others"),
    "force_size": ("nobody was sent", "under 1,000 persons", "1,000 to 10,000", "above 10,000"),
    "legal_frame": ("request or treaty of the host", "decision of a regional body", "authorised by the Security Council",
                    "the patron's own claim", "nobody was sent, or no cover"),
    "incumbent_survived": ("no", "yes"),
    "autonomy_change": ("less room", "same or unclear", "more room"),
    "coder_confidence": ("facts and codes well attested", "facts clear, a code or two debatable",
                         "the patron's role is disputed"),
}  # fmt: skip


@cache
def steps() -> tuple[Step, ...]:
    """All questions."""
    kinds, responses = _table("kind"), _table("response_primary")

    def coded(column: str, text: str, **more: bool) -> Question:
        known = CODES[column]
        return Question(column, text, tuple(zip(known, MEANING[column], strict=True)), book=passage(column), **more)

    book = passage("host_request")
    asked = Question("host_request", "Did the incumbents ask the patron, or the pact it leads, for help?",
                     tuple(zip(("none", "asked"), MEANING["host_request"], strict=True)), book=book)  # fmt: skip
    refused = Question("refused", "If they asked: was what they asked for declined?",
                       tuple(zip(("0", "1"), MEANING["refused"], strict=True)), optional=True, book=book)  # fmt: skip
    rivals = tuple((code, code.replace("_", " ")) for code in CODES["rival_response"])
    return (
        Step("The crisis", "As it stood before the patron answered.", (
            Question("kind", "What kind of challenge is it?", kinds, book=passage("kind")),
            coded("severity", "How grave was it?"),
            coded("incumbent_before", "Which way did those who governed lean before it?"),
            asked,
        )),
        Step("The patron's answer", "What the patron did. From the first code here on, the crisis is fixed.", (
            Question("response_primary", "What was the costliest act that shaped the episode?", responses,
                     book=passage("response_primary") + "\n\n" + rules()),
            Question("responses_secondary", "What else?", responses, many=True, optional=True, book=passage("response_primary")),
            coded("side", "For whom was the primary act?"),
            coded("force_size", "How many persons were sent?", optional=True),
            coded("legal_frame", "Under what cover?"),
            refused,
        )),
        Step("What came of it", "In the months after.", (
            coded("incumbent_survived", "Are those who governed at the start in office at the end?"),
            coded("orientation_after", "Which way do those who govern lean after it?"),
            Question("rival_response", "What did the rivals do?", rivals, many=True, optional=True,
                     book=passage("rival_response")),
            coded("autonomy_change", "Room for a foreign policy of one's own, about a year after?"),
        )),
        Step("Yourself", "How sure you are, and where you know it from.", (
            coded("coder_confidence", "How sure are you of these codes?"),
            Question("note", "What should a reader know?", optional=True),
            Question("sources", "Sources: addresses or references, separated by semicolons", optional=True),
        )),
    )  # fmt: skip


def questions() -> dict[str, Question]:
    """By column."""
    return {question.column: question for step in steps() for question in step.questions}


@cache
def _book() -> str:
    return resources.files("hegemon.history").joinpath("codebook.md").read_text("utf-8")


def passage(column: str) -> str:
    """What the codebook says of a column: its paragraph, up to the next column's."""
    text = _book().partition("## Columns of the crisis files")[2].partition("\n## ")[0]
    start = text.find(f"**{column}**")
    if start < 0:
        return ""
    start = text.rfind("\n\n", 0, start) + 2
    end = re.search(r"\n\n\*\*", text[start:])
    return text[start : start + end.start() if end else len(text)].strip()


def rules() -> str:
    """The codebook's three rules, without what they did to single rows."""
    text = _book().partition("## Three rules of the second edition")[2].partition("\n| coded again")[0]
    return text[text.find("1. **") :].strip()


def _table(column: str) -> tuple[tuple[str, str], ...]:
    """Codes and meanings of a table below a column's paragraph."""
    found = re.findall(r"^\| (\w+) \| (.+?) \|$", passage(column), re.MULTILINE)
    return tuple((code, meaning.replace("**", "")) for code, meaning in found if code != "code")

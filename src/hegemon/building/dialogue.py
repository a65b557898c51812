"""Asking a person in a terminal, question by question, what no data set says. Return keeps the default."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hegemon.building.answers import LINES, Answers, Estimate, checked
from hegemon.building.build import Built
from hegemon.building.facts import Reading
from hegemon.building.figures import frozen, troops
from hegemon.errors import BadValue, UserError, did_you_mean, shown

Ask = Callable[[str, str], str]
"""Puts a question with its default; gives what was typed, the default where nothing was."""

Told = Callable[[str], None]


@dataclass(frozen=True)
class Question:
    """A question about one answer, by its keys in the file."""

    at: tuple[str, ...]
    text: str
    default: str
    read: Callable[[str], Any]


def questions(b: Built) -> Iterator[Question]:
    """What is asked, neighbour by neighbour and then of the order; what is answered already is not asked."""
    a, f = b.answers, b.facts
    for iso in f.neighbours:
        name = f"{b.name(iso)} ({iso})"
        if iso not in a.line:
            yield Question(
                ("line", iso), f"{name}: line of the incumbents, pro_patron, balanced or pro_rival", f.line(iso), _line
            )
        if a.pact.member is None and not f.pact(iso):
            yield Question(
                ("pact", "member", iso),
                f"{name}: quarter in which it joined {b.patron}'s pact, as 1961Q2; none",
                "none",
                _joined,
            )
        if iso not in a.troops:
            yield Question(
                ("troops", iso),
                f"{name}: {b.patron}'s soldiers there, a number or low value high",
                " ".join(dict.fromkeys(f"{number:g}" for number in troops(f, iso))),
                _numbers,
            )
        if iso not in a.force:
            yield Question(
                ("force", iso),
                f"{name}: force by {b.patron} in living memory, 1 or 0",
                f"{f.past_force(iso):.0f}",
                _yes,
            )
        if iso not in a.frozen and frozen(f, iso, Reading()) > 0:
            mid = f"{frozen(f, iso, Reading()):.2f}"
            yield Question(("frozen", iso), f"{name}: an entity outside the centre's control, 0 .. 1", mid, _numbers)
    attention, doctrine = b.orders()
    for key, text in (("idea", "what the order says it protects, 0 conservative security .. 1 liberal"),
                      ("start", "0 non-intervention .. 1 each one's internal security is everybody's business")):  # fmt: skip
        if getattr(a.doctrine, key) is None:
            yield Question(("doctrine", key), f"Doctrine: {text}", _three(doctrine[key]), _numbers)
    for pole, value in attention.items():
        if pole not in a.attention:
            yield Question(
                ("attention", pole), f"How much {pole} cares about the region, 0 .. 1", _three(value), _numbers
            )


def conversation(b: Built, ask: Ask, tell: Told) -> Answers:
    """The answers, with what a person has said; a wrong answer is told why, and asked again."""
    tables = b.answers.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    tables["order"] = b.answers.order.model_dump(mode="json", by_alias=True, exclude_none=True)
    for question in questions(b):
        while True:
            said = ask(question.text, question.default).strip()
            if said == question.default:
                break
            try:
                value = question.read(said)
                tried = _with(tables, question.at, value) if value is not None else tables
                checked(tried)
            except UserError as mistake:
                tell(str(mistake))
                continue
            tables = tried
            break
    return checked(tables)


def _with(tables: dict[str, Any], at: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The same tables with a value."""
    key, *rest = at
    return {**tables, key: _with(tables.get(key, {}), tuple(rest), value) if rest else value}


def _three(value: Estimate) -> str:
    return f"{value[0]:.2f} {value[1]:.2f} {value[2]:.2f}"


def _line(word: str) -> str:
    found = [
        each for each in LINES if each == word or each.startswith(word) or each.removeprefix("pro_").startswith(word)
    ]
    if len(found) != 1:
        raise BadValue(f"{shown(word)} is no line", did_you_mean(word, LINES))
    return found[0]


def _joined(word: str) -> list[dict[str, str]] | None:
    return None if word.lower() in ("none", "no") else [{"from": word.upper()}]


def _yes(word: str) -> int:
    known = {"1": 1, "y": 1, "yes": 1, "0": 0, "n": 0, "no": 0}
    if word.lower() not in known:
        raise BadValue(f"{shown(word)} is neither 1 nor 0", "Write 1 for yes, 0 for no.")
    return known[word.lower()]


def _numbers(words: str) -> float | list[float]:
    parts = words.replace(",", " ").split()
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        raise BadValue(f"{shown(words)} is no number", "Write one number, or three: low value high.") from None
    if len(numbers) not in (1, 3):
        raise BadValue(f"{shown(words)} are {len(numbers)} numbers", "Write one number, or three: low value high.")
    return numbers[0] if len(numbers) == 1 else numbers

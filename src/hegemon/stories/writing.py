"""How a story is written: sentences whose numbers are taken from what is shown beside them, or from a result that is named."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from hegemon.sentences.numbers import fixed, percent

FORMATS = ("share", "number", "count", "mean")
"""A share in per cent; two decimals; a whole number; one decimal."""


def text(value: float, form: str) -> str:
    """A number as a story prints it."""
    if form == "share":
        return percent(value)
    return f"{value:,.0f}" if form == "count" else fixed(value, 1 if form == "mean" else 2)


@dataclass(frozen=True)
class Number:
    """A number, and where it is from.

    of  the result and what of it, in words: "run: autonomy of KAZ, 2022Q1, median"
    at  its place in what is shown; empty where it is in the result alone
    """

    value: float
    form: str
    of: str
    at: tuple[str | int, ...] = ()

    @property
    def text(self) -> str:
        """As it is printed."""
        return text(self.value, self.form)


@dataclass
class Writer:
    """A story while it is written."""

    name: str
    title: str
    deck: str
    minutes: int
    made: dict[str, str]
    steps: list[dict[str, Any]] = field(default_factory=list)
    shows: dict[str, Any] = field(default_factory=dict)
    numbers: list[dict[str, Any]] = field(default_factory=list)

    def step(
        self, title: str, lines: Sequence[str], show: str, *, at: str | None = None, state: str | None = None,
        link: str | None = None, **numbers: Number,
    ) -> None:  # fmt: skip
        """A step. `lines` have {slots} for the numbers; words that were made of numbers elsewhere (`told`) stand as they are."""
        used = {name for line in lines for _, name, _, _ in string.Formatter().parse(line) if name}
        if used != set(numbers):
            raise ValueError(f"{title}: {sorted(used ^ set(numbers))}")
        said = [line.format(**{name: number.text for name, number in numbers.items()}) for line in lines]
        step = {"title": title, "text": said, "show": show, "at": at, "state": state, "link": link}
        self.numbers += [{"step": len(self.steps), "text": number.text, **asdict(number)} for number in numbers.values()]
        self.steps.append(step)

    def told(self, sentence: str, of: str) -> str:
        """A sentence that the text layer has made of a result: its numbers are taken as said, with their source."""
        self.numbers.append({"step": len(self.steps), "text": sentence, "value": None, "form": "sentence", "of": of, "at": []})
        return sentence.replace("{", "{{").replace("}", "}}")

    def plain(self) -> Mapping[str, Any]:
        """Ready to be kept."""
        return {"name": self.name, "title": self.title, "deck": self.deck, "minutes": self.minutes, "steps": self.steps,
                "shows": self.shows, "numbers": self.numbers, "made": self.made}  # fmt: skip

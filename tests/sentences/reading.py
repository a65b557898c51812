"""Reads sentences back: what a phrase was filled with, and which numbers are printed in a text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence

from hegemon.sentences.phrases import PHRASES

NUMERAL = re.compile(r"(?<![\w.])[+\N{MINUS SIGN}-]?\d[\d,]*(?:\.\d+)?(?:e-\d+)?(?![\w])")
DATE = re.compile(r"\b(?:1[89]|20)\d\d(?:Q[1-4]|-\d\d-\d\d)\b")


def number(text: str) -> float:
    """A printed number."""
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", "").replace("+", ""))


def half(text: str) -> float:
    """How far a value may lie from a number that was rounded to what is printed."""
    if "e" in text:
        return 0.5 * 10.0 ** int(text.partition("e")[2])
    return 0.5 * 10.0 ** -len(text.partition(".")[2])


@functools.cache
def pattern(template: str) -> re.Pattern[str]:
    """A template as a pattern with a group for each of its slots."""
    parts, seen = re.split(r"\{(\w+)\}", template), set[str]()
    found = ""
    for n, part in enumerate(parts):
        if n % 2 == 0:
            found += re.escape(part)
        else:
            found += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
            seen.add(part)
    return re.compile(found)


def slots(text: str, template: str) -> dict[str, str] | None:
    """What a template was filled with; None where the text is not of it."""
    found = pattern(template).fullmatch(text)
    return found.groupdict() if found else None


def phrase(text: str, names: Iterable[str]) -> tuple[str, Mapping[str, str]]:
    """The one phrase of these that a sentence is made of, and its slots."""
    found = [(name, given) for name in names if (given := slots(text, PHRASES[name])) is not None]
    assert len(found) == 1, (text, [name for name, _ in found])
    return found[0]


def near(printed: str, value: float, scale: float = 1.0, beyond: float = 0.0) -> bool:
    """Whether a number is printed from a value; `beyond`: what more the value itself is rounded by."""
    bare = re.sub(r"%| points?$", "", printed)
    for words, holds in (("less than ", lambda v, at: 0.0 < v < at), ("more than ", lambda v, at: at < v)):
        if bare.startswith(words):
            return bool(holds(scale * value, number(bare.removeprefix(words))))
    return abs(number(bare) - scale * value) <= half(bare) + beyond + 1e-9


def told(text: str, values: Sequence[float], beyond: float = 0.0) -> None:
    """Every numeral of a text is printed from these values, in this order: shares and points from shares."""
    without = DATE.sub("", text)
    found = [(m[0], without[m.end() : m.end() + 1] == "%", without[: m.start()]) for m in NUMERAL.finditer(without)]
    assert len(found) == len(values), (text, [f[0] for f in found], values)
    for (printed, is_share, before), value in zip(found, values, strict=True):
        words = re.search(r"(less|more) than $|([<>]) $", before)
        at = number(printed) / (100.0 if is_share else 1.0)
        if words and (words[1] or words[2]):
            assert value < at if (words[1] or words[2]) in ("less", "<") else value > at, (text, printed, value)
        else:
            assert near(printed, value, 100.0 if is_share else 1.0, beyond), (text, printed, value)

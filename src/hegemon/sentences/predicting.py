"""Predicted answers in words: the likeliest, what happened, and how often the one was the other."""

from __future__ import annotations

from collections.abc import Sequence

from hegemon.sentences.numbers import chance

PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def answer(ranked: Sequence[tuple[str, float]], happened: str | None) -> str:
    """A crisis: answers with their probabilities, the likeliest first, and which one was given, where that is coded."""
    (one, p), (other, q) = ranked[:2]
    said = f"Likeliest: {one} ({chance(p)}), then {other} ({chance(q)})."
    place = next((n for n, (name, _) in enumerate(ranked) if name == happened), None)
    if place is None:
        return said
    return f"{said} What happened, {happened}, was its {PLACES[place]} answer ({chance(ranked[place][1])})."


def named(coded: int, first: int, three: int, learned: bool) -> str:
    """How often what happened was named. `learned`: whether it had learned from these very crises."""
    if not coded:
        return ""
    such = "one crisis" if coded == 1 else f"{coded:,} crises"
    said = f"Of {such} whose answer is on record, it names the answer first in {first:,} and among three in {three:,}."
    return f"{said} It had learned from them: a description, no forecast." if learned else said

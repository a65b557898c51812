"""A run in a few sentences: how much room the patron leaves, what it answers, how often there is a crisis, how it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hegemon.sentences.headline import STILL
from hegemon.sentences.measures import measure, slots
from hegemon.sentences.numbers import fixed, level, percent


@dataclass(frozen=True)
class Ending:
    """A neighbour at the end of a run: 5, 50 and 95 % of histories."""

    who: str
    low: float
    middle: float
    high: float

    def said(self) -> str:
        """ "Estonia (99%; nine histories in ten between 95% and 100%)"."""
        low, middle, high = (percent(v) for v in (self.low, self.middle, self.high))
        spread = "nearly the same in every history" if low == high else f"nine histories in ten between {low} and {high}"
        return f"{self.who} ({middle}; {spread})"


def moved(before: float, after: float, unit: str = "share") -> str:
    """ "rises from 27% to 31%"."""
    if abs(after - before) < STILL:
        return f"stays near {level(after, unit)}"
    return f"{'rises' if after > before else 'falls'} from {level(before, unit)} to {level(after, unit)}"


def room(given: str, before: float, after: float, since: str, until: str, most: Ending, least: Ending) -> str:
    """How much of foreign policy is left to the median neighbour, and to those at the ends."""
    return (f"{given[0].upper()}{given[1:]}: the share of all conceivable foreign policies that is open to the median neighbour "
            f"{moved(before, after)} between {since} and {until}. It ends largest in {most.said()} and smallest in "
            f"{least.said()}.")  # fmt: skip


def answers(patron: str, shares: Sequence[tuple[str, float]]) -> str:
    """What the patron does most often about a crisis."""
    from hegemon.pages.words import listed

    return f"Answers: {patron} most often chooses {listed([f'{name} ({percent(share)})' for name, share in shares])}."


def crises(expected: float, recorded: float) -> str:
    """How many crises a history holds, beside the one there was."""
    return f"Crises: a history holds {fixed(expected)} on average; the one history there was holds {fixed(recorded)}."


def regard(patron: str, ends: Sequence[tuple[str, float, float]]) -> str:
    """How the patron is seen, on average over neighbours: measure, then and now."""
    said = []
    for name, before, after in ends:
        noun = measure(name).noun.format(**slots("the average neighbour", patron))
        said.append(f"{noun} {moved(before, after)} of its scale")
    return f"Regard: {'; '.join(said)}."


def spread(parameters: float, figures: float | None) -> str:
    """What histories differ in at the end, and what of it evidence could narrow."""
    given = "" if figures is None else f"{percent(figures)} is figures of the start, which nobody knows better, "
    return (f"Of what histories differ in at the end (variance of room for foreign policy, median over neighbours), "
            f"{percent(parameters)} is parameters, which evidence could narrow, {given}and the rest luck, which nothing "
            "can.")  # fmt: skip

"""What outcomes depend on, in words: which parameters most, how much is luck, and the boxes in which something happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hegemon.sentences.numbers import MINUS, known, percent

WHOLE = 1e-9
"""A limit so near the end of a prior is none."""


def number(value: float) -> str:
    """A number with three digits that count."""
    return "" if not known(value) else f"{value:.3g}".replace("-", MINUS)


def index(value: float) -> str:
    """An index with two decimals; no negative nought."""
    return "" if not known(value) else f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", MINUS)


def between(low: float, high: float) -> str:
    """An interval of indices."""
    return f"{index(low)} to {index(high)}" if known(low) else ""


def capital(text: str) -> str:
    """A sentence's beginning."""
    return text[:1].upper() + text[1:]


def share(value: float) -> str:
    """A share of a variance: what is not nought does not print as nought."""
    if not known(value):
        return ""
    return "less than 1%" if 0.0 < value < 0.005 else percent(value)


# ---- What it depends on ----


def leading(named: Sequence[tuple[str, str]], what: str, rest: str, luck: float) -> str:
    """The factors that matter most with their `what`, what all others amount to, and how much is luck."""
    from hegemon.pages.words import listed

    told = [f"most depends on {listed([f'{name} ({size})' for name, size in named])} ({what})."] if named else []
    told += [rest] if rest and named else []
    told += [f"Luck: {share(luck)} of the variance of single histories." if known(luck) else "It does not vary."]
    return " ".join(told)


def others(count: int, total: float) -> str:
    """What the parameters that were not looked at one by one amount to."""
    return f"The other {count:,} parameters together: {index(total)}." if count else ""


def luck(mean: float, spread: float, history: float, remaining: float, runs: int, left: str) -> str:
    """Where an outcome's variance comes from. `left`: what becomes of the luck in means."""
    if not known(history):
        return f"Mean {number(mean)}; it does not vary."
    return (f"Mean {number(mean)}, standard deviation over parameters {number(spread)}. Of the variance of single histories "
            f"{share(history)} is luck; of that of means over {runs:,} histories {share(remaining)}{left}")  # fmt: skip


LEFT_OUT, TOO_MUCH = ", which the indices leave out.", ": too much for indices. Ask for more histories per set."


def by_chance(parameters: int, most: float) -> str:
    """What a coefficient must exceed to be worth a word."""
    return (f"Among {parameters:,} parameters, chance alone gives the largest coefficient up to {index(most)}, nine times in "
            "ten.")  # fmt: skip


def first(name: str, total: float, low: float, high: float, alone: float) -> str:
    """The factor with the largest index."""
    return f"Most depends on {name}: total index {index(total)} ({between(low, high)}), alone {index(alone)}."


def largest(name: str, value: float) -> str:
    """The factor with the largest effect."""
    return f"Largest: {name}, {number(value)}."


@dataclass(frozen=True)
class Swing:
    """An outcome at both ends of a parameter: below and above which values, and the outcome there."""

    name: str
    unit: str
    below: float
    low: float
    above: float
    high: float

    def said(self) -> str:
        """Which way it goes, and how far."""
        if number(self.low) == number(self.high):
            return f"Widest: {self.name}, and even that changes it from {number(self.low)} by nothing that shows."
        return (f"Widest: {self.name}, from {number(self.low)} where it is below {number(self.below)} to {number(self.high)} "
                f"where it is above {number(self.above)} ({self.unit}).")  # fmt: skip


# ---- When something happens ----


@dataclass(frozen=True)
class Side:
    """A parameter's part of a box.

    low, high    quantiles of its prior
    least, most  the values there
    p            the quasi-p-value
    """

    name: str
    unit: str
    low: float
    high: float
    least: float
    most: float
    p: float

    def within(self, both: str = "{} to {}") -> str:
        """Which values it leaves: "above 0.21"."""
        if self.low <= WHOLE:
            return f"below {number(self.most)}"
        return f"above {number(self.least)}" if self.high >= 1.0 - WHOLE else both.format(number(self.least), number(self.most))

    def said(self) -> str:
        """ "red_line.doctrine lies above 0.21 (log-odds; upper 64% of its prior; quasi-p 2e-05)"."""
        part = f"from {percent(self.low)} to {percent(self.high)}"
        if self.low <= WHOLE or self.high >= 1.0 - WHOLE:
            part = f"lower {percent(self.high)}" if self.low <= WHOLE else f"upper {percent(1.0 - self.low)}"
        return f"{self.name} lies {self.within('between {} and {}')} ({self.unit}; {part} of its prior; quasi-p {self.p:.1g})"


@dataclass(frozen=True)
class Judged:
    """How well a box does: share of its sets in question, share of those in question that lie in it, among how many sets."""

    density: float
    coverage: float
    sets: int


def box(sides: Sequence[Side], condition: str, of: Judged) -> str:
    """A box, with how well it does among the sets that judge it."""
    from hegemon.pages.words import listed

    return (f"Where {listed([side.said() for side in sides])}: {condition} in {percent(of.density)} of sets (density), and "
            f"{percent(of.coverage)} of all sets where it is so lie here (coverage); by {of.sets:,} sets that took no part in "
            "the search.")  # fmt: skip


def best(of: Judged) -> str:
    """How well the first box does."""
    return (f"The first box covers {percent(of.coverage)} of these at a density of {percent(of.density)}, by sets that took no "
            "part in the search.")  # fmt: skip


def held(condition: str, holds: int, sets: int, *, boxes: bool) -> str:
    """What came of the search for boxes."""
    said = f"{capital(condition)} holds in {holds:,} of {sets:,} sets"
    if boxes:
        return f"{said} ({share(holds / sets)})."
    if holds in (0, sets):
        return f"{said}: there is nothing to tell apart."
    return f"{said}, and no box of parameters tells them from the rest."

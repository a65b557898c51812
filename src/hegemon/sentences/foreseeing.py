"""A forecast in words: what may come against the rate of the past, what its chances hang on, how near it came to what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hegemon.sentences.measures import owned, within
from hegemon.sentences.numbers import chance, fixed, known, signed
from hegemon.sentences.placing import both

DIGITS = 3
"""Decimals of a score of ties, and of what it is ahead by."""


@dataclass(frozen=True)
class Chance:
    """How likely a crisis is, and how likely at the rate of the past (NaN: not known). `what`: "Georgia, uprising"."""

    what: str
    probability: float
    base: float

    def beside(self) -> str:
        """ "29%, where the rate of the past says 13%"."""
        if not known(self.base):
            return chance(self.probability)
        two = both(self.probability, self.base)
        if two is None:
            return f"{chance(self.probability)}, as at the rate of the past"
        mine, base = two if min(self.probability, self.base) >= 0.005 else (chance(self.probability), chance(self.base))
        return f"{mine}, where the rate of the past says {base}"

    def said(self) -> str:
        return f"{self.what} ({self.beside()})"


@dataclass(frozen=True)
class Counted:
    """A count of crises: how many came, and between how many nine histories in ten lie."""

    what: str
    came: int
    low: int
    high: int

    def said(self) -> str:
        return f"{self.what} ({self.came} came; {self.low} to {self.high})"


# ---- What may come ----


def expected(first: str, last: str, mean: float, low: int, high: int) -> str:
    """How many crises."""
    spread = f"exactly {low} in nine histories in ten" if low == high else f"{low} to {high} in nine histories in ten"
    return f"From {first} to {last} a history holds {fixed(mean)} crises on average ({spread})."


def likeliest(of: Chance) -> str:
    """Who is likeliest to see one."""
    return f"Likeliest to see at least one is {of.said()}."


def most_of(kind: str, mean: float) -> str:
    """Of which kind most are to be expected."""
    return f"Most are to be expected of one kind: {kind}, {fixed(mean)} a history."


def by_kind(shares: Sequence[tuple[str, float]]) -> str:
    """How likely at least one is of each kind."""
    from hegemon.pages.words import listed

    return f"At least one of a kind: {listed([f'{kind} {chance(share)}' for kind, share in shares])}."


def furthest(above: Chance | None, below: Chance | None) -> str:
    """Where a chance is furthest from the rate of the past, either way; None where none is."""
    parts = [f"furthest {way} the rate of the past is {of.said()}" for way, of in (("above", above), ("below", below)) if of]
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def moved(assumption: str, by: float) -> str:
    """By how much an assumption moves a chance: "−12 points without learning"; "+2 points with a patron a quarter weaker"."""
    points = signed(100.0 * by) if abs(by) >= 0.005 else signed(100.0 * by, 1)
    unit = "point" if points.lstrip("+\N{MINUS SIGN}") == "1" else "points"
    return f"{points} {unit} {assumption if assumption.startswith('without') else f'with {assumption}'}"


def hanging(of: Sequence[tuple[str, str, float]]) -> str:
    """What moves the chances of the likeliest neighbours most: neighbour, assumption, by how much."""
    from hegemon.pages.words import listed

    if not of:
        return ""
    return f"What moves these chances most: {listed([f'{owned(who)} {moved(what, by)}' for who, what, by in of])}."


# ---- How near it came ----


def scored(group: str, counts: int, inside: int, mine: float, rule: str, best: float) -> str:
    """Counts of a group beside what came: how many lie inside, and the log score beside the best rule without a theory."""
    lie = "all" if inside == counts else "none" if inside == 0 else f"{inside}"
    ends = f"{group}: {lie} of {counts} counts lie where nine histories in ten do; the mean log score (higher is better)"
    digits = 2 if fixed(mine, 2) != fixed(best, 2) else 3
    if fixed(mine, digits) == fixed(best, digits):
        return f"{ends} is {fixed(mine, digits)}, as that of the best rule without a theory ({rule})."
    way = "better" if mine > best else "worse"
    return (f"{ends} is {fixed(mine, digits)}, {way} than the {fixed(best, digits)} of the best rule without a theory "
            f"({rule}).")  # fmt: skip


def outside(missed: Sequence[Counted]) -> str:
    """Counts that nine histories in ten do not hold."""
    from hegemon.pages.words import listed

    if not missed:
        return "Nine histories in ten hold every count that came."
    return f"Outside what nine histories in ten hold: {listed([each.said() for each in missed])}."


@dataclass(frozen=True)
class Ahead:
    """By how much a rival's score is worse than that of the histories, with 95 % by neighbour. `rival`: what it is called."""

    rival: str
    score: float
    mean: float
    low: float
    high: float

    def said(self) -> str:
        """ "0.032 for persistence, from which they cannot be told apart (ahead by +0.001; −0.004 to +0.006)"."""
        named = f"{fixed(self.score, DIGITS)} for {self.rival}"
        if not all(map(known, (self.mean, self.low, self.high))):
            return f"{named}, and how sure that is cannot be said of so few"
        way = "than which they are " + ("better" if self.low > 0.0 else "worse")
        if self.low <= 0.0 <= self.high:
            way = "from which they cannot be told apart"
        mean, low, high = (signed(v, DIGITS) for v in (self.mean, self.low, self.high))
        return f"{named}, {way} (ahead by {mean}; {low} to {high})"


def ties(pole: str, cases: int, score: float, rivals: Sequence[Ahead], inside: float) -> str:
    """Ties with a pole beside what was observed."""
    told = "; ".join(each.said() for each in rivals)
    return (f"Ties with {within(pole)}, {cases:,} neighbour-years: the error (mean CRPS, lower is better) is "
            f"{fixed(score, DIGITS)} for the histories; {told}. Nine histories in ten hold {chance(inside)} of what "
            "came.")  # fmt: skip


def spans(quarter: str, least: tuple[str, float], most: tuple[str, float]) -> str:
    """From where to where the medians of room for foreign policy run."""
    two = both(least[1], most[1])
    if two is None:
        return f"Among them the median room for foreign policy at the close of {quarter} is about {chance(least[1])} everywhere."
    return (f"Among them the median room for foreign policy at the close of {quarter} runs from {two[0]} ({least[0]}) to "
            f"{two[1]} ({most[0]}).")  # fmt: skip

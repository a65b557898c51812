"""One sentence or a few on what is shown: a measure of a neighbour at a quarter, over all histories or in one of them."""

from __future__ import annotations

from dataclasses import dataclass

from hegemon.sentences.measures import measure, slots
from hegemon.sentences.numbers import chance, fixed, known, level
from hegemon.sentences.phrases import PHRASES

STILL = 0.02
"""A change by less is hardly one, in shares and on open scales."""

NEARLY = 0.8
"""A band of luck alone that is so much of the whole is nearly all of it."""


@dataclass(frozen=True)
class Shown:
    """What is looked at.

    low, middle, high  5, 50 and 95 % of all histories; None where there is no value
    before             the median at the first quarter, `since`; None at that quarter itself
    luck               what luck alone leaves of nine in ten histories, where that is known
    number, value      the history that is looked at, and its value
    """

    name: str
    who: str
    patron: str
    pole: str
    quarter: str
    low: float | None
    middle: float | None
    high: float | None
    since: str = ""
    before: float | None = None
    luck: tuple[float, float] | None = None
    number: int | None = None
    value: float | None = None


def headline(of: Shown) -> str:
    """What is shown, how it has moved, and how sure it is."""
    m, names = measure(of.name), slots(of.who, of.patron, of.pole)
    asked = of.value if of.number is not None else of.middle
    if not (known(of.low) and known(of.middle) and known(of.high) and known(asked)):
        return PHRASES["nothing"].format(quarter=of.quarter, noun=m.noun.format(**names))
    assert of.low is not None
    assert of.middle is not None
    assert of.high is not None
    assert asked is not None
    clause = m.level.format(value=level(asked, m.unit), **names)
    if m.unit == "yes":
        return _yes(of, clause, of.low, of.middle, of.high)
    low, middle, high = (level(v, m.unit) for v in (of.low, of.middle, of.high))
    alike = low == high
    kind = ("one alike" if alike else "one") if of.number is not None else "alike" if alike else "all"
    said = [PHRASES[kind].format(quarter=of.quarter, number=of.number, level=clause, low=low, middle=middle, high=high)]
    if of.number is None:
        said += [moved(of.middle, of.before, of.since, m.unit), lucky(of.low, of.high, of.luck, m.unit)]
    return " ".join(part for part in said if part)


def _yes(of: Shown, clause: str, low: float, middle: float, high: float) -> str:
    if of.number is not None:
        kind = "one yes" if of.value is not None and of.value > 0.5 else "one no"
    else:
        kind = "yes" if low > 0.5 else "mostly" if middle > 0.5 else "seldom" if high > 0.5 else "no"
    return PHRASES[kind].format(quarter=of.quarter, clause=clause, number=of.number)


def moved(now: float, before: float | None, since: str, unit: str) -> str:
    """How the median has moved since the first quarter."""
    if before is None or not known(before) or not since:
        return ""
    change = now - before
    if abs(change) < STILL:
        return PHRASES["still"].format(since=since, before=level(before, unit))
    return PHRASES["more" if change > 0.0 else "less"].format(since=since, gap=gap(change, unit))


def gap(change: float, unit: str, digits: int = 0) -> str:
    """A difference without its sign."""
    size = abs(change)
    if unit == "number":
        return fixed(size, digits + 2)
    text = fixed(100.0 * size, digits)
    return f"{text} {'point' if text == '1' else 'points'}"


def lucky(low: float, high: float, luck: tuple[float, float] | None, unit: str) -> str:
    """How much of the range is luck, where it is known and there is a range."""
    if luck is None or not all(map(known, luck)) or level(low, unit) == level(high, unit):
        return ""
    if luck[1] - luck[0] >= NEARLY * (high - low):
        return PHRASES["all luck"]
    if level(luck[0], unit) == level(luck[1], unit):
        return PHRASES["no luck"]
    return PHRASES["luck"].format(low=level(luck[0], unit), high=level(luck[1], unit))


SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def passing(quantiles: tuple[float, ...], at: float) -> float | None:
    """Share of histories above a level, between the five quantiles that are kept; None beyond them."""
    if not all(map(known, quantiles)) or at < quantiles[0] or at >= quantiles[-1]:
        return None
    for n in range(len(quantiles) - 1):
        a, b = quantiles[n], quantiles[n + 1]
        if at < b:
            return 1.0 - (SHARES[n] + (SHARES[n + 1] - SHARES[n]) * (at - a) / (b - a))
    return None


def crossing(quantiles: tuple[float, ...], at: float, unit: str) -> str:
    """How often a level is passed."""
    if not all(map(known, quantiles)):
        return ""
    share, text = passing(quantiles, at), level(at, unit)
    if share is None:
        return PHRASES["above almost" if at < quantiles[0] else "above hardly"].format(level=text)
    return PHRASES["above"].format(level=text, share=chance(share))

"""Two orders with the same luck in a sentence: both sides named, which way it goes, what is luck and what is not known."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hegemon.sentences.headline import gap
from hegemon.sentences.measures import measure, slots
from hegemon.sentences.numbers import fixed, known, level, signed
from hegemon.sentences.phrases import PHRASES

LEAST = 0.005
"""A difference that is smaller hardly is one: half a point."""

FAITHFUL = 0.006
"""So far may a printed difference be from the one there is."""


FINEST = 4
"""Digits with which an end of an interval is said at most."""


@dataclass(frozen=True)
class Gap:
    """A difference of means, second less first.

    one, other       what the two sides are called
    low, high        90 % interval of the mean difference; None where nobody knows
    parted           share of pairs in which anything differs by then
    change           what a change does to the measure by definition, in words; empty where it does nothing so
    pairs            5 and 95 % of the differences of single pairs, where they are kept
    """

    name: str
    who: str
    patron: str
    pole: str
    quarter: str
    one: str
    other: str
    first: float | None
    second: float | None
    low: float | None
    high: float | None
    parted: float = 1.0
    change: str = ""
    pairs: tuple[float, float] | None = None


def sided(first: float, second: float, unit: str = "share") -> tuple[int, float]:
    """How many digits more both sides need, and how far apart they are as printed (`level`): who subtracts gets that. One more
    where both print alike, or what is printed is not `FAITHFUL`."""
    scale, digits = (1.0, 2) if unit == "number" else (100.0, 0)
    for more in (0, 1):
        one, other = (math.copysign(float(fixed(abs(scale * side), digits + more)), side) for side in (first, second))
        apart = (other - one) / scale
        if apart != 0.0 and abs(apart - (second - first)) <= FAITHFUL:
            return more, apart
    return 1, second - first


def nought(value: float, digits: int) -> bool:
    """Whether it prints as nought."""
    return math.isfinite(value) and float(fixed(abs(value), digits)) == 0.0


def ends(low: float, high: float, unit: str, more: int) -> tuple[str, str]:
    """An interval of a difference: "+4", "+12 points"; with more digits where an end that is not nought would print as one
    though nought lies outside."""
    scale, digits, unit_ = (1.0, 2 + more, "") if unit == "number" else (100.0, more, " points")
    near = low if low > 0.0 else high if high < 0.0 else math.inf
    while digits < FINEST and nought(scale * near, digits):
        digits += 1
    return signed(scale * low, digits), f"{signed(scale * high, digits)}{unit_}"


def compared(of: Gap) -> str:
    """A difference in words."""
    m = measure(of.name)
    names = {"quarter": of.quarter, "noun": m.noun.format(**slots(of.who, of.patron, of.pole)), "one": of.one, "other": of.other}
    if not (known(of.first) and known(of.second)):
        return PHRASES["nothing"].format(**names)
    assert of.first is not None
    assert of.second is not None
    if of.change:
        return PHRASES["by definition"].format(change=of.change, **names)
    if of.parted == 0.0:
        return PHRASES["same so far"].format(**names)
    difference = of.second - of.first
    if difference == 0.0:
        return PHRASES["same"].format(first=level(of.first, m.unit), **names)
    if abs(difference) < LEAST:
        least = "0.005" if m.unit == "number" else "half a point"
        return PHRASES["hardly"].format(first=level(of.first, m.unit), least=least, **names)
    more, apart = sided(of.first, of.second, m.unit)
    names |= {"first": level(of.first, m.unit, more), "second": level(of.second, m.unit, more), "gap": gap(apart, m.unit, more)}
    sure = known(of.low) and known(of.high) and (of.low > 0.0 or of.high < 0.0)  # type: ignore[operator]
    low, high = ends(of.low, of.high, m.unit, more) if known(of.low) and known(of.high) else ("?", "?")  # type: ignore[arg-type]
    kind = "open" if not sure else "higher" if difference > 0.0 else "lower"
    said = PHRASES[kind].format(low=low, high=high, **names)
    return f"{said} {single(of, m.unit)}".rstrip()


def furthest(quarter: str, who: str, first: float, second: float) -> str:
    """Where the medians of two orders are furthest apart; both sides as far as it takes to tell them apart."""
    if abs(second - first) < LEAST:
        return f"At the close of {quarter} the medians of the two differ in no neighbour by as much as half a point."
    more, _ = sided(first, second)
    one, other = level(first, "share", more), level(second, "share", more)
    return f"At the close of {quarter} the medians are furthest apart in {who}: {one} and {other}."


def single(of: Gap, unit: str) -> str:
    """What luck makes of it from pair to pair."""
    if of.pairs is None or not all(map(known, of.pairs)):
        return ""
    low, high = of.pairs
    if max(abs(low), abs(high)) < LEAST:
        return PHRASES["pairs same"]
    if low > -LEAST or high < LEAST:
        return ""
    told = ends(low, high, unit, 0)
    return PHRASES["pairs"].format(low=told[0], high=told[1])


def fate(kind: str, who: str, crisis: str, one: str, other: str, first: float, second: float, low: float, high: float) -> str:
    """What becomes of a government in a crisis that is asked about. `kind`: "survives" the crisis, or "lasts" to the end."""
    difference, names = second - first, {"whose": slots(who, "")["whose"], "crisis": crisis, "one": one, "other": other}
    if difference == 0.0:
        return PHRASES[f"{kind} alike"].format(first=level(first, "share"), **names) + PHRASES["end"]
    if abs(difference) < LEAST:
        return PHRASES[f"{kind} nearly"].format(first=level(first, "share"), **names) + PHRASES["end"]
    more, apart = sided(first, second)
    said = PHRASES[kind].format(first=level(first, "share", more), second=level(second, "share", more), **names)
    told = ends(low, high, "share", more)
    if low > 0.0 or high < 0.0:
        way = "more often" if difference > 0.0 else "less often"
        return said + PHRASES["sure"].format(gap=gap(apart, "share", more), way=way, low=told[0], high=told[1])
    return said + PHRASES["unsure"].format(low=told[0], high=told[1])

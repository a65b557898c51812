"""A neighbour's room for manoeuvre in words: where it stands, how that has moved, what it must expect, what would widen it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hegemon.sentences.comparing import LEAST, ends, sided
from hegemon.sentences.headline import gap
from hegemon.sentences.measures import measure, slots, within
from hegemon.sentences.numbers import chance, fixed, known, percent, signed
from hegemon.sentences.phrases import PHRASES

NOUGHT = 5e-7
"""A size below which an effect is none at all."""

SMALL = 5e-4
"""A size below which a share hardly counts: the twentieth part of a point."""

FINE = 0.1
"""Shares that are all smaller are told with a digit more."""

OUTCOMES: Mapping[str, str] = {
    "patron_share": "Share of ties with the patron",
    "red_line": "Red line: least share it must leave there",
    "autonomy": "Room: share of foreign policies permitted",
    "crisis_in_a_year": "Chance of a crisis in a year",
    "coercion_in_a_year": "... answered with coercion",
    "force_in_a_year": "... answered with force",
    "help_in_a_year": "... answered with help",
}
"""Main numbers, by the name under which their change stands."""

THINGS: Mapping[str, str] = {
    "dependence": "0.1 more dependence",
    "shelter": "0.1 more shelter by the rival",
    "obligation": "0.1 more obligation",
    "integration": "0.1 more integration",
    "deployment": "0.1 more of a garrison",
    "member": "membership of the pact",
    "doctrine": "0.1 more of the doctrine",
}
"""What might be otherwise, by its measure."""

KIND: Mapping[str, str] = {
    "uprising": "uprisings",
    "turnover": "turnovers",
    "rival_turn": "turns to a rival",
    "secession": "secessions",
    "interstate": "wars between neighbours",
    "dispute": "disputes with the patron",
}


@dataclass(frozen=True)
class Spread:
    """A number over worlds: its mean, and nine in ten of them."""

    mean: float
    low: float
    high: float

    @property
    def nothing(self) -> bool:
        """Whether it is nought in all of them."""
        return all(abs(value) < NOUGHT for value in (self.mean, self.low, self.high))

    def share(self, more: int = 0) -> str:
        """ "44% (30% to 57%)"; without brackets where all print alike. `more`: digits, where so many tell it from another."""
        digits = more or (0 if max(abs(self.low), abs(self.high)) >= FINE else 1)
        mean, low, high = (percent(v, digits) for v in (self.mean, self.low, self.high))
        return mean if mean == low == high else f"{mean} ({low} to {high})"

    def points(self) -> str:
        """A change in percentage points: "+1.4 (−1.3 to +3.9)"; "0" where there is none at all."""
        if self.nothing:
            return "0"
        mean, low, high = (signed(100.0 * v, 1) for v in (self.mean, self.low, self.high))
        return f"{mean} ({low} to {high})"


def both(first: float, second: float) -> tuple[str, str] | None:
    """Two shares, with the digits that it takes to tell them apart; None where even a tenth of a point does not."""
    for digits in (0, 1):
        one, other = percent(first, digits), percent(second, digits)
        if one != other and (digits or max(first, second) >= FINE):
            return one, other
    return None


# ---- Where it stands ----


@dataclass(frozen=True)
class Standing:
    """A neighbour at a date: the least share of ties that it must leave the patron, the share of foreign policies that this
    permits, its ties with the patron, and in what share of worlds they suffice."""

    who: str
    patron: str
    quarter: str
    line: Spread
    room: Spread
    tie: Spread
    within: float


def stands(of: Standing) -> str:
    """Red line, room and position."""
    apart, (more, printed) = of.tie.mean - of.line.mean, sided(of.line.mean, of.tie.mean)
    way = "just what it must"
    if abs(apart) >= LEAST:
        way = f"{gap(printed, 'share', more)} {'more' if apart > 0.0 else 'less'} than it must"
    return (f"As {of.quarter} opens, {of.who} must leave {of.patron} at least {of.line.share(more)} of its outside ties, which "
            f"permits {of.room.share()} of all conceivable foreign policies. It leaves {of.patron} {of.tie.share(more)}, {way}; "
            f"in {chance(of.within)} of worlds that is enough.")  # fmt: skip


def given(worlds: str, parameters: str) -> str:
    """On what that rests, and what the brackets hold."""
    return f"Given {worlds}, with {parameters}; in brackets nine worlds in ten."


# ---- How it has moved ----


def since(quarter: str, before: float, after: float, change: Spread) -> str:
    """How the room has moved since an earlier date, world by world."""
    if change.nothing:
        return f"Since {quarter} its room is what it was."
    if max(abs(change.low), abs(change.high)) < LEAST:
        return f"Since {quarter} its room has hardly moved: in nine worlds in ten by less than half a point."
    if abs(change.mean) < LEAST:
        low, high = ends(change.low, change.high, "share", 0)
        return f"Since {quarter} its room is about {percent(after)}, as it was; nine worlds in ten lie between {low} and {high}."
    more, apart = sided(before, after)
    low, high = ends(change.low, change.high, "share", more)
    one, other = percent(before, more), percent(after, more)
    if change.low > 0.0 or change.high < 0.0:
        way = "widened" if apart > 0.0 else "narrowed"
        return f"Since {quarter} its room has {way} from {one} to {other}, by {gap(apart, 'share', more)} ({low} to {high})."
    return f"Since {quarter} its room has gone from {one} to {other}, but which way it moves is not known ({low} to {high})."


def mover(name: str, who: str, patron: str) -> str:
    """What moves the red line, as a noun."""
    return measure(name).noun.format(**slots(who, patron))


def driven(name: str, by: float, who: str, patron: str) -> str:
    """What moved the red line most."""
    if abs(by) < SMALL:
        return ""
    way = "raised" if by > 0.0 else "lowered"
    return f"What moved the red line most is {mover(name, who, patron)}, which {way} it by {gap(by, 'share', 1)}."


# ---- What it must expect ----


def dangers(patron: str, crisis: Spread, coercion: Spread, force: Spread, help_: Spread) -> str:
    """Chances in a year."""
    return (f"In a year a crisis breaks out with a chance of {crisis.share()}; one that {patron} answers with coercion has a "
            f"chance of {coercion.share()}, with force {force.share()}, with help {help_.share()}.")  # fmt: skip


def answered(patron: str, coercion: Spread, help_: Spread, kind: str, part: float) -> str:
    """What answers a crisis, and which kind of crisis most coercion would answer."""
    why = ", and the record knows such disputes mostly because pressure was used" if kind == "dispute" else ""
    return (f"If a crisis breaks out, {patron} answers it with coercion in {coercion.share()} of cases and with help in "
            f"{help_.share()}. Of all coercion {percent(part)} would answer {KIND[kind]}{why}.")  # fmt: skip


def beyond(patron: str, line: float, near: Sequence[float], far: Sequence[float]) -> str:
    """What the red line is worth: at the line, and without any ties with the patron; the chance of coercion in a year, and its
    share of answers."""
    if line <= 0.0:
        return f"No policy is beyond {patron}'s red line."
    if not all(map(known, (*near, *far))):
        return ""
    year = both(near[0], far[0])
    said = (f"A crisis in a year that {patron} answers with coercion has a chance of "
            + (f"{year[0]} at the red line and of {year[1]} without any ties with {patron}" if year else
               f"{percent(near[0], 1)}, at the red line as without any ties with {patron}"))  # fmt: skip
    return f"{said}; {_of_crises(near[1], far[1])}."


def _of_crises(near: float, far: float) -> str:
    crisis = both(near, far)
    return f"of crises, coercion answers {' and '.join(crisis) if crisis else f'{percent(near)} either way'}"


def judged(left: float) -> str:
    """How little the record says of the red line."""
    return ("Where the red line runs is a judgement: the record leaves the parameters that say so "
            f"{percent(min(left, 1.0))} of their prior spread.")  # fmt: skip


# ---- What would widen it ----


def widening(effects: Sequence[tuple[str, Spread]]) -> str:
    """What moves the room most at once."""
    from hegemon.pages.words import listed

    if not effects:
        return ""
    told = listed([f"{THINGS[name]} {of.points()}" for name, of in effects])
    return f"What moves its room most at once, in percentage points: {told}."


def idle(things: Sequence[str]) -> str:
    """What has no effect at once."""
    from hegemon.pages.words import listed

    return f"No effect on its room at once, by the model's form: {listed([THINGS[t] for t in things])}." if things else ""


def other(command: str, start: str, *, dice: bool, record: bool) -> str:
    """Where the other way to ask leads. `dice`: whether these are simulated histories; `record`: whether there is one."""
    if not dice:
        return (f"What chance alone makes of it from {start} on is another question, with other numbers: `{command}`, or "
                "`--dice` here.")  # fmt: skip
    return ("What the record leaves of its room is another question, with other numbers: the same command without `--dice`."
            if record else "")  # fmt: skip


# ---- Under pictures ----


def extremes(patron: str, rival: str, least: Sequence[float], most: Sequence[float]) -> str:
    """Where on the triangle a chance is least and most: chance, ties with the patron, ties with the rival."""
    pole = within(rival)
    (a, p, q), (b, r, s) = least, most
    return (f"Least, {percent(a, 1)}, with {percent(p)} of ties with {patron} and {percent(q)} with {pole}; most, "
            f"{percent(b, 1)}, with {percent(r)} and {percent(s)}.")  # fmt: skip


def areas(above: float, room: Spread) -> str:
    """What the triangle's areas are."""
    return (f"Areas are shares of all foreign policies: above the line, drawn at its mean, lie {percent(above)}; on average over "
            f"worlds {room.share()} are permitted.")  # fmt: skip


def located(who: str, patron: str, line: Spread, tie: Spread) -> str:
    """Where line and neighbour lie on the triangle."""
    return f"The red line runs at {line.share()} of ties with {patron}; {who} stands at {tie.share()}."


def walked(who: str, patron: str, tie: float, near: Sequence[float], far: Sequence[float]) -> str:
    """Away from the patron, from about where a neighbour stands: the chance of coercion in a year, and its share of answers."""
    year, here = both(near[0], far[0]), f"with {percent(tie)} of ties with {patron}, about what {who} has"
    said = (f"Coercion in a year: {year[0]} {here}, {year[1]} without any" if year else
            f"Coercion in a year: {percent(near[0], 1)}, {here}, as without any")  # fmt: skip
    return f"{said}; {_of_crises(near[1], far[1])}."


def streets(means: Sequence[tuple[str, float]]) -> str:
    """The chance of force on average over all foreign policies, by how many are in the street."""
    return f"On average over all foreign policies: {', '.join(f'{percent(mean)} ({name.lower()})' for name, mean in means)}."


def crowded(calm: Sequence[float], full: Sequence[float]) -> str:
    """Streets empty and streets full: a crisis, one answered with force, help once there is one."""
    a, b, c = (f"{percent(full[n])} (streets empty: {percent(calm[n])})" for n in range(3))
    return (f"With everybody out, a crisis in a year has a chance of {a}, one answered with force of {b}; of crises, help "
            f"answers {c}.")  # fmt: skip


def moving(total: Spread, parts: Sequence[tuple[str, Spread]], who: str, patron: str) -> str:
    """What moved the red line, part by part."""
    told = "; ".join(f"{mover(name, who, patron)} {of.points()}" for name, of in parts)
    return f"The red line moved by {total.points()} percentage points. Of that: {told}."


# ---- Wherever it is put ----

CHANCES: Mapping[str, str] = {
    "coercion": "a crisis within a year that {patron} answers with coercion",
    "force": "a crisis within a year that is answered with force",
    "help": "a crisis within a year that {patron} answers with help",
    "crisis": "a crisis within a year",
    "coercion_given_crisis": "coercion, once there is a crisis,",
    "force_given_crisis": "force, once there is a crisis,",
    "help_given_crisis": "help, once there is a crisis,",
}
"""What has a chance, by what the map is coloured by."""


@dataclass(frozen=True)
class Put:
    """A neighbour put somewhere on the map.

    name         what the map is coloured by
    tie, others  shares of ties with the patron, and with the rival, there
    here, there  the chance where it stands, and there
    permitted    share of worlds in which the patron lets it pass, there
    moved        whether it was put anywhere
    """

    name: str
    who: str
    patron: str
    rival: str
    tie: float
    others: float
    here: float
    there: float
    permitted: float
    moved: bool


def put(of: Put) -> str:
    """What must be expected there."""
    names = {"who": of.who, "patron": of.patron, "what": CHANCES[of.name].format(patron=of.patron), "tie": percent(of.tie),
             "rival": within(of.rival), "others": percent(of.others), "passes": chance(of.permitted)}  # fmt: skip
    if not of.moved:
        return PHRASES["put here"].format(here=percent(of.here, 1), **names)
    apart = (float(fixed(100.0 * of.there, 1)) - float(fixed(100.0 * of.here, 1))) / 100.0
    kind = "put alike" if abs(apart) < SMALL else "put more" if apart > 0.0 else "put less"
    printed = gap(apart, "share", 1)
    return PHRASES[kind].format(here=percent(of.here, 1), there=percent(of.there, 1), gap=printed, **names)

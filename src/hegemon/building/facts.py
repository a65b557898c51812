"""What figures are made of: facts of the pack about the asked order, each looked up once, and the judgements beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import numpy as np

from hegemon import quarters
from hegemon.building.answers import REST, Answers, Estimate
from hegemon.world_pack.world import CONSULTATION, DEFENCE, NONE, World, known

P = ParamSpec("P")
T = TypeVar("T")

LINE = {"pro_patron": 0.75, "balanced": 0.55, "pro_rival": 0.35}
"""Share of ties that incumbents of a line want with the patron."""

MEMORY, RULE = 45, 60
"""Years for which force, and foreign rule, are remembered."""

UN_LAST, IGO_LAST, TREATY_LAST = 2014, 2014, 2018
"""Last years of votes, organisations and treaties."""


@dataclass(frozen=True)
class Reading:
    """One way to read the evidence; the default is the central one.

    trade, votes  weights of the strands of orientation; the rest is institutions'
    shift         years by which the window of trade moves
    heat          an agreement so much higher multiplies a pole's share of votes by e
    bound         of V-Dem: -1 its lower one, 1 its upper one
    line          added to the share wanted
    inherit       added to the patron's part of institutions
    weight        scale of terms that are added to a base
    missing       where in its interval a fact that nobody knows lies
    """

    trade: float = 0.50
    votes: float = 0.25
    shift: int = 0
    heat: float = 0.10
    bound: float = 0.0
    line: float = 0.0
    inherit: float = 0.0
    weight: float = 1.0
    missing: float = 0.5

    @staticmethod
    def drawn(dice: np.random.Generator) -> Reading:
        """Another way to read it."""
        trade, votes, _ = dice.dirichlet([10, 5, 5])
        return Reading(
            float(trade), float(votes), int(dice.integers(0, 3)), dice.uniform(0.06, 0.16), dice.uniform(-1, 1),
            dice.uniform(-0.1, 0.1), dice.uniform(-0.2, 0.2), dice.uniform(0.75, 1.25), dice.uniform(0, 1),
        )  # fmt: skip

    def within(self, estimate: Estimate) -> float:
        """Where in its interval something answered lies: its value in the central reading."""
        low, value, high = estimate
        return value + (2 * self.missing - 1) * (high - value if self.missing > 0.5 else value - low)


def remembered(look: Callable[Concatenate[Facts, P], T]) -> Callable[Concatenate[Facts, P], T]:
    """A method that looks a fact up once."""

    @wraps(look)
    def asked(self: Facts, *args: P.args, **kwargs: P.kwargs) -> T:
        slot = (look.__name__, args)
        if slot not in self.memory:
            self.memory[slot] = look(self, *args, **kwargs)
        return self.memory[slot]

    return cast(Any, asked)


@dataclass(frozen=True, eq=False)
class Facts:
    """A pack, and what was answered about the order."""

    world: World
    answers: Answers
    neighbours: tuple[str, ...]
    memory: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def patron(self) -> str:
        return self.answers.order.patron

    @property
    def poles(self) -> dict[str, tuple[str, ...]]:
        return dict(self.answers.poles)

    @property
    def own(self) -> str:
        return self.answers.own

    @remembered
    def members(self, pole: str) -> tuple[str, ...]:
        """States of a pole."""
        return tuple(m for m in self.answers.poles[pole] if m != REST)

    @property
    def bloc(self) -> tuple[str, ...]:
        """States that could take a neighbour in."""
        return self.members(self.answers.order.bloc)

    @property
    def rivals(self) -> tuple[str, ...]:
        """States of all rival poles."""
        return tuple(m for pole in self.answers.rivals for m in self.members(pole))

    @remembered
    def first(self, iso: str) -> int:
        """The year its figures describe: the order's first, or its own where it came later."""
        return max(self.answers.order.from_, self.world.first(iso))

    # ---- trade ----
    @remembered
    def window(self, iso: str, shift: int) -> tuple[int, ...]:
        """The first three years, from the start on, with trade with the patron on record; else the first three."""
        begin = self.first(iso) + shift
        flow = self.world.flow(iso, self.patron, range(begin, begin + 7))
        good = [begin + i for i, value in enumerate(flow) if np.isfinite(value) and value > 0][:3]
        return tuple(good) if len(good) == 3 else (begin, begin + 1, begin + 2)

    @remembered
    def total(self, iso: str, shift: int) -> float:
        """Mean yearly trade with all the world."""
        return known(self.world.total(iso, self.window(iso, shift)))

    @remembered
    def trade(self, iso: str, shift: int) -> dict[str, float]:
        """Mean yearly trade with each pole; that of `REST` is what is left of the total."""
        years = self.window(iso, shift)
        out = {
            pole: float(sum(np.nan_to_num(known(self.world.flow(iso, m, years))) for m in self.members(pole)))
            for pole in self.poles
        }
        rest = next((pole for pole, members in self.poles.items() if REST in members), None)
        total = self.total(iso, shift)
        if rest is not None and np.isfinite(total):
            near = (o for o in self.neighbours if o != iso)
            inside = sum(float(np.nan_to_num(known(self.world.flow(iso, o, years)))) for o in near)
            out[rest] += max(total - inside - sum(out.values()), 0.0)
        return out

    @remembered
    def region(self, shift: int) -> dict[str, float]:
        """The region's trade with each pole."""
        return {pole: sum(self.trade(iso, shift)[pole] for iso in self.neighbours) for pole in self.poles}

    # ---- votes ----
    @remembered
    def agreement(self, iso: str) -> dict[str, float]:
        """Share of identical votes with each pole in the first five years."""
        begin = min(self.first(iso), UN_LAST)
        years = range(begin, min(begin + 5, UN_LAST + 1))
        out = {}
        for pole in self.poles:
            said = [self.world.agreement(iso, m, years) for m in self.members(pole)]
            out[pole] = known(np.array(said, float)) if said else float("nan")
        return out

    @remembered
    def contrast(self, iso: str) -> float:
        """How much more than the mean neighbour it votes with the patron rather than with the bloc."""
        own = {o: self.agreement(o)[self.own] - self.agreement(o)[self.answers.order.bloc] for o in self.neighbours}
        return own[iso] - known(np.array(list(own.values()))) if np.isfinite(own[iso]) else 0.0

    # ---- treaties ----
    @remembered
    def pact(self, iso: str) -> bool:
        """In the pact in its first two years, by the answers, or with a defence treaty with the patron."""
        begin = self.first(iso)
        first, last = quarters.index(f"{begin}Q1"), quarters.index(f"{begin + 1}Q4")
        answered = any(quarters.index(s.from_) <= last and (s.to is None or quarters.index(s.to) > first)
                       for s in (self.answers.pact.member or {}).get(iso, ()))  # fmt: skip
        return answered or any(self.world.allied(iso, self.patron, year) for year in (begin, begin + 1))

    @remembered
    def other_pact(self, iso: str) -> bool:
        """A defence pact with the bloc at its start."""
        return any(self.world.allied(iso, m, self.first(iso)) for m in self.bloc)

    @remembered
    def heritage(self, iso: str) -> dict[str, float]:
        """Each pole's part of what the start inherited."""
        poles = self.poles
        out = {}
        for pole in poles:
            score = 0.0
            for m in self.members(pole):
                left = self.world.freed(iso, m, self.first(iso))
                score = max(score, 1.0 if left and self.first(iso) - left[0] <= RULE else 0.0)
                score = max(score, 0.6 if self.world.allied(iso, m, self.first(iso), DEFENCE | CONSULTATION) else 0.0)
            out[pole] = max(score, 0.6 * self.pact(iso)) if pole == self.own else score
        if sum(out.values()) == 0:
            out = {pole: 0.5 / len(poles) + 0.5 * (pole == self.own) for pole in poles}
        return {pole: value / sum(out.values()) for pole, value in out.items()}

    # ---- force, place, size ----
    @remembered
    def past_force(self, iso: str) -> float:
        """1 where the patron's force is remembered: by the answers, else disputes with use of force, or a violent parting."""
        if iso in self.answers.force:
            return float(self.answers.force[iso])
        year = self.first(iso)
        hit = any(own >= 4 for own, _ in self.world.fights(self.patron, iso, year - MEMORY, year - 1))
        left = self.world.freed(iso, self.patron, year)
        return float(hit or (left is not None and left[1] and year - left[0] <= RULE))

    @remembered
    def borders(self, one: str, two: str) -> bool:
        """A common land border; where contiguity is not known, territories less than 5 km apart."""
        year = max(self.answers.order.from_, *(self.first(s) for s in (one, two) if s in self.neighbours))
        touch = self.world.pair(one, two, "contiguity", year)
        if np.isfinite(touch) or self.world.has_contiguity:
            return touch == 1
        return self.world.pair(one, two, "border_km", year) < 5

    @remembered
    def near(self, iso: str) -> float:
        """1 on the patron's land border, half within 2,500 km of its territory ."""
        if self.borders(iso, self.patron):
            return 1.0
        km = self.world.pair(iso, self.patron, "border_km", self.first(iso))
        return 0.5 if km <= 2500 else 0.0

    @remembered
    def kin(self, iso: str) -> float:
        """The patron's kin, as a share of its people."""
        return self.world.kin(self.patron, iso, self.first(iso))

    @remembered
    def size(self, iso: str) -> float:
        """Its capabilities (or output) as a share of the region's largest."""
        for column in ("cinc", "gdp_est", "gdp_const2015"):
            own = {o: float(np.nan_to_num(known(self.world.state(o, column, range(self.first(o), self.first(o) + 3)))))
                   for o in self.neighbours}  # fmt: skip
            if max(own.values()) > 0:
                return own[iso] / max(own.values())
        return 0.5

    @remembered
    def count(self, iso: str, column: str, since: int, until: int) -> float:
        """A fact added up over years around the start, both included; 0 where nobody knows."""
        year = self.first(iso)
        return float(np.nansum(self.world.state(iso, column, range(year + since, year + until + 1))))

    @remembered
    def level(self, iso: str, column: str, years: int = 2) -> float:
        """A fact's mean over the first years; NaN where nobody knows."""
        return known(self.world.state(iso, column, range(self.first(iso), self.first(iso) + years)))

    @remembered
    def fall(self, iso: str) -> float:
        """By how much output fell around the start; NaN where nobody knows."""
        year = self.first(iso)
        for column in ("gdp_est", "gdp_const2015"):
            before, now, after = self.world.state(iso, column, [year - 1, year, year + 1])
            base = before if np.isfinite(before) else now
            if np.isfinite(base) and np.isfinite(after):
                return float(max(0.0, 1 - after / base))
        return float("nan")

    @remembered
    def shared_clubs(self, iso: str) -> float:
        """Organisations shared with the patron, over the most that any neighbour shares."""
        found = {}
        for other in self.neighbours:
            value = self.world.tie(other, self.patron, [min(self.first(other) + 1, IGO_LAST)], "igos")[0]
            found[other] = 0.0 if not np.isfinite(value) or value == NONE else float(value)
        return found[iso] / max(*found.values(), 1.0)

    @remembered
    def line(self, iso: str) -> str:
        """Of the incumbents: by the answers, else by treaties."""
        if iso in self.answers.line:
            return self.answers.line[iso]
        return "pro_patron" if self.pact(iso) else "pro_rival" if self.other_pact(iso) else "balanced"

"""Every raw fact that a pack has of states in a year, and of pairs of them, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from hegemon.errors import BadDate, Missing, UnknownState, did_you_mean, shown
from hegemon.world_pack.manifest import BY_NAME, FIRST, LAST, OTHERS, PAIRS, STATES, Column
from hegemon.world_pack.world import NONE, World

TREATIES = {1: "defence", 2: "offence", 4: "neutrality", 8: "nonaggression", 16: "consultation"}


@dataclass(frozen=True)
class Fact:
    """One fact.

    of     a state's code, or two, the first's side of the pair first
    value  as a word or number; empty where the pack has none
    """

    of: tuple[str, ...]
    name: str
    value: str
    what: str
    release: str

    @property
    def source(self) -> str:
        """The data set it comes from."""
        return BY_NAME[self.release].title

    @property
    def terms(self) -> str:
        """Terms of the data set."""
        return BY_NAME[self.release].terms


def facts(world: World, states: Sequence[str], year: int) -> list[Fact]:
    """Of every state, then of every pair. Raises `UserError` for an unknown state or a year outside the pack."""
    if not states:
        raise Missing("no state is named", "Name one or more, as in hegemon world show FRA CIV 1961.")
    if not FIRST <= year <= LAST:
        raise BadDate(f"{year} is outside the world pack", f"It covers {FIRST} to {LAST}.")
    for iso in states:
        if not world.known(iso):
            raise UnknownState(f"{shown(iso)} is no state of the world pack", did_you_mean(iso, world.states))
        if not world.first(iso) <= year <= world.last(iso):
            raise BadDate(
                f"{iso} was no state in {year}", f"The pack has it from {world.first(iso)} to {world.last(iso)}."
            )
    found = [fact for iso in states for fact in _state(world, iso, year)]
    return found + [
        fact for one, two in combinations(dict.fromkeys(states), 2) for fact in _pair(world, one, two, year)
    ]


def _state(world: World, iso: str, year: int) -> list[Fact]:
    return [_fact((iso,), name, column, world.state(iso, name, [year])[0]) for name, column in STATES.items()]


def _pair(world: World, one: str, two: str, year: int) -> list[Fact]:
    of, found = (one, two), []
    _, _, turned = world.pair_of(one, two, year)
    for name, column in PAIRS.items():
        if name.startswith("freed"):
            continue
        found.append(_fact(of, name, column, world.pair(one, two, name, year)))
    for who, ruler in ((one, two), (two, one)):
        left = world.freed(who, ruler, year)
        said = "" if left is None else f"{left[0]}, {'by violence' if left[1] else 'in peace'}"
        found.append(Fact((who, ruler), "freed", said, f"left the rule of {ruler}", "rule"))
    for name, column in OTHERS["trade"].items():
        value = world.trade_of(one, two, year, name if not turned else _SWAPPED[name])
        words = column.what.replace("the first", one).replace("the second", two)
        found.append(Fact(of, name, _text(value), words, column.release))
    ties = {name: world.tie(one, two, [year], name)[0] for name in OTHERS["ties"]}
    found.append(Fact(of, "atop", _treaty(ties["atop"]), "obligations of treaties in force", "atop"))
    found.append(_fact(of, "igos", OTHERS["ties"]["igos"], ties["igos"] if ties["igos"] != NONE else np.nan))
    agree = ties["un_agree"] / 200 if np.isfinite(ties["un_agree"]) and ties["un_agree"] < NONE else np.nan
    found.append(Fact(of, "un_agree", _text(agree), "share of identical votes", "votes"))
    found.append(Fact(of, "un_common", _text(ties["un_common"]), "votes that both cast", "votes"))
    fights = world.fights(one, two, year - 20, year)
    said = ", ".join(str(top) for _, top in fights) or "none"
    found.append(Fact(of, "disputes", said, "hostility of disputes begun in the 20 years to then", "mid"))
    for who, whose in ((one, two), (two, one)):
        share = _text(world.kin(whose, who, year))
        found.append(
            Fact((who, whose), "kin", share, f"part of {who}'s people in groups like {whose}'s rulers", "groups")
        )
    return found


_SWAPPED = {"imports_1_from_2": "imports_2_from_1", "imports_2_from_1": "imports_1_from_2"}


def _treaty(value: float) -> str:
    if not np.isfinite(value):
        return ""
    return ", ".join(word for bit, word in TREATIES.items() if int(value) & bit) or "none"


def _fact(of: tuple[str, ...], name: str, column: Column, value: float) -> Fact:
    return Fact(of, name, _text(value), column.what, column.release)


def _text(value: float) -> str:
    """A number in four digits; nothing where nobody knows it."""
    if not np.isfinite(value):
        return ""
    return f"{float(f'{value:.4g}'):,.0f}" if abs(value) >= 1000 else f"{value:.4g}"

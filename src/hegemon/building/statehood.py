"""When a neighbour becomes a state, and when it ends."""

from __future__ import annotations

from typing import NamedTuple

from hegemon.building.facts import Facts
from hegemon.world_pack.manifest import FIRST

OLD = "1900Q1"
"""Stands for a state that was one before the pack begins."""


class Spell(NamedTuple):
    """Since when a neighbour is a state, and the first quarter in which it is none any more; None: nothing is to be said."""

    since: str | None
    ended: str | None


def spell(f: Facts, iso: str) -> Spell:
    """Answered; else by the first and last year in the system of states (COW State System Membership): independent in the middle
    of the first, long before where the pack begins with it, at the start where that is its year; ended when the last is over."""
    order, first, last = f.answers.order, f.world.first(iso), f.world.last(iso)
    usual = None if first == order.from_ else OLD if first == FIRST else f"{first}Q3"
    ended = f"{last + 1}Q1" if last < min(order.until, f.world.until) else None
    return Spell(f.answers.independent.get(iso, usual), f.answers.ended.get(iso, ended))


"""For or against the incumbents: whom the Mesa model's patron acts for, and what an instrument does on either side."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING

from hegemon.instruments import CODE, INSTRUMENTS

if TYPE_CHECKING:
    from mesa_neighbour import Crisis

SURELY = {"economic_support": 1.0, "security_support": 1.0, "separatism_support": 0.0}
"""Probability that an act is for the incumbents, where it is what the instrument is."""
OPEN = ("economic_coercion", "unilateral_force", "collective_force")


def directed(code: int) -> bool:
    """Whether an act has a direction."""
    return INSTRUMENTS[code].name in (*SURELY, *OPEN)


def odds_for(p: SimpleNamespace, crisis: Crisis, code: int) -> float:
    """Probability that an act is for the incumbents; a half where it is for nobody."""
    name = INSTRUMENTS[code].name
    if name not in OPEN:
        return SURELY.get(name, 0.5)
    odds = getattr(p, name) + getattr(p, crisis.kind) + p.gravity * crisis.gravity + p.alignment * (1 - crisis.line)
    return 1.0 / (1.0 + math.exp(-odds - p.requested * crisis.requested))


def both_sides(rows: list[SimpleNamespace], mild: float) -> list[tuple[SimpleNamespace, SimpleNamespace]]:
    """What each instrument does for the incumbents, and against them."""
    found = [(SimpleNamespace(**vars(row)), SimpleNamespace(**vars(row))) for row in rows]
    for name in ("economic_support", "security_support", "unilateral_force", "collective_force"):
        _, against = found[CODE[name]]
        against.shores_up, against.obligation = -against.shores_up, 0.0
    for name in ("economic_coercion", "separatism_support", "unilateral_force"):
        rescue, _ = found[CODE[name]]
        if name != "unilateral_force":
            rescue.shores_up, rescue.obligation = -rescue.shores_up, 0.0
        rescue.harshness, rescue.compliance = mild * rescue.harshness, mild * rescue.compliance
        rescue.delegitimation = mild * rescue.delegitimation
    alone, (_, invaded) = rows[CODE["unilateral_force"]], found[CODE["collective_force"]]
    invaded.harshness, invaded.compliance = alone.harshness, alone.compliance
    invaded.delegitimation += alone.delegitimation
    return found

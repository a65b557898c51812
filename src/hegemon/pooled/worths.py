"""What consequences may be worth to a patron: seventeen numbers, each an effect of instruments in some circumstances.

Effects are the fixed table of `instruments.py`. Worths are learned, with a prior that takes no side; the theory's sign stands
beside each, so that the record may contradict it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hegemon.instruments import CONSEQUENCES, INSTRUMENTS

Numbers = npt.NDArray[np.float64]


class Worth(NamedTuple):
    """A worth: the effect it prices, the circumstance it is multiplied with, its sign by the theory, and why."""

    effect: str
    when: str
    sign: int
    why: str

    @property
    def name(self) -> str:
        """In words."""
        return f"{self.effect.replace('_', ' ')}{f', {self.when}' if self.when != 'always' else ''}"


WORTHS: tuple[Worth, ...] = (
    Worth("shores_up", "always", 1, "a patron keeps regimes (C8)"),
    Worth("shores_up", "by line", 1, "and friends before others (C8)"),
    Worth("shores_up", "by severity", 1, "when they are in danger (C8)"),
    Worth("shores_up", "if asked", 1, "and when they ask (C8)"),
    Worth("obligation", "always", 1, "the rescued are beholden (C9)"),
    Worth("obligation", "if asked", 1, "who asked owes more (C9)"),
    Worth("harshness", "always", -1, "fear makes neighbours balance (C3)"),
    Worth("harshness", "by line", -1, "friends are spared, rivals are punished (C7)"),
    Worth("delegitimation", "always", -1, "legitimacy is an asset (C3)"),
    Worth("delegitimation", "if asked", 1, "a request covers what would else be scandal (C4)"),
    Worth("freeze", "in a secession", 1, "a frozen conflict is a lever (C2)"),
    Worth("deployment", "always", -1, "garrisons cost (C14)"),
    Worth("deployment", "in wars and secessions", 1, "and are wanted where borders are open (C15)"),
    Worth("burden", "always", -1, "capacity is scarce (C14)"),
    Worth("burden", "by severity", 1, "grave crises are paid for (C14)"),
    Worth("compliance", "in rival turns and disputes", 1, "ties are what is at stake (C7)"),
    Worth("brokerage", "in wars and secessions", 1, "who brokers stays (C15)"),
)
"""In the protocol's order (docs/protocol.md)."""

WHEN = ("always", "by line", "by severity", "if asked", "in a secession", "in wars and secessions", "in rival turns and disputes")
"""Circumstances, as `crises.Crises.circumstances` has them."""


def table() -> Numbers:
    """The instruments' fixed effects, [9, 9]: instruments by `CONSEQUENCES`."""
    return np.array([[float(getattr(i.effects, name)) for name in CONSEQUENCES] for i in INSTRUMENTS])


def wrong_table() -> Numbers:
    """As many numbers and no theory: every instrument but abstaining has the row of the next."""
    right = table()
    return np.concatenate([right[:1], np.roll(right[1:], 1, axis=0)])


def without(effect: str) -> Numbers:
    """The table where no instrument has an effect: whatever it is worth, nothing hangs on it."""
    kept = table()
    kept[:, CONSEQUENCES.index(effect)] = 0.0
    return kept


def priced(effects: Numbers) -> Numbers:
    """The effect that each worth prices, [17, 9]: worths by instruments."""
    return np.stack([effects[:, CONSEQUENCES.index(worth.effect)] for worth in WORTHS])


def circumstance() -> list[int]:
    """Place in `WHEN` of each worth's circumstance."""
    return [WHEN.index(worth.when) for worth in WORTHS]

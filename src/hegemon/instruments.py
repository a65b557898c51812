"""What a patron can do about a crisis: nine instruments as rows of effects, with what each requires.

Effects are consequences, not utilities. Whether an instrument is worth choosing follows from what it
does, through `aftermath`'s own formulas and the patron's few preferences.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hegemon.axes import PerNeighbour
from hegemon.parameters import Params, Scalar, param

KINDS = ("uprising", "turnover", "rival_turn", "secession", "interstate", "dispute")
"""Kinds of crisis; code 0 means no crisis, kind number j of this tuple has code j + 1."""
UPRISING, TURNOVER, RIVAL_TURN, SECESSION, INTERSTATE, DISPUTE = range(1, 7)

SOURCE = "prior: spread 30-50 % of the mean; docs/model, table of instruments"


Effect = Scalar | PerNeighbour
"""A parameter, or the chosen instrument's value for each neighbour."""


def _effect(unit: str) -> Any:
    return param(0.0, sd=0.05, unit=unit, source=SOURCE, low=-8.0, high=8.0)


class Effects(Params):
    """What an instrument does to the neighbour it is used on, and how inclined to it the patron is."""

    shores_up: Effect = _effect("log-odds of the incumbents' survival")
    obligation: Effect = _effect("debt of gratitude if they survive")
    harshness: Effect = _effect("fear caused in the target, share of what is left to 1")
    delegitimation: Effect = _effect("legitimacy lost (negative: gained)")
    freeze: Effect = _effect("strength given to a secessionist entity, where there is ground for one")
    deployment: Effect = _effect("patron's forces left behind; 1 is a large garrison")
    burden: Effect = _effect("share of the patron's capacity in its first year")
    compliance: Effect = _effect("push of the target's ties back toward the patron")
    brokerage: Effect = _effect("foothold gained as broker between parties")
    habit: Effect = _effect("utility: inclination that the consequences do not explain")


@dataclass(frozen=True)
class Instrument:
    """An instrument: its name, what it is, in which crises it can be used and what it needs there."""

    name: str
    what: str
    effects: Effects
    kinds: tuple[str, ...] = KINDS
    needs_ground: bool = False
    needs_mandate: bool = False

    @property
    def why_not(self) -> str:
        """In words, what the instrument needs."""
        needs = ["a crisis of kind " + " or ".join(self.kinds)] if self.kinds != KINDS else []
        needs += ["ground for separatism"] if self.needs_ground else []
        needs += ["a member's request and the pact's consent"] if self.needs_mandate else []
        return ", and ".join(needs) or "nothing"


ARMED = ("uprising", "secession", "interstate")

INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("abstain", "words only, or acceptance of the outcome",
               Effects(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    Instrument("mediate", "active brokering: envoys, hosted talks, truce terms",
               Effects(.2, .05, 0, -.05, 0, 0, .05, .05, .5, -0.7)),
    Instrument("economic_support", "loans, price cuts, aid, lifting of bans",
               Effects(.5, .4, 0, -.02, 0, 0, .25, 0, .05, 0)),
    Instrument("security_support", "arms, guarantees, troops already there shielding the incumbents",
               Effects(1.3, .8, .05, .05, 0, .05, .25, 0, .1, 0), ARMED),
    Instrument("economic_coercion", "embargo, supply cut, price or customs pressure",
               Effects(-.2, -.1, .3, .15, 0, 0, .15, .5, 0, -0.1)),
    Instrument("separatism_support", "arms, money, volunteers or recognition for a breakaway entity or challenger",
               Effects(-.3, -.2, .5, .4, .6, .1, .25, .4, 0, 1.1),
               ("uprising", "turnover", "rival_turn", "secession", "interstate"), needs_ground=True),
    Instrument("peacekeeping", "troops placed between parties under an accord",
               Effects(1, .4, .15, 0, .25, .4, .35, .1, .8, 0.2), ("secession", "interstate")),
    Instrument("unilateral_force", "the patron's own forces used in combat, seizure or landing",
               Effects(1.2, .2, 1, .8, .2, .9, .8, .8, .2, 2.2),
               ("uprising", "rival_turn", "secession", "interstate", "dispute")),
    Instrument("collective_force", "forces of the patron and partners under a joint decision of the pact",
               Effects(2.2, 1.1, .15, -.2, 0, .4, .4, .1, .4, 1.3), ARMED, needs_mandate=True),
)  # fmt: skip

NAMES = tuple(i.name for i in INSTRUMENTS)
CODE = MappingProxyType({name: code for code, name in enumerate(NAMES)})
ABSTAIN, COLLECTIVE_FORCE = CODE["abstain"], CODE["collective_force"]

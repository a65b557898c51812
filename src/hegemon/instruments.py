"""What a patron can do about a crisis: nine instruments as rows of effects, with what each requires.

A row has two halves. Consequences are what an instrument does: whether it is worth choosing follows from them,
through `aftermath`'s own formulas and the patron's few preferences. Inclinations are what consequences leave
unexplained: how a kind of crisis, its severity, the incumbents' line and their asking dispose the patron to it.
Abstaining is the reference: all its entries are 0.

What an instrument does to the incumbents hangs on whether it is used for or against them, as data on interventions code it
(Pearson and Baumann 1993, International Military Intervention, ICPSR 6035: support or oppose the government; Regan 2002, JCR
46:55). A row says what an instrument does on the side that it is told of; `by_side` says what it does on the other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hegemon.axes import PerNeighbour
from hegemon.parameters import Params, Scalar, param, priors

KINDS = ("uprising", "turnover", "rival_turn", "secession", "interstate", "dispute")
"""Kinds of crisis; code 0 means no crisis, kind number j of this tuple has code j + 1."""
UPRISING, TURNOVER, RIVAL_TURN, SECESSION, INTERSTATE, DISPUTE = range(1, 7)

SOURCE = "prior: spread 30-50 % of the mean; docs/model, table of instruments"


Effect = Scalar | PerNeighbour
"""A parameter, or the chosen instrument's value for each neighbour."""


def _effect(unit: str, sd: float = 0.05) -> Any:
    return param(0.0, sd=sd, unit=unit, source=SOURCE, low=-8.0, high=8.0)


class Effects(Params):
    """What an instrument does to the neighbour it is used on (`CONSEQUENCES`), and how inclined to it the patron is
    (`INCLINATIONS`)."""

    shores_up: Effect = _effect("log-odds of the incumbents' survival")
    obligation: Effect = _effect("debt of gratitude if they survive")
    harshness: Effect = _effect("fear caused in the target, share of what is left to 1")
    delegitimation: Effect = _effect("legitimacy lost (negative: gained)")
    freeze: Effect = _effect("strength given to a secessionist entity, where there is ground for one")
    deployment: Effect = _effect("patron's forces left behind; 1 is a large garrison")
    burden: Effect = _effect("share of the patron's capacity in its first year")
    compliance: Effect = _effect("push of the target's ties back toward the patron")
    brokerage: Effect = _effect("foothold gained as broker between parties")
    habit: Effect = _effect("log-odds against abstaining, in any crisis", sd=1.0)
    gravity: Effect = _effect("log-odds per step of severity above the middle one", sd=0.8)
    alignment: Effect = _effect("log-odds per step of the incumbents' line toward the patron", sd=0.8)
    requested: Effect = _effect("log-odds if the incumbents ask for help", sd=0.8)
    uprising: Effect = _effect("log-odds in an uprising", sd=1.0)
    turnover: Effect = _effect("log-odds in a turnover", sd=1.0)
    rival_turn: Effect = _effect("log-odds in a rival turn", sd=1.0)
    secession: Effect = _effect("log-odds in a secession", sd=1.0)
    interstate: Effect = _effect("log-odds in a war between neighbours", sd=1.0)
    dispute: Effect = _effect("log-odds in a dispute", sd=1.0)


INCLINATIONS = ("habit", "gravity", "alignment", "requested", *KINDS)
"""Entries of a row that are the patron's; all others are consequences."""
CONSEQUENCES = tuple(name for name, _ in priors(Effects) if name not in INCLINATIONS)


MISFIT = -2.0
"""Prior mean of the inclination to an instrument in a kind of crisis it is not made for."""

SIDES = ("for", "neither", "against")
"""Whom an act is for: the incumbents at the start; neither them nor their opponents (no act, an even-handed one, or one about
somebody else); those who are against them. Number j of this tuple has code j, as lines count from the patron."""
FOR, NEITHER, AGAINST = range(3)

AID = ("shores_up", "obligation")
"""Effects of help: it is given to one side, and pulls down who stands on the other. Gratitude is owed for it alone."""
HARM = ("harshness", "delegitimation", "compliance")
"""Effects of punishment."""
BY_SIDE = (*AID, *HARM)
"""Effects that hang on the side. A conflict is frozen, troops stay, capacity is bound and a foothold is gained on either."""


@dataclass(frozen=True)
class Instrument:
    """An instrument: its name, what it is, which crises it is made for, what it cannot do without, and for whom it is used.

    sides  on which it is used: one, where the codebook defines it so; none, where it is even-handed or no act at all
    told   the sides that its row tells of: its effects of help (`AID`), and its effects of punishment (`HARM`)
    """

    name: str
    what: str
    effects: Effects
    kinds: tuple[str, ...] = KINDS
    needs_ground: bool = False
    needs_mandate: bool = False
    sides: tuple[int, ...] = ()
    told: tuple[int, int] = (FOR, FOR)

    @property
    def why_not(self) -> str:
        """In words, what the instrument needs."""
        needs = ["ground for separatism"] if self.needs_ground else []
        needs += ["the pact's consent, which only members get"] if self.needs_mandate else []
        return ", and ".join(needs) or "nothing"


def _row(consequences: Sequence[float | int], kinds: tuple[str, ...] = KINDS, **inclined: float | int) -> Effects:
    """A row of prior means; what an instrument is not made for, the patron is disinclined to use it in."""
    misfits = {kind: MISFIT for kind in KINDS if kind not in kinds}
    return Effects(**dict(zip(CONSEQUENCES, consequences, strict=True)), **misfits, **inclined)


ARMED = ("uprising", "secession", "interstate")
UNSETTLED = ("uprising", "turnover", "rival_turn", "secession", "interstate")
TORN = ("secession", "interstate")
HARD = ("uprising", "rival_turn", "secession", "interstate", "dispute")
EITHER = (FOR, AGAINST)

# shores_up, obligation, harshness, delegitimation, freeze, deployment, burden, compliance, brokerage; then prior means
# of inclinations, set from theory: the graver the crisis and the more incumbents are friends who ask, the more is done
# and the more of it for them; force is out of the ordinary.
INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("abstain", "words only, or acceptance of the outcome",
               _row((0, 0, 0, 0, 0, 0, 0, 0, 0))),
    Instrument("mediate", "active brokering: envoys, hosted talks, truce terms",
               _row((.2, .05, 0, -.05, 0, 0, .05, .05, .5), gravity=.5, requested=.8)),
    Instrument("economic_support", "loans, price cuts, aid, lifting of bans",
               _row((.5, .4, 0, -.02, 0, 0, .25, 0, .05), gravity=.5, alignment=.5, requested=1),
               sides=(FOR,)),
    Instrument("security_support", "arms, guarantees, troops already there shielding the incumbents",
               _row((1.3, .8, .05, .05, 0, .05, .25, 0, .1), ARMED, gravity=.8, alignment=.5, requested=1.5), ARMED,
               sides=(FOR,)),
    Instrument("economic_coercion", "embargo, supply cut, price or customs pressure",
               _row((-.2, -.1, .3, .15, 0, 0, .15, .5, 0), gravity=.5, alignment=-.5, requested=-.5),
               sides=EITHER, told=(AGAINST, AGAINST)),
    Instrument("separatism_support", "arms, money, volunteers or recognition for a breakaway entity or challenger",
               _row((-.3, -.2, .5, .4, .6, .1, .25, .4, 0), UNSETTLED, gravity=.8, alignment=-.7, requested=-.5),
               UNSETTLED, needs_ground=True, sides=(AGAINST,), told=(AGAINST, AGAINST)),
    Instrument("peacekeeping", "troops placed between parties under an accord",
               _row((1, .4, .15, 0, .25, .4, .35, .1, .8), TORN, gravity=.8, requested=1.5), TORN),
    Instrument("unilateral_force", "the patron's own forces used in combat, seizure or landing",
               _row((1.2, .2, 1, .8, .2, .9, .8, .8, .2), HARD, habit=-1, gravity=1.2, alignment=-.7), HARD,
               sides=EITHER, told=(FOR, AGAINST)),
    Instrument("collective_force", "forces of the patron and partners under a joint decision of the pact",
               _row((2.2, 1.1, .15, -.2, 0, .4, .4, .1, .4), ARMED, gravity=1.2, alignment=.3, requested=.5), ARMED,
               needs_mandate=True, sides=EITHER),
)  # fmt: skip

NAMES = tuple(i.name for i in INSTRUMENTS)
CODE = MappingProxyType({name: code for code, name in enumerate(NAMES)})
ABSTAIN, UNILATERAL_FORCE, COLLECTIVE_FORCE = CODE["abstain"], CODE["unilateral_force"], CODE["collective_force"]

DIRECTED = tuple(i.name for i in INSTRUMENTS if i.sides)
"""Instruments that are used for or against somebody."""
OPEN_SIDED = tuple(i.name for i in INSTRUMENTS if len(i.sides) > 1)
"""Instruments that are used on either side: of the others the codebook's definition says on which."""


def by_side(rows: Sequence[Effects], mild: Scalar) -> tuple[tuple[Effects, ...], tuple[Effects, ...]]:
    """What each instrument does when it is used for the incumbents, and when it is used against them.

    What shores up its own side pulls down the other as far, and the other owes nothing. Punishment spares those whom an act is
    for: a share `mild` of it is left. Used against them, force is force to its target, whoever joins in: under the pact it is as
    harsh and presses as much as alone, and costs alone's legitimacy less what its own row says the group's cover is worth.
    What has no side is the same on both.
    """
    alone = rows[UNILATERAL_FORCE]
    pairs = [(used(i, row, FOR, mild, alone), used(i, row, AGAINST, mild, alone)) if i.sides else (row, row)
             for i, row in zip(INSTRUMENTS, rows, strict=True)]  # fmt: skip
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


def used(of: Instrument, row: Effects, side: int, mild: Scalar, alone: Effects) -> Effects:
    """What an instrument does on a side; `alone` is the row of force without the pact."""
    helped, harmed = of.told
    if side != helped:
        nothing = row.obligation - row.obligation  # in the shape of the rest
        row = dataclasses.replace(row, shores_up=-row.shores_up, obligation=nothing)
    if side == FOR and harmed == AGAINST:
        row = dataclasses.replace(row, **{name: mild * getattr(row, name) for name in HARM})
    if side == AGAINST and of.needs_mandate:
        cost = alone.delegitimation + row.delegitimation
        row = dataclasses.replace(row, harshness=alone.harshness, compliance=alone.compliance, delegitimation=cost)
    return row

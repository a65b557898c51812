"""The rule of the experiment on strands (docs/strands.md), in code: what observes its state, what helps, what is neutral."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from hegemon.inference.vector import FREE
from hegemon.studies.backtest.scores import Interval, interval
from strands_arms import ARMS, Fit
from strands_claim import NONE, STATES

OF_STATES = ("alignment.", "integration.", "turnover.", "support.embrace", "support.reliance", "war.hold_over_both", "pact.bond",
             "pact.join", "pact.leave")  # fmt: skip
"""Parameters that move what strands observe: beginnings of their names."""

NEAR, CLOSE, NARROWED, FEWEST, HELD = 0.001, 1.0, 0.1, 3, (0.80, 0.97)
"""The rule's numbers: of CRPS, of nat, of contraction, of parameters, of coverage."""

Found = Mapping[str, pd.DataFrame]
"""A table per origin."""


@dataclass(frozen=True)
class Strand:
    """Whether a strand observes its state: how far that is ahead of none at the first origin (mean of so many neighbours) and at
    the second (their sum), the neighbour that makes most of either, and the state that is best at the first."""

    state: str
    ahead: Interval
    neighbours: int
    again: float
    most: tuple[tuple[str, float], ...]
    best: str
    holds: bool


@dataclass(frozen=True)
class Arm:
    """What an arm is worth against the composite alone: ties and timing at both origins, parameters that it narrows of how many,
    strands whose bands hold what they should, of how many."""

    ties: tuple[Interval, ...]
    timing: tuple[Interval, ...]
    neighbours: int
    narrowed: int
    of: int
    held: int
    bands: int
    word: str


@dataclass(frozen=True)
class Judged:
    """The rule's answers."""

    strands: Mapping[str, Strand]
    arms: Mapping[str, Arm]


def better(cases: pd.DataFrame, column: str, by: Sequence[str], arm: str) -> Interval:
    """How much more an arm has of a column than the composite alone, case by case, resampling neighbours."""
    wide = cases.pivot(index=list(by), columns="arm", values=column)
    return interval(
        (wide[arm] - wide[ARMS[0]]).to_numpy(float),
        [each[0] if isinstance(each, tuple) else each for each in wide.index],
    )


def ties_gain(cases: pd.DataFrame, arm: str, pole: str = "russia") -> Interval:
    """How much nearer to what came an arm is: CRPS of the composite less the arm's, positive is better."""
    found = better(cases[cases["pole"] == pole], "crps", ("state", "year"), arm)
    return Interval(-found.mean, -found.high, -found.low)


def own(found: pd.DataFrame) -> pd.DataFrame:
    """A strand against its own state."""
    pairs = dict(zip(("votes", "trade", "memberships"), STATES, strict=False))
    return found[found["strand"].map(pairs) == found["state"]]


def narrowing(fits: Mapping[str, Fit]) -> pd.DataFrame:
    """What strands change of the parameters that move their states: contraction (1 - variance / prior variance) and place of the
    mode, in spreads of the composite's posterior."""
    rows = []
    for i, name in enumerate(FREE):
        if name.startswith(OF_STATES):
            alone = fits[ARMS[0]]
            row: dict[str, object] = {"name": name, ARMS[0]: 1.0 - alone.spread()[i] ** 2}
            for arm in ARMS[1:]:
                row[arm] = 1.0 - fits[arm].spread()[i] ** 2
                row[f"{arm} moves"] = (fits[arm].mode[i] - alone.mode[i]) / alone.spread()[i]
            rows.append(row)
    return pd.DataFrame(rows)


def observing(claim: Found, strand: str) -> Strand:
    """Whether a strand observes its state."""
    both = [each[(each["arm"] == ARMS[0]) & (each["strand"] == strand)] for each in claim.values()]
    mine = str(own(both[0])["state"].iloc[0])
    first, second = (each.pivot(index="neighbour", columns="state", values="later") for each in both)
    apart = [each[mine] - each[NONE] for each in (first, second)]
    ahead, again = interval(apart[0].to_numpy(float), list(apart[0].index)), float(apart[1].sum())
    most = tuple((str(each.abs().idxmax()), float(each[each.abs().idxmax()])) for each in apart)
    best = str(first[[*STATES, NONE]].sum().idxmax())
    holds = ahead.low > 0.0 and again > 0.0 and best == mine
    return Strand(mine, ahead, len(first), again, most, best, holds)


def helps(one: Sequence[Interval], other: Interval) -> bool:
    """Whether a score is clearly better at the first origin and better at the second, and the other is not clearly worse."""
    return len(one) > 1 and one[0].low > 0.0 and one[1].mean > 0.0 and other.high >= 0.0


def worth(arm: str, fits: Mapping[str, Mapping[str, Fit]], claim: Found, ties: Found, timing: Found) -> Arm:
    """What an arm is worth, at the origins at which it was learned."""
    origins = [origin for origin in fits if arm in fits[origin]]
    near = tuple(ties_gain(ties[origin], arm) for origin in origins)
    when = tuple(better(timing[origin], "timing", ("state",), arm) for origin in origins)
    first = origins[0]
    n, table = timing[first]["state"].nunique(), narrowing(fits[first])
    narrowed = int((table[arm] - table[ARMS[0]] >= NARROWED).sum())
    bands = own(claim[first])
    bands = bands[bands["arm"] == arm].groupby("strand")[["inside", "years"]].sum()
    held = (bands["inside"] / bands["years"]).between(*HELD)
    same = (
        not any(each.excludes_zero for each in (*near, *when))
        and abs(near[0].mean) <= NEAR
        and abs(when[0].mean * n) <= CLOSE
    )
    if helps(near, when[0]) or helps(when, near[0]):
        word = "helps"
    else:
        word = (
            "neutral, and narrows"
            if same and narrowed >= FEWEST and held.all()
            else "neither helps, nor is neutral and narrows"
        )
    return Arm(near, when, n, narrowed, len(table), int(held.sum()), len(held), word)


def judged(fits: Mapping[str, Mapping[str, Fit]], claim: Found, ties: Found, timing: Found) -> Judged:
    """Strand by strand, and arm by arm."""
    strands = list(dict.fromkeys(next(iter(claim.values()))["strand"]))
    return Judged({strand: observing(claim, strand) for strand in strands},
                  {arm: worth(arm, fits, claim, ties, timing) for arm in ARMS[1:]})  # fmt: skip

"""What a judgement says: an estimand found, a claim under some draws, a claim with all it hangs on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hegemon.ledgers.tables import Claim, Estimand
from hegemon.studies.claims.effects import Effects, Numbers
from hegemon.studies.claims.mixture import Mixture, mixture
from hegemon.studies.claims.recorded import RecordCheck
from hegemon.studies.claims.worths import WorthCheck
from hegemon.studies.study import MIDDLE

LINES = (0.05, 0.95)
"""Probabilities of what is claimed below which it is contradicted and above which it is supported."""

VERDICTS = ("supported", "assumed", "contradicted", "open")
"""A claim is assumed where its probability would support it, and its sign-neutral twin does not: the prior's signs say it."""

SMALLEST = 0.1
"""The smallest effect of interest, in spreads that luck gives to histories with the same parameters."""

SHARE = 0.5
"""Part of the histories of each draw that is spent on the priors, and on every mechanism switched off."""


def number(x: float) -> float | None:
    """For JSON: six digits; what is not known is null."""
    return float(f"{x:.6g}") if np.isfinite(x) else None


@dataclass(frozen=True)
class Estimate:
    """An estimand under some draws of the parameters.

    effect       mean over the draws; low and high bound its middle 90 %
    probability  that what is claimed holds
    noise        Monte-Carlo noise's share of the estimates' variance over draws
    size         effect over the spread that luck gives to histories; NaN where the outcome has none
    defined      draws in which there was something to look at
    """

    effect: float
    low: float
    high: float
    probability: float
    noise: float
    size: float
    draws: int
    defined: int

    @property
    def negligible(self) -> bool:
        """Whether it is below the smallest effect of interest; False where luck's spread is not known."""
        return abs(self.size) < SMALLEST

    def summary(self) -> dict[str, Any]:
        """For JSON; what is not known is null."""
        return {name: number(x) if isinstance(x, float) else x for name, x in vars(self).items()}


@dataclass(frozen=True)
class Assessment:
    """A claim under some draws: its estimands, and the probability that all of them hold."""

    estimates: tuple[Estimate, ...]
    probability: float
    error: float

    @property
    def verdict(self) -> str:
        """ "supported", "contradicted" or "open"."""
        return verdict(self.probability)

    @property
    def odds(self) -> float:
        """Odds of all that is claimed, as far from 0 and infinity as so many draws allow to say."""
        draws = max(each.defined for each in self.estimates)
        smooth = (draws * self.probability + 0.5) / (draws + 1.0)
        return smooth / (1.0 - smooth)

    def summary(self) -> dict[str, Any]:
        """For JSON."""
        return {"verdict": self.verdict, "probability": number(self.probability), "error": number(self.error),
                "estimands": [each.summary() for each in self.estimates]}  # fmt: skip


def verdict(probability: float) -> str:
    """What a probability of all that is claimed amounts to. What could not be computed is open."""
    low, high = LINES
    return "supported" if probability > high else "contradicted" if probability < low else "open"


@dataclass(frozen=True)
class Change:
    """What would change a verdict.

    parameter  of those the claim rests on, the one that goes most with its weakest effect over the twin's draws; "" for none
    below      probability of the claim in the third of the draws where that parameter is smallest, and
    above      where it is largest
    crises     so many more crises like those of the record would decide it, were the effect what it is now; NaN: nothing known
    narrowed   by parameter the claim rests on: share of the prior's spread that the record has taken away
    """

    parameter: str = ""
    below: float = math.nan
    above: float = math.nan
    crises: float = math.nan
    narrowed: Mapping[str, float] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        """For JSON; what is not known is null."""
        return {name: None if isinstance(x, float) and not np.isfinite(x) else x for name, x in vars(self).items()}


@dataclass(frozen=True)
class Judged:
    """A claim with what was found.

    assessment  over the draws it is judged over
    prior       over the priors; the same where it is judged over them, None where nobody asked
    without     by mechanism switched off: the same assessment, from fewer histories
    all_on      that smaller assessment with every mechanism on, to compare `without` with
    record      what the record says
    worths      what the patrons' answers in all orders say
    neutral     over draws of the sign-neutral twin, in which the parameters that the claim rests on have no sign beforehand
    inclined    over draws of the twin whose patron weighs no consequences
    change      what would change it
    """

    claim: Claim
    assessment: Assessment
    prior: Assessment | None
    without: dict[str, Assessment]
    all_on: Assessment | None
    record: tuple[RecordCheck, ...]
    worths: tuple[WorthCheck, ...] = ()
    neutral: Assessment | None = None
    inclined: Assessment | None = None
    change: Change | None = None

    @property
    def verdict(self) -> str:
        """Its verdict: what its probability amounts to, but that nothing is supported where the sign-neutral twin is not."""
        found = self.assessment.verdict
        held = self.neutral is None or self.neutral.verdict == "supported"
        return found if found != "supported" or held else "assumed"

    @property
    def negligible(self) -> tuple[int, ...]:
        """Estimands, counted from 1, of which a sign is claimed and whose effect is below the smallest of interest."""
        return tuple(n for n, (e, found) in enumerate(zip(self.claim.estimand, self.assessment.estimates, strict=True), 1)
                     if e.signed and found.negligible)  # fmt: skip

    @property
    def bayes_factor(self) -> float:
        """By how much the record changes the odds of the claim; NaN where nobody asked the priors."""
        return float("nan") if self.prior is None else self.assessment.odds / self.prior.odds

    @property
    def near(self) -> bool:
        """Whether the verdict could be another with other draws: a line lies within two standard errors."""
        p, error = self.assessment.probability, self.assessment.error
        return any(abs(p - line) < 2.0 * error for line in LINES)

    @property
    def share(self) -> float:
        """Share of the priors' parameter space in which the claim holds; NaN where nobody asked."""
        return float("nan") if self.prior is None else self.prior.probability

    @property
    def needs(self) -> tuple[str, ...]:
        """Mechanisms without which a supported claim is so no longer."""
        if self.assessment.verdict != "supported" or self.all_on is None or self.all_on.verdict != "supported":
            return ()
        return tuple(name for name, each in self.without.items() if each.verdict != "supported")

    def summary(self) -> dict[str, Any]:
        """For JSON."""
        twins = {"neutral": self.neutral, "inclinations": self.inclined}
        return {"id": self.claim.id, "claim": self.claim.claim, "near_the_line": self.near, **self.assessment.summary(),
                "verdict": self.verdict, "negligible": list(self.negligible), "bayes_factor": number(self.bayes_factor),
                "twins": {name: None if each is None else each.summary() for name, each in twins.items()},
                "change": None if self.change is None else self.change.summary(),
                "worths": [each.summary() for each in self.worths],
                "prior_share": number(self.share), "prior": None if self.prior is None else self.prior.summary(),
                "needs": list(self.needs), "all_on": None if self.all_on is None else self.all_on.summary(),
                "without": {name: each.summary() for name, each in self.without.items()},
                "record": [each.summary() for each in self.record],
                "facts": [fact.model_dump() for fact in self.claim.fact]}  # fmt: skip


def holding(estimand: Estimand, values: Effects) -> tuple[Mixture | None, Numbers]:
    """An estimand's posterior, and by draw the probability that it holds, [S]; NaN where there was nothing to look at."""
    mixed, holds = mixture(values), np.full(len(values.value), np.nan)
    if mixed is not None:
        holds[values.defined] = mixed.holds(estimand.sign, estimand.threshold, estimand.low, estimand.high)
    return mixed, holds


def assess(estimands: Sequence[Estimand], measured: Sequence[Effects]) -> Assessment:
    """A claim's estimands together: it holds where all of them do."""
    each = [holding(estimand, values) for estimand, values in zip(estimands, measured, strict=True)]
    together = np.prod([holds for _, holds in each], axis=0)
    found = [_estimate(values, *held) for values, held in zip(measured, each, strict=True)]
    known = together[np.isfinite(together)]
    if any(np.isnan(f.probability) for f in found) or not known.size:
        return Assessment(tuple(found), float("nan"), float("nan"))
    p, n = float(known.mean()), known.size
    smooth = (n * p + 0.5) / (n + 1.0)
    return Assessment(tuple(found), p, float(np.sqrt(smooth * (1.0 - smooth) / n)))


def _estimate(values: Effects, mixed: Mixture | None, holds: Numbers) -> Estimate:
    draws, defined = values.value.size, int(values.defined.sum())
    if mixed is None:
        none = float("nan")
        return Estimate(none, none, none, none, none, none, draws, defined)
    low, high = (mixed.quantile(share) for share in MIDDLE)
    size = mixed.centre / values.spread if values.spread > 0.0 else float("nan")
    return Estimate(mixed.centre, low, high, float(np.nanmean(holds)), mixed.noise, size, draws, defined)

"""What a judgement says: an estimand found, a claim under some draws, a claim with all it hangs on, a whole ledger."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon.claims.schema import Claim, Estimand, Ledger
from hegemon.experiments.claims.effects import Effects
from hegemon.experiments.claims.posterior import Mixture, mixture
from hegemon.experiments.claims.recorded import Said

Numbers = npt.NDArray[np.float64]

LINES = (0.05, 0.95)
"""Probabilities of what is claimed below which it is contradicted and above which it is supported."""

LEVEL = (0.05, 0.95)
"""Quantiles that bound the interval of an effect."""

VERDICTS = ("supported", "contradicted", "open")


def number(x: float) -> float | None:
    """For JSON: six digits; what is not known is null."""
    return float(f"{x:.6g}") if np.isfinite(x) else None


@dataclass(frozen=True)
class Found:
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

    def document(self) -> dict[str, Any]:
        """For JSON; what is not known is null."""
        return {k: number(v) if isinstance(v, float) else v for k, v in dataclasses.asdict(self).items()}


@dataclass(frozen=True)
class Under:
    """A claim under some draws: its estimands, and the probability that all of them hold."""

    found: tuple[Found, ...]
    probability: float
    error: float

    @property
    def verdict(self) -> str:
        """ "supported", "contradicted" or "open"."""
        return verdict(self.probability)

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {"verdict": self.verdict, "probability": number(self.probability), "error": number(self.error),
                "estimands": [found.document() for found in self.found]}  # fmt: skip


def verdict(probability: float) -> str:
    """What a probability of all that is claimed amounts to. What could not be computed is open."""
    low, high = LINES
    return "supported" if probability > high else "contradicted" if probability < low else "open"


@dataclass(frozen=True)
class Judged:
    """A claim with what was found.

    under    the draws it is judged over
    prior    the priors' draws; the same as `under` where it is judged over them, None where nobody asked
    without  by mechanism switched off: the same judgement, from fewer histories
    all_on   that smaller judgement with every mechanism on, to compare `without` with
    said     what the record says
    """

    claim: Claim
    under: Under
    prior: Under | None
    without: dict[str, Under]
    all_on: Under | None
    said: tuple[Said, ...]

    @property
    def verdict(self) -> str:
        """Its verdict."""
        return self.under.verdict

    @property
    def near(self) -> bool:
        """Whether the verdict could be another with other draws: a line lies within two standard errors."""
        p, error = self.under.probability, self.under.error
        return any(abs(p - line) < 2.0 * error for line in LINES)

    @property
    def share(self) -> float:
        """Share of the priors' parameter space in which the claim holds; NaN where nobody asked."""
        return float("nan") if self.prior is None else self.prior.probability

    @property
    def needs(self) -> tuple[str, ...]:
        """Mechanisms without which a supported claim is so no longer."""
        if self.verdict != "supported" or self.all_on is None or self.all_on.verdict != "supported":
            return ()
        return tuple(name for name, under in self.without.items() if under.verdict != "supported")

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.claim.id,
            "claim": self.claim.claim,
            "verdict": self.verdict,
            "near_the_line": self.near,
            **{k: v for k, v in self.under.document().items() if k != "verdict"},
            "prior_share": number(self.share),
            "prior": None if self.prior is None else self.prior.document(),
            "needs": list(self.needs),
            "all_on": None if self.all_on is None else self.all_on.document(),
            "without": {name: under.document() for name, under in self.without.items()},
            "record": [said.document() for said in self.said],
            "facts": [fact.model_dump() for fact in self.claim.fact],
        }


@dataclass(frozen=True)
class Judgement:
    """A ledger, judged. `made` says how."""

    ledger: Ledger
    claims: tuple[Judged, ...]
    made: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "made": self.made,
            "title": self.ledger.title,
            "verdicts": {kind: sum(j.verdict == kind for j in self.claims) for kind in VERDICTS},
            "claims": [j.document() for j in self.claims],
        }


def under(estimands: Sequence[Estimand], measured: Sequence[Effects]) -> Under:
    """A claim's estimands together: it holds where all of them do."""
    together = np.ones(len(measured[0].value))
    found = []
    for estimand, values in zip(estimands, measured, strict=True):
        mixed = mixture(values)
        holds = np.full(len(values.value), np.nan)
        if mixed is not None:
            holds[values.defined] = mixed.holds(estimand.sign, estimand.threshold, estimand.low, estimand.high)
        together = together * holds
        found.append(_found(values, mixed, holds))
    known = together[np.isfinite(together)]
    if any(np.isnan(f.probability) for f in found) or not known.size:
        return Under(tuple(found), float("nan"), float("nan"))
    p, n = float(known.mean()), known.size
    smooth = (n * p + 0.5) / (n + 1.0)
    return Under(tuple(found), p, float(np.sqrt(smooth * (1.0 - smooth) / n)))


def _found(values: Effects, mixed: Mixture | None, holds: Numbers) -> Found:
    draws, defined = values.value.size, int(values.defined.sum())
    if mixed is None:
        none = float("nan")
        return Found(none, none, none, none, none, none, draws, defined)
    low, high = (mixed.quantile(share) for share in LEVEL)
    size = mixed.centre / values.spread if values.spread > 0.0 else float("nan")
    return Found(mixed.centre, low, high, float(np.nanmean(holds)), mixed.noise, size, draws, defined)

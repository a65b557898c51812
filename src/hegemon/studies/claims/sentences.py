"""What a judged claim says in sentences, chosen by the numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from hegemon.history import coded
from hegemon.ledgers.sides import Base
from hegemon.ledgers.tables import Claim, Estimand, Fact
from hegemon.ledgers.words import claimed, listed, plain
from hegemon.scenarios.schema import Scenario
from hegemon.sentences.claiming import SMALL
from hegemon.studies.claims.recorded import Count, RecordCheck
from hegemon.studies.claims.result import Claims
from hegemon.studies.claims.verdicts import LINES, VERDICTS, Estimate, Judged

HALF = 0.5
"""An effect of which less than this share is left without a mechanism hangs on it."""


def verdict(judged: Judged, of: Claims) -> str:
    """Verdict, probability, and how sure that is."""
    u = judged.assessment
    if u.probability != u.probability:
        return "Open: in most draws there was nothing to look at."
    several = "all of it" if len(u.estimates) > 1 else "it"
    near = (" The line is within two standard errors: with other draws the verdict might be another." if judged.near else "")
    over = "the priors" if of.made["parameters"] == "prior" else f"the posterior {of.made['parameters']}"
    return (f"{judged.verdict.capitalize()}: the probability of {several} is {share(u.probability)} "
            f"(± {u.error:.2f} for {of.question.draws} draws of {over}).{near}")  # fmt: skip


def parts(judged: Judged) -> str:
    """Which estimands carry the verdict, where there are several and they differ."""
    u = judged.assessment
    if len(u.estimates) < 2 or judged.verdict == "supported":
        return ""
    strong, weak = ([str(n) for n, f in enumerate(u.estimates, 1) if (f.probability > 0.95) == yes] for yes in (True, False))
    if not strong or not weak:
        return ""
    held = "holds" if len(strong) == 1 else "hold"
    lacking = "does" if len(weak) == 1 else "do"
    return f"By itself estimand {listed(strong)} {held} with more than 0.95; estimand {listed(weak)} {lacking} not."


def prior(judged: Judged) -> str:
    """How much of the priors' space it holds in."""
    p = judged.prior
    if p is None or p == judged.assessment:
        return ""
    if p.probability != p.probability:
        return "Over the priors there was mostly nothing to look at."
    moved = {1: "the record argues for it", -1: "the record argues against it", 0: "the record says little about it"}
    over = "" if judged.assessment.probability != judged.assessment.probability else f"; {moved[learned(judged)]}"
    return f"It holds in {p.probability:.0%} of the priors' parameter space{over}."


def learned(judged: Judged) -> int:
    """1 where the record makes a claim more probable than the priors do, -1 where less; 0 within two standard errors."""
    u, p = judged.assessment, judged.prior
    if p is None:
        return 0
    apart = u.probability - p.probability
    return 0 if not abs(apart) > 2.0 * (u.error**2 + p.error**2) ** 0.5 else 1 if apart > 0.0 else -1


def magnitude(judged: Judged) -> str:
    """How large the effects are beside what luck does."""
    sizes = [abs(f.size) for f in judged.assessment.estimates if f.size == f.size]
    if not sizes or judged.verdict != "supported" or max(sizes) >= SMALL:
        return ""
    which = "The effect is" if len(sizes) == 1 else "The effects are"
    most = max(0.01, math.ceil(100.0 * max(sizes)) / 100.0)
    return f"{which} small: at most {most:.2f} of the spread that luck gives to histories with the same parameters."


def needs(judged: Judged) -> str:
    """What the claim hangs on."""
    if not judged.without or judged.all_on is None:
        return ""
    leaning = [f"{plain(name)} ({', '.join(kept)})" for name, kept in _weakened(judged).items()]
    said = []
    before = judged.all_on.verdict
    turned = [(plain(name), under.verdict) for name, under in judged.without.items() if under.verdict != before]
    if before != judged.verdict:
        said.append(f"With the fewer histories that are spent on mechanisms it is {before} with all of them on.")
    if before == "supported":
        said.append(f"Without {_either([name for name, _ in turned])} it is no longer supported." if turned
                    else f"It stays supported without {_either([plain(name) for name in judged.without])}.")  # fmt: skip
    elif turned:
        said.append(f"The verdict is another without {_either([f'{name} ({verdict})' for name, verdict in turned])}.")
    if leaning:
        said.append(f"Of the effects less than half is left without {_either(leaning)}.")
    return " ".join(said)


def _either(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"


def _weakened(judged: Judged) -> dict[str, list[str]]:
    """By mechanism: estimands of which less than half is left, where the effect is a difference."""
    found: dict[str, list[str]] = {}
    if judged.all_on is None:
        return found
    for name, under in judged.without.items():
        for n, (with_, without) in enumerate(zip(judged.all_on.estimates, under.estimates, strict=True), 1):
            sure = with_.low > 0.0 or with_.high < 0.0
            e = judged.claim.estimand[n - 1]
            difference = e.b is not None or e.against is not None or e.since is not None
            left = without.effect / with_.effect if difference and sure else 1.0
            if left < HALF:
                found.setdefault(name, []).append(f"estimand {n}: {'turned' if left < -0.05 else f'{abs(left):.0%}'}")
    return found


def _counted(c: Count) -> str:
    return f"{c.number} of {c.of} ({c.share:.0%}, 90 % interval {c.quantile(0.05):.0%} to {c.quantile(0.95):.0%})" if c.of else \
        "none of none"  # fmt: skip


def record(said: RecordCheck, judged: Judged, n: int) -> str:
    """What the record says."""
    text = f"{said.what}: {_counted(said.here)}"
    if said.there is not None:
        text += f" against {_counted(said.there)}"
    if said.probability is not None:
        expected = claimed(judged.claim.record[n])
        which = "the difference is" if said.there is not None else "the share is"
        text += f"; were crises independent, {which} {expected} with probability {share(said.probability)}"
    return f"{text}."


def fact(given: Fact, base: Base) -> str:
    """A dated fact, and whether the model's record could know it."""
    later = ended(base.scenario)
    bearing = {"for": "Speaks for it", "against": "Speaks against it", "neither": "Speaks for neither"}[given.speaks]
    beyond = "; beyond the training record" if later and given.date > later else ""
    return f"{given.date}: {given.says} {bearing}{beyond}. Source: {given.source}."


def ended(scenario: Scenario) -> str:
    """The day on which the last coded crisis of a scenario's record ended; empty where there is no record."""
    if scenario.history is None:
        return ""
    table = coded(scenario)
    return max((str(day) for column in ("start", "end") for day in table[column].dropna()), default="")


def balance(claim: Claim) -> str:
    """How the facts lean."""
    said = f"Of what followed, {speaking(claim, 'for')} speak for it and {speaking(claim, 'against')} against."
    return said if claim.fact else ""


def short(of: Claims) -> list[str]:
    """The ledger in a few sentences."""
    groups = {kind: [j.claim.id for j in of.judged if j.verdict == kind] for kind in VERDICTS}
    lines = [f"{kind.capitalize()}: {listed(ids)}." for kind, ids in groups.items() if ids]
    for what, holds in REMARKS.items():
        if ids := [j.claim.id for j in of.judged if holds(j)]:
            lines.append(f"{what}: {listed(ids)}.")
    return lines


REMARKS: Mapping[str, Callable[[Judged], Any]] = {
    "So near to a line that other draws might decide otherwise": lambda j: j.near,
    "The record makes more probable than the priors": lambda j: learned(j) == 1,
    "The record makes less probable than the priors": lambda j: learned(j) == -1,
    "Supported, but with effects that are small beside what luck does": magnitude,
    "Supported by the priors too, so that it is the model's form that says so, more than the record":
        lambda j: j.verdict == "supported" and j.prior not in (None, j.assessment) and j.prior.verdict == "supported",
    "More of what is listed beside the model speaks against them than for them":
        lambda j: speaking(j.claim, "against") > speaking(j.claim, "for"),
}  # fmt: skip
"""What is said of claims, and of which."""


def speaking(claim: Claim, side: str) -> int:
    """How many facts speak for a claim, or against it."""
    return sum(fact.speaks == side for fact in claim.fact)


# ---- Numbers as text ----


def effect(estimand: Estimand, found: Estimate) -> str:
    """An effect with its interval; differences and changes have a sign."""
    if found.effect != found.effect:
        return "not defined"
    digits = digits_of(found)
    sign = "+" if estimand.b is not None or estimand.against is not None or estimand.since is not None else ""
    few = "" if found.defined == found.draws else f"; {found.defined} of {found.draws} draws"
    effect, low, high = (f"{x:{sign}.{digits}f}" for x in (found.effect, found.low, found.high))
    return f"{effect} ({low} to {high}{few})"


def size(found: Estimate) -> str:
    """An effect in spreads of luck."""
    return "" if found.size != found.size else f"{found.size:+.2f}"


def digits_of(found: Estimate) -> int:
    """Digits that the interval's width deserves."""
    width = max(found.high - found.low, abs(found.effect), 1e-9)
    return int(min(6, max(2, 2 - math.floor(math.log10(width)))))


def share(p: float) -> str:
    """A probability as text."""
    if p != p:
        return "–"
    if not 0.005 <= p <= 0.995:
        return "> 0.99" if p > 0.5 else "< 0.01"
    near = any(abs(p - line) < 0.0051 for line in LINES)
    return f"{p:.3f}" if near else f"{p:.2f}"

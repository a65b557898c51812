"""What a judged claim says in sentences, chosen by the numbers."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Any

from hegemon.history import coded
from hegemon.inference.twins import EFFECTS, matching
from hegemon.ledgers.sides import Base
from hegemon.ledgers.tables import Claim, Estimand, Fact, Recorded
from hegemon.ledgers.words import claimed, listed, plain
from hegemon.pooled.kept import KEPT
from hegemon.scenarios.schema import Scenario
from hegemon.studies.claims.recorded import Count, RecordCheck, expectation
from hegemon.studies.claims.result import Claims
from hegemon.studies.claims.verdicts import LINES, SMALLEST, VERDICTS, Estimate, Judged
from hegemon.studies.claims.worths import WorthCheck

HALF = 0.5
"""An effect of which less than this share is left without a mechanism hangs on it."""

MOST = 3
"""Parameters that a sentence names."""

COARSE = 201
"""Points at which odds are integrated where a whole number is sought."""

MANY = 1_000
"""So many further crises nobody will see."""

QUARTER = 0.25
"""A parameter of whose spread the record has taken away so much is narrowed."""


def verdict(judged: Judged, of: Claims) -> str:
    """Verdict, probability, and how sure that is."""
    u = judged.assessment
    if u.probability != u.probability:
        return "Open: in most draws there was nothing to look at."
    several = "all of it" if len(u.estimates) > 1 else "it"
    near = (" The line is within two standard errors: with other draws the verdict might be another." if judged.near else "")
    over = "the priors" if of.made["parameters"] == "prior" else f"the posterior {of.made['parameters']}"
    why = ("" if judged.verdict != "assumed" else
           " But it is so because of signs that were assumed: without them the record does not say it.")  # fmt: skip
    return (f"{judged.verdict.capitalize()}: the probability of {several} is {share(u.probability)} "
            f"(± {u.error:.2f} for {of.question.draws} draws of {over}).{why}{near}")  # fmt: skip


def worded(judged: Judged) -> str:
    """The verdict, with what must not be read without it."""
    small = "negligible" if judged.verdict in ("supported", "assumed") and judged.negligible else ""
    alone = "not held against a twin" if judged.verdict == "supported" and judged.neutral is None else ""
    return ", ".join(part for part in (judged.verdict, alone, small, "near the line" if judged.near else "") if part)


def told(judged: Judged, of: Claims) -> dict[str, list[str]]:
    """All that is said of a claim besides its verdict, under what a reader asks."""
    found = {
        "How much is assumption": [prior(judged), twins(judged), narrowed(judged)],
        "How large": [magnitude(judged)],
        "What speaks beside the model": [
            *(f"The record. {record(check, judged, n)}" for n, check in enumerate(judged.record)),
            *(f"The patrons of all orders. {worth(check)}" for check in judged.worths), balance(judged.claim)],
        "What it hangs on": [parts(judged), needs(judged)],
        "What would change it": [*change(judged)],
    }  # fmt: skip
    return {head: kept for head, lines in found.items() if (kept := [line for line in lines if line])}


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
    over = ("" if judged.assessment.probability != judged.assessment.probability else
            f"; {moved[learned(judged)]} (Bayes factor {factor(judged.bayes_factor)})")  # fmt: skip
    return f"It holds in {p.probability:.0%} of the priors' parameter space{over}."


def twins(judged: Judged) -> str:
    """What the twins say that take no side."""
    said = []
    if (found := judged.neutral) is not None:
        count = len(matching(judged.claim.assumes or EFFECTS))
        of = "parameter that it rests on goes" if count == 1 else f"{count} parameters that it rests on go"
        said.append(f"The twin that is not told which way the {of} gives it {share(found.probability)}.")
    if (found := judged.inclined) is not None:
        said.append(f"Where the patron weighs no consequences it has {share(found.probability)}.")
    return " ".join(said)


def narrowed(judged: Judged) -> str:
    """How far the record narrowed what the claim rests on."""
    lost = {} if judged.change is None else judged.change.narrowed
    if not lost:
        return ""
    much = sorted((name for name, x in lost.items() if x >= QUARTER), key=lambda name: -lost[name])
    if not much:
        return f"Of {_counting(len(lost))} that it rests on the record narrowed none by a quarter."
    some = f"{listed([f'{name} by {lost[name]:.0%}' for name in much[:MOST]])}{' and others' if len(much) > MOST else ''}"
    return f"Of {_counting(len(lost))} that it rests on the record narrowed {len(much)} by a quarter or more: {some}."


def _counting(count: int) -> str:
    return "the one parameter" if count == 1 else f"the {count} parameters"


def change(judged: Judged) -> list[str]:
    """Which parameter, how many more crises, which run of answers."""
    found, said = judged.change, []
    if found is None:
        return []
    if found.parameter and found.below == found.below:
        twin = "where signs are open, " if judged.neutral is not None else ""
        said.append(f"It hangs most on {found.parameter}: {twin}the claim has {share(found.below)} in the third of the draws in "
                    f"which that is smallest, and {share(found.above)} where it is largest.")  # fmt: skip
    elif judged.neutral is not None:
        said.append("No single parameter decides it.")
    if judged.verdict == "open" and judged.prior not in (None, judged.assessment):
        if found.crises != found.crises:
            said.append("Crises like those of the record say too little about its weakest effect for any number to decide it.")
        elif found.crises > MANY:
            said.append(f"It would take more than {MANY:,} further crises like those of the record to decide it.")
        else:
            said.append(f"Were its weakest effect what it is now, some {found.crises:.0f} further crises like those of the "
                        "record would decide it.")  # fmt: skip
    for n, check in enumerate(judged.record):
        if (turns := turning(check, judged.claim.record[n])) is not None:
            count, other = turns
            said.append(f"Were the next {count} of the record's kind ({check.what[0].lower()}{check.what[1:]}) all {other}, the "
                        "record's own odds would turn.")  # fmt: skip
    return said


def learned(judged: Judged) -> int:
    """1 where the record makes a claim more probable than the priors do, -1 where less; 0 within two standard errors."""
    u, p = judged.assessment, judged.prior
    if p is None:
        return 0
    apart = u.probability - p.probability
    return 0 if not abs(apart) > 2.0 * (u.error**2 + p.error**2) ** 0.5 else 1 if apart > 0.0 else -1


def magnitude(judged: Judged) -> str:
    """How large the effects are beside what luck does."""
    pairs = zip(judged.claim.estimand, judged.assessment.estimates, strict=True)
    sizes = [abs(f.size) for e, f in pairs if e.signed and f.size == f.size]
    if not sizes:
        return ""
    largest, which = max(0.01, math.ceil(100.0 * max(sizes)) / 100.0), [str(n) for n in judged.negligible]
    said = f"Its largest effect is {largest:.2f} of the spread that luck gives to histories with the same parameters."
    if not which:
        return said
    several = "estimands" if len(which) > 1 else "estimand"
    every = "It is" if len(which) == len(judged.claim.estimand) == 1 else f"Of {several} {listed(which)} it is"
    return f"{said} {every} below {SMALLEST:g}, the smallest of interest: negligible, whatever its sign."


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
            difference = e.difference
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


def worth(said: WorthCheck) -> str:
    """What the patrons' answers in all orders say."""
    odds = (said.probability * KEPT + 0.5) / ((1.0 - said.probability) * KEPT + 0.5)
    way = {"positive": "above", "negative": "below"}[said.sign]
    return (f"{said.what}: {said.worth} is worth {said.centre:+.2f} ({said.low:+.2f} to {said.high:+.2f}), {way} 0 with "
            f"probability {share(said.probability)}; it was one half before (Bayes factor {factor(odds)}).")  # fmt: skip


def turning(check: RecordCheck, asked: Recorded) -> tuple[int, str] | None:
    """How many more crises of a record's kind, all ending the other way, would turn its odds; None where nothing is expected,
    or they are against the claim already."""
    if check.probability is None or check.probability <= 0.5 or asked.sign == "within":
        return None
    other = asked.sign == "negative"

    def turned(count: int) -> bool:
        here = Count(check.here.number + (count if other else 0), check.here.of + count)
        return expectation(asked, here, check.there, points=COARSE) < 0.5

    if not turned(MANY):
        return None
    return bisect_left(range(MANY), True, key=turned), "of that kind" if other else "of the other kind"


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
    "Supported or assumed, with an effect below the smallest of interest":
        lambda j: j.verdict in ("supported", "assumed") and j.negligible,
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
    sign = "+" if estimand.difference else ""
    few = "" if found.defined == found.draws else f"; {found.defined} of {found.draws} draws"
    effect, low, high = (f"{x:{sign}.{digits}f}" for x in (found.effect, found.low, found.high))
    return f"{effect} ({low} to {high}{few})"


def size(estimand: Estimand, found: Estimate) -> str:
    """An effect in spreads of luck."""
    if found.size != found.size:
        return ""
    return f"{found.size:+.2f}{', negligible' if estimand.signed and found.negligible else ''}"


def factor(found: float) -> str:
    """A Bayes factor as text."""
    if found != found:
        return "–"
    return "> 100" if found > 100.0 else "< 0.01" if found < 0.01 else f"{found:.2g}"


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

"""Pictures of a judged ledger: every claim's probability, and each claim's effects with what they hang on."""

from __future__ import annotations

from collections.abc import Mapping

from hegemon.claims.schema import Estimand
from hegemon.claims.words import claimed
from hegemon.experiments.claims.verdicts import LINES, Found, Judged, Judgement
from hegemon.pages import theme
from hegemon.pages.charts import dots
from hegemon.pages.charts.parts import Look
from hegemon.pages.figure import Figure, Table

LOOKS: Mapping[str, Look] = {
    "supported": {"label": "supported", "colour": "blue", "shape": "circle"},
    "contradicted": {"label": "contradicted", "colour": "orange", "shape": "diamond"},
    "open": {"label": "open", "colour": "muted", "shape": "square"},
}
"""Shapes tell verdicts apart without colour."""

POSTERIOR, PRIOR = "posterior", "priors"


def hue(verdict: str) -> str:
    """The colour of a verdict."""
    return theme.hue(LOOKS[verdict]["colour"])


def slug(judgement: Judgement, claim: str = "") -> str:
    """Stem of a figure's files."""
    return "-".join(part for part in ("claims", judgement.ledger.name, claim.lower().replace(".", "-")) if part)


def overview(judgement: Judgement) -> Figure:
    """Probability of every claim: under the posterior, and under the priors."""
    import pandas as pd

    rows = []
    for judged in judgement.claims:
        p, error = judged.under.probability, judged.under.error
        known = p == p
        ends = (max(0.0, p - 2.0 * error), min(1.0, p + 2.0 * error)) if known else (None, None)
        rows.append((judged.claim.id, judged.verdict, POSTERIOR, p if known else None, *ends))
        if judged.share == judged.share:
            rows.append((judged.claim.id, judged.verdict, PRIOR, judged.share, None, None))
    counts = {v: sum(j.verdict == v for j in judgement.claims) for v in LOOKS}
    said = ", ".join(f"{n} {v}" for v, n in counts.items())
    return Figure(
        name=slug(judgement),
        title=f"{judgement.ledger.title}: {len(judgement.claims)} claims",
        reading=f"Mark: probability, over draws of the parameters, of all that the claim's estimands ask; bar: two standard "
        f"errors for the finite number of draws. Tick: the same over the priors. Right of {LINES[1]:g} a claim is supported, "
        f"left of {LINES[0]:g} contradicted, between them open.",
        form="Dots by claim on a scale from 0 to 1",
        finding=f"Of {len(judgement.claims)} claims: {said}.",
        kind="dots",
        data=pd.DataFrame(rows, columns=["claim", "verdict", "over", "p", "low", "high"]),
        settings=dots.Settings(
            row="claim",
            value="p",
            low="low",
            high="high",
            series="over",
            looks={PRIOR: {"colour": "muted", "interval": "none", "mark": "tick"}, POSTERIOR: {}},
            of="verdict",
            classes=LOOKS,
            across={"title": "probability of all that is claimed", "domain": [0, 1], "values": [0, 0.25, 0.5, 0.75, 1]},
            rules=[{"at": at} for at in LINES],
        ),
    )


def lines_of(judged: Judged, e: int) -> list[tuple[str, Found]]:
    """An estimand under everything it was judged under, by name."""
    found = [("all mechanisms", judged.under.found[e])]
    found += [(f"without {name.replace('_', ' ')}", under.found[e]) for name, under in judged.without.items()]
    if judged.prior is not None and judged.prior != judged.under:
        found.append((PRIOR, judged.prior.found[e]))
    return found


def effects(judgement: Judgement, judged: Judged) -> Figure:
    """A claim's estimands: effect and middle 90 % of draws, with all mechanisms, without each, and under the priors."""
    import pandas as pd

    rows = [
        (f"{e + 1}", name, f.effect, f.low, f.high, f.probability,
         judged.verdict if n == 0 else PRIOR if name == PRIOR else "without")
        for e in range(len(judged.claim.estimand)) for n, (name, f) in enumerate(lines_of(judged, e)) if f.effect == f.effect
    ]  # fmt: skip
    marks = [(e.low, e.high) if e.sign == "within" else (e.threshold,) for e in judged.claim.estimand]
    pairs = zip(judged.claim.estimand, judged.under.found, strict=True)
    main = [effect(e, f) for e, f in pairs if f.effect == f.effect]
    return Figure(
        name=slug(judgement, judged.claim.id),
        title=judged.claim.id,
        reading="Dot: mean effect over draws of the parameters; line: middle 90 % of draws. Dashed: what is claimed.",
        form=f"Effects of {judged.claim.id} with intervals",
        finding=f"{judged.verdict.capitalize()}. Effects: {'; '.join(main) or 'none could be computed'}.",
        kind="dots",
        data=pd.DataFrame(rows, columns=["estimand", "under", "effect", "low", "high", "p", "role"]),
        settings=dots.Settings(
            row="under",
            apart=True,
            value="effect",
            low="low",
            high="high",
            of="role",
            classes={judged.verdict: {"colour": LOOKS[judged.verdict]["colour"]}, "without": {"colour": "quiet"},
                     PRIOR: {"colour": "muted"}},
            panel="estimand",
            panels={f"{n}": f"{n}. {e.what}" for n, e in enumerate(judged.claim.estimand, 1)},
            across={"format": "~g"},
            rules=[{"at": at, "panel": f"{n}"} for n, ats in enumerate(marks, 1) for at in ats if at is not None],
            columns=min(len(marks), 2),
        ),
    )  # fmt: skip


def numbers(judged: Judged) -> Table:
    """A claim's estimands as a table."""
    rows = []
    for estimand, found in zip(judged.claim.estimand, judged.under.found, strict=True):
        rows.append([estimand.what, claimed(estimand), effect(estimand, found), share(found.probability), size(found),
                     share(found.noise)])  # fmt: skip
    head = ["Estimand", "Claimed", "Effect (middle 90 %)", "P", "In luck's spreads", "Noise"]
    return Table(head, rows, f"{judged.claim.id}: estimands")


def effect(estimand: Estimand, found: Found) -> str:
    """An effect with its interval; differences and changes have a sign."""
    if found.effect != found.effect:
        return "not defined"
    digits = digits_of(found)
    sign = "+" if estimand.b is not None or estimand.against is not None or estimand.since is not None else ""
    few = "" if found.defined == found.draws else f"; {found.defined} of {found.draws} draws"
    effect, low, high = (f"{x:{sign}.{digits}f}" for x in (found.effect, found.low, found.high))
    return f"{effect} ({low} to {high}{few})"


def size(found: Found) -> str:
    """An effect in spreads of luck."""
    return "" if found.size != found.size else f"{found.size:+.2f}"


def digits_of(found: Found) -> int:
    """Digits that the interval's width deserves."""
    from math import floor, log10

    width = max(found.high - found.low, abs(found.effect), 1e-9)
    return int(min(6, max(2, 2 - floor(log10(width)))))


def share(p: float) -> str:
    """A probability as text."""
    if p != p:
        return "–"
    if not 0.005 <= p <= 0.995:
        return "> 0.99" if p > 0.5 else "< 0.01"
    near = any(abs(p - line) < 0.0051 for line in LINES)
    return f"{p:.3f}" if near else f"{p:.2f}"


def figures(judgement: Judgement) -> list[Figure]:
    """The overview, then each claim."""
    return [overview(judgement), *(effects(judgement, judged) for judged in judgement.claims)]

"""Pictures of a judged ledger: every claim's probability, and each claim's effects with what they hang on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hegemon.pages.charts import dots
from hegemon.pages.charts.parts import Look
from hegemon.pages.figure import Figure
from hegemon.studies.claims.result import Claims
from hegemon.studies.claims.sentences import effect
from hegemon.studies.claims.verdicts import LINES, Estimate, Judged

LOOKS: Mapping[str, Look] = {
    "supported": {"label": "supported", "colour": "blue", "shape": "circle"},
    "assumed": {"label": "assumed", "colour": "blue", "shape": "triangle-up"},
    "contradicted": {"label": "contradicted", "colour": "orange", "shape": "diamond"},
    "open": {"label": "open", "colour": "muted", "shape": "square"},
}
"""Shapes tell verdicts apart without colour."""

POSTERIOR, PRIOR, NEUTRAL = "posterior", "priors", "twin without signs"


def slug(of: Claims, claim: str = "") -> str:
    """Stem of a figure's files."""
    return "-".join(part for part in ("claims", of.ledger.name, claim.lower().replace(".", "-")) if part)


def overview(of: Claims) -> Figure:
    """Probability of every claim: under the posterior, and under the priors."""
    rows = []
    for judged in of.judged:
        p, error = judged.assessment.probability, judged.assessment.error
        known = p == p
        ends = (max(0.0, p - 2.0 * error), min(1.0, p + 2.0 * error)) if known else (None, None)
        rows.append((judged.claim.id, judged.verdict, POSTERIOR, p if known else None, *ends))
        if judged.share == judged.share:
            rows.append((judged.claim.id, judged.verdict, PRIOR, judged.share, None, None))
        if (twin := judged.neutral) is not None and twin.probability == twin.probability:
            rows.append((judged.claim.id, judged.verdict, NEUTRAL, twin.probability, None, None))
    said = ", ".join(f"{n} {verdict}" for verdict, n in of.verdicts.items())
    return Figure(
        name=slug(of),
        title=f"{of.ledger.title}: {len(of.judged)} claims",
        reading=f"Mark: probability, over draws of the parameters, of all that the claim's estimands ask; bar: two standard "
        "errors for the finite number of draws. Thin tick: the same over the priors; thick tick: the twin that is told no signs. "
        f"Right of {LINES[1]:g} a claim is supported, or, where its twin is not, assumed; left of {LINES[0]:g} contradicted, "
        "between them open.",
        form="Dots by claim on a scale from 0 to 1",
        finding=f"Of {len(of.judged)} claims: {said}.",
        kind="dots",
        data=pd.DataFrame(rows, columns=["claim", "verdict", "over", "p", "low", "high"]),
        settings=dots.Settings(
            row="claim", value="p", low="low", high="high", series="over",
            looks={PRIOR: {"colour": "muted", "interval": "none", "mark": "tick"},
                   NEUTRAL: {"colour": "muted", "interval": "none", "mark": "tick", "width": 5.0}, POSTERIOR: {}},
            of="verdict", classes=LOOKS,
            across={"title": "probability of all that is claimed", "domain": [0.0, 1.0], "values": [0.0, 0.25, 0.5, 0.75, 1.0]},
            rules=[{"at": at} for at in LINES],
        ),
    )  # fmt: skip


def lines_of(judged: Judged, e: int) -> list[tuple[str, Estimate]]:
    """An estimand under everything it was judged under, by name."""
    found = [("all mechanisms", judged.assessment.estimates[e])]
    found += [(f"without {name.replace('_', ' ')}", each.estimates[e]) for name, each in judged.without.items()]
    if judged.neutral is not None:
        found.append((NEUTRAL, judged.neutral.estimates[e]))
    if judged.prior is not None and judged.prior != judged.assessment:
        found.append((PRIOR, judged.prior.estimates[e]))
    return found


def effects(of: Claims, judged: Judged) -> Figure:
    """A claim's estimands: effect and middle 90 % of draws, with all mechanisms, without each, and under the priors."""
    rows = [
        (f"{e + 1}", name, f.effect, f.low, f.high, f.probability,
         judged.verdict if n == 0 else PRIOR if name in (PRIOR, NEUTRAL) else "without")
        for e in range(len(judged.claim.estimand)) for n, (name, f) in enumerate(lines_of(judged, e)) if f.effect == f.effect
    ]  # fmt: skip
    marks = [(e.low or 0.0, e.high or 0.0) if e.sign == "within" else (e.threshold,) for e in judged.claim.estimand]
    pairs = zip(judged.claim.estimand, judged.assessment.estimates, strict=True)
    main = [effect(e, f) for e, f in pairs if f.effect == f.effect]
    return Figure(
        name=slug(of, judged.claim.id),
        title=judged.claim.id,
        reading="Dot: mean effect over draws of the parameters; line: middle 90 % of draws. Dashed: what is claimed.",
        form=f"Effects of {judged.claim.id} with intervals",
        finding=f"{judged.verdict.capitalize()}. Effects: {'; '.join(main) or 'none could be computed'}.",
        kind="dots",
        data=pd.DataFrame(rows, columns=["estimand", "under", "effect", "low", "high", "p", "role"]),
        settings=dots.Settings(
            row="under", apart=True, value="effect", low="low", high="high", of="role",
            classes={judged.verdict: {"colour": LOOKS[judged.verdict]["colour"]}, "without": {"colour": "quiet"},
                     PRIOR: {"colour": "muted"}},
            panel="estimand",
            panels={f"{n}": f"{n}. {e.what}" for n, e in enumerate(judged.claim.estimand, 1)},
            across={"format": "~g"},
            rules=[{"at": at, "panel": f"{n}"} for n, ats in enumerate(marks, 1) for at in ats],
            columns=min(len(marks), 2),
        ),
    )  # fmt: skip

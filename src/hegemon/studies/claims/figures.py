"""Pictures of a judged ledger: every claim's probability, and each claim's effects with what they hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hegemon.pages import theme
from hegemon.pages.figure import Figure, Rows
from hegemon.studies.claims.sentences import effect
from hegemon.studies.claims.verdicts import LINES, Estimate, Judged

if TYPE_CHECKING:
    from hegemon.studies.claims.result import Claims

VERDICT_HUES = {"supported": "blue", "contradicted": "orange", "open": "grey"}
"""Categories of the tokens; shapes tell verdicts apart without colour."""

SHAPES = {"supported": "circle", "contradicted": "diamond", "open": "square"}


def hue(verdict: str) -> str:
    """The colour of a verdict."""
    found = theme.tokens()["colour"]["category"].get(VERDICT_HUES[verdict])
    return str(found or theme.colour("figure", "muted"))


def slug(of: Claims, claim: str = "") -> str:
    """Stem of a figure's files."""
    return "-".join(part for part in ("claims", of.ledger.name, claim.lower().replace(".", "-")) if part)


def overview(of: Claims) -> Figure:
    """Probability of every claim: under the posterior, and under the priors."""
    import altair as alt
    import pandas as pd

    rows: Rows = []
    for judged in of.judged:
        p, error = judged.assessment.probability, judged.assessment.error
        known = p == p
        rows.append({"claim": judged.claim.id, "p": p if known else None, "verdict": judged.verdict,
                     "low": max(0.0, p - 2.0 * error) if known else None,
                     "high": min(1.0, p + 2.0 * error) if known else None,
                     "prior": judged.share if judged.share == judged.share else None})  # fmt: skip
    order = [row["claim"] for row in rows]
    ink, quiet = theme.colour("figure", "muted"), theme.colour("figure", "quiet")
    scale = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("p:Q", scale=scale, axis=alt.Axis(title="probability of all that is claimed", values=[0, 0.25, 0.5, 0.75, 1]))
    y = alt.Y("claim:N", sort=order, axis=alt.Axis(title=None, labelLimit=180))
    base = alt.Chart(alt.NamedData(name="claims"))
    domain = list(VERDICT_HUES)
    chart = alt.layer(
        alt.Chart(alt.NamedData(name="lines")).mark_rule(color=ink, strokeDash=[3, 3]).encode(x=alt.X("at:Q", scale=scale)),
        base.mark_rule(color=quiet, strokeWidth=2).encode(x=alt.X("low:Q", scale=scale), x2="high:Q", y=y),
        base.mark_tick(color=ink, thickness=2, size=13).encode(x=alt.X("prior:Q", scale=scale), y=y),
        base.mark_point(filled=True, size=95, opacity=1).encode(
            x=x,
            y=y,
            color=alt.Color("verdict:N", scale=alt.Scale(domain=domain, range=[hue(v) for v in domain]),
                            legend=alt.Legend(title=None, direction="horizontal")),
            shape=alt.Shape("verdict:N", scale=alt.Scale(domain=domain, range=[SHAPES[v] for v in domain]), legend=None),
        ),
    ).properties(width=620, height=22 * len(rows))  # fmt: skip
    counts = {v: sum(j.verdict == v for j in of.judged) for v in VERDICT_HUES}
    said = ", ".join(f"{n} {v}" for v, n in counts.items())
    return Figure(
        name=slug(of),
        title=f"{of.ledger.title}: {len(rows)} claims",
        reading=f"Mark: probability, over draws of the parameters, of all that the claim's estimands ask; bar: two standard "
        f"errors for the finite number of draws. Tick: the same over the priors. Right of {LINES[1]:g} a claim is supported, "
        f"left of {LINES[0]:g} contradicted, between them open.",
        form="Dots by claim on a scale from 0 to 1",
        finding=f"Of {len(rows)} claims: {said}.",
        chart=chart,
        sources={"claims": rows, "lines": [{"at": at} for at in LINES]},
        data=pd.DataFrame(rows),
    )


def lines_of(judged: Judged, e: int) -> list[tuple[str, Estimate]]:
    """An estimand under everything it was judged under, by name."""
    found = [("all mechanisms", judged.assessment.estimates[e])]
    found += [(f"without {name.replace('_', ' ')}", each.estimates[e]) for name, each in judged.without.items()]
    if judged.prior is not None and judged.prior != judged.assessment:
        found.append(("priors", judged.prior.estimates[e]))
    return found


def effects(of: Claims, judged: Judged) -> Figure:
    """A claim's estimands: effect and middle 90 % of draws, with all mechanisms, without each, and under the priors."""
    import altair as alt
    import pandas as pd

    panels, sources, frames = [], {}, []
    ink = theme.colour("figure", "muted")
    for e, estimand in enumerate(judged.claim.estimand):
        rows: Rows = [
            {"under": name, "effect": f.effect, "low": f.low, "high": f.high, "p": f.probability,
             "role": "main" if n == 0 else "prior" if name == "priors" else "without"}
            for n, (name, f) in enumerate(lines_of(judged, e)) if f.effect == f.effect
        ]  # fmt: skip
        name = f"effects_{e}"
        marks = [estimand.threshold] if estimand.sign != "within" else [estimand.low, estimand.high]
        sources[name], sources[f"{name}_lines"] = rows, [{"at": at} for at in marks]
        frames.append(pd.DataFrame(rows).assign(estimand=e + 1))
        panels.append(_panel(alt, name, rows, theme.wrap(f"{e + 1}. {estimand.what}", 58), ink, hue(judged.verdict)))
    pairs = zip(judged.claim.estimand, judged.assessment.estimates, strict=True)
    main = [effect(e, f) for e, f in pairs if f.effect == f.effect]
    return Figure(
        name=slug(of, judged.claim.id),
        title=judged.claim.id,
        reading="Dot: mean effect over draws of the parameters; line: middle 90 % of draws. Dashed: what is claimed.",
        form=f"Effects of {judged.claim.id} with intervals",
        finding=f"{judged.verdict.capitalize()}. Effects: {'; '.join(main) or 'none could be computed'}.",
        chart=alt.concat(*panels, columns=2, spacing=28),
        sources=sources,
        data=pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(),
    )


def _panel(alt: Any, name: str, rows: Rows, title: list[str], ink: str, colour: str) -> Any:
    """One estimand's dots and lines."""
    x = alt.X("low:Q", scale=alt.Scale(zero=False), axis=alt.Axis(title=None, tickCount=5, format="~g"))
    order = [row["under"] for row in rows]
    y = alt.Y("under:N", sort=order, axis=alt.Axis(title=None, labelLimit=150))
    quiet = theme.colour("figure", "quiet")
    shade = alt.Color("role:N", legend=None,
                      scale=alt.Scale(domain=["main", "without", "prior"], range=[colour, quiet, ink]))  # fmt: skip
    base = alt.Chart(alt.NamedData(name=name))
    claimed_at = alt.Chart(alt.NamedData(name=f"{name}_lines")).mark_rule(color=ink, strokeDash=[3, 3])
    return alt.layer(
        claimed_at.encode(x=alt.X("at:Q", scale=alt.Scale(zero=False))),
        base.mark_rule(strokeWidth=2.2).encode(x=x, x2="high:Q", y=y, color=shade),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=alt.X("effect:Q"), y=y, color=shade),
    ).properties(width=290, height=max(1, len(rows)) * 21, title=alt.Title(title))


def figures(of: Claims) -> list[Figure]:
    """The overview, then each claim."""
    from altair.utils import schemapi

    with schemapi.debug_mode(False):
        return [overview(of), *(effects(of, judged) for judged in of.judged)]

"""Pictures of a judged ledger: every claim's probability, and each claim's effects with what they hang on."""

from __future__ import annotations

from typing import Any

from hegemon.claims.schema import Estimand
from hegemon.claims.words import claimed
from hegemon.experiments.claims.verdicts import LINES, Found, Judged, Judgement
from hegemon.pages import theme
from hegemon.pages.figure import Figure, Rows, Table

VERDICT_HUES = {"supported": "blue", "contradicted": "orange", "open": "grey"}
"""Categories of the tokens; shapes tell verdicts apart without colour."""

SHAPES = {"supported": "circle", "contradicted": "diamond", "open": "square"}


def hue(verdict: str) -> str:
    """The colour of a verdict."""
    found = theme.tokens()["colour"]["category"].get(VERDICT_HUES[verdict])
    return str(found or theme.colour("figure", "muted"))


def slug(judgement: Judgement, claim: str = "") -> str:
    """Stem of a figure's files."""
    return "-".join(part for part in ("claims", judgement.ledger.name, claim.lower().replace(".", "-")) if part)


def overview(judgement: Judgement) -> Figure:
    """Probability of every claim: under the posterior, and under the priors."""
    import altair as alt
    import pandas as pd

    rows: Rows = []
    for judged in judgement.claims:
        p, error = judged.under.probability, judged.under.error
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
    counts = {v: sum(j.verdict == v for j in judgement.claims) for v in VERDICT_HUES}
    said = ", ".join(f"{n} {v}" for v, n in counts.items())
    return Figure(
        name=slug(judgement),
        title=f"{judgement.ledger.title}: {len(rows)} claims",
        reading=f"Mark: probability, over draws of the parameters, of all that the claim's estimands ask; bar: two standard "
        f"errors for the finite number of draws. Tick: the same over the priors. Right of {LINES[1]:g} a claim is supported, "
        f"left of {LINES[0]:g} contradicted, between them open.",
        form="Dots by claim on a scale from 0 to 1",
        finding=f"Of {len(rows)} claims: {said}.",
        chart=chart,
        sources={"claims": rows, "lines": [{"at": at} for at in LINES]},
        data=pd.DataFrame(rows),
    )


def lines_of(judged: Judged, e: int) -> list[tuple[str, Found]]:
    """An estimand under everything it was judged under, by name."""
    found = [("all mechanisms", judged.under.found[e])]
    found += [(f"without {name.replace('_', ' ')}", under.found[e]) for name, under in judged.without.items()]
    if judged.prior is not None and judged.prior != judged.under:
        found.append(("priors", judged.prior.found[e]))
    return found


def effects(judgement: Judgement, judged: Judged) -> Figure:
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
    pairs = zip(judged.claim.estimand, judged.under.found, strict=True)
    main = [effect(e, f) for e, f in pairs if f.effect == f.effect]
    return Figure(
        name=slug(judgement, judged.claim.id),
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
    from altair.utils import schemapi

    with schemapi.debug_mode(False):
        return [overview(judgement), *(effects(judgement, judged) for judged in judgement.claims)]

"""Boxes drawn: the ranges of parameters in which something happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hegemon.experiments.sensitivity.account import box_in_words, unit_of, verdict
from hegemon.experiments.sensitivity.sweep import value_at
from hegemon.pages import theme
from hegemon.pages.figure import Figure, Rows, Table
from hegemon.report.sensitivity import NARROW, WIDE, assembled, axis_of, down, number, plot_width, rows_of

if TYPE_CHECKING:
    from hegemon.experiments.sensitivity.sweep import Sweep


def boxes(sweep: Sweep, width: int = WIDE) -> Figure | None:
    """Boxes as ranges of each parameter's prior."""
    import altair as alt
    import pandas as pd

    found, condition = sweep.study.found, sweep.condition
    if found is None or condition is None or not found.boxes:
        return None
    hues = [theme.colour("category", name) for name in ("blue", "orange", "purple")]
    rows: Rows = []
    for at, box in enumerate(found.boxes):
        for name, limit in box.limits.items():
            low, high = value_at(name, limit.low), value_at(name, limit.high)
            below, above = limit.high < 1.0 - 1e-9, limit.low > 1e-9
            said = f"{number(low)} to {number(high)}" if below and above else (
                f"below {number(high)}" if below else f"above {number(low)}")  # fmt: skip
            rows.append({"factor": f"{at + 1}: {name}", "box": at + 1, "parameter": name, "low": limit.low, "value": limit.low,
                         "high": limit.high, "said": said, "unit": unit_of(name), "p": limit.p, "zero": 0.0, "one": 1.0,
                         "hue": hues[at % len(hues)]})  # fmt: skip
    order, base = [str(row["factor"]) for row in rows], alt.Chart(alt.NamedData(name="boxes"))
    scale, y = alt.Scale(domain=[0, 1.0], nice=False), rows_of(order, width)
    x = alt.X("zero:Q", scale=scale, axis=axis_of("quantile of the prior", [0.0, 0.5, 1.0], ".0%"))
    tall = 12 if width > NARROW else 8
    marks = [
        base.mark_bar(height=tall, color=theme.colour("figure", "land"), yOffset=down(width)).encode(x=x, x2="one:Q", y=y),
        base.mark_bar(height=tall, yOffset=down(width)).encode(x=alt.X("low:Q", scale=scale), x2="high:Q", y=y,
                                          color=alt.Color("hue:N", scale=None)),
    ]  # fmt: skip
    plot = plot_width(width) - (150 if width > NARROW else 0)
    if width > NARROW:
        marks.append(base.mark_text(align="left", color=theme.colour("figure", "ink"), fontSize=11)
                     .encode(x=alt.value(plot + 10), y=y, text="said:N"))  # fmt: skip
    best = found.boxes[0].judged
    cells = [[str(r["factor"]), str(r["said"]), str(r["unit"]), f"{r['low']:.0%} to {r['high']:.0%}", f"{r['p']:.1g}"]
             for r in rows]  # fmt: skip
    scores = [
        [f"{at}", theme.share(part.coverage), theme.share(part.density), f"{part.inside:,}", f"{part.sets:,}", who]
        for at, box in enumerate(found.boxes, 1)
        for who, part in (("that found it", box.found), ("that judge it", box.judged))
    ]
    return Figure(
        name=f"boxes{'' if width > NARROW else '-small'}",
        title=f"When: {condition.words}",
        reading="A box is a range of some parameters, in colour, within their priors, in grey; the number before a parameter "
        "is its box. Coverage: share of the sets in question that lie in it. Density: share of its sets in question.",
        form="Ranges, one row per parameter of each box",
        finding=f"{verdict(sweep)} The first box covers {theme.share(best.coverage)} of these at a density of "
        f"{theme.share(best.density)}, by sets that took no part in the search.",
        detail=" ".join(box_in_words(box, condition.words) for box in found.boxes),
        chart=assembled(marks, order, width, 24, {}, plot),
        sources={"boxes": rows},
        data=pd.DataFrame(rows).drop(columns=["hue", "zero", "one", "value", "factor"]),
        tables=[Table(["Box: parameter", "Range", "Unit", "Of its prior", "Quasi-p"], cells, "Limits of the boxes"),
                Table(["Box", "Coverage", "Density", "Sets inside", "Sets", "Sets"], scores, "How well the boxes do")],
    )  # fmt: skip

"""Boxes drawn: the ranges of parameters in which something happens."""

from __future__ import annotations

import pandas as pd

from hegemon.pages import theme
from hegemon.pages.charts import dots
from hegemon.pages.figure import Figure, Table
from hegemon.studies.sweep.result import Sweep
from hegemon.studies.sweep.sentences import box_in_words, unit_of, verdict, within

HUES = ("blue", "orange", "purple")
"""Colours of boxes, in turn."""


def boxes(sweep: Sweep) -> Figure | None:
    """Boxes as ranges of each parameter's prior."""
    found, condition = sweep.found, sweep.condition
    if found is None or condition is None or not found.boxes:
        return None
    rows = []
    for at, box in enumerate(found.boxes, 1):
        for name, limit in box.limits.items():
            rows.append({"row": f"{at}: {name}", "box": str(at), "parameter": name, "low": limit.low, "high": limit.high,
                         "said": within(name, limit), "unit": unit_of(name), "p": limit.p})  # fmt: skip
    best = found.boxes[0].judged
    cells = [[str(r["row"]), str(r["said"]), str(r["unit"]), f"{r['low']:.0%} to {r['high']:.0%}", f"{r['p']:.1g}"]
             for r in rows]  # fmt: skip
    scores = [[f"{at}", theme.share(part.coverage), theme.share(part.density), f"{part.inside:,}", f"{part.sets:,}", who]
              for at, box in enumerate(found.boxes, 1)
              for who, part in (("that found it", box.found), ("that judge it", box.judged))]  # fmt: skip
    return Figure(
        name="boxes",
        title=f"When: {condition.words}",
        reading="A box is a range of some parameters, in colour, within their priors, in grey; the number before a parameter "
        "is its box. Coverage: share of the sets in question that lie in it. Density: share of its sets in question.",
        form="Ranges, one row per parameter of each box",
        finding=f"{verdict(sweep)} The first box covers {theme.share(best.coverage)} of these at a density of "
        f"{theme.share(best.density)}, by sets that took no part in the search.",
        detail=" ".join(box_in_words(box, condition.words) for box in found.boxes),
        kind="dots",
        phone=True,
        data=pd.DataFrame(rows),
        settings=dots.Settings(
            row="row", low="low", high="high", series="box",
            looks={str(at): {"colour": HUES[at % 3 - 1], "interval": "bar"} for at in range(1, len(found.boxes) + 1)},
            track=[0.0, 1.0], text="said",
            across={"title": "quantile of the prior", "domain": [0.0, 1.0], "values": [0.0, 0.5, 1.0], "format": ".0%"},
        ),
        tables=[Table(["Box: parameter", "Range", "Unit", "Of its prior", "Quasi-p"], cells, "Limits of the boxes"),
                Table(["Box", "Coverage", "Density", "Sets inside", "Sets", "Sets"], scores, "How well the boxes do")],
    )  # fmt: skip

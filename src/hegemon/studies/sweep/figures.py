"""A sweep drawn: what an outcome depends on, which way, and the boxes in which something happens."""

from __future__ import annotations

from functools import partial

import pandas as pd

from hegemon.outcomes import Outcome
from hegemon.pages import theme
from hegemon.pages.charts import dots
from hegemon.pages.figure import Figure, Table
from hegemon.sentences import depending
from hegemon.sentences.depending import Swing, capital, number
from hegemon.studies.sweep import sentences as say
from hegemon.studies.sweep.designs import REST
from hegemon.studies.sweep.result import Sweep
from hegemon.studies.sweep.sentences import of, ranked, said_of_luck, unit_of, value_at

SHOWN = 14
"""Bars of a picture."""

HUES = ("blue", "orange", "purple")
"""Colours of boxes, in turn."""

ranges = partial(Figure, kind="dots", phone=True)
"""A figure with a row per factor or parameter."""


def indices(sweep: Sweep, outcome: Outcome, place: int) -> Figure | None:
    """First- and total-order indices with their intervals."""
    table = sweep.indices
    if table is None or of(table, outcome)["total"].isna().all():
        return None
    frame = of(table, outcome).sort_values("total", ascending=False, kind="stable").reset_index()
    ends = frame[["total_high", "first_high"]].head(SHOWN).max().max()
    end = min(max(float(ends), 0.2) + 0.02, 1.2)
    long = pd.concat(
        [frame[["factor", which, f"{which}_low", f"{which}_high"]].set_axis(["factor", "index", "low", "high"], axis=1)
         .assign(order=which) for which in ("total", "first")], ignore_index=True,
    )  # fmt: skip
    first = next((row for row in frame.to_dict("records") if row["factor"] != REST), frame.iloc[0].to_dict())
    return ranges(
        name=f"indices-{place}",
        title=f"What it depends on: {outcome.words}",
        reading="Share of the variance of the expected outcome that a factor accounts for: alone (orange), and with all "
        "interactions in which it takes part (blue). Lines: 90 % intervals. Luck is left out.",
        form="Points with intervals, one row per factor",
        finding=" ".join(part for part in (
            depending.first(first["factor"], *(float(first[n]) for n in ("total", "total_low", "total_high", "first"))),
            say.said_of_rest(sweep, outcome), said_of_luck(sweep, outcome)) if part),
        data=long[long["factor"].isin(frame["factor"].head(SHOWN))],
        settings=dots.Settings(
            row="factor", value="index", low="low", high="high", series="order",
            looks={"total": {"label": "with all it takes part in (total)", "colour": "model"},
                   "first": {"label": "alone (first order)", "colour": "orange"}},
            dodge=True,
            across={"title": "share of the variance", "domain": [-0.1, end], "format": ".2~f",
                    "values": [0.0, 0.1, 0.2, 0.3, 0.4, 0.5] if end < 0.55 else [0.0, 0.25, 0.5, 0.75, 1.0]},
        ),
        tables=[Table(*ranked(sweep, outcome, 40), "Sobol indices with 90 % intervals, and the outcome at both ends")],
    )  # fmt: skip


def effects(sweep: Sweep, outcome: Outcome, place: int) -> Figure | None:
    """Elementary effects, or coefficients of a rank regression, with their intervals and what chance would give."""
    if sweep.indices is not None:
        return None
    if sweep.effects is not None:
        frame = of(sweep.effects, outcome).rename(columns={"effect_low": "low", "effect_high": "high"})
        frame = frame.assign(value=frame["effect"], size=frame["effect"])
        title, what = "Elementary effects", "mean size of an effect, in units of the outcome"
        reading = ("How much the outcome changes, in the mean over starting points, when a parameter goes from the 5th to the "
                   "95th percentile of its prior. Grey: the most that luck alone would give.")  # fmt: skip
        ends = 0.0, float(frame["chance"].max())
    else:
        assert sweep.importance is not None
        frame, notes = of(sweep.importance, outcome), sweep.importance.attrs[outcome.text]
        frame = frame.assign(value=frame["coefficient"], size=frame["coefficient"].abs())
        title, what = f"Rank {notes['method']}", f"standardised rank {notes['method']}"
        held = ", all other parameters held fixed" if notes["method"] == "regression" else ""
        reading = (f"How the outcome's rank goes with each parameter's, in standard deviations{held}. Lines: 90 % intervals. "
                   "Grey: what chance would give the largest of so many, nine times in ten.")  # fmt: skip
        ends = -float(notes["chance"]), float(notes["chance"])
    frame = frame.sort_values("size", ascending=False, kind="stable").head(SHOWN).reset_index(names="factor")
    first = frame.iloc[0]
    return ranges(
        name=f"effects-{place}",
        title=f"{title}: {outcome.words}",
        reading=reading,
        form="Points with intervals, one row per factor",
        finding=f"{depending.largest(str(first['factor']), float(first['value']))} {said_of_luck(sweep, outcome)}",
        data=frame,
        settings=dots.Settings(
            row="factor", value="value", low="low", high="high",
            across={"title": what, "format": ".2~g",
                    "domain": [min(0.0, ends[0], float(frame["low"].min())), max(ends[1], float(frame["high"].max()))]},
            shades=[{"low": ends[0], "high": ends[1]}],
        ),
        tables=[Table(*ranked(sweep, outcome, 40), f"{title} by size")],
    )  # fmt: skip


def tornado(sweep: Sweep, outcome: Outcome, place: int) -> Figure | None:
    """The outcome where a parameter lies in the lowest and in the highest fifth of its prior."""
    if sweep.swings is None or (frame := of(sweep.swings, outcome).dropna()).empty:
        return None
    frame = frame.assign(size=(frame["high"] - frame["low"]).abs())
    frame = frame.sort_values("size", ascending=False, kind="stable").head(SHOWN).reset_index(names="factor")
    middle = say.luck_of(sweep, outcome)["mean"]
    frame["unit"] = [unit_of(name) for name in frame["factor"]]
    for at, end in (("at_low", "below"), ("at_high", "above")):
        frame[at] = [value_at(name, q) for name, q in zip(frame["factor"], frame[end], strict=True)]
    both = pd.concat(
        [frame[["factor", "unit", "error"]].assign(end=end, at=frame[f"at_{end}"], outcome=frame[end], mean=middle)
         for end in ("low", "high")], ignore_index=True,
    )  # fmt: skip
    top = frame.iloc[0]
    shown = ("at_low", "low", "at_high", "high", "error")
    cells = [[row["factor"], *(number(row[name]) for name in shown), row["unit"]] for row in frame.to_dict("records")]
    head = ["Parameter", "Lowest fifth: below", "Outcome there", "Highest fifth: above", "Outcome there",
            "Standard error of the difference", "Unit of the parameter"]  # fmt: skip
    return ranges(
        name=f"tornado-{place}",
        title=f"Which way: {outcome.words}",
        reading="The outcome where a parameter lies in the lowest fifth (orange) or in the highest fifth (blue) of its "
        "draws, all others varying. Line: mean over all sets.",
        form="Tornado: bars to both sides of the mean, one row per parameter",
        finding=Swing(top["factor"], top["unit"], *(float(top[n]) for n in ("at_low", "low", "at_high", "high"))).said(),
        data=both,
        settings=dots.Settings(
            row="factor", low="mean", high="outcome", series="end",
            looks={"low": {"label": "lowest fifth", "colour": "orange", "interval": "bar"},
                   "high": {"label": "highest fifth", "colour": "model", "interval": "bar"}},
            across={"title": outcome.words, "format": ".2~g"},
            rules=[{"at": middle, "colour": "ink", "dash": False}],
        ),
        tables=[Table(head, cells, f"{capital(outcome.words)} at both ends of each parameter")],
    )  # fmt: skip


def boxes(sweep: Sweep) -> Figure | None:
    """Boxes as ranges of each parameter's prior."""
    found, condition = sweep.found, sweep.condition
    if found is None or condition is None or not found.boxes:
        return None
    rows = []
    for at, box in enumerate(found.boxes, 1):
        for name, limit in box.limits.items():
            rows.append({"row": f"{at}: {name}", "box": str(at), "parameter": name, "low": limit.low, "high": limit.high,
                         "said": say.side(name, limit).within(), "unit": unit_of(name), "p": limit.p})  # fmt: skip
    cells = [[str(r["row"]), str(r["said"]), str(r["unit"]), f"{r['low']:.0%} to {r['high']:.0%}", f"{r['p']:.1g}"]
             for r in rows]  # fmt: skip
    scores = [[f"{at}", theme.share(part.coverage), theme.share(part.density), f"{part.inside:,}", f"{part.sets:,}", who]
              for at, box in enumerate(found.boxes, 1)
              for who, part in (("that found it", box.found), ("that judge it", box.judged))]  # fmt: skip
    return ranges(
        name="boxes",
        title=f"When: {condition.words}",
        reading="A box is a range of some parameters, in colour, within their priors, in grey; the number before a parameter "
        "is its box. Coverage: share of the sets in question that lie in it. Density: share of its sets in question.",
        form="Ranges, one row per parameter of each box",
        finding=f"{say.verdict(sweep)} {depending.best(say.judged(found.boxes[0].judged))}",
        detail=" ".join(say.box_in_words(box, condition.words) for box in found.boxes),
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

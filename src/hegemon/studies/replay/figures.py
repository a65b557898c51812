"""A replay in pictures: what the real history did to the neighbours in the model, and what of it surprised the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from hegemon.pages import fans, readings, theme, words
from hegemon.pages.charts import bars, strip, tracks
from hegemon.pages.charts.parts import Look
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, reading_order
from hegemon.pages.quarters import middle
from hegemon.studies.replay.observed import tally
from hegemon.studies.replay.result import Replay
from hegemon.studies.replay.surprise import odds

MEASURES: Mapping[str, str] = {
    "orientation": "Share of ties with {patron}",
    "red_line": "Red line: the least share {patron} would let pass",
    "fear": "Fear of {patron}",
    "legitimacy": "Legitimacy of {patron}",
}
LOOKS: Mapping[str, Look] = {
    "red_line": {"colour": "muted", "width": 1.2, "dash": True, "bands": []},
    "orientation": {"colour": "orientation", "bands": [["p05", "p95"]]},
    "legitimacy": {"colour": "legitimacy", "width": 1.4, "bands": [["p05", "p95"]]},
    "fear": {"colour": "fear", "width": 1.4, "bands": [["p05", "p95"]]},
}
OBSERVED: Look = {"colour": "record", "width": 1.2, "bands": [["p05", "p95"]]}
"""Where a neighbour stood, as observed: black, as the record is everywhere."""
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "triangle-right", "triangle-left")
"""One per kind of crisis, in the order of `words.KINDS`: colour alone is not for everybody."""
CLASSES: Mapping[str, Look] = {
    kind: {"label": words.KINDS[kind], "colour": kind, "shape": shape}
    for kind, shape in zip(words.KINDS, SHAPES, strict=False)
}
HUES = {"crisis": "quiet", "severity": "yellow", "line": "purple", "request": "sky", "consent": "orange",
        "response": "vermillion", "side": "green", "survival": "blue", "successor": "black"}  # fmt: skip
"""Colours of the parts of an event: the patron's answer stands out."""
FLOOR = 1e-4
"""Probabilities below this are drawn here."""


def levels(worlds: xr.Dataset, info: OrderInfo) -> pd.DataFrame:
    """Median and 90 % band over draws, a row per measure, neighbour and quarter."""
    frames = []
    for name in MEASURES:
        values = worlds[name].sel(pole=info.patron_pole, drop=True) if "pole" in worlds[name].dims else worlds[name]
        cells = values.transpose("run", "state", "quarter").to_numpy().astype(float)
        low, mid, high = np.quantile(cells, (0.05, 0.5, 0.95), axis=0).reshape(3, -1)
        frames.append(readings.places(worlds).assign(measure=name, p05=low, median=mid, p95=high).round(4))
    return pd.concat(frames, ignore_index=True)


def events(crises: pd.DataFrame, info: OrderInfo) -> list[dict[str, Any]]:
    """Crises as marks over their neighbour's lines, and what is said of each."""
    return [
        {
            "panel": row["state"], "x": middle(row["quarter"]), "class": row["kind"],
            "hover": f"{row['quarter']}, {info.state(row['state'])}: {row['name']}. "
            f"Answer: {words.answer(row['instrument'])}, to which the model gave {given(row)}",
        }
        for row in crises.sort_values("quarter", kind="stable").to_dict("records")
    ]  # fmt: skip


def given(row: Mapping[Any, Any]) -> str:
    """The probability of an answer that was given."""
    return odds(np.log(max(row["answer"], 1e-300)))


def neighbours(of: Replay, info: OrderInfo) -> Figure:
    """Every neighbour through the real history, beside where it was observed to stand."""
    frame = levels(of.worlds, info)
    states = reading_order(info, readings.all_states(of.worlds))
    captions = {name: f"{label.format(patron=info.patron)}: median (5th–95th percentile) over draws, times 100"
                for name, label in MEASURES.items()}  # fmt: skip
    tables = [fans.yearly(frame[frame["measure"] == name], "state", states, said) for name, said in captions.items()]
    stood = with_patron(of.observed, info)
    there = ["observed"] if len(stood) else []
    if there:
        tables += [yearly(stood, info, states), *([told(stood, info)] if stood["seen"].any() else [])]
    return Figure(
        name="neighbours", title=f"The neighbours of {info.patron} through the real history",
        reading=f"Marks: crises, by kind. Blue: share of a neighbour's ties that runs to {info.patron}; line the median, "
        "band nine in ten draws of the shocks. Grey, dashed: the red line; below it lie policies the patron would not "
        "let pass. Beneath: fear (orange) and legitimacy (blue) of the patron among those who govern."
        + (f" {READING}" if there else ""),
        form="Small multiples, one per neighbour, with crises marked on the line of years",
        finding=" ".join([crossed(frame, info), *([departed(stood, info)] if there else [])]),
        kind="tracks", data=pd.concat([readings.timed(frame), readings.timed(drawn(stood))], ignore_index=True)
        if there else readings.timed(frame),
        settings=tracks.Settings(
            x="time", line="median", series="measure", looks={**LOOKS, **dict.fromkeys(there, OBSERVED)}, panel="state",
            panels={s: info.state(s) for s in states},
            tracks=[
                {"series": ["red_line", "orientation", *there], "below": "red_line", "up": readings.SHARES, "height": 108},
                {"series": ["legitimacy", "fear"], "height": 50,
                 "up": {"domain": [0.0, 1.0], "values": [0.0, 1.0], "format": ".1~f"}},
            ],
            across=readings.years(*readings.span(of.worlds)), events=events(of.crises, info), classes=CLASSES,
        ),
        tables=tables,
    )  # fmt: skip


READING = (
    "Black: where the neighbour stood by that share, given the observations of every year, later ones too; line the median, band "
    "90 %. The band is that of the measure's level: what else orientation may mean is not in it."
)


def with_patron(observed: pd.DataFrame, info: OrderInfo) -> pd.DataFrame:
    """Of what was observed, the share of ties with the patron."""
    return observed[observed["pole"] == info.patron_pole].reset_index(drop=True)


def drawn(stood: pd.DataFrame) -> pd.DataFrame:
    """Where neighbours stood as a series of the picture: a year's votes and trade stand in its middle."""
    ends = stood[["low", "median", "high"]].round(4).set_axis(["p05", "median", "p95"], axis=1)
    return ends.assign(state=stood["state"], quarter=[f"{year}Q2" for year in stood["year"]], measure="observed")


def yearly(stood: pd.DataFrame, info: OrderInfo, states: list[str]) -> Table:
    """Where neighbours stood, a row per year; years in which one was not observed lie in brackets."""
    cells = {}
    for row in stood.to_dict("records"):
        said = f"{100 * row['median']:.0f} ({100 * row['low']:.0f}–{100 * row['high']:.0f})"
        cells[row["year"], row["state"]] = said if row["seen"] else f"[{said}]"
    rows = [[str(year), *(cells.get((year, state), "") for state in states)] for year in sorted(set(stood["year"]))]
    caption = (f"Share of ties with {info.patron} as observed, given all years: median (5th–95th percentile), times 100; "
               "in square brackets: not observed in that year")  # fmt: skip
    return Table(["Year", *states], rows, caption)


def told(stood: pd.DataFrame, info: OrderInfo) -> Table:
    """How close the model keeps to what was observed, by neighbour."""
    counted = ("years", "inside", "above", "below", "covered")
    rows = [[info.state(str(state)), *(str(row[name]) for name in counted), f"{100 * row['apart']:.0f}"]
            for state, row in tally(stood).to_dict("index").items()]  # fmt: skip
    caption = (f"Years in which the model's share of ties with {info.patron} (mean over the year, median over draws) lies inside "
               "the observed 90 % band, above it, and below; in which nine in ten draws cover the observed median; mean distance "
               "of the medians, times 100")  # fmt: skip
    return Table(["Neighbour", "Years observed", "Inside", "Above", "Below", "Covered", "Apart"], rows, caption)


def departed(stood: pd.DataFrame, info: OrderInfo) -> str:
    """Where the model departs from what was observed, the neighbours first in which it does most, and how often in all."""
    table = tally(stood)
    if table.empty:
        return "No neighbour was observed within these years: years before and after say where it stood."
    years, inside, above, below, covered = (int(table[name].sum()) for name in ("years", "inside", "above", "below", "covered"))
    apart = float((table["apart"] * table["years"]).sum() / years)
    off = table[table["inside"] < table["years"]].head(3)
    least = [f"{info.state(str(row.Index))} (inside the band in {row.inside} of {row.years} years)" for row in off.itertuples()]
    lead = f"The model departs most from what was observed in {words.listed(least)}. " if least else ""
    return (
        f"{lead}Of {years:,} neighbour-years with observations, the model's median of ties with {info.patron} lies inside the "
        f"observed 90 % band in {inside:,}, above it in {above:,} and below it in {below:,}; the medians are "
        f"{100 * apart:.0f} points apart in the mean. Nine in ten draws cover the observed median in {covered:,}."
    )


def crossed(frame: pd.DataFrame, info: OrderInfo) -> str:
    """How often ties lay below the red line, in words."""
    middle_ = frame.pivot(index=["state", "quarter"], columns="measure", values="median")
    under = (middle_["orientation"] < middle_["red_line"]).groupby("state").agg(["sum", "count"])
    total, every = int(under["sum"].sum()), int(under["count"].sum())
    if not total:
        return f"In the median no neighbour's ties with {info.patron} fall below the red line in any quarter."
    most = under.sort_values("sum", ascending=False, kind="stable")
    named = [f"{info.state(str(s))} ({int(most.loc[s, 'sum'])})" for s in most.index[:3] if most.loc[s, "sum"]]
    return (
        f"In the median, ties with {info.patron} lie below the red line in {total:,} of {every:,} neighbour-quarters, "
        f"most often in {words.listed(named)}."
    )


def quarters(of: Replay) -> Figure:
    """How surprising each quarter was, by part."""
    table = of.quarters
    parts = [str(part) for part in of.parts["part"] if part != "all"]
    long = table.melt(id_vars=["quarter", "crises"], value_vars=parts, var_name="part", value_name="log_probability")
    long["surprise"] = (-long["log_probability"]).clip(lower=0.0).round(5)
    long = long.assign(time=[middle(quarter) for quarter in long["quarter"]], crises=long["crises"].replace("", "No crisis"))
    worst = table.sort_values("mean", kind="stable").head(5)
    least = worst.iloc[0]
    mean = of.parts.set_index("part")["mean"]
    share = {part: float(mean[part] / mean["all"]) for part in parts}
    most = max(share, key=lambda name: share[name])
    first, last = long["time"].min() - 0.125, long["time"].max() + 0.125
    return Figure(
        name="quarters", title="Which quarters the model found surprising",
        reading="Height: how improbable the quarter was, as minus the natural logarithm of its probability (mean over "
        "draws); 4.6 is one in a hundred, 6.9 one in a thousand. Colours: which part of the event. Quiet quarters count too.",
        form="Stacked bars over time",
        finding=f"Least expected: {least['quarter']} ({least['crises'] or 'no crisis'}). Of all surprise, "
        f"{theme.share(share[most])} lies in the part {most}.",
        kind="bars", data=long.drop(columns="log_probability"),
        settings=bars.Settings(
            x="time", step=0.25, height="surprise", series="part",
            looks={p: {"label": p.capitalize(), "colour": HUES[p]} for p in parts},
            tops=[{"x": middle(row["quarter"]), "y": -row["mean"], "word": row["quarter"]} for row in worst.to_dict("records")],
            across=readings.years(first, last), up={"title": "surprise, −log probability"},
            hover="{quarter}, {part}: {surprise:.1f}. {crises}",
        ),
    )  # fmt: skip


def answers(of: Replay, info: OrderInfo) -> Figure:
    """What probability the model gave to each answer of the patron."""
    table = of.crises.round(6)
    used = [name for name in words.INSTRUMENTS if name in set(table["instrument"])]
    used += sorted(set(table["instrument"]) - set(used))
    shown = table["answer"].clip(lower=FLOOR)
    said = [given(row) for row in of.crises.to_dict("records")]
    data = table.assign(shown=shown, neighbour=table["state"].map(info.state), said=said)
    middle_ = float(np.median(table["answer"])) if len(table) else float("nan")
    return Figure(
        name="answers", title=f"What the model made of {info.patron}'s answers",
        reading="A mark is a crisis, in the row of what the patron did. Right: the model would have said so. Left: it "
        "would not. Probabilities are means over draws.",
        form="A strip of marks per instrument, on a logarithmic scale of probability",
        finding=f"In the median the model gave {theme.share(middle_)} to the answer that was given."
        if len(table)
        else "No crisis, no answer.",
        kind="strip", data=data,
        settings=strip.Settings(
            x="shown", row="instrument", rows={name: words.plain(name, words.INSTRUMENTS) for name in used}, of="kind",
            classes=CLASSES, hover="{quarter}, {neighbour}: {name}; {said}",
            across={
                "title": "probability the model gave to what the patron did",
                "format": ".2~%",
                "log": True,
                "domain": [0.5 * float(shown.min() if len(shown) else 0.01), 1.0],
                "values": [0.0001, 0.001, 0.01, 0.1, 1.0],
            },
            height=44,
        ),
    )  # fmt: skip

"""What a record moved, drawn: parameters before and after, and how far each was narrowed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hegemon.inference.vector import OF_TIES
from hegemon.instruments import CODE, INCLINATIONS
from hegemon.pages.charts.parts import Look
from hegemon.pages.figure import Figure

SHOWN = 20
"""Parameters drawn, those that the record moved most."""

SPREADS = (-3.2, 3.2)
"""Ends of the axis on which parameters are drawn, in spreads of the prior."""

PRIOR, POSTERIOR = "prior", "posterior"

LOOKS: Mapping[str, Look] = {
    PRIOR: {"label": "prior", "colour": "quiet", "interval": "wide", "mark": "none"},
    POSTERIOR: {"label": "posterior", "colour": "model"},
}

PARTS = {
    "mechanisms": "blue",
    "the patron's inclinations": "orange",
    "instruments' consequences": "sky",
    "measurement of ties": "black",
}
"""Groups of parameters and their colours."""

LITTLE = 0.1
"""Contraction below which the record is said to say little."""


def moved(table: pd.DataFrame) -> Figure:
    """Prior and posterior of the parameters that contracted most, in spreads of the prior."""
    frame = table.head(SHOWN).reset_index()
    said = [f"{a:.2g} \u2192 {b:.2g}".replace("-", "\u2212") for a, b in zip(frame["prior_mean"], frame["mean"], strict=True)]
    both = []
    for name, stem in ((PRIOR, "prior_"), (POSTERIOR, "")):
        found = {end: frame[f"{stem}{end}"] for end in ("low", "mean", "high")}
        z = {f"z_{end}": ((value - frame["prior_mean"]) / frame["prior_sd"]).clip(*SPREADS) for end, value in found.items()}
        both.append(pd.DataFrame({"parameter": frame["parameter"], "of": name, **found, **z, "said": said}))
    first = frame.iloc[0]
    return Figure(
        name="calibration-moved", title=f"The {len(frame)} parameters that the record narrowed most",
        reading="Grey: middle 90 % of the prior. Blue: middle 90 % and mean of the posterior. Both in spreads of the prior, so "
        "that they share an axis. Right: the means before and after, in the parameter's own unit.",
        form="Intervals by parameter",
        finding=f"Most narrowed: {first['parameter']}, from {first['prior_mean']:.2g} to {first['mean']:.2g}.",
        kind="dots", data=pd.concat(both, ignore_index=True),
        settings={
            "row": "parameter", "value": "z_mean", "low": "z_low", "high": "z_high", "series": "of", "looks": LOOKS,
            "text": "said",
            "across": {"title": "spreads of the prior from its mean", "domain": SPREADS, "values": [-3, -2, -1, 0, 1, 2, 3],
                       "format": "d"},
        },
    )  # fmt: skip


def part_of(parameter: str) -> str:
    """What a parameter is about, in a word or two."""
    block, _, field = parameter.partition(".")
    if parameter in OF_TIES:
        return "measurement of ties"
    if block == "side":
        return "the patron's inclinations"
    if block not in CODE:
        return "mechanisms"
    return "the patron's inclinations" if field in INCLINATIONS else "instruments' consequences"


def contraction(table: pd.DataFrame, noise: float) -> Figure:
    """How much was learned about how many parameters, by group; `noise`: by how much it scatters where nothing was."""
    step, low = 0.05, -0.25
    frame = table.reset_index()[["parameter", "contraction"]]
    frame = frame.assign(part=[part_of(name) for name in frame["parameter"]])
    bins = np.floor(frame["contraction"].clip(low, 1.0 - 1e-9) / step + 1e-9) * step + step / 2
    counts = frame.assign(bin=bins.round(4)).groupby(["part", "bin"]).size().rename("count").reset_index()
    known = frame.groupby("part")["contraction"].sum()
    titles = {
        part: [f"{part[0].upper()}{part[1:]}", f"{(frame['part'] == part).sum()} parameters; contractions add up to "
               f"{known.get(part, 0.0):.0f}"] for part in PARTS
    }  # fmt: skip
    little = int((table["contraction"] < LITTLE).sum())
    return Figure(
        name="calibration-contraction", title="How much the record says about each parameter",
        reading="0 %: the posterior is as wide as the prior, nothing was learned. 100 %: the parameter is known. Grey band: "
        f"where parameters fall about which nothing was learned, by the luck of the kept draws (two spreads of {noise:.0%}). The "
        "first bar holds all that are wider than drawn here.",
        form="Histograms of contraction by group of parameters",
        finding=f"{little} of {len(table)} parameters keep at least nine tenths of their prior variance.",
        kind="bars", data=counts,
        settings={
            "x": "bin", "step": step, "height": "count", "panel": "part", "panels": titles,
            "looks": {part: {"colour": hue} for part, hue in PARTS.items()},
            "shades": [{"low": -2 * noise, "high": 2 * noise, "colour": "grid", "opacity": 1.0}],
            "across": {"title": "contraction: share of the prior's variance that is gone", "domain": [low, 1.0],
                       "values": [-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1], "format": ".0%"},
            "up": {"title": "parameters", "count": 4}, "columns": 2,
        },
    )  # fmt: skip

"""The formulas against figures made by hand: how far they differ, how they correlate, and how many an interval covers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from hegemon.building import intervals
from hegemon.building.answers import Answers, load_answers
from hegemon.building.build import build
from hegemon.files import builtin
from hegemon.scenarios.loader import load_scenario
from hegemon.world_pack.world import World

if TYPE_CHECKING:
    import pandas as pd

BY_HAND = ("post-soviet", "warsaw-pact", "inter-american")
"""Orders whose figures were made by hand."""

ROUNDING = 0.005


def builtin_answers() -> tuple[str, ...]:
    """Orders that come with answers."""
    return builtin("building/orders", ".toml")


def answers_of(order: str) -> Answers:
    """The answers of an order that comes with them."""
    text = resources.files("hegemon.building").joinpath("orders", f"{order}.toml").read_text("utf-8")
    return load_answers(f"{order}.toml", text)


def lines_alone(answers: Answers) -> Answers:
    """Nothing answered but the incumbents' line and who is in the pact."""
    bare = {name: type(getattr(answers, name))() for name in ("troops", "force", "frozen", "institutions", "association", "arms",
                                                               "attention", "figure")}  # fmt: skip
    return answers.model_copy(update=bare)


def compared(world: World, *, lines_only: bool, widened: Mapping[str, float] = intervals.WIDENED) -> pd.DataFrame:
    """Every figure of the orders made by hand: order, state, figure, pole, hand, low, value, high."""
    import pandas as pd

    rows = []
    for order in BY_HAND:
        answers, hand = answers_of(order), load_scenario(order)
        found = build(lines_alone(answers) if lines_only else answers, world)
        for iso in found.figures:
            for name, value in intervals.figures(found.facts, iso, widened).items():
                own = getattr(hand.states[iso], name)
                parts = value.items() if isinstance(value, dict) else [("", value)]
                rows += [(order, iso, name, pole, own[pole] if pole else own, *each) for pole, each in parts]
    return pd.DataFrame(rows, columns=["order", "state", "figure", "pole", "hand", "low", "value", "high"])


def disagreement(table: pd.DataFrame) -> dict[str, float]:
    """Root mean square difference, by figure."""
    square = (table["value"] - table["hand"]) ** 2
    return {
        str(name): float(value) ** 0.5 for name, value in square.groupby(table["figure"], sort=False).mean().items()
    }


def by_figure(table: pd.DataFrame) -> pd.DataFrame:
    """Figures by name: how many, correlation, mean absolute difference, bias, share within the interval, its width. The
    correlation of shares is that of the patron's."""
    import pandas as pd

    rows = []
    for name, part in table.groupby("figure", sort=False):
        own = part[part["pole"].isin(["", *(answers_of(order).own for order in BY_HAND)])]
        varied = own["hand"].std() > 0 and own["value"].std() > 0
        inside = (part["hand"] >= part["low"] - ROUNDING) & (part["hand"] <= part["high"] + ROUNDING)
        rows.append({
            "figure": name, "n": len(part), "r": np.corrcoef(own["hand"], own["value"])[0, 1] if varied else np.nan,
            "difference": (part["hand"] - part["value"]).abs().mean(), "bias": (part["value"] - part["hand"]).mean(),
            "inside": inside.mean(), "width": (part["high"] - part["low"]).mean(),
        })  # fmt: skip
    return pd.DataFrame(rows)


def covered(world: World, *, lines_only: bool) -> dict[str, float]:
    """Of each order, the share of figures made by hand within intervals that are widened by the other two orders alone."""
    plain = compared(world, lines_only=lines_only, widened=dict.fromkeys(intervals.WIDENED, 0.0))
    found = {}
    for order in BY_HAND:
        sd = disagreement(plain[plain["order"] != order])
        own = plain[plain["order"] == order]
        wide = intervals.Z * own["figure"].map(sd)
        low = own["value"] - np.hypot(own["value"] - own["low"], wide)
        high = own["value"] + np.hypot(own["high"] - own["value"], wide)
        found[order] = float(((own["hand"] >= low - ROUNDING) & (own["hand"] <= high + ROUNDING)).mean())
    return found

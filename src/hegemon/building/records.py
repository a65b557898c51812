"""The record of an order that was built: crises drawn at random from registers and coded, `history/register.csv`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING

from hegemon.history.codebook import KIND

if TYPE_CHECKING:
    import pandas as pd


def drawn(order: str, states: Sequence[str], start: str, end: str) -> pd.DataFrame:
    """An order's crises among some states, begun from `start` to `end` (quarters): those of the register, kinds in the model's
    words under `model_kind`."""
    import pandas as pd

    from hegemon import quarters

    with resources.files("hegemon.history").joinpath("register.csv").open("r", encoding="utf-8") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    begun = table["start"].map(lambda day: quarters.index(quarters.of_date(day)))
    here = (table["order"] == order) & table["state"].isin(list(states))
    inside = (begun >= quarters.index(start)) & (begun <= quarters.index(end))
    found = table[here & inside].reset_index(drop=True)
    return found.assign(model_kind=found["kind"].map(KIND))

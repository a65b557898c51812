"""A summary in plain numbers, ready for JSON: neighbours outside, quarters inside, and what is not known is null."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

DIGITS = 4  # digits of a number, unless a reader needs fewer
LEVELS = ("p05", "p25", "median", "p75", "p95")  # names of `runs.QUANTILES`

Plain = dict[str, Any]


def numbers(values: Any, digits: int = DIGITS) -> Any:
    """An array as nested lists of numbers; what is not known is null."""
    rounded: Any = np.round(np.asarray(values, float), digits) + 0.0
    known = np.isfinite(rounded)
    if not known.all():
        rounded = rounded.astype(object)
        rounded[~known] = None
    return rounded.tolist()


def by_state(values: xr.DataArray, digits: int = DIGITS) -> Any:
    """[state][quarter], or [quarter] of the whole order."""
    return numbers(values.transpose("state", "quarter") if "state" in values.dims else values, digits)


def quantiles(values: xr.DataArray, which: Sequence[str] = LEVELS, digits: int = DIGITS) -> Plain:
    """By name of the level."""
    return {level: by_state(values.isel(quantile=i), digits) for i, level in enumerate(LEVELS) if level in which}


def nested(summary: xr.Dataset, name: str, **at: str) -> Plain:
    """What luck alone leaves of a measure's middle 90 %, where that is known."""
    ends = {end: summary[f"{name}_{end}"].sel(at) for end in ("luck_low", "luck_high") if f"{name}_{end}" in summary}
    return {end: by_state(values) for end, values in ends.items() if values.notnull().any()}


def rows(table: pd.DataFrame) -> list[Plain]:
    """A table as plain rows; what is missing is null."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(k): v.item() if hasattr(v, "item") else v for k, v in row.items()} for row in plain.to_dict("records")]

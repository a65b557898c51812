"""Does a difference exceed run-to-run noise? A table (`sentences` says it)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hegemon.measures import SHARED
from hegemon.studies.compare.result import Comparison

FAMILY = 0.1
"""Chance that among all differences looked at together any seems to exceed noise though none does (Bonferroni)."""


def differences(found: Comparison, quarter: str, patron: str) -> pd.DataFrame:
    """Every measure's mean difference at the close of a quarter, a row per neighbour (the order's own: no state).

    first, second, difference  means
    difference_low, difference_high  90 % interval of the mean difference: parameters, where they are drawn, and noise
    parameters  share of the differences' variance over pairs that is the parameters'
    in_spreads  difference over the spread of the first order's histories
    variance_ratio  of unpaired to paired differences
    exceeds  whether it is further from 0 than noise carries any of them, `FAMILY` for all together
    """
    from scipy.special import ndtri

    now, rows = found.summary.sel(quarter=quarter), []
    for name in found.measures:
        at = now.sel(pole=patron) if name == "orientation" else now
        parts = ("first", "second", "difference", "difference_low", "difference_high", "first_sd", "error", "parameters",
                 "variance_ratio")  # fmt: skip
        states = [""] if name in SHARED else [str(s) for s in found.summary["state"].values]
        columns = {part: np.atleast_1d(np.asarray(at[f"{name}_{part}"].values, float)) for part in parts}
        rows.append(pd.DataFrame({"measure": str(name), "state": states, **columns}))
    table = pd.concat(rows, ignore_index=True)
    moved = table["difference"] != 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        table["in_spreads"] = np.where(moved, table["difference"] / table["first_sd"], 0.0)
        distance = np.where(moved, table["difference"].abs() / table["error"], 0.0)
    table["exceeds"] = distance > -ndtri(FAMILY / 2.0 / len(table))
    return table.drop(columns=["first_sd", "error"])


def farthest(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """The rows with the largest differences, in spreads of histories."""
    return table.sort_values("in_spreads", key=abs, ascending=False).head(most)


def saved(found: Comparison, quarter: str) -> dict[str, float | None]:
    """By measure, how many times larger the variance of a difference would be without pairing: the median over
    neighbours (and poles) whose histories differ; None where none do."""
    now = found.summary.sel(quarter=quarter)
    ratios = {name: now[f"{name}_variance_ratio"].values for name in found.measures}
    known = {name: each[np.isfinite(each)] for name, each in ratios.items()}
    return {name: float(np.median(each)) if each.size else None for name, each in known.items()}

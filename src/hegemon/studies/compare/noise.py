"""Does a difference exceed run-to-run noise? Said in sentences, and in a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def verdict(found: Comparison, table: pd.DataFrame, quarter: str, names: dict[str, str]) -> list[str]:
    """The comparison in sentences: whether anything exceeds noise, what most, and when the pairs part."""
    runs = f"{found.question.runs:,} pairs"
    parted = found.summary["parted"]
    if not float(parted.max()):
        return [f"The two are the same history in every one of {runs}: every difference is exactly 0."]
    apart = str(parted["quarter"].values[int(np.argmax(parted.values > 0.0))])
    said = [f"Pairs begin to differ in {apart}; by {quarter} {float(parted.sel(quarter=quarter)):.0%} of {runs} do."]
    clear = table[table["exceeds"]]
    looks = f"{len(table)} differences at the close of {quarter}"
    if clear.empty:
        return [*said, f"None of {looks} exceeds run-to-run noise ({FAMILY:.0%} for all of them together)."]
    said.append(f"{len(clear)} of {looks} exceed run-to-run noise ({FAMILY:.0%} for all of them together).")
    if found.drawn:
        sure = clear[(clear["difference_low"] > 0.0) | (clear["difference_high"] < 0.0)]
        said.append(f"{len(sure)} of these go the same way over nine in ten draws of the parameters; the others are too small, "
                    "or parameters leave open which way they go.")  # fmt: skip
        clear = clear if sure.empty else sure
    far = clear[np.isfinite(clear["in_spreads"])]
    return [*said, *(_sentence(row, names) for row in farthest(far, 3).to_dict("records"))]


def _sentence(row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    """One difference in words."""
    gap, whose = row["difference"], names.get(row["state"], row["state"]) if row["state"] else "The order"
    return (f"{whose}: {row['measure'].replace('_', ' ')} is {'higher' if gap > 0.0 else 'lower'} by {abs(gap):.3g} "
            f"(90 % interval {row['difference_low']:+.3g} to {row['difference_high']:+.3g}), "
            f"{abs(row['in_spreads']):.2g} times the spread of histories, "
            f"{row['first']:.3g} against {row['second']:.3g}{_part(row['parameters'])}.")  # fmt: skip


def _part(share: float) -> str:
    """What of a difference's variance over pairs is parameters, where any is."""
    return f"; of what pairs differ in, {share:.0%} is parameters" if share > 0.0 else ""


def saved(found: Comparison, quarter: str) -> dict[str, float | None]:
    """By measure, how many times larger the variance of a difference would be without pairing: the median over
    neighbours (and poles) whose histories differ; None where none do."""
    now = found.summary.sel(quarter=quarter)
    ratios = {name: now[f"{name}_variance_ratio"].values for name in found.measures}
    known = {name: each[np.isfinite(each)] for name, each in ratios.items()}
    return {name: float(np.median(each)) if each.size else None for name, each in known.items()}

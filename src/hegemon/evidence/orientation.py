"""Orientation as an observation: shares of a neighbour's ties with each pole, by state and year, with an error.

`orientation()` reads what `tools/orientation.py` made of public data, or a user's own table. The rest of this file is the
measurement: strands (trade, votes, memberships), each a share over the poles, blended as the scenario's starting values are.
What is measured from what, for the post-Soviet order, stands in docs/evidence.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from hegemon.errors import BadValue, Missing, OutOfRange, UnknownKey, UnknownName, did_you_mean, shown
from hegemon.evidence.tables import ENDINGS, missing, no_twice, numbers, open_table, spot

if TYPE_CHECKING:
    import pandas as pd

BUILTIN = ("post-soviet",)
AROUND = ("state", "year", "error", "parts")  # columns that are no pole. Every other column is one
SUM_WITHIN = 0.005  # shares of a state and year sum to one, give or take rounding
LEAST = 0.005  # least share of a pole in a measured orientation, so that its logarithm exists
WEIGHTS = {"trade": 0.50, "votes": 0.25, "memberships": 0.25}
"""As in the starting values: tools/figures_formulas.py, where the last strand is called institutions."""

VOTE_TEMPERATURE = 0.10  # an agreement 0.1 higher multiplies a pole's share by e, as in the starting values


def orientation(name: str = "post-soviet", poles: Sequence[str] | None = None) -> pd.DataFrame:
    """Measured orientations: state, year, one column per pole, error, parts.

    name     a built-in table, or the path of your own CSV file with these columns (parts may be left out)
    poles    the poles it must have, in the scenario's order (`[pole.id for pole in scenario.poles]`); default: as in the file

    Shares lie in 0 to 1 and sum to 1. `error` is the standard deviation of log(rival's share / patron's share), averaged over
    the rivals by their share; the patron is the first pole. `parts` names the strands observed in that year.
    Raises `UserError` naming row, column, value and remedy.
    """
    if name in BUILTIN:
        with resources.as_file(resources.files("hegemon.evidence").joinpath(f"{name}.csv")) as file:
            return read_orientation(file, poles)
    if not name.lower().endswith(ENDINGS):
        remedy = f"{did_you_mean(name, BUILTIN)} A path to a file of your own ends in .csv."
        raise UnknownName(f"no orientation is called {shown(name)}", remedy)
    return read_orientation(name, poles)


def read_orientation(path: str | Path, poles: Sequence[str] | None = None) -> pd.DataFrame:
    """A table of orientations, checked. See `orientation`."""
    import pandas as pd

    place = Path(path).name
    table = open_table(path)
    header = [str(column) for column in table.columns]
    for column in ("state", "year", "error"):
        if column not in header:
            raise missing(column, header, place)
    there = [column for column in header if column not in AROUND]
    wanted = list(poles) if poles is not None else there
    for pole in wanted:
        if pole not in there:
            raise missing(pole, there, place)
    for column in there:
        if column not in wanted:
            raise UnknownKey(f"column {shown(column)} is no pole", did_you_mean(column, wanted), place=place)
    if len(wanted) < 2:
        raise Missing(f"{place} has fewer than two poles", "Give one column of shares per pole.")
    state = table["state"].astype(object)
    bad = ~state.map(lambda word: isinstance(word, str) and len(word) == 3 and word.isalpha() and word.isupper())
    if bad.any():
        row, at = spot(bad, place)
        remedy = "Write the three capital letters of ISO 3166, as in ARM."
        raise BadValue(f"state = {shown(state.iloc[row])}", remedy, place=at)
    found = table.assign(state=state.astype(str), year=numbers(table, "year", place, low=1800, high=2100, whole=True))
    for pole in wanted:
        found[pole] = numbers(table, pole, place, low=0, high=1)
    total = found[wanted].sum(axis=1)
    off = (total - 1).abs() > SUM_WITHIN
    if off.any():
        row, at = spot(off, place)
        what = f"the shares of {found['state'].iloc[row]} in {found['year'].iloc[row]} sum to {total.iloc[row]:.3f}"
        raise OutOfRange(what, "Shares over the poles sum to 1.", place=at)
    found["error"] = numbers(table, "error", place, low=0)
    none = found["error"] == 0
    if none.any():
        raise OutOfRange("error = 0", "No measurement is exact; give its deviation.", place=spot(none, place)[1])
    parts = table["parts"].astype(object) if "parts" in table else pd.Series("", found.index)
    found["parts"] = parts.where(parts.notna(), "").astype(str)
    unclear = ~found["parts"].map(str.isprintable)
    if unclear.any():
        row, at = spot(unclear, place)
        raise BadValue(f"parts = {shown(found['parts'].iloc[row])}", "It holds an invisible character.", place=at)
    no_twice(found, ["state", "year"], place)
    return found[["state", "year", *wanted, "error", "parts"]].reset_index(drop=True)


# ---- The measurement ----
def vote_shares(agreement: Float[np.ndarray, " P"], size: Float[np.ndarray, " P"]) -> Float[np.ndarray, " P"]:
    """A logit over poles: size (the pole's part of the region's trade) times exp(agreement / temperature)."""
    weight = size * np.exp((agreement - agreement.max()) / VOTE_TEMPERATURE)
    return weight / weight.sum()


def vote_spread(agreed: Float[np.ndarray, "V P"], shares: Float[np.ndarray, " P"]) -> Float[np.ndarray, "P P"]:
    """Covariance of the vote shares from having seen only these V roll calls.

    agreed[v, p] is the part of pole p's members with which the state voted alike on roll call v. Roll calls are taken as
    drawn one by one, which they are not quite: some come in packets.
    """
    mean = np.atleast_2d(np.cov(agreed, rowvar=False)) / len(agreed)
    slope = (np.diag(shares) - np.outer(shares, shares)) / VOTE_TEMPERATURE
    return slope @ mean @ slope


def blend(strands: Mapping[str, Float[np.ndarray, " P"]]) -> Float[np.ndarray, " P"]:
    """Weighted mean of the strands' shares (`WEIGHTS`), no pole below `LEAST`."""
    total = sum(WEIGHTS[name] for name in strands)
    mixed = sum((WEIGHTS[name] / total * share for name, share in strands.items()), np.zeros(1))
    raised = np.maximum(mixed, LEAST)
    return raised / raised.sum()


def blend_error(
    strands: Mapping[str, Float[np.ndarray, " P"]],
    sampling: Mapping[str, Float[np.ndarray, "P P"]],
) -> float:
    """Standard deviation of the log ratios rival / patron of a blend, averaged over rivals by their share.

    Two parts, added: that K strands disagree, K / (K - 1) x sum of squared weighted deviations, as for the mean of a sample of
    strands; and `sampling`, the covariance of a strand's own shares (few votes, years filled in), by its squared weight.
    """
    mixed = blend(strands)
    poles, total = len(mixed), sum(WEIGHTS[name] for name in strands)
    spread = np.zeros((poles, poles))
    for name, share in strands.items():
        weight = WEIGHTS[name] / total
        apart = weight * (share - mixed)
        spread += np.outer(apart, apart) * len(strands) / max(len(strands) - 1, 1)
        if name in sampling:
            spread += weight**2 * sampling[name]
    ratios = np.hstack([-np.ones((poles - 1, 1)) / mixed[0], np.diag(1 / mixed[1:])])
    variance = np.diag(ratios @ spread @ ratios.T)
    return float(np.sqrt(np.average(variance, weights=mixed[1:])))

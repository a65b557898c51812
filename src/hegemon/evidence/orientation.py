"""Orientation as an observation: shares of a neighbour's ties with each pole, by state and year, with an error.

`orientation()` reads what `tools/orientation.py` made of public data, or a user's own table. What is measured from what, for
the post-Soviet order, stands in docs/evidence.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from hegemon.errors import Missing, OutOfRange, UnknownKey, UnknownName, did_you_mean, shown
from hegemon.evidence.tables import ENDINGS, missing, no_twice, numbers, open_table, refuse, this_year
from hegemon.files import at_hand

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.files import Brings

BUILTIN = ("post-soviet",)
AROUND = ("state", "year", "error", "parts")  # columns that are no pole. Every other column is one
SUM_WITHIN = 0.005  # shares of a state and year sum to one, give or take rounding


def orientation(name: str | Path = "post-soviet", poles: Sequence[str] | None = None) -> pd.DataFrame:
    """Measured orientations: state, year, one column per pole, error, parts.

    name     a built-in table, or the path of your own CSV file with these columns (parts may be left out)
    poles    the poles it must have, in the scenario's order (`[pole.id for pole in scenario.poles]`); default: as in the file

    Shares lie in 0 to 1 and sum to 1. `error` is the standard deviation of log(rival's share / patron's share), averaged over
    the rivals by their share; the patron is the first pole. `parts` names the strands observed in that year.
    Raises `UserError` naming row, column, value and remedy.
    """
    if (name := str(name)) in BUILTIN:
        with resources.as_file(resources.files("hegemon.evidence").joinpath(f"{name}.csv")) as file:
            return read_orientation(file, poles)
    if not name.lower().endswith(ENDINGS):
        remedy = f"{did_you_mean(name, BUILTIN)} A path to a file of your own ends in .csv."
        raise UnknownName(f"no orientation is called {shown(name)}", remedy)
    return read_orientation(name, poles)


def ties_of(scenario: Brings) -> pd.DataFrame | None:
    """The observed orientations that a scenario names, or that come with its record; None where there are none."""
    poles = [pole.id for pole in scenario.poles]
    if scenario.ties is not None:
        return read_orientation(at_hand(scenario.ties, (scenario.files or {})[scenario.ties].encode()), poles)
    return orientation(scenario.history, poles) if scenario.history in BUILTIN else None


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
    remedy = "Write the three capital letters of ISO 3166, as in ARM."
    refuse(bad, place, lambda row: f"state = {shown(state.iloc[row])}", remedy)
    found = table.assign(state=state.astype(str), year=numbers(table, "year", place, low=1800, high=this_year(), whole=True))
    for pole in wanted:
        found[pole] = numbers(table, pole, place, low=0, high=1)
    total = found[wanted].sum(axis=1)
    refuse((total - 1).abs() > SUM_WITHIN, place, lambda row: (
        f"the shares of {found['state'].iloc[row]} in {found['year'].iloc[row]} sum to {total.iloc[row]:.3f}"
    ), "Shares over the poles sum to 1.", OutOfRange)  # fmt: skip
    found["error"] = numbers(table, "error", place, low=0)
    refuse(found["error"] == 0, place, "error = 0", "No measurement is exact; give its deviation.", OutOfRange)
    parts = table["parts"].astype(object) if "parts" in table else pd.Series("", found.index)
    found["parts"] = parts.where(parts.notna(), "").astype(str)
    unclear = ~found["parts"].map(str.isprintable)
    refuse(unclear, place, lambda row: f"parts = {shown(found['parts'].iloc[row])}", "It holds an invisible character.")
    no_twice(found, ["state", "year"], place)
    return found[["state", "year", *wanted, "error", "parts"]].reset_index(drop=True)

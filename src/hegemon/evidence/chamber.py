"""Roll-call votes as the model of ideal points reads them: who voted how, in which year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Integer

from hegemon.errors import Missing, OutOfRange
from hegemon.evidence.dates import OPENED

if TYPE_CHECKING:
    import pandas as pd

NEEDED = 5
"""Fewest roll calls on which states differ, and fewest states, to estimate anything from."""


@dataclass(frozen=True, eq=False)
class Chamber:
    """Votes as the model reads them.

    votes  1 yes, 2 abstain, 3 no, 0 absent (V roll calls, N states); roll calls on which all agree are left out
    when   index into `years` of every roll call
    years  the T years with votes, rising
    """

    votes: Integer[np.ndarray, "V N"]
    when: Integer[np.ndarray, " V"]
    states: tuple[str, ...]
    years: tuple[int, ...]

    def seen(self) -> Integer[np.ndarray, "N T"]:
        """Roll calls on which a state voted, by year."""
        voted = (self.votes > 0).astype(np.int64)
        return np.stack([voted[self.when == t].sum(0) for t in range(len(self.years))], axis=1)


def chamber(votes: pd.DataFrame, first: int | None = None, last: int | None = None) -> Chamber:
    """The votes (`read_votes`) of sessions opened in `first` to `last`; a year is session + 1945.

    Where the table has `core`, other votes are left out, as in the published 2020 estimates. Raises `UserError`.
    """
    table = votes[votes["core"] == 1] if "core" in votes else votes
    year = table["session"] + OPENED
    low, high = int(year.min()), int(year.max())
    if first is not None and last is not None and last < first:
        raise OutOfRange(f"from {first} to {last}", "The last year lies before the first.")
    for asked in (first, last):
        if asked is not None and not low <= asked <= high:
            raise OutOfRange(f"no session of {asked} in these votes", f"They cover {low} to {high}.")
    table = table.assign(year=year)[year.between(low if first is None else first, high if last is None else last)]
    spread = table.groupby("rcid")["vote"].nunique()
    table = table[table["rcid"].isin(spread.index[spread > 1])]
    wide = table.pivot(index=["year", "rcid"], columns="iso3", values="vote").fillna(0).sort_index()
    if min(wide.shape) < NEEDED:
        raise Missing(
            f"{wide.shape[0]} divided roll calls among {wide.shape[1]} states",
            f"Ideal points need {NEEDED} of each at least; take more years or states.",
        )
    of_call = wide.index.get_level_values("year").to_numpy()
    years = np.unique(of_call)
    return Chamber(
        votes=wide.to_numpy(np.int64),
        when=np.searchsorted(years, of_call).astype(np.int64),
        states=tuple(str(state) for state in wide.columns),
        years=tuple(int(y) for y in years),
    )

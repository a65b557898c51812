"""How alike two states vote: raw agreement, Signorino and Ritter's S, Scott's pi, Cohen's kappa.

All four compare how far two states' votes lie apart with how far apart they might have lain:

    agreement   1 - share of roll calls on which they differ                       (0 to 1)
    S           1 - 2 x mean distance / largest distance                           (-1 to 1)
    pi, kappa   1 - mean distance / distance expected by chance                    (to 1; 0 = no better than chance)

Chance is drawing votes at random, from the two states' common distribution (pi) or from each state's own (kappa). In the UN,
where yes is the commonest vote, S is high for nearly every pair; pi and kappa ask what is left beyond that. Distances
between yes (1), abstain (2) and no (3) are absolute (0, 1, 2) or squared (0, 1, 4).

Signorino and Ritter (1999), ISQ 43:115; Scott (1955), POQ 19:321; Cohen (1960), EPM 20:37, and with weighted distances
Cohen (1968), Psychological Bulletin 70:213; for states' ties and votes Haege (2011), Political Analysis 19:287.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Integer

from hegemon.errors import BadValue, Missing, OutOfRange, UnknownName, UnknownState, did_you_mean, shown
from hegemon.evidence.codes import instead

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("agreement", "S", "pi", "kappa")
DISTANCES = ("absolute", "squared")
CODES = np.array([1.0, 2.0, 3.0])


def agreement(
    one: Sequence[int] | np.ndarray, other: Sequence[int] | np.ndarray, measure: str = "S", distance: str = "absolute",
    weights: Sequence[float | int] | np.ndarray | None = None,
) -> float:  # fmt: skip
    """How alike two vectors of votes are (1 yes, 2 abstain, 3 no; anything else is an absence and drops the roll call).

    measure   of `MEASURES`          distance  of `DISTANCES` (ignored by "agreement", which counts identical votes)
    weights   of the roll calls, 0 or more; all alike if left out

    NaN where there is nothing to compare: no common roll call, or (pi, kappa) two states that always cast the same one vote,
    so that chance alone would have them agree. Raises `UserError` where lengths or names are wrong.
    """
    first, second = np.asarray(one), np.asarray(other)
    if first.ndim != 1 or first.shape != second.shape:
        sizes = f"{' x '.join(map(str, first.shape))} and {' x '.join(map(str, second.shape))}"
        raise BadValue(f"two vectors of votes of {sizes}", "Give both states' votes on the same roll calls.")
    votes = np.stack([first, second])
    votes = np.where(np.isin(votes, CODES), votes, 0).astype(np.int64)
    return float(
        agreement_matrix(votes, measure, distance, None if weights is None else np.asarray(weights, float))[0, 1]
    )


def agreement_matrix(
    votes: Integer[np.ndarray, "N V"],
    measure: str = "S",
    distance: str = "absolute",
    weights: Float[np.ndarray, " V"] | None = None,
) -> Float[np.ndarray, "N N"]:
    """The measure for every pair of N states over V roll calls; 0 stands for an absence. Symmetric.

    Nine matrix products count how often i voted a while j voted b; everything else follows from these counts.
    """
    for word, known in ((measure, MEASURES), (distance, DISTANCES)):
        if word not in known:
            raise UnknownName(f"no measure is called {shown(word)}", did_you_mean(word, known))
    if votes.size and not (votes.min() >= 0 and votes.max() <= 3):
        wrong = votes[(votes < 0) | (votes > 3)][0]
        raise OutOfRange(f"a vote of {wrong}", "Write 1 yes, 2 abstain, 3 no, 0 absent.")
    if weights is not None and not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise OutOfRange("a weight that is negative or no number", "Weights of roll calls are 0 or more.")
    cast = np.stack([votes == code for code in (1, 2, 3)]).astype(float)  # 3, N, V
    weighed = cast if weights is None else cast * weights
    counts = np.einsum("aiv,bjv->abij", weighed, cast, optimize=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        joint = counts / counts.sum((0, 1))
        apart = np.abs(CODES[:, None] - CODES)
        if distance == "squared":
            apart = apart**2
        if measure == "agreement":
            return np.einsum("aaij->ij", joint)
        seen = np.einsum("ab,abij->ij", apart, joint)
        if measure == "S":
            return 1 - 2 * seen / apart.max()
        mine, yours = joint.sum(1), joint.sum(0)
        if measure == "pi":
            mine = yours = (mine + yours) / 2
        chance = np.einsum("ab,aij,bij->ij", apart, mine, yours)
        return np.where(chance > 1e-12, 1 - seen / chance, np.nan)


def vote_matrix(votes: pd.DataFrame, states: Sequence[str]) -> Integer[np.ndarray, "N V"]:
    """Votes of `states` (rows) on every roll call of the table (columns, by rcid); 0 for an absence."""
    wide = votes[votes["iso3"].isin(list(states))].pivot(index="iso3", columns="rcid", values="vote")
    return wide.reindex(list(states)).fillna(0).to_numpy(np.int64)


def agreement_by_year(
    votes: pd.DataFrame, states: Sequence[str] | None = None, measure: str = "S", distance: str = "absolute",
    years: Sequence[int] | None = None, by: str = "year",
) -> pd.DataFrame:  # fmt: skip
    """The measure for every pair and year: year, iso3_1, iso3_2, votes (common roll calls), value.

    votes   table of `read_votes`        states  iso3 codes, all if left out
    by      "year" (calendar) or "session" (the year it opens)

    Pairs with no common roll call in a year are left out. Raises `UserError` for a state or year without votes.
    """
    import pandas as pd

    when = votes["year"] if by == "year" else votes["session"] + 1945
    known = sorted(votes["iso3"].unique())
    chosen = known if states is None else list(dict.fromkeys(states))
    for state in chosen:
        if state not in known:
            raise UnknownState(f"{shown(state)} casts no vote in this table", instead(state, known))
    if len(chosen) < 2:
        raise Missing("agreement needs two states", "Name at least two, as in RUS,KAZ.")
    there = sorted(int(year) for year in when.unique())
    for year in years or []:
        if year not in there:
            raise OutOfRange(f"no roll call of {year} in this table", f"It covers {there[0]} to {there[-1]}.")
    tables = []
    upper = np.triu_indices(len(chosen), 1)
    for year in years or there:
        matrix = vote_matrix(votes[when == year], chosen)
        value = agreement_matrix(matrix, measure, distance)
        voted = (matrix > 0).astype(float)
        common = (voted @ voted.T).astype(np.int64)
        one, other = (np.array(chosen)[side] for side in upper)
        pairs = {"year": year, "iso3_1": one, "iso3_2": other, "votes": common[upper], "value": value[upper]}
        tables.append(pd.DataFrame(pairs))
    found = pd.concat(tables, ignore_index=True)
    return found[found["votes"] > 0].reset_index(drop=True)

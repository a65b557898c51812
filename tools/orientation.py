"""Orientation of the post-Soviet neighbours by year, 1992-2014, measured from public data and coded memberships.

    python tools/orientation.py --public DIR [--history DIR]              # write src/hegemon/evidence/post-soviet.csv
    python tools/orientation.py --public DIR --check                      # does the file say what we compute?

The measurement stands in orientation_strands.py; here is what goes into it. Poles and states are those
of figures_evidence.py. Coded crises enter nowhere. docs/evidence.md says what each strand is and how weak.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from figures_evidence import PATRON, POLES, STATES, VOTING
from hegemon.evidence.orientation import read_orientation
from hegemon.evidence.readers import read_dyads, read_votes
from orientation_strands import blend, blend_error, vote_shares, vote_spread

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "src/hegemon/evidence/post-soviet.csv"
YEARS = range(1992, 2015)
RELIABLE = range(1994, 2015)  # trade inside the former Union is missing or zero before
STAND_IN = range(1994, 1997)  # the years whose mean stands in for the trade of 1992-93, as in the starting values
FEWEST_VOTES = 10  # with fewer roll calls a year's votes count as not observed

# ---- Judgement: what a membership counts, and for whom ----
# What 1992 left behind (grid, rails, gauge, standards): a constant, half of it Western for the three states whose
# annexation the West had not recognised. As in the starting values, where it is the whole strand.
INHERITED, UNRECOGNISED = 2.0, ("EST", "LVA", "LTU")
POINTS: dict[str, dict[str, float]] = {
    "CIS": {"russia": 1.0},
    "CST_CSTO": {"russia": 2.0},
    "EAEU_or_EurAsEC_customs_union": {"russia": 2.0},
    "UNION_STATE": {"russia": 1.0},
    "NATO_PfP": {"west": 0.5},  # nearly everyone is in, Russia too
    "EU_EaP": {"west": 0.5},
    "NATO_MAP": {"west": 1.0},
    "EU_AA_in_force": {"west": 1.0},
    "NATO": {"west": 3.0},
    "EU": {"west": 3.0},
    "SCO": {"russia": 0.5, "china": 0.5},
    "OTS": {"regional": 1.0},
    "GUAM": {},  # no pole is in it
}

Share = np.ndarray


def trade_by_year(dyads: pd.DataFrame, state: str) -> pd.DataFrame:
    """Trade with each pole, million USD, by year; a year without a reliable figure for the patron is left out.

    A gap in the trade with another member is filled from the years beside it: zero is not zero.
    """
    own = dyads[(dyads["iso3_1"] == state) & dyads["year"].isin(RELIABLE)]
    pairs = own.pivot(index="year", columns="iso3_2", values="trade_total_musd").reindex(list(RELIABLE))
    pairs = pairs[pairs[PATRON].notna()]
    filled = pairs.interpolate(limit_direction="both")
    return pd.DataFrame({pole: filled[members].sum(axis=1) for pole, members in POLES.items()})


def agreed_by_call(votes: pd.DataFrame, state: str) -> pd.DataFrame:
    """By roll call: the part of each pole's voting members that voted as the state did; columns year, poles."""
    wide = votes.pivot(index="rcid", columns="iso3", values="vote").astype(float)
    own = wide[state]
    found = {}
    for pole, members in VOTING.items():
        there = wide[members]
        found[pole] = there.eq(own, axis=0).astype(float).where(there.notna()).mean(axis=1)
    table = pd.DataFrame(found)[own.notna()].dropna()
    return table.assign(year=votes.drop_duplicates("rcid").set_index("rcid")["year"])


def membership_share(members: pd.DataFrame, state: str, year: int) -> Share:
    """Points of the memberships in force, by the part of the year they were, as shares over the poles."""
    points = pd.Series(0.0, index=list(POLES))
    west = 0.5 if state in UNRECOGNISED else 0.0
    points["west"], points[next(iter(POLES))] = INHERITED * west, INHERITED * (1 - west)
    start, end = pd.Timestamp(year, 1, 1), pd.Timestamp(year + 1, 1, 1)
    for row in members[members["state"] == state].itertuples():
        begun = max(pd.Timestamp(row.begun), start)
        over = min(end if pd.isna(row.over) else pd.Timestamp(row.over), end)
        part = max((over - begun).days, 0) / (end - start).days
        for pole, worth in POINTS[row.org].items():
            points[pole] += worth * part
    return (points / points.sum()).to_numpy()


def strand(observed: dict[int, Share], stand_in: dict[int, Share]) -> tuple[dict[int, Share], dict[int, np.ndarray]]:
    """A share for every year, and the covariance that filling adds.

    A year that was not observed takes `stand_in`, else what lies between its nearest observed years. Its covariance is
    that of the state's yearly changes, once for each year of distance to the nearest observation.
    """
    years = sorted(observed)
    table = pd.DataFrame({year: observed[year] for year in years}, index=list(POLES)).T
    full = table.reindex(list(YEARS)).interpolate(limit_direction="both")
    steps = np.diff(table.to_numpy(), axis=0) / np.sqrt(np.diff(years))[:, None]
    change = steps.T @ steps / len(steps)
    shares = {year: stand_in.get(year, full.loc[year].to_numpy()) for year in YEARS}
    away = {year: min(abs(year - other) for other in years) for year in YEARS}
    return shares, {year: change * far for year, far in away.items() if far}


def rounded(share: Share) -> list[float]:
    """Thousandths that sum to one: round down, then give what is left to the largest remainders."""
    whole = np.floor(share * 1000)
    for i in np.argsort(whole - share * 1000, kind="stable")[: round(1000 - whole.sum())]:
        whole[i] += 1
    return [round(value / 1000, 3) for value in whole]


def measured(public: Path, history: Path) -> pd.DataFrame:
    """The table: state, year, poles, error, parts."""
    dyads = read_dyads(public / "dyads_1991_2022.parquet")
    votes = read_votes(public / "un_votes.parquet")
    voters = {*STATES, *(member for members in VOTING.values() for member in members)}
    votes = votes[(votes["core"] == 1) & votes["year"].isin(YEARS) & votes["iso3"].isin(voters)]
    members = pd.read_csv(history / "memberships.csv").rename(columns={"from": "begun", "to": "over"})
    trade = {state: trade_by_year(dyads, state) for state in STATES}
    size = sum(table.loc[list(STAND_IN)].mean() for table in trade.values()).to_numpy()
    rows, disagree = [], []
    for state in sorted(STATES):
        money = trade[state].div(trade[state].sum(axis=1), axis=0)
        pooled = trade[state].loc[list(STAND_IN)].mean()
        early = {year: (pooled / pooled.sum()).to_numpy() for year in YEARS if year < RELIABLE.start}
        traded, trade_gap = strand({int(y): money.loc[y].to_numpy() for y in money.index}, early)
        calls = agreed_by_call(votes, state)
        cast = {int(y): table[list(POLES)].to_numpy(float) for y, table in calls.groupby("year")}
        seen = {y: table for y, table in cast.items() if len(table) >= FEWEST_VOTES}
        voted, vote_gap = strand({y: vote_shares(table.mean(0), size) for y, table in seen.items()}, {})
        for year in YEARS:
            strands = {
                "trade": traded[year],
                "votes": voted[year],
                "memberships": membership_share(members, state, year),
            }
            sampling = {"trade": trade_gap[year]} if year in trade_gap else {}
            sampling["votes"] = vote_gap[year] if year in vote_gap else vote_spread(seen[year], voted[year])
            there = {"trade": year in money.index, "votes": year in seen, "memberships": True}
            shares = dict(zip(POLES, rounded(blend(strands)), strict=True))
            parts = " ".join(name for name, is_there in there.items() if is_there)
            rows.append({"state": state, "year": year} | shares)
            error = blend_error(strands, sampling)
            disagree.append(blend_error(strands, {}) ** 2 / error**2)
            rows[-1] |= {"error": round(error, 3), "parts": parts}
    table = pd.DataFrame(rows)
    table.attrs["disagreement"] = float(np.median(disagree))
    return table


def summary(table: pd.DataFrame) -> str:
    """How large the errors are, how much moves from year to year, and who has how much with the patron."""
    patron = next(iter(POLES))
    odds = np.log(table[patron] / (1 - table[patron]))
    moved = odds.groupby(table["state"]).diff()
    low, mid, high = table["error"].quantile([0.05, 0.5, 0.95])
    wide = table.pivot(index="state", columns="year", values=patron)[[1992, 1997, 2002, 2007, 2012, 2013, 2014]]
    return "\n".join(
        [
            f"error: median {mid:.2f}, 5-95 % {low:.2f} to {high:.2f}",
            f"part of its variance that is strands disagreeing: median {table.attrs['disagreement']:.2f}",
            f"year to year, log({patron} / rest) moves by {moved.std():.2f} (standard deviation)",
            f"complete in {int((table['parts'].str.count(' ') == 2).sum())} of {len(table)} state-years",
            f"share with {patron}:",
            wide.to_string(float_format="%.2f"),
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given = os.environ.get("HEGEMON_PUBLIC_DATA")
    parser.add_argument("--public", type=Path, default=given and Path(given), required=given is None)
    parser.add_argument("--history", type=Path, default=ROOT / "src/hegemon/history")
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    told = parser.parse_args()
    table = measured(told.public, told.history)
    print(summary(table))
    if not told.check:
        table.to_csv(FILE, index=False, lineterminator="\n", float_format="%.3f")
        print(f"wrote {FILE.relative_to(ROOT)}: {len(table)} state-years")
        return 0
    kept = read_orientation(FILE, list(POLES))
    if (
        len(kept) != len(table)
        or list(kept["state"]) != list(table["state"])
        or list(kept["year"]) != list(table["year"])
    ):
        print(f"{FILE.relative_to(ROOT)} has other states or years than we compute")
        return 1
    numeric = [*POLES, "error"]
    off = (kept[numeric] - table[numeric]).abs().max(axis=1) > 0.0015  # the last digit may turn on another machine
    off |= kept["parts"] != table["parts"]
    for row in table[off].itertuples():
        print(f"{row.state} {row.year} differs")
    print(f"{len(table) - int(off.sum())} of {len(table)} state-years agree")
    return int(off.any())


if __name__ == "__main__":
    sys.exit(main())

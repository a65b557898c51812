"""Votes, trade and memberships of the post-Soviet neighbours by year, each a number of its own: docs/strands.md says what of.

    python tools/strands_table.py --public DIR [--history DIR] [--out strands.csv]

The composite of orientation.py blends the same strands. Votes (CC0) and memberships (this project's coded history) might be
shipped; yearly shares of trade are nearly the source itself (COW Trade 4.0, whose authors ask that users fetch it from them), so
that the table is made where the public data are, and nothing of it is in the repository.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import pandas as pd

from figures_evidence import PATRON, STATES, VOTING
from hegemon.evidence.readers import read_votes
from orientation import FEWEST_VOTES, RELIABLE, ROOT

RUNGS = {"CIS": 0.25, "CST_CSTO": 0.5, "EAEU_or_EurAsEC_customs_union": 0.75, "UNION_STATE": 1.0}
"""What a treaty in force counts as, on the ladder of the state `integration`."""

POLAR = {member for members in VOTING.values() for member in members} | {"POL"}
"""States that belong to a pole."""


def inside(share: pd.Series) -> pd.Series:
    """Log-odds of a share, which is taken to be neither nothing nor everything."""
    held = share.clip(1e-3, 1.0 - 1e-3)
    return np.log(held / (1.0 - held))


def nearer_patron(votes: pd.DataFrame) -> pd.DataFrame:
    """Agreement with the patron less that with the West, call by call, of whoever voted: iso3, year, apart (-1 to 1)."""
    wide = votes.pivot(index="rcid", columns="iso3", values="vote").astype(float)
    west = wide[VOTING["west"]]
    long = votes[votes["rcid"].isin(wide.index[wide[PATRON].notna() & west.notna().any(axis=1)])]
    with_patron = long["vote"].to_numpy() == wide[PATRON].reindex(long["rcid"]).to_numpy()
    same = west.reindex(long["rcid"]).to_numpy() == long["vote"].to_numpy()[:, None]
    there = west.reindex(long["rcid"]).notna().to_numpy()
    return long[["iso3", "year"]].assign(apart=with_patron - (same & there).sum(1) / there.sum(1))


def voted(votes: pd.DataFrame) -> pd.DataFrame:
    """By neighbour and year, place in the chamber: mean, in spreads of states that are neither neighbours nor of a pole, from
    their mean; and its error from having seen only these roll calls."""
    calls = nearer_patron(votes).groupby(["iso3", "year"])["apart"]
    found = calls.agg(["mean", "std", "size"]).reset_index()
    found = found[found["size"] >= FEWEST_VOTES]
    others = found[~found["iso3"].isin({*POLAR, *STATES})].groupby("year")["mean"].agg(["mean", "std"])
    mine = found[found["iso3"].isin(STATES)].join(others.add_prefix("chamber_"), on="year")
    spread = mine["chamber_std"]
    return pd.DataFrame({
        "state": mine["iso3"], "year": mine["year"], "strand": "votes",
        "value": (mine["mean"] - mine["chamber_mean"]) / spread, "error": mine["std"] / np.sqrt(mine["size"]) / spread,
    })  # fmt: skip


def traded(pairs: pd.DataFrame) -> pd.DataFrame:
    """By neighbour and year, log-odds of the patron's share of all its trade, where the source has one."""
    ends = []
    for own, other, share in (("iso3_1", "iso3_2", "trade_share_1"), ("iso3_2", "iso3_1", "trade_share_2")):
        here = pairs[pairs[own].isin(STATES) & (pairs[other] == PATRON) & pairs["year"].isin(RELIABLE)]
        ends.append(pd.DataFrame({"state": here[own], "year": here["year"], "share": here[share]}))
    found = pd.concat(ends).dropna()
    return found.assign(strand="trade", value=inside(found["share"]), error=0.0).drop(columns="share")


def rung(members: pd.DataFrame, state: str, year: int) -> float:
    """The highest treaty in force, by the part of the year: mean over its days."""
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    height = np.zeros(len(days))
    for row in members[(members["state"] == state) & members["org"].isin(RUNGS)].itertuples():
        over = days[-1] + pd.Timedelta(days=1) if pd.isna(row.over) else pd.Timestamp(row.over)
        height = np.where((days >= pd.Timestamp(row.begun)) & (days < over), np.maximum(height, RUNGS[row.org]), height)
    return float(height.mean())


def joined(members: pd.DataFrame, years: range = RELIABLE) -> pd.DataFrame:
    """By neighbour and year, the rung of its treaties."""
    at = [(state, year) for state in STATES for year in years]
    found = pd.DataFrame(at, columns=["state", "year"])
    return found.assign(strand="memberships", value=[rung(members, *each) for each in at], error=0.0)


def measured(public: Path, history: Path) -> pd.DataFrame:
    """All strands: state, year, strand, value, error."""
    votes = read_votes(public / "un_votes.parquet")
    votes = votes[(votes["core"] == 1) & votes["year"].isin(RELIABLE)]
    members = pd.read_csv(history / "memberships.csv").rename(columns={"from": "begun", "to": "over"})
    parts = [voted(votes), traded(pd.read_parquet(public / "dyads_1991_2022.parquet")), joined(members)]
    return pd.concat(parts).sort_values(["strand", "state", "year"]).reset_index(drop=True)


def summary(table: pd.DataFrame) -> str:
    """How much of each strand there is, how it lies between neighbours, and how it moves."""
    rows = []
    for strand, mine in table.groupby("strand", sort=False):
        wide = mine.pivot(index="year", columns="state", values="value")
        common = wide.diff().corr().to_numpy()
        rows.append((strand, len(mine), mine["value"].mean(), wide.mean().std(), wide.diff().std().mean(), mine["error"].median(),
                     np.nanmean(common[np.triu_indices(len(common), 1)])))  # fmt: skip
    head = ["strand", "state-years", "mean", "between states", "yearly change", "sampling error", "changes in common"]
    return pd.DataFrame(rows, columns=head).to_string(index=False, float_format="%.2f")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the public data and the coded history are."""
    given = os.environ.get("HEGEMON_PUBLIC_DATA")
    parser.add_argument("--public", type=Path, default=given and Path(given), required=given is None)
    parser.add_argument("--history", type=Path, default=ROOT / "src/hegemon/history")


def main() -> None:
    """Measure, print, and write where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments(parser)
    parser.add_argument("--out", type=Path)
    told = parser.parse_args()
    table = measured(told.public, told.history)
    print(summary(table))
    if told.out is not None:
        table.to_csv(told.out, index=False, lineterminator="\n", float_format="%.4f")


if __name__ == "__main__":
    main()

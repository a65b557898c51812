"""What the post-Soviet scenario's figures rest on: the public data, the coded history, and a few coded facts.

`figures_formulas.py` turns these into the numbers of the scenario file. Facts coded here are dated, were
known by 1994, and are in no data set of the pack; everything else is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

STATES = {  # ISO code: name, COW code
    "ARM": ("Armenia", 371), "AZE": ("Azerbaijan", 373), "BLR": ("Belarus", 370),
    "EST": ("Estonia", 366), "GEO": ("Georgia", 372), "KAZ": ("Kazakhstan", 705),
    "KGZ": ("Kyrgyzstan", 703), "LTU": ("Lithuania", 368),
    "LVA": ("Latvia", 367), "MDA": ("Moldova", 359), "TJK": ("Tajikistan", 702), "TKM": ("Turkmenistan", 701),
    "UKR": ("Ukraine", 369), "UZB": ("Uzbekistan", 704),
}  # fmt: skip
PATRON = "RUS"
POLES = {
    "russia": ["RUS"],
    "west": ["USA", "DEU", "FRA", "GBR", "POL"],
    "china": ["CHN"],
    "regional": ["TUR", "IRN"],
}
# Poland's trade is Western from 1992, its votes less clearly
VOTING = POLES | {"west": ["USA", "DEU", "FRA", "GBR"]}
START = "1992-01"

# ---- Coded facts: dated, known by 1992-94, in no data set of the pack ----
ANNEXED = {"EST", "LVA", "LTU", "MDA"}  # taken by the Soviet Union in 1940
UNRECOGNISED = {"EST", "LVA", "LTU"}  # ... which most Western states never recognised
# Soviet forces against civilians: Tbilisi 1989, Baku 1990, Vilnius and Riga 1991
FORCE = {"GEO", "AZE", "LTU", "LVA"}
WARHEADS = {"BLR", "KAZ", "UKR"}  # strategic nuclear weapons on its soil in 1992
# European by the Council of Europe's Recommendation 1247 (1994)
IN_EUROPE = {"ARM", "AZE", "BLR", "EST", "GEO", "LTU", "LVA", "MDA", "UKR"}
BLACK_SEA = {"GEO", "UKR"}
# secessionist entity at START; more where the patron's troops stand beside it
ENTITY = {"GEO": 0.20, "MDA": 0.35}
FERGHANA = [("KGZ", "TJK"), ("KGZ", "UZB"), ("TJK", "UZB")]  # borders of 1924-36 never marked out
EARLIER_THAN_TREATY = ("102nd Military Base, Gyumri",)  # a Soviet garrison whose treaty is of 1995
VOTE_TEMPERATURE = 0.10  # an agreement 0.1 higher multiplies a pole's share by e


@dataclass(frozen=True, eq=False)
class Evidence:
    """The public data and the coded history, read once."""

    states: pd.DataFrame
    dyads: pd.DataFrame  # both directions of every pair
    groups: pd.DataFrame
    arms: pd.DataFrame
    leaders: pd.DataFrame
    wars: pd.DataFrame
    crises: pd.DataFrame
    members: pd.DataFrame
    bases: pd.DataFrame

    @classmethod
    def read(cls, public: Path, history: Path) -> Evidence:
        pairs = pd.read_parquet(public / "dyads_1991_2022.parquet")
        turned = pairs.rename(columns={"iso3_1": "iso3_2", "iso3_2": "iso3_1"})
        groups = pd.read_csv(public / "epr_groups_postsoviet.csv")
        return cls(
            states=pd.read_parquet(public / "states_1991_2024.parquet"),
            dyads=pd.concat([pairs, turned], ignore_index=True),
            groups=groups[(groups["from"] <= 1992) & (groups["to"] >= 1992)],
            arms=pd.read_csv(public / "sipri_arms_tiv.csv"),
            leaders=pd.read_csv(public / "leaders_postsoviet.csv"),
            wars=pd.read_csv(public / "ucdp_conflicts_postsoviet.csv"),
            crises=pd.read_csv(history / "crises.csv"),
            members=pd.read_csv(history / "memberships.csv"),
            bases=pd.read_csv(history / "bases.csv"),
        )

    def state(self, iso: str, column: str, years: list[int]) -> pd.Series:
        rows = self.states[(self.states.iso3 == iso) & self.states.year.isin(years)]
        return rows.set_index("year")[column].astype(float).sort_index()

    def pair(self, one: str, other: str, years: range | list[int]) -> pd.DataFrame:
        rows = self.dyads[(self.dyads.iso3_1 == one) & (self.dyads.iso3_2 == other)]
        return rows[rows.year.isin(years)]


# ---- Ingredients used by several figures ----
@cache
def trade(ev: Evidence, iso: str) -> pd.Series:
    """Mean yearly trade of 1994-96 with each pole, million USD."""
    years = [1994, 1995, 1996]
    with_pole = {p: sum(ev.pair(iso, m, years).trade_total_musd.mean() for m in ms) for p, ms in POLES.items()}
    return pd.Series(with_pole)


@cache
def agreement(ev: Evidence, iso: str) -> pd.Series:
    """Share of identical UN votes of 1992-95 with each pole (mean over its members, years weighted by
    votes)."""

    def with_member(member: str) -> float:
        rows = ev.pair(iso, member, range(1992, 1996)).dropna(subset=["un_agree"])
        return float(np.average(rows.un_agree.astype(float), weights=rows.un_common.astype(float)))

    return pd.Series({p: np.mean([with_member(m) for m in members]) for p, members in VOTING.items()})


@cache
def vote_shares(ev: Evidence, iso: str) -> pd.Series:
    """A logit over poles: size (its part of the region's trade) times exp(agreement / temperature)."""
    size = sum(trade(ev, other) for other in STATES)
    weight = size / size.sum() * np.exp(agreement(ev, iso) / VOTE_TEMPERATURE)
    return weight / weight.sum()


def member(ev: Evidence, iso: str, org: str, month: str) -> bool:
    rows = ev.members[(ev.members.org == org) & (ev.members.state == iso)]
    return bool((rows["from"].str[:7] <= month).any())


def signed_tashkent(ev: Evidence, iso: str) -> bool:
    return member(ev, iso, "CST_CSTO", "1992-05")


def line(ev: Evidence, iso: str) -> str:
    """The incumbents' line before the state's first coded crisis."""
    return str(ev.crises[ev.crises.state == iso].sort_values("start").incumbent_before.iloc[0])


def russians(ev: Evidence, iso: str) -> float:
    rows = ev.groups[(ev.groups.iso3 == iso) & ev.groups.group.str.startswith("Russian")]
    return float(rows["size"].sum())


def borders_patron(ev: Evidence, iso: str) -> bool:
    return bool((ev.pair(iso, PATRON, [1993]).contiguity == 1).any())


def guards_frontier(ev: Evidence, iso: str) -> bool:
    """Russian border troops on its outer frontier in the 1990s."""
    rows = ev.bases[(ev.bases.state == iso) & ev.bases.name.str.contains("border|Border", na=False)]
    return bool((rows["from"] < "1994").any())

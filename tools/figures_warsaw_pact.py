"""The Warsaw Pact scenario's figures: the Soviet Union and nine European neighbours in 1953.

Facts coded here are dated and in no data set of the pack; that they matter, and how much, is judgement. The rest is computed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import figures_cold_war as cold_war
from figures_cold_war import (
    LINE,
    START,
    TIES,
    VOTE_TEMPERATURE,
    Evidence,
    agreement,
    allied,
    armed,
    beyond_the_mean,
    borders_patron,
    cleavage,
    discontent,
    feuds,
    line,
    patron_in_trade,
    proximity,
    size,
    with_others,
    with_patron,
)
from figures_shared import quarter, shares

STATES = {  # ISO code: name, COW code
    "ALB": ("Albania", 339), "BGR": ("Bulgaria", 355), "CSK": ("Czechoslovakia", 315), "DDR": ("East Germany", 265),
    "FIN": ("Finland", 375), "HUN": ("Hungary", 310), "POL": ("Poland", 290), "ROU": ("Romania", 360),
    "YUG": ("Yugoslavia", 345),
}  # fmt: skip
PATRON, LAST = "SUN", 1989
EAST, WEST = ("RUS",), ("USA", "GBR", "FRA")

# ---- Coded facts: dated, in no data set of the pack ----
COMECON = {
    "ALB",
    "BGR",
    "CSK",
    "DDR",
    "HUN",
    "POL",
    "ROU",
}  # founded January 1949; Albania joined in 1949, East Germany in 1950
JUDGED = {
    "FIN": "balanced",
    "YUG": "pro_rival",
}  # treaty of 1948 with neutrality; expelled in 1948, Balkan Pact of February 1953
INHERITED = {"FIN": 0.5, "YUG": 0.0}  # Soviet part of what 1953 inherited; 1 elsewhere
CHINESE = {
    "ALB": 0.5
}  # part of trade with others that was China's, which gave Albania credit from December 1954; 0.1 elsewhere
BOUND = {"FIN": 0.5, "YUG": 0.0}  # how far supplies came by Soviet plans and clearing accounts; 1 in Comecon
SOLDIERS = {"DDR": 400_000, "POL": 60_000, "HUN": 30_000, "ROU": 30_000, "FIN": 10_000}  # orders of magnitude, 1953
LOST = {
    "CSK",
    "DDR",
    "FIN",
    "HUN",
    "POL",
    "ROU",
}  # territory to the Soviet Union 1939-45, or reparations to it after 1945
PURGED = {"ALB", "BGR", "CSK", "HUN", "YUG"}  # leaders tried as Titoists 1949-52; Yugoslavia: the blockade
ON_THE_LINE = {"CSK", "DDR", "POL"}  # between the Soviet Union and the armies of the West
URANIUM = {"CSK", "DDR"}  # mined for the Soviet bomb from 1945-46
CLAIMED = {"DDR"}  # open to accession by Article 23 of the Basic Law; recognised by no Western state
WESTERN_ARMS = {"YUG"}  # from the United States since November 1951


def read(public: Path, history: Path) -> Evidence:
    """The evidence: trade with the Soviet Union is first reported for 1955-57."""
    return Evidence.read(public, history, "warsaw-pact", "RUS", STATES, late={}, trading=(2, 3, 4))


def _trade(ev: Evidence, iso: str) -> pd.Series:
    abroad, chinese = with_others(ev, iso), CHINESE.get(iso, 0.1)
    return pd.Series({"soviet": with_patron(ev, iso), "west": (1 - chinese) * abroad, "china": chinese * abroad})


def _votes(ev: Evidence, iso: str) -> pd.Series:
    if iso == "DDR":
        return (_votes(ev, "POL") + _votes(ev, "CSK")) / 2
    weight = sum(_trade(ev, state) for state in STATES) / sum(_trade(ev, state).sum() for state in STATES)
    said = pd.Series({"soviet": agreement(ev, iso, EAST), "west": agreement(ev, iso, WEST), "china": -np.inf})
    weight = weight * np.exp(said / VOTE_TEMPERATURE)
    return weight / weight.sum()


def orientation(ev: Evidence, iso: str) -> dict[str, float]:
    """0.50 trade + 0.25 UN votes + 0.25 institutions, each a share over the three poles. Trade: COW Trade
    4.0, mean of 1955-57, when trade with the Soviet Union is first reported; the other poles' is total trade
    (the larger of the national total and the sum of its dyads) less that with the Soviet Union and with the
    other eight, a tenth of it counted as China's, half of Albania's (judgement: the pack has no Chinese dyads).
    Votes: identical UN votes 1953-57, as a logit over the Soviet Union and the
    West (USA, GBR, FRA; size in the region's trade x exp(agreement / 0.1)); East Germany, without a seat, is the
    mean of POL and CSK; Peking had no seat. Institutions: treaties, Comecon, advisers of 1953 all Soviet,
    Yugoslavia's all Western, Finland's half (judgement)."""
    money, owed = _trade(ev, iso), INHERITED.get(iso, 1.0)
    inherited = pd.Series({"soviet": owed, "west": 1 - owed, "china": 0.0})
    ties = {"trade": money / money.sum(), "votes": _votes(ev, iso), "institutions": inherited}
    return shares(sum(TIES[strand] * ties[strand] for strand in TIES))


def elite(ev: Evidence, iso: str) -> dict[str, float]:
    """Share wanted with the Soviet Union: the incumbents' line before the first coded crisis, if it began by
    1963 (orders.csv: pro_patron 0.75, balanced 0.55, pro_rival 0.35); pro_patron for Bulgaria, Czechoslovakia
    and Hungary, balanced for Finland, pro_rival for Yugoslavia (judgement); +0.05 in Comecon, -0.05 outside,
    +0.2 x (UN agreement 1953-57 with the Soviet Union less with USA, GBR, FRA, as deviation from the region's
    mean; East Germany: 0); the rest split over the rivals as in orientation."""
    wanted = LINE[line(ev, iso, JUDGED, 11)] + (0.05 if iso in COMECON else -0.05)
    wanted += 0.2 * beyond_the_mean(ev, iso, EAST, WEST)
    now = pd.Series(orientation(ev, iso))
    rivals = now.drop("soviet") / now.drop("soviet").sum() * (1 - wanted)
    return shares(pd.concat([pd.Series({"soviet": wanted}), rivals]))


def openness(ev: Evidence, iso: str) -> float:
    """V-Dem v15 electoral democracy (v2x_polyarchy), mean of 1953 and 1954; Czechoslovakia from v16, since
    v15 as packed has no value; East Germany 1954."""
    old = ev.state(iso, "v2x_polyarchy", [START, START + 1])
    return float(old.fillna(ev.state(iso, "v2x_polyarchy_v16", [START, START + 1])).mean())


def hold(ev: Evidence, iso: str) -> float:
    """0.40 + 0.15 if no leader left office in 1951-52, half of it if one did (Archigos 4.1, by year; the first
    secretary or general secretary rules) + 0.25 x (1 - openness) - 0.20 if at civil war in 1951-52 (UCDP/PRIO
    25.1) - 0.15 if a leader left irregularly in 1951-52 (Archigos)."""
    return cold_war.hold(ev, iso, openness(ev, iso))


def grievance(ev: Evidence, iso: str) -> float:
    """0.25 + 0.3 x population share of excluded groups (EPR 2021, 1953; none recorded: 0) + 4 x share of the
    population under arms, at most 0.10 (NMC 7.0, 1953-55) + 0.06 x ln(1 + irregular exits of leaders 1946-52)
    (Archigos) + 0.10 in Comecon, where forced industrialisation and collectivisation had cut consumption
    (judgement: the pack has neither output nor protests for these years)."""
    return discontent(ev, iso) + 0.10 * (iso in COMECON)


def dependence(ev: Evidence, iso: str) -> float:
    """0.25 x how far supplies came by Soviet plans and clearing accounts (1 in Comecon, 0.5 Finland, 0
    Yugoslavia; judgement) + 0.5 x the Soviet Union's share of total trade, 1955-57 (COW Trade 4.0; total = the
    larger of the national total and the sum of its dyads) + 0.25 x security, the mean of: a defence obligation
    with it in 1953, East Germany and Albania 1955 (ATOP 5.1); Soviet arms delivered 1950-56 (SIPRI)."""
    treaty = allied(ev, iso, 1955 if iso in ("DDR", "ALB") else START)
    security = (treaty + armed(ev, iso)) / 2
    return 0.25 * BOUND.get(iso, 1.0) + 0.5 * patron_in_trade(ev, iso) + 0.25 * security


def frozen(ev: Evidence, iso: str) -> float:
    """0: no neighbour had a secessionist entity under Soviet protection on its soil in 1953."""
    return 0.0


def deployment(ev: Evidence, iso: str) -> float:
    """ln(1 + troops / 1000) / ln(26), so 25,000 = 1: Soviet troops of 1953 as orders of magnitude (East
    Germany 400,000, Poland 60,000, Hungary and Romania 30,000 each, to guard the lines to Austria, Porkkala in
    Finland 10,000; coded by us, in no data set of the pack)."""
    return float(np.log1p(SOLDIERS.get(iso, 0) / 1000) / np.log(26))


def shelter(ev: Evidence, iso: str) -> float:
    """0.30 for Yugoslavia (American arms from 1951, treaty with two NATO members of February 1953; judgement);
    else 0: no Western state had promised protection."""
    return 0.30 * (iso in WESTERN_ARMS)


def integration(ev: Evidence, iso: str) -> float:
    """0.25 in Comecon + 0.25 if a defence obligation with the Soviet Union was in force in 1953 (ATOP 5.1)."""
    return 0.25 * (iso in COMECON) + 0.25 * allied(ev, iso, START)


def fear(ev: Evidence, iso: str) -> float:
    """0.05 + 0.15 if it borders the Soviet Union by land (COW Contiguity 3.2) + 0.15 if it lost territory or
    paid reparations to it (CSK, DDR, FIN, HUN, POL, ROU) + 0.10 if its leaders were tried as Titoists 1949-52
    (ALB, BGR, CSK, HUN) or blockaded (YUG) + 0.3 x (1 - share the incumbents want with it)."""
    facts = 0.15 * borders_patron(ev, iso) + 0.15 * (iso in LOST) + 0.10 * (iso in PURGED)
    return 0.05 + facts + 0.3 * (1 - elite(ev, iso)["soviet"])


def legitimacy(ev: Evidence, iso: str) -> float:
    """0.10 + 0.6 x share the incumbents want with the Soviet Union + 0.10 in Comecon - 0.15 if it lost
    territory or paid reparations - 0.10 if its leaders were tried as Titoists or blockaded; at least 0.05."""
    past = 0.15 * (iso in LOST) + 0.10 * (iso in PURGED)
    return max(0.10 + 0.6 * elite(ev, iso)["soviet"] + 0.10 * (iso in COMECON) - past, 0.05)


def stake(ev: Evidence, iso: str) -> float:
    """0.20 + 0.3 x root of its capabilities as a share of the region's largest (CINC 1953-55, NMC 7.0) + 0.20
    if it borders the Soviet Union by land + 0.15 if on the line to the armies of the West (CSK, DDR, POL) +
    0.10 if uranium for the Soviet bomb was mined there (CSK, DDR)."""
    place = 0.20 * borders_patron(ev, iso) + 0.15 * (iso in ON_THE_LINE) + 0.10 * (iso in URANIUM)
    return float(0.20 + 0.3 * np.sqrt(size(ev, iso)) + place)


def accession(ev: Evidence, iso: str) -> float:
    """Judgement: 0.10 (liberation was declared, no Western state would fight or pay for it) + 0.30 x openness +
    0.45 if the West claimed it (East Germany: Article 23 of the Basic Law) + 0.20 if it took Western arms
    (Yugoslavia)."""
    return 0.10 + 0.30 * openness(ev, iso) + 0.45 * (iso in CLAIMED) + 0.20 * (iso in WESTERN_ARMS)


FIGURES = (orientation, elite, openness, hold, grievance, dependence, frozen, deployment, shelter,
           integration, fear, legitimacy, stake, cleavage, accession)  # fmt: skip


def rivalry(ev: Evidence) -> dict[str, dict[str, float]]:
    """0.10 for each militarised dispute begun 1945-62 with use of force, 0.05 for one with a display of it (COW
    MID 5.0), at most 0.5; with the Soviet Union half of it."""
    return feuds(ev, PATRON)


def capacity(ev: Evidence) -> dict[str, float]:
    """The Soviet Union against 1953, geometric mean: energy use (NMC 7.0; weight 0.5; stands for output, of
    which the pack has no series before 1988), CINC (NMC 7.0; 0.5)."""
    return cold_war.means(ev, LAST)


def growth(ev: Evidence) -> dict[str, float]:
    """0.6 x median over the nine of the yearly change of energy use (NMC 7.0; the pack has no output of planned
    economies; 0.6 is judgement). 1968 and 1970, where the series changes its definition, are the mean of the
    years before."""
    return cold_war.energy_growth(ev, LAST)


def patron_share(ev: Evidence) -> float:
    """Judgement: 0.85, since the one collective force, in Czechoslovakia in 1968, was mostly Soviet (orders.csv
    gives no split)."""
    return 0.85


def membership(ev: Evidence) -> list[dict[str, str]]:
    """memberships_handcompiled.csv (WARSAW_PACT, in force 1955-06-06): a member from the quarter of entry;
    Albania's exit is the formal one of September 1968, seven years after it stopped taking part."""
    rows = ev.members[(ev.members.organisation == "WARSAW_PACT") & ev.members.iso3.isin(STATES)]
    spells = []
    for row in rows.sort_values("iso3").to_dict("records"):
        spell = {"state": row["iso3"], "from": quarter(row["start"])}
        spells.append(spell | {"to": quarter(row["end"])} if int(row["end"][:4]) <= LAST else spell)
    return spells


__all__ = ["FIGURES", "STATES", "capacity", "growth", "membership", "patron_share", "proximity", "read", "rivalry"]

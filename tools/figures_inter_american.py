"""The inter-American scenario's figures: the United States and twenty-one neighbours in 1953.

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
from figures_shared import shares

STATES = {  # ISO code: name, COW code
    "ARG": ("Argentina", 160), "BOL": ("Bolivia", 145), "BRA": ("Brazil", 140), "CHL": ("Chile", 155),
    "COL": ("Colombia", 100), "CRI": ("Costa Rica", 94), "CUB": ("Cuba", 40), "DOM": ("Dominican Republic", 42),
    "ECU": ("Ecuador", 130), "GRD": ("Grenada", 55), "GTM": ("Guatemala", 90), "HND": ("Honduras", 91),
    "HTI": ("Haiti", 41), "MEX": ("Mexico", 70), "NIC": ("Nicaragua", 93), "PAN": ("Panama", 95), "PER": ("Peru", 135),
    "PRY": ("Paraguay", 150), "SLV": ("El Salvador", 92), "URY": ("Uruguay", 165), "VEN": ("Venezuela", 101),
}  # fmt: skip
PATRON, LAST = "USA", 1991
LATE = {"GRD": 1975}  # independent in February 1974, first complete year 1975
EAST, EUROPE = ("RUS",), ("GBR", "FRA")
BASIN = 2500  # km from the United States: Central America and the Caribbean shores

# ---- Coded facts: dated, in no data set of the pack ----
JUDGED = {
    "ARG": "balanced",
    "BOL": "balanced",
    "MEX": "balanced",
}  # third position; revolution of 1952; no military pact
ASSISTED = {"BRA", "CHL", "COL", "CUB", "ECU", "PER", "URY"}  # military assistance agreement signed in 1952
OCCUPIED = {"CUB", "DOM", "HTI", "NIC", "PAN"}  # by United States forces, in part or whole, between 1898 and 1934
LANDED = {"HND", "MEX"}  # landings in the same years
SOLDIERS = {"PAN": 10_000, "CUB": 2_000}  # Canal Zone, Guantanamo: orders of magnitude, 1953
WATERWAY = {"CUB", "PAN"}  # canal or naval base
COALITION = {"GTM"}  # Communists in the governing coalition, 1951-54
PARTIES = 0.04  # Moscow's part of the institutions, through Communist parties and unions
NEIGHBOURING = ("BRB", "JAM", "TTO")  # stand in for Grenada, which V-Dem leaves out


def read(public: Path, history: Path) -> Evidence:
    """The evidence; trade is reported from the start."""
    return Evidence.read(public, history, "inter-american", "USA", STATES, late=LATE, trading=(0, 1, 2))


def _trade(ev: Evidence, iso: str) -> pd.Series:
    soviet = float(ev.pair(iso, "RUS", ev.trade_years(iso)).trade_total_musd.fillna(0.0).astype(float).mean())
    return pd.Series({"usa": with_patron(ev, iso), "soviet": soviet, "europe": with_others(ev, iso, "RUS")})


def _votes(ev: Evidence, iso: str) -> pd.Series:
    weight = sum(_trade(ev, state) for state in STATES) / sum(_trade(ev, state).sum() for state in STATES)
    voters = {"usa": ("USA",), "soviet": EAST, "europe": EUROPE}
    said = pd.Series({pole: agreement(ev, iso, who) for pole, who in voters.items()})
    weight = weight * np.exp(said / VOTE_TEMPERATURE)
    return weight / weight.sum()


def orientation(ev: Evidence, iso: str) -> dict[str, float]:
    """0.50 trade + 0.25 UN votes + 0.25 institutions, each a share over the three poles. Trade: COW Trade
    4.0, imports + exports, mean of 1953-55 (Grenada 1975-77); Europe's is total trade (the larger
    of the national total and the sum of its dyads) less that with the United States, the Soviet Union and the
    other twenty. Votes: identical UN votes 1953-57 (Grenada
    1975-79), as a logit over poles (USA; Soviet Union; GBR and FRA; size in the region's trade x exp(agreement
    / 0.1)). Institutions: Rio Treaty, Charter of the OAS and dollar, all the United States' but 0.04,
    which stands for Communist parties and unions tied to Moscow (judgement)."""
    money = _trade(ev, iso)
    inherited = pd.Series({"usa": 1 - PARTIES, "soviet": PARTIES, "europe": 0.0})
    ties = {"trade": money / money.sum(), "votes": _votes(ev, iso), "institutions": inherited}
    return shares(sum(TIES[strand] * ties[strand] for strand in TIES))


def elite(ev: Evidence, iso: str) -> dict[str, float]:
    """Share wanted with the United States: the incumbents' line before the first coded crisis, if it began by
    1957 (orders.csv: Guatemala, pro_rival 0.35); balanced 0.55 for Argentina (third position), Bolivia
    (revolution of 1952) and Mexico (no military pact), pro_patron 0.75 elsewhere (judgement); +0.05 if it
    signed a military assistance agreement in 1952 (BRA, CHL, COL, CUB, ECU, PER, URY); +0.5 x (UN agreement
    1953-57, Grenada 1975-79, with the United States less with the Soviet Union, as deviation from the region's
    mean in those years); the rest split over the rivals as in orientation."""
    wanted = LINE[line(ev, iso, JUDGED, 5)] + 0.05 * (iso in ASSISTED)
    wanted += 0.5 * beyond_the_mean(ev, iso, ("USA",), EAST)
    now = pd.Series(orientation(ev, iso))
    rivals = now.drop("usa") / now.drop("usa").sum() * (1 - wanted)
    return shares(pd.concat([pd.Series({"usa": wanted}), rivals]))


def openness(ev: Evidence, iso: str) -> float:
    """V-Dem v15 electoral democracy (v2x_polyarchy), mean of 1953 and 1954; Grenada, which V-Dem leaves out,
    is the mean of Barbados, Jamaica and Trinidad in 1975-76."""
    if iso in LATE:
        years = [LATE[iso], LATE[iso] + 1]
        return float(np.mean([ev.state(other, "v2x_polyarchy", years).mean() for other in NEIGHBOURING]))
    return float(ev.state(iso, "v2x_polyarchy", [START, START + 1]).mean())


def hold(ev: Evidence, iso: str) -> float:
    """0.40 + 0.15 if no leader left office in 1951-52, half of it if one did (Archigos 4.1, by year; Grenada
    1974) + 0.25 x (1 - openness) - 0.20 if at civil war in 1951-52 (UCDP/PRIO 25.1) - 0.15 if a leader left
    irregularly in 1951-52 (Archigos)."""
    return cold_war.hold(ev, iso, openness(ev, iso))


def grievance(ev: Evidence, iso: str) -> float:
    """0.25 + 0.3 x population share of excluded groups (EPR 2021, 1953; none recorded: 0) + 4 x share of the
    population under arms, at most 0.10 (NMC 7.0, 1953-55; Grenada 1975-77) + 0.06 x ln(1 + irregular exits of
    leaders 1946-52) (Archigos). The pack has neither output nor protests for these years."""
    return discontent(ev, iso)


def dependence(ev: Evidence, iso: str) -> float:
    """0.25 x how far capital, currency and markets were those of the United States (1 within 2,500 km of it, 0.5
    beyond; judgement) + 0.5 x the United States' share of total trade, 1953-55 (COW Trade 4.0; Grenada 1975-77;
    total = the larger of the national total and the sum of its dyads) + 0.25 x security, the mean of: a defence
    obligation with it in 1953, Grenada 1975 (ATOP 5.1); its arms delivered 1950-56 (SIPRI)."""
    security = (allied(ev, iso, ev.first(iso)) + armed(ev, iso)) / 2
    return 0.25 * (1.0 if _near(ev, iso) else 0.5) + 0.5 * patron_in_trade(ev, iso) + 0.25 * security


def _near(ev: Evidence, iso: str) -> bool:
    return bool(ev.pair(iso, "USA", [max(ev.first(iso), 1955)]).min_dist_km.iloc[0] <= BASIN)


def frozen(ev: Evidence, iso: str) -> float:
    """0: no neighbour had a secessionist entity under the United States' protection on its soil in 1953."""
    return 0.0


def deployment(ev: Evidence, iso: str) -> float:
    """ln(1 + troops / 1000) / ln(26), so 25,000 = 1: United States troops of 1953 as orders of magnitude (Canal
    Zone in Panama 10,000, Guantanamo in Cuba 2,000; coded by us, in no data set of the pack)."""
    return float(np.log1p(SOLDIERS.get(iso, 0) / 1000) / np.log(26))


def shelter(ev: Evidence, iso: str) -> float:
    """0: the Soviet Union protected nobody in the Americas in 1953."""
    return 0.0


def integration(ev: Evidence, iso: str) -> float:
    """0.25 as a member of the Organization of American States + 0.25 if a defence obligation with the United
    States was in force in 1953 (ATOP 5.1); Grenada as in 1975."""
    return 0.25 + 0.25 * allied(ev, iso, ev.first(iso))


def fear(ev: Evidence, iso: str) -> float:
    """0.05 + 0.15 if it borders the United States by land (COW Contiguity 3.2) + 0.20 if United States forces
    occupied it between 1898 and 1934 (CUB, DOM, HTI, NIC, PAN), 0.10 if they landed (HND, MEX) + 0.3 x (1 -
    share the incumbents want with it)."""
    facts = 0.15 * borders_patron(ev, iso) + 0.20 * (iso in OCCUPIED) + 0.10 * (iso in LANDED)
    return 0.05 + facts + 0.3 * (1 - elite(ev, iso)["usa"])


def legitimacy(ev: Evidence, iso: str) -> float:
    """0.10 + 0.6 x share the incumbents want with the United States + 0.10 as a member of the Organization of
    American States - 0.15 if it had been occupied, 0.08 if landed upon; at least 0.05."""
    past = 0.15 * (iso in OCCUPIED) + 0.08 * (iso in LANDED)
    return max(0.10 + 0.6 * elite(ev, iso)["usa"] + 0.10 - past, 0.05)


def stake(ev: Evidence, iso: str) -> float:
    """0.20 + 0.2 x root of its capabilities as a share of the region's largest (CINC 1953-55, NMC 7.0; Grenada
    1975-77) + 0.2 x root of its trade with the United States as a share of the region's largest (COW Trade
    4.0, 1953-55) + 0.20 within 2,500 km of it + 0.15 for the canal or a naval base (CUB, PAN)."""
    most = max(with_patron(ev, state) for state in STATES)
    worth = 0.2 * np.sqrt(size(ev, iso)) + 0.2 * np.sqrt(with_patron(ev, iso) / most)
    return float(0.20 + worth + 0.20 * _near(ev, iso) + 0.15 * (iso in WATERWAY))


def accession(ev: Evidence, iso: str) -> float:
    """Judgement: 0.05 (Moscow had embassies in three of the states and promised nobody anything) + 0.5 x (UN
    agreement 1953-57, Grenada 1975-79, with the Soviet Union above the region's mean; at least 0) + 0.15 if
    Communists sat in the governing coalition in 1953 (Guatemala)."""
    return 0.05 + 0.5 * max(beyond_the_mean(ev, iso, EAST, ()), 0.0) + 0.15 * (iso in COALITION)


FIGURES = (orientation, elite, openness, hold, grievance, dependence, frozen, deployment, shelter,
           integration, fear, legitimacy, stake, cleavage, accession)  # fmt: skip


def rivalry(ev: Evidence) -> dict[str, dict[str, float]]:
    """0.10 for each militarised dispute begun 1945-62 with use of force, 0.05 for one with a display of it (COW
    MID 5.0), at most 0.5; with the United States half of it."""
    return feuds(ev, PATRON)


def capacity(ev: Evidence) -> dict[str, float]:
    """The United States against 1953, geometric mean: energy use (NMC 7.0; weight 0.5; stands for output, so
    that both orders of the Cold War are measured alike), CINC (NMC 7.0; 0.5)."""
    return cold_war.means(ev, LAST)


def growth(ev: Evidence) -> dict[str, float]:
    """0.6 x median over the twenty-one of the yearly change of energy use (NMC 7.0; the pack has no output at
    constant prices before 1991; 0.6 is judgement). 1968 and 1970, where the series changes its definition, are
    the mean of the years before."""
    return cold_war.energy_growth(ev, LAST)


def patron_share(ev: Evidence) -> float:
    """Mean share of the United States in the troops of the three operations with partners for which orders.csv
    has numbers (Dominican Republic 1965, Grenada 1983, Haiti 1991)."""
    rows = ev.crises.dropna(subset=["troops_patron", "troops_partners"])
    rows = rows[(rows.troops_partners > 0) & (rows.start < str(LAST + 1))]
    return round(float((rows.troops_patron / (rows.troops_patron + rows.troops_partners)).mean()), 2)


def membership(ev: Evidence) -> list[dict[str, str]]:
    """A member in the years in which ATOP 5.1 has a defence obligation with the United States (Rio Treaty):
    Cuba to 1962, so that the quarantine's mandate falls inside it, Grenada from 1975."""
    spells = []
    for iso in sorted(STATES):
        years = [year for year in range(START, LAST + 1) if allied(ev, iso, year)]
        spell = {"state": iso, "from": f"{min(years)}Q1"}
        spells.append(spell if max(years) == LAST else spell | {"to": f"{max(years) + 1}Q1"})
    return spells


__all__ = ["FIGURES", "STATES", "capacity", "growth", "membership", "patron_share", "proximity", "read", "rivalry"]

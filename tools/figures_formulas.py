"""The formulas: facts put on a 0..1 scale, one function per figure, named as in the scenario file.

A docstring is the figure's entry under [sources], so the formula is said once. Weights are judgements and
stand here; coded facts stand in figures_evidence.py. None of it is an estimate; docs/data.md says how weak
each figure is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from figures_evidence import (
    ANNEXED,
    BLACK_SEA,
    EARLIER_THAN_TREATY,
    ENTITY,
    FERGHANA,
    FORCE,
    IN_EUROPE,
    PATRON,
    POLES,
    START,
    STATES,
    UNRECOGNISED,
    WARHEADS,
    Evidence,
    agreement,
    borders_patron,
    guards_frontier,
    line,
    member,
    russians,
    signed_tashkent,
    trade,
    vote_shares,
)
from figures_shared import quarter, shares

# ---- Weights: how facts become a figure between 0 and 1 ----
TIES = {"trade": 0.50, "votes": 0.25, "institutions": 0.25}
LINE = {"pro_patron": 0.75, "balanced": 0.55, "pro_rival": 0.35}  # share the incumbents want with the patron
UNKNOWN_BASE, UNKNOWN_FACILITY = 3000, 500  # troops, where bases.csv has no number


# ---- The figures ----
def orientation(ev: Evidence, iso: str) -> dict[str, float]:
    """0.50 trade + 0.25 UN votes + 0.25 institutions, each a share over the four poles. Trade: COW Trade
    4.0, imports + exports, mean of 1994-96 (the first reliable years). Votes: UNGA votes (Voeten et al.,
    2021 copy), identical votes 1992-95, as a logit over poles (pole's size in the region's trade x
    exp(agreement / 0.1)). Institutions: what 1992 inherited (rouble, army, grid, rails): all Russia, but
    half West for the three states whose annexation the West had not recognised (judgement)."""
    money = trade(ev, iso)
    inherited = pd.Series(0.0, index=list(POLES))
    inherited["west"] = 0.5 if iso in UNRECOGNISED else 0.0
    inherited["russia"] = 1 - inherited["west"]
    ties = {"trade": money / money.sum(), "votes": vote_shares(ev, iso), "institutions": inherited}
    return shares(sum(TIES[strand] * ties[strand] for strand in TIES))


def elite(ev: Evidence, iso: str) -> dict[str, float]:
    """Share wanted with Russia: the incumbents' line before the state's first coded crisis (crises.csv:
    pro_patron 0.75, balanced 0.55, pro_rival 0.35), +0.05 if it signed the Tashkent treaty (May 1992),
    -0.05 if not in the CIS in 1992Q1, +0.5 x (UN agreement 1992-95 with RUS less with USA, DEU, FRA, GBR,
    as deviation from the 14 states' mean); the rest split over the rivals as in orientation."""
    contrast = {s: agreement(ev, s)["russia"] - agreement(ev, s)["west"] for s in STATES}
    outside = not member(ev, iso, "CIS", "1992-03")
    wanted = LINE[line(ev, iso)] + 0.05 * signed_tashkent(ev, iso) - 0.05 * outside
    wanted += 0.5 * (contrast[iso] - float(np.mean(list(contrast.values()))))
    now = pd.Series(orientation(ev, iso))
    rivals = now.drop("russia") / now.drop("russia").sum() * (1 - wanted)
    return shares(pd.concat([pd.Series({"russia": wanted}), rivals]))


def openness(ev: Evidence, iso: str) -> float:
    """V-Dem v15 electoral democracy (v2x_polyarchy), mean of 1992 and 1993 (1992 alone has interim rule
    in Estonia)."""
    return float(ev.state(iso, "v2x_polyarchy", [1992, 1993]).mean())


def hold(ev: Evidence, iso: str) -> float:
    """0.40 + 0.15 x incumbent's tenure at 1992-01-31 (years, at most 2, halved; Archigos 4.1) + 0.25 x (1
    - openness) - 0.20 if an armed conflict on its soil had begun by 1992-03 (UCDP/PRIO 25.1) - 0.15 if
    the last change of leader between 1991-09 and 1992-03 was irregular (Archigos)."""
    own = ev.leaders[(ev.leaders.iso3 == iso) & (ev.leaders.source == "archigos_4.1")]
    incumbent = own[(own.start <= "1992-01-31") & (own.end >= "1992-01-31")].iloc[-1]
    tenure = min((pd.Timestamp("1992-01-31") - pd.Timestamp(incumbent.start)).days / 365.25, 2.0)
    gwno = str(int(ev.states[ev.states.iso3 == iso].gwcode.iloc[0]))
    own_wars = ev.wars[ev.wars.gwno_a.astype(str) == gwno]
    at_war = bool(own_wars.start_date.between("1991-01-01", "1992-03-31").any())
    recent = own[own.start.between("1991-09-01", "1992-03-31")]
    fallen = own[own.end.between("1991-09-01", "1992-03-31")]
    irregular = bool((recent.entry == "Irregular").any() or (fallen.exit == "Irregular").any())
    grip = 0.40 + 0.15 * tenure / 2 + 0.25 * (1 - openness(ev, iso))
    return float(grip - 0.20 * at_war - 0.15 * irregular)


def grievance(ev: Evidence, iso: str) -> float:
    """0.20 + 0.5 x fall of GDP 1991-93 (World Bank, PPP const. 2017; EST, LVA, LTU, MDA have no data
    before 1995 and get the median of the ten others) + 0.3 x population share of excluded groups (EPR
    2021, 1992) + 0.06 x ln(1 + protest events 1991-92) (Mass Mobilization 2020)."""

    def fall(state: str) -> float:
        output = ev.state(state, "gdp_ppp_const2017", [1991, 1993])
        return float(1 - output[1993] / output[1991])

    lost = fall(iso) if np.isfinite(fall(iso)) else float(np.nanmedian([fall(s) for s in STATES]))
    excluded = ev.state(iso, "epr_excluded_share", [1992]).iloc[0]
    protests = ev.state(iso, "mm_protests", [1991, 1992]).sum()
    return float(0.20 + 0.5 * lost + 0.3 * excluded + 0.06 * np.log1p(protests))


def dependence(ev: Evidence, iso: str) -> float:
    """0.25 (energy grid, pipelines and spare parts, all 14) + 0.5 x Russia's share of its total trade,
    1994-96 (COW Trade 4.0; total = the larger of the national total and the sum of its dyads) + 0.25 x
    security, the mean of: signed the Tashkent treaty; Russia's share of arms deliveries 1992-99 (SIPRI;
    0.5 where none is recorded)."""
    years = [1994, 1995, 1996]
    national = ev.state(iso, "imports_musd", years) + ev.state(iso, "exports_musd", years)
    total = np.fmax(national, ev.state(iso, "dyadic_trade_sum_musd", years)).mean()
    bought = ev.arms[(ev.arms.recipient_iso3 == iso) & ev.arms.year.between(1992, 1999)]
    delivered, russian = bought.tiv_musd1990.sum(), bought[bought.supplier_iso3 == PATRON].tiv_musd1990.sum()
    arms = russian / delivered if delivered > 0 else 0.5
    security = (signed_tashkent(ev, iso) + arms) / 2
    return float(0.25 + 0.5 * trade(ev, iso)["russia"] / total + 0.25 * security)


def frozen(ev: Evidence, iso: str) -> float:
    """Judgement: 0.35 for an entity outside the centre's control in 1992Q1 with the patron's troops
    beside it (Transnistria), 0.20 without (South Ossetia); Karabakh's backer is Armenia, so 0 for
    Azerbaijan."""
    return ENTITY.get(iso, 0.0)


def deployment(ev: Evidence, iso: str) -> float:
    """ln(1 + troops / 1000) / ln(26), so 25,000 = 1: Russian units in place in 1992-01 (bases.csv; where
    it has no number 3,000 a base, 500 a facility), with the Gyumri garrison, whose treaty of 1995 came
    later than its troops."""
    own = ev.bases[ev.bases.state == iso]
    there = own[(own["from"] <= START) | own.name.str.startswith(EARLIER_THAN_TREATY)]
    usual = there.kind.map({"facility": UNKNOWN_FACILITY}).fillna(UNKNOWN_BASE)
    return float(np.log1p(there.troops.fillna(usual).sum() / 1000) / np.log(26))


def shelter(ev: Evidence, iso: str) -> float:
    """0: no Western state or alliance had promised any of the 14 protection in 1992Q1."""
    return 0.0


def integration(ev: Evidence, iso: str) -> float:
    """0.25 if a member of the Commonwealth of Independent States in 1992Q1 (memberships.csv), else 0."""
    return 0.25 * member(ev, iso, "CIS", "1992-03")


def fear(ev: Evidence, iso: str) -> float:
    """0.05 + 0.15 if it borders Russia by land (COW Contiguity 3.2) + 0.15 if annexed in 1940 + 0.10 if
    Soviet forces were used against civilians in its capital 1989-91 + 0.3 x (1 - share the incumbents
    want with Russia) + 0.15 x Russian minority / 0.30, at most 0.15 (EPR 2021)."""
    facts = 0.15 * borders_patron(ev, iso) + 0.15 * (iso in ANNEXED) + 0.10 * (iso in FORCE)
    return 0.05 + facts + 0.3 * (1 - elite(ev, iso)["russia"]) + 0.15 * min(russians(ev, iso) / 0.30, 1)


def legitimacy(ev: Evidence, iso: str) -> float:
    """0.10 + 0.6 x share the incumbents want with Russia + 0.10 if in the CIS in 1992Q1 - 0.15 if annexed
    in 1940 - 0.10 if Soviet forces were used against civilians in its capital 1989-91; at least 0.05."""
    past = 0.15 * (iso in ANNEXED) + 0.10 * (iso in FORCE)
    return max(0.10 + 0.6 * elite(ev, iso)["russia"] + 0.4 * integration(ev, iso) - past, 0.05)


def stake(ev: Evidence, iso: str) -> float:
    """0.20 + 0.3 x root of its capabilities as a share of the largest's (CINC 1992, NMC 7.0) + 0.15 x
    Russian minority / 0.35, at most 0.15 (EPR 2021) + 0.20 if it borders Russia by land + 0.15 if Russian
    border troops guarded its outer frontier (bases.csv, by 1993) + 0.10 if it held strategic nuclear
    weapons."""
    size = {s: ev.state(s, "cinc", [1992]).iloc[0] for s in STATES}
    worth = 0.3 * np.sqrt(size[iso] / max(size.values())) + 0.15 * min(russians(ev, iso) / 0.35, 1)
    place = 0.20 * borders_patron(ev, iso) + 0.15 * guards_frontier(ev, iso) + 0.10 * (iso in WARHEADS)
    return float(0.20 + worth + place)


def cleavage(ev: Evidence, iso: str) -> float:
    """0.05 + 0.25 x number of self-excluding groups (they claim to be outside the state) + 0.15 if a
    group not in power alone has regional autonomy + 0.7 x Russian minority (0.35 x where Russia is not
    next door) + 0.4 x share of the other excluded groups; at most 0.9. All EPR 2021, periods covering
    1992."""
    own = ev.groups[ev.groups.iso3 == iso]
    outside = (own.status == "SELF-EXCLUSION").sum()
    autonomy = bool((own.reg_aut.astype(str) == "True").any())
    rest = own[own.status.isin(["POWERLESS", "DISCRIMINATED"]) & ~own.group.str.startswith("Russian")]
    near = 0.7 if borders_patron(ev, iso) else 0.35
    ground = 0.05 + 0.25 * outside + 0.15 * autonomy + near * russians(ev, iso) + 0.4 * rest["size"].sum()
    return float(min(ground, 0.9))


def accession(ev: Evidence, iso: str) -> float:
    """0.45 x exp(-distance to Warsaw / 2000 km) (CShapes 2.0 capitals; Poland's Europe Agreement is of
    1991-12) + 0.45 if its annexation of 1940 was never recognised + 0.10 if the Council of Europe counted
    it as European (Recommendation 1247, 1994) + 0.10 if on the Black Sea."""
    km = float(ev.pair(iso, "POL", [1992]).capital_dist_km.iloc[0])
    known = 0.45 * (iso in UNRECOGNISED) + 0.10 * (iso in IN_EUROPE) + 0.10 * (iso in BLACK_SEA)
    return float(0.45 * np.exp(-km / 2000) + known)


FIGURES = (orientation, elite, openness, hold, grievance, dependence, frozen, deployment, shelter,
           integration, fear, legitimacy, stake, cleavage, accession)  # fmt: skip


def proximity(ev: Evidence) -> dict[str, dict[str, float]]:
    """0.5 x exp(-distance of territories / 500 km) + 0.5 x exp(-distance of capitals / 1500 km) (CShapes
    2.0, 1993); pairs below 0.05 are left out."""
    pairs: dict[str, dict[str, float]] = {}
    for one in STATES:
        for other in (s for s in STATES if s > one):
            near = ev.pair(one, other, [1993]).iloc[0]
            value = 0.5 * np.exp(-near.min_dist_km / 500) + 0.5 * np.exp(-near.capital_dist_km / 1500)
            if value >= 0.05:
                pairs.setdefault(one, {})[other] = round(float(value), 2)
    return pairs


def rivalry(ev: Evidence) -> dict[str, dict[str, float]]:
    """1 after war (hostility 5 in GML 2.2.1); else 0.10 for each militarised dispute begun 1992-2014 with
    use of force and 0.05 for one with a display of it (COW MID 5.0), at most 0.5; at least 0.3 on the
    unmarked borders of the Ferghana valley (judgement). With Russia: half of the disputes' sum, and no
    mark for war."""
    pairs: dict[str, dict[str, float]] = {}
    for one in [*STATES, PATRON]:
        for other in (s for s in [*STATES, PATRON] if s > one):
            years = ev.pair(one, other, range(1992, 2015))
            war = bool((years.gml_mid_hostlev_max.astype(float) >= 5).any())
            begun = years[years.mid_onset.astype(float) > 0]
            weight = begun.mid_hostlev_max.astype(int).map({4: 0.10, 3: 0.05}).fillna(0)
            value = min(float((weight * begun.mid_onset.astype(float)).sum()), 0.5)
            if PATRON in (one, other):
                value = 0.5 * value
            elif war:
                value = 1.0
            elif (one, other) in FERGHANA:
                value = max(value, 0.3)
            if value > 0:
                pairs.setdefault(one, {})[other] = round(value + 1e-9, 2)
    return pairs


def capacity(ev: Evidence) -> dict[str, float]:
    """Russia against 1992, geometric mean: GDP at constant prices (World Bank, PPP const. 2017; weight
    0.5), GDP in current USD (World Bank; 0.25: what it can spend abroad), CINC (NMC 7.0; 0.25). 2022
    repeats 2021: no later series of constant GDP in the pack, and no hindsight about the war of 2022."""
    years = list(range(1992, 2022))
    parts = {"gdp_ppp_const2017": 0.5, "gdp_usd_current": 0.25, "cinc": 0.25}
    series = {column: ev.state(PATRON, column, years) for column in parts}
    logs = sum(weight * np.log(series[column] / series[column][1992]) for column, weight in parts.items())
    path = {int(year): round(float(np.exp(value)), 2) for year, value in logs.items()}
    path[2022] = path[2021]
    return {str(year): value for year, value in path.items()}


def growth(ev: Evidence) -> dict[str, float]:
    """Median over the 14 economies of the yearly change of GDP (World Bank, constant 2015 USD); 10 of
    them to 1995 (no EST, LVA, LTU, MDA), 13 in 2020-21 (no TKM). 2022 is the mean of 2016-19: the series
    ends in 2021."""
    rows = ev.states[ev.states.iso3.isin(STATES)]
    output = rows.pivot(index="year", columns="iso3", values="gdp_usd_const2015")
    median = output.astype(float).pct_change(fill_method=None).median(axis=1)
    path = {year: round(float(median[year]), 3) for year in range(1992, 2022)}
    path[2022] = round(float(median.loc[2016:2019].mean()), 3)
    return {str(year): value for year, value in path.items()}


def patron_share(ev: Evidence) -> float:
    """Russia's part of the troops in the one collective deployment of the organisation (crises.csv,
    Kazakhstan 2022: 1,500 of about 2,050; the split is derived from press figures)."""
    case = ev.crises[ev.crises.crisis_id == "kaz-2022-january"].iloc[0]
    return round(float(case.troops_patron / (case.troops_patron + case.troops_partners)), 2)


def membership(ev: Evidence) -> list[dict[str, str]]:
    """memberships.csv (CST_CSTO, day of signature, accession or exit): a member from the quarter of
    entry; on exit the quarter of exit is the first in which it is no longer one."""

    rows = ev.members[(ev.members.org == "CST_CSTO") & ev.members.state.isin(STATES)]
    spells = []
    for row in rows.sort_values(["state", "from"]).to_dict("records"):
        spell = {"state": row["state"], "from": quarter(row["from"])}
        spells.append(spell if pd.isna(row["to"]) else spell | {"to": quarter(row["to"])})
    return spells

"""The formulas: facts put on a scale from 0 to 1, one function a figure, named as in the scenario.

A docstring is the figure's entry under [sources], so the formula is said once. The weights are judgements, the same for every
order, and stand here. `f` are the facts, `r` how they are read (`facts.Reading`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from hegemon.building.answers import Estimate
from hegemon.building.facts import LINE, Facts, Reading
from hegemon.world_pack.world import CONSULTATION, DEFENCE, known

Shares = dict[str, float]

GARRISON = 25_000
"""Troops that count as 1."""

LIKELY = (0.0, 1_000.0, 10_000.0)
"""A garrison of which nobody says how large it is."""


def orientation(f: Facts, iso: str, r: Reading) -> Shares:
    """0.50 trade + 0.25 UN votes + 0.25 institutions, each a share over the poles. Trade: COW Trade 4.0, mean of the first three
    years, from the start on, with trade with the patron on record; everybody else's (*) is total trade less that with the patron,
    the named poles and the other neighbours. Votes: identical UN votes of the first five years (Voeten et al.), as a logit over
    poles (size in the region's trade x exp(agreement / 0.1)). Institutions: answered; else 1 where the pole ruled it within 60
    years (ICOW 1.1), 0.6 where bound by a treaty of defence or consultation (ATOP 5.1) or in the pact, as shares; where neither,
    half the patron's, the rest divided evenly."""
    money = f.trade(iso, r.shift)
    trade = _shares(money)
    size, said = f.region(r.shift), f.agreement(iso)
    if not np.isfinite(list(said.values())).any():
        said = {pole: known(np.array([f.agreement(other)[pole] for other in f.neighbours])) for pole in said}
    vote = {pole: size[pole] * np.exp((said[pole] if np.isfinite(said[pole]) else -9) / r.heat) for pole in size}
    vote = _shares(vote) if sum(vote.values()) > 0 else trade
    heir = dict(f.heritage(iso))
    answered = f.answers.institutions.get(iso)
    own = r.within(answered) if answered else heir[f.own] + r.inherit
    own = min(max(own, 0.0), 1.0)
    others = {pole: value for pole, value in heir.items() if pole != f.own}
    rest = _shares(others)
    heir = {pole: own if pole == f.own else rest[pole] * (1 - own) for pole in heir}
    return {pole: r.trade * trade[pole] + r.votes * vote[pole] + (1 - r.trade - r.votes) * heir[pole] for pole in money}


def elite(f: Facts, iso: str, r: Reading) -> Shares:
    """Share wanted with the patron: line of the incumbents (answered; else pro_patron in the pact, pro_rival with a defence pact
    with the bloc, balanced; 0.75, 0.35, 0.55) + 0.05 in the pact, - 0.025 outside, + 0.35 x (UN agreement with the patron less
    with the bloc, first five years, as deviation from the neighbours' mean); the rest as in orientation."""
    wanted = LINE[f.line(iso)] + r.line + (0.05 if f.pact(iso) else -0.025) + 0.35 * r.weight * f.contrast(iso)
    wanted = min(max(wanted, 0.05), 0.95)
    now = orientation(f, iso, r)
    rest = _shares({pole: value for pole, value in now.items() if pole != f.own})
    return {pole: wanted if pole == f.own else rest[pole] * (1 - wanted) for pole in now}


def openness(f: Facts, iso: str, r: Reading) -> float:
    """V-Dem electoral democracy, mean of the first two years (another release where the first has no value; the median of the
    neighbours where neither has)."""
    mid, low, high = (f.level(iso, f"polyarchy{end}") for end in ("", "_low", "_high"))
    if not np.isfinite(mid):
        mid = f.level(iso, "polyarchy_v16")
        low, high = mid - 0.05, mid + 0.05
    if not np.isfinite(mid):
        others = np.array([f.level(other, "polyarchy") for other in f.neighbours])
        others = others[np.isfinite(others)] if np.isfinite(others).any() else np.array([0.1, 0.3, 0.5])
        mid, low, high = float(np.median(others)), float(others.min()), float(others.max())
    low, high = (mid if not np.isfinite(end) else end for end in (low, high))
    return mid + (r.bound * (high - mid) if r.bound > 0 else -r.bound * (low - mid))


def hold(f: Facts, iso: str, r: Reading) -> float:
    """0.40 + 0.15 x tenure on 1 January (years, at most 2, halved; Archigos 4.1; one year where nobody is known) + 0.25 x (1 -
    openness) - 0.20 at civil war in the year or the one before (UCDP/PRIO 25.1) - 0.15 if a leader left irregularly in the two
    years before (Archigos)."""
    tenure = f.level(iso, "tenure", 1)
    tenure = 2 * r.missing if not np.isfinite(tenure) else min(tenure, 2.0)
    war = f.count(iso, "civil_war", -1, 0) > 0
    fell = f.count(iso, "leader_irregular", -2, -1) > 0
    return 0.40 + r.weight * (0.15 * tenure / 2 + 0.25 * (1 - openness(f, iso, r)) - 0.20 * war - 0.15 * fell)


def grievance(f: Facts, iso: str, r: Reading) -> float:
    """0.22 + 0.5 x fall of output around the start (Fariss et al. 2022; World Bank; the neighbours' median where unknown) + 0.3 x
    population share of excluded groups (EPR 2021) + 0.06 x ln(1 + irregular exits and coups of seven years (Archigos; Powell and
    Thyne), nonviolent campaigns, twice, and protests of two (NAVCO 1.3; Mass Mobilization)) + 3 x soldiers per head, at most
    0.08 (NMC)."""
    fall = f.fall(iso)
    if not np.isfinite(fall):
        fall = float(np.nanmedian([*(f.fall(other) for other in f.neighbours), 0.0]))
    excluded = _or_none(f.level(iso, "epr_excluded"))
    unrest = f.count(iso, "leader_irregular", -7, -1) + f.count(iso, "coups", -7, -1)
    unrest += 2 * f.count(iso, "campaigns_nonviolent", -1, 0) + f.count(iso, "mm_protests", -1, 0)
    years = range(f.first(iso), f.first(iso) + 3)
    army = _or_none(known(f.world.state(iso, "milper", years) / np.maximum(f.world.state(iso, "tpop", years), 1)))
    return 0.22 + r.weight * (0.5 * fall + 0.3 * excluded + 0.06 * float(np.log1p(unrest)) + min(3 * army, 0.08))


def dependence(f: Facts, iso: str, r: Reading) -> float:
    """0.25 x grid (association with the patron's economy, answered; else 1 if freed from it within 15 years (ICOW 1.1) or on its
    land border (COW Contiguity 3.2), else 0.5) + 0.5 x the patron's share of total trade (COW Trade 4.0) + 0.25 x mean of: in the
    pact; the patron's share of arms (answered; nobody knows: 0.5)."""
    money, total = f.trade(iso, r.shift), f.total(iso, r.shift)
    share = money[f.own] / total if np.isfinite(total) and total > 0 else 0.3
    left = f.world.freed(iso, f.patron, f.first(iso))
    grid = 1.0 if left and f.first(iso) - left[0] <= 15 else max(f.near(iso), 0.5)
    member, armed = f.answers.association.get(iso), f.answers.arms.get(iso)
    grid = max(grid if grid == 1.0 else 0.0, r.within(member)) if member else grid
    arms = r.within(armed) if armed else r.missing
    return 0.25 * grid * r.weight + 0.5 * min(share, 1) + 0.25 * (f.pact(iso) + arms) / 2


def frozen(f: Facts, iso: str, r: Reading) -> float:
    """An entity outside the centre's control: answered; else 0.20 with a war over territory within three years (UCDP/PRIO 25.1)
    and a self-excluding group (EPR 2021), 0.10 with one of them."""
    answered = f.answers.frozen.get(iso)
    if answered:
        return r.within(answered)
    war = f.count(iso, "territory_war", -2, 0) > 0
    apart = f.count(iso, "epr_self_excluding", 0, 0) > 0
    return (0.20 if war and apart else 0.10 if apart or war else 0.0) * 2 * r.missing


def deployment(f: Facts, iso: str, r: Reading) -> float:
    """ln(1 + troops / 1000) / ln(26), so 25,000 = 1. The patron's troops: answered; else those of the United States (troopdata,
    DMDC, first two years), or none; where the pact, or its rule within five years, makes a garrison likely, 1,000, from none to
    10,000."""
    return float(np.log1p(max(r.within(troops(f, iso)), 0.0) / 1000) / np.log1p(GARRISON / 1000))


def troops(f: Facts, iso: str) -> Estimate:
    """The patron's soldiers there, low, value and high, as `deployment` has them."""
    answered = f.answers.troops.get(iso)
    if answered:
        return answered
    if f.patron == "USA" and np.isfinite(abroad := f.level(iso, "us_troops")):
        return abroad, abroad, abroad
    left = f.world.freed(iso, f.patron, f.first(iso))
    return LIKELY if f.pact(iso) or (left is not None and f.first(iso) - left[0] <= 5) else (0.0, 0.0, 0.0)


def shelter(f: Facts, iso: str, r: Reading) -> float:
    """0.30 with a defence pact with the bloc (ATOP 5.1)."""
    return 0.30 * r.weight * f.other_pact(iso)


def integration(f: Facts, iso: str, r: Reading) -> float:
    """0.25 in the pact, or with a treaty of defence or consultation with the patron (ATOP 5.1) + 0.25 x association with its
    economy (answered; else organisations shared with it, over the most that any neighbour shares; COW IGO 3.0)."""
    bound = f.pact(iso) or f.world.allied(iso, f.patron, f.first(iso), DEFENCE | CONSULTATION)
    member = f.answers.association.get(iso)
    return r.weight * (0.25 * bound + 0.25 * (r.within(member) if member else f.shared_clubs(iso)))


def fear(f: Facts, iso: str, r: Reading) -> float:
    """0.05 + 0.15 on the patron's land border (COW Contiguity 3.2) + 0.20 if its force is remembered (answered; else used within
    45 years, COW MID 5.0, or its rule ended by violence within 60, ICOW 1.1) + 0.3 x (1 - share wanted) + 0.15 x the patron's
    kin / 0.30, at most 0.15 (EPR 2021, groups matched by name)."""
    facts = 0.15 * (f.near(iso) == 1) + 0.20 * f.past_force(iso)
    return 0.05 + r.weight * (facts + 0.3 * (1 - elite(f, iso, r)[f.own]) + 0.15 * min(f.kin(iso) / 0.30, 1))


def legitimacy(f: Facts, iso: str, r: Reading) -> float:
    """0.10 + 0.6 x share wanted + 0.4 x integration, at most 0.10, - 0.20 if the patron's force is remembered; at least 0.05."""
    past = 0.20 * f.past_force(iso)
    gains = 0.6 * elite(f, iso, r)[f.own] + 0.4 * min(integration(f, iso, r), 0.25)
    return max(0.10 + r.weight * (gains - past), 0.05)


def stake(f: Facts, iso: str, r: Reading) -> float:
    """0.20 + 0.20 x root of capabilities over the neighbours' largest (NMC) + 0.15 x root of trade with the patron over the
    largest (COW Trade 4.0) + 0.15 x the patron's kin / 0.35 (EPR 2021) + 0.20 on its land border, half within 2,500 km + 0.12 on
    a rival's land border (COW Contiguity 3.2)."""
    money = {other: f.trade(other, r.shift)[f.own] for other in f.neighbours}
    worth = 0.20 * np.sqrt(f.size(iso)) + 0.15 * np.sqrt(money[iso] / max(*money.values(), 1e-9))
    edge = any(f.borders(iso, m) for m in f.rivals)
    return float(0.20 + r.weight * (worth + 0.15 * min(f.kin(iso) / 0.35, 1) + 0.20 * f.near(iso) + 0.12 * edge))


def cleavage(f: Facts, iso: str, r: Reading) -> float:
    """0.05 + 0.25 x self-excluding groups + 0.10 if a group has regional autonomy + 0.45 x excluded groups + kin x 0.7 (0.35
    where the patron is not next door) (EPR 2021) + 0.10 x fractionalisation (HIEF 2.0); at most 0.9."""
    apart, alone, excluded, many = (
        _or_none(f.level(iso, column)) for column in ("epr_self_excluding", "epr_autonomy", "epr_excluded", "hief")
    )
    kin = f.kin(iso) * (0.7 if f.near(iso) == 1 else 0.35)
    return min(0.05 + r.weight * (0.25 * round(apart) + 0.10 * alone + kin + 0.45 * excluded + 0.10 * many), 0.9)


def accession(f: Facts, iso: str, r: Reading) -> float:
    """0.05 + 0.40 x exp(-km to the bloc's nearest capital / 2000) + 0.20 x openness x exp(-km / 4000) if the bloc is democratic +
    0.20 with a defence pact with it (ATOP 5.1; Natural Earth; V-Dem)."""
    far = [f.world.pair(iso, m, "capital_km", f.first(iso)) for m in f.bloc]
    km = min([d for d in far if np.isfinite(d)], default=1e6)
    free = known(f.world.state(f.bloc[0], "polyarchy", [f.answers.order.from_])) > 0.5
    near = 0.40 * np.exp(-km / 2000) + 0.20 * free * openness(f, iso, r) * np.exp(-km / 4000)
    return min(float(0.05 + r.weight * (near + 0.20 * f.other_pact(iso))), 0.95)


SHARED: Mapping[str, Callable[[Facts, str, Reading], Shares]] = {each.__name__: each for each in (orientation, elite)}
"""Figures that are shares over poles."""

SINGLE: Mapping[str, Callable[[Facts, str, Reading], float]] = {
    each.__name__: each
    for each in (openness, hold, grievance, dependence, frozen, deployment, shelter, integration, fear, legitimacy, stake,
                 cleavage, accession)
}  # fmt: skip
"""Figures that are one number."""


def said(figure: Callable[..., object]) -> str:
    """A formula's source line."""
    return " ".join((figure.__doc__ or "").split())


def _shares(values: Mapping[str, float]) -> Shares:
    """Values as shares of their sum; all alike where it is 0."""
    total = sum(values.values())
    return {name: value / total if total > 0 else 1 / len(values) for name, value in values.items()}


def _or_none(value: float) -> float:
    """What nobody knows counts for nothing."""
    return value if np.isfinite(value) else 0.0

"""What the two orders of the Cold War share: the public data of 1945-91, read once, and the formulas that are the same in both.

Weights are those of figures_formulas.py where the data allow it. What the data of the 1950s do not hold (protests, output of
planned economies, leaders' days in office) has a stand-in, named in the docstring of the figure that uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

START = 1953
TIES = {"trade": 0.50, "votes": 0.25, "institutions": 0.25}
LINE = {"pro_patron": 0.75, "balanced": 0.55, "pro_rival": 0.35}  # share the incumbents want with the patron
VOTE_TEMPERATURE = 0.10  # an agreement 0.1 higher multiplies a pole's share by e
ELASTICITY = 0.6  # growth of output per growth of energy use
BREAKS = (1968, 1970)  # years in which the energy series changes its definition: half the region jumps
DISPUTES = range(1945, 1963)


@dataclass(frozen=True, eq=False)
class Evidence:
    """The public data and the coded crises of one order.

    sphere    its neighbours
    patron    code of the patron in the data (RUS is the Soviet Union before 1992)
    late      first year of states that came to be after `START`
    trading   years of the first reliable trade, counted from a state's first year
    """

    order: str
    patron: str
    sphere: tuple[str, ...]
    late: Mapping[str, int]
    trading: tuple[int, ...]
    states: pd.DataFrame
    dyads: pd.DataFrame  # both directions of every pair
    votes: pd.DataFrame  # roll calls by state, with the year as index
    arms: pd.DataFrame
    crises: pd.DataFrame
    members: pd.DataFrame

    @classmethod
    def read(
        cls, public: Path, history: Path, order: str, patron: str, sphere: Iterable[str], *,
        late: Mapping[str, int], trading: Sequence[int],
    ) -> Evidence:  # fmt: skip
        pairs = pd.read_parquet(public / "dyads_1945_1991.parquet")
        turned = pairs.rename(columns={"iso3_1": "iso3_2", "iso3_2": "iso3_1"})
        cast = pd.read_parquet(public / "un_votes.parquet", columns=["rcid", "year", "iso3", "vote"])
        cast = cast[cast.year.between(1953, 1980)].astype({"iso3": str})
        coded = pd.read_csv(history / "orders.csv")
        return cls(
            order=order,
            patron=patron,
            sphere=tuple(sphere),
            late=late,
            trading=tuple(trading),
            states=pd.read_parquet(public / "states_1945_1991.parquet"),
            dyads=pd.concat([pairs, turned], ignore_index=True),
            votes=cast.pivot(index=["year", "rcid"], columns="iso3", values="vote").astype(float),
            arms=pd.read_csv(public / "sipri_arms_tiv.csv"),
            crises=coded[coded.order == order],
            members=pd.read_csv(public / "memberships_handcompiled.csv"),
        )

    def first(self, iso: str) -> int:
        """The year whose figures describe its start."""
        return self.late.get(iso, START)

    def state(self, iso: str, column: str, years: Iterable[int]) -> pd.Series:
        rows = self.states[(self.states.iso3 == iso) & self.states.year.isin(list(years))]
        return rows.set_index("year")[column].astype(float).sort_index()

    def pair(self, one: str, other: str, years: Iterable[int]) -> pd.DataFrame:
        rows = self.dyads[(self.dyads.iso3_1 == one) & (self.dyads.iso3_2 == other)]
        return rows[rows.year.isin(list(years))]

    def trade_years(self, iso: str) -> list[int]:
        return [self.first(iso) + after for after in self.trading]

    def vote_years(self, iso: str) -> list[int]:
        return list(range(self.first(iso), self.first(iso) + 5))


# ---- Ingredients ----
def _mean(values: pd.Series) -> float:
    """Mean over the years that have a value; 0 where none has."""
    known = values.dropna().astype(float)
    return float(known.mean()) if len(known) else 0.0


@cache
def with_patron(ev: Evidence, iso: str) -> float:
    """Mean yearly trade with the patron, million USD."""
    return _mean(ev.pair(iso, ev.patron, ev.trade_years(iso)).trade_total_musd)


@cache
def total_trade(ev: Evidence, iso: str) -> pd.Series:
    """Total trade by year: the larger of the national total and the sum of its dyads."""
    years = ev.trade_years(iso)
    national = ev.state(iso, "imports_musd", years) + ev.state(iso, "exports_musd", years)
    return national.combine(ev.state(iso, "dyadic_trade_sum_musd", years), np.fmax)


@cache
def with_others(ev: Evidence, iso: str, *less: str) -> float:
    """Mean yearly trade, less that reported with the patron, with the sphere and with `less`."""
    total = total_trade(ev, iso)
    near = [other for other in (*ev.sphere, ev.patron, *less) if other != iso]
    inside = ev.dyads[(ev.dyads.iso3_1 == iso) & ev.dyads.iso3_2.isin(near) & ev.dyads.year.isin(total.index)]
    known = inside.groupby("year").trade_total_musd.sum().reindex(total.index).fillna(0.0).astype(float)
    return _mean((total - known).clip(lower=0))


@cache
def agreement(ev: Evidence, iso: str, others: tuple[str, ...], during: str = "") -> float:
    """Share of identical votes with each of `others` in its first five years, or another state's; mean over `others`."""
    rows = ev.votes.loc[ev.vote_years(during or iso)]
    if iso not in rows or rows[iso].notna().sum() == 0:
        return float("nan")
    both = [(rows[iso], rows[other].where(rows[iso].notna())) for other in others]
    return float(np.mean([(mine == its)[its.notna()].mean() for mine, its in both]))


def beyond_the_mean(ev: Evidence, iso: str, friends: tuple[str, ...], foes: tuple[str, ...]) -> float:
    """How much more than the region's mean state it votes with `friends` rather than `foes`, in the same years. A state without
    a seat is taken to be the region's mean."""

    def contrast(state: str) -> float:
        against = agreement(ev, state, foes, iso) if foes else 0.0
        return agreement(ev, state, friends, iso) - against

    own = contrast(iso)
    return 0.0 if np.isnan(own) else own - float(np.nanmean([contrast(state) for state in ev.sphere]))


def line(ev: Evidence, iso: str, judged: Mapping[str, str], within: int) -> str:
    """The incumbents' line: judged where a fact of the first years says it, else that before the state's first coded crisis if it
    began in the first `within` years, else pro_patron."""
    own = ev.crises[(ev.crises.state == iso) & (ev.crises.start.str[:4].astype(int) < START + within)]
    if iso in judged or own.empty:
        return judged.get(iso, "pro_patron")
    return str(own.sort_values("start").incumbent_before.iloc[0])


def allied(ev: Evidence, iso: str, year: int) -> bool:
    """A defence obligation with the patron in a year (ATOP)."""
    return bool((ev.pair(iso, ev.patron, [year]).atop_defense.astype(float) > 0).any())


def armed(ev: Evidence, iso: str) -> bool:
    """The patron delivered major arms in 1950-56 (SIPRI)."""
    rows = ev.arms[(ev.arms.recipient_iso3 == iso) & (ev.arms.supplier_iso3 == ev.patron)]
    return bool(rows.year.between(1950, 1956).any())


def patron_in_trade(ev: Evidence, iso: str) -> float:
    """The patron's share of total trade."""
    return with_patron(ev, iso) / float(total_trade(ev, iso).mean())


def borders_patron(ev: Evidence, iso: str) -> bool:
    return bool((ev.pair(iso, ev.patron, [1955]).contiguity.astype(float) == 1).any())


def size(ev: Evidence, iso: str) -> float:
    """Its capabilities as a share of the region's largest."""
    cinc = {
        state: float(ev.state(state, "cinc", range(ev.first(state), ev.first(state) + 3)).mean()) for state in ev.sphere
    }
    return cinc[iso] / max(cinc.values())


# ---- Figures that both orders compute alike ----
def hold(ev: Evidence, iso: str, openness: float) -> float:
    """The formula of `hold`, which each order's module documents."""
    before = range(ev.first(iso) - 2, ev.first(iso))
    left = float(ev.state(iso, "leader_exits", before).sum())
    war = float(ev.state(iso, "ucdp_intrastate", before).sum()) > 0
    irregular = float(ev.state(iso, "leader_irregular_exits", before).sum()) > 0
    settled = {0.0: 1.0, 1.0: 0.5}.get(left, 0.0)
    return 0.40 + 0.15 * settled + 0.25 * (1 - openness) - 0.20 * war - 0.15 * irregular


def discontent(ev: Evidence, iso: str) -> float:
    """The parts of `grievance` that both orders share."""
    year = ev.first(iso)
    excluded = ev.state(iso, "epr_excluded_share", [year, year + 1]).fillna(0.0)
    soldiers = (
        ev.state(iso, "milper", range(year, year + 3)).mean() / ev.state(iso, "tpop", range(year, year + 3)).mean()
    )
    fallen = ev.state(iso, "leader_irregular_exits", range(1946, 1953)).sum()
    share = float(excluded.iloc[0]) if len(excluded) else 0.0
    return float(0.25 + 0.3 * share + min(4 * soldiers, 0.10) + 0.06 * np.log1p(fallen))


def cleavage(ev: Evidence, iso: str) -> float:
    """0.05 + 0.5 x population share of excluded groups (EPR 2021, 1953; none recorded: 0) + 0.2 x ethnic
    fractionalisation (HIEF 2.0; none recorded: 0). The record's separatism_support includes exile armies and
    sponsored revolts, for which this ground is only a stand-in."""
    years = [ev.first(iso), ev.first(iso) + 1]
    parts = (0.5, "epr_excluded_share"), (0.2, "hief_efindex")
    return 0.05 + sum(weight * _mean(ev.state(iso, column, years)) for weight, column in parts)


def proximity(ev: Evidence) -> dict[str, dict[str, float]]:
    """0.5 x exp(-distance of territories / 500 km) + 0.5 x exp(-distance of capitals / 1500 km) (CShapes
    2.0, 1955; Grenada 1975); pairs below 0.05 are left out."""
    pairs: dict[str, dict[str, float]] = {}
    for one in sorted(ev.sphere):
        for other in (s for s in sorted(ev.sphere) if s > one):
            year = max(ev.first(one), ev.first(other), 1955)
            near = ev.pair(one, other, [year]).iloc[0]
            value = 0.5 * np.exp(-near.min_dist_km / 500) + 0.5 * np.exp(-near.capital_dist_km / 1500)
            if value >= 0.05:
                pairs.setdefault(one, {})[other] = round(float(value), 2)
    return pairs


def feuds(ev: Evidence, patron: str) -> dict[str, dict[str, float]]:
    """The formula of `rivalry`; `patron` is the patron's code in the scenario."""
    pairs: dict[str, dict[str, float]] = {}
    parties = sorted([*ev.sphere, ev.patron])
    for one in parties:
        for other in (s for s in parties if s > one):
            years = ev.pair(one, other, DISPUTES)
            begun = years[years.mid_onset.astype(float) > 0]
            weight = begun.mid_hostlev_max.astype(int).map({5: 0.10, 4: 0.10, 3: 0.05}).fillna(0)
            value = min(float((weight * begun.mid_onset.astype(float)).sum()), 0.5)
            value *= 0.5 if ev.patron in (one, other) else 1.0
            if value > 0:
                names = [patron if state == ev.patron else state for state in (one, other)]
                pairs.setdefault(names[0], {})[names[1]] = round(value + 1e-9, 2)
    return pairs


def means(ev: Evidence, last: int) -> dict[str, float]:
    """The formula of `capacity`."""
    years = list(range(START, last + 1))
    series = {column: ev.state(ev.patron, column, years) for column in ("pec", "cinc")}
    logs = sum(0.5 * np.log(values / values[START]) for values in series.values())
    return {str(int(year)): round(float(np.exp(value)), 2) for year, value in logs.items()}


def energy_growth(ev: Evidence, last: int) -> dict[str, float]:
    """The formula of `growth`."""
    rows = ev.states[ev.states.iso3.isin(ev.sphere)]
    used = rows.pivot(index="year", columns="iso3", values="pec").astype(float)
    median = used.pct_change(fill_method=None).replace([np.inf, -np.inf], np.nan).median(axis=1)
    for year in BREAKS:
        median[year] = median.loc[[y for y in range(year - 5, year) if y not in BREAKS]].mean()
    return {str(year): round(ELASTICITY * float(median[year]), 3) for year in range(START, last + 1)}

"""What is given of the order as a whole: the patron's capacity, growth, the pact's spells, rivals' attention, doctrine."""

from __future__ import annotations

import numpy as np

from hegemon.building.answers import Estimate
from hegemon.building.facts import TREATY_LAST, Facts
from hegemon.world_pack.world import known

OUTPUT = ("gdp_est", "gdp_const2015")
LAST_CAPACITY = 2022
USUAL_GROWTH = 0.03
"""Where nobody knows."""


def capacity(f: Facts) -> dict[int, float]:
    """The patron against the first year, geometric mean of output (Fariss et al. 2022, carried on with the World Bank's growth;
    constant prices) and its share of the world's capabilities (NMC), of those that are on record."""
    years = list(range(f.answers.order.from_, min(f.answers.order.until, LAST_CAPACITY) + 1))
    series = []
    output = f.world.state(f.patron, OUTPUT[0], years)
    later = f.world.state(f.patron, OUTPUT[1], years)
    output = output if np.isfinite(output[0]) else later
    for i in range(1, len(years)):
        if not np.isfinite(output[i]):
            rate = later[i] / later[i - 1]
            output[i] = output[i - 1] * (rate if np.isfinite(rate) else 1.0)
    for each in (output, f.world.state(f.patron, "cinc", years)):
        if np.isfinite(each[0]) and each[0] > 0:
            series.append(np.log(_carried(each) / each[0]))
    path = np.exp(np.mean(series, axis=0)) if series else np.ones(len(years))
    return {year: round(float(np.clip(value, 0.1, 5.0)), 2) for year, value in zip(years, path, strict=True)}


def _carried(values: np.ndarray) -> np.ndarray:
    """What is missing is as it was the year before."""
    out = values.copy()
    for i in range(1, len(out)):
        if not np.isfinite(out[i]):
            out[i] = out[i - 1]
    return out


def growth(f: Facts) -> dict[int, float]:
    """Median over the neighbours of the yearly change of output (Fariss et al. 2022; World Bank, constant prices); a year nobody
    knows is as the one before."""
    found: dict[int, float] = {}
    before = USUAL_GROWTH
    for year in range(f.answers.order.from_, f.answers.order.until + 1):
        rates = []
        for iso in f.neighbours:
            for column in OUTPUT:
                was, now = f.world.state(iso, column, [year - 1, year])
                if year - 1 >= f.world.first(iso) and np.isfinite(now / was):
                    rates.append(now / was - 1)
                    break
        before = round(float(np.clip(np.median(rates), -1.0, 1.0)), 3) if rates else before
        found[year] = before
    return found


def spells(f: Facts) -> list[dict[str, str]]:
    """Members of the pact: answered; else years with a defence obligation with the patron (ATOP 5.1, to 2018)."""
    order, asked = f.answers.order, f.answers.pact
    found: list[dict[str, str]] = []
    if asked.none:
        return found
    if asked.member is not None:
        for iso in f.neighbours:
            for spell in asked.member.get(iso, ()):
                found.append({"state": iso, "from": spell.from_} | ({"to": spell.to} if spell.to else {}))
        return found
    last = min(order.until, TREATY_LAST)
    for iso in f.neighbours:
        on = [y for y in range(f.first(iso), last + 1) if f.world.allied(iso, f.patron, y)]
        while on:
            run = [year for i, year in enumerate(on) if year == on[0] + i]
            ended = {} if run[-1] == last else {"to": f"{run[-1] + 1}Q1"}
            found.append({"state": iso, "from": f"{run[0]}Q1"} | ended)
            on = on[len(run) :]
    return found


def patron_share(f: Facts) -> float:
    """The patron's part of the forces in a collective deployment: answered; else its part of the soldiers of the pact's members
    at the start (NMC), between 0.5 and 0.95."""
    if f.answers.pact.patron_share is not None:
        return f.answers.pact.patron_share
    own = known(f.world.state(f.patron, "milper", [f.answers.order.from_]))
    states = {spell["state"] for spell in spells(f)}
    rest = float(np.nansum([f.world.state(iso, "milper", [f.first(iso) + 1])[0] for iso in states] or [0.0]))
    return 0.75 if not np.isfinite(own) or own + rest <= 0 else round(float(np.clip(own / (own + rest), 0.5, 0.95)), 2)


def attention(f: Facts) -> dict[str, Estimate]:
    """How much a rival pole cares about the region: answered; else 0.05 + 0.5 x its part of the neighbours' trade + 0.3 x part
    of the neighbours bound to it by a defence pact (ATOP 5.1) + 0.1 for the bloc, at most 0.6; interval - 0.15 to + 0.20. To be
    judged."""
    found = {}
    for pole in f.answers.rivals:
        if pole in f.answers.attention:
            found[pole] = f.answers.attention[pole]
            continue
        money = [f.trade(iso, 0) for iso in f.neighbours]
        share = float(np.mean([each[pole] / (sum(each.values()) or 1.0) for each in money]))
        bound = float(
            np.mean([any(f.world.allied(iso, m, f.first(iso)) for m in f.members(pole)) for iso in f.neighbours])
        )
        mid = min(0.05 + 0.5 * share + 0.3 * bound + 0.1 * (pole == f.answers.order.bloc), 0.6)
        found[pole] = (max(mid - 0.15, 0.02), mid, min(mid + 0.20, 0.8))
    return found


def doctrine(f: Facts) -> dict[str, Estimate]:
    """What the order says it protects (idea), and whether others' internal security is its business (start): answered; else idea
    0.10, 0.50 or 0.80 by the patron's own democracy (V-Dem: up to 0.55, to 0.8, above), interval 0.20 either way, and start 0.20,
    interval 0.15. To be judged."""
    free = known(f.world.state(f.patron, "polyarchy", [f.answers.order.from_]))
    idea = 0.80 if free > 0.8 else 0.50 if free > 0.55 else 0.10
    usual = {"idea": (idea, 0.20), "start": (0.20, 0.15)}
    found = {}
    for name, (mid, wide) in usual.items():
        answered = getattr(f.answers.doctrine, name)
        found[name] = answered or (max(mid - wide, 0.0), mid, min(mid + wide, 1.0))
    return found

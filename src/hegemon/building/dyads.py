"""What is given of pairs: how near they are, and how hostile."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from hegemon.building.facts import Facts

NEAREST, MILDEST = 0.05, 0.01
"""Pairs below are left out."""

HOSTILE = {5: 0.30, 4: 0.10, 3: 0.05}
"""What a dispute counts by its hostility: a war, use of force, a display of it."""

BEFORE = 20
"""Years of which disputes count."""


def proximity(f: Facts, one: str, two: str) -> float:
    """0.5 x exp(-km between territories / 500) + 0.5 x exp(-km between capitals / 1500) (Natural Earth 1:50m); below 0.05 left
    out."""
    year = max(f.first(one), f.first(two))
    parts = ((f.world.pair(one, two, "border_km", year), 500), (f.world.pair(one, two, "capital_km", year), 1500))
    return float(sum(0.5 * np.exp(-km / scale) for km, scale in parts if np.isfinite(km)))


def rivalry(f: Facts, one: str, two: str) -> float:
    """Base rate of 1,124 land borders 1955-93 over the 20 years after: 0.05 on a land border (0.08 where one of the two is new,
    within 5 years) + 0.36 x disputes of the 20 years before (0.30 a war, 0.10 use of force, 0.05 display, at most 0.5; COW MID
    5.0) + 0.12 where coded a strategic rivalry at the start (Thompson, Sakuwa, Suhas 2021). With the patron half of it. No
    hindsight."""
    start = f.answers.order.from_
    year = max([start, *(f.first(state) for state in (one, two) if state != f.patron)])
    past = min(sum(HOSTILE.get(top, 0.0) for _, top in f.world.fights(one, two, year - BEFORE, year)), 0.5)
    new = max(f.world.first(one), f.world.first(two)) > year - 5
    coded = bool(np.isfinite(f.world.pair(one, two, "rivalry", year)))
    value = 0.36 * past + 0.12 * coded + f.borders(one, two) * (0.05 + 0.03 * new)
    return 0.5 * value if f.patron in (one, two) else value


Dyads = dict[str, dict[str, float]]


def pairs(f: Facts) -> dict[str, Dyads]:
    """Both tables, each pair once, in the order of codes."""
    formulas: Mapping[str, tuple[Callable[[Facts, str, str], float], float, list[str]]] = {
        "proximity": (proximity, NEAREST, []),
        "rivalry": (rivalry, MILDEST, [f.patron]),
    }
    found: dict[str, Dyads] = {}
    for name, (figure, floor, extra) in formulas.items():
        table: Dyads = {}
        states = sorted([*f.neighbours, *extra])
        for i, one in enumerate(states):
            for two in states[i + 1 :]:
                value = round(min(figure(f, one, two), 1.0), 2)
                if value >= floor:
                    table.setdefault(one, {})[two] = value
        found[name] = table
    return found

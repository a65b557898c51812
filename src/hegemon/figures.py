"""A scenario's figures within their intervals: histories differ in what nobody knows of the start, beside luck and parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.engine.sets import Figures
from hegemon.errors import Missing

if TYPE_CHECKING:
    from hegemon.order import Order
    from hegemon.scenarios.schema import Scenario

Numbers = npt.NDArray[np.float64]
Span = tuple[float, float]

SETS = 251
"""Draws of all figures. History r has draw r modulo 251, and draw r modulo 256 of the parameters: the two have no factor in
common, so that they cross evenly, and what each contributes to a spread can be told apart."""

LUCK = 11
"""Seed of the draws; luck of histories is another."""

Z = 1.645
"""Half of a normal distribution's middle 90 %, in standard deviations: intervals are that."""

WORLD = ("openness", "hold", "grievance", "dependence", "frozen", "deployment", "shelter", "integration", "fear", "legitimacy")
SETTING = ("stake", "cleavage", "accession")
REMEDY = "Give it [intervals]; hegemon new writes them for an order that it builds."
HIGHEST = {"deployment": 2.0}


def drawn(order: Order, count: int = SETS) -> Figures:
    """Draws of an order's figures, each around its value with half a normal distribution to either side, 5 % beyond each end of
    its interval, and not beyond what it can be. Figures err independently; shares are brought to the sum of one.

    Raises `Missing` where the scenario has no [intervals].
    """
    scenario = order.scenario
    if scenario.intervals is None:
        raise Missing(f"{scenario.name} does not say how far its figures are known", REMEDY)
    dice = np.random.default_rng(LUCK)
    states = list(scenario.states)
    world: dict[str, npt.NDArray[np.float32]] = {}
    setting: dict[str, npt.NDArray[np.float32]] = {}
    for name in (*WORLD, *SETTING):
        rows = [_around(getattr(scenario.states[iso], name), span, dice, count, HIGHEST.get(name, 1.0))
                for iso, span in _spans(scenario, name)]  # fmt: skip
        (world if name in WORLD else setting)[name] = np.stack(rows, -1).astype(np.float32)
    setting["unhappiness"] = world["grievance"]
    for name in ("orientation", "elite"):
        world[name] = _shares(scenario, name, states, dice, count)
    poles = scenario.poles
    spans = scenario.intervals.attention
    cares = [_around(pole.attention, spans.get(pole.id), dice, count) for pole in poles]
    world["attention"] = setting["interest"] = np.stack(cares, -1)[..., None].astype(np.float32)
    doctrine, known = scenario.doctrine, scenario.intervals.doctrine
    setting["idea"] = _around(doctrine.idea, known.get("idea"), dice, count)[:, None].astype(np.float32)
    world["doctrine"] = _around(doctrine.start, known.get("start"), dice, count)[:, None].astype(np.float32)
    setting["creed"] = world["doctrine"]
    return Figures(world, setting)


def _spans(scenario: Scenario, name: str) -> Iterator[tuple[str, Any]]:
    """Each state's interval of a figure."""
    assert scenario.intervals is not None
    for iso in scenario.states:
        own = scenario.intervals.states.get(iso)
        yield iso, getattr(own, name) if own is not None else None


def _around(value: float, span: Span | None, dice: np.random.Generator, count: int, most: float = 1.0) -> Numbers:
    """Draws around a value. Luck is drawn for one without an interval too, so that others' does not hang on it."""
    z = dice.standard_normal(count)
    low, high = span or (value, value)
    return np.clip(value + np.where(z < 0, value - low, high - value) * z / Z, 0.0, most)


def _shares(scenario: Scenario, name: str, states: list[str], dice: np.random.Generator, count: int) -> npt.NDArray[np.float32]:
    """Draws of shares, [S, P, N]."""
    columns = []
    for iso, spans in _spans(scenario, name):
        shares = getattr(scenario.states[iso], name)
        rows = [_around(shares[pole.id], (spans or {}).get(pole.id), dice, count) for pole in scenario.poles]
        table = np.maximum(np.stack(rows, -1), 1e-6)
        columns.append(table / table.sum(-1, keepdims=True))
    return np.stack(columns, -1).astype(np.float32)

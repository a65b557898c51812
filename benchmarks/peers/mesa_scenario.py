"""What the Mesa model reads: the scenario file, and hegemon's parameters and instruments as plain floats."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import numpy as np

import hegemon
from hegemon.law import Parameters


def numbers(block: Any) -> SimpleNamespace:
    """A parameter block as plain floats."""
    return SimpleNamespace(**{f.name: float(getattr(block, f.name)) for f in dataclasses.fields(block)})


def parameters(found: Parameters) -> tuple[SimpleNamespace, list[SimpleNamespace]]:
    """Mechanisms' blocks and instruments' effects."""
    return SimpleNamespace(**{m: numbers(p) for m, p in found.blocks.items()}), [numbers(e) for e in found.effects]


def quarter_index(quarter: str) -> int:
    return 4 * int(quarter[:4]) + int(quarter[5]) - 1


class Scenario:
    """The scenario file, with what it prescribes by quarter."""

    def __init__(self, name: str = "post-soviet", chosen: Parameters | None = None) -> None:
        """`chosen` parameters; None: those the scenario is calibrated to."""
        given = tomllib.loads((files("hegemon") / "scenarios" / f"{name}.toml").read_text())
        self.states: dict[str, dict[str, Any]] = given["states"]
        self.iso3 = list(self.states)
        self.poles = [pole["id"] for pole in given["poles"]]
        self.attention = [float(pole["attention"]) for pole in given["poles"]]
        self.bloc = next(p for p, pole in enumerate(given["poles"]) if pole.get("bloc"))
        self.third = next(p for p in range(1, len(self.poles)) if p != self.bloc)
        self.doctrine, self.idea = float(given["doctrine"]["start"]), float(given["doctrine"]["idea"])
        self.partner_share = 1.0 - float(given["pact"]["patron_share"])
        first, last = quarter_index(given["start"]), quarter_index(given["end"])
        self.quarters = list(range(first, last + 1))
        self.means, self.growth = (self._along(given[name]["path"]) for name in ("capacity", "growth"))
        self.p, self.effects = parameters(chosen or hegemon.load(name).parameters)
        self.youth = [math.exp(-q / 4.0 / self.p.separatism.youth) for q in range(len(self.quarters))]
        self.founding = [q <= quarter_index(given["pact"]["founding_until"]) for q in self.quarters]
        self.scheduled: dict[str, list[bool]] = {iso: [False] * len(self.quarters) for iso in self.iso3}
        for spell in given["pact"]["membership"]:
            until = quarter_index(spell["to"]) if "to" in spell else last + 1
            for at, q in enumerate(self.quarters):
                self.scheduled[spell["state"]][at] |= quarter_index(spell["from"]) <= q < until
        self.proximity, _ = self._pairs(given["proximity"], "")
        self.rivalry, self.feud = self._pairs(given["rivalry"], given["patron"]["iso3"])

    def _along(self, path: dict[str, float]) -> list[float]:
        years = sorted(path, key=int)
        middles = [int(year) + 0.375 for year in years]
        return [float(np.interp(q / 4.0, middles, [path[year] for year in years])) for q in self.quarters]

    def _pairs(self, given: dict[str, dict[str, float]], patron: str) -> tuple[np.ndarray, dict[str, float]]:
        matrix = np.zeros((len(self.iso3), len(self.iso3)))
        with_patron = dict.fromkeys(self.iso3, 0.0)
        for one, others in given.items():
            for two, value in others.items():
                if patron in (one, two):
                    with_patron[two if one == patron else one] = value
                else:
                    i, j = self.iso3.index(one), self.iso3.index(two)
                    matrix[i, j] = matrix[j, i] = value
        return matrix, with_patron

"""What every order's figures share: how they are collected, printed as TOML and compared with a scenario file.

An order's formulas are a module: `STATES`, `FIGURES`, and the functions named in `tables`. A docstring is the figure's entry
under [sources], so the formula is said once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

EXACT = ("states", "proximity", "rivalry", "capacity", "growth")  # hold nothing that is not computed here


def shares(values: pd.Series) -> dict[str, float]:
    """Hundredths that sum to one: round down, then give what is left to the largest remainders."""
    cents = values.clip(lower=0) / values.clip(lower=0).sum() * 100
    whole = np.floor(cents)
    order = (cents - whole).sort_values(ascending=False, kind="stable").index
    whole[order[: round(100 - whole.sum())]] += 1
    return {str(pole): round(float(value) / 100, 2) for pole, value in whole.items()}


def quarter(day: str) -> str:
    """The quarter of a day, YYYY-MM or YYYY-MM-DD."""
    return f"{day[:4]}Q{(int(day[5:7]) + 2) // 3}"


def tables(formulas: ModuleType, ev: Any) -> dict[str, Any]:
    """Everything an order's formulas answer for, in the shape of the scenario file."""

    def own(figure: Callable[[Any, str], Any], iso: str) -> Any:
        value = figure(ev, iso)
        numbers = list(value.values()) if isinstance(value, dict) else [value]
        if not all(isfinite(number) for number in numbers):
            raise ValueError(f"{figure.__name__} of {iso}: the data give no number; say what stands in for it")
        if max(numbers) > 1 and figure.__name__ != "deployment":
            raise ValueError(f"{figure.__name__} of {iso}: {max(numbers):.2f} is above 1; change the formula")
        return value if isinstance(value, dict) else round(float(value) + 1e-9, 2)

    def said(figure: Callable[..., Any]) -> str:
        return " ".join((figure.__doc__ or "").split())

    states = {}
    for iso, (name, cow) in formulas.STATES.items():
        states[iso] = {"name": name, "cow": cow} | {figure.__name__: own(figure, iso) for figure in formulas.FIGURES}
    others = (formulas.proximity, formulas.rivalry, formulas.patron_share)
    return {
        "capacity": {"source": said(formulas.capacity), "path": formulas.capacity(ev)},
        "growth": {"source": said(formulas.growth), "path": formulas.growth(ev)},
        "pact": {
            "source": said(formulas.membership),
            "patron_share": formulas.patron_share(ev),
            "membership": formulas.membership(ev),
        },
        "sources": {figure.__name__: said(figure) for figure in (*formulas.FIGURES, *others)},
        "states": states,
        "proximity": formulas.proximity(ev),
        "rivalry": formulas.rivalry(ev),
    }


def toml(value: Any) -> str:
    """A value as it stands after the equals sign."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    return '"' + value.replace('"', "'") + '"' if isinstance(value, str) else str(value)


def fragments(found: dict[str, Any]) -> str:
    """The tables as TOML, one figure a line."""
    lines: list[str] = []
    for table in ("capacity", "growth"):
        lines += ["", f"[{table}]", *(f"{key} = {toml(found[table][key])}" for key in ("source", "path"))]
    lines += ["", "[pact]", f"source = {toml(found['pact']['source'])}"]
    lines += [f"patron_share = {found['pact']['patron_share']}"]
    for spell in found["pact"]["membership"]:
        lines += ["[[pact.membership]]", *(f"{key:<5} = {toml(item)}" for key, item in spell.items())]
    lines += ["", "[sources]", *(f"{name} = {toml(text)}" for name, text in found["sources"].items())]
    for iso, figures in found["states"].items():
        lines += ["", f"[states.{iso}]", *(f"{name:<11} = {toml(value)}" for name, value in figures.items())]
    for table in ("proximity", "rivalry"):
        for iso, row in found[table].items():
            lines += ["", f"[{table}.{iso}]", *(f"{other} = {value}" for other, value in row.items())]
    return "\n".join(lines[1:])


def differences(written: Any, found: Any, where: str = "") -> list[str]:
    """Where the file and the computation part; numbers to 2 digits (growth, a rate, to 3)."""
    if isinstance(found, dict) and isinstance(written, dict):
        keys = [*found, *(key for key in written if key not in found and where.split(".")[0] in EXACT)]
        pairs = ((written.get(key), found.get(key), f"{where}.{key}".lstrip(".")) for key in keys)
        return [difference for pair in pairs for difference in differences(*pair)]
    numbers = isinstance(found, int | float) and isinstance(written, int | float)
    near = 0.00051 if where.startswith("growth") else 0.0051
    same = abs(found - written) < near if numbers else found == written
    return [] if same else [f"{where}: the file says {written!r}, the data give {found!r}"]


def answer(found: dict[str, Any], check: Path | None) -> int:
    """Print the tables, or where a scenario file differs from them; the exit code."""
    if check is None:
        print(fragments(found))
        return 0
    wrong = differences(tomllib.loads(check.read_text(encoding="utf-8")), found)
    print("\n".join(wrong) or f"{check.name}: every figure is what the data give")
    return 1 if wrong else 0

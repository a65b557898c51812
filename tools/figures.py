"""Every state-level figure of the post-Soviet scenario, computed from public data and coded history.

    python tools/figures.py --public DIR --history DIR                     # print the TOML tables
    python tools/figures.py --public DIR --history DIR --check FILE        # does FILE say what we compute?

The formulas and their weights are in figures_formulas.py, the data and a few coded facts in
figures_evidence.py: disagree with one, change it, rerun. docs/data.md says what each figure is and how weak.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

from figures_evidence import STATES, Evidence
from figures_formulas import FIGURES, capacity, growth, membership, patron_share, proximity, rivalry

EXACT = ("states", "proximity", "rivalry", "capacity", "growth")  # hold nothing that is not computed here


def tables(ev: Evidence) -> dict[str, Any]:
    """Everything this script answers for, in the shape of the scenario file."""

    def own(figure: Callable[[Evidence, str], Any], iso: str) -> Any:
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
    for iso, (name, cow) in STATES.items():
        states[iso] = {"name": name, "cow": cow} | {figure.__name__: own(figure, iso) for figure in FIGURES}
    sources = {figure.__name__: said(figure) for figure in (*FIGURES, proximity, rivalry, patron_share)}
    return {
        "capacity": {"source": said(capacity), "path": capacity(ev)},
        "growth": {"source": said(growth), "path": growth(ev)},
        "pact": {"source": said(membership), "patron_share": patron_share(ev), "membership": membership(ev)},
        "sources": sources,
        "states": states,
        "proximity": proximity(ev),
        "rivalry": rivalry(ev),
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


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--public", type=Path, required=True, help="folder of the public data pack")
    words.add_argument("--history", type=Path, required=True, help="folder of the coded history")
    words.add_argument("--check", type=Path, help="scenario file to compare with what the data give")
    given = words.parse_args()
    found = tables(Evidence.read(given.public, given.history))
    if given.check is None:
        print(fragments(found))
        return 0
    wrong = differences(tomllib.loads(given.check.read_text(encoding="utf-8")), found)
    print("\n".join(wrong) or f"{given.check.name}: every figure is what the data give")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

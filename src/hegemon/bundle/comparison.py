"""The bundle of two orders under the same luck."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.bundle import builtin, numbers, orders
from hegemon.bundle.packed import Files, Kind, Means, Packed, Progress, Rebuild
from hegemon.errors import BadFile

if TYPE_CHECKING:
    from hegemon.experiments.compare import Comparison
    from hegemon.folders.comparison import Compared

SIDES = ("first", "second")

LEFT_OUT = ("wall_seconds", "first_scenario_text", "second_scenario_text", "trajectories")


def pack(folder: Path) -> Packed:
    """The comparison in a folder."""
    from hegemon.folders.comparison import read_comparison
    from hegemon.report.comparison_page import titled
    from hegemon.report.kept import shown

    given = read_comparison(folder)
    attrs, both = given.found.summary.attrs, {"first": given.first, "second": given.second}
    for side, order in both.items():
        if order.hash != attrs[f"{side}_scenario_hash"]:
            raise BadFile(f"the {side} order of the comparison cannot be rebuilt from what it says of itself",
                          f"It was made by version {attrs['version']}; compare again with this version.")  # fmt: skip
    made = {name: value for name, value in attrs.items() if name not in LEFT_OUT}
    made |= {"orders": {side: orders.noted(order) for side, order in both.items()}, "quarter": given.quarter}
    s = given.second.scenario
    if s.history is not None and any(order.scenario.record for order in both.values()):
        made |= {"built_in": builtin.named(record=s.history)}
    return Packed(
        kind="comparison",
        title=titled(given.first, given.second),
        question=s.question,
        size=f"{attrs['runs']:,} pairs of histories with the same luck, seed {attrs['seed']}, {s.start} to {s.end}",
        made=made,
        orders=both,
        numbers=numbers_of(given.found),
        figures=shown(folder).figures,
        again=again(given),
        analysis=f"{attrs['runs']:,} pairs of histories; the second order less the first, pair by pair, with 90 % intervals of "
        "the mean difference. Sensitivity to parameters (`hegemon sweep`):",
        posterior=s.posterior,
    )


def again(given: Compared) -> str:
    """What compares the same anew."""
    attrs = given.found.summary.attrs
    runs, seed = int(attrs["runs"]), int(attrs["seed"])
    if orders.options(given.first):
        sides = "\n".join(f"{side} = {orders.in_python(getattr(given, side), side)}" for side in SIDES)
        return f"import hegemon\n{sides}\nhegemon.compare(first, second, runs={runs}, seed={seed})"
    words = ["hegemon", "compare", *map(orders.scenario_file, SIDES), "--runs", str(runs), "--seed", str(seed)]
    return shlex.join([*words, "--at", given.quarter, *orders.options(given.second)])


def numbers_of(found: Comparison) -> dict[str, bytes]:
    """Every array of the summary, and crises per history."""
    return {**numbers.arrays(found.summary), "crises.csv": numbers.table(found.crises)}


def read(files: Files, made: Mapping[str, Any]) -> Rebuild:
    """Compare them anew."""
    from hegemon.experiments.compare import compare

    first, second = (orders.read(files, made["orders"][side], side) for side in SIDES)
    runs, seed = int(made["runs"]), int(made["seed"])

    def rebuild(progress: Progress | None) -> Files:
        return numbers_of(compare(first, second, runs, seed, progress=progress))

    return rebuild


def means(found: Files, made: Mapping[str, Any]) -> Means:
    """Means of the first order, and mean differences."""
    at: Means = {}
    root = np.sqrt(int(made["runs"]))
    for name in (name.removesuffix("_difference.npy") for name in found if name.endswith("_difference.npy")):
        for part, spread in (("first", "first_sd"), ("difference", "sd")):
            mean, sd = (np.asarray(numbers.loaded(found[f"{name}_{which}.npy"]), float) for which in (part, spread))
            at[f"{name}_{part}"] = mean, sd / root
    return at


def told(made: Mapping[str, Any]) -> str:
    """On one line."""
    first, second = (made["orders"][side]["scenario"] for side in SIDES)
    return f"{second} against {first}, {made['runs']:,} pairs, seed {made['seed']}"


KIND = Kind(pack, read, means, told)

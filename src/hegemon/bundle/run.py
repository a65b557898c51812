"""The bundle of an ensemble of histories."""

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
    from hegemon.ensemble.runs import Runs
    from hegemon.order import Order

LEFT_OUT = ("wall_seconds", "scenario_text")
"""What `made.json` does not repeat: the clock, which never runs twice alike, and the scenario, which has its own file."""


def order_of(attrs: Mapping[str, Any]) -> Order:
    """The order of a result. Raises `BadFile` where the result does not say enough to make it again."""
    from hegemon.order import remade

    order = remade(attrs)
    if order.hash != attrs["scenario_hash"]:
        raise BadFile(
            f"the result of {attrs['scenario']} cannot be rebuilt from what it says of itself",
            f"Version {attrs['version']} kept no note of changed parameters, or had others; run it again with this version.",
        )
    return order


def pack(folder: Path) -> Packed:
    """The ensemble in a folder."""
    from hegemon.ensemble.store import open_result
    from hegemon.report.kept import shown

    result = open_result(folder)
    attrs = result.summary.attrs
    order, s = order_of(attrs), order_of(attrs).scenario
    made = {name: value for name, value in attrs.items() if name not in LEFT_OUT}
    made |= {**orders.noted(order), "states": list(order.states)}
    if s.record is not None and s.history is not None:
        made |= {"built_in": builtin.named(record=s.history)}
    words = ["hegemon", "run", "scenario.toml", "--runs", str(attrs["runs"]), "--seed", str(attrs["seed"])]
    words += ["--crises", str(attrs["crises"])] if attrs["crises"] < attrs["runs"] else []
    return Packed(
        kind="run",
        title=s.title,
        question=s.question,
        size=f"{attrs['runs']:,} histories, seed {attrs['seed']}, {s.start} to {s.end}",
        made=made,
        orders={"": order},
        numbers=numbers_of(result, order),
        unkept=frozenset({"events.csv"}),
        figures=shown(folder).figures,
        again=shlex.join([*words, *orders.options(order)]),
        analysis=f"{attrs['runs']:,} histories; spread over histories is luck, at the parameters' values. Sensitivity to "
        "parameters (`hegemon sweep`) and to mechanisms (`--without`):",
        posterior=s.posterior,
    )


def numbers_of(result: Runs, order: Order) -> dict[str, bytes]:
    """Every array of the summary, a digest of it, and the crises of the first histories."""
    from hegemon.bundle.write import plain
    from hegemon.cli.run import record_of
    from hegemon.ensemble.digest import digest

    brief = numbers.document(plain(digest(result.summary, record_of(order))))
    return {**numbers.arrays(result.summary), "digest.json": brief, "events.csv": numbers.table(result.events)}


def read(files: Files, made: Mapping[str, Any]) -> Rebuild:
    """Simulate it anew."""
    from hegemon.ensemble.simulate import simulate

    order, runs, seed, crises = orders.read(files, made), int(made["runs"]), int(made["seed"]), int(made["crises"])

    def rebuild(progress: Progress | None) -> Files:
        return numbers_of(simulate(order, runs, seed, keep=False, crises=crises, progress=progress), order)

    return rebuild


def means(found: Files, made: Mapping[str, Any]) -> Means:
    """Every measure's mean."""
    at: Means = {}
    for name in (name.removesuffix("_mean.npy") for name in found if name.endswith("_mean.npy")):
        mean, spread = (np.asarray(numbers.loaded(found[f"{name}_{part}.npy"]), float) for part in ("mean", "sd"))
        at[name] = mean, spread / np.sqrt(int(made["runs"]))
    return at


def told(made: Mapping[str, Any]) -> str:
    """On one line."""
    return f"{made['scenario']}, {made['runs']:,} histories, seed {made['seed']}"


KIND = Kind(pack, read, means, told)

"""The bundle of a sweep over parameters."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.bundle import builtin, numbers, orders
from hegemon.bundle.packed import Files, Kind, Means, Packed, Progress, Rebuild
from hegemon.bundle.run import LEFT_OUT, order_of

if TYPE_CHECKING:
    from hegemon.experiments.sensitivity.sweep import Sweep
    from hegemon.order import Order

OPTIONS = ("measures", "over", "when", "design", "by", "most", "sets", "runs", "posterior", "seed")
"""Options of a sweep."""

TABLES = ("luck", "indices", "effects", "importance", "swings")


def pack(folder: Path) -> Packed:
    """The sweep in a folder."""
    from hegemon.folders.sweep import asked, manifest, read_sweep
    from hegemon.report.kept import shown

    note = manifest(folder)
    _, found = read_sweep(folder)
    attrs, order = found.made, order_of(found.made)
    s, options = order.scenario, asked(note["identity"], note["made"])
    made = {name: value for name, value in attrs.items() if name not in LEFT_OUT}
    made |= {**orders.noted(order), "asked": options}
    used = {"posterior": s.posterior if options["posterior"] else None, "record": s.history if s.record else None}
    made |= {"built_in": builtin.named(**used)}
    what = "; ".join(outcome.words for outcome in found.outcomes)
    return Packed(
        kind="sweep",
        title=f"{s.title}: what it depends on",
        question=f"What do these outcomes depend on: {what}?",
        size=f"{attrs['sets']:,} sets of {len(attrs['parameters'])} parameters drawn from {attrs['drawn_from']}, "
        f"{attrs['runs_per_set']:,} histories each, seed {attrs['seed']}",
        made=made,
        orders={"": order},
        numbers=numbers_of(found),
        figures=shown(folder).figures,
        again=again(order, options),
        analysis=f"Design {attrs['design']}, {attrs['sets']:,} sets; indices with bootstrap intervals, luck taken out. What is "
        "not varied stays as `parameters.csv` has it. Other designs, other outcomes:",
        posterior=s.posterior if options["posterior"] else None,
        drawn="all draws" if options["posterior"] else f"{attrs['sets']:,} sets, drawn by the design,",
    )


def again(order: Order, options: Mapping[str, Any]) -> str:
    """What sweeps the same anew."""
    if order.changed:
        given = ", ".join(f"{name}={value!r}" for name, value in options.items() if name != "measures")
        text = f"order = {orders.in_python(order)}\nhegemon.sweep(order, {options['measures']!r}, {given})"
        return f"import hegemon\n{text}"
    words = ["hegemon", "sweep", "scenario.toml", *orders.options(order)]
    words += [word for text in options["measures"] for word in ("--measure", text)]
    words += ["--over", ",".join(options["over"]), "--by", options["by"], "--runs-per-set", str(options["runs"])]
    for name in ("when", "design", "most", "sets"):
        words += [f"--{name}", str(options[name])] if options[name] is not None else []
    return shlex.join([*words, *(["--posterior"] if options["posterior"] else []), "--seed", str(options["seed"])])


def numbers_of(found: Sweep) -> dict[str, bytes]:
    """Sets, their outcomes history by history, every table, and the boxes."""
    from hegemon.experiments.sensitivity.account import document

    study = found.study
    at = {"sets.npy": numbers.stored(study.design.unit), "outcomes.npy": numbers.stored(study.values)}
    for name in TABLES:
        table = getattr(study, name)
        if table is not None:
            at[f"{name}.csv"] = numbers.table(table, index=True)
    if study.found is not None:
        at["boxes.json"] = numbers.document(document(found).get("discovery"))
    return at


def read(files: Files, made: Mapping[str, Any]) -> Rebuild:
    """Sweep anew."""
    from hegemon.experiments.sensitivity.sweep import sweep

    order, options = orders.read(files, made), {name: made["asked"][name] for name in OPTIONS}

    def rebuild(progress: Progress | None) -> Files:
        return numbers_of(sweep(order, **options, progress=progress))

    return rebuild


def means(found: Files, made: Mapping[str, Any]) -> Means:
    """Every outcome's mean over sets; its error is that of the histories, which all sets share."""
    values = np.asarray(numbers.loaded(found["outcomes.npy"]), float).mean(0)
    return {"outcomes": (values.mean(0), values.std(0, ddof=1) / np.sqrt(len(values)))}


def told(made: Mapping[str, Any]) -> str:
    """On one line."""
    return f"sweep of {made['scenario']}, {made['sets']:,} sets of {made['runs_per_set']:,} histories, seed {made['seed']}"


KIND = Kind(pack, read, means, told)

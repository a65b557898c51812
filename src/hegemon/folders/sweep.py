"""A sweep read back from the folder that `hegemon sweep` has left, and the options that make it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon.errors import BadFile, shown
from hegemon.folders.kinds import damaged

if TYPE_CHECKING:
    from hegemon.experiments.sensitivity.sweep import Sweep
    from hegemon.order import Order


def read_sweep(folder: Path) -> tuple[Order, Sweep]:
    """The finished sweep in a folder, with its order: outcomes are read, indices worked out again. Raises `BadFile`."""
    note = manifest(folder)
    try:
        return _read(folder, note["identity"], note["made"])
    except (OSError, KeyError, ValueError, TypeError, IndexError) as error:
        raise damaged(folder, "sweep", error) from None


def manifest(folder: Path) -> dict[str, Any]:
    """How a finished sweep was made. Raises `BadFile` where it is not finished."""
    from hegemon.experiments.sensitivity.kept import read

    note = read(folder)
    if note is None:
        raise damaged(folder, "sweep", "sweep.json is not there")
    if note["status"] != "complete":
        raise BadFile(f"the sweep in {shown(folder.as_posix(), 200)} is unfinished", "Give the same command again.")
    return note


def _read(folder: Path, identity: dict[str, Any], made: dict[str, Any]) -> tuple[Order, Sweep]:
    from hegemon.experiments.sensitivity import outcomes
    from hegemon.experiments.sensitivity import sweep as sweeps
    from hegemon.experiments.sensitivity.kept import Kept
    from hegemon.experiments.sensitivity.study import study
    from hegemon.order import remade

    order, options = remade(made), asked(identity, made)
    of = [outcomes.parse(text, order) for text in options["measures"]]
    when = None if options["when"] is None else outcomes.condition(options["when"], order)
    plan = sweeps._plan(order, sweeps.chosen(order, options["over"]), options["design"], options["by"], options["most"],
                        options["sets"], options["posterior"], when is not None, options["seed"])  # fmt: skip

    def never(points: Any) -> Any:
        raise ValueError("values.npz lacks outcomes")

    test = None if when is None else (when.outcome.text, when.holds)
    found = study(never, [outcome.text for outcome in of], plan, condition=test, kept=Kept(folder, identity, made))
    return order, sweeps.Sweep(found, tuple(of), when, made)


def asked(identity: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """The options that make a sweep again."""
    kind, by = str(identity["design"]), str(identity["by"])
    drawn = kind == "posterior"
    return {
        "measures": [str(text) for text in identity["outcomes"]],
        "over": [str(name) for name in identity["parameters"]],
        "when": str(made["condition"]) or None,
        "design": None if drawn else kind,
        "by": by,
        "most": int(made["most"]) if by == "parameter" and kind != "morris" else None,
        "sets": None if drawn else int(identity["sets"]),
        "runs": int(identity["runs"]),
        "posterior": drawn,
        "seed": int(identity["seed"]),
    }

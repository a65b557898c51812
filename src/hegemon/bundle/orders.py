"""Orders in a bundle: a scenario with everything it extends, and every parameter, both as files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hegemon.bundle import toml
from hegemon.errors import BadFile

if TYPE_CHECKING:
    from hegemon.bundle.packed import Files
    from hegemon.order import Order


def scenario_file(name: str = "") -> str:
    """The scenario's file: `name` is "" where a bundle has one order."""
    return f"{name}.toml" if name else "scenario.toml"


def parameter_file(name: str = "") -> str:
    """The file of its parameters."""
    return f"parameters-{name}.csv" if name else "parameters.csv"


def written(order: Order, name: str = "") -> dict[str, str]:
    """An order as files."""
    return {scenario_file(name): toml.text(order.scenario.content()), parameter_file(name): parameters(order)}


def noted(order: Order) -> dict[str, Any]:
    """What made.json says of an order."""
    return {"scenario": order.name, "scenario_hash": order.hash, "changed": order.changed, "off": list(order.off)}


def read(files: Files, note: Mapping[str, Any], name: str = "") -> Order:
    """The order of a bundle. Raises `BadFile` where its files are not those that its numbers were made from."""
    from hegemon.order import from_scenario
    from hegemon.scenarios.loader import read_scenario

    scenario = read_scenario(files[scenario_file(name)].decode(), str(note["scenario"]))
    order = from_scenario(scenario).with_parameters(values(files[parameter_file(name)])).without(*note["off"])
    if order.hash != str(note["scenario_hash"]):
        prints = f"Their fingerprint is {order.hash}, that of the numbers {note['scenario_hash']}"
        raise BadFile("scenario or parameters of the bundle are not those of its numbers", f"{prints}; somebody changed a file.")
    return order


def values(table: bytes) -> dict[str, float]:
    """Every value of a file of parameters, exactly."""
    import csv
    import io

    return {row["parameter"]: float(row["value"]) for row in csv.DictReader(io.StringIO(table.decode()))}


def parameters(order: Order) -> str:
    """Every parameter as CSV: its value here, its prior, its unit and source."""
    import pandas as pd

    from hegemon.mechanisms import PRIORS
    from hegemon.order import values as by_name

    changed = order.changed
    rows = [
        {"parameter": name, "value": repr(value), "changed": int(name in changed), "prior_mean": PRIORS[name].mean,
         "prior_sd": PRIORS[name].sd, "low": PRIORS[name].low, "high": PRIORS[name].high, "unit": PRIORS[name].unit,
         "source": PRIORS[name].source}
        for name, value in by_name(order.parameters).items()
    ]  # fmt: skip
    return pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")


def options(order: Order) -> list[str]:
    """What a command line must say besides the scenario to get this order."""
    words = [word for name, value in order.changed.items() for word in ("--set", f"{name}={value!r}")]
    return words + [word for name in order.off if name not in order.scenario.without for word in ("--without", name)]


def in_python(order: Order, name: str = "") -> str:
    """The same in Python."""
    text = f'hegemon.load("{scenario_file(name)}")'
    text += f".with_parameters({order.changed!r})" if order.changed else ""
    off = [repr(each) for each in order.off if each not in order.scenario.without]
    return text + (f".without({', '.join(off)})" if off else "")

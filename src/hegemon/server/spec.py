"""An order as it is handed to a worker and kept with a job: plain data from which the same order is made again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hegemon.errors import UserError
from hegemon.order import Order, restored
from hegemon.server.errors import Conflict

Spec = dict[str, Any]


def spec(order: Order) -> Spec:
    """Scenario text, parameters that are others than it gives, and mechanisms switched off."""
    return {"text": order.scenario.text, "name": order.name, "set": order.changed, "without": list(order.off),
            "hash": order.hash}  # fmt: skip


def order_from(given: Spec) -> Order:
    """The order again. Raises `Conflict` where this version makes another one of it."""
    order = restored(given["text"], given["name"]).with_parameters(given["set"]).without(*given["without"])
    if order.hash != given["hash"]:
        raise Conflict("This version of hegemon makes another order of what was asked. Ask for it again.")
    return order


def spec_of(attrs: Mapping[str, Any]) -> Spec:
    """The order of a result. Raises `Conflict` where it cannot be made again from what the result says."""
    try:
        found = {"text": attrs["scenario_text"], "name": attrs["scenario"], "set": json.loads(attrs.get("changed", "{}")),
                 "without": str(attrs.get("without", "")).split(), "hash": attrs["scenario_hash"]}  # fmt: skip
        order_from(found)
    except (UserError, Conflict, ValueError):
        raise Conflict("This version of hegemon cannot make that order again. It was made by version "
                       f"{attrs.get('version')}: {attrs.get('command')}") from None  # fmt: skip
    return found


def command(name: str, runs: int, seed: int, given: Spec) -> list[str]:
    """The command line that makes the same result."""
    words = ["hegemon", "run", name, "--runs", str(runs), "--seed", str(seed)]
    for key, value in given["set"].items():
        words += ["--set", f"{key}={value!r}"]
    for mechanism in given["without"]:
        words += ["--without", mechanism]
    return words

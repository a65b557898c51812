"""The orders that an estimand looks at: the ledger's scenario with what a side changes, checked like any scenario."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hegemon.errors import UserError
from hegemon.ledgers.tables import Estimand, Side
from hegemon.scenarios.complaints import complaint
from hegemon.scenarios.loader import find, finished
from hegemon.scenarios.schema import Scenario


@dataclass(frozen=True)
class Variant:
    """The scenario as a side of an estimand varies it.

    scenario  with parameters, mechanisms switched off and forced events
    forbid    instruments the patron may not choose
    luck      0: the ledger's dice; 1: others
    """

    scenario: Scenario
    forbid: tuple[str, ...] = ()
    luck: int = 0

    @property
    def key(self) -> str:
        """Equal keys are equal orders."""
        text = json.dumps([self.scenario.hash, sorted(self.forbid), self.luck])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Base:
    """Where sides start: the ledger's scenario, the folder in which its file looks for others, and others at hand by name."""

    scenario: Scenario
    folder: Path | None = None
    known: Mapping[str, Scenario] = field(default_factory=dict)

    def named(self, scenario: str | None) -> Scenario:
        """Another scenario by name, or the base's own. Raises `UserError`."""
        if scenario is None:
            return self.scenario
        return self.known.get(scenario) or _found(scenario, self.folder)


def _found(scenario: str, folder: Path | None) -> Scenario:
    return finished(find(scenario, folder if scenario.endswith(".toml") else None))


def base(scenario: str, folder: Path | None, known: Mapping[str, Scenario] | None = None) -> Base:
    """The scenario that a ledger names, first among those at hand. Raises `UserError`."""
    if known and scenario in known:
        return Base(known[scenario], folder, known)
    try:
        return Base(_found(scenario, folder), folder)
    except UserError as error:
        place = "" if error.place.startswith(scenario) else error.place
        raise type(error)(error.what, error.remedy, at=("scenario",), place=place) from None


def sides(estimand: Estimand, base: Base) -> tuple[Variant, ...]:
    """The orders of an estimand: one, or two. Raises `UserError`, `at` naming the side."""
    found = []
    for name, side in (("a", estimand.a), ("b", estimand.b)):
        try:
            if side is not None:
                found.append(variant(estimand.both, side, base, luck=int(name == "b" and not estimand.paired)))
        except UserError as error:
            raise type(error)(f"side {name}: {error.what}", error.remedy, at=(name,)) from None
    return tuple(found)


def variant(both: Side, side: Side, base: Base, *, luck: int = 0) -> Variant:
    """The order of one side."""
    tables = base.named(side.scenario or both.scenario).content()
    for part in (both, side):
        tables = _merged(tables, deepcopy(part.change))
        for key in ("record", "end"):
            if getattr(part, key) is not None:
                tables[key] = getattr(part, key)
        tables["without"] = list(dict.fromkeys([*tables.get("without", ()), *(part.without or ())]))
        tables["force"] = [*tables.get("force", ()), *map(dict, part.force)]
        tables["parameters"] = _merged(tables.get("parameters", {}), _blocks(part.set))
    try:
        scenario = Scenario.model_validate(tables)
    except ValidationError as error:
        raise complaint(error) from None
    forbid = tuple(dict.fromkeys([*(both.forbid or ()), *(side.forbid or ())]))
    return Variant(scenario.named(base.scenario.name), forbid, luck)


def _blocks(values: Mapping[str, float]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for name, value in values.items():
        block, _, field = name.partition(".")
        found.setdefault(block, {})[field] = value
    return found


def _merged(old: dict[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Tables merge key by key; all else replaces what was there."""
    found = dict(old)
    for key, value in new.items():
        before = found.get(key)
        found[key] = _merged(before, value) if isinstance(before, dict) and isinstance(value, Mapping) else value
    return found

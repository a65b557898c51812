"""An order nobody has described yet, from its crises alone: enough to ask the calibrated model what a patron would do.

Every neighbour gets the same middling figures (medians of the post-Soviet scenario's), but for the line of its
incumbents, which its first coded crisis tells. All are members of a pact that decides by majority, since regional orders
are coded where a regional body exists. Nothing of this is a description; write a scenario for one.
"""

from __future__ import annotations

import statistics
from typing import Any

import pandas as pd

from hegemon import quarters
from hegemon.errors import BadValue, Missing, UnknownName, did_you_mean, shown
from hegemon.order import Order, from_scenario, load
from hegemon.scenarios.loader import builtin_names, load_scenario
from hegemon.scenarios.schema import Scenario

HOME = "post-soviet"
"""The order the model is calibrated on, and the one rows without an order column belong to."""

WANTED = {"pro_patron": 0.75, "balanced": 0.55, "pro_rival": 0.35}
"""Share the incumbents want with the patron by their line, as in the post-Soviet scenario ([sources] elite)."""

NEIGHBOURS = 0.3
"""Proximity of every pair."""

SETTLED = 8
"""Quarters before the first crisis in which the order begins."""


def order_of(record: pd.DataFrame, name: str | None = None) -> Order:
    """The order a record's rows belong to: the scenario of that name, or a generic one.

    Raises `UserError` where rows belong to several orders and `name` does not choose, or to none of that name.
    """
    named = sorted(set(record["order"])) if "order" in record else [HOME]
    chosen = name if name is not None else named[0]
    if name is None and len(named) > 1:
        raise BadValue(f"rows of {len(named)} orders: {', '.join(named)}", "Choose one with --order.")
    if chosen not in named:
        raise UnknownName(f"no row belongs to the order {shown(chosen)}", did_you_mean(chosen, named))
    if chosen in builtin_names():
        return load(chosen)
    return generic(record[record["order"] == chosen], chosen)


def generic(record: pd.DataFrame, name: str) -> Order:
    """A generic order of the record's patron and neighbours, from before its first crisis to its last."""
    patrons = sorted(set(record["patron"])) if "patron" in record else []
    if len(patrons) != 1:
        raise Missing(f"{name} has {len(patrons) or 'no'} patrons", "Give every row of an order the same patron.")
    base: dict[str, Any] = load_scenario(HOME).content()
    ordered = record.sort_values(["start", "crisis_id"], kind="stable")
    when = [quarters.index(quarters.of_date(day)) for day in ordered["start"]]
    begin, end = quarters.label(min(when) - SETTLED), quarters.label(max(when))
    members = sorted(set(ordered["state"]))
    rivals = [pole["id"] for pole in base["poles"][1:]]
    lines = ordered.groupby("state")["incumbent_before"].first()
    states = {iso3: _state(base, iso3, code, WANTED[lines[iso3]], rivals) for code, iso3 in enumerate(members, start=1)}
    year = int(begin[:4])
    content = {
        **base,
        "title": name,
        "question": "What would the patron do?",
        "start": begin,
        "end": end,
        "patron": {"name": patrons[0], "iso3": patrons[0], "cow": 999},
        "capacity": {**base["capacity"], "path": {str(year): 1.0}},
        "growth": {**base["growth"], "path": {str(year): 0.02}},
        "pact": {"name": "regional body", "rule": "majority", "patron_share": 0.6, "founding_until": end,
                 "source": "generic", "membership": [{"state": iso3, "from": begin} for iso3 in members]},
        "states": states,
        "proximity": {a: dict.fromkeys(members[i + 1:], NEIGHBOURS) for i, a in enumerate(members[:-1])},
        "rivalry": {},
    }  # fmt: skip
    for key in ("history", "record", "region", "force", "parameters", "without"):
        content.pop(key, None)
    return from_scenario(Scenario.model_validate(content).named(name))


def _state(base: dict[str, Any], iso3: str, code: int, wanted: float, rivals: list[str]) -> dict[str, Any]:
    """A neighbour of middling figures whose incumbents want `wanted` of their ties with the patron."""
    others = list(base["states"].values())
    found: dict[str, Any] = {"name": iso3, "cow": code}
    for key, value in others[0].items():
        if isinstance(value, int | float) and key != "cow":
            found[key] = round(statistics.median(state[key] for state in others), 4)
    found["integration"] = 0.5  # a member of a security pact
    patron = base["poles"][0]["id"]
    for key in ("orientation", "elite"):
        shares = {rival: statistics.median(state[key][rival] for state in others) for rival in rivals}
        total = sum(shares.values())
        found[key] = {patron: wanted, **{rival: (1.0 - wanted) * share / total for rival, share in shares.items()}}
    return found

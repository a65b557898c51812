"""What the report must know about an order besides its numbers: names, and which map to draw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from hegemon.pages.atlas import CUT, cut, name_of

if TYPE_CHECKING:
    from hegemon.order import Order
    from hegemon.scenarios.schema import Scenario


@dataclass(frozen=True)
class OrderInfo:
    """Names in a reader's words; codes stay in the data."""

    title: str
    question: str
    patron: str  # name of the patron, "Russia"
    states: Mapping[str, str]  # names of the neighbours by ISO3 code
    poles: Mapping[str, str]  # names of the poles by id; the first is the patron
    region: str  # which file of `maps/` to draw; an unknown region means no map

    @property
    def patron_pole(self) -> str:
        return next(iter(self.poles))

    def state(self, iso3: str) -> str:
        return self.states.get(iso3, iso3)


def order_info(order: Order) -> OrderInfo:
    """An order's names."""
    s = order.scenario
    return OrderInfo(
        title=s.title,
        question=s.question,
        patron=s.patron.name,
        states={iso3: state.name for iso3, state in s.states.items()},
        poles={pole.id: pole.name for pole in s.poles},
        region=map_of(s),
    )


def map_of(scenario: Scenario) -> str:
    """The name of a scenario's map; empty where it wants none."""
    if scenario.region == CUT:
        return name_of(scenario.patron.iso3, scenario.states)
    return scenario.region or ""


def region_map(region: str) -> dict[str, Any] | None:
    """The region's map, one that comes with hegemon (see tools/map) or is cut for an order; None where there is none."""
    if (found := cut(region)) is not None:
        return found
    file = resources.files("hegemon.pages").joinpath("maps", f"{region}.json")
    if not region.replace("-", "").isalnum() or not file.is_file():
        return None
    return json.loads(file.read_text(encoding="utf-8"))


def reading_order(info: OrderInfo, present: list[str]) -> list[str]:
    """Neighbours as an atlas lists them, so that a country keeps its place from figure to figure."""
    atlas = (region_map(info.region) or {}).get("order", list(info.states))
    known = [iso3 for iso3 in atlas if iso3 in present]
    return known + [iso3 for iso3 in present if iso3 not in known]

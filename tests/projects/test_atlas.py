"""Maps that are cut for an order: every neighbour is on them, or all are tiles."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hegemon.pages import atlas
from hegemon.pages.order import region_map

GULF = ("ARE", "BHR", "KWT", "OMN", "QAT")


def test_every_neighbour_is_on_the_map_with_its_label_in_the_frame() -> None:
    found = region_map(atlas.name_of("GBR", GULF))
    assert found is not None and found["order"] == list(GULF) and set(found["states"]) == set(GULF)
    for state in found["states"].values():
        x, y = state["label"]
        assert state["d"].startswith("M") and 0 <= x <= found["width"] and 0 <= y <= found["height"]
    names = {country["iso3"] for country in found["context"]}
    assert {"SAU", "IRN", "IRQ"} <= names and not names & set(GULF)
    labels = [state["label"] for state in found["states"].values()]
    wide, tall = atlas.BOX
    pairs = [(x - a, y - b) for n, (x, y) in enumerate(labels) for a, b in labels[:n]]
    assert not [1 for across, down in pairs if abs(across) < 0.9 * wide and abs(down) < 0.9 * tall]


def test_areas_are_in_proportion() -> None:
    """Oman has 26.6 times the area of Qatar (309,500 and 11,627 square kilometres)."""
    from hegemon.pages.charts.map import outlined

    found = region_map(atlas.name_of("GBR", GULF))
    assert found is not None

    def area(code: str) -> float:
        total = 0.0
        for (ring,) in outlined(found["states"][code]["d"])["geometry"]["coordinates"]:
            total += abs(sum(x * b - a * y for (x, y), (a, b) in pairwise(ring))) / 2.0
        return total

    assert area("OMN") / area("QAT") == pytest.approx(309_500 / 11_627, rel=0.1)


@pytest.mark.parametrize("states", [("XAA", "XBB", "XCC"), ("FJI", "GBR", "BRA", "IND")], ids=["invented", "all around"])
def test_where_a_map_does_not_help_there_are_tiles(states: tuple[str, ...]) -> None:
    found = atlas.cut(atlas.name_of("XPA", states))
    assert found is not None and found["context"] == [] and set(found["states"]) == set(states)
    assert len({tuple(state["tile"]) for state in found["states"].values()}) == len(states)


@pytest.mark.parametrize("name", ["", "post-soviet", "cut", "cut-GBR", "cut-GBR-../../x", "cut-gbr-omn"])
def test_other_names_are_no_such_maps(name: str) -> None:
    assert atlas.cut(name) is None

"""Maps: every order has one, every neighbour is on it with a shape, a label and a tile, and past states are of the right size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hegemon.pages import order
from hegemon.pages.charts import map as maps
from hegemon.scenarios.loader import load_scenario

SCENARIOS = ("post-soviet", "warsaw-pact", "inter-american", "kazakhstan-2022", "kazakhstan-alone")
REGIONS = SCENARIOS[:3]
MAPS = Path(order.__file__).parent / "maps"
Ring = list[tuple[float, float]]


def atlas_of(region: str) -> dict[str, Any]:
    found = order.region_map(region)
    assert found is not None
    return found


def rings(path: str) -> list[Ring]:
    return [[(x, y) for x, y in polygon[0][:-1]] for polygon in maps.outlined(path)["geometry"]["coordinates"]]


def area(ring: Ring) -> float:
    """Above 0 for a ring that runs clockwise on the page, as all do but holes."""
    return sum(ring[i - 1][0] * y - x * ring[i - 1][1] for i, (x, y) in enumerate(ring)) / 2


def inside(point: tuple[float, float], ring: Ring) -> bool:
    x, y = point
    edges = zip(ring, [ring[-1], *ring[:-1]], strict=True)
    return sum((b > y) != (d > y) and x < (c - a) * (y - b) / (d - b) + a for (a, b), (c, d) in edges) % 2 == 1


def size(path: str) -> float:
    return abs(sum(area(ring) for ring in rings(path)))


def test_the_list_of_scenarios_is_whole():
    from hegemon.scenarios.loader import builtin_names

    assert set(SCENARIOS) == {name for name in builtin_names() if load_scenario(name).region is not None}
    assert {file.stem for file in MAPS.glob("*.json")} == set(REGIONS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_neighbour_of_every_order_has_a_shape_and_a_label_on_the_page(name: str):
    scenario = load_scenario(name)
    assert scenario.region is not None
    atlas = atlas_of(scenario.region)
    assert set(atlas["order"]) == set(scenario.states) and atlas["patron"] == scenario.patron.iso3
    assert set(atlas["states"]) == {*scenario.states, scenario.patron.iso3}
    for iso3 in scenario.states:
        place = atlas["states"][iso3]
        assert max(abs(area(ring)) for ring in rings(place["d"])) > 30, iso3
        for x, y in (place["point"], place["label"]):
            assert 0 < x < atlas["width"] and 0 < y < atlas["height"], iso3
    for one in atlas["order"]:
        for other in atlas["order"]:
            (x, y), (u, v) = atlas["states"][one]["label"], atlas["states"][other]["label"]
            assert one == other or abs(x - u) > 25 or abs(y - v) > 18, f"the labels of {one} and {other} collide"


@pytest.mark.parametrize("region", REGIONS)
def test_rings_are_closed_and_run_one_way_but_for_holes(region: str):
    atlas = atlas_of(region)
    places = {**atlas["states"], **{c["iso3"]: c for c in atlas["context"]}}
    assert (MAPS / f"{region}.json").stat().st_size < 60_000
    for iso3, place in places.items():
        assert place["d"].count("M") == place["d"].count("Z") > 0
        mine = [ring for ring in rings(place["d"]) if len(set(ring)) >= 3]
        assert mine, iso3
        for ring in mine:
            if area(ring) < -0.5:
                around = [other for other in mine if area(other) > 0 and inside(ring[0], other)]
                assert around, f"{iso3}: a ring runs the wrong way and is no hole"


@pytest.mark.parametrize("region", REGIONS)
def test_a_map_says_what_its_borders_are_worth_and_whose_they_are(region: str):
    atlas = atlas_of(region)
    assert atlas["region"] == region and atlas["note"].startswith("Borders for orientation only.")
    assert "Natural Earth" in atlas["source"] and "equal-area" in atlas["projection"]


def test_states_of_the_past_have_the_size_they_had():
    """Areas of 1989 in thousands of km² (Statistisches Jahrbuch der DDR 1989); all of Berlin counts as East."""
    atlas = atlas_of("warsaw-pact")
    known = {"ALB": 28.7, "BGR": 110.9, "CSK": 127.9, "DDR": 108.3 + 0.5, "FIN": 338.1, "HUN": 93.0, "POL": 312.7, "ROU": 237.5}
    found = {iso3: size(atlas["states"][iso3]["d"]) for iso3 in known}
    scale = sum(found.values()) / sum(known.values())
    assert {k: v / scale for k, v in found.items()} == pytest.approx(known, rel=0.03)
    assert size(atlas["states"]["YUG"]["d"]) / scale == pytest.approx(255.8, rel=0.03)
    west = next(c for c in atlas["context"] if c["iso3"] == "DEU")
    assert west["name"] == "West Germany"
    assert size(west["d"]) / scale == pytest.approx(248.6 - 0.5, rel=0.03)
    assert not {"CZE", "SVK", "SRB", "XKX", "UKR", "RUS"} & {c["iso3"] for c in atlas["context"]}


def test_small_states_of_the_americas_are_enlarged_in_an_inset():
    atlas = atlas_of("inter-american")
    (inset,) = atlas["insets"]
    right, bottom = inset["x"] + inset["width"], inset["y"] + inset["height"]
    assert 0 <= inset["x"] < right <= atlas["width"] and 0 <= inset["y"] < bottom <= atlas["height"]
    for iso3 in ("GTM", "SLV", "HND", "NIC", "CRI", "PAN", "CUB", "HTI", "DOM", "GRD"):
        for x, y in (atlas["states"][iso3]["point"], atlas["states"][iso3]["label"]):
            assert inset["x"] < x < right and inset["y"] < y < bottom, iso3
    for iso3, place in atlas["states"].items():
        for ring in rings(place["d"]):
            within = [inset["x"] <= x <= right and inset["y"] <= y <= bottom for x, y in ring]
            assert all(within) or not any(within), f"{iso3} lies under the inset's frame"


@pytest.mark.parametrize(
    ("region", "columns", "north", "west"),
    [
        ("warsaw-pact", 4, "FIN>POL DDR>CSK POL>HUN HUN>ALB ROU>BGR CSK>YUG", "DDR>POL CSK>HUN HUN>ROU YUG>BGR YUG>ALB ALB>BGR"),
        (
            "inter-american", 6, "MEX>GTM CUB>PAN HTI>GRD PAN>COL COL>PER VEN>BRA BOL>ARG PRY>URY ECU>CHL",
            "MEX>CUB CUB>HTI HTI>DOM SLV>NIC NIC>CRI CRI>PAN ECU>COL COL>VEN PER>BOL BOL>PRY PRY>BRA CHL>ARG ARG>URY",
        ),
    ],
)  # fmt: skip
def test_tiles_are_laid_roughly_as_the_map_is(region: str, columns: int, north: str, west: str):
    """Every neighbour has a cell of its own. "FIN>POL" in `north`: Finland lies north of Poland."""
    atlas = atlas_of(region)
    tiles = {iso3: tuple(atlas["states"][iso3]["tile"]) for iso3 in atlas["order"]}
    assert len(set(tiles.values())) == len(tiles)
    assert all(0 <= column < columns and row >= 0 for column, row in tiles.values())
    for axis, pairs in ((1, north), (0, west)):
        for one, other in (pair.split(">") for pair in pairs.split()):
            assert tiles[one][axis] < tiles[other][axis], f"{one}, {other}"

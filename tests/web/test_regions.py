"""The maps of all orders: every neighbour can be pressed with a finger, on the map and as a tile."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import pytest

FINGER = math.pi * 12**2
"""Square pixels of a circle 24 across, which WCAG 2.2 (2.5.8) lets stand for a target among others that is not a square."""
PRESSABLE = """() => {
  const found = Object.fromEntries([...document.querySelectorAll(".map [data-state]")].map((g) => [g.dataset.state, 0]));
  const box = document.querySelector(".map svg").getBoundingClientRect();
  for (let y = box.top + 0.5; y < box.bottom; y++)
    for (let x = box.left + 0.5; x < box.right; x++) {
      const state = document.elementFromPoint(x, y)?.closest("[data-state]")?.dataset.state;
      if (state) found[state]++;
    }
  return found;
}"""
ORDERS = {
    "post-soviet": (14, ("MDA", "Moldova")),
    "warsaw-pact": (9, ("DDR", "East Germany")),
    "inter-american": (21, ("GRD", "Grenada")),
}


@pytest.fixture(scope="module", params=ORDERS)
def region(request: pytest.FixtureRequest, site: Any) -> tuple[str, str]:
    """An order, and a finished run of it."""
    name = request.param
    asked = {"scenario": name, "runs": 20, "seed": 1}
    return name, site.run if name == "post-soviet" else site.explorer.finished("studies/run", asked)


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    return across > 0.5 and down > 0.5


@pytest.mark.parametrize("width", [1280, 390])
def test_every_neighbour_can_be_pressed_on_the_map(region, width, open_page):
    name, run = region
    count, (small, called) = ORDERS[name]
    page = open_page(f"#/run/{run}", viewport={"width": width, "height": 1600})
    page.locator(".map [data-state]").first.wait_for()
    found = page.evaluate(PRESSABLE)
    assert len(found) == count
    assert {state: area for state, area in found.items() if area < FINGER} == {}
    text = page.locator(".map .over text", has_text=called if width == 1280 else small).bounding_box()
    page.mouse.click(text["x"] + text["width"] / 2, text["y"] + text["height"] / 2)
    page.wait_for_url(f"**state={small}*")
    assert page.locator(f".map [data-state={small}]").get_attribute("aria-pressed") == "true"


def test_map_and_slider_fit_a_projector_together(region, open_page):
    page = open_page(f"#/run/{region[1]}")
    for what in (".map [data-state]", ".map", ".track"):
        page.locator(what).first.wait_for()
        box = page.locator(what).first.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 800, what


@pytest.mark.parametrize("width", [1280, 390])
def test_every_neighbour_is_a_tile_of_its_own(region, width, open_page):
    name, run = region
    page = open_page(f"#/run/{run}?v=tiles", viewport={"width": width, "height": 1600})
    page.locator(".tiles [data-state]").first.wait_for()
    boxes = page.locator(".tiles [data-state]").evaluate_all("(all) => all.map((t) => t.getBoundingClientRect().toJSON())")
    assert len(boxes) == ORDERS[name][0]
    assert all(box["width"] >= 24 and box["height"] >= 24 for box in boxes)
    assert not any(overlap(a, b) for a, b in combinations(boxes, 2))
    assert max(box["x"] + box["width"] for box in boxes) <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_below_the_map_stands_what_its_borders_are_worth(region, scheme, open_page):
    name, run = region
    page = open_page(f"#/run/{run}", color_scheme=scheme)
    page.locator(".map").wait_for()
    assert page.get_by_text("Borders for orientation only.").is_visible()
    assert page.get_by_text("Natural Earth").is_visible()
    assert page.locator(".map .inset").count() == (1 if name == "inter-american" else 0)

"""Everybody can use it: axe-core finds nothing, phones fit, motion is reduced where asked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = os.environ.get("HEGEMON_SHOTS")
"""Where pictures of the pages go, if anywhere."""

PAGES = ("home", "run", "history", "new", "compare", "ask", "record", "claims", "room")
READY = {"home": ".list li", "run": ".map", "history": ".tiles", "new": "details", "compare": ".maps svg", "ask": "form option",
         "record": ".crises li", "claims": "ol li", "room": "aside table"}  # fmt: skip


def opened(open_page, site, name, **options):
    page = open_page(site.pages[name], **options)
    page.locator(READY[name]).first.wait_for(state="attached")
    page.wait_for_timeout(400)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(site, open_page, name, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: tools/web.sh")
    page = opened(open_page, site, name, color_scheme=scheme)
    page.evaluate("[...document.querySelectorAll('details')].slice(0, 6).forEach(d => d.open = true)")
    page.wait_for_timeout(200)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    told = [f"{v['id']}: {v['help']} ({n['target']}: {n.get('failureSummary', '')[:200]})" for v in found for n in v["nodes"][:3]]
    assert told == []


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_needs_no_scrolling_sideways(site, open_page, name):
    page = opened(open_page, site, name, viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-390.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_pictures(site, open_page, name, scheme):
    """Every page fits the screen of a projector; pictures are kept where HEGEMON_SHOTS says."""
    page = opened(open_page, site, name, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-1280-{scheme}.png", full_page=True)


def test_nothing_moves_where_that_is_asked(site, open_page):
    page = opened(open_page, site, "run", reduced_motion="reduce")
    moving = "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    assert page.evaluate(moving) == 0
    assert opened(open_page, site, "run", reduced_motion="no-preference").evaluate(moving) > 0


def test_map_and_slider_fit_a_projector_together(site, open_page):
    page = opened(open_page, site, "run")
    for what in (".map", ".track"):
        box = page.locator(what).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 800


def test_no_data_is_hatched(site, open_page):
    """A state without a value is drawn with lines, not with a colour that could be taken for one."""
    def thinned(route):
        answer = route.fetch()
        body = answer.json()
        at = [s["iso3"] for s in body["states"]].index("UZB")
        for grid in body["measures"].get("autonomy", {}).values():
            grid[at] = [None] * len(grid[at])
        route.fulfill(response=answer, json=body)

    page = open_page("#/")
    page.route("**/result?measures=autonomy", thinned)
    page.evaluate(f"location.hash = '#/run/{site.run}?q=2010Q1&state=KAZ'")
    state = page.locator("[data-state=UZB]").first
    state.wait_for()
    assert state.get_attribute("aria-label") == "Uzbekistan no data"
    assert state.locator(".state").get_attribute("fill").startswith("url(#")

"""Everybody can use it: axe-core finds nothing, projectors and phones fit, motion is reduced where asked.

Each page is opened once, and seen by day and by night on a projector, then on a phone; the pictures are kept in `SHOTS`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = Path(os.environ.get("HEGEMON_SHOTS", ROOT / "build" / "shots"))
"""Where pictures of every page are kept, to be looked at."""

READY = {"home": ".list li", "run": ".map", "history": ".tiles", "new": "details", "compare": ".maps svg", "ask": "form option",
         "scenario": "textarea", "record": ".crises li", "claims": "ol li", "room": "aside table", "result": "figure svg",
         "studies": ".cards a",
         "patron": ".map", "trust": "figure svg", "stories": ".cards a",
         "story": ".shown svg", "predict": ".cards button", "tab": "section h2", "form": "form select option"}  # fmt: skip
"""What each page has once it is there."""

LOOKS = (("light", 1280, 800), ("dark", 1366, 768), ("dark", 390, 844), ("light", 390, 844))


def opened(open_page, site, name, **options):
    page = open_page(site.pages[name], **options)
    page.locator(READY[name]).first.wait_for(state="attached", timeout=120_000)
    page.wait_for_load_state("networkidle")
    return page


def violations(page) -> list[str]:
    """What axe-core finds, in words."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{v['id']}: {v['help']} ({n['target']}: {n.get('failureSummary', '')[:200]})" for v in found for n in v["nodes"][:3]]


@pytest.mark.parametrize("name", READY)
def test_everybody_can_use(site, open_page, name):
    """No violation by day and by night, nothing beyond the edge of a screen, a projector or a phone."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: tools/web.sh")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = opened(open_page, site, name, color_scheme="light", reduced_motion="reduce")
    told = []
    for scheme, width, height in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(100)
        page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
        beyond = page.evaluate("document.documentElement.scrollWidth")
        if beyond > width:
            told.append(f"{width} px: {beyond} px wide")
        if width > 400:
            told += [f"{scheme}: {each}" for each in violations(page)]
    page.evaluate("[...document.querySelectorAll('details')].slice(0, 6).forEach(d => d.open = true)")
    told += [f"opened, on a phone: {each}" for each in violations(page)]
    assert not told, "\n".join(told)


def test_nothing_moves_where_that_is_asked(site, open_page):
    page = opened(open_page, site, "run", reduced_motion="reduce")
    moving = "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) > 0


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
    page.route("**/numbers?measures=autonomy", thinned)
    page.evaluate(f"location.hash = '#/run/{site.run}?q=2010Q1&state=KAZ'")
    state = page.locator("[data-state=UZB]").first
    state.wait_for()
    assert state.get_attribute("aria-label") == "Uzbekistan no data"
    assert state.locator(".state").get_attribute("fill").startswith("url(#")

"""Light on the wire, smooth to drag."""

from __future__ import annotations

import json

import pytest
from webexplorer import scripting


def sent(page) -> list[tuple[str, int]]:
    """Addresses and bytes over the wire, by the browser's own account."""
    asked = "performance.getEntries().filter(e => e.transferSize !== undefined).map(e => [e.name, e.transferSize])"
    entries = page.evaluate(asked)
    return [(name, int(size)) for name, size in entries]


@pytest.mark.parametrize("order", ["post-soviet", "kazakhstan-2022", "warsaw-pact", "inter-american"])
def test_a_first_visit_to_a_result_is_light(site, open_page, order):
    """Of every order that comes with hegemon: page, script, fonts, map and numbers."""
    asked = {"scenario": order, "runs": 256, "seed": 7}
    run = site.run if order == "post-soviet" else site.explorer.finished("studies/run", asked)
    page = open_page(f"#/run/{run}?q=1975Q1")
    page.locator(".map, .tiles").first.wait_for()
    page.get_by_role("heading", name="Ties with the poles").wait_for()
    page.wait_for_load_state("networkidle")
    found = sent(page)
    assert any("app.js" in name for name, _ in found)
    assert sum("/numbers" in name for name, _ in found) == 2, "a measure, and the ties"
    whole = sum(size for _, size in found)
    print(f"{order}: {whole:,} bytes over the wire")
    assert whole <= 250_000, json.dumps(found)


def test_a_step_of_the_slider_costs_less_than_a_frame(site, open_page):
    page = open_page(f"#/run/{site.run}?q=1995Q1&state=KAZ&h=3")
    track = page.get_by_role("slider", name="Quarter")
    track.wait_for()
    page.locator("section .events").first.wait_for()
    page.wait_for_timeout(500)
    track.scroll_into_view_if_needed()
    each = scripting(page, track)
    print(f"{each:.1f} ms of scripting per step")
    assert each < 16

"""What a person does in the explorer: open, run, drag, step, share, change, compare."""

from __future__ import annotations

import re
from typing import Any

import pytest

WHEN = "[data-testid=quarter]"


def label(page: Any, state: str) -> str:
    """What a country says of itself: "Estonia 100%"."""
    return str(page.locator(f".map [data-state={state}]").first.get_attribute("aria-label"))


def test_home_leads_to_examples_results_and_orders(site, open_page):
    page = open_page("")
    page.get_by_role("heading", name="Recent results").wait_for()
    assert page.locator(".cards a").count() == 3
    page.get_by_role("link", name="Russia and the post-Soviet space").first.click()
    page.get_by_role("slider", name="Quarter").wait_for()
    assert site.run in page.url


def test_a_new_run_starts_shows_progress_and_opens(open_page):
    page = open_page("#/new?s=post-soviet&n=50&seed=11")
    page.get_by_text("50 histories:").wait_for()
    page.get_by_role("checkbox", name="Learning", exact=True).uncheck()
    page.get_by_text("without learning").wait_for()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("slider", name="Quarter").wait_for(timeout=120_000)
    assert page.locator(".facts").inner_text().count("without learning") == 1


def test_dragging_the_slider_moves_map_fans_and_address(site, open_page):
    page = open_page(f"#/run/{site.run}?q=1995Q1&state=KAZ")
    track = page.get_by_role("slider", name="Quarter")
    track.wait_for()
    before = label(page, "EST")
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 17)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 17, steps=20)
    page.mouse.up()
    quarter = page.locator(WHEN).inner_text()
    assert "2015Q1" < quarter < "2022Q1"
    assert label(page, "EST") != before
    page.wait_for_url(re.compile(f"q={quarter}"))


def test_keys_move_the_slider_and_space_plays(site, open_page):
    page = open_page(f"#/run/{site.run}?q=2000Q1&state=KAZ")
    track = page.get_by_role("slider", name="Quarter")
    track.focus()
    for key, quarter in (("ArrowRight", "2000Q2"), ("PageUp", "2001Q2"), ("ArrowLeft", "2001Q1"), ("Home", "1992Q1")):
        page.keyboard.press(key)
        assert page.locator(WHEN).inner_text() == quarter
    page.keyboard.press(" ")
    page.locator(WHEN, has_text=re.compile("199[3-9]")).wait_for()
    page.keyboard.press(" ")
    assert page.get_by_role("button", name="Play").is_visible()


def test_every_country_is_chosen_by_keyboard(site, open_page):
    page = open_page(f"#/run/{site.run}?state=KAZ")
    page.locator("[data-state=ARM]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("state=ARM"))
    assert page.locator("[data-state=ARM]").first.get_attribute("aria-pressed") == "true"
    states = page.locator(".map [data-state]")
    assert states.count() == 14
    assert all(re.search(r"[a-z] \d+%$", states.nth(i).get_attribute("aria-label")) for i in range(14))
    assert all(states.nth(i).get_attribute("tabindex") == "0" for i in range(14))


def test_small_countries_can_be_pressed(site, open_page):
    page = open_page(f"#/run/{site.run}?state=KAZ")
    for state in ("ARM", "MDA"):
        page.locator(f"[data-state={state}] circle").first.click()
        page.wait_for_url(re.compile(f"state={state}"))


def test_one_history_is_stepped_through_crisis_by_crisis(site, open_page):
    page = open_page(f"#/run/{site.run}?q=1992Q1&state=KAZ")
    page.get_by_role("button", name="One history").click()
    page.get_by_role("heading", name=re.compile(r"History 0: \d+ crises")).wait_for()
    seen = []
    for _ in range(3):
        page.get_by_role("button", name="Next crisis").click()
        seen.append((page.locator(WHEN).inner_text(), page.locator(".said .mine").inner_text()))
    assert len(set(seen)) == 3 and seen == sorted(seen, key=lambda each: each[0])
    events = site.explorer.ask(f"runs/{site.run}/histories/0")["events"]
    assert seen[0][0] == min(e["quarter"] for e in events)
    page.get_by_role("button", name="Next history").click()
    page.get_by_role("heading", name=re.compile("History 1:")).wait_for()


def test_the_map_says_what_the_result_says(site, open_page):
    result = site.explorer.ask(f"runs/{site.run}/result?measures=autonomy")
    states = [s["iso3"] for s in result["states"]]
    quarter = result["quarters"].index("2010Q1")
    page = open_page(f"#/run/{site.run}?q=2010Q1&state=KAZ")
    page.locator(".map").wait_for()
    for state in states:
        value = result["measures"]["autonomy"]["median"][states.index(state)][quarter]
        assert label(page, state).endswith(f" {100 * value:.0f}%") or abs(100 * value % 1 - 0.5) < 0.01


def test_a_link_shows_the_same_in_a_new_context(site, open_page):
    first = open_page(f"#/run/{site.run}?q=2014Q1&state=UKR")
    first.get_by_label("Colour by").select_option("fear")
    first.get_by_role("button", name="One history").click()
    first.get_by_role("heading", name=re.compile("History 0:")).wait_for()
    first.get_by_role("button", name="Copy link").click()
    first.wait_for_timeout(300)
    address = first.url
    for part in ("made=", "m=fear", "q=2014Q1", "state=UKR", "h=0"):
        assert part in address
    second = open_page(address.split("/", 3)[3])
    second.get_by_role("heading", name=re.compile("History 0:")).wait_for()
    assert label(second, "UKR") == label(first, "UKR")
    assert second.locator(WHEN).inner_text() == "2014Q1"


def test_a_link_without_a_result_makes_it(site, open_page):
    page = open_page("#/run?s=post-soviet&n=60&seed=7&q=2005Q3")
    page.locator(".map").wait_for()
    assert site.run in page.url
    assert page.locator(WHEN).inner_text() == "2005Q3"


def test_comparing_shows_two_maps_their_difference_and_the_sentences(site, open_page):
    page = open_page(f"#/compare/{site.compare}?m=fear&state=KAZ")
    page.get_by_role("heading", name="What exceeds luck").wait_for()
    page.locator(".maps .map").nth(2).wait_for()
    assert page.locator(".maps .map").count() == 3
    sentences = site.explorer.ask(f"compares/{site.compare}/result?measures=fear")["sentences"]
    assert page.locator(".sentences li").all_inner_texts() == sentences
    assert "+" in str(page.locator(".maps .map").nth(2).locator("[data-state=KAZ]").get_attribute("aria-label"))


def test_the_record_leads_to_what_if(site, open_page):
    page = open_page("#/record?state=KAZ")
    page.get_by_role("link", name="What if it had gone otherwise?").last.click()
    page.get_by_role("heading", name="What exceeds luck").wait_for(timeout=120_000)
    assert "2022Q1+KAZ+uprising+collective_force" in page.url


def test_claims_open_into_their_evidence(open_page):
    page = open_page("#/claims")
    page.locator("summary").first.click()
    page.wait_for_url(re.compile("open=C1"))
    assert page.locator(".estimands li").first.is_visible()


def test_dragging_a_neighbour_changes_what_it_must_expect(open_page):
    page = open_page("#/room")
    handle = page.get_by_role("slider")
    handle.wait_for()
    page.locator("aside table").first.wait_for()
    table = page.locator("aside table").first
    before = table.inner_text()
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] + 160, steps=10)
    page.mouse.up()
    assert table.inner_text() != before
    page.get_by_role("button", name="Back to where it stands").click()
    assert table.inner_text() == before
    handle.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url(re.compile("x=0"))


def test_a_mistake_is_told_in_a_sentence(open_page):
    page = open_page("#/new?s=post-soviet&n=100&force=2022Q1+KAZ+picnic", refused=True)
    page.locator("aside [role=status]", has_text="picnic").wait_for()
    assert page.get_by_role("button", name="Run", exact=True).is_disabled()


@pytest.mark.parametrize("where", ["#/nowhere", "#/run"])
def test_an_address_that_leads_nowhere_says_so(open_page, where):
    page = open_page(where)
    page.get_by_role("heading", level=1).wait_for()
    assert page.locator("main a").count() >= 1

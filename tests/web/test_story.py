"""What a person does in the explorer: open, run, drag, step, share, change, compare."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from webexplorer import until

WHEN = "[data-testid=quarter]"


def label(page: Any, state: str) -> str:
    """What a country says of itself: "Estonia 100%"."""
    return str(page.locator(f".map [data-state={state}]").first.get_attribute("aria-label"))


def test_home_leads_to_examples_results_and_orders(site, open_page):
    """A worked example whose answer is there opens at once: nothing is asked for, only read."""
    page = open_page("")
    page.get_by_role("heading", name="Recent results").wait_for()
    cards = page.locator(".cards a")
    cards.nth(2).wait_for()
    assert cards.count() == 3
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.method))
    cards.first.click()
    page.locator(".map").wait_for()
    assert set(asked) == {"GET"}
    assert site.run in page.url
    assert page.locator(WHEN).inner_text() == "2022Q1"
    page.go_back()
    cards.nth(1).click()
    page.get_by_role("heading", name="What exceeds luck").wait_for()
    assert site.compare in page.url


def test_a_new_run_starts_shows_progress_and_opens(open_page):
    page = open_page("#/new?s=post-soviet&n=50&seed=11")
    page.get_by_text("50 histories:").wait_for()
    page.get_by_role("checkbox", name="Learning", exact=True).uncheck()
    page.get_by_text("without learning").wait_for()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("slider", name="Quarter").wait_for(timeout=120_000)
    assert page.locator(".facts").inner_text().count("without learning") == 1


def test_a_parameter_is_changed_where_it_is_explained(open_page):
    """The group stays open; the change is listed, in the address, and can be taken back."""
    page = open_page("#/new?s=post-soviet")
    group = page.locator("details", has_text="Limited sovereignty")
    group.locator("summary").click()
    group.get_by_role("spinbutton", name="Base").fill("0.4")
    group.get_by_role("spinbutton", name="Base").press("Tab")
    page.locator(".changes", has_text="red_line.base = 0.4").wait_for()
    page.wait_for_url(re.compile("set=red_line.base%3D0.4"))
    group.get_by_text("1 changed").wait_for()
    group.get_by_role("button", name="Reset red_line.base").click()
    page.locator(".changes").wait_for(state="detached")
    assert group.get_by_role("spinbutton", name="Base").is_visible()


def test_a_run_is_watched_cancelled_and_can_be_resumed(site, open_page):
    """The bar grows while the page is open; what is finished is kept."""
    page = open_page("#/new?s=post-soviet&n=100000&seed=12")
    page.get_by_text("100,000 histories:").wait_for()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Working").wait_for(timeout=120_000)
    name = page.url.partition("#/run/")[2].partition("?")[0]
    bar = page.get_by_role("progressbar")
    seen = [until(lambda: float(bar.get_attribute("value") or 0), 120.0)]  # none while it is not known how far it is
    seen.append(until(lambda: (now := float(bar.get_attribute("value") or 0)) > seen[0] and now, 120.0))
    assert 0 < seen[0] < seen[1] < 100_000
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled").wait_for()
    page.get_by_text("what is finished is kept").wait_for()
    page.get_by_role("button", name="Resume").wait_for()
    assert site.explorer.ask(f"results/{name}")["done"] >= seen[1]
    home = open_page("#/")
    home.locator("li", has_text="100,000 histories").get_by_role("button", name="Resume").wait_for()


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
        assert page.locator(f"[data-state={state}]").first.get_attribute("aria-pressed") == "true"


def test_one_history_is_stepped_through_crisis_by_crisis(site, open_page):
    page = open_page(f"#/run/{site.run}?q=1992Q1&state=KAZ")
    page.get_by_role("button", name="One history").click()
    page.get_by_role("heading", name=re.compile(r"History 0: \d+ crises")).wait_for()
    seen = []
    for _ in range(3):
        page.get_by_role("button", name="Next crisis").click()
        seen.append((page.locator(WHEN).inner_text(), page.locator(".said .mine").inner_text()))
    assert len(set(seen)) == 3 and seen == sorted(seen, key=lambda each: each[0])
    events = site.explorer.ask(f"results/{site.run}/histories/0")["events"]
    assert seen[0][0] == min(e["quarter"] for e in events)
    page.get_by_role("button", name="Next history").click()
    page.get_by_role("heading", name=re.compile("History 1:")).wait_for()


def test_the_map_says_what_the_result_says(site, open_page):
    result = site.explorer.ask(f"results/{site.run}/numbers?measures=autonomy")
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


@pytest.mark.parametrize("name", ["compare", "room", "record", "claims", "new"])
def test_links_to_other_pages_show_the_same_too(site, open_page, name):
    """What a page says is in its address, and only there."""

    def settled(page: Any) -> None:
        if name == "room":
            page.locator("aside table").first.wait_for(timeout=120_000)
        if name == "claims":
            page.get_by_role("heading", name="Limited sovereignty").wait_for()
        if name == "new":
            page.get_by_text(re.compile("1,000 histories: ")).wait_for()
        page.wait_for_load_state("networkidle")

    first = open_page(site.pages[name])
    settled(first)
    first.wait_for_timeout(400)
    address = first.url
    second = open_page(address.split("/", 3)[3])
    settled(second)
    assert second.locator("main").inner_text() == first.locator("main").inner_text()
    assert len(first.locator("main").inner_text()) > 200


def test_everything_can_be_taken_home(site, open_page):
    """Each download is what its name says, of every kind of result, named after it."""
    begins = {"Report, one page (HTML)": b"<!doctype html>", "Main table (CSV)": b"", "All tables (Excel)": b"PK",
              "Main table (Stata)": b"<stata_dta>", "Main table (Parquet)": b"PAR1", "All arrays (NetCDF)": b"CDF",
              "All numbers (JSON)": b"{", "All tables (ZIP of CSV)": b"PK", "Bundle that rebuilds it (ZIP)": b"PK"}  # fmt: skip
    for where, result in ((f"#/run/{site.run}?q=2010Q1&state=KAZ", site.run), (f"#/compare/{site.compare}", site.compare)):
        page = open_page(where)
        page.get_by_text("Download", exact=True).click()
        assert page.locator(".menu a").all_inner_texts() == list(begins)
        for name, head in list(begins.items())[: None if result == site.run else 2]:  # the slow ones once
            if not page.get_by_role("link", name=name, exact=True).is_visible():  # a choice has closed the menu
                page.get_by_text("Download", exact=True).click()
            with page.expect_download(timeout=400_000) as coming:
                page.get_by_role("link", name=name, exact=True).click()
            file = coming.value
            assert file.suggested_filename.startswith(result)
            content = file.path().read_bytes()
            assert len(content) > 500 and content[: len(head)].lower() == head.lower(), name


def test_a_link_without_a_result_makes_it(site, open_page):
    page = open_page("#/run?s=post-soviet&n=512&seed=7&q=2005Q3")
    page.locator(".map").wait_for()
    assert site.run in page.url
    assert page.locator(WHEN).inner_text() == "2005Q3"


def test_comparing_shows_two_maps_their_difference_and_the_sentences(site, open_page):
    page = open_page(f"#/compare/{site.compare}?m=fear&state=KAZ")
    page.get_by_role("heading", name="What exceeds luck").wait_for()
    page.locator(".maps .map").nth(2).wait_for()
    assert page.locator(".maps .map").count() == 3
    told = site.explorer.ask(f"results/{site.compare}/document")
    sentences = [line.replace("`", "") for line in (told["finding"], *told["sentences"])]
    page.locator(".sentences li", has_text=sentences[0]).wait_for()
    assert page.locator(".sentences li").all_inner_texts() == sentences
    assert "+" in str(page.locator(".maps .map").nth(2).locator("[data-state=KAZ]").get_attribute("aria-label"))


def test_a_comparison_may_change_many_things(site, open_page):
    """Mechanisms, parameters and events of one side, set by hand; what is asked for is what was chosen, and the link says it."""
    page = open_page("#/compare")
    second = page.locator("fieldset").nth(1)
    second.locator("select option").nth(2).wait_for(state="attached")
    second.get_by_text("Switched off").click()
    for mechanism in ("Learning", "Doctrine"):
        second.get_by_role("checkbox", name=mechanism, exact=True).check()
    second.get_by_text("Parameters changed").click()
    for parameter, value in (("pact.vote", "2.5"), ("red_line.base", "0.4")):
        second.get_by_label("Parameter").fill(parameter)
        second.get_by_text("default").wait_for()
        second.get_by_label("Value").fill(value)
        second.get_by_role("button", name="Set").click()
        second.get_by_text(f"{parameter} = {value}").wait_for()
    second.get_by_text("Events that are given").click()
    for quarter, state, answer in (("2010Q2", "KGZ", "abstain"), ("2014Q1", "UKR", "economic_coercion")):
        for label, choice in (("Quarter", quarter), ("Neighbour", state), ("Answer", answer)):
            second.get_by_role("combobox", name=re.compile(f"^{label}")).select_option(choice)
        second.get_by_role("button", name="Add").click()
        second.get_by_text(f"{quarter} {state} uprising {answer}").wait_for()
    page.get_by_label("Pairs").fill("20")
    page.get_by_label("Pairs").press("Tab")
    with page.expect_request(lambda r: r.method == "POST" and r.url.endswith("/studies/compare")) as sent:
        page.get_by_role("button", name="Compare").click()
    asked = sent.value.post_data_json
    assert (asked["first"], asked["second"], asked["runs"]) == ("post-soviet", "post-soviet", 20)
    assert not asked["first_without"] and not asked["first_set"] and not asked["first_force"]
    assert sorted(asked["without"]) == ["doctrine", "learning"]
    assert asked["set"] == {"pact.vote": 2.5, "red_line.base": 0.4}
    assert asked["force"] == ["2010Q2 KGZ uprising abstain", "2014Q1 UKR uprising economic_coercion"]
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("second: without doctrine").wait_for()
    page.get_by_text("Cancelled").wait_for(timeout=120_000)


def test_any_study_is_asked_on_a_form_and_told_on_a_page(site, open_page):
    """The form is made of the question's schema; what comes is told whole, each figure drawn by the renderer of its kind."""
    page = open_page("#/ask")
    page.locator(".cards a").nth(10).wait_for()
    assert page.locator(".cards a").count() == len(site.explorer.ask("studies"))
    page.locator(".cards a", has_text="A replay").click()
    page.get_by_label("Runs").fill("4")
    page.get_by_label("Runs").press("Tab")
    page.get_by_text("on this machine").wait_for()
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".finding").wait_for(timeout=240_000)
    told = site.explorer.ask(f"results/{page.url.partition('#/result/')[2].partition('?')[0]}/document")
    figures = [block["figure"] for section in told["sections"] for block in section["blocks"] if block["kind"] == "figure"]
    assert page.locator("figure[data-kind]").evaluate_all("all => all.map(f => f.dataset.kind)") == [f["kind"] for f in figures]
    assert page.locator("figure[data-kind] svg").count() >= len(figures)
    page.get_by_role("link", name="Change something").click()
    assert page.get_by_label("Runs").input_value() == "4"


def test_a_scenario_file_is_checked_and_runs_like_a_built_in_one(open_page, tmp_path):
    """A mistake is told with its line, which is shown; put right in place, the file is an order like any other."""
    page = open_page("#/scenario", excused="status of 400")
    toy = (Path(__file__).parents[1] / "toy.toml").read_text("utf-8")
    line = next(i for i, row in enumerate(toy.splitlines(), 1) if row.startswith("end "))
    wrong = tmp_path / "My toy.toml"
    wrong.write_text(toy.replace('"2005Q4"', '"2005Q5"'), encoding="utf-8")
    page.get_by_label("Scenario file").set_input_files(wrong)
    told = page.get_by_role("alert")
    told.wait_for()
    assert "2005Q5" in told.inner_text() and f"(my-toy.toml, line {line})" in told.inner_text()
    page.get_by_role("button", name=f"Show line {line}").click()
    area = page.get_by_label("Its text")
    assert "2005Q5" in area.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    area.fill(toy)
    page.get_by_role("button", name="Check and keep").click()
    page.get_by_role("link", name="Set up a run").click()
    page.get_by_label("Scenario").get_by_text("A toy order").wait_for(state="attached")
    page.get_by_label("Histories").fill("20")
    page.get_by_label("Histories").press("Tab")
    page.get_by_text("20 histories:").wait_for()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("heading", name="A toy order").wait_for()
    page.locator(".tiles [data-state]").nth(2).wait_for(timeout=120_000)


def test_a_file_too_large_or_not_text_is_refused_before_it_is_sent(open_page, tmp_path):
    page = open_page("#/scenario")
    page.get_by_text("up to 200 kB").wait_for()
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url))
    large, binary = tmp_path / "large.toml", tmp_path / "binary.toml"
    large.write_text("# filler\n" * 30_000, encoding="utf-8")
    binary.write_bytes(b"title = \"\xff\xfe\"")
    for file, words in ((large, "up to 200 kB are taken"), (binary, "not text in UTF-8")):
        page.get_by_label("Scenario file").set_input_files(file)
        page.get_by_role("alert").filter(has_text=words).wait_for()
    assert sent == []


def test_the_record_leads_to_what_if(site, open_page):
    page = open_page("#/record?state=KAZ")
    page.get_by_role("link", name="What if it had gone otherwise?").last.click()
    page.get_by_role("heading", name="What exceeds luck").wait_for(timeout=120_000)
    assert "2022Q1+KAZ+uprising+collective_force" in page.url


def test_claims_open_into_their_evidence(open_page):
    page = open_page("#/claims")
    page.locator("#claim-C1 summary").click()
    page.wait_for_url(re.compile("open=C1"))
    assert page.locator("#claim-C1 table tbody tr").first.is_visible()


def test_dragging_a_neighbour_changes_what_it_must_expect(open_page):
    """Also the odds of each of the nine answers, move by move, from what is there: nothing is asked for."""
    page = open_page("#/room")
    handle = page.get_by_role("slider")
    handle.wait_for(timeout=120_000)
    table = page.locator("aside table").first
    table.wait_for()
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/api/" in r.url else None)

    def odds() -> dict[str, float]:
        rows = page.locator("[data-answer]").all()
        return {row.get_attribute("data-answer"): float(row.locator("td").nth(2).inner_text()[:-1]) for row in rows}

    before, stands = table.inner_text(), odds()
    assert len(stands) == 9 and sum(stands.values()) == pytest.approx(100.0, abs=0.6)
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    seen = [stands]
    for step in (1, 2, 3):
        page.mouse.move(box["x"] - 20 * step, box["y"] + 54 * step, steps=4)
        seen.append(odds())
        assert sum(seen[-1].values()) == pytest.approx(100.0, abs=0.6)
    page.mouse.up()
    assert all(one != other for one, other in pairwise(seen))
    assert sum(abs(seen[-1][name] - stands[name]) > 0.05 for name in stands) >= 5
    assert table.inner_text() != before
    page.get_by_role("button", name="Back to where it stands").click()
    assert table.inner_text() == before and odds() == stands
    assert asked == []
    handle.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url(re.compile("x=0"))


def test_a_mistake_is_told_in_a_sentence(open_page):
    page = open_page("#/new?s=post-soviet&n=100&force=2022Q1+KAZ+picnic", excused="status of 400")
    page.locator("aside [role=status]", has_text="picnic").wait_for()
    assert page.get_by_role("button", name="Run", exact=True).is_disabled()


@pytest.mark.parametrize("where", ["#/nowhere", "#/run"])
def test_an_address_that_leads_nowhere_says_so(open_page, where):
    page = open_page(where)
    page.get_by_role("heading", level=1).wait_for()
    assert page.locator("main a").count() >= 1

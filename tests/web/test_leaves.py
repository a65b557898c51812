"""What leaves the machine, and what a page bears: pictures, slides, a site on a disk; a server that was away, names, menus."""

from __future__ import annotations

import functools
import http.server
import re
import subprocess
import sys
import threading

import pytest
from playwright.sync_api import expect
from webexplorer import RUN, Explorer

from hegemon.server.site import OWN


def test_a_menu_closes_by_escape_outside_and_by_a_choice(site, open_page):
    page = open_page(site.pages["run"])
    menu = page.locator("details.menu").first
    menu.locator("summary").click()
    expect(menu.get_by_text("Main table (Parquet)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_text("Main table (Parquet)")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu.get_by_text("Main table (Parquet)")).to_be_hidden()


@pytest.mark.parametrize("format", ["csv", "parquet", "nc", "zip", "xlsx", "dta", "json"])
def test_a_comparison_is_downloaded_in_every_format(site, format, tmp_path):
    import urllib.request

    with urllib.request.urlopen(f"{site.explorer.address}api/v1/results/{site.compare}/download?format={format}") as answer:
        assert answer.headers["content-disposition"].endswith(f'.{format}"')
        (tmp_path / f"it.{format}").write_bytes(answer.read())
    if format == "nc":
        import xarray as xr

        with xr.open_dataset(tmp_path / "it.nc", engine="scipy") as found:
            names = set(found.data_vars)
        assert {"autonomy_first", "autonomy_difference", "fear_difference_low", "parted"} <= names, "all arrays"


def test_every_picture_is_taken_as_svg_png_and_slide(site, open_page, tmp_path):
    page = open_page(site.pages["run"], accept_downloads=True, color_scheme="dark")
    page.locator(".map").wait_for()
    page.get_by_role("button", name="Take a picture").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    names = page.locator("dialog option").all_inner_texts()
    assert any("Room for foreign policy" in name for name in names) and len(names) > 10
    taken = {}
    for label, ending in (("Slide (PNG, 16:9)", ".png"), ("Picture (PNG)", ".png"), ("Picture (SVG)", ".svg"),
                          ("Numbers of what is seen (CSV)", ".csv")):  # fmt: skip
        with page.expect_download() as coming:
            page.get_by_role("button", name=label).click()
        taken[label] = tmp_path / (label[:5] + ending)
        coming.value.save_as(taken[label])
        assert coming.value.suggested_filename.endswith(ending)
    slide = taken["Slide (PNG, 16:9)"].read_bytes()
    wide, high = (int.from_bytes(slide[at : at + 4]) for at in (16, 20))
    assert slide[:4] == b"\x89PNG" and (wide, high) == (1920, 1080)
    drawn = taken["Picture (SVG)"].read_text("utf-8")
    assert "Kazakhstan" in drawn and "hegemon" in drawn and "class=" not in drawn and "var(--" not in drawn
    rows = taken["Numbers of what is seen (CSV)"].read_text("utf-8").splitlines()
    assert rows[0].startswith("state,name,quarter,") and any(row.startswith("KAZ,Kazakhstan,2010Q1,") for row in rows)
    assert page.locator("html").get_attribute("data-theme") == "dark", "the page is as it was"


def test_a_result_is_named_taken_away_and_had_back(open_page, tmp_path):
    explorer = Explorer(tmp_path / "results")
    try:
        explorer.start("--no-examples")
        explorer.finished("studies/run", {**RUN, "runs": 2, "end": "1993Q4"})
        page = open_page("#/", at=explorer, excused="ERR_CONNECTION|WebSocket")  # when it is stopped
        row = page.locator(".list li", has_text="A run, 2 histories")
        row.get_by_title("What to do with").click()
        row.get_by_role("button", name="Name it").click()
        page.get_by_label("Name of this result").fill("For the minister")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="For the minister")).to_be_visible()
        row.get_by_title("What to do with").click()
        row.get_by_role("button", name="Take it away").click()
        expect(page.get_by_text("was taken away")).to_be_visible()
        expect(row).to_have_count(0)
        assert (tmp_path / "results" / OWN / "deleted").is_dir()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("link", name="For the minister")).to_be_visible()
    finally:
        explorer.stop()


def test_a_page_outlives_a_server_that_was_away(open_page, tmp_path):
    explorer = Explorer(tmp_path / "results")
    try:
        explorer.start("--no-examples")
        page = open_page("#/", at=explorer, excused="WebSocket|ERR_CONNECTION|Failed to load|dynamically imported|was preloaded")
        expect(page.locator(".list li").first).to_be_visible()
        explorer.stop()
        expect(page.get_by_text("The server is away")).to_be_visible()
        page.get_by_role("link", name="Claims").click()
        expect(page.get_by_role("alert")).to_be_visible()
        explorer.start("--no-examples")
        expect(page.get_by_text("The patron lacked a smooth way").first).to_be_visible(timeout=60_000)
        expect(page.get_by_text("The server is away")).to_be_hidden()
    finally:
        explorer.stop()


@pytest.mark.parametrize("where", ["#/%E0%A4%A", "#/run/%E0%A4%A?q=2001Q1"])
def test_an_address_that_is_no_text_gets_a_sentence(where, open_page):
    page = open_page(where)
    expect(page.get_by_role("heading", name="This address cannot be read")).to_be_visible()


def test_a_measure_that_there_is_not_gets_a_sentence(site, open_page):
    page = open_page(f"#/run/{site.run}?m=nonsense")
    expect(page.get_by_text("There is no measure called “nonsense”")).to_be_visible()
    page.locator(".map").wait_for()
    page.wait_for_function("!location.hash.includes('nonsense')")


def test_a_comparison_opens_at_its_own_event(site, open_page):
    page = open_page("#/")
    page.get_by_role("link", name=re.compile("Kazakhstan 2022: the patron alone, against")).or_(
        page.get_by_role("link", name=re.compile("January 2022 in Kazakhstan"))).first.click()  # fmt: skip
    expect(page.get_by_test_id("quarter")).to_have_text("2022Q1")


def test_on_a_phone_everything_can_be_pressed(site, open_page):
    """24 pixels each way, or far enough from its neighbours (WCAG 2.2, 2.5.8)."""
    from test_access import AXE, READY, opened

    told = []
    for name in ("home", "run", "room", "claims", "record", "scenario"):
        page = opened(open_page, site, name, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        page.locator(READY[name]).first.wait_for(state="attached")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {runOnly: ['target-size'], resultTypes: ['violations']})")["violations"]
        told += [f"{name}: {node['target']}" for each in found for node in each["nodes"]]
        page.close()
    assert told == []


@pytest.fixture(scope="module")
def published(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published") / "site"
    results = site.explorer.results
    several = [str(results / site.run), str(results / site.compare), *sorted(map(str, results.glob("room-*")))[:1]]
    words = [sys.executable, "-m", "hegemon.cli.main", "publish", str(folder), *several]
    subprocess.run(words, check=True, capture_output=True, timeout=580)
    return folder


def test_a_published_site_opens_from_a_disk(site, published, chromium):
    """Every page, with its state in the address, in a frame too; nothing is asked of anybody."""
    whole = sum(file.stat().st_size for file in published.rglob("*") if file.is_file())
    assert whole < 6_000_000, f"{whole:,} bytes"
    here = (published / "index.html").as_uri()
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    asked, said = [], []
    page = context.new_page()
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(here)
    page.locator(".list li a").first.wait_for()
    assert page.get_by_role("link", name="Ask").count() == 0, "nothing can be asked"
    page.goto(f"{here}#/run/{site.run}?q=2010Q1&state=KAZ")
    page.locator(".map").wait_for()
    expect(page.get_by_test_id("quarter")).to_have_text("2010Q1")
    page.get_by_label("Colour by").select_option("fear")
    page.wait_for_function("location.hash.includes('m=fear')")
    page.goto(f"{here}#/compare/{site.compare}?m=fear&state=KAZ&q=2022Q1")
    page.locator(".maps svg").first.wait_for()
    page.goto(f"{here}#/claims?open=C1")
    page.get_by_text("The patron lacked a smooth way").first.wait_for()
    page.goto(f"{here}#/record?state=UKR")
    page.locator(".crises li").first.wait_for()
    page.goto(f"{here}#/new")
    page.get_by_text("This is a published copy").wait_for()
    page.goto(f"{here}#/result/{site.run}")
    page.locator("figure svg").first.wait_for()
    frame = f'<iframe src="{here}#/run/{site.run}?q=2010Q1&amp;embed=1" width="1200" height="800"></iframe>'
    (published.parent / "host.html").write_text(f"<!doctype html>{frame}", encoding="utf-8")
    page.goto((published.parent / "host.html").as_uri())
    page.frame_locator("iframe").locator(".map").wait_for()
    assert page.frame_locator("iframe").locator("nav[aria-label=Pages]").count() == 0
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert said == []


def test_whoever_comes_to_look_is_offered_nothing_to_start(open_page, tmp_path):
    """A viewer's link: no question, run, upload or cancelling is offered, and what is not there yet says who may ask for it."""
    explorer = Explorer(tmp_path / "results")
    try:
        explorer.start("--no-examples", "--lan")
        port = int(re.search(r":(\d+)/", explorer.address)[1])
        token = explorer.said["viewer"].partition("?")[2]
        explorer.address = f"http://127.0.0.1:{port}/"
        page = open_page(f"?{token}#/", at=explorer, excused="ERR_CONNECTION|WebSocket|403")
        expect(page.get_by_text("You have come by a viewer's link")).to_be_visible()
        nav = page.locator("nav[aria-label=Pages]")
        expect(nav.get_by_role("link", name="Ask")).to_have_count(0)
        expect(page.get_by_role("link", name=re.compile("bring a scenario"))).to_have_count(0)
        assert page.locator("main a[href^='#/new'], main a[href^='#/ask']").count() == 0
        for where in ("#/new", "#/ask/run", "#/scenario"):
            page.evaluate("to => { location.hash = to; }", where)
            expect(page.get_by_role("heading", name="For whoever has the host's link")).to_be_visible()
        page.evaluate("location.hash = '#/room?state=UKR'")
        expect(page.get_by_role("alert")).to_contain_text("Nobody has asked this here yet")
        page.evaluate("location.hash = '#/predict'")
        expect(page.get_by_text("No prediction was asked here yet")).to_be_visible()
        expect(page.get_by_role("button", name="Predict")).to_have_count(0)
        page.evaluate("location.hash = '#/compare'")
        expect(page.get_by_text("None was asked yet")).to_be_visible()
        page.evaluate("location.hash = '#/record?state=KAZ'")
        page.locator(".crises li").first.wait_for()
        expect(page.get_by_role("link", name="What if it had gone otherwise?")).to_have_count(0)
    finally:
        explorer.stop()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *args):
        pass


def test_a_published_site_runs_orders_where_a_host_serves_it(published, chromium):
    """From a static server: light at first, the engine only when it is wanted, nothing asked of anybody else; stories, too."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(published)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}/"
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page, asked = context.new_page(), []
    page.set_default_timeout(120_000)
    page.on("request", lambda r: asked.append(r.url))
    try:
        page.goto(here)
        page.locator(".list li a").first.wait_for()
        page.wait_for_load_state("networkidle")
        first = page.evaluate("performance.getEntries().reduce((sum, e) => sum + (e.transferSize ?? 0), 0)")
        print(f"first visit to a published site: {first:,} bytes, uncompressed as this server sends them")
        assert first < 900_000 and not [url for url in asked if "/engine/" in url]
        page.goto(f"{here}#/stories/pact")
        page.locator(".shown figcaption b").wait_for()
        page.goto(f"{here}#/compare")
        page.get_by_role("link", name=re.compile("Kazakhstan 2022")).first.wait_for()
        page.goto(f"{here}#/tab?s=post-soviet&n=64&seed=1")
        page.wait_for_function("document.querySelector('form [role=status]')?.textContent.includes(' in ')")
        page.locator("section .fans, section svg").first.wait_for()
        assert [url for url in asked if not url.startswith((here, "data:", "blob:"))] == []
    finally:
        context.close()
        server.shutdown()
        server.server_close()


def test_from_a_disk_the_page_says_what_to_do(published, chromium):
    page = chromium.new_context().new_page()
    page.goto(f"{(published / 'index.html').as_uri()}#/tab")
    expect(page.get_by_role("alert")).to_contain_text("python -m http.server")
    page.context.close()

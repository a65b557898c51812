"""The report as a file on a disk: no server, no network, and everything in it can be seen, moved, read and taken home."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import os
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from webexplorer import scripting

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = os.environ.get("HEGEMON_SHOTS")
WHEN = "[data-testid=quarter]"
PICTURES = ("region", "timeline", "autonomy", "orientation", "instruments", "crises", "regard_region", "regard", "order")

Opener = Callable[..., Any]


@pytest.fixture(scope="session")
def report(site: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as the explorer hands it out."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    address = f"{site.explorer.address}api/v1/results/{site.run}/download?format=html"
    with urllib.request.urlopen(address, timeout=120) as answer:
        file.write_bytes(answer.read())
    return file


@pytest.fixture
def open_file(chromium: Any) -> Iterator[Opener]:
    """Open a file in a browser without network. At the end: nothing but the file was asked for, no error was said."""
    asked: list[str] = []
    files: set[str] = set()
    said: list[str] = []
    contexts = []

    def opened(file: Path, drawn: bool = True, **options: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, "offline": True, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: asked.append(r.url))
        page.on("console", lambda m: said.append(m.text))
        page.on("pageerror", lambda e: said.append(str(e)))
        files.add(file.as_uri())
        page.goto(file.as_uri())
        if drawn:
            page.get_by_role("slider", name="Quarter").wait_for()
            page.wait_for_timeout(100)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert set(asked) == files and len(asked) == len(contexts)
    assert said == []


def data_of(report: Path) -> dict[str, Any]:
    text = report.read_text(encoding="utf-8").partition('id="data">')[2].partition("</script>")[0]
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(text)))
    return found


def label(page: Any, state: str) -> str:
    return str(page.locator(f".boxless [data-state={state}]").first.get_attribute("aria-label"))


def test_it_is_one_small_file_that_opens_at_once(report, open_file):
    assert report.stat().st_size <= 1_500_000
    page = open_file(report)
    page.wait_for_timeout(300)
    largest, loaded = page.evaluate(
        "new Promise(done => new PerformanceObserver(l => done([Math.max(...l.getEntries().map(e => e.startTime)), "
        "performance.getEntriesByType('navigation')[0].loadEventEnd]))"
        ".observe({type: 'largest-contentful-paint', buffered: true}))"
    )
    print(f"{report.stat().st_size:,} bytes, loaded after {loaded:.0f} ms, largest paint after {largest:.0f} ms")
    assert max(largest, loaded) < 1_000


def test_its_data_are_the_answer_that_the_explorer_gives(report, site):
    found, answer = data_of(report), site.explorer.ask(f"results/{site.run}/numbers")
    for part in ("quarters", "states", "poles", "patron", "region", "measures", "orientation", "order"):
        assert found[part] == answer[part], part
    assert len(found["record"]) == len(answer["record"]) == 74
    assert all(crisis.items() <= told.items() for crisis, told in zip(found["record"], answer["record"], strict=True))


def test_every_picture_is_drawn_in_its_place(report, open_file):
    page = open_file(report)
    for name in PICTURES:
        figure = page.locator(f"figure[data-part={name}]")
        assert figure.locator("svg").count() > 0, name
        assert figure.locator("figcaption").count() == 1
    found = data_of(report)
    assert page.locator(".boxless .map g[role=button]").count() == len(found["states"])
    for name in ("autonomy", "orientation", "regard"):
        assert page.locator(f"#{name} button svg").count() == len(found["states"])
    assert page.locator("#timeline .mark").count() == len(found["record"]) + len(found["events"])
    assert page.locator("#order svg").count() == len(found["order"])


def test_the_slider_moves_every_picture_by_hand_and_by_keys(report, open_file):
    page = open_file(report)
    assert page.locator(WHEN).inner_text() == "2022Q1"
    before, fan = label(page, "EST"), page.locator("#autonomy button").first.inner_text()
    track = page.get_by_role("slider", name="Quarter")
    track.focus()
    for key, quarter in (("Home", "1992Q1"), ("ArrowRight", "1992Q2"), ("PageUp", "1993Q2")):
        page.keyboard.press(key)
        assert page.locator(WHEN).inner_text() == quarter
    assert label(page, "EST") != before
    assert page.locator("#autonomy button").first.inner_text() != fan
    page.locator("#orientation").scroll_into_view_if_needed()
    box = track.bounding_box()
    assert 0 <= box["y"] < 60, "it stays in sight down the page"
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 17)
    assert "2005Q1" < page.locator(WHEN).inner_text() < "2013Q4"


def test_a_neighbour_chosen_anywhere_is_chosen_everywhere(report, open_file):
    page = open_file(report)
    page.locator(".boxless [data-state=KAZ]").focus()
    page.keyboard.press("Enter")
    chosen = page.locator(".pick select")
    assert chosen.input_value() == "KAZ"
    assert page.locator("#autonomy button[aria-pressed=true]").inner_text().startswith("Kazakhstan")
    page.locator("#regard button", has_text="Ukraine").click()
    assert chosen.input_value() == "UKR"
    mark = page.locator("#timeline .events").first.locator(".mark").nth(10)
    mark.focus()
    page.keyboard.press("Enter")
    quarter, who = mark.get_attribute("aria-label").split(":")[0].split(", ")
    assert page.locator(WHEN).inner_text() == quarter
    assert page.locator("#timeline .said").inner_text().count(f"{quarter}, {who}") == 1


def test_any_measure_colours_map_and_tiles_with_its_table(report, open_file):
    page = open_file(report)
    found = data_of(report)
    at = [s["iso3"] for s in found["states"]].index("UKR")
    pole = found["poles"][1]["id"]
    page.get_by_label("Colour by").select_option(f"orientation:{pole}")
    page.get_by_role("button", name="Tiles").click()
    share = f"{100 * found['orientation'][pole]['median'][at][-1]:.0f}%"
    assert share in page.locator(".boxless [data-state=UKR]").inner_text()
    page.locator(".boxless summary", has_text="2022Q1").click()
    row = page.locator(".boxless figure tbody tr", has_text="Ukraine").inner_text().split("\t")
    assert float(row[3].rstrip("%")) == pytest.approx(100 * found["orientation"][pole]["median"][at][-1], abs=0.051)
    page.locator(".boxless summary", has_text="neighbour by neighbour").click()
    fans = page.locator(".boxless details button svg")
    fans.first.wait_for()
    assert fans.count() == len(found["states"])
    assert page.get_by_label("Colour by").locator("option").count() == len(found["measures"]) + len(found["poles"])


def test_its_numbers_can_be_taken_home(report, open_file):
    page = open_file(report, accept_downloads=True)
    found = data_of(report)

    def taken(name: str) -> list[dict[str, str]]:
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        assert download.value.suggested_filename.startswith("post-soviet-")
        return list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))

    rows = taken("All numbers (CSV)")
    states, quarters = len(found["states"]), len(found["quarters"])
    assert len(rows) == quarters * ((len(found["measures"]) + len(found["poles"])) * states + len(found["order"]))
    mine = next(r for r in rows if (r["measure"], r["state"], r["quarter"]) == ("fear", "GEO", "2008Q3"))
    at = [s["iso3"] for s in found["states"]].index("GEO")
    assert float(mine["p95"]) == found["measures"]["fear"]["p95"][at][found["quarters"].index("2008Q3")]
    crises = taken("Crises (CSV)")
    assert [sum(r["history"] == h for r in crises) for h in ("record", "model")] == [len(found["record"]), len(found["events"])]
    assert [r["name"] for r in crises if r["history"] == "record"] == [e["name"] for e in found["record"]]


def test_no_data_is_hatched_and_names_are_text(report, open_file, tmp_path):
    """The same page with a hole in its data, and a name that would be markup."""
    found = data_of(report)
    at = [s["iso3"] for s in found["states"]].index("UZB")
    for grid in found["measures"]["autonomy"].values():
        grid[at] = [None] * len(grid[at])
    found["states"][0]["name"] = "<b>Armenia</b> & co"
    page = open_file(changed(report, found, tmp_path / "holed.html"))
    state = page.locator(".boxless [data-state=UZB]")
    assert state.get_attribute("aria-label") == "Uzbekistan no data"
    assert state.locator(".state").get_attribute("fill").startswith("url(#")
    assert "<b>Armenia</b> & co" in page.locator("#autonomy").inner_text()


def test_an_order_without_map_is_drawn_as_tiles(report, open_file, tmp_path):
    found = {**data_of(report), "map": None, "record": []}
    page = open_file(changed(report, found, tmp_path / "mapless.html"))
    assert page.locator(".boxless .tile").count() == len(found["states"])
    assert page.locator(".boxless .map").count() == 0
    assert page.locator("#timeline .events").count() == 1


def changed(report: Path, data: dict[str, Any], target: Path) -> Path:
    """The page with other data."""
    from hegemon.studies.run.page import packed

    head, begin, rest = report.read_text(encoding="utf-8").partition('id="data">')
    target.write_text(head + begin + packed(data) + rest[rest.index("</script>") :], encoding="utf-8")
    return target


def test_without_javascript_it_reads_as_sentences_and_tables(report, open_file):
    page = open_file(report, drawn=False, java_script_enabled=False)
    text = page.locator("body").inner_text()
    assert "The pictures need JavaScript" in text
    assert "Room for foreign policy" in text and "not a forecast" in text and "Borders for orientation only" in text
    page.locator("#autonomy summary").click()
    assert page.locator("#autonomy table tbody tr").count() > 20
    assert page.locator("#numbers table").first.is_visible()


def test_a_browser_that_cannot_unpack_says_so(report, chromium):
    context = chromium.new_context(offline=True)
    context.add_init_script("delete window.DecompressionStream")
    page = context.new_page()
    page.goto(report.as_uri())
    page.get_by_text("The pictures cannot be drawn in this browser").wait_for()
    assert page.locator("#numbers table").first.is_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(report, open_file, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: tools/web.sh")
    page = open_file(report, color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.wait_for_timeout(300)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    told = [f"{v['id']}: {v['help']} ({n['target']}: {n.get('failureSummary', '')[:200]})" for v in found for n in v["nodes"][:3]]
    assert told == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_it_fits_phones_and_projectors(report, open_file, width, scheme):
    page = open_file(report, viewport={"width": width, "height": 844}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if SHOTS:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
        page.screenshot(path=f"{SHOTS}/report-{width}-{scheme}.png", full_page=True)


def test_it_prints_in_light_colours_with_its_pictures(report, open_file, tmp_path):
    page = open_file(report, color_scheme="dark")
    back = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(back)
    page.emulate_media(media="print")
    assert page.evaluate(back) != dark
    assert not page.get_by_role("slider", name="Quarter").is_visible()
    assert page.get_by_role("heading", name="Russia and the post-Soviet space").is_visible()
    assert page.locator("#autonomy button svg").first.is_visible()
    page.emulate_media(media="screen")
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    sheets = (tmp_path / "report.pdf").read_bytes().count(b"/Type /Page\n")
    assert 3 <= sheets <= 14
    if SHOTS:
        (Path(SHOTS) / "report.pdf").write_bytes((tmp_path / "report.pdf").read_bytes())


def test_a_step_of_the_slider_costs_less_than_a_frame(report, open_file):
    page = open_file(report)
    each = scripting(page, page.get_by_role("slider", name="Quarter"))
    print(f"{each:.1f} ms of scripting per step")
    assert each < 16

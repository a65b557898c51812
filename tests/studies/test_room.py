"""A room for manoeuvre as its user sees it: what is particular to it, and a sentence for every mistake."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.instruments import NAMES
from hegemon.pages import charts, html
from hegemon.pages.charts.triangle import HEIGHT, LEFT, TOP, line
from hegemon.studies.room.question import RoomQuestion
from hegemon.studies.room.tables import GROUPS

TOY = Path(__file__).parents[1] / "toy.toml"
SMALL = ["--draws", "6", "--orientation-grid", "5"]
FIGURES = ["map-coercion", "map-coercion-given-crisis", "map-unrest", "unrest", "walk", "effects", "way"]


def kazakhstan(
    order: hegemon.Order | str = "post-soviet", at: str = "2010Q1", since: str = "2004Q1", **more: Any
) -> hegemon.Room:
    """Kazakhstan's, small."""
    few: dict[str, Any] = {"draws": 6, "orientation_grid": 5, "ties": "none", "parameters": "mean"}
    return hegemon.room(order, "KAZ", at, since, **few | more)


@pytest.fixture(scope="module")
def found() -> hegemon.Room:
    """Kazakhstan's in 2010, by the record."""
    return kazakhstan()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    (tmp_path / "toy.toml").write_text(TOY.read_text("utf-8"), encoding="utf-8")
    return tmp_path


def test_its_numbers_are_shares_that_add_up(found: hegemon.Room) -> None:
    assert found.made["worlds"] == "the record to 2009Q4"
    for name in ("red_line", "autonomy"):
        row = found.now[name]
        assert 0.0 <= row["low"] <= row["mean"] <= row["high"] <= 1.0
    data = found.data
    assert data["coercion"].dims == ("point", "unrest") and data["coercion"].shape == (25, 4)
    assert data["coercion"].attrs["long_name"]
    assert float(data["weight"].sum()) == pytest.approx(1.0)
    assert (data["coercion"] <= data["crisis"] + 1e-9).all()
    answer = data["answer"]
    assert answer.sum("instrument").values == pytest.approx(1.0, abs=1e-6)
    for group, members in GROUPS.items():
        together = answer.sel(instrument=list(members)).sum("instrument")
        assert together.values == pytest.approx(data[f"{group}_given_crisis"].values, abs=1e-6)
    assert set(NAMES) <= set(found.now["given_a_crisis"])


@pytest.mark.slow
def test_the_command_gives_the_library_s_numbers(found: hegemon.Room, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same question by name: the same numbers, and the same again; other luck gives others."""
    argv = ["room", "KAZ", "--at", "2010Q1", "--since", "2004Q1", *SMALL, "--ties", "none", "--parameters", "mean"]
    assert main([*argv, "--out", "r", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["numbers"]["main"] == json.loads(json.dumps({"now": found.now, "then": found.then, "change": found.change}))
    assert said["command"] == found.question.line
    kept = hegemon.open(here / "r")
    assert kept.data.identical(found.data)
    assert kept.document().plain() == found.document().plain()
    assert kazakhstan(seed=4).now != found.now


@pytest.mark.slow
def test_the_page_draws_most_figures_for_telephones_too(found: hegemon.Room) -> None:
    """Every picture has a text beside it, every id is one of a kind; both maps stand side by side."""
    told = found.document()
    assert [figure.name for figure in told.figures] == FIGURES
    page = html.page(told)
    drawn = re.findall(r'<svg role="img" aria-label="([^"]*)"', page)
    assert len(drawn) == 2 + 2 * 5 and all(len(text) > 60 for text in drawn)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    assert '<div class="side">' in page and "Figure 7" in page
    said = page.count("in a year</title>"), page.count("given a crisis</title>")
    assert said == (25, 25), "whoever points at a place of a large triangle reads what it is"


def test_every_chart_is_a_valid_chart(found: hegemon.Room) -> None:
    for figure in found.document().figures:
        charts.chart(figure).to_dict(validate=True)
        assert figure.finding and len(figure.data)


def test_the_red_line_is_drawn_where_it_is() -> None:
    """Parallel to the base, at the height of its share: read back from the picture's own geometry."""
    (x1, y1), (x2, y2) = line(0.25, 400.0)
    assert y1 == y2 == pytest.approx(TOP + HEIGHT * 400.0 * 0.75, abs=0.06)
    assert x2 - x1 == pytest.approx(300.0, abs=0.2)
    assert x1 == pytest.approx(LEFT + 50.0, abs=0.06)


def test_a_person_reads_what_matters(found: hegemon.Room, capsys: pytest.CaptureFixture[str]) -> None:
    from hegemon.pages.terminal import show

    show(found.document())
    said = capsys.readouterr().out
    for words in ("Kazakhstan must leave Russia at least", "In a year a crisis breaks out", "If a crisis breaks out",
                  "Collective force", "membership of the pact", "Main numbers"):  # fmt: skip
        assert words in said


@pytest.mark.slow
def test_two_poles_have_no_triangle_and_no_record_no_measured_ties(here: Path) -> None:
    found = hegemon.room("toy.toml", "BOB", draws=6, orientation_grid=5)
    assert (found.made["worlds"], found.made["parameters"]) == ("simulated histories", "draws of the prior, 3 set by hand")
    assert (found.question.date, found.question.earlier) == ("2005Q4", "2000Q1")
    assert [figure.name for figure in found.document().figures] == FIGURES[3:]
    assert found.question.key().startswith("room-toy-BOB-2005Q4-")


@pytest.mark.slow
def test_the_first_quarter_compared_with_itself() -> None:
    found = kazakhstan(at="1992Q1", since="1992Q1")
    assert all(row == {"mean": 0.0, "low": 0.0, "high": 0.0} for row in found.change.values())
    assert found.made["worlds"] == "the opening of the scenario"
    assert [figure.name for figure in found.document().figures] == FIGURES[:-1]


def test_what_was_set_holds_in_every_draw() -> None:
    """Draws of the posterior, but for what is set by hand: without base and slopes there is no line."""
    off = {f"red_line.{name}": 0.0 for name in ("base", "doctrine", "obligation", "dependence", "integration")}
    found = kazakhstan(hegemon.load("post-soviet").with_parameters(off), parameters="posterior")
    assert found.made["parameters"] == "draws of the posterior, 5 set by hand"
    assert found.now["autonomy"] == {"mean": 1.0, "low": 1.0, "high": 1.0}


def test_a_user_s_ties_belong_to_the_question(here: Path) -> None:
    """The table itself, not the name of its file, tells two questions apart; elsewhere it is read from the question."""
    from importlib import resources

    table = resources.files("hegemon.evidence").joinpath("post-soviet.csv").read_bytes()
    Path("mine.csv").write_bytes(table)
    one = RoomQuestion.of({"state": "KAZ", "ties": "mine.csv"}).resolved()
    Path("mine.csv").write_bytes(table + b"\n")
    other = RoomQuestion.of({"state": "KAZ", "ties": "mine.csv"}).resolved()
    assert one.fingerprint() != other.fingerprint()
    Path("mine.csv").unlink()
    place = one.path("ties")
    assert place is not None and Path(place).read_bytes() == table
    assert one.command()[-2:] == ["--ties", "mine.csv"]


WRONG = {
    "no state": (["room"], "Missing"),
    "unknown state": (["room", "KAX"], 'UnknownState: "KAX" is no neighbour in post-soviet. Did you mean "KAZ"?'),
    "small letters": (["room", "kaz"], 'Did you mean "KAZ"?'),
    "the patron": (["room", "RUS"], "RUS is the patron of post-soviet"),
    "before the start": (["room", "KAZ", "--at", "1991Q4"], "--at 1991Q4 lies outside post-soviet. It runs from 1992Q1"),
    "after the end": (["room", "KAZ", "--at", "2022Q3"], "--at 2022Q3 lies outside post-soviet"),
    "since before the start": (["room", "KAZ", "--since", "1980Q1"], "--since 1980Q1 lies outside post-soviet"),
    "since after": (["room", "KAZ", "--at", "2000Q1", "--since", "2005Q1"], "--since 2005Q1 lies after --at 2000Q1"),
    "no quarter": (["room", "KAZ", "--at", "2022"], 'at = "2022"'),
    "no draws": (["room", "KAZ", "--draws", "0"], "draws = 0. It must lie between 2 and 4096."),
    "too coarse": (["room", "KAZ", "--orientation-grid", "1"], "It must lie between 4 and 40."),
    "no posterior": (["room", "BOB", "toy.toml", "--parameters", "posterior"], "toy names no posterior"),
    "other parameters": (["room", "KAZ", "--parameters", "point"], "'point' is not one of"),
    "incumbents": (["room", "KAZ", "--incumbents", "go"], "'go' is not one of"),
    "ties": (["room", "KAZ", "--ties", "warsaw"], "warsaw"),
    "ties of no file": (["room", "KAZ", "--ties", "nowhere.csv"], "nowhere.csv"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_told_in_one_sentence(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv, sentence = WRONG[case]
    assert main(argv) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert not (here / "results").exists()


@pytest.mark.slow
def test_beyond_the_record_are_only_dice(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario that runs on after its record: a date there is refused, unless dice are asked for."""
    Path("later.toml").write_text('extends = "post-soviet"\nend = "2026Q1"\n', encoding="utf-8")
    assert main(["room", "KAZ", "later.toml", "--at", "2024Q1"]) == 2
    assert "ends with 2022Q1, before 2024Q1. Name a date to 2022Q2, or add --dice" in capsys.readouterr().err
    assert kazakhstan("later.toml", "2024Q1", "2010Q1", dice=True).made["worlds"] == "simulated histories"


@pytest.mark.slow
def test_a_scenario_that_follows_the_record_itself_is_taken_at_its_word() -> None:
    found = kazakhstan("kazakhstan-alone", "2023Q1", "2022Q1")
    assert found.made["worlds"] == "the record to 2021Q4, then simulated histories with 1 forced event"

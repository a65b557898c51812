"""The record driven through an order, as its user sees it: numbers that add up, a page that stands alone."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.event import PARTS
from hegemon.history import record_events
from hegemon.studies.replay.compute import drive
from hegemon.studies.replay.observed import COLUMNS, complete, tally, unobserved
from hegemon.studies.replay.surprise import account, effective, log_mean_exp, odds

TOY = Path(__file__).parents[1] / "toy.toml"
MINE = """\
crisis_id,patron,state,start,name,kind,severity,incumbent_before,incumbent_survived,orientation_after,host_request,\
response_primary,legal_frame
ana-1,HUB,ANA,2000-05,A riot <in the> capital & elsewhere,uprising,3,pro_patron,1,pro_patron,asked,security_support,none
bob-1,HUB,BOB,2001-01-15,A province rises,secession,2,balanced,1,balanced,none,mediate,none
bob-2,HUB,BOB,2003-11,A lost vote,electoral_turnover,1,balanced,0,pro_rival,none,abstain,none
cyd-1,HUB,CYD,2004-02,A treaty elsewhere,westward_turn,1,pro_rival,1,pro_rival,none,economic_coercion,none
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "toy.toml").write_text(TOY.read_text("utf-8"), encoding="utf-8")
    (tmp_path / "mine.csv").write_text(MINE, encoding="utf-8")
    return tmp_path


REPLAY = ["replay", "toy.toml", "--history", "mine.csv", "--runs", "8", "--seed", "3"]


def document(argv: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    assert main([*argv, "--json"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return json.loads(said.out)


def test_numbers_add_up(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every part is there, parts add up to the whole in the mean, quarters too; Jensen's inequality holds."""
    found = document(REPLAY, capsys)["numbers"]
    *parts, total = found["parts"]
    assert [row["part"] for row in parts] == list(PARTS)
    assert sum(row["mean"] for row in parts) == pytest.approx(total["mean"], abs=1e-3)
    assert sum(row["mean"] for row in found["quarters"]) == pytest.approx(total["mean"], abs=1e-3)
    assert sum(row["decisions"] for row in parts) == total["decisions"]
    assert len(found["quarters"]) == 24
    assert [row["decisions"] for row in parts if row["part"] == "crisis"] == [24 * 3]
    assert [row["decisions"] for row in parts if row["part"] == "response"] == [4]
    for row in found["parts"]:
        assert row["low"] <= row["mean"] <= row["high"] <= 0.0 or row["sd"] < 1e-6
        assert row["log_mean_exp"] >= row["mean"] - 1e-9
        assert 1.0 <= row["effective_draws"] <= 8.0 + 1e-9
    assert {row["crisis_id"] for row in found["crises"]} == {"ana-1", "bob-1", "bob-2", "cyd-1"}
    for row in found["crises"]:
        assert row["answer"] == pytest.approx(math.exp(row["log_response"]))
        assert row["answer_low"] <= row["answer_high"]
    overall = [row["log_all"] for row in found["crises"]]
    assert overall == sorted(overall), "the least expected first"


def test_the_same_question_is_the_same_result(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the command line and from Python, by file and as a table; another seed is another result."""
    one = document([*REPLAY, "--out", "a"], capsys)
    other = hegemon.replay("toy.toml", "mine.csv", runs=8, seed=3)
    assert one["command"] == "hegemon replay toy.toml --history mine.csv --runs 8 --seed 3" == other.question.line
    assert one["numbers"] == json.loads(json.dumps(other.plain()))
    table = hegemon.replay(hegemon.load("toy.toml"), hegemon.history("mine.csv"), runs=8, seed=3)
    assert table.worlds.equals(other.worlds)
    changed = hegemon.replay("toy.toml", "mine.csv", runs=8, seed=4)
    assert changed.total["mean"] != other.total["mean"]


def test_an_opened_replay_is_the_replay(here: Path) -> None:
    """Without scenario and crisis file at hand."""
    found = hegemon.replay("toy.toml", "mine.csv", runs=8, out="r")
    for name in ("toy.toml", "mine.csv"):
        (here / name).unlink()
    again = hegemon.open("r")
    assert again.document().plain() == found.document().plain()
    assert again.log_probability.equals(found.log_probability)
    assert again.log_probability.dims == ("part", "run", "quarter", "state")


def test_the_page_stands_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One file, no scripts, nothing from any network; names escaped; every neighbour and crisis in it."""
    document([*REPLAY, "--out", "r"], capsys)
    page = Path("r/report.html").read_text("utf-8")
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert not re.search(r"url\((?!#|data:)", page)
    assert "A riot &lt;in the&gt; capital &amp; elsewhere" in page
    assert "<in the>" not in page
    for words in ("Ana", "Bob", "Cyd", "A lost vote", "8</dd>", "Turnover", hegemon.load("toy.toml").hash):
        assert words in page
    assert len(set(re.findall(r' id="([^"]+)"', page))) == len(re.findall(r' id="([^"]+)"', page)), "ids are unique"
    for text in re.findall(r"<title>([^<]*)</title>", page)[1:]:
        assert text, "whoever points at a mark reads what it is"


def test_figures_hold_their_numbers(here: Path) -> None:
    """Each has what its picture is drawn from."""
    figures = {figure.name: figure.data for figure in hegemon.replay("toy.toml", "mine.csv", runs=8).document().figures}
    assert set(figures) == {"neighbours", "answers", "quarters"}
    paths = figures["neighbours"]
    assert set(paths["measure"]) == {"orientation", "red_line", "fear", "legitimacy"}
    assert len(paths) == 4 * 3 * 24
    assert (paths["p05"] <= paths["median"]).all() and (paths["median"] <= paths["p95"]).all()
    assert paths[["p05", "p95"]].stack().between(0.0, 1.0).all()
    assert figures["quarters"]["quarter"].nunique() == 24
    assert len(figures["answers"]) == 4


SEEN = """\
state,year,hub,away,error
ANA,1999,0.72,0.28,0.3
ANA,2001,0.80,0.20,0.3
ANA,2004,0.88,0.12,0.3
BOB,2000,0.05,0.95,0.2
BOB,2001,0.06,0.94,0.2
BOB,2002,0.04,0.96,0.2
BOB,2003,0.05,0.95,0.2
XXX,2003,0.50,0.50,0.3
"""


@pytest.fixture
def seen(here: Path) -> Path:
    """The toy order, whose ties were observed: Ana now and then, Bob year by year, far from where the model has it; Cyd never."""
    (here / "seen.csv").write_text(SEEN, encoding="utf-8")
    text = (here / "toy.toml").read_text("utf-8").replace('end      = "2005Q4"', 'end      = "2005Q4"\nties     = "seen.csv"')
    (here / "seen.toml").write_text(text, encoding="utf-8")
    return here


def test_where_neighbours_stood_is_beside_where_they_were_led(seen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By neighbour, year and pole, from first observation to last, in the order's years; numbers, picture and words agree."""
    found = document(["replay", "seen.toml", *REPLAY[2:]], capsys)["numbers"]["observed"]
    assert len(found) == 2 * (5 + 4) and list(found[0]) == list(COLUMNS)
    ana = [row for row in found if row["state"] == "ANA" and row["pole"] == "hub"]
    assert [row["year"] for row in ana if row["seen"]] == [2001, 2004]
    assert [row["year"] for row in ana if not row["seen"]] == [2000, 2002, 2003]
    for row in found:
        assert 0.0 < row["low"] <= row["median"] <= row["high"] < 1.0 and row["model_low"] <= row["model"] <= row["model_high"]
        assert row["inside"] == (row["low"] <= row["model"] <= row["high"])
    of = hegemon.replay("seen.toml", "mine.csv", runs=8, seed=3)
    bob = of.observed[(of.observed["state"] == "BOB") & (of.observed["pole"] == "hub")]
    led = of.worlds["orientation"].sel(state="BOB", pole="hub", quarter=["2002Q1", "2002Q2", "2002Q3", "2002Q4"]).mean("quarter")
    assert float(bob.set_index("year").at[2002, "model"]) == pytest.approx(float(led.median("run")), abs=1e-6)
    assert not bob["inside"].any() and (bob["high"] < 0.15).all()
    (figure,) = (figure for figure in of.document().figures if figure.name == "neighbours")
    drawn = figure.data[figure.data["measure"] == "observed"]
    assert drawn["state"].tolist() == ["ANA"] * 5 + ["BOB"] * 4 and drawn["time"].tolist()[5:] == [2000.5, 2001.5, 2002.5, 2003.5]
    np.testing.assert_allclose(drawn["p95"], of.observed.loc[of.observed["pole"] == "hub", "high"], atol=1e-4)
    assert "Black: where the neighbour stood" in figure.reading
    rows = [row for row in found if row["pole"] == "hub" and row["seen"]]
    inside, above = (sum(row["inside"] for row in rows), sum(row["model"] > row["high"] for row in rows))
    assert 0 < inside < 6 and above >= 4
    assert f"Hub lies inside the observed 90 % band in {inside}, above it in {above} and below" in figure.finding
    assert "Of 6 neighbour-years" in figure.finding and "observed in Bob (inside the band in 0 of 4 years)" in figure.finding
    assert figure.tables[-1].rows[0][:5] == ["Bob", "4", "0", "4", "0"]
    year, *cells = figure.tables[-2].rows[2]
    assert year == "2002" and (cells[0][0], cells[1][0].isdigit(), cells[2]) == ("[", True, ""), "guessed, seen, never seen"
    assert "where the neighbour stood" in of.page()


def test_without_observations_the_picture_is_what_it_was(seen: Path) -> None:
    """An order of which nothing was observed, and a result that was made before observations stood beside it."""
    none = hegemon.replay("toy.toml", "mine.csv", runs=8, seed=3)
    some = hegemon.replay("seen.toml", "mine.csv", runs=8, seed=3, out="r")
    stripped, whole = (each.document().figures[-1].plain() for each in (dataclasses.replace(some, observed=unobserved()), some))
    assert none.observed.empty and none.document().figures[-1].plain() == stripped != whole
    assert [track["series"] for track in stripped["settings"]["tracks"]] == [["red_line", "orientation"], ["legitimacy", "fear"]]
    assert hegemon.open("r").document().plain() == some.document().plain()
    note = json.loads(Path("r/manifest.json").read_text("utf-8"))
    del note["files"]["observed.parquet"]
    Path("r/manifest.json").write_text(json.dumps(note), encoding="utf-8")
    Path("r/observed.parquet").unlink()
    old = hegemon.open("r")
    assert old.observed.empty and old.document().figures[-1].plain() == stripped
    assert old.plain()["observed"] == [] and old.worlds.equals(some.worlds)


def test_a_neighbour_observed_before_and_after_alone_is_drawn_and_not_counted(seen: Path) -> None:
    """Between its observations it has a past; the model is held against none of it."""
    Path("seen.csv").write_text("state,year,hub,away,error\nANA,1999,0.7,0.3,0.3\nANA,2007,0.6,0.4,0.3\n", encoding="utf-8")
    found = hegemon.replay("seen.toml", "mine.csv", runs=8, seed=3)
    assert len(found.observed) == 2 * 6 and not found.observed["seen"].any()
    figure = found.document().figures[-1]
    assert "No neighbour was observed within these years" in figure.finding
    assert len(figure.tables) == 5 and figure.data["measure"].eq("observed").sum() == 6


def test_who_is_kept_to_least_comes_first() -> None:
    """Counted over years in which a neighbour was observed; a band's ends belong to it."""
    rows = [("A", True, 0.5, 0.2, 0.5), ("A", True, 0.6, 0.2, 0.5), ("B", True, 0.1, 0.2, 0.5), ("B", False, 0.3, 0.2, 0.5),
            ("C", True, 0.3, 0.2, 0.5), ("D", True, 0.9, 0.2, 0.5)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["state", "seen", "model", "low", "high"])
    table = table.assign(median=0.4, model_low=table["model"] - 0.1, model_high=table["model"] + 0.1)
    found = tally(table.assign(inside=table["model"].between(table["low"], table["high"])))
    assert found.index.tolist() == ["D", "B", "A", "C"], "of those that are never kept to, the one that is farther off"
    counts = {state: row[:5] for state, *row in found.itertuples()}
    assert counts == {"D": [1, 0, 1, 0, 0], "B": [1, 0, 0, 1, 0], "A": [2, 1, 1, 0, 1], "C": [1, 1, 0, 0, 1]}
    assert found["apart"].tolist() == pytest.approx([0.5, 0.3, 0.15, 0.1])
    assert complete(["1991Q4", "1992Q1", "1992Q2", "1992Q3", "1992Q4", "1993Q1"]) == {1992: [f"1992Q{n}" for n in range(1, 5)]}


def test_a_person_reads_what_surprised_the_model(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*REPLAY, "--out", "r"]) == 0
    said = capsys.readouterr().out
    for part in (*PARTS, "all"):
        assert re.search(rf"^ {part} ", said, re.MULTILINE)
    for words in ("Log-mean-exp", "5–95 %", "Answers to which the model gave least", "2003Q4, Bob: A lost vote",
                  "Report: r/report.html"):  # fmt: skip
        assert words in said


def test_one_draw_and_no_crisis_are_no_special_case(here: Path) -> None:
    """One draw has no spread; a quiet record has no surprises."""
    Path("mine.csv").write_text("\n".join(MINE.splitlines()[:2]), encoding="utf-8")
    total = hegemon.replay("toy.toml", "mine.csv", runs=1).total
    assert total["sd"] == 0.0
    assert total["log_mean_exp"] == pytest.approx(total["mean"])
    order = hegemon.load("toy.toml")
    logs = drive(order, record_events(hegemon.history("mine.csv")).head(0), runs=1)["log_probability"]
    crises, quarters, parts = account(logs, record_events(hegemon.history("mine.csv")).head(0))
    assert (len(crises), len(quarters)) == (0, 24)
    assert parts.set_index("part")["decisions"]["crisis"] == 24 * 3


def test_an_order_without_a_record_needs_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "toy.toml"]) == 2
    assert "has no coded record" in capsys.readouterr().err
    assert main([*REPLAY[:4], "--runs", "0"]) == 2
    assert "runs = 0. It must lie between 1 and 4096." in capsys.readouterr().err
    assert main([*REPLAY[:4], "--seed", "-1"]) == 2
    assert "seed = -1. It must lie between 0 and 9,007,199,254,740,991." in capsys.readouterr().err
    assert not Path("results").exists()
    with pytest.raises(UserError, match=r"runs = 0\. It must lie between 1 and 4096\."):
        hegemon.replay("toy.toml", "mine.csv", runs=0)


@pytest.mark.slow
def test_the_order_s_own_record(here: Path) -> None:
    """The default: 74 crises of the post-Soviet record, and what is set aside is said."""
    found = hegemon.replay(runs=4)
    assert len(found.crises) == 74
    told = found.document()
    (notes,) = (section for section in told.sections if section.anchor == "notes")
    assert "kgz-2010-june-osh" in str(notes.blocks)
    assert "January unrest and CSTO deployment" in str(told.tables)
    assert len(told.figures[-1].settings["panels"]) == 14
    assert len(found.observed) == 14 * 23 * 4 and found.observed["seen"].all()


def test_the_mean_of_probabilities_is_not_the_probability_of_the_mean() -> None:
    logs = np.log(np.array([[0.5, 1e-300], [0.1, 1e-300]]))
    assert log_mean_exp(logs) == pytest.approx([math.log(0.3), math.log(1e-300)])
    assert effective(np.zeros(5)) == pytest.approx(5.0)
    assert effective(np.array([0.0, -800.0, -900.0])) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("p", "said"),
    [(0.31, "31 %"), (0.052, "5.2 %"), (0.0042, "1 in 240"), (1 / 31_000, "1 in 31,000"), (1e-9, "1 in 10^9")],
)
def test_odds_as_people_say_them(p: float, said: str) -> None:
    assert odds(math.log(p)) == said

"""The record driven through an order, as its user sees it: numbers that add up, a page that stands alone."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.event import PARTS
from hegemon.studies.replay.surprise import effective, log_mean_exp, odds

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
    found = document(REPLAY, capsys)
    assert [row["part"] for row in found["parts"]] == list(PARTS)
    total = found["total"]
    assert sum(row["mean"] for row in found["parts"]) == pytest.approx(total["mean"], abs=1e-3)
    assert sum(row["mean"] for row in found["quarters"]) == pytest.approx(total["mean"], abs=1e-3)
    assert sum(row["decisions"] for row in found["parts"]) == total["decisions"]
    assert len(found["quarters"]) == 24
    assert [row["decisions"] for row in found["parts"] if row["part"] == "crisis"] == [24 * 3]
    assert [row["decisions"] for row in found["parts"] if row["part"] == "response"] == [4]
    for row in (total, *found["parts"]):
        assert row["low"] <= row["mean"] <= row["high"] <= 0.0 or row["sd"] < 1e-6
        assert row["log_mean_exp"] >= row["mean"] - 1e-9
        assert 1.0 <= row["effective_draws"] <= 8.0 + 1e-9
    assert {row["crisis_id"] for row in found["crises"]} == {"ana-1", "bob-1", "bob-2", "cyd-1"}
    for row in found["crises"]:
        assert row["answer"] == pytest.approx(math.exp(row["log_response"]))
        assert row["answer_low"] <= row["answer_high"]
    overall = [row["log_all"] for row in found["crises"]]
    assert overall == sorted(overall), "the least expected first"


def test_it_says_how_it_was_made_and_makes_the_same_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import hegemon

    one = document([*REPLAY, "--out", "a"], capsys)
    other = document([*REPLAY, "--out", "b"], capsys)
    assert (one["seed"], one["runs"], one["history"]) == (3, 8, "mine.csv")
    assert one["scenario_hash"] == hegemon.load("toy.toml").hash
    assert one["version"] == hegemon.__version__
    for name in ("total", "parts", "crises", "quarters", "history_hash"):
        assert one[name] == other[name]
    for file in one["files"]:
        made, again = Path(file), Path(file.replace("a/", "b/", 1))
        assert made.read_bytes() == again.read_bytes(), file
    changed = document([*REPLAY, "--seed", "4", "--out", "c"], capsys)
    assert changed["total"]["mean"] != one["total"]["mean"]


def test_the_page_stands_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One file, no scripts, nothing from any network; names escaped; every neighbour and crisis in it."""
    found = document([*REPLAY, "--out", "r"], capsys)
    names = sorted(Path(file).relative_to("r").as_posix() for file in found["files"])
    figures = [
        f"figures/{stem}.{kind}" for stem in ("answers", "neighbours", "quarters") for kind in ("csv", "png", "svg")
    ]
    assert names == [*figures, "replay.html"]
    page = Path("r/replay.html").read_text("utf-8")
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert not re.search(r"url\((?!#)", page)
    assert "A riot &lt;in the&gt; capital &amp; elsewhere" in page
    assert "<in the>" not in page
    for words in (
        "Ana",
        "Bob",
        "Cyd",
        "A lost vote",
        found["scenario_hash"],
        found["history_hash"],
        "8</dd>",
        "Turnover",
    ):
        assert words in page
    assert page.count('class="card"') == 3
    assert len(set(re.findall(r' id="([^"]+)"', page))) == len(re.findall(r' id="([^"]+)"', page)), "ids are unique"
    for text in re.findall(r"<title>([^<]*)</title>", page)[1:]:
        assert text, "whoever points at a mark reads what it is"
    assert Path("r/figures/neighbours.png").read_bytes().startswith(b"\x89PNG")


def test_the_numbers_beside_the_pictures(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document([*REPLAY, "--out", "r"], capsys)
    paths = pd.read_csv("r/figures/neighbours.csv")
    assert set(paths["measure"]) == {"orientation", "red_line", "fear", "legitimacy"}
    assert len(paths) == 4 * 3 * 24
    assert (paths["p05"] <= paths["median"]).all() and (paths["median"] <= paths["p95"]).all()
    assert paths[["p05", "p95"]].stack().between(0.0, 1.0).all()
    assert len(pd.read_csv("r/figures/quarters.csv")) == 24


def test_a_person_reads_what_surprised_the_model(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*REPLAY, "--out", "r"]) == 0
    said = capsys.readouterr().out
    for part in (*PARTS, "all"):
        assert re.search(rf"^ {part} ", said, re.MULTILINE)
    for words in ("log-mean-exp", "5-95 %", "Answers to which the model gave least", "Bob: A lost vote", "2003Q4",
                  "Page: r/replay.html"):  # fmt: skip
        assert words in said


def test_one_draw_and_no_crisis_are_no_special_case(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.csv").write_text("\n".join(MINE.splitlines()[:2]), encoding="utf-8")
    found = document(["replay", "toy.toml", "--history", "mine.csv", "--runs", "1"], capsys)
    assert found["total"]["sd"] == 0.0
    assert found["total"]["log_mean_exp"] == pytest.approx(found["total"]["mean"])
    assert found["files"][0].startswith("results/replay-toy-")


def test_an_order_without_a_record_needs_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "toy.toml"]) == 2
    assert "has no coded record" in capsys.readouterr().err
    assert main([*REPLAY[:4], "--runs", "0"]) == 2
    assert "runs" in capsys.readouterr().err
    assert main([*REPLAY[:4], "--seed", "-1"]) == 2
    assert "seed = -1 is not between 0 and 2^64 - 1. Choose another seed." in capsys.readouterr().err
    assert not Path("results").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"seed": -1}, "seed = -1 is not between 0 and 2^64 - 1. Choose another seed."),
        ({"seed": 2**64}, f"seed = {2**64} is not between 0 and 2^64 - 1."),
        ({"runs": 0}, "runs = 0 is not between 1 and 4096."),
    ],
)
def test_the_library_says_the_same_as_the_command(wrong: dict[str, int], words: str) -> None:
    import hegemon

    with pytest.raises(UserError) as caught:
        hegemon.replay(hegemon.load(str(TOY)), **wrong)
    assert words in str(caught.value)


def test_the_order_s_own_record(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The default: 74 crises of the post-Soviet record, and what is set aside is said."""
    found = document(["replay", "--runs", "4", "--out", "r"], capsys)
    assert (found["scenario"], found["history"], len(found["crises"])) == ("post-soviet", "post-soviet", 74)
    assert any("kgz-2010-june-osh" in note for note in found["notes"])
    page = Path("r/replay.html").read_text("utf-8")
    assert page.count('class="card"') == 14
    assert "January unrest and CSTO deployment" in page


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

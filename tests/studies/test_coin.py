"""A further kind of answer is a folder and a line: here a file and a line, and it has all that studies have."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import hegemon
from hegemon import studies
from hegemon.cli.main import main

sys.path.insert(0, str(Path(__file__).parent))

from coin import COIN, Coin, CoinQuestion

from hegemon.errors import UserError


@pytest.fixture(autouse=True)
def with_the_coin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "STUDIES", (*studies.STUDIES, COIN))
    monkeypatch.chdir(tmp_path)


def test_it_is_a_command_with_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coin", "--help"]) == 0
    said = capsys.readouterr().out
    assert "Toss a coin, and say how often" in said and "--tosses" in said and "-n" in said and "[default: 100]" in said


def test_it_is_asked_saved_told_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coin", "dime", "-n", "400", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert "It fell on heads in" in said and "heads" in said
    (folder,) = Path("results").iterdir()
    assert folder.name.startswith("coin-dime-") and (folder / "report.html").is_file()
    found = hegemon.open(folder)
    assert isinstance(found, Coin) and found.question.line == "hegemon coin dime --tosses 400 --seed 3"
    assert found.document().finding in said
    assert main(["coin", "dime", "-n", "400", "--seed", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["finding"] == found.document().finding


def test_it_is_drawn_exported_bundled_and_rebuilt(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coin", "--out", "toss"]) == 0
    assert main(["report", "toss", "--format", "svg"]) == 0 and Path("toss/figures/sides.svg").is_file()
    assert main(["export", "toss", "sides.csv", "sides.dta", "sides.xlsx"]) == 0
    assert Path("sides.csv").read_text("utf-8").startswith("side,share\n")
    assert main(["bundle", "toss"]) == 0
    capsys.readouterr()
    assert main(["bundle", "--check", "toss.zip"]) == 0
    assert "the same to the bit" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--tosses", "0"], "tosses = 0. It must lie between 1 and 1,000,000."),
        (["--seed", "-1"], "seed = -1. It must lie between 0 and 9,007,199,254,740,991."),
        (["--tosses", "many"], "It must be a whole number"),
        (["--heads"], "No such option"),
    ],
)
def test_its_bounds_are_told(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coin", *words]) == 2
    said = capsys.readouterr().err
    assert sentence in said and said.count("\n") == 1
    assert not Path("results").exists()


def test_python_has_the_same_bounds() -> None:
    for wrong in ({"tosses": "5"}, {"tosses": 1.5}, {"seed": None}, {"tosses": True}):
        with pytest.raises(UserError, match="It must be a whole number"):
            CoinQuestion.of(wrong)
    with pytest.raises(UserError, match='Did you mean "tosses"'):
        CoinQuestion.of({"toses": 5})


def test_another_question_does_not_take_its_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coin", "--out", "toss"]) == 0
    assert main(["coin", "--seed", "1", "--out", "toss"]) == 2
    assert "holds another result, of: hegemon coin" in capsys.readouterr().err

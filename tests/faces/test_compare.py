"""`hegemon compare` as a user sees it."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.mechanisms import BY_NAME
from hegemon.studies import telling

TOY = Path(__file__).parents[1] / "toy.toml"


def told(*words: str) -> dict[str, Any]:
    """What a command prints as JSON; nothing else may stand on standard output."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["compare", *words, "-n", "64", "--json"]) == 0
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def differences(found: dict[str, Any]) -> np.ndarray:
    """Every difference among the numbers: means, intervals and quantiles of measures, and crises."""
    numbers = found["numbers"]
    parts = [each["values"] for name, each in numbers["summary"]["arrays"].items() if "_difference" in name]
    parts += [[row[name] for name in row if name.startswith("difference")] for row in numbers["crises"]]
    return np.concatenate([np.ravel(np.asarray(part, float)) for part in parts])


@pytest.fixture
def toy_file(tmp_path: Path) -> str:
    return shutil.copy(TOY, tmp_path / "toy.toml").as_posix()


@pytest.fixture(scope="module")
def without_pact(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """A toy order with and without its pact: what the command says, and the folder it leaves."""
    place = tmp_path_factory.mktemp("without_pact")
    toy = shutil.copy(TOY, place / "toy.toml")
    return told(str(toy), "--without", "pact", "--out", str(place / "out")), place / "out"


def test_an_order_compared_with_itself_differs_by_exactly_nothing(toy_file: str, tmp_path: Path) -> None:
    numbers = differences(told(toy_file, toy_file, "--out", str(tmp_path / "out")))
    assert len(numbers) > 1_000
    assert (numbers == 0).all()


@pytest.fixture(scope="module")
def asked_why(toy: Any) -> Any:
    """The toy order with another consent in its pact, and what carries the difference."""
    return hegemon.compare(toy, toy.with_parameters({"pact.vote": 4.0}), 64, 7, why=True)


def test_what_carries_a_difference_is_what_is_gone_without_a_mechanism(asked_why: Any, toy: Any) -> None:
    """By hand: the same comparison with the mechanism switched off in both."""
    other, quarter = toy.with_parameters({"pact.vote": 4.0}), asked_why.question.quarter
    rows = asked_why.carried
    assert set(rows["mechanism"]) == set(BY_NAME) - {name for name in BY_NAME if name in toy.off}
    now = asked_why.summary.sel(quarter=quarter)
    for name in ("support", "regard"):
        by_hand = hegemon.compare(toy.without(name), other.without(name), 64, 7).summary.sel(quarter=quarter)
        for measure in ("autonomy", "fear"):
            mine = rows[(rows["mechanism"] == name) & (rows["measure"] == measure)].set_index("state")
            for state in toy.states:
                assert mine.loc[state, "whole"] == pytest.approx(float(now[f"{measure}_difference"].sel(state=state)), abs=1e-6)
                left, error = (float(by_hand[f"{measure}_{part}"].sel(state=state)) for part in ("difference", "error"))
                assert mine.loc[state, "left"] == pytest.approx(left, abs=1e-6)
                assert mine.loc[state, "left_error"] == pytest.approx(error, rel=0.05, abs=1e-6)


def test_asking_why_is_another_question_with_the_same_comparison(asked_why: Any, toy: Any, tmp_path: Path) -> None:
    plain = hegemon.compare(toy, toy.with_parameters({"pact.vote": 4.0}), 64, 7)
    assert plain.question.key() != asked_why.question.key() and "--why" in asked_why.question.line
    assert plain.carried is None and "carried" not in plain.numbers()
    np.testing.assert_array_equal(plain.summary["fear_difference"].values, asked_why.summary["fear_difference"].values)
    saved = hegemon.open(asked_why.save(tmp_path / "why"))
    pd.testing.assert_frame_equal(saved.carried, asked_why.carried)
    assert saved.document().sentences == asked_why.document().sentences
    if any("comes on average" in line for line in plain.document().lines):
        assert any("was not measured" in line for line in plain.document().lines)


def test_a_comparison_says_how_it_was_made_and_leaves_a_page(without_pact: tuple[dict[str, Any], Path]) -> None:
    found, out = without_pact
    asked, arrays = found["question"], found["numbers"]["summary"]["arrays"]
    assert asked["without"] == ["pact"] and asked["seed"] == 0 and asked["runs"] == 64
    made = dict(telling.document(hegemon.open(out)).made)
    assert made["Fingerprint of first"] != made["Fingerprint of second"]
    assert differences(found).any()
    low, mean, high = (np.asarray(arrays[f"autonomy_difference{end}"]["values"]) for end in ("_low", "", "_high"))
    assert arrays["autonomy_difference"]["dims"] == ["quarter", "state"] and mean.shape == (24, 3)
    assert (low <= mean).all() and (mean <= high).all()
    page = (out / "report.html").read_text("utf-8")
    assert "<script" not in page and "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    noise = next(line for line in found["sentences"] if "run-to-run noise" in line)
    assert noise.split(" exceed")[0] in page
    assert all(made[f"Fingerprint of {each}"].strip("`") in page for each in ("first", "second"))
    assert 'id="movers"' in page


def test_the_terminal_gets_sentences(toy_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", toy_file, "--set", "unrest.spark=0.1", "-n", "256", "--out", str(tmp_path / "o")]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "exceed run-to-run noise" in said and "report.html" in said


@pytest.mark.parametrize(("format", "magic"), [
    pytest.param("png", b"\x89PNG", marks=pytest.mark.slow),
    pytest.param("pdf", b"%PDF", marks=pytest.mark.slow),
    ("svg", b"<svg"),
])  # fmt: skip
def test_its_figures_come_in_every_format_with_their_numbers(
    format: str,
    magic: bytes,
    without_pact: tuple[dict[str, Any], Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = without_pact[1]
    assert main(["report", str(out), "--format", format, "--out", str(tmp_path / "figures")]) == 0
    figures = hegemon.open(out).document().figures
    assert len(capsys.readouterr().out.splitlines()) == 2 * len(figures)
    for figure in figures:
        assert (tmp_path / "figures" / f"{figure.name}.{format}").read_bytes().startswith(magic)
        assert len(pd.read_csv(tmp_path / "figures" / f"{figure.name}.csv")) == len(figure.data) > 0


WRONG = [
    (["post-soviet"], "Missing: nothing to compare"),
    (["nowhere", "post-soviet"], "no scenario is called"),
    (["post-soviet", "nowhere"], "no scenario is called"),
    (["post-soviet", "--without", "pakt"], 'Did you mean "pact"?'),
    (["post-soviet", "--set", "pact.vote"], "mechanism.parameter=value"),
    (["post-soviet", "--set", "pact.vote=1e9"], "It must lie between"),
    (["post-soviet", "--force", "2022Q1 KAZ"], "quarter, state, crisis"),
    (["post-soviet", "--force", "2022Q9 KAZ uprising"], "no quarter"),
    (["post-soviet", "--force", "2022Q1 KAX uprising"], '"KAX" is unknown (--force)'),
    (["post-soviet", "--force", "2022Q1 KAZ riot"], '"riot" is unknown'),
    (["post-soviet", "--force", "2022Q1 KAZ uprising nukes"], '"nukes" is unknown'),
    (["post-soviet", "--force", "2022Q1 KAZ uprising collective_force", "--without", "pact"], "switched off"),
    (["post-soviet", "--force", "2022Q1 UKR uprising collective_force"], "no member of the pact"),
    (["post-soviet", "--force", "2022Q1 KAZ uprising color=red"], 'an event has no "color"'),
    (["post-soviet", "--force", "2022Q1 KAZ uprising survived=maybe"], "yes or no"),
    (["post-soviet", "--force", "2022Q1 KAZ uprising severity=9"], "1 (low), 2 (medium) or 3 (high)"),
    (["post-soviet", "--force", "2022Q1 KAZ uprising successor=green"], "(--force)"),
    (["post-soviet", "--force", "2022Q1 KAZ uprising", "--record", "2023Q1"], "(--record)"),
    (["post-soviet", "--instead-of", "1800Q1 KAZ uprising"], "It must lie from 1992Q1"),
    (["post-soviet", "--without", "pact", "--end", "1991Q1"], "It must lie after start"),
    (["post-soviet", "--without", "pact", "--at", "1900Q1"], "It must lie from 1992Q1"),
    (["post-soviet", "post-soviet", "-n", "1"], "runs = 1. It must lie between 2 and"),
    (["post-soviet", "post-soviet", "--seed", "-1"], "seed"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words[:3]) for words, _ in WRONG])
def test_a_mistake_is_one_sentence(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["compare", *words]) == 2
    out, err = capsys.readouterr()
    assert not out and said in err and err.count("\n") == 1 and "Traceback" not in err
    assert not list(tmp_path.iterdir())

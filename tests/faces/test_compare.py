"""`hegemon compare` as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hegemon.cli.main import main

FAST = ["-n", "64", "--json"]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What a command prints as JSON; nothing else may stand on standard output."""
    assert main(["compare", *words]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def differing(found: Any, under: str = "") -> list[float]:
    """Every number that stands under a key that begins with `difference`."""
    if isinstance(found, dict):
        return [
            x
            for key, value in found.items()
            for x in differing(value, under or (key if key.startswith("difference") else ""))
        ]
    if isinstance(found, list):
        return [x for value in found for x in differing(value, under)]
    return [float(found)] if under else []


@pytest.fixture
def toy_file(tmp_path: Path) -> str:
    file = tmp_path / "toy.toml"
    file.write_text((Path(__file__).parents[1] / "toy.toml").read_text("utf-8"), "utf-8")
    return str(file)


def test_an_order_compared_with_itself_differs_by_exactly_nothing(
    toy_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, toy_file, toy_file, *FAST, "--out", str(tmp_path / "out"))
    numbers = differing(found)
    assert len(numbers) > 1_000
    assert not any(numbers)


def test_a_comparison_says_how_it_was_made_and_leaves_a_page(
    toy_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, toy_file, "--without", "pact", *FAST, "--out", str(tmp_path / "out"))
    assert found["first_scenario_hash"] != found["second_scenario_hash"]
    assert found["second_without"] == "pact" and found["seed"] == 0 and found["runs"] == 64
    assert any(differing(found))
    quarters = found["quarters"]
    ana = found["neighbours"]["autonomy"]["ANA"]
    assert len(ana["difference"]) == len(ana["difference_low"]) == len(quarters) == 24
    assert all(low <= mean <= high for low, mean, high in
               zip(ana["difference_low"], ana["difference"], ana["difference_high"], strict=True))  # fmt: skip
    page = (tmp_path / "out" / "comparison.html").read_text("utf-8")
    assert "<script" not in page and "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert found["sentences"][1].split(" exceed")[0] in page
    assert (tmp_path / "out" / "movers.svg").is_file() and (tmp_path / "out" / "movers.csv").is_file()


def test_the_terminal_gets_sentences(toy_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", toy_file, "--set", "unrest.spark=0.1", "-n", "256", "--out", str(tmp_path / "o")]) == 0
    said = capsys.readouterr().out
    assert "run-to-run noise" in said and "comparison.html" in said


@pytest.mark.parametrize(("format", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<svg")])
def test_its_figures_come_in_every_format_with_their_numbers(
    format: str, magic: bytes, toy_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, toy_file, "--without", "pact", *FAST, "--out", str(tmp_path / "out"))
    assert main(["report", str(tmp_path / "out"), "--format", format, "--out", str(tmp_path / "figures")]) == 0
    assert (tmp_path / "figures" / f"movers.{format}").read_bytes().startswith(magic)
    assert (tmp_path / "figures" / "movers.csv").read_bytes() == (tmp_path / "out" / "movers.csv").read_bytes()
    assert len(capsys.readouterr().out.splitlines()) == 2 * len(list((tmp_path / "out").glob("*.svg")))


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
    (["post-soviet", "post-soviet", "-n", "1"], "at least two pairs"),
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

"""A bad crisis file is told in one sentence with its place and remedy, by every command that reads one."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_history import ACCEPTED, FILES, GOOD, MISFITS, PATHS, File

from hegemon.cli.main import main

CHECK = ["data", "check", "{}"]
SHOW = ["data", "show", "crises", "--history", "{}", "--out", "out.csv"]
REPLAY = ["replay", "--history", "{}", "--out", "r", "--runs", "2"]
FITS = ["data", "check", "{}", "--scenario", "post-soviet"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(here: Path, content: File) -> None:
    (here / "mine.csv").write_bytes(content if isinstance(content, bytes) else content.encode())


def refused(argv: list[str], name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence; nothing printed besides, nothing written."""
    before = sorted(here.rglob("*"))
    code = main([word.format(name) for word in argv])
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert said.err.count("\n") == 1, "one sentence on one line"
    assert "Traceback" not in said.err
    assert len(said.err) < 700
    assert sorted(here.rglob("*")) == before, "nothing half-written"
    return said.err


def test_there_are_enough_cases() -> None:
    assert len(FILES) + len(PATHS) + len(MISFITS) >= 40


@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_is_told_in_one_sentence(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, words = FILES[case]
    write(here, content)
    said = [refused(argv, "mine.csv", here, capsys) for argv in (CHECK, SHOW)]
    assert words in said[0]
    assert said[1] == said[0], "whichever command reads it"


@pytest.mark.parametrize("case", list(FILES)[::7])
def test_replay_tells_the_same(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, words = FILES[case]
    write(here, content)
    assert words in refused(REPLAY, "mine.csv", here, capsys)


@pytest.mark.parametrize("case", PATHS)
def test_what_is_no_file_is_told(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make, name, words = PATHS[case]
    make(here)
    for argv in (CHECK, SHOW, REPLAY):
        assert words in refused(argv, name, here, capsys)


@pytest.mark.parametrize("case", MISFITS)
def test_a_record_that_does_not_fit_is_told_before_anything_is_replayed(
    case: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never dropped in silence: a state, a year or an event the order cannot have."""
    content, words = MISFITS[case]
    write(here, content)
    for argv in (FITS, REPLAY):
        assert words in refused(argv, "mine.csv", here, capsys)


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_is_only_unusual_is_read(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, ACCEPTED[case])
    for argv in (CHECK, FITS):
        assert main([word.format("mine.csv") for word in argv]) == 0
    said = capsys.readouterr().out
    crises = {"everything quoted": 4, "a crowd in the last quarter": 8}.get(case, 5)
    assert f"{crises} crises in 4 states" in said


def test_the_good_file_reads_back_as_it_is(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, GOOD)
    assert main(["data", "show", "crises", "--history", "mine.csv", "--out", "out.csv"]) == 0
    assert (here / "out.csv").read_text("utf-8") == GOOD

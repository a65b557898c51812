"""Whatever the user gets wrong: one sentence with place and remedy, exit code 2, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bad_input import BASE, COMMANDS, FILES

from hegemon.scenarios.loader import LARGEST


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with some of everything that is no scenario."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    (tmp_path / "mine.toml").write_text(BASE, encoding="utf-8")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "latin.toml").write_bytes(b'extends = "post-soviet"\ntitle = "Caf\xe9"\n')
    (tmp_path / "large.toml").write_bytes(b"#" * (LARGEST + 1))
    (tmp_path / "one.toml").write_text('extends = "two.toml"\n', encoding="utf-8")
    (tmp_path / "two.toml").write_text('extends = "one.toml"\n', encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.toml")
    return tmp_path


def told(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command line."""
    from hegemon.cli.main import main

    try:
        code: object = main(argv)
    except SystemExit as left:
        code = left.code
    said = capsys.readouterr()
    return int(code) if isinstance(code, int) else -1, said.out, said.err


@pytest.mark.parametrize("case", FILES)
def test_a_bad_scenario_is_told_in_one_sentence(case: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, sentence = FILES[case]
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    code, out, err = told(["scenario", "check", "mine.toml"], capsys)
    assert sentence in err
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert err.count("\n") == 1, "one sentence on one line"


@pytest.mark.parametrize("case", COMMANDS)
def test_a_bad_command_line_is_told_in_one_sentence(
    case: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv, sentence = COMMANDS[case]
    code, out, err = told(argv, capsys)
    assert sentence in err
    assert code == 2
    assert "Traceback" not in out + err


def test_json_tells_mistakes_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program that asked for JSON gets its answer on standard output, with kind, place and remedy apart."""
    import json

    (folder / "mine.toml").write_text(BASE + "[states.KAZ]\nhold = 1.4\n", encoding="utf-8")
    code, out, _ = told(["scenario", "check", "mine.toml", "--json"], capsys)
    found = json.loads(out)
    assert (code, found["valid"], found["error"]["kind"]) == (2, False, "OutOfRange")
    assert found["error"]["place"] == "mine.toml, line 3"
    assert found["error"]["remedy"] == "It must lie between 0 and 1."

"""A result's folder: one writer at a time, whole or said to be damaged, and never gone on with by another model."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hegemon
from hegemon import studies
from hegemon.cli.main import main

sys.path.insert(0, str(Path(__file__).parent))

from coin import COIN

from hegemon.errors import UserError
from hegemon.studies import folder as folders
from hegemon.studies import provenance

HELD = """
import sys, time
from pathlib import Path
from hegemon.owner import owned
with owned(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(120)
"""
TOSS = """
import sys
sys.path.insert(0, sys.argv[1])
from hegemon import studies
from coin import COIN
studies.STUDIES = (*studies.STUDIES, COIN)
from hegemon.cli.main import main
sys.exit(main(["coin", "dime", "--out", "r"]))
"""


@pytest.fixture(autouse=True)
def with_the_coin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "STUDIES", (*studies.STUDIES, COIN))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def result(capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["coin", "dime", "--out", "r"]) == 0
    capsys.readouterr()
    return Path("r")


# ---- Owner ----


def test_who_comes_second_is_told_who_writes_and_a_dead_owner_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    other = subprocess.Popen([sys.executable, "-c", HELD, "r"], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        assert main(["coin", "dime", "--out", "r"]) == 1
        said = capsys.readouterr().err
        assert f"r is being written by process {other.pid} of " in said.replace('"', "") and said.count("\n") == 1
        assert not (Path("r") / folders.MANIFEST).exists()
    finally:
        other.kill()
        other.communicate()
    assert main(["coin", "dime", "--out", "r"]) == 0
    assert main(["doctor", "r"]) == 0


@pytest.mark.slow
def test_whoever_runs_at_once_one_makes_it_and_nothing_is_mixed() -> None:
    words = [sys.executable, "-c", TOSS, str(Path(__file__).parent)]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ended = [(one.communicate()[1], one.returncode) for one in running]
    assert {code for _, code in ended} <= {0, 1} and 0 in {code for _, code in ended}
    assert all(not said or ("is being written by" in said and said.count("\n") == 1) for said, _ in ended)
    assert main(["doctor", "r"]) == 0


# ---- Whole ----


@pytest.mark.parametrize("harm", ["gone", "short", "other"])
def test_what_is_not_as_it_was_written_is_one_sentence(result: Path, harm: str, capsys: pytest.CaptureFixture[str]) -> None:
    files = list(folders.contents(result))
    assert files
    for name in files:
        harmed = Path(f"{harm}-{name.replace('/', '-')}")
        shutil.copytree(result, harmed)
        content = (harmed / name).read_bytes()
        if harm == "gone":
            (harmed / name).unlink()
        else:
            (harmed / name).write_bytes(content[:-1] + (b"" if harm == "short" else bytes([content[-1] ^ 1])))
        with pytest.raises(UserError, match="make it again"):
            hegemon.open(harmed)
        for words in (["doctor", str(harmed)], ["report", str(harmed)], ["coin", "dime", "--out", str(harmed)]):
            assert main(words) == 2
            said = capsys.readouterr().err
            assert name in said and said.count("\n") == 1


def test_a_result_without_a_list_of_its_files_cannot_be_checked(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = folders.manifest_of(result)
    folders.write_manifest(result, "coin", "complete", found.asked(), found.made)
    assert main(["doctor", "r"]) == 2
    assert "has no list of its files" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [{"study": 5}, {"study": "\x1b[31m"}, {"status": "\x1b[31m"}, {"files": ["x"]}, {"files": {"\x1b[31m": [1, "a"]}},
     {"files": {"coin.json": "x"}}, {"made": None}, {"question": 5}, {"hegemon": "\x1b[31m"}, "[" * 100_000, "\0",
     f'{{"study": {"9" * 5_000}}}'],
    ids=repr,
)  # fmt: skip
def test_a_manifest_that_cannot_be_is_one_sentence(
    result: Path, change: dict[str, object] | str, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = result / folders.MANIFEST
    text = change if isinstance(change, str) else json.dumps(json.loads(manifest.read_text(encoding="utf-8")) | change)
    manifest.write_text(text, encoding="utf-8")
    for words in (["doctor", "r"], ["report", "r"], ["coin", "dime", "--out", "r"]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert said.rstrip("\n").isprintable() and len(said) < 400
        assert "recursion" not in said and "sys." not in said, "no word about how Python reads it"


def test_a_name_that_no_folder_can_have_is_told_before_anything_is_computed(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["coin", "dime", "--out", "a" * 300], ["doctor", "a" * 300], ["report", "a" * 300]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert 'cannot open "aaa' in said and said.endswith("File name too long.\n") and said.count("\n") == 1


# ---- Model ----


@pytest.mark.parametrize("status", ["complete", "running"])
@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("code", "the model has changed since (another)"),
        ("data", "what comes with hegemon has changed since: records, posteriors or measured ties (another)"),
        ("method", "the code that learns from records has changed since (another)"),
    ],
)
def test_another_model_neither_shows_nor_goes_on_with_it(
    result: Path, status: str, what: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = folders.manifest_of(result)
    made = {"code": provenance.code(), "data": provenance.data(), **found.made, "method": "by hand"}  # in words: nobody's code
    folders.write_manifest(result, "coin", status, found.asked(), made, method="one")
    if what != "method":
        monkeypatch.setattr(provenance, "method", lambda study: "one")
    monkeypatch.setattr(provenance, what, lambda *study: "another")
    assert main(["coin", "dime", "--out", "r"]) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1

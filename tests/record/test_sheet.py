"""A coder's own file: blind, in turn, saved as it grows."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.history import every_crisis, sheet
from hegemon.history.codings import CODED
from hegemon.history.questions import questions, steps
from hegemon.history.reading import CODES
from hegemon.instruments import NAMES
from hegemon.owner import owned_file

CRISIS = {"kind": "uprising", "severity": "2", "incumbent_before": "balanced", "host_request": "asked"}
ANSWER = {"response_primary": "mediate", "side": "both", "legal_frame": "none"}


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    return every_crisis()


@pytest.fixture
def mine(record: pd.DataFrame, tmp_path: Path) -> sheet.Sheet:
    return sheet.begin(tmp_path / "mine.csv", "ann", record)


def test_the_crisis_is_asked_before_the_answer() -> None:
    order = [question.column for step in steps() for question in step.questions]
    first = order.index("response_primary")
    assert set(order[:first]) == {"kind", "severity", "incumbent_before", "host_request"}
    assert set(CODED) <= set(order), "everything that coders can disagree on is asked"


def test_what_is_asked_is_what_the_codebook_knows() -> None:
    asked = questions()
    assert tuple(code for code, _ in asked["response_primary"].codes) == NAMES
    assert {code for code, _ in asked["kind"].codes} == set(CODES["kind"])
    assert all(question.book for question in asked.values() if question.codes)
    assert "was `economic_support`" not in str(steps()), "nobody's codes are told with the rules"


def test_a_new_file_has_nobody_s_codes_and_names_that_do_not_tell(mine: sheet.Sheet, record: pd.DataFrame) -> None:
    text = mine.path.read_text("utf-8")
    table = pd.read_csv(mine.path, dtype=str, keep_default_na=False)
    assert (table[[*CODED, "note", "sources"]] == "").all(axis=None)
    assert len(table) == len(record)
    for word in ("annexation", "Operation Astute", "US landing", "invasion of Panama", "gas cut-off", "CSTO deployment"):
        assert word not in text, word
    assert set(sheet.neutral()) <= set(record["crisis_id"])


def test_steps_come_in_turn_and_stay(mine: sheet.Sheet) -> None:
    name = "kaz-2022-january"
    with pytest.raises(UserError, match=r"The crisis is not coded yet \(kind, severity"):
        mine.save(name, ANSWER)
    mine.save(name, CRISIS)
    mine.save(name, {**CRISIS, "severity": "3"})  # as long as nothing of the answer is coded
    mine.save(name, ANSWER)
    with pytest.raises(UserError, match="severity is fixed"):
        mine.save(name, {"severity": "2"})
    with pytest.raises(UserError, match="What came of it is not coded yet"):
        mine.save(name, {"coder_confidence": "high"})
    mine.save(name, {"refused": "1"})
    assert mine.rows[name]["host_request"] == "asked_refused"
    assert [sheet.reached(mine.rows[each]) for each in (name, "ukr-2014-donbas")] == [2, 0]
    again = sheet.reopen(mine.path)
    assert (again.coder, again.rows) == ("ann", mine.rows)


def test_what_contradicts_is_not_saved(mine: sheet.Sheet) -> None:
    name = "kaz-2022-january"
    mine.save(name, CRISIS)
    before = mine.path.read_bytes()
    for values, words in (
        ({"response_primary": "abstain", "side": "for"}, "Words are no act"),
        ({"response_primary": "colective_force"}, 'Did you mean "collective_force"?'),
        ({"response_primary": "mediate", "responses_secondary": "mediate"}, "It is the primary one"),
        ({"respons": "mediate"}, "column"),
    ):
        with pytest.raises(UserError) as error:
            mine.save(name, values)
        assert words in str(error.value)
    assert mine.path.read_bytes() == before


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], "nobody is named. Say who codes: --coder NAME"),
        (["new.csv"], 'there is no file "new.csv". To begin it, say who codes'),
        (["x.txt", "--coder", "ann"], "Its name ends in .csv."),
        (["new.csv", "--coder", "Ann Lee"], "Write letters, digits and hyphens only"),
        (["new.csv", "--coder", "ann", "--order", "postsoviet"], 'Did you mean "post-soviet"?'),
        (["new.csv", "--coder", "ann", "--sample", "9999"], "There are 276 crises to draw from."),
        (["begun.csv", "--coder", "bob"], "begun.csv is ann's; choose another file, or leave --coder out."),
        (["begun.csv", "--sample", "3"], "begun.csv is there already"),
    ],
)
def test_a_session_that_cannot_begin_says_why(
    argv: list[str], words: str, record: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    pytest.importorskip("fastapi")
    monkeypatch.chdir(tmp_path)
    sheet.begin(Path("begun.csv"), "ann", record.head(2))
    assert main(["data", "code", *argv]) == 2
    assert words in capsys.readouterr().err
    assert {file.name for file in tmp_path.iterdir()} == {"begun.csv"}


def test_a_file_has_one_coder_at_a_time(
    mine: sheet.Sheet, record: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two windows on one file would each save their own, and lose the other's; and a new file takes no other's place."""
    pytest.importorskip("fastapi")
    before = mine.path.read_bytes()
    with owned_file(mine.path):
        assert main(["data", "code", str(mine.path), "--no-open"]) == 1
    said = capsys.readouterr().err
    assert f'mine.csv" is being written by process {os.getpid()} of ' in said and said.count("\n") == 1
    with pytest.raises(UserError, match="is there already"):
        sheet.begin(mine.path, "ann", record.head(1))
    assert mine.path.read_bytes() == before

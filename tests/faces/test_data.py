"""The coded record at the command line: every row reachable, nothing lost on the way, nothing else on standard output."""

from __future__ import annotations

import csv
import importlib.util
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from hegemon.cli.data import Of, crises
from hegemon.cli.main import main
from hegemon.history import history
from hegemon.history.codebook import KIND
from hegemon.history.codings import second_coding
from hegemon.history.reading import OPTIONAL, REQUIRED
from hegemon.instruments import KINDS

ROOT = Path(__file__).parents[2]
CODED = {"post-soviet": 74, "warsaw-pact": 13, "inter-american": 16}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["data", *argv]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def document(argv: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(told([*argv, "--json"], capsys))


def shipped(name: str) -> list[dict[str, str]]:
    with resources.files("hegemon.history").joinpath(f"{name}.csv").open("r", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_list_counts_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    rows = document(["list"], capsys)["data"]
    assert {row["order"]: row["rows"] for row in rows if row["table"] == "crises"} == CODED
    assert {row["table"]: row["rows"] for row in rows if row["table"] != "crises"} == {"memberships": 82, "bases": 38}
    plain = told(["list"], capsys)
    for row in rows:
        assert f"{row['order']:<15} {row['rows']:>3} rows" in plain


@pytest.mark.parametrize("order", CODED)
def test_json_has_every_cell_of_every_row(order: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Sources, notes and numbers as they are coded; the model's kind beside the coded one, the side from the second coding."""
    found = document(["show", "crises", "--order", order], capsys)
    coded = [row for name in ("crises", "orders") for row in shipped(name) if row["order"] == order]
    assert found["count"] == len(found["rows"]) == len(coded) == CODED[order]
    assert found["model_kinds"] == dict(KIND)
    second = second_coding()
    for row, as_coded in zip(found["rows"], coded, strict=True):
        assert row.pop("model_kind") == KIND[row["kind"]]
        other = second.loc[row["crisis_id"]]
        unseen = other["response_primary"] == "abstain" != row["response_primary"]
        assert row.pop("side") == (None if unseen else other["side"])
        assert {key: "" if value is None else str(value) for key, value in row.items()} == as_coded


@pytest.mark.parametrize("table", ["memberships", "bases"])
def test_the_other_tables_too(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = document(["show", table], capsys)["rows"]
    assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows] == shipped(table)


def test_what_is_asked_for_is_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def ids(*argv: str) -> list[str]:
        return [row["crisis_id"] for row in document(["show", "crises", *argv], capsys)["rows"]]

    assert ids("--state", "KAZ") == ["kaz-2011-zhanaozen", "kaz-2022-january"]
    assert ids("--state", "KAZ", "--state", "TKM", "--kind", "bargaining_dispute") == ["tkm-2009-pipeline"]
    assert ids("--instrument", "collective_force") == ["tjk-1993-collective-force", "kaz-2022-january"]
    assert ids("--from", "2014", "--to", "2014Q2") == ["ukr-2014-crimea", "ukr-2014-donbas"]
    assert ids("--from", "2014-03", "--to", "2014") == ["ukr-2014-donbas"]
    assert ids("--from", "1992-01", "--to", "1992-01") == [
        "geo-1992-south-ossetia",
        "aze-1992-karabakh",
        "ukr-1992-black-sea-fleet",
    ], "a month without a day is a whole month"
    assert ids("--state", "EST", "--instrument", "mediate") == []


def test_spells_are_shown_where_they_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Uzbekistan's pact: 1992-1999 and 2006-2012."""
    asked = ["show", "memberships", "--state", "UZB", "--org", "CST_CSTO"]
    assert document(asked, capsys)["count"] == 2
    for year, running in (("1995", 1), ("2003", 0), ("2008", 1), ("2015", 0)):
        assert document([*asked, "--from", year, "--to", year], capsys)["count"] == running, year


@pytest.mark.parametrize("width", ["60", "80", "160"])
def test_a_person_can_read_it(width: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No line runs over the terminal's edge, and no name is lost."""
    monkeypatch.setenv("COLUMNS", width)
    said = told(["show", "crises", "--state", "UKR", "--from", "2013"], capsys)
    table, rest = said.split("5 crises in 1 state, 2013-07 to 2018-11.")
    assert max(len(line) for line in table.splitlines()) <= int(width)
    words = " ".join(table.split())
    for name in ("Crimea", "unilateral_force", "2014-02-27", "fell: pro_rival"):
        assert name in words
    assert "bargaining_dispute -> dispute" in rest


def test_sources_are_printed_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "https://" not in told(["show", "crises", "--state", "KAZ"], capsys)
    said = told(["show", "crises", "--state", "KAZ", "--sources"], capsys)
    for source in shipped("crises")[-1]["sources"].split(";"):
        assert source in said


def test_what_is_written_reads_back(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(["show", "crises", "--order", "inter-american", "--out", "mine.csv"], capsys)
    checked = document(["check", "mine.csv"], capsys)
    assert (checked["valid"], checked["crises"], checked["first"]) == (True, 16, "1954-06")
    again = document(["show", "crises", "--history", "mine.csv"], capsys)["rows"]
    assert again == document(["show", "crises", "--order", "inter-american"], capsys)["rows"]
    assert main(["data", "show", "crises", "--out", "mine.csv"]) == 2, "never overwritten"
    assert '"mine.csv" exists already' in capsys.readouterr().err


def test_check_says_that_and_what(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history().to_csv("mine.csv", index=False)
    said = told(["check", "mine.csv", "--scenario", "post-soviet"], capsys).splitlines()
    assert said[0] == "mine.csv can be used in post-soviet: 74 crises in 14 states, 1992-01 to 2022-01."
    assert "Note: kgz-2010-june-osh began in 2010Q2 and counts as 2010Q3: a state has one crisis per quarter." in said


def test_check_refuses_no_crisis_for_sharing_its_quarter_and_tells_of_one_to_come(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd = history().head(7).assign(state="MDA", start="2005-10-03", end="")
    crowd.to_csv("crowd.csv", index=False)
    assert "crowd.csv can be used: 7 crises in 1 state" in told(["check", "crowd.csv"], capsys)
    crowd.assign(start="2090-10-03").to_csv("later.csv", index=False)
    assert f"Note: {crowd['crisis_id'].iloc[0]} begins on 2090-10-03, after today." in told(["check", "later.csv"], capsys)


def test_check_tells_mistakes_as_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = history().to_csv(index=False)
    Path("mine.csv").write_text(text.replace(",secession,", ",secesion,", 1), encoding="utf-8")
    assert main(["data", "check", "mine.csv", "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert (found["valid"], found["error"]["place"]) == (False, "mine.csv, row 2, column kind")
    assert found["error"]["remedy"] == 'Did you mean "secession"?'


def test_the_codebook_is_the_codebook(capsys: pytest.CaptureFixture[str]) -> None:
    book = resources.files("hegemon.history").joinpath("codebook.md").read_text("utf-8")
    assert told(["codebook"], capsys).strip() == book.strip()


@pytest.mark.slow
def test_what_the_page_shows_is_what_a_reader_gets(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The snippets of docs/record.md, run as the tutorial's are; its columns and kinds are the reader's."""
    spec = importlib.util.spec_from_file_location("tutorial", ROOT / "tests" / "house" / "test_tutorial.py")
    assert spec is not None
    assert spec.loader is not None
    tutorial = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tutorial)
    page = ROOT / "docs" / "record.md"
    tutorial.execute(page, capsys)
    text = page.read_text("utf-8")
    for column in (*REQUIRED, *OPTIONAL):
        assert f"`{column}`" in text
    for coded, kind in KIND.items():
        assert f"| `{coded}` | {kind} |" in text


def test_every_coded_kind_has_one_of_the_model_s() -> None:
    for order in Of:
        assert {KIND[kind] for kind in crises(order)["kind"]} <= set(KINDS)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["crises", "--state", "KAS"], 'UnknownState: --state "KAS" is not in this table. Did you mean "KAZ"?'),
        (
            ["crises", "--kind", "turnover"],
            '--kind "turnover" is not in this table. Did you mean "electoral_turnover"?',
        ),
        (["crises", "--instrument", "force"], '--instrument "force" is not in this table. '),
        (["crises", "--from", "soon"], '--from "soon". Write a year, a quarter or a date: 2000, 2000Q2, 2000-05.'),
        (["crises", "--to", "2000-13"], '--to "2000-13". Write a year'),
        (["crises", "--from", "2010", "--to", "2000"], "--to 2000 lies before --from 2010. Give the earlier first."),
        (["bases", "--instrument", "mediate"], '--instrument "mediate" with bases. It goes with crises only.'),
        (["memberships", "--kind", "base"], '--kind "base" with memberships. It goes with crises and bases only.'),
        (["crises", "--order", "nato"], "--order"),
        (["treaties"], "treaties"),
        (["crises", "--out", "no/such/place.csv"], 'cannot write "no/such/place.csv"'),
        (["crises", "--history", "a.csv", "--order", "warsaw-pact"], "--history and --order together. "),
    ],
)
def test_a_slip_is_told_in_one_sentence(
    argv: list[str], words: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "show", *argv]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)

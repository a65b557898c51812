"""Files as the field has them: separators, encodings, dates, releases and codes are read as meant, or stop with a sentence.

The files in field/ are inputs of real reports, cut short.
"""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from hegemon import evidence, history
from hegemon.cli.evidence import register
from hegemon.errors import UserError
from hegemon.evidence import codes_now, codes_then, read_ideal_points, read_trade, read_vdem, read_votes
from lanes import by_lane

FIELD = Path(__file__).parent / "field"
ESCAPE = "\x1b[31m"
quick = settings(max_examples=by_lane(20, 60, 200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

app = typer.Typer()
register(app)


def agreement(name: str, states: str) -> dict[int, int]:
    """Common votes by year, as `hegemon data agreement` counts them; any warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read_votes(FIELD / name)
        said = CliRunner().invoke(app, ["agreement", str(FIELD / name), "--states", states], catch_exceptions=False)
    assert said.exit_code == 0
    table = evidence.agreement_by_year(found, states.split(","))
    assert all(str(year) in said.stdout for year in table["year"])
    return dict(zip(table["year"], table["votes"], strict=True))


@pytest.mark.parametrize(
    ("name", "states", "votes"),
    [
        ("dataverse-year-is-session.csv", "USA,RUS", {1993: 1, 1994: 1}),
        ("votes-date-day-first.csv", "USA,RUS", {1994: 3}),
        ("votes-date-two-digit.csv", "USA,YUG", {1946: 2}),
        ("votes-date-zones.csv", "USA,RUS", {1993: 1, 1994: 1}),
        ("votes-semicolons.csv", "USA,RUS", {1993: 2}),
        ("excel-sep.csv", "USA,RUS", {1993: 2}),
        ("un-library-votes.csv", "USA,RUS", {1993: 1}),
    ],
)
def test_votes_of_the_field(name: str, states: str, votes: dict[int, int]) -> None:
    assert agreement(name, states) == votes


def test_the_un_library_s_emergency_sessions_count_by_their_date() -> None:
    found = read_votes(FIELD / "un-library-votes.csv")
    assert found.to_dict("list") == {
        "rcid": [900001, 900001, 900002], "iso3": ["USA", "RUS", "USA"], "session": [48, 48, 78],
        "year": [1993, 1993, 2023], "vote": [3, 1, 2],
    }  # fmt: skip


def test_an_empty_vote_is_told_with_what_to_do() -> None:
    with pytest.raises(UserError, match=r"vote is empty \(votes-empty-cell\.csv, row 2\)\. Leave the row out, or write 8"):
        read_votes(FIELD / "votes-empty-cell.csv")


def test_ideal_points_of_july_2025() -> None:
    for name in ("points.csv", "points.tab"):
        found = read_ideal_points(FIELD / name)
        assert found.to_dict("list") == {"iso3": ["USA", "RUS"], "year": [1992, 1992], "point": [3.01, 1.2], "votes": [73, 70]}


def test_germany_trades_once_a_year() -> None:
    found = read_trade(FIELD / "trade-two-germanies.csv")
    assert list(found["year"]) == [1985, 1990, 1990] and list(found["iso3_2"]) == ["DEU", "DEU", "RUS"]
    assert found["total"].tolist() == [29000.75, 46000, 4000]


# ---- One way in ----
VOTES = [("rcid", "ccode", "session", "vote"), ("1", "2", "48", "1"), ("1", "365", "48", "3")]


def text(rows: list[tuple[str, ...]] = VOTES, separator: str = ",", end: str = "\n") -> str:
    return "".join(separator.join(row) + end for row in rows)


def written(tmp_path: Path, content: bytes | str, name: str = "given.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_way_to_write_a_table_is_read(tmp_path: Path, separator: str, encoding: str) -> None:
    end = {"utf-8": "\n", "utf-16": "\r"}.get(encoding, "\r\n")
    told = f"sep={separator}{end}" if encoding.endswith(("-sig", "-le")) else ""
    content = told + text(separator=separator, end=end)
    found = read_votes(written(tmp_path, content.encode(encoding)))
    assert found["iso3"].tolist() == ["USA", "RUS"] and found["vote"].tolist() == [1, 3]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (text() + "2,2,48\n", r"3 fields where the header has 4 \(given\.csv, row 4\)"),
        (text() + "2,2,48,1,\n", r"5 fields where the header has 4 \(given\.csv, row 4\)"),
        (text().replace("ccode", "Vote"), r'column "vote" is given twice'),
        ("\n" + text() + "\n,,,\n2,2,48,7\n", r"vote = 7 \(given\.csv, row 7\)"),
        ("sep=;\n" + text(separator=";").replace(";3", ";7"), r"vote = 7 \(given\.csv, row 3\)"),
        (text([*VOTES, ("2", '"1,5"', "48", "1")]), r'ccode = "1,5" \(given\.csv, row 4\)\. Write it without commas'),
        (text().replace("1,365", "inf,365"), r'rcid = "inf"'),
        (text().replace("1,365", "9007199254740993,365"), "fifteen digits"),
        (text().replace("48,3", "48,\0"), r"no text file \(line 3\)"),
        (text().replace("vote", ESCAPE + "vote"), r"column vote is missing .*\\u001b\[31mvote"),
        (text().replace("48,3", f"48,{ESCAPE}"), r'vote = "\\u001b\[31m'),
        (text().replace("48,3", "48,\u202e3"), r'vote = "\\u202e3"'),
        (bytes(range(128, 256)), "Its encoding is none known here"),
        (text().replace("48,3", "148,3"), "session = 148"),
        (text().replace("48,3", "ES-10,3"), r'session = "ES-10" says no year .* Add the column date'),
        (text(separator=" "), r'All of its first line, "rcid ccode session vote", is one column: separate'),
        ("<!DOCTYPE html><html>\n" + text(), r"All of its first line, .<!DOCTYPE html><html>., is one column"),
        ("Votes, downloaded in 2024\n" + text(), "column rcid is missing"),
        (text().replace("48,3", "48,.."), r'vote = "\.\."'),
        (text().replace("48,3", "48,TRUE"), r'vote = "TRUE"'),
        (text([*VOTES, ("1", "20", "49", "1")]), r"rcid = 1 has session 49, and another in a row before .*row 4"),
        (text() + "1\n", r"1 field where the header has 4 \(given\.csv, row 4\)"),
    ],
)
def test_what_is_wrong_with_a_table_is_one_sentence(tmp_path: Path, content: str | bytes, says: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        read_votes(written(tmp_path, content))
    assert caught.value.sentence.isprintable() and len(caught.value.sentence) < 400


def test_names_of_countries_may_be_windows_1252(tmp_path: Path) -> None:
    content = "rcid,country,country_code,session,vote\n1,Côte d’Ivoire,CI,48,yes\n".encode("cp1252")
    assert read_votes(written(tmp_path, content))["iso3"].tolist() == ["CIV"]


def test_crises_have_the_same_diagnosis(tmp_path: Path) -> None:
    """And stricter rules: within a cell, semicolons part words."""
    good = history.history().head(2).to_csv(index=False)
    assert len(history.history(str(written(tmp_path, "sep=,\n" + good)))) == 2
    with pytest.raises(UserError, match=r"is separated by semicolons \(given\.csv, row 1\)"):
        history.history(str(written(tmp_path, "sep=;\n" + good.replace(",", ";"))))


READERS = [read_votes, read_ideal_points, read_trade, read_vdem, evidence.read_dyads, evidence.orientation, history.history]
HEADERS = ["rcid,ccode,session,vote,date", "ccode,session,IdealPointAll,NVotesAll", "ccode1,ccode2,year,flow1,flow2",
           "country_text_id,year,v2x_polyarchy", "state,year,hub,other,error", ",".join(history.history().columns)]  # fmt: skip


def mistake_of(read: Callable[[str], object], path: str) -> str:
    """The sentence a file gets, empty for a good one."""
    try:
        read(path)
    except UserError as mistake:
        return mistake.sentence
    return ""


@quick
@given(
    header=st.sampled_from(HEADERS),
    cells=st.lists(st.lists(st.sampled_from(["", "NA", "2", "48", "1993", "0.5", "1/7/46", ESCAPE, "\0", '"', "USA", "é"]),
                            min_size=1, max_size=6), max_size=4),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)  # fmt: skip
def test_no_file_ends_in_a_traceback(
    tmp_path: Path, header: str, cells: list[list[str]], separator: str, encoding: str
) -> None:
    lines = [header.replace(",", separator), *(separator.join(row) for row in cells)]
    path = written(tmp_path, "\n".join(lines).encode(encoding))
    for read in READERS:
        said = mistake_of(read, str(path))
        assert said.isprintable() and len(said) < 700


# ---- Dates ----
FORMS = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%m/%d/%y", "%y-%m-%d", "%d %B %Y", "%d-%b-%y", "%b %d, %Y", "%d%b%Y",
         "%Y%m%d", "%Y-%m-%dT%H:%M:%S+02:00", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "serial"]  # fmt: skip
votes_cast = st.dates(datetime.date(1946, 1, 10), datetime.date(2025, 12, 31)).flatmap(
    lambda day: st.tuples(st.just(day), st.integers(max(1, day.year - 1947), day.year - 1945))
)


def as_written(day: datetime.date, form: str) -> str:
    serial = (day - datetime.date(1899, 12, 30)).days
    return str(serial) if form == "serial" else f'"{datetime.datetime.combine(day, datetime.time(23, 30)).strftime(form)}"'


def dated(tmp_path: Path, days: list[tuple[str, object]]) -> list[int]:
    rows = [("rcid", "ccode", "session", "vote", "date"), *((str(n), "2", str(s), "1", day) for n, (day, s) in enumerate(days))]
    return read_votes(written(tmp_path, text(rows)))["year"].tolist()


@quick
@given(days=st.lists(votes_cast, min_size=1, max_size=6), form=st.sampled_from(FORMS))
def test_a_column_of_dates_has_its_years_or_stops(
    tmp_path: Path, days: list[tuple[datetime.date, int]], form: str
) -> None:
    """A date of four-digit years is always read; with two digits a doubt may stop the reading, never mislead it."""
    column = [(as_written(day, form), session) for day, session in days]
    said = mistake_of(lambda path: dated(Path(path), column), str(tmp_path))
    assert not said or ("%y" in form and "%b" not in form and " can be " in said)
    assert said or dated(tmp_path, column) == [day.year for day, _ in days]


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (["17/02/1994", "02/17/1994"], r'date = "02/17/1994" \(given\.csv, row 3, column date\)\. Others are read day first'),
        (["1994-02-03", "03/02/1994"], r'date = "03/02/1994" .*row 3.* Others are read year first'),
        (["1493-11-03"], r"lies in 1493 .* Votes of session 48 fall in 1993 to 1995"),
        (["1992-12-31"], "lies in 1992"),
        (["1996-01-01"], "lies in 1996"),
        (["32814"], r"lies in 1989 \(Excel's day, counted from 1900\)"),
        (["30/02/1994"], r'date = "30/02/1994"'),
        (["1993-11-03", ""], r"date is empty \(given\.csv, row 3\)\. Write it, leave the row out, or remove the column"),
        (["1993-11-03", "NA"], "date is empty"),
        (["soon"], r'date = "soon" .* Write all dates alike'),
        (["752284800"], "Write all dates alike"),
        (["1993-11-03 noon"], "Write all dates alike"),
    ],
)
def test_a_date_that_cannot_be_stops(tmp_path: Path, days: list[str], says: str) -> None:
    with pytest.raises(UserError, match=says):
        dated(tmp_path, [(day, 48) for day in days])


def test_years_in_doubt_stop_and_days_in_doubt_do_not(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'"01/02/03" can be 2003 \(month first\) or 2001 \(year first, in two digits\)'):
        dated(tmp_path, [("01/02/03", 56)])
    assert dated(tmp_path, [("03/02/1994", 48)]) == [1994]


@pytest.mark.parametrize(
    ("day", "session", "says"),
    [
        ("2093-11-03", "ES-10", "ES-10 fall in 1997 to today"),
        ("1945-11-03", "S-1", "S-1 fall in 1947 to 1947"),
        ("19657", "ES-10", "lies in 1953"),  # R's day of 2023-10-27, read as Excel's
        ("1993-11-03", "10emsp", "ES-10 fall in 1997 to today"),
        ("1994-11-03", "ES-VI", "ES-6 fall in 1980 to 1982"),
        ("2019-11-03", "ES-12", "fall in 2022 to today"),
    ],
)
def test_no_vote_before_its_session_or_after_today(tmp_path: Path, day: str, session: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        dated(tmp_path, [(day, session)])
    soon = datetime.date.today() + datetime.timedelta(3)
    with pytest.raises(UserError, match="to today|at most"):
        dated(tmp_path, [(soon.isoformat(), soon.year - 1945)])


@pytest.mark.parametrize(("year", "fine"), [(1992, False), (1993, True), (1995, True), (1996, False), (2093, False)])
def test_a_year_is_held_against_the_session(tmp_path: Path, year: int, fine: bool) -> None:
    content = f"rcid,ccode,session,vote,year\n1,2,48,1,{year}\n"
    if fine:
        assert read_votes(written(tmp_path, content))["year"].tolist() == [year]
    else:
        with pytest.raises(UserError, match=f"year = {year}"):
            read_votes(written(tmp_path, content))


@pytest.mark.parametrize(
    ("session", "day", "counted"),
    [("ES-10", "2023-10-27", 78), ("11emsp", "2022-03-02", 76), ("S-18", "1990-05-01", 44), ("ES-I", "1956-11-04", 11)],
)
def test_special_sessions_count_to_the_regular_one(tmp_path: Path, session: str, day: str, counted: int) -> None:
    content = f"rcid,ccode,session,vote,date\n1,2,{session},1,{day}\n"
    assert read_votes(written(tmp_path, content))["session"].tolist() == [counted]


def test_roll_calls_that_contradict_the_votes_are_told(tmp_path: Path) -> None:
    calls = written(tmp_path, "rcid,session,date\n1,49,1994-11-03\n", "calls.csv")
    with pytest.raises(UserError, match=r"session = 48, which is 49 in calls\.csv"):
        read_votes(written(tmp_path, text()), calls)


# ---- Codes ----
THEN = [("CSK", 1985), ("CZE", 1993), ("YUG", 1991), ("YUG", 2005), ("SRB", 2006), ("YAR", 1989), ("YEM", 1990), ("YMD", 1989),
        ("DDR", 1989), ("DEU", 1985), ("RUS", 1985), ("RVN", 1970), ("VNM", 1970), ("ZZB", 1963)]  # fmt: skip


@quick
@given(rows=st.lists(st.sampled_from(THEN), min_size=1))
def test_codes_go_to_today_s_and_back(rows: list[tuple[str, int]]) -> None:
    then, year = (pd.Series(column) for column in zip(*rows, strict=True))
    assert codes_then(codes_now(then), year).tolist() == then.tolist() == codes_then(then, year).tolist()


STATES = {"YUG": (345, "SRB"), "CSK": (315, "CZE"), "YAR": (678, "YEM"), "YMD": (680, "YMD"), "DEU": (260, "DEU"),
          "DDR": (265, "DDR"), "RUS": (365, "RUS")}  # fmt: skip


def test_readers_meet_on_the_states_of_the_time(tmp_path: Path) -> None:
    """Votes by COW number, by today's letters, points, trade and V-Dem of 1985: one merge loses nobody."""
    votes = [("rcid", "ccode", "session", "vote"), *(("1", str(cow), "40", "1") for cow, _ in STATES.values())]
    today = [("rcid", "iso3c", "session", "vote"), *(("1", now, "40", "1") for _, now in STATES.values())]
    points = [("ccode", "session", "IdealPointAll", "NVotesAll"), *((str(cow), "40", "0", "9") for cow, _ in STATES.values())]
    trade = [("ccode1", "ccode2", "year", "flow1", "flow2"), *(("2", str(cow), "1985", "1", "1") for cow, _ in STATES.values())]
    vdem = [("country_text_id", "year", "v2x_polyarchy"), *((now, "1985", "0.5") for _, now in STATES.values())]
    found = [read_votes(written(tmp_path, text(votes)))["iso3"], read_votes(written(tmp_path, text(today)))["iso3"],
             read_ideal_points(written(tmp_path, text(points)))["iso3"], read_trade(written(tmp_path, text(trade)))["iso3_2"],
             read_vdem(written(tmp_path, text(vdem)))["iso3"]]  # fmt: skip
    assert all(series.tolist() == list(STATES) for series in found)


def test_one_yemen_sits_from_session_45(tmp_path: Path) -> None:
    for column, code in (("ccode", "678"), ("iso3", "YAR"), ("iso3", "YEM")):
        rows = [("rcid", column, "session", "vote"), ("1", code, "44", "1"), ("2", code, "45", "1")]
        assert read_votes(written(tmp_path, text(rows)))["iso3"].tolist() == ["YAR", "YEM"]


def test_names_tell_states_of_one_code_apart(tmp_path: Path) -> None:
    content = "rcid,country,country_code,session,vote\n1,Yemen Arab Republic,YE,40,yes\n1,Yemen People's Republic,YE,40,no\n"
    assert read_votes(written(tmp_path, content))["iso3"].tolist() == ["YAR", "YMD"]


def test_two_germanies_with_numbers_are_told_by_row(tmp_path: Path) -> None:
    content = "ccode1,ccode2,year,flow1,flow2\n2,255,1985,1,2\n2,20,1985,1,1\n2,260,1985,3,4\n"
    with pytest.raises(UserError, match=r"iso3_2 DEU, year 1985 is given twice \(given\.csv, row 2 and row 4\)"):
        read_trade(written(tmp_path, content))


NAMED = "rcid,country,country_code,session,vote\n1,United States,US,59,1\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("rcid,ccode,iso3,session,vote\n1,2,RUS,40,1\n", r'2 is USA, and "RUS" stands beside it \(given\.csv, row 2\)'),
        (NAMED + "1,Russia,UA,59,1\n", r'"UA" is UKR, and "Russia" stands beside it \(given\.csv, row 3\)'),
        ("rcid,country_code,session,vote\n1,NA,48,1\n", r'"NA" is Namibia, or what R writes .*row 2\)\. Add the names'),
        ("rcid,ccode,session,vote\n1,2,50,1\n1,265,50,1\n", r"DDR in 1995 \(given\.csv, row 3\)\. It ended in 1990"),
        ("rcid,iso3,session,vote\n1,CSK,55,1\n", r"CSK in 2000 .*It ended in 1992"),
        ("rcid,ccode,session,vote\n1,340,62,1\n", r"340 is no COW state code .*Serbia is 345"),
    ],
)
def test_codes_that_contradict_each_other_or_the_year_stop(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_votes(written(tmp_path, content))


def test_codes_of_two_letters_mean_the_state_of_the_time(tmp_path: Path) -> None:
    """CS was Czechoslovakia, then Serbia and Montenegro; a non-member's row (9) may name a state that is no more."""
    rows = [("rcid", "country_code", "session", "vote"), ("1", "CS", "40", "1"), ("2", "CS", "59", "1"), ("2", "UK", "59", "1"),
            ("2", "DD", "59", "9")]  # fmt: skip
    assert read_votes(written(tmp_path, text(rows)))["iso3"].tolist() == ["CSK", "YUG", "GBR"]


@pytest.mark.parametrize(("asked", "there"), [("CZE", "CSK"), ("SUN", "RUS"), ("SRB", "YUG"), ("YEM", "YAR")])
def test_a_state_under_another_code_is_told(asked: str, there: str, tmp_path: Path) -> None:
    rows = [("rcid", "iso3", "session", "vote"), ("1", "USA", "40", "1"), ("1", there, "40", "1")]
    with pytest.raises(UserError, match=f"Here it is {there}"):
        evidence.agreement_by_year(read_votes(written(tmp_path, text(rows))), ["USA", asked])


def test_a_pair_stands_there_once_whatever_its_direction(tmp_path: Path) -> None:
    twice = r"iso3_1 RUS, iso3_2 USA, year 1985 is given twice \(given\.csv, row 2 and row 3\)"
    with pytest.raises(UserError, match=twice):
        read_trade(written(tmp_path, "ccode1,ccode2,year,flow1,flow2\n2,365,1985,1,2\n365,2,1985,2,1\n"))
    head = "iso3_1,iso3_2,year,trade_total_musd,trade_flag,un_common_core,un_agree_core\n"
    with pytest.raises(UserError, match=twice):
        evidence.read_dyads(written(tmp_path, head + "USA,RUS,1985,1,,3,1\nRUS,USA,1985,1,,3,1\n"))
    with pytest.raises(UserError, match="USA stands on both sides"):
        evidence.read_dyads(written(tmp_path, head + "USA,USA,1985,1,,3,1\n"))


def test_ideal_points_of_2017(tmp_path: Path) -> None:
    found = read_ideal_points(written(tmp_path, '"","ccode","session","Q5%","Idealpoint","NVotes"\n"1",2,48,1,2.5,70\n'))
    assert found.to_dict("list") == {"iso3": ["USA"], "year": [1993], "point": [2.5], "votes": [70]}


def test_v_dem_s_codes_are_three_capitals(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'country_text_id = "Usa" \(given\.csv, row 2\)'):
        read_vdem(written(tmp_path, "country_text_id,year,v2x_polyarchy\nUsa,1985,0.9\n"))


@pytest.mark.parametrize("path", ["~nobody-of-this-name/votes.csv", "a\0b.csv", f"{ESCAPE}.csv", "/dev/null.csv", "-"])
def test_a_path_that_leads_nowhere_is_one_sentence(path: str) -> None:
    with pytest.raises(UserError, match="there is no file") as caught:
        read_votes(path)
    assert caught.value.sentence.isprintable()

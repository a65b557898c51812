"""Evidence: readers that say what is wrong with a file, orientations as measured, and the commands on both."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from hegemon.cli.evidence import register
from hegemon.errors import UserError
from hegemon.evidence import (
    agreement_by_year,
    orientation,
    read_dyads,
    read_ideal_points,
    read_trade,
    read_vdem,
    read_votes,
)
from hegemon.evidence.orientation import ties_of
from hegemon.scenarios.loader import load_scenario

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = Path(os.environ.get("HEGEMON_PUBLIC_DATA", ROOT.parent / "shared/data/public"))
needs_data = pytest.mark.skipif(
    not (PUBLIC / "un_votes.parquet").is_file(),
    reason="public data are not here: set HEGEMON_PUBLIC_DATA to their folder",
)

POLES = ["russia", "west", "china", "regional"]
VOTES = "rcid,ccode,session,year,vote\n1,2,47,1992,3\n1,365,47,1992,1\n2,2,47,1992,8\n2,365,47,1993,2\n"
UNVOTES = 'rcid,country,country_code,vote\n1,"United States","US",no\n1,"Namibia","NA",yes\n1,"Zanzibar",NA,abstain\n'
CALLS = "rcid,session,date,unres\n1,47,1992-11-03,R/47/1\n"
TRADE = "ccode1,ccode2,year,flow1,flow2,version\n365,369,1992,0,0,4\n365,369,1994,4000.5,6000,4\n2,365,1994,-9,20,4\n"
VDEM = "country_text_id,year,v2x_polyarchy,v2x_libdem\nRUS,1992,0.61,0.4\nRUS,1993,,0.4\n"
POINTS = "ccode,session,IdealPointAll,NVotesAll\n2,47,2.5,70\n365,47,0.9,73\n"
MINE = "state,year,hub,other,error\nAAA,2001,0.6,0.4,0.2\nAAA,2002,0.5,0.5,0.2\n"


@pytest.fixture
def file(tmp_path: Path) -> object:
    def write(text: str, name: str = "given.csv") -> str:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return str(path)

    return write


# ---- Readers ----
def test_votes_as_dataverse_has_them(file) -> None:  # type: ignore[no-untyped-def]
    table = read_votes(file(VOTES))
    assert list(table["iso3"]) == ["USA", "RUS", "RUS"]  # the absence is no position
    assert list(table["vote"]) == [3, 1, 2] and list(table["year"]) == [1992, 1992, 1993]
    assert list(table.columns) == ["rcid", "iso3", "session", "year", "vote"]


def test_a_session_counts_for_the_year_it_opens_in(file) -> None:  # type: ignore[no-untyped-def]
    votes = read_votes(file("rcid,ccode,session,year,vote\n1,2,47,1993,3\n1,365,47,1993,1\n"))
    for by, year in (("year", 1993), ("session", 1992)):
        assert list(agreement_by_year(votes, ["USA", "RUS"], by=by)["year"]) == [year]


def test_what_is_the_core_is_told_by_ones_and_what_is_not_by_noughts(file) -> None:  # type: ignore[no-untyped-def]
    table = read_votes(file("rcid,ccode,session,year,vote,core\n1,2,47,1992,3,0\n2,2,47,1992,3,1\n"))
    assert list(table["core"]) == [0, 1]


def test_votes_as_the_package_unvotes_has_them(file) -> None:  # type: ignore[no-untyped-def]
    """ "NA" is Namibia's code and R's missing value: the name decides."""
    table = read_votes(file(UNVOTES), file(CALLS, "calls.csv"))
    assert list(table["iso3"]) == ["USA", "NAM", "ZZB"] and list(table["vote"]) == [3, 1, 2]
    assert set(table["session"]) == {47} and set(table["year"]) == {1992}


def test_trade_of_zero_is_not_zero(file) -> None:  # type: ignore[no-untyped-def]
    table = read_trade(file(TRADE)).set_index(["iso3_1", "iso3_2", "year"])
    assert table.loc[("RUS", "UKR", 1992), "flag"] == "zero_suspect" and np.isnan(
        table.loc[("RUS", "UKR", 1992), "total"]
    )
    assert table.loc[("RUS", "UKR", 1994), "total"] == 10000.5
    assert table.loc[("USA", "RUS", 1994), "flag"] == "missing" and table.loc[("USA", "RUS", 1994), "imports_2"] == 20


def test_yugoslavia_becomes_serbia_in_2006(file) -> None:  # type: ignore[no-untyped-def]
    text = "ccode1,ccode2,year,flow1,flow2\n2,345,2005,1,1\n2,345,2006,1,1\n"
    assert list(read_trade(file(text))["iso3_2"]) == ["YUG", "SRB"]


def test_democracy_and_published_points(file) -> None:  # type: ignore[no-untyped-def]
    vdem = read_vdem(file(VDEM))
    assert vdem["v2x_polyarchy"].iloc[0] == 0.61 and np.isnan(vdem["v2x_polyarchy"].iloc[1])
    points = read_ideal_points(file(POINTS))
    assert list(points["iso3"]) == ["USA", "RUS"] and list(points["year"]) == [1992, 1992]
    assert list(points["votes"]) == [70, 73]
    assert read_ideal_points(file(POINTS.replace("2.5,70", "2.5,")))["votes"].isna().tolist() == [True, False]


BAD = [
    (read_votes, VOTES.replace("vote", "cast"), r"column vote is missing \(given\.csv\)"),
    (read_votes, VOTES.replace("1992,3", "1992,4"), r"vote = 4 \(given\.csv, row 2\)\. Known: 1 yes"),
    (
        read_votes,
        VOTES.replace("1,365,47", "1,366000,47"),
        r"366000 is no COW state code known here \(given\.csv, row 3\)",
    ),
    (read_votes, VOTES.replace("47,1993", "x,1993"), r'session = "x" \(given\.csv, row 5\)\. Write a number'),
    (read_votes, VOTES + "2,365,47,1993,1\n", r"rcid 2, iso3 RUS is given twice"),
    (read_votes, "rcid,ccode,vote\n1,2,1\n", r"column session is missing .*roll calls"),
    (read_votes, "rcid,session,vote\n1,47,1\n", r"column iso3, ccode or country_code is missing"),
    (read_votes, "rcid,ccode,session,vote\n", r"has no rows"),
    (read_votes, "rcid,ccode,session,vote\n1,2,47,9\n", r"holds no vote"),
    (
        read_votes,
        VOTES.replace("ccode", "iso3").replace("365", "Russia"),
        r"is no alpha-3 code known here \(given\.csv, row 2\)",
    ),
    (read_trade, TRADE.replace("flow1", "flow"), r'column flow1 is missing .*Did you mean "flow"'),
    (read_trade, TRADE.replace("4000.5", "-5"), r"flow1 = -5 \(given\.csv, row 3\)\. Only -9"),
    (read_trade, TRADE.replace("4000.5", "much"), r'flow1 = "much" \(given\.csv, row 3\)'),
    (
        read_vdem,
        VDEM.replace("0.61", "6.1"),
        r"v2x_polyarchy = 6\.1 \(given\.csv, row 2\)\. It must be at least 0 and at most 1",
    ),
    (read_vdem, VDEM.replace("1993", "1992"), r"iso3 RUS, year 1992 is given twice"),
    (read_ideal_points, POINTS.replace("IdealPointAll", "Ideal"), r"column point or IdealPointAll is missing"),
    (read_dyads, TRADE, r"column iso3_1 is missing"),
]


def test_dyads_name_the_states_of_the_time_on_both_sides(file) -> None:  # type: ignore[no-untyped-def]
    head = "iso3_1,iso3_2,year,trade_total_musd,trade_flag,un_common_core,un_agree_core\n"
    found = read_dyads(file(head + "CZE,GER,1985,10,,5,0.5\nUSA,YUG,2010,3,zero_suspect,,\n"))
    assert list(zip(found["iso3_1"], found["iso3_2"], strict=True)) == [
        ("CSK", "DEU"), ("USA", "SRB"), ("DEU", "CSK"), ("SRB", "USA")]  # fmt: skip
    assert list(found["trade_total_musd"].isna()) == [False, True, False, True]


@pytest.mark.parametrize(("read", "text", "says"), BAD)
def test_a_bad_table_gets_one_sentence(file, read, text: str, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError, match=says) as caught:
        read(file(text))
    assert "\n" not in caught.value.sentence and len(caught.value.sentence) < 400


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("there.parquet", b"PAR1 but not really", "cannot read .* as parquet"),
        ("there.txt", b"a,b", "ends in .csv"),
        ("there.csv", b"", "cannot read .* as CSV"),
        ("there.csv", b'rcid,vote\n"1,2\n3,4,5,6\n', "cannot read .* as CSV"),
    ],
)
def test_an_unreadable_file_gets_one_sentence(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError, match=says) as caught:
        read_votes(path)
    assert "\n" not in caught.value.sentence
    with pytest.raises(UserError, match="there is no file"):
        read_votes(tmp_path / "absent.csv")
    with pytest.raises(UserError, match="It is a folder"):
        read_votes(tmp_path)


@needs_data
def test_our_agreement_is_the_data_pack_s() -> None:
    """The pack's agreement scores were computed by others, from the same votes."""
    votes = read_votes(PUBLIC / "un_votes.parquet")
    votes = votes[(votes["core"] == 1) & votes["year"].between(1992, 2014)]
    states = ["RUS", "USA", "ARM", "KAZ", "UKR", "EST"]
    ours = agreement_by_year(votes, states, "agreement")
    both = ours.merge(read_dyads(PUBLIC / "dyads_1991_2022.parquet"), on=["iso3_1", "iso3_2", "year"])
    assert len(both) > 300
    assert (both["votes"] == both["un_common_core"]).all()
    assert (both["value"] - both["un_agree_core"]).abs().max() < 1e-5


@needs_data
def test_a_file_of_several_estimates_asks_which() -> None:
    with pytest.raises(UserError, match="Name a release: 2020-04, 2025-07"):
        read_ideal_points(PUBLIC / "un_ideal_points.parquet")


# ---- Orientation ----
@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    scenario = load_scenario("post-soviet")
    return orientation("post-soviet", [pole.id for pole in scenario.poles])


def share(table: pd.DataFrame, state: str, year: int, pole: str = "russia") -> float:
    return float(table[(table["state"] == state) & (table["year"] == year)][pole].iloc[0])


def test_every_neighbour_has_every_year(table: pd.DataFrame) -> None:
    states = sorted(load_scenario("post-soviet").states)
    assert list(zip(table["state"], table["year"], strict=True)) == [(s, y) for s in states for y in range(1992, 2015)]
    assert np.allclose(table[POLES].sum(axis=1), 1, atol=1e-9) and (table[POLES] > 0).all().all()
    assert table["error"].between(0.05, 2).all()


def test_the_first_year_is_near_the_scenario_s_start(table: pd.DataFrame) -> None:
    """Same strands, same weights; memberships in place of what 1992 inherited, votes of one year for those of four."""
    for iso3, state in load_scenario("post-soviet").states.items():
        for pole in POLES:
            assert abs(share(table, iso3, 1992, pole) - state.orientation[pole]) < 0.10


def test_what_every_historian_knows(table: pd.DataFrame) -> None:
    for state in ("EST", "LVA", "LTU"):
        assert share(table, state, 2010) < share(table, state, 1993) - 0.15
        assert share(table, state, 2010, "west") > 0.5
    for year in (1995, 2000, 2005, 2010, 2014):
        assert share(table, "BLR", year) >= table[table["year"] == year]["russia"].nlargest(2).min()
    assert share(table, "UKR", 2014) < share(table, "UKR", 2013) < share(table, "UKR", 2004)
    assert share(table, "GEO", 2010) < share(table, "GEO", 2002)
    assert share(table, "KAZ", 2013, "china") > share(table, "KAZ", 1995, "china") + 0.1


def test_what_is_missing_is_said(table: pd.DataFrame) -> None:
    """Trade before 1994 is not observed, and such a year is measured less well than the same state's later ones."""
    early = table["year"] < 1994
    assert not table[early]["parts"].str.contains("trade").any()
    assert table[~early]["parts"].str.contains("trade").all()
    assert table[early]["error"].median() > table[~early]["error"].median()


@needs_data
def test_the_file_is_what_the_tool_computes() -> None:
    tool = _tool("orientation")
    computed = tool.measured(PUBLIC, ROOT / "src/hegemon/history")
    kept = orientation()
    assert (kept[[*POLES, "error"]] - computed[[*POLES, "error"]]).abs().max().max() < 0.0015
    assert list(kept["parts"]) == list(computed["parts"])


def _tool(name: str) -> ModuleType:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        spec = importlib.util.spec_from_file_location(f"tool_{name}", ROOT / "tools" / f"{name}.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


def test_an_agreement_a_tenth_higher_multiplies_by_e() -> None:
    shares = _tool("orientation_strands").vote_shares(np.array([0.6, 0.5]), np.array([1.0, 1.0]))
    assert np.isclose(shares[0] / shares[1], np.e)


def test_more_votes_and_more_agreement_of_strands_mean_less_error() -> None:
    measured, rng = _tool("orientation_strands"), np.random.default_rng(2)
    few, many = (rng.random((n, 3)) for n in (20, 200))
    even = np.full(3, 1 / 3)
    assert np.trace(measured.vote_spread(many, even)) < np.trace(measured.vote_spread(few, even))
    alike = {"trade": np.array([0.5, 0.3, 0.2]), "votes": np.array([0.5, 0.3, 0.2])}
    apart = {"trade": np.array([0.8, 0.1, 0.1]), "votes": np.array([0.2, 0.4, 0.4])}
    assert measured.blend_error(alike, {}) < 1e-6 < measured.blend_error(apart, {})
    assert measured.blend_error(alike, {"votes": measured.vote_spread(few, even)}) > measured.blend_error(
        alike, {"votes": measured.vote_spread(many, even)}
    )
    assert np.isclose(measured.blend({"trade": np.array([1.0, 0.0])}).min(), 0.005, atol=1e-4)


def test_a_table_of_one_s_own(file) -> None:  # type: ignore[no-untyped-def]
    mine = orientation(file(MINE), ["hub", "other"])
    assert list(mine.columns) == ["state", "year", "hub", "other", "error", "parts"]


@pytest.mark.parametrize(("ties", "history", "first"), [("mine.csv", "post-soviet", ["AAA", 2001, 0.6]), (None, None, None)])
def test_ties_of_an_order_are_those_it_names(ties: str | None, history: str | None, first: list[object] | None) -> None:
    poles = [SimpleNamespace(id="hub"), SimpleNamespace(id="other")]
    named = SimpleNamespace(ties=ties, history=history, files={"mine.csv": MINE}, poles=poles, posterior=None, mechanisms=None)
    found = ties_of(named)
    assert (None if found is None else found.iloc[0, :3].tolist()) == first


def test_ties_that_nobody_names_come_with_the_record() -> None:
    found = ties_of(load_scenario("post-soviet"))
    assert found is not None and found.equals(orientation("post-soviet", POLES))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MINE.replace("0.6,0.4", "0.6,0.5"), r"the shares of AAA in 2001 sum to 1\.100 \(given\.csv, row 2\)"),
        (MINE.replace("error", "sd"), "column error is missing"),
        (MINE.replace("hub", "hubb"), 'column hub is missing .*Did you mean "hubb"'),
        (MINE.replace("other,error", "other,extra,error").replace("0.4,0.2", "0.4,0,0.2").replace("0.5,0.2", "0.5,0,0.2"),
         '"extra" is no pole'),
        (MINE.replace("0.4,0.2", "0.4,0"), "No measurement is exact"),
        (MINE.replace("0.6,0.4", "1.6,-0.6"), r"hub = 1\.6"),
        (MINE.replace("2002", "2001"), "state AAA, year 2001 is given twice"),
        (MINE.replace("AAA,2001", "Aaa,2001"), 'state = "Aaa"'),
    ],
)  # fmt: skip
def test_a_bad_table_of_orientations_gets_one_sentence(file, text: str, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError, match=says):
        orientation(file(text), ["hub", "other"])


def test_an_unknown_table_of_orientations() -> None:
    with pytest.raises(UserError, match='Did you mean "post-soviet"'):
        orientation("post-sovet")


# ---- Commands ----
app = typer.Typer()
register(app)


def said(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_agreement_from_the_command_line(file) -> None:  # type: ignore[no-untyped-def]
    path = file(VOTES)
    found = json.loads(
        said("agreement", path, "--states", "usa,RUS", "--year", "1992", "--measure", "agreement", "--json")
    )
    assert found["pairs"] == [{"year": 1992, "iso3_1": "USA", "iso3_2": "RUS", "votes": 1, "value": 0.0}]
    assert "RUS" in said("agreement", path, "--states", "USA,RUS")
    kappa = json.loads(said("agreement", path, "--states", "USA,RUS", "--measure", "kappa", "--json"))
    assert kappa["pairs"][0]["value"] == 0.0


@pytest.mark.slow
def test_ideal_points_from_the_command_line(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    states = ["USA", "CUB", "RUS", "FRA", "CHN", "IND"]
    place = np.array([2.0, -2.0, -0.5, 1.0, -1.0, -0.8])
    vote = np.where(3 * place + rng.logistic(size=(40, 6)) > rng.normal(size=(40, 1)), 1, 3)
    rows = [(c, states[i], 47 + c // 20, vote[c, i]) for c in range(40) for i in range(6)]
    votes, out = tmp_path / "votes.csv", tmp_path / "points.csv"
    pd.DataFrame(rows, columns=["rcid", "iso3", "session", "vote"]).to_csv(votes, index=False)
    text = said("ideal-points", str(votes), "--from", "1992", "--to", "1993", "--out", str(out))
    assert "USA" in text and "Wrote" in text
    table = pd.read_csv(out)
    assert len(table) == 12 and table.groupby("state")["point"].mean().idxmax() == "USA"
    found = json.loads(said("ideal-points", str(votes), "--json"))
    assert found["made"]["states"] == 6 and len(found["points"]) == 12


def test_orientation_from_the_command_line() -> None:
    found = json.loads(said("orientation", "--json"))
    assert found["poles"] == POLES and len(found["orientation"]) == 14 * 23
    one = json.loads(said("orientation", "--state", "ukr", "--year", "2014", "--json"))["orientation"]
    assert len(one) == 1 and one[0]["state"] == "UKR"
    assert "russia" in said("orientation", "--state", "UKR")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("agreement", "votes.csv", "--states", "RUS,KAZ"), "there is no file"),
        (("agreement", "{votes}", "--states", "USA,RUX"), 'Did you mean "RUS"'),
        (("agreement", "{votes}", "--states", "USA"), "agreement needs two states"),
        (("agreement", "{votes}", "--states", "USA,RUS", "--year", "2001"), "no roll call of 2001"),
        (("agreement", "{votes}", "--states", "USA,RUS", "--measure", "T"), "no measure is called"),
        (("ideal-points", "{votes}"), "CHN"),
        (("ideal-points", "{votes}", "--states", "USA"), "Ideal points need"),
        (("ideal-points", "{votes}", "--above", "USA"), "Name two states"),
        (("ideal-points", "{votes}", "--out", "x.txt"), "ends in .csv"),
        (("orientation", "--state", "RUS"), "is not in post-soviet"),
        (("orientation", "--year", "2020"), "no orientation of 2020"),
    ],
)
def test_mistakes_on_the_command_line_are_said(file, words: tuple[str, ...], says: str) -> None:  # type: ignore[no-untyped-def]
    path = file(VOTES)
    result = CliRunner().invoke(app, [word.replace("{votes}", path) for word in words])
    assert isinstance(result.exception, UserError), result.output
    assert says in str(result.exception)

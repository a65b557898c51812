"""The coded record: read as the codebook says, told in the model's terms, nothing left out in silence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import hegemon
from hegemon.drivers import OPEN
from hegemon.errors import UserError
from hegemon.history import COVERAGE, FILES, history, record_events
from hegemon.history.codebook import KIND
from hegemon.history.fitting import impossible
from hegemon.instruments import INSTRUMENTS, KINDS, NAMES
from hegemon.opening import script_of
from hegemon.quarters import index, label, of_date, span
from hegemon.scenarios.loader import load_scenario


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return record_events()


def test_every_coded_crisis_becomes_one_event(events: pd.DataFrame) -> None:
    coded = history()
    assert len(coded) == 74
    assert sorted(events.crisis_id) == sorted(coded.crisis_id)


def test_events_speak_the_model_s_language(events: pd.DataFrame) -> None:
    assert set(events.kind) == set(KINDS)
    assert set(events.instrument) == set(NAMES)
    assert set(events.severity) == {1, 2, 3}
    assert set(events.line) == {"patron", "balanced", "rival"}
    assert set(events.successor) == {"", "patron", "balanced", "rival"}
    assert {str(events[name].dtype) for name in ("requested", "consented", "survived")} == {"bool"}
    assert ((events.successor == "") == events.survived).all()


def test_a_state_has_one_crisis_per_quarter(events: pd.DataFrame) -> None:
    """Bishkek, April 2010, and Osh, June 2010, began in the same quarter: the later moves, and says so."""
    assert not events.duplicated(["state", "quarter"]).any()
    moved = events[events.quarter != events.coded_quarter]
    assert list(moved.crisis_id) == ["kgz-2010-june-osh"]
    assert list(moved.quarter) == ["2010Q3"]


def test_every_event_of_the_record_can_happen_in_the_model(events: pd.DataFrame) -> None:
    """An instrument the model rules out would have probability 0, and the record with it. Misfits are possible but rare:
    there is none in this record, so that the prior against them says nothing the record denies."""
    order = load_scenario("post-soviet")
    assert order.pact is not None
    instruments = {instrument.name: instrument for instrument in INSTRUMENTS}
    for row in events.itertuples():
        used = instruments[row.instrument]
        assert row.kind in used.kinds, row.crisis_id
        assert not used.needs_ground or order.states[row.state].cleavage > 0, row.crisis_id
        assert not row.consented or order.pact.has(row.state, row.quarter), row.crisis_id
        assert not used.needs_mandate or row.consented, row.crisis_id
        assert impossible(order, row._asdict()) is None, row.crisis_id


def test_known_events(events: pd.DataFrame) -> None:
    """Spot checks against what everybody knows."""
    by_id = events.set_index("crisis_id")
    kazakhstan = by_id.loc["kaz-2022-january"]
    assert tuple(kazakhstan[["quarter", "kind", "instrument"]]) == ("2022Q1", "uprising", "collective_force")
    assert bool(kazakhstan.requested and kazakhstan.consented and kazakhstan.survived)
    maidan = by_id.loc["ukr-2013-euromaidan"]
    assert tuple(maidan[["quarter", "survived", "successor"]]) == ("2013Q4", False, "rival")
    assert list(events[events.consented].crisis_id) == ["tjk-1993-collective-force", "kaz-2022-january"]


def test_every_event_has_the_severity_and_the_line_that_were_coded(events: pd.DataFrame) -> None:
    """All 74: severity as it stands, the line of the incumbents before the crisis in the model's words."""
    coded = history().set_index("crisis_id")
    words = {"pro_patron": "patron", "balanced": "balanced", "pro_rival": "rival"}
    assert len(events) == 74
    for row in events.itertuples():
        assert row.severity == coded.loc[row.crisis_id, "severity"], row.crisis_id
        assert row.line == words[coded.loc[row.crisis_id, "incumbent_before"]], row.crisis_id


def test_requests_count_in_every_kind_of_crisis(events: pd.DataFrame) -> None:
    """None is set aside: Moldova asked for mediation in 2003, in a dispute."""
    coded = history().set_index("crisis_id")
    assert set(events[events.requested].crisis_id) == set(coded[coded.host_request != "none"].index)
    assert list(events[events.requested & (events.kind == "dispute")].crisis_id) == ["mda-2003-kozak"]


def test_a_record_becomes_the_script_that_says_the_same(events: pd.DataFrame) -> None:
    """Severity, line and all the rest reach the place of state and quarter; quarters without a crisis are known quiet."""
    order = load_scenario("post-soviet")
    quarters, states = span(order.start, order.end), list(order.states)
    known = script_of(events, quarters, states, until=order.end)
    lines = {"patron": 0, "balanced": 1, "rival": 2}
    for row in events.itertuples():
        at = quarters.index(row.quarter), states.index(row.state)
        assert KINDS[known.kind[at] - 1] == row.kind
        assert known.severity[at] == row.severity
        assert known.line[at] == lines[row.line]
        assert NAMES[known.response[at]] == row.instrument
        assert (known.requested[at], known.consented[at], known.survived[at]) == (
            row.requested, row.consented, row.survived)  # fmt: skip
        assert known.successor[at] == lines.get(row.successor, OPEN)
    assert int((known.kind > 0).sum()) == len(events) == 74
    assert (known.kind >= 0).all()
    assert (known.severity[known.kind == 0] == OPEN).all()


def test_the_kinds_are_all_mapped() -> None:
    assert set(history().kind) == set(KIND)


def test_the_mapping_is_the_codebook_s() -> None:
    from importlib import resources

    book = resources.files("hegemon.history").joinpath("codebook.md").read_text("utf-8")
    rows = [line for line in book.splitlines() if line.startswith("| `")]
    for coded, kind in KIND.items():
        assert any(f"`{coded}`" in row and f"| {kind}" in row for row in rows), coded


def test_a_window_of_the_record() -> None:
    some = record_events(start="2014Q1", end="2014Q2")
    assert list(some.crisis_id) == ["ukr-2014-crimea", "ukr-2014-donbas"]


def test_the_record_ends_where_its_coverage_says(events: pd.DataFrame) -> None:
    first, last = COVERAGE["post-soviet"]
    assert (events.quarter.min(), events.quarter.max()) == (first, last)


def test_the_pact_s_spells_are_the_coded_memberships() -> None:
    from importlib import resources

    text = resources.files("hegemon.history").joinpath("memberships.csv")
    with resources.as_file(text) as path:
        coded = pd.read_csv(path, dtype=str, keep_default_na=False).query("org == 'CST_CSTO' and state != 'RUS'")
    pact = load_scenario("post-soviet").pact
    assert pact is not None
    spells = {(spell.state, spell.from_, spell.to or "") for spell in pact.membership}
    assert spells == {
        (row["state"], of_date(row["from"]), of_date(row["to"]) if row["to"] else "") for _, row in coded.iterrows()
    }


def test_history_can_be_called_by_its_short_name() -> None:
    """`hegemon.history()` works before and after something has imported the module of that name."""
    assert len(hegemon.history()) == 74
    import hegemon.history as module

    assert len(module()) == 74  # type: ignore[operator]


OTHERS = {"warsaw-pact": ("SUN", 13), "inter-american": ("USA", 16)}


@pytest.mark.parametrize("name", OTHERS)
def test_the_comparison_orders_are_histories_too(name: str) -> None:
    """Their rows, and theirs alone, in the same columns; every one becomes an event inside the years that are covered."""
    patron, count = OTHERS[name]
    coded = history(name)
    assert set(coded["order"]) == {name}
    assert set(coded["patron"]) == {patron}
    assert len(coded) == count
    assert list(coded.columns) == list(history().columns)
    first, last = COVERAGE[name]
    told = record_events(coded)
    pd.testing.assert_frame_equal(told, record_events(coded, first, last))
    assert sorted(told.crisis_id) == sorted(coded.crisis_id)
    assert set(told.kind) <= set(KINDS)
    assert first <= told.quarter.min() <= told.quarter.max() <= last
    assert index(last) - index(told.quarter.max()) < 4, "covered to the year of the last coded crisis"


def test_a_record_of_one_s_own_loses_no_crisis_when_no_years_are_said() -> None:
    """Without the column that names a built-in order, the years are those of its own crises."""
    for name in OTHERS:
        coded = history(name).drop(columns="order")
        assert sorted(record_events(coded).crisis_id) == sorted(coded.crisis_id)


def test_the_two_files_hold_the_built_in_records_and_nothing_else() -> None:
    from importlib import resources

    held = set()
    for file in set(FILES.values()):
        text = resources.files("hegemon.history").joinpath(file)
        with resources.as_file(text) as path:
            held |= set(pd.read_csv(path, dtype=str)["order"])
    assert held == set(FILES) == set(COVERAGE)


def test_a_mistake_found_later_is_still_placed_in_its_file() -> None:
    """Rows of orders.csv are counted in the file, not among the order's own."""
    coded = history("inter-american")
    assert coded.attrs["file"] == "orders.csv"
    assert coded.attrs["rows"]["gtm-1954-arbenz"] == 15


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    history().to_csv(path, index=False)
    return path


def test_a_file_of_one_s_own_reads_back_the_same(mine: Path) -> None:
    pd.testing.assert_frame_equal(history(str(mine)), history())


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (",secession,", ",secesion,", '"secesion" (mine.csv, row 2, column kind). Did you mean "secession"?'),
        (",peacekeeping,", ",peacekeepers,", 'column response_primary). Did you mean "peacekeeping"?'),
        (
            "GEO,1992-01,",
            "Georgia,1992-01,",
            '"Georgia" (mine.csv, row 2, column state). Write the three capital',
        ),
        (
            "GEO,1992-01,",
            "GEO,1992-13,",
            '"1992-13" is no date (mine.csv, row 2, column start). Write YYYY-MM-DD',
        ),
        (
            "GEO,1992-01,1992-06-24",
            "GEO,1992-01,1991-06-24",
            'end = "1991-06-24" (mine.csv, row 2, column end). It lies',
        ),
        ("aze-1992-karabakh", "geo-1992-south-ossetia", "(mine.csv, row 3). It names row 2 too."),
        (
            "crisis_id,",
            "crisis,",
            '"crisis" is no column of the codebook (mine.csv, row 1). Did you mean "crisis_id"?',
        ),
        ("host_request,", "kind,", "column kind is given twice (mine.csv, row 1). Keep one of them."),
        (
            "aze-1992-karabakh,",
            "",
            "25 fields where the header has 26 (mine.csv, row 3). Quote fields that hold a comma.",
        ),
        (
            "aze-1992-karabakh",
            "",
            "nothing is written (mine.csv, row 3, column crisis_id). This column must not be empty.",
        ),
        (",5869,", ",long,", '"long" (mine.csv, row 2, column duration_days). Write a whole number'),
    ],
)
def test_a_mistake_in_a_file_is_told_with_row_column_and_remedy(mine: Path, old: str, new: str, sentence: str) -> None:
    text = mine.read_text("utf-8")
    assert old in text
    mine.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        history(str(mine))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("post-sovjet", 'no history is called "post-sovjet". Did you mean "post-soviet"?'),
        ("nowhere.csv", 'there is no file "nowhere.csv". Check the path.'),
    ],
)
def test_an_unknown_history(name: str, sentence: str) -> None:
    with pytest.raises(UserError) as caught:
        history(name)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("text", ["", "crisis_id,state\n", '"', "a\0b\n1\n"])
def test_a_file_without_rows(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError):
        history(str(tmp_path / "mine.csv"))


def test_crises_that_share_a_quarter_follow_one_another() -> None:
    """The later moves on; where the record ends there, those before it move back. None is dropped, none overtakes another."""
    coded = history()
    crowd = coded[coded.state == "KGZ"].iloc[:4].copy()
    crowd["start"] = ["2005-03-01", "2005-03-20", "2022-01-02", "2022-02-01"]
    told = record_events(crowd, start="1992Q1", end="2022Q1")
    assert list(told["crisis_id"]) == list(crowd["crisis_id"])
    assert list(told["quarter"]) == ["2005Q1", "2005Q2", "2021Q4", "2022Q1"]
    assert list(told["coded_quarter"]) == ["2005Q1", "2005Q1", "2022Q1", "2022Q1"]


def test_more_crises_than_quarters_are_refused() -> None:
    """Dropping one would be judging a part of the record: that is said, not done."""
    coded = history()
    crowd = coded[coded.state == "KGZ"].iloc[:3].copy()
    crowd["start"] = "2021-12-01"
    with pytest.raises(UserError, match="has no free quarter from 2021Q3 to 2021Q4"):
        record_events(crowd, start="2021Q3", end="2021Q4")
    assert len(record_events(crowd, start="2021Q2", end="2021Q4")) == 3


def test_quarters_count_and_print() -> None:
    assert label(index("1992Q1")) == "1992Q1"
    assert index("1993Q1") - index("1992Q1") == 4
    assert span("2021Q4", "2022Q1") == ["2021Q4", "2022Q1"]
    assert [of_date(day) for day in ("2014-02-27", "2014-04", "2014-12-31")] == ["2014Q1", "2014Q2", "2014Q4"]


@pytest.mark.parametrize("text", ["1992", "1992Q0", "1992q1", " 1992Q1", "1992Q1\n", "٢٠٢٢Q1", ""])
def test_what_is_no_quarter(text: str) -> None:
    with pytest.raises(UserError, match=r"is no quarter"):
        index(text)

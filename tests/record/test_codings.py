"""The record's second edition: every coding of every crisis is there, and nobody's is lost."""

from __future__ import annotations

import pandas as pd
import pytest

from hegemon.errors import UserError
from hegemon.history import every_crisis as every
from hegemon.history import history, record_events
from hegemon.history.codings import CODED, CODERS, codings, left_out
from hegemon.history.reading import read_crises
from hegemon.instruments import DIRECTED


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return every()


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    return codings()


def test_all_crises_of_all_orders_are_there_once(table: pd.DataFrame) -> None:
    assert len(table) == 276 == table["crisis_id"].nunique()
    assert table["drawn"].sum() == 173
    assert table.loc[table["drawn"], "order"].nunique() == 11
    assert table["order"].nunique() == 12


def test_the_record_that_calibrates_is_the_first_coding(table: pd.DataFrame) -> None:
    """Nothing of the second edition reaches it by the way, but the side, which the first had not."""
    first = history().set_index("crisis_id")
    assert len(first) == 74
    assert not {"force_size", "drawn", "coder"} & set(first)
    side = first.pop("side")
    assert side.equals(table.set_index("crisis_id").loc[first.index, "side"].where(side != "", ""))
    same = table.set_index("crisis_id").loc[first.index]
    for column in first:
        known = first[column].notna()
        assert (same[column][known] == first[column][known]).all(), column


def test_a_side_is_not_known_where_the_second_coder_saw_no_act(table: pd.DataFrame, told: pd.DataFrame) -> None:
    """Cheap gas before the Belarusian election of 2006 was no act to the second coder: whom it was for nobody coded."""
    second = told[told["coder"] == "2"].set_index("crisis_id")
    for order in ("post-soviet", "warsaw-pact", "inter-american"):
        first = history(order).set_index("crisis_id")
        saw = second.loc[first.index, "response_primary"] != "abstain"
        unseen = ~saw & (first["response_primary"] != "abstain")
        assert (first["side"] == "").equals(unseen)
        events = record_events(history(order)).set_index("crisis_id")
        directed = events["instrument"].isin(DIRECTED)
        assert (events["side"] == "").equals(unseen.loc[events.index] & directed)
        assert (events.loc[saw.loc[events.index] & directed, "side"] != "").all()
    assert history().set_index("crisis_id").loc["blr-2006-election", "side"] == ""


def test_every_act_has_a_side_and_no_word_has_one(table: pd.DataFrame) -> None:
    assert set(table["side"]) == {"for", "against", "both", "none"}
    words = table["response_primary"] == "abstain"
    assert (table.loc[words, "side"] == "none").all()
    assert table.loc[words, "force_size"].fillna(0).max() == 0
    assert (table.loc[~words, "side"] != "none").mean() > 0.7
    crises = table.set_index("crisis_id")
    assert tuple(crises.loc["ukr-2014-crimea", ["side", "force_size"]]) == ("against", 3)
    assert tuple(crises.loc["kaz-2022-january", ["side", "force_size"]]) == ("for", 2)


def test_the_second_coding_stands_beside_the_first_and_differs_here_and_there(table: pd.DataFrame) -> None:
    twice = table[table["kind_2"].notna()]
    assert len(twice) == 103
    assert not twice["drawn"].any()
    agree = (twice["response_primary"] == twice["response_primary_2"]).mean()
    assert 0.85 < agree < 1


def test_whose_is_whose(told: pd.DataFrame) -> None:
    assert dict(told.groupby("coder").size()) == {"1": 276, "2": 103, "3": 37, "rules": 11}
    assert set(told["coder"]) == set(CODERS)
    assert not told.duplicated(["crisis_id", "coder"]).any()
    assert set(CODED) <= set(told)


def test_rows_coded_again_stand_for_the_first_coding_and_do_not_erase_it(table: pd.DataFrame, told: pd.DataFrame) -> None:
    """Stalin's veto of the Marshall Plan: a threat is words, by the rule; the first coder had no rule."""
    assert table.set_index("crisis_id").loc["SUN-CSK-1947-07-09", "response_primary"] == "abstain"
    first = told[told["coder"] == "1"].set_index("crisis_id")
    assert first.loc["SUN-CSK-1947-07-09", "response_primary"] == "economic_support"
    again = told[told["coder"] == "rules"]
    assert (table.loc[table["coder"] == "rules", "crisis_id"].isin(again["crisis_id"])).all()
    assert again["note"].str.len().min() > 40, "each says why"


def test_what_was_drawn_and_left_out_says_why(table: pd.DataFrame) -> None:
    out = left_out()
    assert len(out) == 33
    assert (out["note"].str.len() > 20).all()
    assert not set(out["crisis_id"]) & set(table["crisis_id"])


GOOD = "crisis_id,coder,state,start,name,kind\na,ann,KAZ,2001-02,x,coup\na,bob,KAZ,2001-02,x,uprising\n"
MANY = ("severity", "incumbent_before", "incumbent_survived", "orientation_after", "host_request", "response_primary",
        "legal_frame")  # fmt: skip


def test_several_people_may_code_one_crisis_each_once() -> None:
    found = read_crises(GOOD, "ours.csv", unknown=MANY, coders=True)
    assert list(found["kind"]) == ["coup", "uprising"]
    wrong = {
        GOOD.replace("bob", "ann"): 'crisis_id "a" is given twice by coder ann (ours.csv, row 3). It names row 2 too.',
        GOOD.replace("bob", "Bob Jones"): '"Bob Jones" (ours.csv, row 3, column coder). Write letters, digits and hyphens',
        GOOD.replace("bob", ""): "nothing is written (ours.csv, row 3, column coder).",
        GOOD.replace("coder,", "koder,"): '"koder" is no column of the codebook (ours.csv, row 1).',
    }
    for text, sentence in wrong.items():
        with pytest.raises(UserError) as error:
            read_crises(text, "ours.csv", unknown=MANY, coders=True)
        assert sentence in str(error.value)

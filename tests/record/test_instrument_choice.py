"""The benchmark others enter (benchmarks/instrument-choice): folds that do not leak, cards that do not tell, a strict scorer."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

HERE = Path(__file__).parents[2] / "benchmarks" / "instrument-choice"


@pytest.fixture(scope="module", autouse=True)
def on_the_path() -> None:
    if not HERE.is_dir():
        pytest.skip("benchmarks are not installed")
    sys.path.insert(0, str(HERE))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    from choice_task import read_crises

    return read_crises()


@pytest.fixture(scope="module")
def plan() -> pd.DataFrame:
    from choice_task import read_folds

    return read_folds()


def test_the_files_are_what_the_record_gives(table: pd.DataFrame, plan: pd.DataFrame) -> None:
    from choice_task import crises, folds

    fresh = crises()
    pd.testing.assert_frame_equal(table, fresh, check_dtype=False)
    pd.testing.assert_frame_equal(plan, folds(fresh), check_dtype=False)


def test_nothing_is_learned_from_what_is_to_be_foretold(table: pd.DataFrame, plan: pd.DataFrame) -> None:
    from choice_task import ANSWER, parts

    seen = {"rolling": 0, "left_out": 0, "register": 0, "orders": 0}
    for split, train, rows in parts(table, plan):
        seen[split] += len(rows)
        assert not set(train["crisis_id"]) & set(rows["crisis_id"])
        assert not set(ANSWER) & set(rows), "the answer is taken away"
        assert set(ANSWER) <= set(train)
        if split == "rolling":
            assert train["start"].max() < rows["start"].iloc[0]
            assert train["order"].nunique() > 8, "all orders"
        if split == "register":
            assert not set(train["state"]) & set(rows["state"])
        if split == "orders":
            assert not set(train["order"]) & set(rows["order"])
    assert seen == {"rolling": 44, "left_out": 74, "register": 173, "orders": 276}


def test_cards_name_nobody_and_tell_no_later_answer(table: pd.DataFrame) -> None:
    from choice_cards import cards

    made = cards(table)
    kept = [json.loads(line) for line in (HERE / "cards.jsonl").read_text("utf-8").splitlines()]
    assert [card["card"] for card in kept] == [card["card"] for card in made], "run choice_cards.py"
    text = (HERE / "cards.jsonl").read_text("utf-8")
    words = set(re.findall(r"[\w-]+", text))
    assert not words & {*table["state"], *table["patron"], *table["crisis_id"], *table["order"]}
    assert not re.search(r"\b(19|20)\d\d\b", text), "no year"
    by_id = table.set_index("crisis_id")
    first = {order: part["start"].min() for order, part in table.groupby("order")}
    for card in made:
        row = by_id.loc[card["crisis_id"]]
        if row["start"] == first[row["order"]]:
            assert card["patron_before"] == {}, "an order's first crisis has no past"
        earlier = (table["order"] == row["order"]) & (table["start"] < row["start"])
        assert sum(card["patron_before"].values()) <= earlier.sum()


def entry(folder: Path, answers: str, name: str = "answers.csv") -> Path:
    (folder / "entry.toml").write_text('name = "mine"\nwho = "person"\ninformation = "cards"\n', encoding="utf-8")
    (folder / name).write_text(answers, encoding="utf-8")
    return folder


def sure(plan: pd.DataFrame, table: pd.DataFrame, split: str, p: float) -> pd.DataFrame:
    """Answers that give what happened the probability p, and share the rest alike."""
    from hegemon.instruments import CODE, NAMES

    ids = list(plan[plan["split"] == split]["crisis_id"])
    shares = np.full((len(ids), 9), (1 - p) / 8)
    happened = table.set_index("crisis_id").loc[ids, "instrument"]
    shares[np.arange(len(ids)), [CODE[name] for name in happened]] = p
    found = pd.DataFrame(shares, columns=list(NAMES))
    found.insert(0, "crisis_id", ids)
    found.insert(0, "split", split)
    return found


def test_a_known_forecast_has_a_known_score(table: pd.DataFrame, plan: pd.DataFrame, tmp_path: Path) -> None:
    """Who gives what happened .6 scores log .6 nats, and is right about every force."""
    from choice_score import scored
    from choice_task import read_entry

    mine = read_entry(entry(tmp_path, sure(plan, table, "rolling", 0.6).to_csv(index=False)))
    found = scored([mine], table, plan, "rolling").iloc[0]
    assert found["nats"] == pytest.approx(np.log(0.6))
    assert found["right"] == 1
    assert found["force AUC"] == 1
    assert scored([mine], table, plan, "orders").empty, "a split that is not answered is not scored"


def test_a_baseline_is_what_its_file_says(table: pd.DataFrame, plan: pd.DataFrame) -> None:
    from choice_baselines import BASELINES
    from choice_task import parts, read_entry

    kept = read_entry(HERE / "entries" / "drawn-kind-rates").answers["rolling"]
    split, train, rows = next(parts(table, plan))
    fresh = BASELINES["drawn-kind-rates"][0](train.reset_index(drop=True), rows.reset_index(drop=True))
    assert split == "rolling"
    assert np.allclose(kept.loc[rows["crisis_id"]].to_numpy(), fresh, atol=1e-5)
    entries = [folder for folder in (HERE / "entries").iterdir() if folder.is_dir()]
    assert len([e for e in entries if read_entry(e).who == "baseline"]) >= 10


def test_the_leaderboard_is_what_the_entries_give(table: pd.DataFrame, plan: pd.DataFrame) -> None:
    from choice_score import every_entry, leaderboard

    assert (HERE / "leaderboard.md").read_text("utf-8") == leaderboard(every_entry(), table, plan), "run choice_score.py"


def test_what_is_wrong_with_an_entry_is_said_with_its_row(table: pd.DataFrame, plan: pd.DataFrame, tmp_path: Path) -> None:
    from choice_task import read_entry

    from hegemon.errors import UserError

    good = sure(plan, table, "rolling", 0.6)
    bad = {
        "add up": (good.assign(abstain=0.9), r"the probabilities add up to 1\.\d+ \(.*row 2\)"),
        "missing": (good.iloc[1:], "is not answered"),
        "split": (good.replace("rolling", "roling"), 'Did you mean "rolling"'),
        "column": (good.drop(columns="mediate"), "column mediate is missing"),
        "twice": (pd.concat([good, good]), "is answered twice"),
        "words": (good.assign(abstain="likely"), "Write a probability"),
    }
    for answers, words in bad.values():
        with pytest.raises(UserError, match=words):
            read_entry(entry(tmp_path, answers.to_csv(index=False)))
    (tmp_path / "answers.csv").unlink()
    for line, words in (
        ('{"card": "c001", "probabilities": {"abstain": 0.5}}', "add up to 0.500"),
        ('{"card": "c999", "probabilities": {"abstain": 1}}', "Cards are those of cards.jsonl"),
        ('{"card": "c001", "probabilities": {"war": 1}}', "instrument"),
        ("abstain, I think", "no answer to a card"),
        ('{"card": "c001", "probabilities": {"abstain": 1}}', "is not answered"),
    ):
        with pytest.raises(UserError, match=words):
            read_entry(entry(tmp_path, line, "answers.jsonl"))

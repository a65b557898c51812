"""How reliable the record is: known results of the coefficients, and the tables that are made of them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.history import reliability
from hegemon.history.codings import codings
from hegemon.history.coefficients import alpha, alpha_interval, kappa
from hegemon.history.merging import merged, read_codings

OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
UNITS = list(zip(*OBSERVERS, strict=True))


def test_alpha_of_krippendorff_s_example() -> None:
    """Four observers, twelve units, gaps: .743 nominal, .815 ordinal (Krippendorff 2011, Computing alpha-reliability)."""
    assert alpha(UNITS, (1, 2, 3, 4, 5)) == pytest.approx(0.743, abs=5e-4)
    assert alpha(UNITS, (1, 2, 3, 4, 5), graded=True) == pytest.approx(0.815, abs=5e-4)


def test_kappa_of_cohen_s_example() -> None:
    """Agreement .70, chance .50: kappa .40."""
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert kappa(first, second) == pytest.approx(0.4)


def test_chance_is_nothing_and_one_code_is_no_number() -> None:
    dice = np.random.default_rng(0)
    units = [tuple(dice.choice(["a", "b", "c"], 2)) for _ in range(4_000)]
    assert abs(alpha(units, ("a", "b", "c"))) < 0.04
    assert math.isnan(alpha([("a", "a")] * 9, ("a", "b")))
    assert math.isnan(kappa(["a"] * 9, ["a"] * 9))


def test_an_interval_knows_that_states_hang_together() -> None:
    """The same codes: forty crises of forty states tell more than forty of four."""
    units = ([("a", "a")] * 8 + [("b", "b")] * 8 + [("a", "b")] * 2 + [("b", "a")] * 2) * 2
    wide = alpha_interval(units, ("a", "b"), [n // 10 for n in range(40)])
    narrow = alpha_interval(units, ("a", "b"), list(range(40)))
    assert narrow[0] < alpha(units, ("a", "b")) < narrow[1]
    assert narrow == alpha_interval(units, ("a", "b"), list(range(40))), "the same seed, the same interval"
    assert wide != narrow


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    return codings()


def test_confusion_and_agreement_say_the_same(told: pd.DataFrame) -> None:
    counts = reliability.confusion(told, "1", "2")
    assert counts.to_numpy().sum() == 103
    agree = np.trace(counts.to_numpy()) / 103
    differ = reliability.differing(told, "1", "2")
    assert agree == pytest.approx(1 - len(differ) / 103)
    assert {"ukr-2014-donbas", "mda-1992-transnistria"} <= set(differ["crisis_id"])


def test_decades_are_those_in_which_crises_begin(told: pd.DataFrame) -> None:
    both = told[told["coder"] == "1"].merge(told[told["coder"] == "2"][["crisis_id"]])
    counted = both["start"].str[:3].value_counts()
    table = reliability.by_group(told, "1", "2", "response_primary", "decade")
    assert list(table["decade"]) == sorted(f"{decade}0s" for decade in counted.index)
    assert dict(zip(table["decade"].str[:3], table["crises"], strict=True)) == counted.to_dict()


def test_who_has_a_second_opinion(told: pd.DataFrame) -> None:
    """The house's own rules are nobody's second opinion."""
    assert reliability.pairs(told) == [("1", "2"), ("1", "3"), ("2", "3")]


def test_third_parties_who_are_silent_are_not_said_to_agree(told: pd.DataFrame) -> None:
    table = reliability.against_third_parties(told).set_index(["crises of", "what"])
    assert table.loc[("chosen", "same instrument"), "crises"] == 38
    assert table.loc[("chosen", "same instrument"), "kappa"] == pytest.approx(0.32, abs=0.01)
    assert table.loc[("drawn", "level within their bounds"), "agree"] == pytest.approx(0.79, abs=0.01)


@pytest.mark.slow
def test_the_page_is_what_the_command_writes() -> None:
    """No number of it is typed by hand."""
    from hegemon.pages import markdown
    from hegemon.pages import reliability as page

    kept = Path(__file__).parents[2] / "docs" / "reliability.md"
    fresh = markdown.page(page.document(codings()))
    assert kept.read_text("utf-8") == fresh, "run: hegemon data reliability --out docs/reliability.md"


# ---- Codings of one's own ----

HEAD = "crisis_id,coder,order,patron,state,start,name,kind,severity\n"
ANN = HEAD + "kaz-2022-january,ann,post-soviet,RUS,KAZ,2022-01-02,January unrest,uprising,3\n"
BOB = HEAD + "kaz-2022-january,bob,post-soviet,RUS,KAZ,2022-01-02,January unrest,coup,\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {"ann.csv": ANN, "bob.csv": BOB, "ann2.csv": ANN.replace("uprising,3", "coup,3")}.items():
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def test_merging_keeps_whose_is_whose(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "merge", "ann.csv", "bob.csv", "--out", "all.csv", "--with-ours"]) == 0
    assert "ann (1), bob (1)" in capsys.readouterr().out
    table = read_codings("all.csv") if (here / "all.csv").is_file() else pd.DataFrame()
    one = table[table["crisis_id"] == "kaz-2022-january"].set_index("coder")
    assert {"1", "2", "ann", "bob"} <= set(one.index)
    assert (one.loc["ann", "kind"], one.loc["bob", "kind"]) == ("uprising", "coup")
    assert pd.isna(one.loc["bob", "severity"])
    assert len(table) == len(codings()) + 2
    assert merged([read_codings("all.csv"), read_codings("ann.csv")]).equals(merged([read_codings("all.csv")])), "once"


def test_one_coder_who_says_two_things_is_asked_which(here: Path) -> None:
    with pytest.raises(UserError) as error:
        merged([read_codings("ann.csv"), read_codings("ann2.csv")])
    assert str(error.value) == (
        'coder ann says "coup" here and "uprising" in ann.csv, row 2 (ann2.csv, row 2, column kind). Keep one of the two rows, '
        "or name two coders."
    )
    Path("ours.csv").write_text(ANN.replace(",ann,", ",2,"), encoding="utf-8")
    with pytest.raises(UserError, match="take another name"):
        merged([read_codings("ours.csv")], ours=True)
    assert main(["data", "merge", "ann.csv", "ann2.csv", "--out", "all.csv"]) == 2
    assert not Path("all.csv").exists()

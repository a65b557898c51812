"""What docs/sbc.md says of ranks, in words: made-up records whose answer is known."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import sbc_page as page
import sbc_ranks as sbc

RECORDS = 60


def outcomes(
    *, off: float = 0.0, share: float = 0.0, whole: bool = True, rhat: float | None = None, kept: int = 200, learned: int = 0
) -> list[sbc.Outcome]:
    """Records whose ranks are right but for a share of the parameters, the first; posterior means are all `off`."""
    rng = np.random.default_rng(4)
    wrong = np.arange(len(sbc.RANKED)) < share * len(sbc.RANKED)
    wrong[-1] = not whole
    good = {"rhat": rhat, "ess_least": 90.0, "ess_median": 400.0, "diverging": 0.0, "steps": 12.0, "learned": learned}
    told = {} if rhat is None else good
    made = {"crises": 50, "seconds": 200.0, "draws": sbc.CHAINS * kept, **told}

    def one(record: int) -> sbc.Outcome:
        truth = rng.normal(size=len(sbc.RANKED))
        draws = rng.normal(size=(sbc.DRAWS, len(sbc.RANKED))) + 3.0 * wrong
        z = truth[:-1]
        return sbc.Outcome((draws < truth).sum(0), z, np.full(len(z), off), np.ones(len(z)), {**made, "record": record})

    return [one(record) for record in range(RECORDS)]


@pytest.mark.parametrize(
    ("share", "whole", "said"),
    [(0.0, True, "as may be by chance, no failure. Nothing is wrong with the probability of the whole record"),
     (0.03, True, "more than by chance, no failure. Nothing is wrong"),
     (0.2, True, "more than by chance, a failure."),
     (0.0, False, "**The probability of the whole record is off (p = 5e-05)**")],
)  # fmt: skip
def test_the_verdict_says_in_words_what_the_ranks_say(share: float, whole: bool, said: str) -> None:
    found = outcomes(share=share, whole=whole)
    assert said in page.answer("full", "sampled", sbc.table(found))


def test_chains_that_do_not_agree_are_said() -> None:
    assert "In the end all agree." in page.chains(outcomes(rhat=1.04))
    assert f"In {RECORDS} records they still do not agree." in page.chains(outcomes(rhat=sbc.AGREE))
    assert "R-hat" not in page.chains(outcomes())


def test_chains_that_went_on_are_counted_by_their_length() -> None:
    some = [*outcomes(rhat=1.01), *outcomes(rhat=1.01, kept=400), *outcomes(rhat=1.01, learned=1)[:3]]
    assert "went on (to 400 in 60, to 800 in 3 of 123 records). In 3 that was not enough" in page.chains(some)
    assert "went on. In the end" in page.chains(outcomes(rhat=1.01))


def test_the_normal_approximation_is_held_against_chains_of_the_same_records() -> None:
    assert page.beside(outcomes(off=0.3), outcomes()[:20]).startswith("20 records have both. The normal approximation's "
                                                                      "mean of a parameter lies 0.30 of")  # fmt: skip
    assert page.beside(outcomes()[:20], outcomes()[20:]) == "No record has both."


def test_what_is_outside_both_ways_is_named_with_its_bias() -> None:
    one, other = sbc.table(outcomes(off=0.25, share=1.9 / len(sbc.RANKED))), sbc.table(outcomes(share=0.9 / len(sbc.RANKED)))
    first, second = sbc.RANKED[:2]
    assert f"by chance: `{first}` (the truth" in page.either_way(one, other)
    assert f"`{second}`" in page.either_way(one, one) and f"`{second}`" not in page.either_way(one, other)
    assert sbc.WHOLE_RECORD not in page.either_way(*[sbc.table(outcomes(whole=False))] * 2)


def test_the_page_says_what_no_record_tells() -> None:
    (chains,) = page.unasked({("matched", "laplace"): [], ("full", "laplace"): []})
    assert chains.startswith("No record has been calibrated by Hamiltonian Monte Carlo")
    (model,) = page.unasked({("full", "sampled"): []})
    assert model == "No record of this version has been written by calibration's own model (matched)."

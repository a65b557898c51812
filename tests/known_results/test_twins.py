"""The twins that take no side, and what would change a verdict: known answers."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from hegemon.inference.twins import PRECISION, inclinations, matching, neutral, twin
from hegemon.inference.vector import FREE, OF_TIES, bounds
from hegemon.ledgers.loading import read_ledger
from hegemon.mechanisms import PRIORS
from hegemon.studies.claims.change import deciding, hanging
from hegemon.studies.claims.compute import claims
from hegemon.studies.claims.recorded import Count, RecordCheck, recorded
from hegemon.studies.claims.sentences import turning
from hegemon.studies.study import Z

TESTS = Path(__file__).parents[1]
HEAD = 'format = 1\ntitle = "Known answers"\nquestion = "?"\nscenario = "toy.toml"\nruns = 2\n'
DISPUTE = '[{ quarter = "2000Q1", state = "ANA", crisis = "dispute", instrument = "economic_coercion" }]'
FEAR = f"""\
[[claim]]
id = "T1"
claim = "Coercion frightens."
why = "Because its harshness is above 0."
assumes = [ASSUMED]
[[claim.estimand]]
what = "Fear"
measure = "fear"
who = "ANA"
when = "2000Q1"
a = {{ force = {DISPUTE} }}
b = {{ force = {DISPUTE.replace("economic_coercion", "abstain")} }}
sign = "positive"
"""


def test_a_sign_neutral_prior_knows_no_sign_and_is_as_wide_as_the_mean_and_spread_that_it_replaces() -> None:
    names = matching(["economic_coercion.harshness", "support.*"])
    drawn, plain = (twin(priors, None, 4000, 0) for priors in (neutral(names), bounds(PRIORS | OF_TIES)))
    for n, name in enumerate(FREE):
        if name in names:
            assert (drawn[:, n] > 0.0).mean() == pytest.approx(0.5, abs=0.04)
            assert drawn[:, n].std() == pytest.approx(math.hypot(PRIORS[name].mean, PRIORS[name].sd), rel=0.06)
        else:
            assert np.array_equal(drawn[:, n], plain[:, n]), f"{name} has its own prior"


def test_the_twin_of_inclinations_weighs_no_consequences() -> None:
    drawn = twin(inclinations(), None, 100, 0)
    assert np.abs(drawn[:, FREE.index(PRECISION)]).max() < 1e-4
    assert drawn[:, FREE.index("response.control")].std() > 0.5, "what they would be worth is left alone"


def test_a_claim_that_its_prior_s_sign_makes_is_assumed_and_not_supported() -> None:
    """Coercion frightens by its harshness. Told the sign, every draw says so; not told, half do. Where the claim rests on another
    parameter the twin says it too."""
    text = HEAD + FEAR.replace("ASSUMED", '"economic_coercion.harshness"')
    other = FEAR.replace("ASSUMED", '"mediate.harshness"').replace("T1", "T2")
    first, second = claims(read_ledger(text + other, folder=TESTS), draws=40).judged
    assert first.assessment.verdict == second.assessment.verdict == "supported"
    assert first.neutral is not None and second.neutral is not None
    assert (first.verdict, second.verdict) == ("assumed", "supported")
    assert first.neutral.probability == pytest.approx(0.5, abs=0.25)
    assert first.change is not None and first.change.parameter == "economic_coercion.harshness"
    assert first.change.below < 0.1 < 0.9 < first.change.above


@pytest.mark.slow
def test_a_twin_with_the_registry_s_own_priors_is_the_quick_calibration() -> None:
    """Nothing but the priors is another: with the same ones, the same draws."""
    from hegemon.inference.laplace import laplace
    from hegemon.inference.likelihood import log_likelihood
    from hegemon.inference.target import log_posterior
    from hegemon.inference.vector import sets_of, values
    from hegemon.studies.claims.question import ClaimsQuestion
    from hegemon.studies.claims.twins import record_of

    data = record_of(ClaimsQuestion().resolved())
    assert data is not None
    same = np.asarray(sets_of()(laplace(data).draws(50, 3)))
    assert np.allclose(twin(bounds(PRIORS | OF_TIES), data, 50, 3), same, rtol=1e-3, atol=1e-3)
    z, other = np.full(len(FREE), 0.7, np.float32), neutral(["*.shores_up", "support.*"])
    found = float(log_posterior(z, dataclasses.replace(data, prior=other)))
    x = values(z, other)
    expected = float(log_likelihood(data.opening, x, data.weights, data.observed, data.left)) - 0.5 * float((z**2).sum())
    assert found == pytest.approx(expected, rel=1e-5)
    assert abs(found - float(log_posterior(z, data))) > 0.1, "learned under its own priors, not the registry's"


# ---- What would change it ----


def test_so_many_crises_decide_as_the_normal_s_precision_says() -> None:
    """A record of 50 that halved a spread of 2: each crisis adds (1 - 1/4) / 50; the effect must lie 1.64 spreads off."""
    more = deciding(0.5, 2.0, 1.0, 50)
    precision = 1.0 + more * 0.75 / 50
    assert 0.5 * math.sqrt(precision) >= Z > 0.5 * math.sqrt(precision - 0.75 / 50)
    assert deciding(-0.5, 2.0, 1.0, 50) == more, "against the claim as for it"


@pytest.mark.parametrize(("margin", "before", "now", "crises"), [(0.5, 2.0, 1.99, 50), (0.0, 2.0, 1.0, 50), (0.5, 2.0, 1.0, 0)])
def test_a_record_that_says_nothing_decides_nothing(margin: float, before: float, now: float, crises: int) -> None:
    assert math.isnan(deciding(margin, before, now, crises))


def test_a_claim_hangs_on_the_parameter_that_moves_it_and_on_none_where_luck_does() -> None:
    luck = np.random.default_rng(0)
    draws = luck.standard_normal((100, 20))
    name, below, above = hanging([f"p{n}" for n in range(20)], draws, draws[:, 7] + 0.1, (draws[:, 7] > 0.0).astype(float))
    assert (name, below, above) == ("p7", 0.0, 1.0)
    alarms = sum(hanging(["p"] * 20, luck.standard_normal((100, 20)), luck.standard_normal(100), np.ones(100))[0] != ""
                 for _ in range(100))  # fmt: skip
    assert alarms <= 8, "one in fifty is expected"


def test_a_run_of_other_answers_would_turn_the_record() -> None:
    """Four of five survived; how many falls make survival as rare as in the others?"""
    claim = FEAR.replace("ASSUMED", '"*.harshness"').replace("ANA", "GEO")
    ledger = read_ledger(HEAD.replace("toy.toml", "post-soviet") + claim + """\
[[claim.record]]
what    = "Survived"
share   = { survived = true }
of      = { kind = "uprising" }
against = { kind = "uprising", instrument = "abstain" }
sign    = "positive"
""")
    asked = ledger.claim[0].record[0]
    found = turning(RecordCheck("Survived", "?", Count(4, 5), Count(5, 10), 0.9), asked)
    assert found is not None
    count, _ = found
    assert 4 / (5 + count) < 0.56 and 4 / (5 + count - 1) > 0.44
    assert turning(RecordCheck("Survived", "?", Count(1, 5), Count(5, 10), 0.1), asked) is None, "it is against the claim already"
    assert 0.0 < (recorded(asked, ledger.base).probability or 0.0) < 1.0


def test_the_record_of_all_orders_counts_who_was_helped_and_who_was_punished() -> None:
    """Counted by hand from the table that comes with hegemon."""
    from hegemon.history import every_crisis
    from hegemon.ledgers.tables import Recorded

    table = every_crisis()
    for side in ("for", "against"):
        asked = Recorded.model_validate({"what": "?", "history": "all", "share": {"survived": True}, "of": {"side": side}})
        rows = table[table["side"] == side]
        here = recorded(asked, read_ledger(HEAD + FEAR.replace("ASSUMED", '"*.harshness"'), folder=TESTS).base).here
        assert (here.number, here.of) == (int(rows["incumbent_survived"].sum()), len(rows))
    drawn = Recorded.model_validate({"what": "?", "history": "all", "share": {}, "of": {"drawn": True}})
    base = read_ledger(HEAD + FEAR.replace("ASSUMED", '"*.harshness"'), folder=TESTS).base
    assert recorded(drawn, base).here.of == int(table["drawn"].sum())

"""Claims with known answers get the right verdict, and claims about nothing a verdict seldom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from hegemon.ledgers import Ledger
from hegemon.ledgers.loading import read_ledger
from hegemon.ledgers.tables import Crises as Choice
from hegemon.order import Order
from hegemon.studies.claims.compute import claims
from hegemon.studies.claims.draws import prior_draws
from hegemon.studies.claims.effects import Effects, effects, level
from hegemon.studies.claims.mixture import mixture
from hegemon.studies.claims.outcomes import agree, place
from hegemon.studies.claims.recorded import Count, coded, recorded
from hegemon.studies.claims.verdicts import assess, verdict

TESTS = Path(__file__).parents[1]

HEAD = 'format = 1\ntitle = "Known answers"\nquestion = "?"\nscenario = "toy.toml"\nruns = 16\n'
COERCED = 'both = { force = [{ quarter = "2000Q1", state = "ANA", crisis = "dispute" }] }'


def book(*estimands: str, runs: int = 16) -> Ledger:
    """A ledger about the toy order, one claim per estimand."""
    text = HEAD.replace("16", str(runs))
    for n, estimand in enumerate(estimands):
        text += f'[[claim]]\nid = "T{n}"\nclaim = "?"\nwhy = "?"\n[[claim.estimand]]\nwhat = "?"\n{estimand}\n'
    return read_ledger(text, folder=TESTS)


def forced(instrument: str) -> str:
    return f'{{ force = [{{ quarter = "2000Q1", state = "ANA", crisis = "dispute", instrument = "{instrument}" }}] }}'


FEAR = f"""\
measure = "fear"
who = "ANA"
when = "2000Q1"
a = {forced("economic_coercion")}
b = {forced("abstain")}
"""


@pytest.mark.slow
def test_the_effect_of_a_forced_event_is_the_formula_s() -> None:
    """Coercion frightens its target by harshness times what is left to 1 (`regard`): no luck in it, for any parameters."""
    from hegemon.inference.vector import FREE

    found = claims(book(FEAR + 'sign = "positive"'), draws=40, quick=True).judged[0]
    harshness = prior_draws(40, 0).values[:, FREE.index("economic_coercion.harshness")]
    expected = harshness * (1.0 - 0.2)
    (fear,) = found.assessment.estimates
    assert fear.effect == pytest.approx(expected.mean(), abs=1e-4)
    ranked = np.sort(expected)
    assert ranked[1] - 1e-4 < fear.low < ranked[2] + 1e-4, "the second or third smallest of forty"
    assert ranked[37] - 1e-4 < fear.high < ranked[38] + 1e-4
    assert fear.noise < 1e-6
    assert found.verdict == "supported"


@pytest.mark.slow
def test_one_claim_is_supported_one_contradicted_one_open() -> None:
    """The same fact claimed, denied, and claimed to exceed its own median over the priors."""
    from hegemon.inference.vector import FREE

    median = float(np.median(prior_draws(40, 0).values[:, FREE.index("economic_coercion.harshness")])) * 0.8
    asked = ('sign = "positive"', 'sign = "negative"', f'sign = "positive"\nthreshold = {median:.6f}')
    found = claims(book(*(FEAR + sign for sign in asked)), draws=40, quick=True).judged
    assert [claim.verdict for claim in found] == ["supported", "contradicted", "open"]
    assert found[2].assessment.probability == pytest.approx(0.5, abs=0.05)
    assert found[2].near is False


@pytest.mark.slow
def test_without_rivals_nobody_is_sheltered() -> None:
    """Nothing but `rivals` makes shelter: the claim needs it, and its effect without it is exactly 0."""
    given = book('measure = "shelter"\nwho = "CYD"\nb = { without = ["rivals"] }\nsign = "positive"')
    claim = given.claim[0].model_copy(update={"mechanisms": ("rivals", "learning")})
    judged = claims(given.model_copy(update={"claim": (claim,)}), draws=40).judged[0]
    assert judged.verdict == "supported"
    assert judged.without["rivals"].estimates[0].effect == 0.0
    assert judged.without["rivals"].verdict == "open"
    assert judged.without["learning"].verdict == "supported"
    assert judged.needs == ("rivals",)


def test_a_claim_holds_where_all_of_its_estimands_do() -> None:
    """A sure one and one that holds in half of the draws: half; and the sum of two errors is not one."""
    sure, half = np.full(100, 5.0), np.where(np.arange(100) < 50, 1.0, -1.0)
    error = np.full(100, 0.01)
    estimand = book(FEAR + 'sign = "positive"').claim[0].estimand[0]
    found = assess([estimand, estimand], [Effects(sure, error), Effects(half, error)])
    assert found.probability == pytest.approx(0.5, abs=0.01)
    assert verdict(found.probability) == "open"
    other = assess([estimand, estimand], [Effects(half, error), Effects(-half, error)])
    assert other.probability < 0.01, "each holds in half of the draws, never both"


@pytest.mark.slow
def test_a_forbidden_instrument_is_never_chosen_and_only_that() -> None:
    """Shares of answers: 0 where forbidden, more elsewhere."""
    share = 'share = { instrument = "economic_coercion" }\nof = {}\nsign = "negative"\nthreshold = 0.0001\n'
    found = claims(book(share, share + 'a = { forbid = ["economic_coercion"] }'), draws=20, quick=True).judged
    assert found[0].assessment.estimates[0].effect > 0.05
    assert found[1].assessment.estimates[0].effect == 0.0


# ---- Claims about nothing ----


@pytest.mark.slow
def test_claims_about_nothing_raise_no_more_than_the_nominal_alarms() -> None:
    """Two identical orders that throw different dice: supported or contradicted in at most 10 % of 200 repetitions."""
    asked = ('measure = "fear"', 'share = { survived = true }\nof = { kind = "uprising" }', 'versatility = {}')
    given = book(*(f'{outcome}\nb = {{}}\npaired = false\nsign = "positive"' for outcome in asked), runs=8)
    alarms = [0] * len(asked)
    for seed in range(200):
        for n, claim in enumerate(claims(given, draws=20, seed=seed, quick=True).judged):
            alarms[n] += claim.verdict != "open"
    assert max(alarms) <= 20, f"{alarms} of 200"


def chance(seen: Any, errors: Any) -> float:
    """Probability that the effect is positive."""
    mixed = mixture(Effects(seen, errors))
    assert mixed is not None
    return float(mixed.holds("positive", 0.0, None, None).mean())


def test_noise_alone_raises_at_most_nominal_alarms_whatever_its_size() -> None:
    """The same for the statistics by themselves: effects of 0, errors known, equal or not, over 2,000 repetitions."""
    rng = np.random.default_rng(3)
    for draws, errors in ((20, np.ones(20)), (100, np.ones(100)), (100, rng.uniform(0.2, 3.0, 100))):
        alarms = 0
        for _ in range(2_000):
            p = chance(rng.normal(0.0, errors), errors)
            alarms += p > 0.95 or p < 0.05
        assert alarms / 2_000 <= 0.10, (draws, alarms)


def test_a_real_effect_under_much_noise_is_found() -> None:
    """Effects around 1 with a spread of 0.3, each estimated with an error of 1: raw signs say 83 %, the truth is 99.96 %."""
    raw, found = [], []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        seen = rng.normal(1.0, 0.3, 100) + rng.normal(0.0, 1.0, 100)
        raw.append((seen > 0.0).mean() > 0.95)
        found.append(chance(seen, np.ones(100)) > 0.95)
    assert np.mean(raw) < 0.05
    assert np.mean(found) > 0.85


# ---- Statistics ----


@pytest.mark.parametrize("error", [0.5, *(pytest.param(e, marks=pytest.mark.slow) for e in (0.05, 1.0))])
def test_the_posterior_of_an_effect_has_the_noise_taken_off(error: float) -> None:
    """Normal effects N(1, 0.7) seen with errors up to larger than their spread: mean, interval and P are the truth's."""
    mean, spread, n = 1.0, 0.7, 400
    told = []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        seen = rng.normal(mean, spread, n) + rng.normal(0.0, error, n)
        mixed = mixture(Effects(seen, np.full(n, error)))
        assert mixed is not None
        holds = float(mixed.holds("positive", 0.0, None, None).mean())
        told.append((mixed.centre, mixed.quantile(0.05), mixed.quantile(0.95), holds, mixed.noise))
    low, high = norm.ppf((0.05, 0.95), mean, spread)
    expected = (mean, low, high, norm.cdf(mean / spread), error**2 / (spread**2 + error**2))
    for got, right, near in zip(np.mean(told, axis=0), expected, (0.03, 0.07, 0.07, 0.012, 0.03), strict=True):
        assert got == pytest.approx(right, abs=near)


def test_where_there_is_no_noise_the_posterior_is_the_draws_whatever_their_shape() -> None:
    """Two humps stay two humps: no normal is laid over what is known."""
    y = np.concatenate([np.full(30, -1.0), np.full(70, 2.0)])
    mixed = mixture(Effects(y, np.full(100, 1e-3)))
    assert mixed is not None
    assert float(mixed.holds("positive", 0.0, None, None).mean()) == pytest.approx(0.7, abs=0.005)
    assert float(mixed.holds("within", 0.0, 1.0, 3.0).mean()) == pytest.approx(0.7, abs=0.005)
    assert float(mixed.below(0.5).mean()) == pytest.approx(0.3, abs=0.005)


def test_an_effect_of_exactly_nothing_is_open() -> None:
    """All draws 0 without error: neither sign."""
    mixed = mixture(Effects(np.zeros(30), np.zeros(30)))
    assert mixed is not None
    assert float(mixed.holds("positive", 0.0, None, None).mean()) == 0.5
    assert mixture(Effects(np.full(30, np.nan), np.full(30, np.nan))) is None


@pytest.mark.parametrize("kind", ["mean", "ratio", "entropy"])
def test_the_error_of_an_outcome_is_that_of_repetition(kind: str) -> None:
    """Delta method against 3,000 repetitions of the same experiment."""
    rng = np.random.default_rng(11)
    rates = np.array([3.0, 1.5, 0.5, 0.0])
    x = rng.poisson(rates, (3_000, 60, 4)).astype(float)
    if kind == "mean":
        x = x[..., :1]
    if kind == "ratio":
        x = np.stack([x[..., 1], x[..., :2].sum(-1)], -1)
    value, _ = level(kind, x)
    found = effects(kind, x, None, paired=True)
    assert np.median(found.error) == pytest.approx(value.std(), rel=0.07)
    expected = {"mean": 3.0, "ratio": 1.5 / 4.5, "entropy": _entropy(rates / rates.sum())}[kind]
    assert value.mean() == pytest.approx(expected, rel=0.01)


def _entropy(p: Any) -> float:
    return float(-(p[p > 0] * np.log(p[p > 0])).sum() / np.log(p.size))


def test_pairs_have_the_error_of_their_differences() -> None:
    """The same luck on both sides: the difference is known far better than either side."""
    rng = np.random.default_rng(12)
    luck = rng.normal(0.0, 1.0, (50, 40, 1))
    a, b = luck + 0.1, luck + rng.normal(0.0, 0.05, luck.shape)
    paired, apart = (effects("mean", a, b, paired=yes) for yes in (True, False))
    np.testing.assert_array_equal(paired.value, apart.value)
    assert (paired.error * 10 < apart.error).all()
    assert paired.value.mean() == pytest.approx(0.1, abs=0.01)


def test_a_draw_without_crises_is_left_out_and_told() -> None:
    """No denominator, no value; where most draws have none, there is no verdict."""
    x = np.ones((10, 4, 2))
    x[:3, :, 1] = 0.0
    found = effects("ratio", x, None, paired=True)
    assert found.defined.sum() == 7
    estimand = book(FEAR + 'sign = "positive"').claim[0].estimand[0]
    assert assess([estimand], [found]).estimates[0].defined == 7
    none = assess([estimand], [Effects(np.full(10, np.nan), np.full(10, np.nan))])
    assert np.isnan(none.probability)
    assert verdict(none.probability) == "open"


# ---- Outcomes against a plain reading of the same histories ----


def test_outcomes_are_what_a_table_of_events_and_trajectories_gives(toy: Order) -> None:
    """Every kind of outcome, computed a second time with pandas from `simulate`'s result."""
    from hegemon.engine.histories import histories
    from hegemon.studies.claims.outcomes import outcomes
    from hegemon.studies.run.compute import simulate

    runs = simulate(toy, 256, 3, parameters="mean", keep=True)
    chunk = next(histories(toy, 256, 3))
    words = dict.fromkeys(("quarter", "state", "kind", "line", "instrument", "successor"), "str")
    events, data, at = runs.events.astype(words), runs.data, place(toy.scenario)

    def sums(text: str) -> Any:
        estimand = book(f'{text}\nsign = "positive"').claim[0].estimand[0]
        return [outcome.sums(chunk) for outcome in outcomes(estimand, at)]

    weighed = 'measure = { fear = 1.0, hierarchy = 2.0 }\nwho = ["ANA", "CYD"]\n'
    (fear,) = sums(weighed + 'when = ["2001Q1", "2001Q4"]\nsince = "2000Q2"')
    spell = slice("2001Q1", "2001Q4")
    expected = (data["fear"].sel(state=["ANA", "CYD"]).mean("state") + 2.0 * data["hierarchy"])
    expected = expected.sel(quarter=spell).mean("quarter") - expected.sel(quarter="2000Q2")
    np.testing.assert_allclose(fear[:, 0], expected.values, atol=1e-5)

    def per_run(table: Any) -> Any:
        return table.groupby("run").size().reindex(range(256), fill_value=0).to_numpy()

    (count,) = sums('count = { kind = ["uprising", "dispute"], from = "2001Q1", state = "BOB", survived = true }')
    chosen = events[events["kind"].isin(["uprising", "dispute"]) & (events["quarter"] >= "2001Q1")]
    chosen = chosen[(chosen["state"] == "BOB") & chosen["survived"]]
    np.testing.assert_array_equal(count[:, 0], per_run(chosen))
    assert count.sum() > 20

    (share,) = sums('share = { instrument = "economic_coercion" }\nof = { line = "rival", severity = [2, 3] }')
    there = events[(events["line"] == "rival") & events["severity"].isin([2, 3])]
    np.testing.assert_array_equal(share[:, 1], per_run(there))
    np.testing.assert_array_equal(share[:, 0], per_run(there[there["instrument"] == "economic_coercion"]))

    weak = 'of = { before = { hold = [0.0, 0.5] } }\nagainst = { kind = "turnover", successor = "rival" }'
    of, against = sums(f"share = {{ survived = false }}\n{weak}")
    fell = events[(events["kind"] == "turnover") & ~events["survived"] & (events["successor"] == "rival")]
    np.testing.assert_array_equal(against[:, 1], per_run(fell))
    hold = data["hold"].shift(quarter=1)
    before = [float(hold.sel(run=e.run, quarter=e.quarter, state=e.state)) for e in events.itertuples()]
    np.testing.assert_array_equal(of[:, 1], per_run(events[np.array(before) <= 0.5]))

    (moved,) = sums('measure = "fear"\nof = { kind = "uprising" }\nafter = 2')
    change = data["fear"].shift(quarter=-2) - data["fear"].shift(quarter=1)
    uprisings = events[events["kind"] == "uprising"]
    steps = np.array([float(change.sel(run=e.run, quarter=e.quarter, state=e.state)) for e in uprisings.itertuples()])
    total = uprisings.assign(step=steps)[np.isfinite(steps)].groupby("run")["step"].sum().reindex(range(256), fill_value=0.0)
    np.testing.assert_allclose(moved[:, 0], total.to_numpy(), atol=1e-5)
    assert moved[:, 1].sum() == np.isfinite(steps).sum() > 20

    (answers,) = sums('versatility = { kind = "dispute" }')
    np.testing.assert_array_equal(answers.sum(1), per_run(events[events["kind"] == "dispute"]))


# ---- The record ----


def test_the_record_s_shares_are_counted_by_hand() -> None:
    """22 uprisings, 14 survived; 3 refusals and one activation of requests by the pact's five."""
    from hegemon.ledgers import load_ledger

    known = {claim.id: claim for claim in load_ledger("regularities").claim}
    base = load_ledger("regularities").base
    said = recorded(known["nonviolent-success"].record[0], base)
    assert (said.here.number, said.here.of) == (8, 22)
    assert said.here.quantile(0.05) < 8 / 22 < said.here.quantile(0.95)
    assert said.probability is not None and 0.8 < said.probability < 1.0
    paradox = recorded(known["sanctions-paradox"].record[0], base)
    assert paradox.there is not None
    assert (paradox.here.of, paradox.there.of) == (9, 3), "disputes with adversaries and with friends"


def test_the_probability_of_a_difference_of_shares_is_that_of_two_betas() -> None:
    """Against a million draws."""
    from hegemon.ledgers.tables import Recorded
    from hegemon.studies.claims.recorded import expectation

    rng = np.random.default_rng(5)
    asked = Recorded(what="x", share=Choice(), sign="positive", threshold=0.1)
    a, b = Count(9, 12), Count(5, 14)
    drawn = rng.beta(9.5, 3.5, 1_000_000) - rng.beta(5.5, 9.5, 1_000_000)
    assert expectation(asked, a, b) == pytest.approx(float((drawn > 0.1).mean()), abs=0.003)
    assert expectation(asked, a, None) == pytest.approx(1.0, abs=1e-3)


def test_the_record_as_arrays_is_the_record() -> None:
    """Kinds, instruments, places and dates survive the coding."""
    import hegemon
    from hegemon.history import record_events

    table = record_events(hegemon.history("post-soviet"))
    crises, at = coded(table, "1992Q1", "2022Q1")
    for kind in ("uprising", "dispute"):
        assert agree(Choice(kind=(kind,)), crises, at).sum() == (table["kind"] == kind).sum()
    late = agree(Choice.model_validate({"from": "2020Q1", "state": ["BLR", "KAZ"]}), crises, at)
    assert late.sum() == ((table["quarter"] >= "2020Q1") & table["state"].isin(["BLR", "KAZ"])).sum() == 3

"""Sweeps as their user meets them: outcomes, sets and luck, the command, its page, and every mistake in a sentence."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import jax
import numpy as np
import pandas as pd
import pytest

from hegemon import outcomes
from hegemon.cli.main import main
from hegemon.engine import program
from hegemon.engine.chunk_cache import FOLDER, ChunkCache
from hegemon.engine.histories import histories
from hegemon.engine.sets import Sets
from hegemon.engine.workers import Here
from hegemon.errors import UserError
from hegemon.inference.vector import FREE, flat
from hegemon.order import Order
from hegemon.pages.charts import draw
from hegemon.studies.folder import open_result, read_manifest
from hegemon.studies.run.compute import simulate
from hegemon.studies.sweep import compute as module
from hegemon.studies.sweep.analysis import Found
from hegemon.studies.sweep.compute import placed, simulation, sweep
from hegemon.studies.sweep.designs import REST
from hegemon.studies.sweep.result import Sweep
from hegemon.studies.sweep.sentences import value_at, verdict
from hegemon.studies.sweep.varied import chosen

TOY = Path(__file__).parents[1] / "toy.toml"
OVER = ["red_line", "unrest.spark"]
ASKED = ["autonomy@ANA", "crises.uprising", "survived"]
COMMAND = ["sweep", "toy.toml", "--over", "red_line,unrest.spark", "-m", "autonomy@ANA", "-m", "crises.uprising",
           "--sets", "64", "--runs-per-set", "8", "--out", "s"]  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the toy order in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    shutil.copy(TOY, tmp_path / "toy.toml")
    return tmp_path


@pytest.fixture(scope="module")
def small(toy: Order) -> Sweep:
    """Eleven parameters, 64 base sets, eight histories each."""
    return sweep(toy, ASKED, over=OVER, sets=64, runs_per_set=8, seed=3)


# ---- Outcomes ----


def test_an_outcome_is_what_the_trajectories_and_events_say(toy: Order) -> None:
    """Every kind of outcome, read from chunks, against the same number worked out from a labelled result."""
    runs = simulate(toy, 300, 5, parameters="mean", keep=True)
    data, events = runs.data, runs.events[runs.events["run"] < 300]
    (first, second) = list(histories(toy, 300, 5))

    def read(text: str) -> tuple[np.ndarray, np.ndarray]:
        outcome = outcomes.parse(text, toy)
        top, bottom = zip(*(outcome.read(chunk, toy) for chunk in (first, second)), strict=True)
        return np.concatenate(top), np.concatenate(bottom)

    def counted(rows: pd.DataFrame) -> np.ndarray:
        return np.bincount(rows["run"], minlength=300)

    autonomy = data["autonomy"].sel(state="ANA")
    span = slice("2002Q1", "2003Q4")
    uprisings = events[events["kind"] == "uprising"]
    known = {
        "autonomy@ANA": autonomy.isel(quarter=-1),
        "autonomy@ANA@2002Q1..2003Q4": autonomy.sel(quarter=span).mean("quarter"),
        "autonomy": data["autonomy"].isel(quarter=-1).mean("state"),
        "orientation@BOB": data["orientation"].sel(pole="hub", state="BOB").isel(quarter=-1),
        "orientation.away@BOB@2001Q1": data["orientation"].sel(pole="away", state="BOB", quarter="2001Q1"),
        "hierarchy@2004Q2": data["hierarchy"].sel(quarter="2004Q2"),
        "autonomy@ANA < 0.5": autonomy.isel(quarter=-1) < 0.5,
        "crises": counted(events),
        "crises.uprising@BOB": counted(uprisings[uprisings["state"] == "BOB"]),
        "crises@2002Q1..2003Q4": counted(events[events["quarter"].astype(str).between("2002Q1", "2003Q4")]),
        "answers.mediate": counted(events[events["instrument"] == "mediate"]),
        "rescues": counted(events[events["side"] == "for"]),
        "punishments.unilateral_force": counted(
            events[(events["side"] == "against") & (events["instrument"] == "unilateral_force")]),
        "crises > 3": counted(events) > 3,
    }
    for text, expected in known.items():
        top, bottom = read(text)
        np.testing.assert_allclose(top, np.asarray(expected, float), rtol=1e-5, err_msg=text)
        np.testing.assert_array_equal(bottom, 1.0)
    shares = {
        "survived": (events[events["survived"]], events),
        "survived.uprising@BOB": (uprisings[uprisings["survived"] & (uprisings["state"] == "BOB")],
                                  uprisings[uprisings["state"] == "BOB"]),
        "requested": (events[events["requested"]], events),
        "chosen.unilateral_force": (events[events["instrument"] == "unilateral_force"], events),
    }  # fmt: skip
    for text, (part, whole) in shares.items():
        top, bottom = read(text)
        np.testing.assert_array_equal(top, counted(part), text)
        np.testing.assert_array_equal(bottom, counted(whole), text)


def test_an_outcome_says_itself_in_one_way_and_in_words(toy: Order) -> None:
    said = {
        " autonomy @ ANA ": ("autonomy@ANA@2005Q4", "autonomy of Ana, 2005Q4"),
        "autonomy": ("autonomy@all@2005Q4", "autonomy, mean of all neighbours, 2005Q4"),
        "hierarchy": ("hierarchy@2005Q4", "hierarchy, 2005Q4"),
        "orientation@BOB": ("orientation@BOB@2005Q4", "share of Bob's ties with Hub, 2005Q4"),
        "answers.mediate > 0": ("answers.mediate@all@2000Q1..2005Q4 > 0",
                                "share of histories with crises answered by mediate above 0"),
        "crises.uprising": ("crises.uprising@all@2000Q1..2005Q4", "crises of kind uprising per history"),
        "chosen.unilateral_force@BOB": ("chosen.unilateral_force@BOB@2000Q1..2005Q4",
                                        "share of crises answered by unilateral force in Bob"),
        "survived.uprising": ("survived.uprising@all@2000Q1..2005Q4",
                              "share of crises of kind uprising that the incumbents survive"),
        "autonomy@ANA<.5": ("autonomy@ANA@2005Q4 < 0.5", "share of histories with autonomy of Ana, 2005Q4 below 0.5"),
    }  # fmt: skip
    for text, (canonical, words) in said.items():
        outcome = outcomes.parse(text, toy)
        assert (outcome.text, outcome.words) == (canonical, words)
        assert outcomes.parse(canonical, toy) == outcome
    condition = outcomes.condition("autonomy@ANA < 0.5 > 0.25", toy)
    assert (condition.outcome.text, condition.below, condition.bound) == ("autonomy@ANA@2005Q4 < 0.5", False, 0.25)
    assert list(condition.holds(np.array([0.1, 0.3]))) == [False, True]


def test_a_ratio_of_histories_is_pooled_and_its_luck_is_known(toy: Order) -> None:
    """The mean over a set's histories is the ratio of sums; its spread is the delta method's."""
    rng = np.random.default_rng(0)
    bottom = rng.poisson(4.0, size=(50, 400, 1)).astype(float)
    top = rng.binomial(bottom.astype(int), 0.7).astype(float)
    y = module.pooled(top, bottom, [outcomes.parse("survived", toy)])
    np.testing.assert_allclose(y.mean(1), top.sum(1) / bottom.sum(1), rtol=1e-5)
    assert y.std(1).mean() / 20 == pytest.approx((top.sum(1) / bottom.sum(1)).std(), rel=0.2)


# ---- Sets and luck ----


def test_every_set_throws_the_dice_of_the_same_histories(toy: Order) -> None:
    """Histories 0 to 4, three times over with one set of parameters: the same three times; and they are those of the
    ensemble without sets of their own."""
    own = flat(toy.parameters)
    (chunk,) = histories(toy, 15, 9, sets=Sets(np.tile(own, (3, 1)), 5, paired=True))
    (alone,) = histories(toy, 5, 9, sets=Sets(own[None], 5))
    for name, values in chunk.measures.items():
        for part in (values[..., :5], values[..., 5:10], values[..., 10:]):
            np.testing.assert_array_equal(part, alone.measures[name], name)
    plain = simulate(toy, 5, 9, parameters="mean").data["autonomy"].transpose("quarter", "state", "run")
    np.testing.assert_allclose(chunk.measures["autonomy"][..., :5], plain, rtol=1e-4)
    with pytest.raises(ValueError, match="6 histories, and 1 sets for 5 each"):
        next(histories(toy, 6, 9, sets=Sets(own[None], 5)))


def test_a_set_is_a_row_and_never_another_program(toy: Order) -> None:
    """Eighty sets, then four hundred, with other numbers of histories and other parameters: nothing more is compiled."""
    asked, rng = [outcomes.parse("autonomy", toy)], np.random.default_rng(0)
    compiled = [program.compiled_each()._cache_size()]
    for over, sets, runs in ((OVER, 80, 8), (OVER, 400, 4), (["pact"], 100, 16)):
        names = chosen(toy, over)
        given = placed(toy, names, rng.random((sets, len(names))))
        list(simulation(toy, names, asked, runs, sets, sets * runs, workers=Here())([given]))
        compiled.append(program.compiled_each()._cache_size())
    assert compiled[1] - compiled[0] <= len(jax.devices()), "one for each device at the most"
    assert compiled[1] == compiled[2] == compiled[3]


def test_parameters_are_at_the_quantiles_of_their_priors_and_the_rest_at_the_order_s_own(toy: Order) -> None:
    """A set's row holds, for what is varied, the prior's quantile, and for all else what the scenario says."""
    names = ("red_line.base", "pact.unbidden")
    unit = np.array([[0.5, 0.1], [0.99, 0.9]])
    sets = placed(toy, names, unit)
    at = [FREE.index(name) for name in names]
    expected = np.array([[value_at(name, u) for name, u in zip(names, row, strict=True)] for row in unit])
    np.testing.assert_allclose(sets[:, at], expected, rtol=1e-4)
    others = np.delete(np.arange(len(FREE)), at)
    np.testing.assert_array_equal(sets[:, others], np.tile(flat(toy.parameters)[others], (2, 1)))
    assert float(sets[0, FREE.index("unrest.spark")]) == pytest.approx(0.05), "the toy order sets it"


# ---- A sweep ----


def test_what_lies_behind_an_outcome_is_found_and_what_does_not_is_not(small: Sweep) -> None:
    """Autonomy is the red line's, whose base lowers it; the rate of uprisings is theirs; each leaves the other alone."""
    indices = small.indices
    assert indices is not None
    autonomy = indices.loc["autonomy@ANA@2005Q4"]
    assert autonomy["total"].idxmax() == "red_line.base"
    assert autonomy["total"]["unrest.spark"] < 0.05
    assert small.swings is not None
    swing = small.swings.loc["autonomy@ANA@2005Q4"].loc["red_line.base"]
    assert swing["high"] < swing["low"]
    uprisings = small.importance.loc["crises.uprising@all@2000Q1..2005Q4"]  # type: ignore[union-attr]
    assert uprisings["coefficient"].idxmax() == "unrest.spark"


def test_a_stopped_sweep_goes_on_to_the_same_outcomes(
    toy: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in its fifth block, it keeps the chunks of four, does not do them again, and ends as if nothing had been."""
    monkeypatch.setattr(module, "BLOCK", 512)
    simulated, put = [], ChunkCache.put
    monkeypatch.setattr(ChunkCache, "put", lambda self, chunk, value: (simulated.append(chunk), put(self, chunk, value)))

    def stop(now: int, total: int) -> None:
        if now > 4 * 512:
            raise KeyboardInterrupt

    call = {"over": OVER, "sets": 64, "runs_per_set": 8, "seed": 3}
    with pytest.raises(KeyboardInterrupt):
        sweep(toy, ASKED, out=tmp_path / "s", progress=stop, **call)  # type: ignore[arg-type]
    assert len(list((tmp_path / "s" / FOLDER).glob("*.npz"))) == len(simulated) >= 8
    note = read_manifest(tmp_path / "s")
    assert note is not None and note.status == "running"
    rest: list[int] = []
    again = sweep(toy, ASKED, out=tmp_path / "s", progress=lambda now, _: rest.append(now), **call)  # type: ignore[arg-type]
    histories = 64 * (13 + 3) * 8
    assert rest[-1] == histories, "the design's, and those of the model beside its two twins"
    assert len(simulated) == histories // 256, "what is kept is not done again"
    whole = sweep(toy, ASKED, **call)  # type: ignore[arg-type]
    np.testing.assert_array_equal(again.values, whole.values)
    pd.testing.assert_frame_equal(again.indices, whole.indices)
    assert not (tmp_path / "s" / FOLDER).exists()
    before = len(rest)
    read = sweep(toy, ASKED, out=tmp_path / "s", progress=lambda now, _: rest.append(now), **call)  # type: ignore[arg-type]
    assert len(rest) == before, "a finished sweep is read"
    np.testing.assert_array_equal(read.values, whole.values)
    pd.testing.assert_frame_equal(read.indices, whole.indices)
    assert read.document().plain() == whole.document().plain()


def test_all_parameters_are_looked_at_first_and_the_few_that_matter_closely(toy: Order) -> None:
    """By default everything varies: a few factors stand alone, the others are one, and between them is all."""
    found = sweep(toy, ["autonomy@ANA"], most=4, sets=64, runs_per_set=2, when="autonomy@ANA < 0.45")
    table = found.indices
    assert table is not None
    factors = list(table.loc["autonomy@ANA@2005Q4"].index)
    assert len(factors) == 5
    assert REST in factors
    assert "red_line.base" in factors
    assert found.made["sets"] == 2048 + 64 * 7
    assert found.found is not None
    (box, *_) = found.found.boxes
    assert "red_line.base" in box.limits
    assert box.limits["red_line.base"].low > 0.0
    assert box.judged.density > found.found.holds / found.found.sets + 0.1


@pytest.mark.slow
def test_a_posterior_is_swept_by_its_own_draws(order: Order) -> None:
    """Its draws, as many as there are, and rank correlations in place of indices."""
    found = sweep(order, ["autonomy@KAZ"], posterior=True, runs_per_set=2)
    assert found.indices is None
    assert found.importance is not None
    assert found.importance.attrs["autonomy@KAZ@2022Q1"]["method"] == "correlation"
    assert len(found.values) == 256
    assert found.question.drawn_from == "posterior post-soviet"


# ---- The command ----


def test_the_command_says_what_matters(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table for each outcome, how much is luck, a box in words; the same read back, as a document and as tables."""
    assert main([*COMMAND, "--when", "autonomy@ANA < 0.5"]) == 0
    said = capsys.readouterr()
    for words in ("Autonomy of Ana, 2005Q4", "red_line.base", "Luck:", "quasi-p", "(density)", "(coverage)", "share of ties"):
        assert words in " ".join(said.out.split()), words
    assert said.err == ""
    page = (here / "s" / "report.html").read_text("utf-8")
    for words in ("What it depends on: autonomy of Ana, 2005Q4", "Which way:", "When is autonomy of Ana, 2005Q4 below 0.5?",
                  "Parameters and luck"):  # fmt: skip
        assert words in page, words
    assert page.count('class="paper small"') == page.count('class="paper large"') == 5
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    found = open_result(here / "s")
    assert isinstance(found, Sweep) and found.found is not None
    assert len(found.sets) == 64 * 13
    assert {"red_line.base", "autonomy@ANA@2005Q4"} <= set(found.sets.columns)
    told = found.plain()
    assert {"outcome", "factor", "first", "first_low", "first_high", "total", "total_low"} <= set(told["indices"][0])
    assert 0 < told["luck"][0]["history"] < 1
    box = told["notes"]["discovery"]["boxes"][0]
    assert box["judged"]["sets"] < told["notes"]["discovery"]["sets"]
    assert {"low", "high", "p"} == set(next(iter(box["limits"].values())))


@pytest.mark.parametrize("more", [
    ["--design", "morris", "--sets", "4"], ["--design", "latin", "--sets", "64"],
    ["--by", "mechanism", "--over", "pact", "--sets", "64"],
], ids=lambda more: " ".join(more))  # fmt: skip
def test_other_designs_tell_their_own_story(here: Path, capsys: pytest.CaptureFixture[str], more: list[str]) -> None:
    command = [*COMMAND[:6], "--runs-per-set", "4", "--out", "s", *more]
    assert main(command) == 0
    said = " ".join(capsys.readouterr().out.split())
    word = {"--design morris": "luck alone", "--design latin": "coefficient", "--by mechanism": " red_line "}
    assert word[" ".join(more[:2])] in said
    assert "</html>" in (here / "s" / "report.html").read_text("utf-8")


def test_every_chart_is_a_valid_chart(toy: Order, small: Sweep) -> None:
    """Altair's own schema accepts every figure, large and small, and each says in words what it shows."""
    searched = sweep(toy, ASKED[:1], over=OVER, sets=128, runs_per_set=8, when="autonomy@ANA < 0.5")
    figures = [*small.document().figures, *searched.document().figures]
    assert [figure.name for figure in searched.document().figures] == ["boxes", "indices-1", "tornado-1"]
    for figure in figures:
        for telephone in (False, True):
            draw(figure, telephone)[0].to_dict(validate=True)
        assert figure.finding and len(figure.data)


def test_without_a_difference_no_box_is_claimed(small: Sweep) -> None:
    asked = small.question.model_copy(update={"when": "autonomy@ANA < -1"})
    none = dataclasses.replace(small, question=asked, found=Found((), 0, 128))
    assert verdict(none).endswith("holds in 0 of 128 sets: there is nothing to tell apart.")


BAD = {
    "unknown parameter": (["--over", "pact.vots"], 'no parameter matches "pact.vots". Did you mean "pact.vote"?'),
    "pattern without match": (["--over", "zzz.*"], 'no parameter matches "zzz.*". Known:'),
    "empty name": (["--over", "pact.vote,,red_line"], "a name is empty in --over. Write names apart by commas"),
    "unknown mechanism": (["--over", "pakt"], 'no parameter matches "pakt". Did you mean "pact"?'),
    "all off": (["--over", "pact", "--without", "pact"], "all parameters to vary belong to mechanisms that are off."),
    "unknown measure": (["-m", "autonmy@ANA"], 'no measure is called "autonmy". Did you mean "autonomy"?'),
    "unknown neighbour": (["-m", "autonomy@AMA"], '"AMA" is no neighbour in toy. Did you mean "ANA"?'),
    "neighbour of the order": (["-m", "hierarchy@ANA"], 'hierarchy is a measure of the whole order, not of "ANA".'),
    "no quarter": (["-m", "autonomy@ANA@2003Q5"], '"2003Q5" is no quarter.'),
    "quarter outside": (["-m", "autonomy@ANA@2030Q1"], "2030Q1 lies outside toy. It covers 2000Q1 to 2005Q4."),
    "span backwards": (["-m", "crises@2003Q1..2001Q1"], "2001Q1 lies before 2003Q1."),
    "two neighbours": (["-m", "autonomy@ANA@BOB"], '"autonomy@ANA@BOB" has more than one state or quarter.'),
    "no instrument": (["-m", "answers"], "answers needs an instrument."),
    "unknown instrument": (["-m", "chosen.mediat"], 'chosen has no part "mediat". Did you mean "mediate"?'),
    "unknown kind": (["-m", "crises.uprsing"], 'crises has no part "uprsing". Did you mean "uprising"?'),
    "unknown pole": (["-m", "orientation.hob"], 'orientation has no part "hob". Did you mean "hub"?'),
    "part of what has none": (["-m", "autonomy.hub"], 'autonomy has no part "hub". Write autonomy alone.'),
    "no condition": (["--when", "autonomy@ANA"], '"autonomy@ANA" is no condition. Compare with a number'),
    "no number": (["--when", "autonomy@ANA < low"], '"autonomy@ANA < low" compares with no number.'),
    "or equal": (["--when", "autonomy@ANA <= 1"], '"autonomy@ANA <= 1" uses <=.'),
    "compared thrice": (["--when", "autonomy < 1 < 2 < 3"], "compares twice."),
    "no power of two": (["--sets", "100"], "100 base sets are no power of two. Sobol sequences need one: ask for 128"),
    "too few base sets": (["--sets", "8"], "8 base sets. Ask for 64 to 1,048,576 with --sets."),
    "too few sets": (["--design", "latin", "--sets", "500"], "500 sets are too few for 323 parameters. Ask for at least 648"),
    "too few trajectories": (["--design", "morris", "--sets", "2"], "sets = 2. It must lie between 4 and"),
    "unknown design": (["--design", "sobel"], "'sobel' is not one of 'sobol', 'latin', 'morris'"),
    "two designs": (["--posterior", "--design", "latin"], "--posterior and --design latin contradict each other."),
    "sets of a posterior": (["--posterior", "--sets", "64"], "--posterior and --sets contradict each other."),
    "no posterior": (["--posterior"], "toy has no posterior. Leave out --posterior"),
    "one run": (["--runs-per-set", "1"], "runs_per_set = 1. It must lie between 2 and 65,536."),
    "boxes by morris": (["--design", "morris", "--when", "autonomy < 1"], "--when and --design morris contradict each other."),
    "most of morris": (["--design", "morris", "--most", "3"], "--most and --design morris contradict each other."),
    "most of none": (["--most", "0"], "most = 0. It must lie between 1 and 200."),
    "mechanisms by regression": (["--by", "mechanism", "--design", "latin"], "--by mechanism and --design latin contradict"),
    "by what": (["--by", "state"], "'state' is not one of 'parameter', 'mechanism'"),
    "one mechanism": (["--by", "mechanism", "--over", "pact"], "--by mechanism, and all parameters belong to pact."),
    "negative seed": (["--seed", "-1"], "seed = -1. It must lie between 0 and"),
    "no crisis": (["-m", "survived.rival_turn@ANA@2000Q1", "--over", "pact.vote", "--sets", "64", "--runs-per-set", "2"],
                  "there is no crisis to take a share of. Ask for more --runs-per-set"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_is_told_in_one_sentence(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more, sentence = BAD[case]
    assert main(["sweep", "toy.toml", *more]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_a_mistake_in_python_is_an_error_with_its_remedy(toy: Order) -> None:
    with pytest.raises(UserError, match="Did you mean"):
        sweep(toy, ["autonmy"])


def test_a_sweep_stands_beside_its_twins(toy: Order) -> None:
    """Coercion frightens by its harshness: told no sign, as many sets frighten less as more; where no consequence counts, fear
    differs; and no twin is made of what does not vary."""
    asked = ["fear@ANA@2005Q4"]
    found = sweep(toy, asked, over=["economic_coercion.*", "regard.*"], design="latin", sets=128, runs_per_set=8).twins
    assert found is not None
    told = found.loc[asked[0]]
    assert list(told.index) == ["model", "no signs", "no consequences"]
    assert told.loc["no signs", "low"] < told.loc["model", "low"], "harshness below 0 takes fear away"
    apart = abs(told.loc["no consequences", "mean"] - told.loc["model", "mean"])
    assert apart > 1e-4, f"the patron answers otherwise: {apart}"
    only = sweep(toy, asked, over=["regard.*"], design="latin", sets=128, runs_per_set=8)
    assert only.twins is not None and list(only.twins.loc[asked[0]].index) == ["model", "no consequences"]
    assert "Beside its twins" in str(only.document().plain())

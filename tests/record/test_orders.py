"""The Warsaw Pact and the inter-American order: their scenarios fit their records, and their figures are what the data give."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.engine.histories import histories
from hegemon.history import history, record_events
from hegemon.history.fitting import impossible
from hegemon.order import from_scenario
from hegemon.scenarios.loader import load_scenario
from hegemon.scenarios.schema import Scenario
from hegemon.studies.predict.generic import generic, order_of
from hegemon.studies.replay.compute import drive

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = Path(os.environ.get("HEGEMON_PUBLIC_DATA", ROOT.parent / "shared/data/public"))
ORDERS = ("warsaw-pact", "inter-american")
ONE_QUICK = ("warsaw-pact", pytest.param("inter-american", marks=pytest.mark.slow))
needs_data = pytest.mark.skipif(
    not (PUBLIC / "states_1945_1991.parquet").is_file(),
    reason="public data are not here: set HEGEMON_PUBLIC_DATA to their folder",
)


# ---- Scenario and record ----
@pytest.mark.parametrize(("name", "patron", "cow"), [("warsaw-pact", "SUN", 365), ("inter-american", "USA", 2)])
def test_every_coded_crisis_has_its_state_and_its_patron(name: str, patron: str, cow: int) -> None:
    s, coded = load_scenario(name), history(name)
    assert (s.patron.iso3, s.patron.cow, s.history) == (patron, cow, name)
    assert set(coded["patron"]) == {patron} and set(coded["state"]) <= set(s.states)
    assert s.region == name and s.pact is not None


def test_states_that_are_no_more_have_the_codes_of_their_time() -> None:
    states = load_scenario("warsaw-pact").states
    assert {iso: states[iso].cow for iso in ("CSK", "DDR", "YUG")} == {"CSK": 315, "DDR": 265, "YUG": 345}


def test_no_figure_stands_without_a_reason() -> None:
    """What no data set gives is called judgement where it stands."""
    for name in ORDERS:
        s = load_scenario(name)
        assert s.doctrine.source.startswith("Judgement")
        for key in ("attention", "rule", "accession"):
            assert s.sources[key].startswith("Judgement"), (name, key)
        assert not [key for key, text in s.sources.items() if len(text) < 60 and key not in ("shelter", "frozen")]


def test_the_pact_reaches_where_it_acted_and_no_further() -> None:
    """The quarantine of 1962 has the mandate of a pact that Cuba leaves after it; Grenada enters in 1975."""
    pact = load_scenario("inter-american").pact
    assert pact is not None
    assert [pact.has("CUB", quarter) for quarter in ("1962Q4", "1963Q1")] == [True, False]
    assert [pact.has("GRD", quarter) for quarter in ("1974Q4", "1983Q4")] == [False, True]
    east = load_scenario("warsaw-pact").pact
    assert east is not None
    assert [east.has("CSK", quarter) for quarter in ("1953Q2", "1968Q1")] == [False, True]
    assert not any(east.has(state, "1970Q1") for state in ("YUG", "FIN", "ALB"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "excluded"),
    [("warsaw-pact", ["csk-1968-prague-spring"]), ("inter-american", ["hti-1991-coup"])],
)
def test_the_record_can_happen_but_for_force_without_the_pact_s_decision(name: str, excluded: list[str]) -> None:
    """Every part of every coded crisis has a probability; only collective force without a mandate has next to none."""
    order = hegemon.load(name)
    s = order.scenario
    events = record_events(history(name), start=s.start, end=s.end)
    found = [event["crisis_id"] for event in events.to_dict("records") if impossible(s, event) is not None]
    assert found == excluded
    logs = drive(order, events, runs=4, seed=0).log_probability
    assert np.isfinite(logs).all()
    for event in events.to_dict("records"):
        parts = logs.sel(quarter=event["quarter"], state=event["state"]).mean("run")
        floor = math.log(1e-29)
        assert (float(parts.min()) < floor) == (event["crisis_id"] in excluded), event["crisis_id"]


# ---- Simulation ----
@pytest.mark.slow
@pytest.mark.parametrize("name", ORDERS)
def test_crises_come_at_a_plausible_rate(name: str) -> None:
    """The record holds prominent crises only: the model has more, but not more per state and year than the post-Soviet record
    twice over, and in nine of ten histories no fewer than are coded."""
    order = hegemon.load(name)
    chunks = list(histories(order, 128, 0))
    counts = np.bincount(np.concatenate([chunk.crises.run for chunk in chunks]), minlength=128)
    years = len(order.quarters) / 4 * len(order.states)
    s = order.scenario
    coded = len(record_events(history(name), start=s.start, end=s.end))
    home = len(history()) / (len(hegemon.load("post-soviet").quarters) / 4 * 14)
    assert np.quantile(counts, 0.1) >= coded
    assert 0.25 * home < counts.mean() / years < 2.0 * home


@pytest.mark.slow
def test_a_liberal_doctrine_is_legitimate_among_the_open() -> None:
    """C13: swap the inter-American order's idea for a conservative one, luck and all else equal, and the open lose regard for the
    patron while the closed gain it."""
    own = hegemon.load("inter-american")
    content = own.scenario.content()
    content["doctrine"] = content["doctrine"] | {"idea": 0.10}
    other = from_scenario(Scenario.model_validate(content).named(own.name))
    (liberal,), (conservative,) = (list(histories(order, 64, 0)) for order in (own, other))
    gained = (liberal.measures["legitimacy"] - conservative.measures["legitimacy"])[-40:]
    openness = liberal.measures["openness"][-40:]
    assert gained[openness > 0.5].mean() > 0.05 > -0.05 > gained[openness < 0.35].mean()


@pytest.mark.slow
def test_report_and_replay_are_about_the_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "r"
    assert main(["run", "warsaw-pact", "--runs", "40", "--out", str(out)]) == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Ties with the Soviet Union" in page
    assert "Borders for orientation only. States of the time are put together from today" in page
    capsys.readouterr()
    assert main(["replay", "inter-american", "--runs", "4", "--out", str(tmp_path / "p"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["command"] == "hegemon replay inter-american --runs 4"
    assert "The neighbours of the United States" in (tmp_path / "p" / "report.html").read_text(encoding="utf-8")


# ---- Prediction ----
@pytest.mark.slow
@pytest.mark.parametrize("name", ORDERS)
def test_predictions_use_the_scenario(name: str) -> None:
    """Not the generic order, which has only the states with crises, all alike."""
    record = history(name)
    assert order_of(record).scenario.text == load_scenario(name).text != generic(record, name).scenario.text
    found = hegemon.predict(order=name, by="simulation").table
    assert list(found.index) == list(record["crisis_id"])
    assert found.sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_an_order_that_is_misspelt_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "--order", "inter-americam"]) == 2
    assert 'Did you mean "inter-american"?' in capsys.readouterr().err


# ---- Figures and pages ----
def tool(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools/figures_orders.py"), *words, "--public", str(PUBLIC)]
    command += ["--history", str(ROOT / "src/hegemon/history")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@needs_data
@pytest.mark.parametrize("name", ORDERS)
def test_the_figures_are_what_the_data_give(name: str) -> None:
    file = ROOT / f"src/hegemon/scenarios/{name}.toml"
    agrees = tool(name, "--check", str(file))
    assert (agrees.returncode, agrees.stdout.strip()) == (0, f"{name}.toml: every figure is what the data give")


@needs_data
def test_a_figure_changed_by_hand_is_named(tmp_path: Path) -> None:
    file = ROOT / "src/hegemon/scenarios/warsaw-pact.toml"
    text, hold = file.read_text(encoding="utf-8"), load_scenario("warsaw-pact").states["ALB"].hold
    begins = text.index("[states.ALB]")
    changed = text[:begins] + text[begins:].replace(f"hold        = {hold:.2f}", f"hold        = {hold - 0.1:.2f}", 1)
    (tmp_path / "other.toml").write_text(changed, encoding="utf-8")
    parts = tool("warsaw-pact", "--check", str(tmp_path / "other.toml"))
    assert parts.returncode == 1 and parts.stdout.startswith("states.ALB.hold: the file says")


def test_the_page_measures_these_scenarios() -> None:
    """What docs/orders.md shows was computed from the scenarios as they are; else run tools/orders.py again."""
    page = (ROOT / "docs/orders.md").read_text(encoding="utf-8")
    for name in ("post-soviet", *ORDERS):
        assert f"{name} {load_scenario(name).hash[:16]}" in page, name

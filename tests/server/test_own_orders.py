"""Orders of one's own in the explorer: those in folders it was started with, and those that were sent; each with its record."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hegemon.projects.begin import begin
from hegemon.scenarios.loader import load_scenario
from hegemon.server.routes import builtin, orders
from hegemon.server.scenarios import Scenarios


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scenarios:
    """An explorer that was started with one folder, and was sent a scenario with a record and one without."""
    monkeypatch.chdir(tmp_path)
    begin("mine")
    found = Scenarios(Path("sent"), [load_scenario("mine")])
    found.keep("with", Path("mine/scenario.toml").read_text("utf-8"), Path("mine/record.csv").read_text("utf-8"))
    found.keep("without", 'extends = "post-soviet"\nend = "2023Q4"\n')
    return found


def test_what_was_sent_can_be_taken_away_and_a_folder_cannot(kept: Scenarios) -> None:
    told = {each["name"]: each for each in orders.infos(kept)}
    assert {name for name, each in told.items() if each["sent"]} == {"with", "without"}
    assert not told["mine"]["builtin"] and not told["mine"]["sent"]


@pytest.mark.parametrize(
    ("name", "there"), [("mine", True), ("with", True), ("without", False), ("post-soviet", False), ("x", False)]
)
def test_the_record_of_an_order_of_ones_own_is_told_by_its_name(name: str, there: bool, kept: Scenarios) -> None:
    """One that takes over a built-in record, or a name that nothing has, is none of its own."""
    site: Any = SimpleNamespace(scenarios=kept)
    own = builtin.recorded_itself(site, name)
    assert (own is not None) == there
    if own is not None:
        told = builtin.coded(name, own)
        assert told["covered"] == ["2000Q1", "2010Q4"] and told["rows"][0]["crisis_id"] == "one-2001-protests"
        assert all(row["model_quarter"] and row["model_kind"] for row in told["rows"])


def test_a_result_names_the_file_in_which_a_scenario_that_was_sent_is_kept(kept: Scenarios) -> None:
    from hegemon.studies.run.question import RunQuestion

    asked = RunQuestion.of({"scenario": "without"}).resolved(scenario=kept.scenario)
    assert asked.line == "hegemon run sent/without.toml"
    assert RunQuestion.of({"scenario": "sent/without.toml"}).resolved().fingerprint() == asked.fingerprint()

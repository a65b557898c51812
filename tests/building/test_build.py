"""An order from a pack: sound, the same each time, with an interval that holds every figure, and what is answered counts."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path

import pytest

from hegemon.building import Built, build
from hegemon.building.agreement import answers_of, builtin_answers
from hegemon.building.answers import Answers, load_answers
from hegemon.building.dialogue import conversation, questions
from hegemon.building.figures import SHARED, SINGLE, said
from hegemon.building.intervals import WIDENED
from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.history import DRAWN, recorded
from hegemon.history.reading import CODES
from hegemon.scenarios.loader import builtin_names, load_scenario, read_scenario
from hegemon.scenarios.tables import FIGURES
from hegemon.world_pack.world import World


@pytest.fixture
def built(world: World, answers: Answers) -> Built:
    return build(answers, world)


def changed(answers: Answers, **tables: object) -> Answers:
    return answers.model_copy(update=tables)


def test_an_order_is_a_sound_scenario_with_a_source_and_an_interval_for_every_figure(built: Built) -> None:
    scenario = read_scenario(built.scenario, "own")
    assert set(scenario.states) == {"SEN", "CIV", "GAB"}
    assert set(FIGURES) <= set(scenario.sources)
    for name, figure in (SHARED | SINGLE).items():
        assert scenario.sources[name] == said(figure), "a formula is said once"
        assert WIDENED[name] > 0
    assert scenario.intervals is not None
    for iso, state in scenario.states.items():
        for name, span in scenario.intervals.states[iso]:
            value = getattr(state, name)
            for pole, (low, high) in span.items() if isinstance(span, dict) else [("", span)]:
                assert low <= (value[pole] if pole else value) <= high


def test_the_same_answers_give_the_same_text_and_the_answers_file_builds_it_again(built: Built, world: World) -> None:
    again = load_answers("again.toml", built.asked)
    assert build(again, world).scenario == built.scenario
    assert build(again, world).asked == built.asked


def test_an_interval_that_leaves_out_its_figure_is_refused(
    built: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = tomllib.loads(built.scenario)
    hold = tables["states"]["SEN"]["hold"]
    text = built.scenario
    at = text.index("hold = [", text.index("[intervals.states.SEN]"))
    (tmp_path / "own.toml").write_text(text[:at] + "hold = [0.00, 0.01]" + text[text.index("\n", at) :])
    assert main(["scenario", "check", str(tmp_path / "own.toml")]) == 2
    assert f"It must rise, and hold the figure itself, {hold:g}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("table", "answer", "figure", "up"),
    [
        ("line", "pro_rival", "elite", False), ("line", "pro_patron", "elite", True), ("troops", (9e3,) * 3, "deployment", True),
        ("force", 1, "fear", True), ("frozen", (0.4,) * 3, "frozen", True), ("institutions", (0.0,) * 3, "orientation", False),
        ("association", (0.0,) * 3, "integration", False), ("arms", (1.0,) * 3, "dependence", True),
    ],
)  # fmt: skip
def test_what_is_answered_moves_its_figure(
    table: str, answer: object, figure: str, up: bool, built: Built, world: World, answers: Answers
) -> None:
    """And that of nobody else, where the figure does not compare neighbours."""

    def value(b: Built, iso: str) -> float:
        found = b.figures[iso][figure]
        return found[b.answers.own][1] if isinstance(found, dict) else found[1]

    other = build(changed(answers, **{table: {"CIV": answer}}), world)
    assert (value(other, "CIV") > value(built, "CIV")) == up
    assert value(other, "CIV") != value(built, "CIV")
    assert value(other, "GAB") == value(built, "GAB")


def test_a_figure_said_outright_stands_with_its_own_interval(built: Built, world: World) -> None:
    said_so = built.asked + "\n[figure.CIV]\nopenness = [0.31, 0.4, 0.52]\n"
    assert build(load_answers("a.toml", said_so), world).figures["CIV"]["openness"] == (0.31, 0.4, 0.52)


def test_who_becomes_a_state_later_enters_then_and_who_ends_leaves(world: World, answers: Answers) -> None:
    order = answers.order.model_copy(update={"neighbours": ("SEN", "DJI"), "until": 1982})
    found = build(changed(answers, order=order), world)
    assert "Become states within the order, and enter then: Djibouti (DJI, 1977Q3)." in found.notes
    states = read_scenario(found.scenario, "x").states
    assert (states["SEN"].independent, states["DJI"].independent) == ("1960Q3", "1977Q3")
    assert '# DJI = "1977Q3"  # Djibouti' in found.asked
    dated = changed(answers, order=order, independent={"DJI": "1977Q2"}, ended={"SEN": "1980Q1"})
    again = build(load_answers("a.toml", build(dated, world).asked), world)
    states = read_scenario(again.scenario, "x").states
    assert (states["DJI"].independent, states["SEN"].ended) == ("1977Q2", "1980Q1")
    assert "End within it, and leave then: Senegal (SEN, 1980Q1)." in again.notes
    left = build(changed(answers, order=order.model_copy(update={"late": "leave"})), world)
    assert set(left.figures) == {"SEN"} and "Left out, since they became states later: Djibouti (DJI, 1977)." in left.notes
    kept = build(changed(answers, order=order.model_copy(update={"late": "keep"})), world)
    assert set(kept.figures) == {"SEN", "DJI"} and "independent" not in kept.scenario


def test_what_turns_by_year_is_in_the_scenario(world: World, answers: Answers) -> None:
    """As it was answered, and for the poles and the years of this order alone."""
    text = build(answers, world).asked + '\n[turns]\nsource = "invented"\nresolve = { 1961 = 1.0, 1964 = 0.5 }\n'
    text += "attention = { west = { 1961 = 0.2, 1963 = 0.6 } }\n"
    found = build(load_answers("a.toml", text), world)
    turned = read_scenario(build(load_answers("a.toml", found.asked), world).scenario, "x").turns
    assert turned is not None and turned.paths == {"resolve": {1961: 1.0, 1964: 0.5}, "attention.west": {1961: 0.2, 1963: 0.6}}
    with pytest.raises(UserError, match="turns.resolve begins in 1962"):
        load_answers("a.toml", text.replace("{ 1961 = 1.0", "{ 1962 = 1.0"))
    with pytest.raises(UserError, match="turns.attention.moon is no rival pole"):
        load_answers("a.toml", text.replace("{ west =", "{ moon ="))


def test_defaults_are_never_silent(built: Built) -> None:
    assert any("The incumbents' line was not answered for 3 of 3 neighbours" in note for note in built.notes)


def test_registers_give_crises_to_be_coded_with_what_they_do_not_say_left_empty(built: Built) -> None:
    rows = list(csv.DictReader(io.StringIO(built.candidates)))
    assert [row["crisis_id"] for row in rows] == ["sen-1962-coup", "sen-1962-uprising", "gab-1964-civil-war", "gab-1964-coup"]
    assert len({row["crisis_id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["kind"] in CODES["kind"]
        assert row["response_primary"] == row["incumbent_before"] == ""
        assert row["note"]
        assert row["sources"]
    assert rows[3]["severity"] == "3" and rows[3]["incumbent_survived"] == "0"


def test_candidates_that_are_coded_are_a_record(built: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(built.candidates)
    assert main(["data", "check", str(file)]) == 2
    assert "incumbent_before" in capsys.readouterr().err
    rows = list(csv.DictReader(io.StringIO(built.candidates)))
    coded = {"incumbent_before": "pro_patron", "orientation_after": "pro_patron", "host_request": "none"}
    coded |= {"response_primary": "abstain", "legal_frame": "none"}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, **coded, "incumbent_survived": row["incumbent_survived"] or "1"} for row in rows)
    file.write_text(text.getvalue())
    assert main(["data", "check", str(file)]) == 0


def test_a_conversation_asks_what_is_not_answered_and_asks_again_after_a_mistake(built: Built, world: World) -> None:
    typed = {"Senegal (SEN): line": ["friendly", "pro_r"], "Senegal (SEN): quarter": ["1961Q2"]}
    typed |= {"Doctrine: what": ["a b", "0.2 0.3 0.4"]}
    told: list[str] = []
    asked: list[str] = []

    def ask(text: str, default: str) -> str:
        asked.append(text)
        key = next((key for key in typed if text.startswith(key) and typed[key]), None)
        return typed[key].pop(0) if key else default

    found = conversation(built, ask, told.append)
    assert found.line == {"SEN": "pro_rival"}
    assert found.doctrine.idea == (0.2, 0.3, 0.4)
    assert found.pact.member is not None
    assert found.pact.member["SEN"][0].from_ == "1961Q2"
    assert len(told) == 2
    assert len(asked) == len(list(questions(built))) + 2
    again = [question.at for question in questions(build(found, world))]
    assert ("line", "SEN") not in again
    assert ("line", "CIV") in again


def test_a_folder_is_made_and_made_again_and_a_persons_work_is_kept(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From names to a scenario that can be run; an answer; built again: two commands and a file."""
    folder = tmp_path / "own"
    words = ["--patron", "FRA", "--neighbours", "SEN,CIV,GAB", "--pole", "west=USA,GBR", "--bloc", "west"]
    words += ["--from", "1961", "--until", "1965"]
    assert main(["new", str(folder), *words, "--pack", str(pack)]) == 0
    assert sorted(file.name for file in folder.iterdir()) == ["answers.toml", "crises_to_code.csv", "scenario.toml"]
    before = load_scenario(folder / "scenario.toml")
    assert [pole.id for pole in before.poles] == ["france", "west"]
    text = (folder / "answers.toml").read_text().replace('# SEN = "balanced"', 'SEN = "pro_patron"')
    (folder / "answers.toml").write_text(text)
    (folder / "crises_to_code.csv").write_text("coded")
    assert main(["new", str(folder), "--pack", str(pack)]) == 0
    after = load_scenario(folder / "scenario.toml")
    assert after.states["SEN"].elite["france"] > before.states["SEN"].elite["france"]
    assert (folder / "answers.toml").read_text() == text
    assert (folder / "crises_to_code.csv").read_text() == "coded"
    assert main(["new", str(folder), *words, "--pack", str(pack)]) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize("order", builtin_answers())
def test_an_order_that_comes_with_answers_is_built_in_with_its_record(order: str) -> None:
    answers = answers_of(order)
    assert order in builtin_names()
    scenario = load_scenario(order)
    assert scenario.patron.iso3 == answers.order.patron
    assert set(scenario.states) == set(answers.order.neighbours)
    assert set(answers.line) == set(answers.order.neighbours), "no line is a silent default"
    assert answers.source
    record = recorded(scenario)
    assert record is not None and record["state"].isin(list(scenario.states)).sum() >= 4
    assert (scenario.intervals is not None) == (order in DRAWN)

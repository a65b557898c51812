"""Every command on every order: what it says before anything is computed. No refusal without a reason in a sentence."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hegemon import studies
from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.history import DRAWN
from hegemon.order import load
from hegemon.projects.begin import begin
from hegemon.scenarios.loader import load_scenario
from hegemon.studies import bundle, describing
from hegemon.studies.question import Code, Question, Scene

LAKE = (Path(__file__).parents[2] / "docs/examples/red_line_lake.py").read_text("utf-8")

ORDERS = ("post-soviet", "warsaw-pact", "inter-american", *DRAWN, "mine")

REFUSED = {
    ("backtest", "warsaw-pact"): "13 crises", ("backtest", "inter-american"): "16 crises", ("backtest", "mine"): "4 crises",
    **{("backtest", order): "begin with one from" for order in DRAWN if order != "francafrique"},
    **{("claims", order): "no ledger" for order in ("warsaw-pact", "inter-american", *DRAWN)},
}  # fmt: skip
"""Commands that an order is refused by, and what the sentence says. Whoever names a first crisis, or a ledger, is not refused."""


def asked(command: str, order: str, place: str) -> dict[str, Any]:
    """The command's fields for an order."""
    if command == "claims":
        return {"ledger": "limited-sovereignty" if order == "post-soviet" else place}
    if command == "compare":
        return {"first": place, "without": ("doctrine",)}
    of = load_scenario(place)
    middle = (int(of.start[:4]) + int(of.end[:4])) // 2
    more = {"room": {"state": next(iter(of.states))}, "forecast": {"origin": f"{middle}Q4"}}.get(command, {})
    return {"scenario": place, **more}


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("orders") / "mine"
    begin(place, claims=True)
    return place


@pytest.mark.slow
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("command", [each.name for each in studies.STUDIES])
def test_an_order_is_taken_or_refused_in_a_sentence(command: str, order: str, mine: Path) -> None:
    fields = asked(command, order, str(mine) if order == "mine" else order)
    if (command, order) not in REFUSED:
        return studies.study(command).asks.of(fields).resolved().check()
    with pytest.raises(UserError, match=REFUSED[command, order]) as found:
        studies.study(command).asks.of(fields).resolved().check()
    assert "\n" not in found.value.sentence and found.value.remedy


@pytest.mark.slow
def test_the_folders_own_scenario_is_what_is_asked_about(mine: Path) -> None:
    for each in studies.STUDIES:
        found = each.asks.of(asked(each.name, "mine", str(mine))).resolved()
        assert next(iter(found.orders().values())).name == "mine", each.name


# ---- What is printed can be given ----


@pytest.fixture
def beside(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place where somebody works who has an order in a folder beside him, and a mechanism, and the order a calibration."""
    shutil.copytree(mine, tmp_path / "my own")
    (tmp_path / "lake.py").write_text(LAKE, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def given_again(line: str, monkeypatch: pytest.MonkeyPatch) -> Question:
    """What a command line asks, as the shell and the command read it; nothing is computed."""
    from hegemon.cli import asking

    heard: list[Question] = []
    monkeypatch.setattr(asking, "answer", lambda of, question, *more, **others: heard.append(question))
    program, *words = shlex.split(line)
    assert program == "hegemon" and main(words) == 0
    return heard[0]


EVERY = [each.name for each in studies.STUDIES]


@pytest.mark.parametrize("command", EVERY)
def test_the_command_that_a_page_prints_asks_the_same(
    command: str, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By any of the paths by which a person names a folder, its scenario's file, or from Python the order itself."""
    kind, places = studies.study(command), ["my own", "./my own", str(beside / "my own")]
    for place in [*places, *(["my own/scenario.toml"] if command != "claims" else [])]:
        question = kind.asks.of(asked(command, "mine", place)).resolved()
        assert place in shlex.split(question.line), "as the person has named it"
        again = given_again(question.line, monkeypatch)
        assert again.fingerprint() == question.fingerprint() and again.key() == question.key() and again.line == question.line
    if command != "claims":
        fields = asked(command, "mine", "my own")
        about = kind.asks.about(load("my own"), next(iter(kind.asks.marked(Scene))))
        question = kind.asks.of({**fields, **about}).resolved()
        assert given_again(question.line, monkeypatch).fingerprint() == question.fingerprint()


@pytest.mark.parametrize("command", [name for name in EVERY if studies.study(name).asks.marked(Code)])
@pytest.mark.parametrize("order", ["my own", "post-soviet"])
def test_so_does_one_with_code_of_ones_own(command: str, order: str, beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = asked(command, order, order)
    question = studies.study(command).asks.of({**fields, "mechanism": ("./lake.py",)}).resolved()
    words = shlex.split(question.line)
    assert words[words.index("--mechanism") + 1] == "./lake.py" and f"{order}.toml" not in words
    assert given_again(question.line, monkeypatch).fingerprint() == question.fingerprint()


def test_the_explorer_prints_the_path_that_it_was_started_with(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hegemon.server.questions import askable
    from hegemon.server.scenarios import Scenarios

    kept = Scenarios(beside / "sent", [load_scenario("./my own")])
    found = studies.study("run").asks.of({"scenario": "my own"}).resolved(scenario=kept.scenario)
    assert found.line == "hegemon run './my own'" and askable(found, kept)
    typed = studies.study("run").asks.of({"scenario": "my own"}).resolved()
    assert askable(typed, kept), "a result that the command line has made can be asked for in the explorer"
    assert given_again(found.line, monkeypatch).fingerprint() == found.fingerprint() == typed.fingerprint()


def test_a_room_names_the_command_that_leaves_all_to_chance(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hegemon.studies.room.question import RoomQuestion
    from hegemon.studies.room.sentences import simulated

    state = next(iter(load_scenario("my own").states))
    room = RoomQuestion.of({"state": state, "scenario": "my own", "set": {"pact.vote": 2.5}, "mechanism": ("lake.py",)})
    line = simulated(room).line
    assert line == "hegemon run 'my own' --set pact.vote=2.5 --mechanism lake.py"
    assert given_again(line, monkeypatch).order("scenario").hash == room.resolved().order().hash


def test_files_of_a_question_are_printed_as_they_were_named(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (beside / "data").mkdir()
    shutil.copy("my own/record.csv", "data/a record.csv")
    for command in ("replay", "calibrate", "predict"):
        question = studies.study(command).asks.of({"scenario": "my own", "history": "data/a record.csv"}).resolved()
        assert "'data/a record.csv'" in question.line
        assert given_again(question.line, monkeypatch).fingerprint() == question.fingerprint()


def test_in_a_bundle_everything_goes_by_its_name_there(beside: Path) -> None:
    """Which says nothing of the machine on which it was made."""
    place = str(beside / "my own")
    for command in EVERY:
        question = studies.study(command).asks.of(asked(command, "mine", place)).resolved()
        there = question.portable()
        assert there.fingerprint() == question.fingerprint() and there.key() == question.key()
        assert str(beside) not in there.model_dump_json() + there.line


@pytest.mark.parametrize("files", [True, False])
@pytest.mark.parametrize("command", ["run", "compare", "room", "claims", "forecast"])
def test_a_bundles_command_can_be_given_where_it_is_unpacked(
    command: str, files: bool, beside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order's folder is there again, with the files of its own if it has any."""
    if not files:
        (beside / "my own/record.csv").unlink()
        text = (beside / "my own/scenario.toml").read_text("utf-8")
        (beside / "my own/scenario.toml").write_text(text.replace("covered  =", "# covered  ="), "utf-8")
    question = studies.study(command).asks.of(asked(command, "mine", str(beside / "my own"))).resolved()
    of: Any = SimpleNamespace(question=question.portable())
    there = tmp_path / "unpacked"
    for name, content in {**describing.orders(of), **bundle.given(of)}.items():
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_bytes(content)
    monkeypatch.chdir(there)
    again = given_again(of.question.line, monkeypatch)
    assert again.label() == question.label()
    assert [order.hash for order in again.orders().values()] == [order.hash for order in question.orders().values()]

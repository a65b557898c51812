"""Folders that are orders: made by `hegemon new`, read by every command, or, where something is wrong, refused in a sentence."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.ledgers.loading import load_ledger
from hegemon.mechanisms import BY_NAME, outside
from hegemon.projects import write_project
from hegemon.projects.begin import begin
from hegemon.scenarios.loader import load_scenario

LAKE = (Path(__file__).parents[2] / "docs/examples/red_line_lake.py").read_text("utf-8")


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("projects") / "mine"
    begin(place, claims=True)
    return place


@pytest.fixture
def mine(blank: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(blank, tmp_path / "mine"))


def test_a_blank_order_brings_its_files(mine: Path) -> None:
    found = load_scenario(mine)
    assert found.name == "mine" and found.history == "record.csv" and set(found.files or {}) == {"record.csv"}
    assert load_scenario(str(mine / "scenario.toml")).hash == found.hash == load_scenario(f"{mine}/").hash


def test_the_same_files_are_the_same_order_elsewhere(mine: Path, tmp_path: Path) -> None:
    other = shutil.copytree(mine, tmp_path / "elsewhere" / "mine")
    assert load_scenario(other).hash == load_scenario(mine).hash
    with (other / "record.csv").open("a") as file:
        file.write("more,XAA,2010-02,,More,coup,1,balanced,1,balanced,none,abstain,none,\n")
    assert load_scenario(other).hash != load_scenario(mine).hash


def test_a_variation_beside_it_takes_its_files_over(mine: Path) -> None:
    (mine / "later.toml").write_text('extends = "scenario.toml"\nrecord = "2005Q4"\n')
    found = load_scenario(mine / "later.toml")
    assert found.record == "2005Q4" and set(found.files or {}) == {"record.csv"}


def test_an_order_like_a_built_in_one_has_its_figures_and_its_record(tmp_path: Path) -> None:
    from hegemon.history import coded

    begin(tmp_path / "mine", "warsaw-pact")
    found, built = load_scenario(tmp_path / "mine"), load_scenario("warsaw-pact")
    assert found.states == built.states and found.capacity == built.capacity and found.pact == built.pact
    assert list(coded(found)["crisis_id"]) == list(coded(built)["crisis_id"])


def test_nothing_is_left_of_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="title"):
        write_project(tmp_path / "mine", "format = 1\n")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(mine: Path) -> None:
    before = (mine / "scenario.toml").read_bytes()
    with pytest.raises(UserError, match="exists already"):
        begin(mine)
    assert (mine / "scenario.toml").read_bytes() == before


def test_claims_are_added_to_an_order_that_is_there(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine / "claims.toml").unlink()
    assert main(["new", str(mine), "--claims", "--json"]) == 0
    assert [Path(file).name for file in json.loads(capsys.readouterr().out)["files"]] == ["claims.toml"]
    assert [claim.id for claim in load_ledger(mine).claim] == ["refused", "limits"]


def test_a_scenario_without_bloc_and_pact_is_one(mine: Path) -> None:
    change("scenario.toml", "bloc      = true\n", "")(mine)
    found = load_scenario(mine)
    assert not any(pole.bloc for pole in found.poles) and found.without == ("pact",)


def test_what_a_folder_brings_is_in_the_question(mine: Path) -> None:
    from hegemon.studies.run.question import RunQuestion

    (mine / "mechanisms").mkdir()
    (mine / "mechanisms" / "lake.py").write_text(LAKE)
    asked = RunQuestion.of({"scenario": str(mine)}).resolved()
    order = asked.order()
    assert [m.name for m in order.outside] == ["red_line"] and asked.line == f"hegemon run {mine}"
    again = RunQuestion.of(json.loads(asked.model_dump_json()))
    assert again.order().hash == order.hash != RunQuestion.of({"scenario": "post-soviet"}).order().hash
    (mine / "mechanisms" / "lake.py").write_text(LAKE.replace("param(0.10,", "param(0.11,"))
    assert RunQuestion.of({"scenario": str(mine)}).resolved().order().hash != order.hash


def test_parameters_of_a_mechanism_from_outside_can_be_set_and_it_can_be_switched_off(mine: Path) -> None:
    from hegemon.studies.run.question import RunQuestion

    (mine / "lake.py").write_text(LAKE)
    asked = {"scenario": str(mine), "mechanism": (str(mine / "lake.py"),), "set": {"red_line.rightful": 0.4}}
    found = RunQuestion.of(asked).order()
    assert float(found.parameters.blocks["red_line"].rightful) == pytest.approx(0.4)
    assert found.without("red_line").off == ("pact", "red_line")
    with pytest.raises(UserError, match="doctrine"):
        RunQuestion.of({**asked, "set": {"red_line.doctrine": 0.4}}).order()


def test_code_that_nobody_has_named_does_not_run(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hegemon.scenarios.schema import Scenario

    (mine / "mechanisms").mkdir()
    (mine / "mechanisms" / "mark.py").write_text(LAKE + f"\nopen({str(mine / 'ran')!r}, 'w').close()\n")
    content = load_scenario(mine).content()
    assert (mine / "ran").exists()
    other = LAKE + "\nraise SystemExit\n"
    content["files"] = {**content["files"], "mark.py": other}
    with pytest.raises(outside.Untrusted, match="nobody has named"):
        outside.mechanisms_of(Scenario.model_validate(content))


def test_a_mechanism_is_the_same_one_in_another_process() -> None:
    """One that came with hegemon by its name, another by the file it was made from."""
    ours = BY_NAME["pact"]
    assert pickle.loads(pickle.dumps(ours)) is ours
    name, text = outside.read_mechanism(Path(__file__).parents[2] / "docs/examples/red_line_lake.py")
    outside.trust(text)
    theirs = outside.made(name, text)
    assert pickle.loads(pickle.dumps(theirs)) == theirs and theirs.source == (name, text)


def test_another_folders_code_does_not_run_by_being_extended(mine: Path, tmp_path: Path) -> None:
    (mine / "mechanisms").mkdir()
    (mine / "mechanisms" / "lake.py").write_text(LAKE)
    (tmp_path / "mine.toml").write_text('extends = "mine/scenario.toml"\n')
    with pytest.raises(UserError, match="brings mechanisms of its own"):
        load_scenario(tmp_path / "mine.toml")


def test_the_explorer_takes_no_code_from_its_clients() -> None:
    from hegemon.scenarios.loader import read_scenario
    from hegemon.server.questions import body_of
    from hegemon.studies import STUDIES

    assert not [study.name for study in STUDIES if any("mechanism" in name for name in body_of(study).model_fields)]
    with pytest.raises(UserError, match="comes without its file"):
        read_scenario('extends = "post-soviet"\nmechanisms = ["mine.py"]')
    with pytest.raises(UserError, match="files is no key"):
        read_scenario('extends = "post-soviet"\nmechanisms = ["mine.py"]\nfiles = { "mine.py" = "1" }')


# ---- What is wrong ----

Break = Callable[[Path], None]

IDLE = """\
from hegemon.mechanisms import Mechanism, Params
class P(Params):
    pass
mechanism = Mechanism("idle", "Idle", 18, (), P)
"""
WAR = IDLE.replace('"idle", "Idle", 18, (), P', '"war", "War", 14, (), P, hazards=lambda *a: {}')
BASE = 'param(0.10, sd=0.05, unit="share of ties", high=0.95)'


def change(file: str, old: str, new: str) -> Break:
    def done(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text, old
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")

    return done


def put(file: str, content: str | bytes) -> Break:
    def done(folder: Path) -> None:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())

    return done


def scenario(old: str, new: str) -> Break:
    return change("scenario.toml", old, new)


def crises(old: str, new: str) -> Break:
    return change("record.csv", old, new)


def turns(line: str) -> Break:
    return scenario("\n[sources]\n", f'\n[turns]\nsource = "x"\n{line}\n\n[sources]\n')


def code(text: str) -> Break:
    return put("mechanisms/mine.py", text)


def lake(old: str, new: str) -> Break:
    assert old in LAKE, old
    return code(LAKE.replace(old, new))


def twice(folder: Path) -> None:
    put("mechanisms/a.py", LAKE)(folder)
    put("mechanisms/b.py", LAKE + "\n")(folder)


HEAD = "state,year,patron,rival,error\n"
WRONG: dict[str, tuple[Break, str]] = {
    # the folder
    "no scenario": (lambda f: (f / "scenario.toml").unlink(), "without a scenario.toml"),
    "scenario is no text": (put("scenario.toml", b"\xff\xfe\x00"), "UTF-8"),
    "scenario is empty": (put("scenario.toml", ""), "missing"),
    "scenario is no TOML": (scenario("format   = 1", "format   ="), "not valid TOML"),
    "unknown key": (scenario("start    =", "starts   ="), "starts"),
    "no start": (scenario('start    = "2000Q1"', ""), "start is missing"),
    "start is no quarter": (scenario('"2000Q1"            # figures', '"2000"            # figures'), "2000"),
    "end before start": (scenario('"2014Q4"', '"1999Q4"'), "after start"),
    "covered after the end": (scenario('covered  = "2010Q4"', 'covered  = "2020Q4"'), "covered"),
    "covered without a record": (lambda f: (f / "record.csv").unlink(), "without a file of crises"),
    "record after what is covered": (scenario('# record = "2005Q4"', 'record = "2012Q4"'), "ends in 2010Q4"),
    "history is not there": (scenario("format   = 1", 'format   = 1\nhistory = "crises.csv"'), "crises.csv"),
    "history is no name": (scenario("format   = 1", 'format   = 1\nhistory = "Crises!"'), "It must be a name"),
    "history is unknown": (scenario("format   = 1", 'format   = 1\nhistory = "post-sovjet"'), "post-soviet"),
    "posterior is not there": (scenario("format   = 1", 'format   = 1\nposterior = "mine.npz"'), "mine.npz"),
    "posterior has another format": (scenario("format   = 1", 'format   = 1\nposterior = "mine.nc"'), "npz"),
    "posterior is none": (put("posterior.npz", b"no numbers"), "no posterior"),
    "ties are no CSV": (scenario("format   = 1", 'format   = 1\nties = "ties.xlsx"'), "ends in .csv"),
    "ties are not there": (scenario("format   = 1", 'format   = 1\nties = "mine.csv"'), "mine.csv"),
    "files written by hand": (scenario("format   = 1", 'format   = 1\nfiles = { "a.csv" = "b" }'), "files is no key"),
    "mechanisms are no list": (scenario("format   = 1", 'format   = 1\nmechanisms = "mine.py"'), "a list"),
    "a mechanism is no Python": (scenario("format   = 1", 'format   = 1\nmechanisms = ["mine.txt"]'), "ends in .py"),
    "a mechanism is not there": (scenario("format   = 1", 'format   = 1\nmechanisms = ["mine.py"]'), "mine.py"),
    "two blocs": (scenario("attention = 1.0 ", "bloc = true\nattention = 1.0 "), "bloc"),
    "one pole": (scenario('[[poles]]\nid        = "rival"\nname      = "Rival"\nattention = 0.4\nbloc      = true', ""), "pole"),
    "a share too large": (scenario("openness    = 0.2", "openness    = 1.2"), "between 0 and 1"),
    "shares that do not add up": (scenario("patron = 0.70, rival = 0.30", "patron = 0.70, rival = 0.40"), "sum"),
    "no source": (scenario('hold        = "invented"\n', ""), "hold"),
    "a state spelt small": (scenario("[states.XAA]", "[states.xaa]"), "three capital letters"),
    "the patron among its neighbours": (scenario("[states.XAA]", "[states.XPA]"), "patron"),
    "a pair that is none": (scenario("XAA = { XBB = 0.8", "XAA = { XZZ = 0.8"), "XZZ"),
    "a turn without its first year": (turns("idea = { 2005 = 0.5 }"), "begins in 2005"),
    "a turn of no pole": (turns("attention = { sun = { 2000 = 0.5 } }"), "sun"),
    "a state that never comes": (scenario('# independent = "2000Q1"', 'independent = "2030Q1"'), "before end"),
    "a parameter that is none": (scenario("# [parameters.red_line]\n# base", "[parameters.red_line]\nbases"), "base"),
    # the record
    "record is empty": (put("record.csv", ""), "no rows"),
    "record has no header": (crises("crisis_id,", "id,"), '"id" is no column'),
    "record lacks a column": (crises(",severity,", ",note2,"), "note2"),
    "record by semicolons": (put("record.csv", "crisis_id;state\na;XAA\n"), "separated by"),
    "a kind that is none": (crises(",uprising,", ",revolt,"), "revolt"),
    "a severity of 4": (crises("uprising,2", "uprising,4"), '"4"'),
    "an answer that is none": (crises("economic_support", "economic_suport"), "economic_support"),
    "a date that is none": (crises("2001-04,", "2001-14,"), "2001-14"),
    "a state of another order": (crises("one-2001-protests,XAA", "one-2001-protests,KAZ"), "no neighbour in mine"),
    "the patron's own crisis": (crises("one-2001-protests,XAA", "one-2001-protests,XPA"), "XPA"),
    "a crisis before the start": (crises("2001-04,2001-06", "1991-04,1991-06"), "1991Q2"),
    "one name twice": (crises("two-2004-treaty", "one-2001-protests"), "given twice"),
    # ties
    "ties without error": (put("ties.csv", "state,year,patron,rival\nXAA,2001,0.5,0.5\n"), "error"),
    "ties with another pole": (put("ties.csv", HEAD.replace("rival", "moon") + "XAA,2001,0.5,0.5,0.1\n"), "rival"),
    "ties that do not add up": (put("ties.csv", HEAD + "XAA,2001,0.5,0.6,0.1\n"), "sum to 1.1"),
    "ties of a word": (put("ties.csv", HEAD + "XAA,2001,half,0.5,0.1\n"), "half"),
    # mechanisms
    "code that is no Python": (code("def f(:\n    pass\n"), "line 1"),
    "code that fails": (code("x = 1\ny = x / 0\n"), "line 2"),
    "code without a mechanism": (code("x = 1\n"), "has no `mechanism`"),
    "mechanism is a number": (code("mechanism = 3\n"), "is a int"),
    "code that leaves": (code("raise SystemExit\n"), "SystemExit"),
    "an import that is not there": (code("import nothing_of_that_name\n"), "nothing_of_that_name"),
    "a name with capitals": (lake('Mechanism("red_line"', 'Mechanism("Red line"'), "small letters"),
    "a block that is none": (lake("Authority, pull", "3, pull"), "params"),
    "a parameter without prior": (lake(BASE, "0.1"), "no parameter"),
    "a default out of its range": (lake("param(0.10,", "param(1.10,"), "outside"),
    "a place without what the law asks": (lake('law={"red_line": red_line}', "law={}"), "asks that for red_line"),
    "what the law does not ask": (lake('law={"red_line": red_line}', 'law={"red_lines": red_line}'), "red_lines"),
    "a contribution that is none": (lake("pull=pull", "pull=3"), "pull"),
    "an argument that is none": (lake("pull=pull", "pulls=pull"), "pulls"),
    "a system that is a word": (lake('authority", 5,', 'authority", "5",'), "system"),
    "a mechanism that does nothing": (code(IDLE), "does nothing"),
    "two of one name": (twice, "two files"),
    "parameters that another reads": (code(WAR), "peace"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_one_sentence_each(what: str, mine: Path) -> None:
    spoil, said = WRONG[what]
    spoil(mine)
    with pytest.raises(UserError) as found:
        load_scenario(mine)
    sentence = found.value.sentence
    assert said in sentence and "\n" not in sentence and "Traceback" not in sentence and len(sentence) < 500, sentence


def test_there_are_sixty_of_them() -> None:
    assert len(WRONG) >= 60


CLAIMS: dict[str, tuple[Break, str]] = {
    "no claims": (lambda f: (f / "claims.toml").unlink(), "has no claims.toml"),
    "another scenario": (change("claims.toml", '"scenario.toml"', '"other.toml"'), "other.toml"),
    "a mechanism that is none": (change("claims.toml", '["doctrine"]', '["doctrin"]'), "doctrine"),
    "a measure that is none": (change("claims.toml", 'measure = "fear"', 'measure = "feer"'), "fear"),
    "no claim": (change("claims.toml", "[[claim]]", "[[claims]]"), "claims"),
}


@pytest.mark.parametrize("what", CLAIMS)
def test_one_sentence_for_claims_too(what: str, mine: Path) -> None:
    spoil, said = CLAIMS[what]
    spoil(mine)
    with pytest.raises(UserError) as found:
        load_ledger(mine)
    assert said in found.value.sentence and "\n" not in found.value.sentence


def test_a_loop_without_end_is_told_with_its_line(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "PATIENCE", 0.2)
    code("x = 1\nwhile x:\n    x = x + 1\n")(mine)
    with pytest.raises(outside.BadMechanism, match=r"mine.py, line [23]\). It ran for 0 seconds; look for a loop"):
        load_scenario(mine)

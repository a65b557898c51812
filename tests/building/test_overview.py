"""From names to report, room and forecast: what the documentation says, in as many commands; answers that changed are told."""

from __future__ import annotations

import json
import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest

import hegemon
from hegemon.building.answers import Answers
from hegemon.building.build import build
from hegemon.cli.main import main
from hegemon.projects import overview
from hegemon.projects.built import put, renewed
from hegemon.scenarios.beside import mark, outdated
from hegemon.scenarios.loader import load_scenario
from hegemon.studies.folder import manifest_of
from hegemon.world_pack.world import World

ROOT = Path(__file__).resolve().parents[2]
PACK = Path(os.environ.get("HEGEMON_PUBLIC_DATA", ROOT.parent / "shared/data/public")) / "world"
GUIDE = (ROOT / "docs/building.md").read_text("utf-8")


@pytest.fixture
def folder(world: World, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built order, from whose place the tests speak."""
    monkeypatch.chdir(tmp_path)
    put(build(answers, world), tmp_path / "my own")
    return Path("my own")


def answered(folder: Path, old: str = '# SEN = "balanced"', new: str = 'SEN = "pro_patron"') -> None:
    text = (folder / "answers.toml").read_text("utf-8")
    assert old in text
    (folder / "answers.toml").write_text(text.replace(old, new, 1), "utf-8")


def test_answers_that_have_changed_are_not_passed_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever edits them and forgets to build again is told what to give, in a form that a shell takes."""
    load_scenario(folder)
    answered(folder)
    for words in (["run", "my own"], ["scenario", "check", "my own/scenario.toml"], ["room", "SEN", "my own"]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert "answers.toml" in said and "has changed since scenario.toml was built of it" in said and said.count("\n") == 1
        assert "hegemon new 'my own'" in said and "hegemon overview 'my own'" in said


def test_it_is_built_again_where_answers_have_changed_and_nowhere_else(folder: Path, pack: Path) -> None:
    before = (folder / "scenario.toml").read_text("utf-8")
    assert renewed(str(folder), "no pack is needed") is None
    answered(folder)
    (folder / "crises_to_code.csv").write_text("coded")
    own = (folder / "answers.toml").read_text("utf-8")
    assert renewed(str(folder), str(pack)) is not None
    after = (folder / "scenario.toml").read_text("utf-8")
    assert tomllib.loads(after)["states"]["SEN"]["elite"] != tomllib.loads(before)["states"]["SEN"]["elite"]
    assert (folder / "answers.toml").read_text("utf-8") == own and (folder / "crises_to_code.csv").read_text() == "coded"
    assert renewed(str(folder), str(pack)) is None
    assert renewed("post-soviet", None) is None


def test_without_a_pack_what_is_there_stays(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answered(folder)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert main(["overview", "my own", "--pack", str(tmp_path / "nowhere")]) == 2
    assert "hegemon world build --from DIR" in capsys.readouterr().err
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_line_ends_of_another_system_are_no_change(folder: Path) -> None:
    text = (folder / "scenario.toml").read_text("utf-8")
    file = folder / "answers.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert not outdated(folder / "scenario.toml", text)
    file.write_bytes(file.read_bytes() + b"# more\r\n")
    assert outdated(folder / "scenario.toml", text)
    assert not outdated(folder / "scenario.toml", text.replace(mark("x")[:17], "#")), "a scenario without the mark was not built"


def test_what_was_answered_in_a_conversation_is_in_the_answers(
    folder: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked about an order that is there: built again, it has what was said."""
    monkeypatch.setattr("typer.prompt", lambda text, default: "pro_rival" if text.startswith("Senegal (SEN): line") else default)
    assert main(["new", "my own", "--ask", "--pack", str(pack)]) == 0
    assert tomllib.loads((folder / "answers.toml").read_text("utf-8"))["line"] == {"SEN": "pro_rival"}
    load_scenario(folder)
    assert main(["new", "my own", "--pack", str(pack)]) == 0
    scenario = load_scenario(folder)
    assert max(scenario.states["SEN"].elite, key=lambda pole: scenario.states["SEN"].elite[pole]) != "france"


def test_its_questions_are_those_of_the_commands(folder: Path) -> None:
    run = overview.simulated("my own", 100, 3)
    assert run.line == "hegemon run 'my own' --runs 100 --seed 3 --over figures"
    order = run.order()
    assert overview.to_come("my own", order, 5, 100, 3).line == (
        "hegemon forecast 'my own' --from 1965Q4 --years 5 --runs 100 --seed 3"
    )
    assert overview.room_of("my own", "SEN", 3).line == "hegemon room SEN 'my own' --seed 3"
    for question in (run, overview.room_of("my own", "SEN", 3), overview.to_come("my own", order, 5, 100, 3)):
        question.check()


def test_a_record_says_from_where_years_are_to_come() -> None:
    run = overview.simulated("post-soviet", 100, 0)
    assert run.line == "hegemon run post-soviet --runs 100", "its figures have no intervals"
    ahead = overview.to_come("post-soviet", run.order(), 5, 100, 0)
    assert ahead.origin == "2022Q1"
    ahead.check()


def test_who_is_not_there_any_more_has_no_room() -> None:
    for name, gone in (("egyptian-sphere", {"YAR"}), ("us-pacific", {"RVN"})):
        order = hegemon.load(name)
        assert {state for state, of in order.scenario.states.items() if of.ended} == gone
        assert set(order.states) - set(overview.neighbours(order, name)) == gone


@pytest.mark.slow
@pytest.mark.skipif(not (PACK / "states.parquet").is_file(), reason="no world pack here")
def test_from_names_to_report_room_and_forecast_as_the_guide_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three commands and one file to edit; the commands are the guide's own, but for the place of the data and the number of
    histories."""
    commands = [shlex.split(line)[1:] for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
                for line in block.replace("\\\n", " ").splitlines()]  # fmt: skip
    build_pack, new, show = (next(c for c in commands if c[0] == name) for name in ("world", "new", "overview"))
    assert len(new[new.index("--neighbours") + 1].split(",")) == 8
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEGEMON_WORLD", str(tmp_path / "pack"))
    assert main([word.replace("DIR", str(PACK)) for word in build_pack]) == 0
    assert main(new) == 0
    answered(Path(new[1]), '# CIV = "balanced"', 'CIV = "pro_patron"')
    capsys.readouterr()
    assert main([*show, "--runs", "64", "--json"]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert "Built again, since the answers have changed: 8 neighbours, 1961 to 1995." in printed.err
    assert [each["study"] for each in found["results"]] == ["run", "room", "forecast"]
    assert found["state"] in load_scenario(new[1]).states
    for each in found["results"]:
        assert manifest_of(Path(each["folder"])).complete and (Path(each["folder"]) / "report.html").is_file()
        assert new[1] in shlex.split(each["command"])
    page = Path(found["report"]).read_text("utf-8")
    assert all(f'id="part-{n}"' in page for n in (1, 2, 3)) and "http://" not in page.replace("http://www.w3.org", "")
    run = hegemon.open(found["results"][0]["folder"])
    counts = run.summary["event_count"].sum(("quarter", "kind", "instrument"))
    assert str(counts["state"][int(counts.argmax())].item()) == found["state"], "the one in the most trouble"
    before = {each["folder"]: os.stat(Path(each["folder"]) / "manifest.json").st_mtime_ns for each in found["results"]}
    assert main([*show, "--runs", "64", "--json"]) == 0
    printed = capsys.readouterr()
    assert not printed.err and json.loads(printed.out) == found, "nothing is built or computed twice"
    assert before == {folder: os.stat(Path(folder) / "manifest.json").st_mtime_ns for folder in before}

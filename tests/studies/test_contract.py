"""What every kind of answer can do, tested once for all: asked, saved, opened, told, drawn, exported, bundled, rebuilt.

Every study is asked by its command about the smallest thing it can be asked about, once per worker.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hegemon
from hegemon import studies
from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.pages import charts, html, markdown
from hegemon.studies import bundle, telling
from hegemon.studies.folder import MANIFEST, manifest_of
from hegemon.studies.result import Result

sys.path.insert(0, str(Path(__file__).parent))

from smallest import ASKED, SLOW, TOY

EVERY = [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in ASKED]


def test_every_study_is_asked_here() -> None:
    assert set(ASKED) == {each.name for each in studies.STUDIES}


class Answered:
    """What a command has said and left."""

    def __init__(self, name: str, folder: Path, said: dict[str, Any]) -> None:
        self.name, self.folder, self.said = name, folder, said

    @property
    def result(self) -> Any:
        return hegemon.open(self.folder)


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answered]:
    return {}


@pytest.fixture
def answered(
    request: pytest.FixtureRequest, answers: dict[str, Answered], tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> Answered:  # fmt: skip
    """The answer to a study's smallest question, asked by its command."""
    name = request.param
    if name not in answers:
        place = tmp_path_factory.mktemp(name)
        shutil.copy(TOY, place)
        monkeypatch.chdir(place)
        assert main([name, *ASKED[name], "--json"]) == 0
        (folder,) = (place / "results").iterdir()
        answers[name] = Answered(name, folder, json.loads(capsys.readouterr().out))
    monkeypatch.chdir(answers[name].folder.parents[1])
    return answers[name]


asked = pytest.mark.parametrize("answered", EVERY, indirect=True)


@asked
def test_its_command_prints_one_document_and_leaves_a_result(answered: Answered) -> None:
    said = answered.said
    assert said["study"] == answered.name and said["command"].startswith(f"hegemon {answered.name}")
    assert {"version", "code", "platform", "seconds"} <= set(said["made"])
    assert said["title"] and said["finding"] and said["numbers"]
    assert answered.folder.name == answered.result.question.key()
    assert (answered.folder / "report.html").is_file()


@asked
def test_what_is_opened_is_what_was_made(answered: Answered) -> None:
    found = answered.result
    kind = studies.study(answered.name)
    assert isinstance(found, kind.gives) and isinstance(found, Result)
    assert dict(found.made) == answered.said["made"]
    assert found.question.line == answered.said["command"]
    numbers = {file.name for file in answered.folder.iterdir() if file.suffix in (".nc", ".parquet", ".json", ".npz")}
    assert numbers - {MANIFEST} <= set(manifest_of(answered.folder).rest["files"]), "whatever holds numbers is listed and checked"
    told = found.document()
    assert (told.title, told.finding, list(told.sentences)) == tuple(
        answered.said[part] for part in ("title", "finding", "sentences")
    )
    assert len(repr(found)) < 300 and len(found._repr_html_()) < 4_000


@asked
def test_the_same_question_is_answered_once(answered: Answered, capsys: pytest.CaptureFixture[str]) -> None:
    before = {file: file.stat().st_mtime_ns for file in answered.folder.rglob("*") if file.is_file()}
    assert main([answered.name, *ASKED[answered.name]]) == 0
    assert answered.said["finding"].split(",")[0][:40] in " ".join(capsys.readouterr().out.split())
    assert {file: file.stat().st_mtime_ns for file in answered.folder.rglob("*") if file.is_file()} == before


@asked
def test_its_question_is_plain_data_that_asks_the_same(answered: Answered) -> None:
    question = answered.result.question
    again = type(question).of(json.loads(json.dumps(question.model_dump(mode="json"))))
    assert again.key() == question.key() and again.line == question.line
    with pytest.raises(UserError):
        type(question).of({**question.model_dump(mode="json"), "nonsense": 1})


@asked
def test_terminal_page_and_markdown_tell_the_same(answered: Answered) -> None:
    told = telling.document(answered.result)
    page, text = html.page(told), markdown.page(told)
    assert told.title in page.replace("&amp;", "&").replace("&#x27;", "'") and told.title in text
    assert "http://" not in page.replace("http://www.w3.org", "") and "<script src" not in page and "@import" not in page
    assert all(f'id="{figure.name}"' in page and f"{figure.name}.svg" in text for figure in told.figures)


@asked
def test_its_figures_are_data_and_words(answered: Answered) -> None:
    for figure in telling.document(answered.result).figures:
        json.dumps(figure.plain(), allow_nan=False)
        assert figure.finding and figure.note and charts.spec(figure)["$schema"].startswith("https://vega.github.io")


@asked
def test_its_numbers_leave_for_other_programs(answered: Answered, tmp_path: Path) -> None:
    found = answered.result
    assert json.loads(found.export(tmp_path / "all.json").read_text("utf-8"))["study"] == answered.name
    table = pd.read_csv(found.export(tmp_path / "main.csv"))
    for ending, read in ((".parquet", pd.read_parquet), (".dta", pd.read_stata), (".xlsx", pd.read_excel)):
        assert len(read(found.export(tmp_path / f"main{ending}"))) == len(table), ending


@asked
def test_a_damaged_result_is_one_sentence(answered: Answered, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(answered.folder, broken)
    for file in broken.iterdir():
        if file.suffix in (".nc", ".parquet") or (file.suffix == ".json" and file.name != "manifest.json"):
            file.write_bytes(b"")
    for place in ("summary", "events"):
        shutil.rmtree(broken / place, ignore_errors=True)
    with pytest.raises(UserError, match="make it again"):
        hegemon.open(broken)


@pytest.mark.parametrize("answered", [pytest.param(name, marks=[pytest.mark.slow] if name in ("compare", "room") else [])
                                      for name in ("run", "compare", "room", "sweep")], indirect=True)  # fmt: skip
def test_a_bundle_rebuilds_every_number(answered: Answered, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "bundle.zip"
    names = bundle.write(answered.result, target)
    assert {"README.md", "made.json", "hashes.json", "RESULT.md", "TRACE.md", "ODD.md", "rebuild.py"} <= set(names)
    content = target.read_bytes()
    bundle.write(answered.result, target)
    assert target.read_bytes() == content, "the same result is the same file"
    assert str(tmp_path).encode() not in content
    assert main(["bundle", "--check", str(target)]) == 0
    assert "the same to the bit" in capsys.readouterr().out


@asked
def test_a_folder_that_holds_something_else_is_left_alone(
    answered: Answered, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("keep me", "utf-8")
    assert main([answered.name, *ASKED[answered.name], "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "holds no result of hegemon" in said and said.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]

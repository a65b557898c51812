"""A published site holds every answer that its pages ask for, as the API gives it, and nothing of this machine."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
from pathlib import Path

import pytest
from explorer import API, compare_id, run_id
from starlette.testclient import TestClient

from hegemon import stories
from hegemon.cli.main import main
from hegemon.order import Order
from hegemon.portable import tab
from hegemon.server.publishing import NOTE


@pytest.fixture(scope="module")
def made(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "site"
    assert main(["publish", str(folder), "--results", str(shelf), "--title", "Toys <b>"]) == 0
    return folder


def held(made: Path) -> dict[str, object]:
    """What a site says, by the address at which its pages ask."""
    shelf = json.loads((made / "data" / "shelf.js").read_text("utf-8").removeprefix("hegemonShelf="))
    found = {}
    for address, name in shelf.items():
        call = re.fullmatch(r"hegemonData\((\".*?\"),\"([A-Za-z0-9+/=]*)\"\)\n", (made / name).read_text("utf-8"))
        assert call is not None and json.loads(call[1]) == address
        found[address] = json.loads(gzip.decompress(base64.b64decode(call[2])))
    return found


def test_it_says_what_the_api_says(made: Path, client: TestClient, toy: Order) -> None:
    answers = held(made)
    assert {"about", "orders", "results", "history/post-soviet", "claims?ledger=limited-sovereignty"} <= set(answers)
    for name in (run_id(toy), compare_id(toy)):
        for address in (f"results/{name}/numbers?measures=autonomy", f"results/{name}/numbers?measures=orientation"):
            assert answers[address] == client.get(f"{API}/{address}").json()
        assert answers[f"results/{name}/document"]["sections"]  # type: ignore[index]
    assert {each["id"] for each in answers["results"]} == {run_id(toy), compare_id(toy)}  # type: ignore[attr-defined]


def test_it_has_every_story_and_the_engine(made: Path) -> None:
    """What a story shows is there; orders run in the page by the files that the explorer serves."""
    answers = held(made)
    assert {"stories", "examples", *(f"stories/{name}" for name in stories.names())} <= set(answers)
    shown = [show for name in stories.names() for show in stories.story(name)["shows"].values()]
    assert {f"map/{show['region']}" for show in shown if show.get("region")} <= set(answers)
    assert {file.name: file.read_bytes() for file in (made / "engine").iterdir()} == tab.files()


def test_it_names_no_folder_of_this_machine(made: Path, shelf: Path) -> None:
    here = {str(shelf), str(made), os.path.expanduser("~")}
    for text in (json.dumps(held(made)), (made / "index.html").read_text("utf-8"), (made / NOTE).read_text("utf-8")):
        assert not [folder for folder in here if folder in text]
    assert "Toys &lt;b&gt;" in (made / "index.html").read_text("utf-8")


def test_another_publishing_replaces_it_and_nothing_else(
    made: Path, shelf: Path, toy: Order, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["publish", str(made), str(shelf / run_id(toy)), "--no-engine", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["results"] == [run_id(toy)]
    data = {f"data/{file.name}" for file in (made / "data").iterdir()}
    shelf_ = json.loads((made / "data" / "shelf.js").read_text("utf-8").removeprefix("hegemonShelf="))
    assert data == {*shelf_.values(), "data/shelf.js"}, "no file is left of the other result"
    assert not [*(made / "engine").glob("*")], "it may be left out"
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("mine", encoding="utf-8")
    for words, said in (
        ([str(tmp_path / "letters"), str(shelf / run_id(toy))], "holds something else"),
        ([str(tmp_path / "new"), str(tmp_path / "nothing")], "nothing"),
        ([str(tmp_path / "new"), "--results", str(tmp_path / "letters")], "no finished result"),
    ):
        assert main(["publish", *words]) == 2
        told = capsys.readouterr().err
        assert said in told and "Traceback" not in told
    assert not (tmp_path / "new").exists()
    assert [file.name for file in (tmp_path / "letters").iterdir()] == ["mine.txt"]

"""What is kept can be named, told apart, taken away and had back."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest
from explorer import API, HERE, TOY, Fake, run_id
from starlette.testclient import TestClient

from hegemon.order import Order
from hegemon.server.app import create
from hegemon.server.keeping import DAYS
from hegemon.server.site import OWN, Site


def titles(client: TestClient) -> dict[str, str]:
    return {each["id"]: each["title"] for each in client.get(f"{API}/results").json()}


def test_a_result_is_called_as_its_reader_likes_also_after_a_restart(client: TestClient, results: Path, toy: Order) -> None:
    name, before = run_id(toy), titles(client)
    found = client.patch(f"{API}/results/{name}", json={"title": "  For the\tminister "}).json()
    assert (found["title"], found["named"], found["id"]) == ("For the minister", True, name)
    assert titles(client) == before | {name: "For the minister"}
    with TestClient(create(Site(results, runner=Fake(), asker=Fake())), base_url=HERE) as again:
        assert titles(again)[name] == "For the minister"
    assert client.patch(f"{API}/results/{name}", json={"title": ""}).json()["title"] == before[name]
    for bad, status in (({"title": "x" * 121}, 400), ({"title": "\x1b[31m"}, 400), ({"name": "x"}, 400)):
        refused = client.patch(f"{API}/results/{name}", json=bad)
        assert (refused.status_code, set(refused.json())) == (status, {"error"})
    assert client.patch(f"{API}/results/nothing", json={"title": "x"}).status_code == 404


def test_a_result_that_was_taken_away_can_be_had_back(client: TestClient, results: Path, toy: Order) -> None:
    name = run_id(toy)
    before = client.get(f"{API}/results/{name}").json()
    assert client.delete(f"{API}/results/{name}").json() == {"id": name}
    assert name not in titles(client) and not (results / name).exists()
    assert client.get(f"{API}/results/{name}").status_code == 404
    assert client.delete(f"{API}/results/{name}").status_code == 404
    assert client.post(f"{API}/results/{name}/restore").json() == before
    assert client.post(f"{API}/results/{name}/restore").status_code == 404
    assert client.get(f"{API}/results/{name}/numbers?measures=autonomy").status_code == 200


def test_what_was_taken_away_is_deleted_after_days(results: Path, toy: Order) -> None:
    bin_ = results / OWN / "deleted"
    bin_.mkdir(parents=True)
    old, new = bin_ / "old", bin_ / "new"
    for each in (old, new):
        shutil.copytree(results / run_id(toy), each)
    os.utime(old, (0, time.time() - (DAYS + 1) * 86_400))
    outside = results.parent / "outside"
    outside.mkdir()
    (bin_ / "link").symlink_to(outside)
    os.utime(bin_ / "link", (0, 0), follow_symlinks=False)
    with TestClient(create(Site(results, runner=Fake(), asker=Fake())), base_url=HERE):
        assert {each.name for each in bin_.iterdir()} == {"new"}
    assert outside.is_dir(), "never what a link leads to"


def test_only_a_result_can_be_taken_away(client: TestClient, results: Path) -> None:
    """A name is looked up, never used as a path."""
    (results.parent / "precious").mkdir()
    for name in ("..%2Fprecious", "%2e%2e", OWN, "scenarios", ".explorer%2Fscratch"):
        assert client.delete(f"{API}/results/{name}").status_code in (404, 405), name
        assert client.post(f"{API}/results/{name}/restore").status_code in (404, 405), name
    assert (results.parent / "precious").is_dir()


def test_what_is_worked_on_stays(results: Path) -> None:
    held = Fake(held=True)
    with TestClient(create(Site(results, runner=held, asker=Fake())), base_url=HERE) as client:
        name = client.post(f"{API}/studies/run", json={"scenario": "post-soviet", "runs": 300}).json()["id"]
        refused = client.delete(f"{API}/results/{name}")
        assert refused.status_code == 409 and "Cancel it first" in refused.json()["error"]
        client.post(f"{API}/results/{name}/cancel")
        while client.get(f"{API}/results/{name}").json()["status"] != "cancelled":
            time.sleep(0.02)
        assert client.delete(f"{API}/results/{name}").status_code == 200, "of one that was never begun only the question goes"
        assert client.get(f"{API}/results/{name}").status_code == 404
        assert list((results / OWN / "jobs").glob("*.json")) == []


def test_a_file_of_names_that_is_damaged_hides_nothing(results: Path, toy: Order) -> None:
    (results / OWN).mkdir()
    for text in ("[1]", "{", json.dumps({run_id(toy): 3})):
        (results / OWN / "names.json").write_text(text, encoding="utf-8")
        with TestClient(create(Site(results, runner=Fake(), asker=Fake())), base_url=HERE) as client:
            assert titles(client)[run_id(toy)]


def test_results_of_four_scenarios_with_one_title_are_told_apart(client: TestClient) -> None:
    """Those of one's own extend one order and have its title: each is told by its name, too."""
    names = ["first-try", "second-try", "third", "fourth"]
    for n, name in enumerate(names):
        text = f'extends = "post-soviet"\nend = "{2010 + n}Q4"\n'
        assert client.post(f"{API}/scenarios", json={"name": name, "text": text}).status_code == 201
        client.post(f"{API}/studies/run", json={"scenario": name, "runs": 300})
    found = [each for each in client.get(f"{API}/results").json() if each["scenario"] in names]
    assert len({each["title"] for each in found}) == 4
    assert all(each["title"].endswith(f"({each['scenario']})") for each in found)


def test_a_scenario_of_ones_own_is_renamed_and_taken_away(client: TestClient) -> None:
    text = TOY.read_text("utf-8")
    for name in ("mine", "other"):
        client.post(f"{API}/scenarios", json={"name": name, "text": text})
    assert client.get(f"{API}/scenarios/mine").json() == {"name": "mine", "text": text, "record": None}
    assert client.patch(f"{API}/scenarios/mine", json={"name": "other"}).status_code == 409
    assert client.patch(f"{API}/scenarios/mine", json={"name": "post-soviet"}).status_code == 400
    assert client.patch(f"{API}/scenarios/mine", json={"name": "../x"}).status_code == 400
    assert client.patch(f"{API}/scenarios/mine", json={"name": "better"}).json()["name"] == "better"
    assert client.get(f"{API}/scenarios/mine").status_code == 404
    assert client.delete(f"{API}/scenarios/better").json() == {"name": "better", "text": text, "record": None}
    assert client.delete(f"{API}/scenarios/post-soviet").status_code == 404, "what is built in stays"
    own = {each["name"] for each in client.get(f"{API}/orders").json() if not each["builtin"]}
    assert own == {"other"}


@pytest.mark.parametrize(
    ("asked", "when"),
    [({"scenario": "post-soviet"}, None), ({"scenario": "kazakhstan-alone"}, "2022Q1"),
     ({"scenario": "post-soviet", "force": ["2014Q1 UKR uprising", "2008Q3 GEO dispute"]}, "2008Q3")],
)  # fmt: skip
def test_a_result_says_when_what_it_is_about_begins(client: TestClient, asked: dict[str, object], when: str | None) -> None:
    name = client.post(f"{API}/studies/run", json={**asked, "runs": 300}).json()["id"]
    assert client.get(f"{API}/results/{name}").json()["when"] == when

"""Scenarios that are sent to the explorer: kept, run, refused."""

from __future__ import annotations

import json
import resource
from pathlib import Path

import pytest
from explorer import API, HERE, Fake
from starlette.testclient import TestClient

from hegemon.scenarios.loader import builtin_names
from hegemon.server.app import create
from hegemon.server.site import Site


def test_a_scenario_that_is_sent_can_be_run_and_survives_a_restart(site: Site, results: Path, worker: Fake) -> None:
    """Kept by name as a file; the next explorer has it."""
    text = 'extends = "post-soviet"\nquestion = "And without the pact?"\nwithout = ["pact"]\n'
    with TestClient(create(site), base_url=HERE) as client:
        sent = client.post(f"{API}/scenarios", json={"name": "mine", "text": text})
        assert sent.status_code == 201
        assert sent.json()["question"] == "And without the pact?"
        asked = client.post(f"{API}/studies/run", json={"scenario": "mine", "runs": 10})
        assert asked.json()["id"].startswith("run-mine-")
    assert (results / "scenarios" / "mine.toml").read_text("utf-8") == text
    with TestClient(create(Site(results, runner=Fake(), asker=Fake())), base_url=HERE) as client:
        found = {o["name"]: o for o in client.get(f"{API}/orders").json()}
        assert set(found) == {*builtin_names(), "mine"}
        assert not found["mine"]["builtin"]


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        ("post-soviet", 'extends = "post-soviet"', 400),
        ("x", "format = ", 400),
        ("x", 'extends = "/etc/passwd"', 400),
        ("x", 'extends = "../other.toml"', 400),
        ("x", 'extends = "post-soviet"\nposterior = "secret"', 400),
        ("x", 'extends = "post-soviet"\nend = "9999Q4"', 400),
        ("x", "a." * 5_000 + "b = 1", 400),
        ("x", "x = [" * 5_000, 400),
        ("x", "#" * 200_001, 413),
        ("../x", 'extends = "post-soviet"', 400),
        ("X", 'extends = "post-soviet"', 400),
        ("x", "\ud800", 400),
    ],
)
def test_a_scenario_that_cannot_be_is_refused_and_not_kept(
    client: TestClient, results: Path, name: str, text: str, status: int
) -> None:
    refused = client.post(f"{API}/scenarios", content=json.dumps({"name": name, "text": text}),
                          headers={"content-type": "application/json"})  # fmt: skip
    assert refused.status_code == status, refused.text
    assert len(refused.json()["error"]) < 500
    assert not (results / "scenarios").exists()


def test_no_more_scenarios_than_the_explorer_keeps(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hegemon.server.limits.SCENARIOS", 2)
    text = 'extends = "post-soviet"'
    statuses = [client.post(f"{API}/scenarios", json={"name": n, "text": text}).status_code for n in ("a", "b", "c", "a")]
    assert statuses == [201, 201, 429, 201], "one that is there may be sent again"


def test_a_record_comes_along_with_a_scenario_and_is_read_where_it_is_asked_about(client: TestClient, results: Path) -> None:
    """Kept beside it, told, renamed and taken away with it; a wrong one is one sentence, and nothing is kept."""
    rows = "crisis_id,state,start,name,kind,severity,incumbent_before,incumbent_survived,orientation_after,host_request,"
    rows += "response_primary,legal_frame\nkaz-one,KAZ,2001-05,Invented,uprising,2,pro_patron,1,pro_patron,asked,abstain,none\n"
    sent = {"name": "mine", "text": 'extends = "post-soviet"\n', "record": rows}
    wrong = client.post(f"{API}/scenarios", json=sent | {"record": rows.replace("uprising", "upheaval")})
    assert wrong.status_code == 400 and "record.csv, row 2, column kind" in wrong.json()["error"]
    both = client.post(f"{API}/scenarios", json=sent | {"text": 'extends = "post-soviet"\nhistory = "post-soviet"\n'})
    assert both.status_code == 400 and "beside a record that comes along" in both.json()["error"]
    assert not (results / "scenarios").exists()
    told = client.post(f"{API}/scenarios", json=sent)
    assert told.status_code == 201 and told.json()["record"] == "record.csv"
    assert client.patch(f"{API}/scenarios/mine", json={"name": "ours"}).status_code == 200
    assert client.get(f"{API}/scenarios/ours").json()["record"] == rows
    asked = client.post(f"{API}/studies/replay", json={"scenario": "ours"})
    assert asked.status_code in (200, 201, 202), asked.text
    assert client.delete(f"{API}/scenarios/ours").json()["record"] == rows
    assert not list((results / "scenarios").iterdir())


@pytest.mark.parametrize("with_record", [False, True])
def test_a_scenario_that_finds_no_room_leaves_the_one_before_with_its_record(
    client: TestClient, results: Path, with_record: bool
) -> None:
    rows = "crisis_id,state,start,name,kind,severity,incumbent_before,incumbent_survived,orientation_after,host_request,"
    rows += "response_primary,legal_frame\nkaz-one,KAZ,2001-05,Invented,uprising,2,pro_patron,1,pro_patron,asked,abstain,none\n"
    sent = {"name": "mine", "text": 'extends = "post-soviet"\n', "record": rows}
    assert client.post(f"{API}/scenarios", json=sent).status_code == 201
    before = {file.name: file.read_bytes() for file in (results / "scenarios").iterdir()}
    other = sent | {"text": 'extends = "post-soviet"\nquestion = "Another?"\n', "record": None}
    other |= {"record": rows.replace("kaz-one", "kaz-two")} if with_record else {}
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most[1]))
    try:
        refused = client.post(f"{API}/scenarios", json=other)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert refused.status_code == 507 and "Make room" in refused.json()["error"]
    assert {file.name: file.read_bytes() for file in (results / "scenarios").iterdir()} == before

"""What the API gives: results of the folder, whoever made them, and the same for the same request."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from explorer import API, HERE, RUNS, SEED, SOCKET, TOY, Fake, compare_id, doing, run_id, until
from starlette.testclient import TestClient

import hegemon
from hegemon import studies
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.mechanisms import MECHANISMS, PRIORS
from hegemon.order import Order
from hegemon.server.app import create
from hegemon.server.site import Site
from hegemon.studies import telling
from hegemon.studies.compare.question import CompareQuestion
from hegemon.studies.folder import open_result
from hegemon.studies.question import Code
from hegemon.studies.run.question import RunQuestion


def test_what_the_command_line_has_made_is_listed(client: TestClient, toy: Order) -> None:
    """A run and a comparison, both done, with title, seed and what was changed."""
    found = {e["study"]: e for e in client.get(f"{API}/results").json()}
    assert set(found) == {"run", "compare"}
    assert found["run"]["id"] == run_id(toy)
    for entry in found.values():
        assert entry["status"] == "done"
        assert entry["done"] == entry["total"] == RUNS
        assert entry["seed"] == SEED
        assert entry["noun"] in ("a run", "a comparison")
    assert found["compare"]["changes"] == ["second: without unrest", "second: pact.vote = 2"]


def test_a_result_is_the_stored_summary_to_four_digits(client: TestClient, toy: Order, results: Path) -> None:
    """Every quantile of every measure; neighbours outside, quarters inside; the scenario's text left out."""
    found = client.get(f"{API}/results/{run_id(toy)}/numbers").json()
    summary = open_result(results / run_id(toy)).summary
    assert set(found["measures"]) == set(PER_NEIGHBOUR)
    assert set(found["order"]) == set(SHARED)
    for name, levels in found["measures"].items():
        for level, q in zip(("p05", "p25", "median", "p75", "p95"), (0.05, 0.25, 0.5, 0.75, 0.95), strict=True):
            stored = summary[f"{name}_quantile"].sel(quantile=q).transpose("state", "quarter").values
            np.testing.assert_allclose(np.array(levels[level]), stored, atol=5.1e-5)
    ties = np.array([found["orientation"][pole]["median"] for pole in toy.poles])
    assert ties.shape == (2, 3, len(toy.quarters))
    assert [s["iso3"] for s in found["states"]] == list(toy.states)
    counts = np.array(list(found["counts"].values())).sum()
    assert counts == pytest.approx(float(summary["event_count"].sum()) / RUNS, abs=0.01)
    assert "scenario_text" not in found["attrs"]
    assert found["attrs"]["seed"] == SEED


def test_measures_thin_a_result(client: TestClient, toy: Order) -> None:
    """Only what is named comes; a misspelt name has its remedy."""
    found = client.get(f"{API}/results/{run_id(toy)}/numbers?measures=autonomy,capacity").json()
    assert list(found["measures"]) == ["autonomy"]
    assert list(found["order"]) == ["capacity"]
    assert found["orientation"] == {}
    refused = client.get(f"{API}/results/{run_id(toy)}/numbers?measures=autonmy")
    assert refused.status_code == 400
    assert 'Did you mean "autonomy"?' in refused.json()["error"]


def test_levels_and_digits_thin_it_further(client: TestClient, toy: Order) -> None:
    """The same numbers, fewer of them and shorter; a level that is none has its remedy."""
    address = f"{API}/results/{run_id(toy)}/numbers?measures=orientation"
    whole, thin = client.get(address).json(), client.get(f"{address}&levels=p25,median&digits=3").json()
    for pole in toy.poles:
        assert list(thin["orientation"][pole]) == ["p25", "median"]
        for level, rows in thin["orientation"][pole].items():
            np.testing.assert_allclose(np.array(rows), np.array(whole["orientation"][pole][level]), atol=5.6e-4)
            assert np.array(rows) == pytest.approx(np.round(np.array(rows), 3), abs=1e-12)
    refused = client.get(f"{address}&levels=medium")
    assert refused.status_code == 400
    assert 'Did you mean "median"?' in refused.json()["error"]
    assert client.get(f"{address}&digits=9").status_code == 400


def test_an_answer_that_has_not_changed_is_not_sent_again(client: TestClient, toy: Order) -> None:
    """Compressed, tagged, and 304 to whoever has it."""
    first = client.get(f"{API}/results/{run_id(toy)}/numbers")
    assert first.headers["content-encoding"] == "gzip"
    again = client.get(f"{API}/results/{run_id(toy)}/numbers", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    plain = client.get(f"{API}/results/{run_id(toy)}/numbers", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == first.json()


def test_a_comparison_has_means_and_differences(client: TestClient, results: Path, toy: Order) -> None:
    """Second less first, the interval of the mean around it, quantiles of the headline measures."""
    name = compare_id(toy)
    found = client.get(f"{API}/results/{name}/numbers").json()
    stored = open_result(results / name).summary
    for measure in ("autonomy", "hold"):
        m = {k: np.array(v) for k, v in found["measures"][measure].items()}
        np.testing.assert_allclose(m["second"] - m["first"], m["difference"], atol=1.6e-4)
        assert (m["difference_low"] <= m["difference"]).all()
        assert (m["difference"] <= m["difference_high"]).all()
        want = stored[f"{measure}_difference"].transpose("state", "quarter").values
        np.testing.assert_allclose(m["difference"], want, atol=5.1e-5)
    assert "first_median" in found["measures"]["autonomy"]
    assert {row["of"] for row in found["crises"]} == {"kind", "instrument", "outcome"}


def test_the_same_request_has_the_same_id_and_is_simulated_once(client: TestClient, worker: Fake) -> None:
    """The id is the folder's name on the command line; other seeds, parameters and mechanisms are others."""
    order = hegemon.load("post-soviet").without("pact").with_parameters({"pact.vote": 1.5})
    asked = {"scenario": "post-soviet", "runs": 50, "seed": 7, "set": {"pact.vote": 1.5}, "without": ["pact"]}
    first = client.post(f"{API}/studies/run", json=asked)
    assert first.status_code == 202
    assert first.json()["id"] == RunQuestion.of({**RunQuestion.about(order), "runs": 50, "seed": 7}).key()
    until(lambda: client.get(f"{API}/results/{first.json()['id']}").json()["status"] == "done")
    assert client.post(f"{API}/estimate/run", json=asked).json()["id"] == first.json()["id"]
    others = [{**asked, "seed": 8}, {**asked, "without": []}, {**asked, "set": {}}, {**asked, "end": "2022Q4"}]
    ids = {client.post(f"{API}/studies/run", json=other).json()["id"] for other in others}
    assert len(ids) == 4
    assert first.json()["id"] not in ids
    until(lambda: len(worker.tasks) == 5)


def test_a_finished_result_is_not_simulated_again(client: TestClient, worker: Fake, toy: Order) -> None:
    """Asked for again, a result the command line has made is given at once."""
    client.post(f"{API}/scenarios", json={"name": "toy", "text": TOY.read_text("utf-8")})
    asked = {"scenario": "toy", "runs": RUNS, "seed": SEED}
    assert client.post(f"{API}/studies/run", json=asked).json()["id"] == run_id(toy)
    assert client.get(f"{API}/results/{run_id(toy)}").json()["status"] == "done"
    assert worker.tasks == []


def test_what_was_asked_is_told_so_that_it_can_be_asked_again(site: Site, results: Path, toy: Order) -> None:
    """Word for word, also by the next explorer; of a result of the command line, as far as its scenario has a name."""
    asked = {"scenario": "post-soviet", "runs": 10, "seed": 4, "set": {"pact.vote": 1.5}, "without": ["war"],
             "force": ["2014Q1 UKR uprising"], "record": None, "end": "2022Q4"}  # fmt: skip
    with TestClient(create(site), base_url=HERE) as client:
        name = client.post(f"{API}/studies/run", json=asked).json()["id"]
        assert asked.items() <= client.get(f"{API}/results/{name}").json()["question"].items()
        assert client.get(f"{API}/results/{run_id(toy)}").json()["question"] is None, "nobody has sent the toy"
    with TestClient(create(Site(results, runner=Fake(), asker=Fake())), base_url=HERE) as client:
        client.post(f"{API}/scenarios", json={"name": "toy", "text": TOY.read_text("utf-8")})
        found = until(lambda: client.get(f"{API}/results/{run_id(toy)}").json()["question"])
        assert (found["scenario"], found["runs"], found["seed"]) == ("toy", RUNS, SEED)
        again = client.post(f"{API}/estimate/run", json=found).json()
        assert again["id"] == run_id(toy)
        assert again["exists"]


def test_forced_events_branch_both_sides_of_a_comparison(client: TestClient, worker: Fake) -> None:
    """As on the command line: the record to the quarter before in both, and both as long."""
    asked = {"first": "post-soviet", "force": ["2014Q1 UKR uprising abstain"], "runs": 20}
    assert client.post(f"{API}/studies/compare", json=asked).status_code == 202
    until(lambda: worker.tasks)
    first, second = (order.scenario for order in CompareQuestion.of(worker.tasks[0]["question"]).orders().values())
    assert first.record == second.record == "2013Q4"
    assert first.end == second.end
    assert not first.force
    assert second.force[0].state == "UKR"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"scenario": "post-sovjet"}, 'Did you mean "post-soviet"?'),
        ({"scenario": "../toy.toml"}, "no scenario is called"),
        ({"scenario": "post-soviet", "set": {"pact.vot": 1.0}}, 'Did you mean "vote"?'),
        ({"scenario": "post-soviet", "set": {"unrest.mean": -99.0}}, "must"),
        ({"scenario": "post-soviet", "without": ["pakt"]}, 'Did you mean "pact"?'),
        ({"scenario": "post-soviet", "force": ["2014Q1 QQQ uprising"]}, "QQQ"),
        ({"scenario": "post-soviet", "force": ["tomorrow"]}, "Give quarter, state, crisis"),
        ({"scenario": "post-soviet", "end": "9999Q4"}, "quarters"),
        ({"scenario": "post-soviet", "runs": 0}, "runs"),
        ({"scenario": "post-soviet", "runs": 10_000_000}, "runs"),
        ({"scenario": "post-soviet", "seed": -1}, "seed"),
        ({"scenario": "post-soviet", "sed": 1}, "sed"),
        ({"scenario": "post-soviet", "record": "2013"}, "record"),
        ({"scenario": "post-soviet", "runs": "5"}, "runs: It must be a whole number"),
        ({"scenario": "post-soviet", "runs": True}, "runs: It must be a whole number"),
        ({"scenario": "post-soviet", "keep": "true"}, "keep: "),
        ({"scenario": "post-soviet", "keep": 1}, "keep: "),
        ({"scenario": "post-soviet", "set": {"pact.vote": "1.5"}}, "set.pact.vote: It must be a number"),
        ({"scenario": "post-soviet", "set": {"pact.vote": True}}, "set.pact.vote: It must be a number"),
        ({"scenario": "post-soviet", "\x1b[31m": 1}, "\\x1b[31m"),
        ({}, "scenario"),
    ],
)
def test_a_mistake_is_one_sentence_with_a_remedy(refusing: TestClient, unasked: Fake, asked: Any, words: str) -> None:
    refused = refusing.post(f"{API}/studies/run", json=asked)
    assert refused.status_code == 400
    assert words in refused.json()["error"]
    assert "\n" not in refused.json()["error"]
    assert unasked.tasks == []


def test_nothing_is_said_twice(refusing: TestClient, unasked: Fake) -> None:
    """Of two values under one name the last would be taken, and nobody told."""
    body = '{"scenario": "post-soviet", "runs": 20, "runs": 4000}'
    for path in ("studies/run", "estimate/run"):
        found = refusing.post(f"{API}/{path}", content=body, headers={"content-type": "application/json"})
        assert (found.status_code, found.json()["error"]) == (400, '"runs" stands twice in the body; say it once.')


@pytest.mark.slow
def test_downloads_are_what_export_writes(results: Path, toy: Order, tmp_path: Path) -> None:
    """The same table, arrays and numbers as `result.export` gives, of any kind of result; and the page."""
    with TestClient(create(Site(results, runner=Fake(), asker=Fake(doing(results)))), base_url=HERE) as client:
        for name in (run_id(toy), compare_id(toy)):
            address, stored = f"{API}/results/{name}/download", open_result(results / name)
            for format in ("csv", "nc", "json"):
                got = client.get(f"{address}?format={format}")
                assert got.status_code == 200, got.text
                assert f"{name}.{format}" in got.headers["content-disposition"]
                assert got.content == stored.export(tmp_path / f"{name}.{format}").read_bytes()
            page = client.get(f"{address}?format=html")
            assert page.headers["content-disposition"].startswith("attachment")
            assert stored.document().title in page.text
        with zipfile.ZipFile(io.BytesIO(client.get(f"{address}?format=bundle").content)) as bundle:
            assert "rebuild.py" in bundle.namelist()
        assert client.get(f"{address}?format=exe").status_code == 400
    assert not (results / ".explorer" / "scratch").exists(), "nothing is left behind"


def test_a_result_is_told_as_its_document(results: Path, toy: Order) -> None:
    """What the page of any result shows is the document that terminal and report are made from."""
    with TestClient(create(Site(results, runner=Fake(), asker=Fake(doing(results)))), base_url=HERE) as client:
        for name in (run_id(toy), compare_id(toy)):
            found = client.get(f"{API}/results/{name}/document").json()
            assert found == json.loads(json.dumps(telling.document(open_result(results / name)).plain()))
            assert {block["figure"]["kind"] for section in found["sections"] for block in section["blocks"] if "figure" in block}


def test_every_study_is_asked_over_the_api(client: TestClient) -> None:
    """One list, and for each a typed question: its own fields, but for what the server fills in, and for code: none is sent."""
    found = {each["name"]: each for each in client.get(f"{API}/studies").json()}
    assert set(found) == {kind.name for kind in studies.STUDIES}
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    for kind in studies.STUDIES:
        assert set(found[kind.name]["question"]["properties"]) == set(kind.asks.model_fields) - {"given", *kind.asks.marked(Code)}
        assert {f"{API}/studies/{kind.name}", f"{API}/estimate/{kind.name}"} <= set(paths)
        assert client.post(f"{API}/studies/{kind.name}", json={"given": {}}).status_code == 400


def test_nothing_that_is_asked_is_a_path(client: TestClient, worker: Fake, tmp_path: Path) -> None:
    """In no field of no study, whatever it names."""
    secret = tmp_path / "secret.csv"
    secret.write_text("root:x:0:0", encoding="utf-8")
    for kind in client.get(f"{API}/studies").json():
        needed = {"scenario": "post-soviet", "first": "post-soviet", "without": ["pact"], "state": "KAZ"}
        fields = kind["question"]["properties"]
        for name, field in fields.items():
            texts = [each.get("type") for each in field.get("anyOf", [field])]
            wrong = [str(secret)] if "array" in texts else str(secret) if "string" in texts else None
            if wrong is not None:
                asked = {key: value for key, value in needed.items() if key in fields} | {name: wrong}
                refused = client.post(f"{API}/estimate/{kind['name']}", json=asked)
                assert refused.status_code == 400, (kind["name"], name)
                assert "root:" not in refused.text
    assert worker.tasks == []


def test_a_crisis_file_is_sent_as_content(client: TestClient, site: Site) -> None:
    """Its content belongs to the question; a file without the columns is refused before anybody computes."""
    record = hegemon.history()[lambda table: table["state"] == "KAZ"].to_csv(index=False)
    asked = {"history": {"name": "mine.csv", "text": record}}
    first, again = (client.post(f"{API}/studies/predict", json=asked) for _ in range(2))
    assert first.status_code == 202, first.text
    assert first.json() == again.json()
    entry = client.get(f"{API}/results/{first.json()['id']}").json()
    assert entry["question"] is None, "whoever asks again must send it again"
    for bad in ({"name": "mine.csv", "text": "crisis_id,state\nx,KAZ\n"}, {"name": "../mine.csv", "text": record}):
        refused = client.post(f"{API}/studies/predict", json={"history": bad})
        assert refused.status_code == 400
        assert str(Path.home()) not in refused.text
    assert isinstance(site.asker, Fake)


def test_registries_are_the_models(client: TestClient) -> None:
    """Parameters with the order's own value beside the prior, mechanisms, measures, maps and the record."""
    found = {p["name"]: p for p in client.get(f"{API}/parameters").json()}
    assert set(found) == set(PRIORS)
    order = hegemon.load("post-soviet")
    assert found["pact.vote"]["mean"] == PRIORS["pact.vote"].mean
    assert found["pact.vote"]["value"] == pytest.approx(float(order.parameters.blocks["pact"].vote), rel=1e-5)
    assert [m["name"] for m in client.get(f"{API}/mechanisms").json()] == [m.name for m in MECHANISMS]
    about = client.get(f"{API}/about").json()
    assert set(about["measures"]) == set(PER_NEIGHBOUR)
    assert len(client.get(f"{API}/map/post-soviet").json()["order"]) == 14
    record = client.get(f"{API}/history/post-soviet").json()
    assert len(record["rows"]) == len(hegemon.history())
    shown = {row["crisis_id"]: row for row in record["rows"]}
    assert shown["kaz-2022-january"]["model_quarter"] == "2022Q1"


def test_unknown_things_are_told_so(client: TestClient) -> None:
    for address in ("results/nothing", "results/nothing/numbers", "results/nothing/document", "history/mars", "map/mars", "no"):
        found = client.get(f"{API}/{address}")
        assert found.status_code == 404, address
        assert found.json()["error"]
    for action in ("cancel", "resume"):
        assert client.post(f"{API}/results/nothing/{action}").status_code == 404


def test_a_folder_that_is_damaged_does_not_hide_the_others(client: TestClient, results: Path, toy: Order, site: Site) -> None:
    """Half a manifest, a manifest of something else, a file: none is listed, and nothing fails."""
    for name, text in (("half", '{"hegemon": 1, "sta'), ("other", '{"a": 1}'), ("empty", "")):
        (results / name).mkdir()
        (results / name / "manifest.json").write_text(text, encoding="utf-8")
    (results / "file").write_text("x", encoding="utf-8")
    shutil.copytree(results / run_id(toy), results / "copied by hand")
    found = until(lambda: [e["id"] for e in client.get(f"{API}/results").json() if e["id"] == "copied by hand"])
    assert client.get(f"{API}/results/{found[0]}/numbers?measures=hold").status_code == 200
    assert not {"half", "other", "empty", "file"} & {e["id"] for e in client.get(f"{API}/results").json()}


def test_tabs_are_told_that_something_changed(client: TestClient) -> None:
    """The revision at first; a higher one after a run was asked for."""
    with client.websocket_connect(SOCKET) as socket:
        first = socket.receive_json()["revision"]
        client.post(f"{API}/studies/run", json={"scenario": "post-soviet", "runs": 10})
        assert socket.receive_json()["revision"] > first


def test_claims_come_with_the_verdicts_that_were_published(client: TestClient) -> None:
    """Before anybody has judged anything here: the numbers of the page in the documentation."""
    page = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text("utf-8")
    found = client.get(f"{API}/claims").json()
    assert found["judged"]
    assert [row["id"] for row in found["claims"]] == [f"C{number}" for number in range(1, 17)]
    for row in found["claims"]:
        assert f"\n## {row['id']}: {row['worded']}\n" in page
        assert len(row["numbers"]) == len(row["estimands"])
    assert found["made"]["ledger_hash"] in page


def test_claims_are_the_ledgers(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judged nowhere, a ledger still shows its claims and what they stand on."""
    from hegemon.studies.claims import result

    monkeypatch.setattr(result, "published", lambda _: None)
    found = client.get(f"{API}/claims").json()
    assert not found["judged"]
    assert found["claims"][0]["estimands"][0]["what"]
    assert all(claim["verdict"] is None for claim in found["claims"])


def test_quick_questions_do_not_wait_behind_long_ones(results: Path) -> None:
    """A room is answered while a run goes on; asked for twice, it is computed once."""
    runner, asker = Fake(held=True), Fake(held=True)
    with TestClient(create(Site(results, runner=runner, asker=asker)), base_url=HERE) as client:
        client.post(f"{API}/studies/run", json={"scenario": "post-soviet", "runs": 10})
        first, again = (client.post(f"{API}/studies/room", json={"state": "KAZ", "draws": 10}).json()["id"] for _ in range(2))
        assert first == again
        asker.go.set()
        until(lambda: client.get(f"{API}/results/{first}").json()["status"] == "done")
        assert [task["study"] for task in asker.tasks] == ["room"]
        for wrong in ({"state": "KZA"}, {"state": "KAZ", "at": "1066Q1"}):
            assert client.post(f"{API}/studies/room", json=wrong).status_code == 400
        runner.go.set()


def test_the_api_describes_itself_and_its_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    described = client.get(f"{API}/openapi.json").json()
    assert f"{API}/results/{{id}}/numbers" in described["paths"]
    assert "422" not in json.dumps(described)
    page = client.get("/api/docs").text
    assert "http" not in page.replace("http-equiv", "")
    for script in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js"):
        assert f"/api/docs/{script}" in page
        assert client.get(f"/api/docs/{script}").status_code == 200


@pytest.mark.slow
def test_a_judged_claim_comes_with_its_numbers(client: TestClient, results: Path) -> None:
    """What `hegemon claims` saves is found, and a page never mixes it with what was published."""
    judged = hegemon.claims("regularities", draws=20, runs=64, only=("requests",), quick=True, out=results / "mine")
    found = until(lambda: (told := client.get(f"{API}/claims?ledger=regularities").json())["result"] and told)
    assert found["result"] == "mine"
    assert found["made"]["draws"] == 20
    rows = {row["id"]: row for row in found["claims"]}
    assert rows["requests"]["verdict"] == judged["requests"].verdict
    assert rows["requests"]["numbers"][0]["effect"] == pytest.approx(judged["requests"].assessment.estimates[0].effect, rel=1e-5)
    assert [row["id"] for row in found["claims"] if row["verdict"]] == ["requests"]

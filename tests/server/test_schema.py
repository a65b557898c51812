"""The API keeps to its own description, whatever it is sent."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest
from explorer import API, TOY, Fake, compare_id, run_id

from hegemon.order import Order
from hegemon.server import limits
from hegemon.server.app import create
from hegemon.server.site import Site
from lanes import by_lane

schemathesis = pytest.importorskip("schemathesis")

CASES = by_lane(40, 1_000, 10_000)
"""How many requests, at least."""


@pytest.fixture(scope="module")
def address(shelf: Path, tmp_path_factory: pytest.TempPathFactory, toy: Order) -> Iterator[str]:
    """A real server over a copy of the results, with workers that answer at once."""
    import shutil

    import httpx2
    import uvicorn

    results = tmp_path_factory.mktemp("schema") / "results"
    shutil.copytree(shelf, results)

    def answer(task: dict[str, Any]) -> Any:
        if task["task"] == "document":
            words = dict.fromkeys(("kicker", "title", "question", "finding", "version"), "")
            return words | {name: [] for name in ("facts", "sentences", "caveats", "made", "sections")}
        if task["task"] == "history":
            return {"run": task["run"], "quarters": [], "measures": {}, "orientation": {}, "order": {}, "events": []}
        if task["task"] in ("bundle", "export"):
            Path(task["target"]).write_bytes(b"{}" if task["target"].endswith(".json") else b"PK")
        if task["task"] == "page":
            (results / task["folder"] / "report.html").write_text("<!doctype html>", encoding="utf-8")
        return {}

    site = Site(results, runner=Fake(), asker=Fake(answer))
    wait([site.asking.submit(time.sleep, 0.02) for _ in range(limits.ASKING)])  # its threads live as long as it does
    app = create(site)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "it did not start"
        time.sleep(0.02)
    where = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    httpx2.post(f"{where}{API}/scenarios", json={"name": "toy", "text": TOY.read_text("utf-8")}, trust_env=False)
    yield where
    server.should_exit = True
    thread.join(10.0)


def hits(shelf: Path, toy: Order) -> Any:
    """A function that puts names that are there into a request, so that not every one misses."""
    named: dict[str, list[Any]] = {
        "id": [run_id(toy), compare_id(toy)],
        "name": ["post-soviet", "warsaw-pact"],
        "region": ["post-soviet", "post-soviet"],
        "number": [0, 17],
        "scenario": ["post-soviet", "toy"],
        "first": ["post-soviet", "toy"],
        "second": [None, "toy"],
        "history": [None, "post-soviet"],
        "posterior": [None, "post-soviet"],
        "measure": [[], []],
        "over": [["pact.vote"], []],
        "only": [[], []],
        "ties": [None, "none"],
        "origin": ["2009Q4", "2009Q4"],
        "when": [None, None],
        "state": ["KAZ", "ANA"],
        "at": ["2001Q1", "2002Q2"],
        "measures": ["autonomy", "orientation"],
        "set": [{}, {"pact.vote": 1.0}],
        "without": [["pact"], []],
        "force": [[], ["2014Q1 UKR uprising"]],
        "record": [None, "2013Q4"],
        "end": [None, "2015Q4"],
        "text": [TOY.read_text("utf-8"), 'extends = "post-soviet"'],
        "title": ["For the minister", ""],
    }

    def meant(case: Any, which: int) -> None:
        body = case.body if isinstance(case.body, dict) else {}
        for values in (case.path_parameters, case.query, body):
            for key in set(values or {}) & set(named):
                values[key] = named[key][which]

    return meant


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # Schemathesis does, in spoiling requests
def test_thousands_of_requests_meet_the_description_and_none_fails(address: str, shelf: Path, toy: Order) -> None:
    """Valid and invalid ones, made from the description: no 5xx, the status, type and shape that it says."""
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st
    from schemathesis import checks as known

    schema = schemathesis.openapi.from_url(f"{address}{API}/openapi.json")
    named = {check.__name__: check for check in known.CHECKS.get_all()}
    wanted = [named[name] for name in ("not_a_server_error", "status_code_conformance", "content_type_conformance",
                                       "response_schema_conformance", "response_headers_conformance")]  # fmt: skip
    operations = [result.ok() for result in schema.get_all_operations()]
    per, seen, meant = -(-CASES // len(operations)) + CASES // 50, Counter[int](), hits(shelf, toy)

    for operation in operations:
        strategy = st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))

        @seed(1)
        @settings(max_examples=per, deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=strategy, hit=st.booleans(), which=st.integers(0, 1))
        def every(case: Any, hit: bool, which: int) -> None:
            if hit:
                meant(case, which)
            response = case.call(timeout=limits.ASK_SECONDS)  # on a busy machine the first answer of a kind takes its time
            case.validate_response(response, checks=wanted)
            seen[response.status_code] += 1

        every()
    print(f"\n{sum(seen.values())} requests: {dict(sorted(seen.items()))}")
    assert sum(seen.values()) >= CASES
    assert not [status for status in seen if status >= 500]
    assert seen[200] + seen[201] + seen[202] > CASES // 5
    assert seen[202] > CASES // 100
    assert seen[400] > CASES // 10

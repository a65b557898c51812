"""While somebody codes, the server answers the coding and says what it is; of nobody's codes it tells anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from explorer import API, HERE, Fake, run_id
from starlette.testclient import TestClient

from hegemon.history import every_crisis, sheet
from hegemon.order import Order
from hegemon.server.app import create
from hegemon.server.safety import Rules
from hegemon.server.site import Site


@pytest.fixture
def coder(results: Path, tmp_path: Path) -> TestClient:
    site = Site(results, Rules(), runner=Fake(), asker=Fake())
    site.sheet = sheet.begin(tmp_path / "mine.csv", "ann", every_crisis().head(3))
    return TestClient(create(site), base_url=HERE)


def test_nothing_but_the_coding_is_answered(coder: TestClient, toy: Order) -> None:
    """Every address that the description names, with a result and a record that are there."""
    with coder:
        assert coder.get(f"{API}/about").json()["coding"] is True
        assert len(coder.get(f"{API}/coding").json()["crises"]) == 3
        described = coder.get(f"{API}/openapi.json").json()["paths"]
        asked = 0
        for path, methods in described.items():
            if path in (f"{API}/about", f"{API}/coding", f"{API}/coding/{{crisis}}"):
                continue
            address = path.replace("{id}", run_id(toy)).replace("{number}", "0").replace("{region}", "post-soviet")
            address = address.replace("{name}", "post-soviet")
            for method in methods:
                answer = coder.request(method, address, json={} if method in ("post", "patch") else None)
                assert answer.status_code == 403, f"{method} {address}: {answer.status_code} {answer.text[:200]}"
                assert "must see nobody's codes" in answer.json()["error"]
                asked += 1
        assert asked > 40
        for name in ("model.json", "scenario-post-soviet.json"):
            assert coder.get(f"/engine/{name}").status_code == 403, "it knows the record"
        assert coder.get("/").status_code == 200, "the page itself"


def test_without_a_session_all_is_open(client: TestClient) -> None:
    assert client.get(f"{API}/about").json()["coding"] is False
    assert client.get(f"{API}/history/post-soviet").status_code == 200
    assert client.get(f"{API}/coding").status_code == 404

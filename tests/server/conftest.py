"""What the server's tests share: an explorer over a folder with a finished run and a finished comparison of the toy order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx2")

from explorer import HERE, RUNS, SEED, Fake, compare_id, run_id
from starlette.testclient import TestClient

import hegemon
from hegemon.order import Order
from hegemon.server.app import create
from hegemon.server.safety import Rules
from hegemon.server.site import Site


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, toy: Order) -> Path:
    """A results folder with what `hegemon run` and `hegemon compare` of the toy order leave."""
    folder = tmp_path_factory.mktemp("server") / "results"
    hegemon.simulate(toy, RUNS, SEED, out=folder / run_id(toy))
    other = toy.with_parameters({"pact.vote": 2.0}).without("unrest")
    hegemon.compare(toy, other, RUNS, SEED, out=folder / compare_id(toy))
    return folder


@pytest.fixture
def results(shelf: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(shelf, tmp_path / "results"))


@pytest.fixture
def worker() -> Fake:
    """Who simulates."""
    return Fake()


@pytest.fixture
def site(results: Path, worker: Fake) -> Site:
    """An explorer that is not started."""
    return Site(results, Rules(), runner=worker, asker=Fake(lambda task: {"task": task["task"]}))


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    """A browser of this machine."""
    with TestClient(create(site), base_url=HERE, raise_server_exceptions=False) as browser:
        yield browser


@pytest.fixture(scope="session")
def unasked() -> Fake:
    """Who would simulate, if anything were not refused."""
    return Fake()


@pytest.fixture(scope="session")
def refusing(shelf: Path, unasked: Fake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A browser of this machine whose requests are refused or change nothing: tests share it."""
    results = Path(shutil.copytree(shelf, tmp_path_factory.mktemp("refusing") / "results"))
    site = Site(results, Rules(), runner=unasked, asker=Fake(lambda task: {"task": task["task"]}))
    with TestClient(create(site), base_url=HERE, raise_server_exceptions=False) as browser:
        yield browser

"""What the tests share: an order, a thousand of its histories, and a toy order that compiles fast."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("HEGEMON_CACHE", str(Path(tempfile.gettempdir()) / "hegemon-tests-compiled"))
"""One folder of compiled programs for all workers and sessions of this machine."""

import pytest

from hegemon import runtime
from hegemon.studies.run.result import Runs
from hegemon.studies.run.compute import simulate
from hegemon.order import Order, from_scenario, load
from hegemon.scenarios.loader import read_scenario

RUNS, SEED = 1_000, 1
TOY = Path(__file__).with_name("toy.toml")

runtime.prepare()


def pytest_configure(config: pytest.Config) -> None:
    """Two workers may write the same compiled program at once; JAX then warns and compiles."""
    config.addinivalue_line("filterwarnings", "ignore:Error (reading|writing) persistent compilation cache")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests stay with one worker, which then traces each program once; those of the pages share one explorer."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "tests/web" if file.startswith("tests/web/") else file

    return Scheduling(config, log)


@pytest.fixture(scope="session")
def order() -> Order:
    """The post-Soviet order with the model's defaults."""
    return load("post-soviet")


@pytest.fixture(scope="session")
def runs(order: Order) -> Runs:
    """A thousand histories of the post-Soviet order, simulated once per session and worker."""
    return simulate(order, RUNS, SEED, keep=True)


@pytest.fixture(scope="session")
def toy() -> Order:
    """Three neighbours, two poles, six years, many crises."""
    return from_scenario(read_scenario(TOY.read_text("utf-8"), "toy"))


@pytest.fixture
def strict_ranks() -> Iterator[None]:
    """Arrays of one order must have the ranks their formulas say: no silent promotion."""
    import jax

    with jax.numpy_rank_promotion("raise"):
        yield

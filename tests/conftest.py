"""What the tests share: an order, a thousand of its histories, and a toy order that compiles fast."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("HEGEMON_CACHE", str(Path(tempfile.gettempdir()) / "hegemon-tests-compiled"))
"""One folder of compiled programs for all workers and sessions of this machine."""

for library in ("OMP", "OPENBLAS"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
"""Workers share the cores: their libraries' threads would only wait for one another."""

import pytest

import compiling
import lanes
import leaks
from hegemon import runtime
from hegemon.order import Order, from_scenario, load
from hegemon.scenarios.loader import read_scenario
from hegemon.studies.run.compute import simulate
from hegemon.studies.run.result import Runs

RUNS, SEED = 1_000, 1
TOY = Path(__file__).with_name("toy.toml")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Lanes, costs and leaks have files of their own."""
    for plugin in (lanes, leaks):
        pluginmanager.register(plugin)


def pytest_configure(config: pytest.Config) -> None:
    """Before anything touches JAX."""
    if config.option.short or not (config.option.ci or config.option.all):
        compiling.shorten()
    runtime.prepare()


@pytest.fixture(autouse=True)
def as_wide_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test reads from a terminal is folded alike on every machine, whoever set its width."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session")
def order() -> Order:
    """The post-Soviet order with the model's defaults."""
    return load("post-soviet")


@pytest.fixture(scope="session")
def runs(order: Order) -> Runs:
    """A thousand histories of the post-Soviet order, parameters at their means, simulated once per session and worker."""
    return simulate(order, RUNS, SEED, parameters="mean", keep=True)


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

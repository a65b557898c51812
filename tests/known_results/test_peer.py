"""The model written a second time, plainly, in Mesa (benchmarks/peers): two programs, one model."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import pytest

from hegemon.instruments import INSTRUMENTS, KINDS, NAMES, SIDES
from hegemon.order import Order, default_parameters

pytest.importorskip("mesa", reason="the port needs mesa: pip install -e .[bench]")


@pytest.fixture(scope="module")
def agree() -> Any:
    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "peers"))
    try:
        import agree
    finally:
        sys.path.pop(0)
    return agree


def test_the_engine_is_the_model_that_somebody_else_would_write(agree: Any, order: Order) -> None:
    """Six histories of thirty years under calibrated parameters, six under prior means: crowds, red lines, votes, odds of
    every part of an event, what the patron expects, and the next world agree with the port's double precision to
    rounding. Between them every kind of crisis, every instrument on every side it is used on, and a breach occurred."""
    happened: set[str] = set()
    for parameters in (order.parameters, default_parameters()):
        worst, seen = agree.compare(dataclasses.replace(order, parameters=parameters), histories=6)
        assert not {what: gap for what, gap in worst.items() if not gap <= agree.ROUNDING}
        happened |= seen
    sides = {f"{i.name}, {SIDES[side]}" for i in INSTRUMENTS for side in i.sides}
    assert happened == {*KINDS, *NAMES, *sides, "breach"}


def test_the_comparison_would_notice(agree: Any, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hair less request in disputes, in the port alone, and requests no longer agree; nothing else is blamed."""
    ask = agree.Neighbour.odds_of_request
    monkeypatch.setattr(
        agree.Neighbour,
        "odds_of_request",
        lambda n, crisis: ask(n, crisis) * (0.999 if crisis.kind == "dispute" else 1),
    )
    worst, _ = agree.compare(order, histories=1)
    assert {what for what, gap in worst.items() if gap > agree.ROUNDING} == {"odds of request"}

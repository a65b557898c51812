"""`hegemon run --engine portable`: the same histories and the same documents, without XLA's compilation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hegemon
from hegemon.engine.program import chunk_size
from hegemon.errors import UserError
from hegemon.order import Order
from hegemon.portable import running
from hegemon.studies.run.question import RunQuestion

MINE = """\
from hegemon.mechanisms import Mechanism, Params
class P(Params):
    pass
mechanism = Mechanism("idle", "Idle", 18, (), P, hazards=lambda *a: {})
"""
RUNS = 300
"""More than a chunk, and no whole number of the engine's sixty-four."""


def test_a_run_is_called_as_before_where_no_engine_is_named() -> None:
    """A new field of a question changes no folder's name."""
    plain, portable = (RunQuestion.of({"scenario": "post-soviet", **more}) for more in ({}, {"engine": "portable"}))
    assert plain.key() != portable.key()
    assert plain.key() == RunQuestion.of({"scenario": "post-soviet", "engine": None}).key()
    assert portable.line == "hegemon run post-soviet --engine portable"


def test_what_it_cannot_run_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """Figures that differ, and a mechanism of one's own."""
    with pytest.raises(UserError, match="start every history from the same figures"):
        running.refuse(hegemon.load("post-soviet"), figures=True)
    (tmp_path / "idle.py").write_text(MINE, "utf-8")
    with pytest.raises(UserError, match="have the built-in mechanisms, not idle"):
        RunQuestion.of({"scenario": "post-soviet", "engine": "portable", "mechanism": [str(tmp_path / "idle.py")]}).check()


def test_a_shape_without_an_engine_is_refused(toy: Order) -> None:
    with pytest.raises(UserError, match=r"no portable engine for an order of .* neighbours and .* poles"):
        running.refuse(toy)


def test_without_wasmtime_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    with pytest.raises(UserError, match=r"pip install 'hegemon\[portable\]'"):
        running.refuse(hegemon.load("post-soviet"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "parameters"), [("post-soviet", "posterior"), ("post-soviet", "mean"), ("kazakhstan-alone", "posterior")]
)
def test_it_gives_the_histories_of_xla(scenario: str, parameters: Any, tmp_path: Path) -> None:
    """Every crisis, but for a tie that single precision cannot tell (one history in thousands: the harness says by how little);
    every mean, deviation and quantile to rounding; and the same bits when it is asked again. In the scenario that follows a
    record, neighbours are put where they were observed."""
    pytest.importorskip("wasmtime", reason="no wasmtime: pip install wasmtime")
    asked: dict[str, Any] = {"runs": RUNS, "seed": 3, "parameters": parameters}
    mine = hegemon.simulate(scenario, engine="portable", out=tmp_path / "r", **asked)
    theirs = hegemon.simulate(scenario, **asked)
    assert mine.made["engine"] == "portable"
    assert "engine" not in theirs.made
    both = mine.events.merge(theirs.events, how="outer", indicator=True)
    ties = set(both["run"][both["_merge"] != "both"])
    assert len(both) > 10_000
    assert len(ties) <= 1
    for name in theirs.summary.data_vars:
        close = 1e-3 if not ties else 2e-2 if theirs.summary[name].dtype.kind == "f" else 10
        np.testing.assert_allclose(mine.summary[name], theirs.summary[name], rtol=1e-3, atol=close, err_msg=str(name))
    again = hegemon.simulate(scenario, engine="portable", **asked)
    assert all((again.summary[name].fillna(0) == mine.summary[name].fillna(0)).all() for name in mine.summary.data_vars)


@pytest.mark.slow
def test_a_killed_run_goes_on_and_ends_as_an_undisturbed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the bit, and without simulating again what was finished."""
    pytest.importorskip("wasmtime", reason="no wasmtime: pip install wasmtime")
    from hegemon.engine.store import Folder

    class Killed(BaseException):
        pass

    asked: dict[str, Any] = {"runs": 20 * chunk_size() + 1, "seed": 3, "engine": "portable"}
    whole = hegemon.simulate("indochina", out=tmp_path / "whole", **asked)
    done: list[int] = []

    def killed(*_: Any, **__: Any) -> None:
        if len(done) == 2:
            raise Killed
        done.append(1)

    checkpoint = Folder.checkpoint
    with monkeypatch.context() as patched:
        patched.setattr(Folder, "checkpoint", lambda *given: (checkpoint(*given), killed()))
        with pytest.raises(Killed):
            hegemon.simulate("indochina", out=tmp_path / "r", **asked)
    histories: list[int] = []
    mine = hegemon.simulate("indochina", out=tmp_path / "r", progress=lambda n, _: histories.append(n), **asked)
    assert histories[0] > 2 * chunk_size(), "what was finished was not simulated again"
    assert mine.events.equals(whole.events)
    assert all((mine.summary[name].fillna(0) == whole.summary[name].fillna(0)).all() for name in whole.summary.data_vars)

"""`hegemon run --engine portable`: the same histories and the same documents, without XLA's compilation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hegemon
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
    """Ties as observed, figures that differ, and a mechanism of one's own."""
    asked = {"scenario": "post-soviet", "engine": "portable"}
    with pytest.raises(UserError, match="do not put neighbours where their ties were observed"):
        RunQuestion.of({**asked, "record": "2008Q4"}).check()
    with pytest.raises(UserError, match="start every history from the same figures"):
        running.refuse(hegemon.load("post-soviet"), figures=True)
    (tmp_path / "idle.py").write_text(MINE, "utf-8")
    with pytest.raises(UserError, match="have the built-in mechanisms, not idle"):
        RunQuestion.of({**asked, "mechanism": [str(tmp_path / "idle.py")]}).check()


def test_a_shape_without_an_engine_is_refused(toy: Order) -> None:
    with pytest.raises(UserError, match=r"no portable engine for an order of .* neighbours and .* poles"):
        running.refuse(toy)


def test_without_wasmtime_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    with pytest.raises(UserError, match=r"pip install 'hegemon\[portable\]'"):
        running.refuse(hegemon.load("post-soviet"))


@pytest.mark.slow
@pytest.mark.parametrize("parameters", ["posterior", "mean"])
def test_it_gives_the_histories_of_xla(parameters: Any, tmp_path: Path) -> None:
    """Every crisis; every mean, deviation and quantile to rounding; and the same bits when it is asked again, or goes on."""
    pytest.importorskip("wasmtime", reason="no wasmtime: pip install wasmtime")
    asked: dict[str, Any] = {"runs": RUNS, "seed": 3, "parameters": parameters}
    mine = hegemon.simulate("post-soviet", engine="portable", out=tmp_path / "r", **asked)
    theirs = hegemon.simulate("post-soviet", **asked)
    assert mine.made["engine"] == "portable"
    assert "engine" not in theirs.made
    assert mine.events.equals(theirs.events)
    for name in theirs.summary.data_vars:
        np.testing.assert_allclose(mine.summary[name], theirs.summary[name], rtol=1e-3, atol=1e-3, err_msg=str(name))
    again = hegemon.simulate("post-soviet", engine="portable", **asked)
    assert all((again.summary[name].fillna(0) == mine.summary[name].fillna(0)).all() for name in mine.summary.data_vars)

"""Variables of the environment that JAX cannot start with are one sentence, and are tried only where there are any."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hegemon import runtime
from hegemon.errors import BadMachine


def trials(monkeypatch: pytest.MonkeyPatch, said: str = "") -> list[object]:
    """The commands that would have been started for a trial; each ends with what is `said` on standard error."""
    started: list[object] = []

    def run(words: object, **_: object) -> subprocess.CompletedProcess[str]:
        started.append(words)
        return subprocess.CompletedProcess([], 134 if said else 0, "", said)

    monkeypatch.setattr(subprocess, "run", run)
    return started


def without_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **given: str) -> None:
    for name in [name for name in os.environ if name.startswith(("JAX_", "XLA_", "HEGEMON_"))]:
        monkeypatch.delenv(name)
    for name, value in ({"HEGEMON_CACHE": str(tmp_path / "cache")} | given).items():
        monkeypatch.setenv(name, value)
    runtime.tried.cache_clear()


def test_variables_of_jax_are_tried_once_and_only_where_there_are_any(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ours = " ".join(runtime._options()) + " --xla_force_host_platform_device_count=4"
    for variables, expected in (({}, 0), ({"JAX_PLATFORMS": "cpu"}, 0), ({"XLA_FLAGS": ours}, 0), ({"XLA_FLAGS": "--xla_x=1"}, 1),
                            ({"XLA_FLAGS": "--xla_x=1"}, 0), ({"XLA_FLAGS": f"{ours} --xla_x=1"}, 0), ({"JAX_X": "1"}, 1),
                            ({"XLA_FLAGS": "--xla_force_host_platform_device_count=x"}, 1)):  # fmt: skip
        without_settings(monkeypatch, tmp_path, **variables)
        started = trials(monkeypatch)
        runtime.tried()
        assert len(started) == expected, variables


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["XLA_FLAGS", "JAX_ENABLE_X64", "JAX_NUM_CPU_DEVICES", "JAX_PLATFORMS", "HEGEMON_CACHE"]),
    value=st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=90),
    said=st.text(max_size=200),
)
def test_whatever_a_variable_holds_is_at_most_one_sentence(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """However XLA, or JAX, puts what it does not like; and where the cache would be is a path that is tried, not trusted."""
    without_settings(monkeypatch, tmp_path, **{name: value})
    trials(monkeypatch, said or "F")
    told = ""
    try:
        runtime.tried()
    except BadMachine as mistake:
        told = mistake.sentence
    assert told.isprintable() and len(told) < 600 and told.startswith("BadMachine: JAX cannot start with " if told else "")
    assert isinstance(runtime.cache_folder(), Path)
    runtime.tried.cache_clear()

"""What a machine does to a command that writes: no room, no such place, a kill, two at once. Nothing finished is lost.

    fault                     the command says                          afterwards
    disk full                 one sentence, exit code 1 or 2            the same command goes on, and the result is whole
    no place to write to      one sentence, exit code 2, at once        nothing was computed and nothing is left
    killed                    nothing                                   the same command goes on, and the result is whole
    two at once               both the result, or one "is being         one result, whole
                              written by", exit code 1
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hegemon import runtime
from hegemon.cli.main import main
from hegemon.errors import BadMachine

sys.path.insert(0, str(Path(__file__).parent))

from smallest import ASKED, TOY

EVERY = list(ASKED)
FULL = (0, 3, 60)
"""Kilobytes after which no file can grow: nothing, the first notes, arrays."""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(TOY, "toy.toml")


def started(kind: str, largest: int | None = None) -> subprocess.Popen[str]:
    """A study's smallest command in a process of its own, which writes into the folder `r`; no file of it can grow beyond the
    `largest` kilobytes."""
    words = [sys.executable, "-m", "hegemon.cli.main", kind, *ASKED[kind], "--out", "r"]
    if largest is not None:
        words = ["bash", "-c", f'ulimit -f {largest}; exec "$@"', "-", *words]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def one_sentence(said: str) -> bool:
    """Whether what a process says last is a sentence, and nowhere a traceback; progress overwrites itself on one line."""
    return "Traceback" not in said and said.strip().splitlines()[-1].endswith((".", "`"))


def whole(capsys: pytest.CaptureFixture[str]) -> bool:
    found = main(["doctor", "r"])
    capsys.readouterr()
    return found == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", EVERY)
def test_a_full_disk_is_told_and_the_command_goes_on_when_there_is_room(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for size in FULL:
        process = started(kind, size)
        _, said = process.communicate()
        if process.returncode == 0:  # it has no file as large as that
            break
        assert process.returncode in (1, 2) and one_sentence(said), said
    assert main([kind, *ASKED[kind], "--out", "r"]) == 0 and whole(capsys)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("place", ["taken/r", "/proc/r", "taken"])
def test_a_place_that_cannot_be_written_to_is_told_at_once(
    kind: str, place: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long before there is anything to write."""
    from hegemon import studies

    monkeypatch.setattr(type(studies.study(kind)), "ask", lambda *_: pytest.fail("computed before the place was tried"))
    Path("taken").write_text("a file", encoding="utf-8")
    for words in (["--out", place], ["--out", "r", "--page", f"{place}/page.md"]):
        assert main([kind, *ASKED[kind], *words]) == 2
        said = capsys.readouterr().err
        assert one_sentence(said) and said.count("\n") == 1
    assert sorted(os.listdir()) == ["taken", "toy.toml"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", EVERY)
def test_a_killed_command_goes_on(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(kind)
    for _ in range(2):
        process = started(kind)
        try:
            process.communicate(timeout=chance.uniform(1.0, 8.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
    assert main([kind, *ASKED[kind], "--out", "r"]) == 0 and whole(capsys)


@pytest.mark.slow
@pytest.mark.parametrize("kind", EVERY)
def test_of_two_at_once_one_makes_it_and_the_other_takes_it_or_says_who_writes(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = [started(kind), started(kind)]
    ended = [(process.communicate()[1], process.returncode) for process in pair]
    assert sorted(code for _, code in ended) in ([0, 0], [0, 1]), ended
    assert all("is being written by process" in said and one_sentence(said) for said, code in ended if code)
    assert whole(capsys)


@pytest.mark.parametrize(
    ("words", "more", "code", "said"),
    [
        (["run", "toy.toml"], {"JAX_PLATFORMS": "abacus"}, 2, 'JAX_PLATFORMS="abacus"'),
        (["run", "toy.toml"], {"JAX_PLATFORMS": "cuda"}, 2, 'JAX_PLATFORMS="cuda"'),
        (["doctor"], {"JAX_PLATFORMS": "abacus"}, 2, 'JAX_PLATFORMS="abacus"'),
        (["scenario", "list"], {"XLA_FLAGS": "--xla_\x1b[31m=1"}, 2, 'XLA_FLAGS="--xla_\\u001b[31m=1": Unknown flag'),
        (["run", "toy.toml"], {"JAX_ENABLE_X64": "perhaps"}, 2, 'JAX_ENABLE_X64="perhaps": ValueError: invalid truth value'),
        (["scenario", "schema", ">/dev/full"], {}, 1, "No space left on device. Make room"),
        (["scenario", "show", "toy.toml", ">/dev/full"], {}, 1, "No space left on device. Make room"),
        (["scenario", "schema", ">&-"], {}, 0, ""),
        (["scenario", "schema", "| true"], {}, 0, ""),
    ],
)
def test_what_the_machine_refuses_is_one_sentence(words: list[str], more: dict[str, str], code: int, said: str) -> None:
    line = f"set -o pipefail; '{sys.executable}' -m hegemon.cli.main {' '.join(words)}"
    found = subprocess.run(["bash", "-c", line], env={**os.environ, **more}, capture_output=True, text=True)
    assert found.returncode == code and said in found.stderr
    assert not found.stderr or (one_sentence(found.stderr) and found.stderr.rstrip("\n").isprintable())
    assert sorted(os.listdir()) == ["toy.toml"]


# ---- The environment ----


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

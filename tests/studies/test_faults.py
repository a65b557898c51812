"""What a machine does to a command that writes. Nothing finished is lost.

    fault                     the command says                          afterwards
    disk full                 one sentence, exit code 1 or 2            the same command goes on, and the result is whole; what
                                                                        was there before is there
    no place to write to      one sentence, exit code 2, before it      nothing is left
                              computes or reads anything
    a file gone or changed    one sentence, exit code 2, names it       a page or a figure is drawn again; numbers are not
    killed                    nothing                                   the same command goes on, and the result is whole
    lock and drafts left      nothing                                   the result is whole, and they are gone
    clock set                 nothing; a clock of before 1981, one      the result is whole
                              sentence, exit code 1
    two at once               both the result; or one, "is being        one result, whole
                              written by" or "exists already"
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.studies import folder as folders
from hegemon.studies.study import Study

sys.path.insert(0, str(Path(__file__).parent))

from faulty import COINS, KINDS, NEEDS, OTHERS, Command, go, one_sentence, started, together, visited, with_coins
from smallest import ASKED, TOY

FULL = (0, 1, 3, 60)
"""Kilobytes after which no file can grow: nothing, notes, pages, arrays."""
YEAR = 365 * 86_400


QUICK = ("coin", "report", "bundle", "page", "export csv", "scenario new", "new", "new, its claims", "data code", "serve")
"""What takes next to nothing: the quick lane has these, the slow one all."""


def rows(*commands: Command) -> list[Any]:
    return [pytest.param(each, id=each.name, marks=[] if each.name in QUICK else [pytest.mark.slow]) for each in commands]


STUDIES = rows(COINS, *KINDS)
EVERY = [*STUDIES, *rows(*OTHERS)]


@pytest.fixture(scope="module")
def coins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two finished results."""
    place = tmp_path_factory.mktemp("coins")
    with pytest.MonkeyPatch.context() as patched:
        with_coins(patched)
        for coin, name in (("dime", "made"), ("cent", "also")):
            assert main(["coin", coin, "--out", str(place / name)]) == 0
    return place


@pytest.fixture(autouse=True)
def here(coins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with a scenario, two finished results, and votes."""
    with_coins(monkeypatch)
    monkeypatch.chdir(tmp_path)
    shutil.copy(TOY, "toy.toml")
    shutil.copytree(coins, ".", dirs_exist_ok=True)
    votes = pd.DataFrame({"iso3": ["USA"], "session": [50]})
    points = pd.DataFrame({"state": ["USA"], "session": [50], "point": [1.0], "sd": [0.1], "low": [0.9], "high": [1.1]})
    monkeypatch.setattr("hegemon.evidence.read_votes", lambda *_: votes)
    monkeypatch.setattr("hegemon.evidence.ideal_points", lambda *_, **__: points)
    monkeypatch.setattr("uvicorn.Server.run", visited)
    capsys.readouterr()


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path | None]:
    """A finished result of each kind's smallest question, computed once; of the coin, none is needed."""
    place = tmp_path_factory.mktemp("answers")

    def answer(kind: str) -> Path | None:
        if kind not in ASKED:
            return None
        if not (place / kind).exists():
            shutil.copy(TOY, "toy.toml")
            assert main([kind, *ASKED[kind], "--out", str(place / kind)]) == 0
        return place / kind

    return answer


@pytest.fixture(scope="module")
def needs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """What commands need, each made once."""
    place = tmp_path_factory.mktemp("needs")

    def need(name: str) -> Path:
        if not (place / name).is_dir():
            (place / name).mkdir()
            NEEDS[name](place / name)
        return place / name

    return need


@pytest.fixture
def prepared(
    answers: Callable[[str], Path | None], needs: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Command], Path | None]:
    """Have a command find what it needs, and its answer instead of computing it."""

    def prepare(command: Command) -> Path | None:
        if command.needs:
            shutil.copytree(needs(command.needs), ".", dirs_exist_ok=True)
        if (found := answers(command.name)) is not None:
            monkeypatch.setattr(Study, "ask", lambda *_: hegemon.open(found))
        return found

    return prepare


@pytest.fixture
def give(capsys: pytest.CaptureFixture[str]) -> Callable[[list[str]], tuple[int, str]]:
    """Give a command; its exit code, and what it says of what went wrong."""

    def give(words: list[str]) -> tuple[int, str]:
        code = main(words)
        return code, capsys.readouterr().err

    return give


Give = Callable[[list[str]], tuple[int, str]]
Prepared = Callable[[Command], Path | None]


def done(command: Command, give: Give) -> bool:
    """Whether what a command writes is there, and whole."""
    if command.target:
        return command.file.is_file() and command.file.stat().st_size > 0 and give(["doctor", "made"]) == (0, "")
    return give(["doctor", "r"]) == (0, "")


@contextmanager
def full(kilobytes: int) -> Iterator[None]:
    """No file can grow beyond a size, as where a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("command", EVERY)
def test_a_full_disk_is_told_and_the_command_goes_on_when_there_is_room(
    command: Command, give: Give, prepared: Prepared
) -> None:
    prepared(command)
    refused = 0
    for size in FULL:
        with full(size):
            code, said = give(command.at())
        if code == 0:  # it has no file as large as that
            break
        refused += 1
        assert code in (1, 2) and one_sentence(said), said
        assert not command.target or not command.file.exists()
    assert refused
    if not (command.new and command.file.exists()):
        assert give(command.at()) == (0, "")
    assert done(command, give) and not list(Path().rglob("*.part"))
    if command.target and not command.new:
        before = command.file.read_bytes()
        with full(0):
            assert give(command.at())[0] in (1, 2)
        assert command.file.read_bytes() == before


@pytest.mark.parametrize("command", [COINS, *KINDS, *(each for each in OTHERS if each.name != "publish"),
                                     *rows(*(each for each in OTHERS if each.name == "publish"))],
                         ids=lambda command: getattr(command, "name", None))  # fmt: skip
@pytest.mark.parametrize("place", ["taken/r", *(pytest.param(place, marks=pytest.mark.slow) for place in ("/proc/r", "taken"))])
def test_a_place_that_cannot_be_written_to_is_told_at_once(
    command: Command, place: str, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long before there is anything to write."""
    monkeypatch.setattr(Study, "ask", lambda *_: pytest.fail("computed before the place was tried"))
    for name in ("read_votes", "ideal_points"):
        monkeypatch.setattr(f"hegemon.evidence.{name}", lambda *_, **__: pytest.fail("read before the place was tried"))
    monkeypatch.setattr(folders, "open_result", lambda *_: pytest.fail("read before the place was tried"))
    Path("taken").write_text("a file", encoding="utf-8")
    before = sorted(Path().rglob("*"))
    lines = [command.at(place)] if place != "taken" or command.file.suffix == "" else []
    lines += [[*command.at(), "--page", f"{place}/page.md"]] if command in (COINS, *KINDS) else []
    for words in lines:
        code, said = give(words)
        assert code == 2 and one_sentence(said) and said.count("\n") == 1, said
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize("command", STUDIES)
def test_what_is_missing_or_changed_is_named_and_what_was_drawn_is_drawn_again(
    command: Command, give: Give, prepared: Prepared
) -> None:
    prepared(command)
    assert give(command.at()) == (0, "") and give(["report", "r", "--format", "svg"]) == (0, "")
    found = folders.manifest_of(Path("r"))
    assert {"report.html"} < set(found.drawn) and found.files
    for name in (*found.files, *found.drawn):
        content = Path("r", name).read_bytes()
        for harm in (None, content[:-1], content[:-1] + bytes([content[-1] ^ 1])):
            Path("r", name).unlink() if harm is None else Path("r", name).write_bytes(harm)
            code, said = give(["doctor", "r"])
            assert code == 2 and name in said and said.count("\n") == 1
            if name in found.files:
                for words in (["report", "r"], ["export", "r", "x.json"], ["bundle", "r"], command.at()):
                    code, said = give(words)
                    assert code == 2 and name in said and said.count("\n") == 1
        if name in found.files:
            Path("r", name).write_bytes(content)
    assert give(command.at()) == (0, "")
    assert folders.as_drawn(Path("r"), "report.html")
    assert give(["report", "r", "--format", "svg"]) == (0, "") and give(["doctor", "r"]) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("command", EVERY)
def test_killed_before_a_file_is_in_its_place_the_command_goes_on(command: Command, give: Give, prepared: Prepared) -> None:
    if command.name == "ideal points":
        pytest.skip("its votes are made up, in this process")
    made = prepared(command)
    for number in (1, 2, 4):
        ((code, said),) = together([started(command.at(), made, number)])
        assert (code, said) in ((-signal.SIGKILL, ""), (0, "")), said
        if code == 0:
            break
    if not (command.new and command.file.exists()):
        assert give(command.at()) == (0, "")
    assert done(command, give) and not list(Path("r").rglob("*.part"))


@pytest.mark.parametrize("command", EVERY)
def test_what_a_dead_process_has_left_is_in_nobodys_way(command: Command, give: Give, prepared: Prepared) -> None:
    prepared(command)
    for folder in (command.place, "made") if command.target else (command.place,):
        if not command.target or folder == "made":
            Path(folder).mkdir(exist_ok=True)
            for name in (".lock", ".lock.by", "manifest.json.1-1.part", "report.html.1-1.part"):
                Path(folder, name).write_text("process 1 of elsewhere, since 12:00:00", "utf-8")
                os.utime(Path(folder, name), (time.time() + YEAR,) * 2)
    if command.target and not command.whole:
        command.file.parent.mkdir(parents=True, exist_ok=True)
        command.file.with_name(f"{command.file.name}.1-1.part").write_text("half", "utf-8")
    for name in (command.lock, f"{command.lock}.by") if command.lock else ():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("process 1 of elsewhere, since 12:00:00", "utf-8")
    if not command.target:
        Path("r/manifest.json.1-1.part").write_text("half", "utf-8")
        Path("r/report.html.1-1.part").unlink()  # none of a result that was never whole
    assert give(command.at()) == (0, "")
    assert done(command, give)
    assert command.target or not list(Path("r").rglob("*.part"))


@pytest.mark.parametrize("command", EVERY)
def test_no_clock_is_in_its_way(command: Command, give: Give, prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set years ahead or back between two commands, and files dated in the future; before 1981, one sentence."""
    prepared(command)
    now = time.time
    for year, code in ((1970, 1), (2200, 1), (2090, 0), (1990, 0)):
        monkeypatch.setattr(time, "time", lambda year=year: (year - 1970) * YEAR + now() % YEAR)
        if command.whole:
            shutil.rmtree(command.place, ignore_errors=True)
        elif command.new and code == 0:
            command.file.unlink(missing_ok=True)
        found, said = give(command.at())
        assert found == code and (one_sentence(said) and "clock" in said if code else not said), said
        assert command.file.exists() == (code == 0)
        for file in [file for file in Path().rglob("*") if file.is_file() and code == 0]:
            os.utime(file, ((2090 - 1970) * YEAR,) * 2)
    assert done(command, give)


@pytest.mark.slow
@pytest.mark.parametrize("command", EVERY)
def test_of_two_at_once_one_makes_it_and_the_other_takes_it_or_says_who_writes(
    command: Command, give: Give, prepared: Prepared
) -> None:
    if command.name == "ideal points":
        pytest.skip("its votes are made up, in this process")
    made = prepared(command)
    ended = together([started(command.at(), made), started(command.at(), made)])
    codes, words = ((2,), "exists already") if command.new else command.second
    assert sorted(found for found, _ in ended) in ([0, 0], *([0, code] for code in codes)), ended
    assert [found for found, _ in ended] != [0, 0] or not command.new
    assert all(re.search(words, said) and one_sentence(said) for found, said in ended if found)
    assert done(command, give) and not list(Path().rglob("*.part"))


LONGER = {
    "run": (["toy.toml", "-n", "20000"], "tally-*"),
    "run, every history kept": (["toy.toml", "-n", "20000", "--keep"], "tally-*"),
    "compare": (["toy.toml", "--without", "pact", "-n", "20000"], "parts/*"),
    "claims": (["regularities", "--only", "requests", "--draws", "40", "-n", "64", "--quick"], "parts/*"),
    "sweep": (["toy.toml", "-m", "autonomy@ANA@2005Q4", "--over", "pact.vote,red_line.base", "--sets", "4096",
               "--runs-per-set", "16"], "parts/*"),
    "calibrate": (["--chains", "1", "--warmup", "50", "--draws", "50"], "unfinished-*/*"),
}  # fmt: skip
"""Questions long enough to be killed over, and the pieces that are kept of them meanwhile."""


@pytest.mark.slow
@pytest.mark.parametrize("name", LONGER)
def test_killed_half_way_what_is_finished_is_gone_on_with(name: str, give: Give) -> None:
    """The numbers are those of a command that nobody has killed; a damaged piece is named, with what to do."""
    words, pieces = LONGER[name]
    line = [name.partition(",")[0], *words, "--out", "r"]
    process = started(line)
    go(process)
    until = time.monotonic() + 400
    while not list(Path("r").glob(pieces)):
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.01)
    process.kill()
    process.communicate()
    kept = [file for file in Path("r").glob(pieces) if file.suffix != ".part"]
    for piece in kept:
        shutil.copytree("r", "harmed")
        (Path("harmed") / piece.relative_to("r")).write_bytes(b"")
        code, said = give([*line[:-1], "harmed"])
        assert (code, said.count("\n")) == (2, 1) and piece.name in said and "Delete" in said, said
        shutil.rmtree("harmed")
        break
    assert give(line) == (0, "") and give(["doctor", "r"]) == (0, "")
    assert not list(Path("r").glob(pieces))
    assert give([*line[:-1], "undisturbed"]) == (0, "")
    one, other = (hegemon.open(folder).plain() for folder in ("r", "undisturbed"))
    assert one == other


@pytest.mark.parametrize(
    ("words", "more", "code", "said"),
    [
        (["run", "toy.toml"], {"JAX_PLATFORMS": "abacus"}, 2, 'JAX_PLATFORMS="abacus"'),
        pytest.param(["run", "toy.toml"], {"JAX_PLATFORMS": "cuda"}, 2, 'JAX_PLATFORMS="cuda"', marks=pytest.mark.slow),
        pytest.param(["doctor"], {"JAX_PLATFORMS": "abacus"}, 2, 'JAX_PLATFORMS="abacus"', marks=pytest.mark.slow),
        (["scenario", "list"], {"XLA_FLAGS": "--xla_\x1b[31m=1"}, 2, 'XLA_FLAGS="--xla_\\u001b[31m=1": Unknown flag'),
        (["run", "toy.toml"], {"JAX_ENABLE_X64": "perhaps"}, 2, 'JAX_ENABLE_X64="perhaps": ValueError: invalid truth value'),
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
    assert sorted(os.listdir()) == ["also", "made", "toy.toml"]

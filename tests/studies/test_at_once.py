"""Twenty pairs of commands at once, in one folder or beside each other: nothing lost, nothing mixed.

Each ends with its result, or with one sentence that says who is in the way; what was there before is whole afterwards, and what
has come has the numbers that it has alone.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.world_pack.opening import tables

sys.path.insert(0, str(Path(__file__).parent))

from faulty import go, official, one_sentence, pack, started, together, with_coins
from smallest import ASKED, TOY

pytestmark = pytest.mark.slow

RUN, OTHER = ["run", *ASKED["run"], "--out"], ["run", *ASKED["run"], "--seed", "9", "--out"]
LONG = ["run", "toy.toml", "-n", "3000", "--out"]
KEPT, COMPARE = ["run", "toy.toml", "-n", "3000", "--keep", "--out"], ["compare", *ASKED["compare"], "--out"]
SWEEP, ROOM = ["sweep", *ASKED["sweep"], "--out"], ["room", *ASKED["room"], "--out"]
CLAIMS, CALIBRATE = ["claims", *ASKED["claims"], "--out"], ["calibrate", *ASKED["calibrate"], "--out"]

PAIRS: dict[str, tuple[list[str], list[str], set[tuple[int, int]]]] = {
    "the same run": ([*RUN, "r"], [*RUN, "r"], {(0, 1), (1, 0), (0, 0)}),
    "two runs, one folder": ([*RUN, "r"], [*OTHER, "r"], {(0, 1), (1, 0), (0, 2), (2, 0)}),
    "a run and a comparison, one folder": ([*RUN, "r"], [*COMPARE, "r"], {(0, 1), (1, 0), (0, 2), (2, 0)}),
    "a run and a comparison": ([*RUN, "results/r"], [*COMPARE, "results/s"], {(0, 0)}),
    "trajectories of one run": ([*KEPT, "r"], [*KEPT, "r"], {(0, 1), (1, 0), (0, 0)}),
    "a sweep, twice": ([*SWEEP, "r"], [*SWEEP, "r"], {(0, 1), (1, 0), (0, 0)}),
    "a sweep and a room": ([*SWEEP, "r"], [*ROOM, "s"], {(0, 0)}),
    "claims, twice": ([*CLAIMS, "r"], [*CLAIMS, "r"], {(0, 1), (1, 0), (0, 0)}),
    "a calibration, twice": ([*CALIBRATE, "r"], [*CALIBRATE, "r"], {(0, 1), (1, 0), (0, 0)}),
    "a comparison and claims": ([*COMPARE, "r"], [*CLAIMS, "s"], {(0, 0)}),
    "a run and doctor": ([*RUN, "r"], ["doctor", "r"], {(0, 2), (0, 0)}),
    "a run and its report": ([*RUN, "r"], ["report", "r"], {(0, 2), (0, 0)}),
    "a run and its bundle": ([*RUN, "r"], ["bundle", "r"], {(0, 2), (0, 0)}),
    "a run and its export": ([*RUN, "r"], ["export", "r", "r.csv"], {(0, 2), (0, 0)}),
    "a finished run and its page": ([*RUN, "done"], ["report", "done"], {(0, 0)}),
    "page and figures": (["report", "done"], ["report", "done", "--format", "svg"], {(0, 0)}),
    "figures of two formats": (["report", "done", "--format", "png"], ["report", "done", "--format", "svg"], {(0, 0)}),
    "a page and doctor": (["report", "done"], ["doctor", "done"], {(0, 0)}),
    "one bundle, twice": (["bundle", "done"], ["bundle", "done"], {(0, 0)}),
    "one table of two results": (["export", "done", "x.csv"], ["export", "made", "x.csv"], {(0, 0)}),
    "a bundle and a run beside it": (["bundle", "done"], [*RUN, "r"], {(0, 0)}),
    "one scenario's name": (["scenario", "new", "mine"], ["scenario", "new", "mine", "--extends", "warsaw-pact"],
                            {(0, 2), (2, 0)}),
    "one table's name": (["data", "show", "crises", "--out", "d.csv"], ["data", "show", "bases", "--out", "d.csv"],
                         {(0, 2), (2, 0)}),
    "one order's name": (["new", "mine"], ["new", "mine", "--from", "toy.toml"], {(0, 2), (2, 0)}),
    "one pack of two sources": (["world", "build", "--from", "official", "--out", "w", "--json"],
                                ["world", "build", "--from", "all", "--out", "w", "--json"], {(0, 0)}),
    "one site of two results": (["publish", "s", "done"], ["publish", "s", "made"], {(0, 0)}),
    "a site and the page of its result": (["publish", "s", "done"], ["report", "done"], {(0, 0)}),
    "a page of two and its parts": (["report", "done", "made", "--out", "o"], ["report", "made", "--out", "o"], {(0, 0)}),
}  # fmt: skip
"""Two commands, and the exit codes with which they may end."""


COMPUTED = ("the same run", "trajectories of one run", "a sweep, twice")
"""Pairs that compute; in all others commands find what they would compute, and write it as soon as they begin."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario, and finished results of a run and of a coin."""
    place = tmp_path_factory.mktemp("alone")
    with pytest.MonkeyPatch.context() as patched:
        with_coins(patched)
        patched.chdir(place)
        shutil.copy(TOY, "toy.toml")
        assert main([*RUN, "done"]) == 0 and main(["coin", "dime", "--out", "made"]) == 0
        official(place)
        pack(place)
    return place


def computed(alone: Path, *commands: list[str]) -> Path:
    """A folder with what the commands that compute give alone, by the name of their question."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(alone)
        for words in commands:
            assert words[0] not in ASKED or main(words[: words.index("--out")]) == 0
    return alone / "results"


@pytest.fixture(autouse=True)
def here(alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with_coins(monkeypatch)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(alone, ".", dirs_exist_ok=True, ignore=lambda *_: ["results"])
    capsys.readouterr()


def as_alone(folder: str | Path, alone: Path) -> bool:
    """Whether a result is whole, and its numbers are those that it has alone."""
    found = hegemon.open(folder)
    key = found.question.key()
    same = hegemon.open(alone / "done").question.key() == key  # what the folder began with
    name = "made" if found.study == "coin" else "done" if same else f"results/{key}"
    return main(["doctor", str(folder)]) == 0 and found.plain() == hegemon.open(alone / name).plain()


@pytest.mark.parametrize("pair", PAIRS)
def test_nothing_is_lost_and_nothing_mixed(pair: str, alone: Path) -> None:
    one, other, codes = PAIRS[pair]
    made = computed(alone, one, other)
    ended = together([started(words, None if pair in COMPUTED else made) for words in (one, other)])
    assert tuple(code for code, _ in ended) in codes, ended
    for code, said in ended:
        assert (one_sentence(said) and said.count("\n") == 1) if code else not said, said
    assert not list(Path().rglob("*.part"))
    for folder in {file.parent for file in Path().rglob("manifest.json")}:
        assert as_alone(folder, alone)
    if Path("w/pack.json").is_file():
        tables("w")  # refuses what is of two packs
    if Path("s/published.json").is_file():
        (shown,) = json.loads(Path("s/published.json").read_text("utf-8"))["results"]
        shelf = Path("s/data/shelf.js").read_text("utf-8")
        assert f"results/{shown}" in shelf and f"results/{'made' if shown == 'done' else 'done'}" not in shelf
    if Path("done.zip").is_file():
        assert main(["bundle", "--check", "done.zip"]) == 0


# ---- The explorer ----


def served(place: str = "results") -> Any:
    """An explorer of a folder, and where it is."""
    process = started(["serve", "--no-open", "--no-examples", "--json", "--port", "0", "--results", place])
    go(process)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())["address"]


def asked(address: str, path: str, **body: Any) -> Any:
    import httpx2

    with httpx2.Client(base_url=address, timeout=300.0, trust_env=False) as client:
        found = client.post(f"/api/v1/{path}", json=body) if body else client.get(f"/api/v1/{path}")
        return found.content if "download" in path else {"code": found.status_code, **found.json()}


def test_of_two_explorers_of_a_folder_the_second_says_who_shows_it() -> None:
    process, _ = served()
    try:
        ((code, said),) = together([started(["serve", "--no-open", "--no-examples", "--port", "0"])])
        assert code == 1 and said.count("\n") == 1
        assert f"Another explorer (process {process.pid} of " in said and one_sentence(said)
    finally:
        process.kill()
        process.communicate()
    process, _ = served()  # whom the dead one is not in the way of
    process.kill()
    process.communicate()


def test_the_explorer_and_the_command_line_make_one_result(alone: Path) -> None:
    """Whoever comes second says who is at it, or takes it; and what the explorer shows is what lies there."""
    from hegemon.studies.run.question import RunQuestion

    computed(alone, [*LONG, "r"])
    name = RunQuestion.of({"scenario": "toy.toml", "runs": 3_000}).key()
    line, coin = started([*LONG, f"results/{name}"]), started(["coin", "dime", "--out", "results/coin"])
    process, address = served()
    try:
        assert asked(address, "scenarios", name="toy", text=TOY.read_text("utf-8"))["code"] == 201
        taken = asked(address, "studies/run", scenario="toy", runs=3_000)
        assert taken["id"] == name
        (code, said), coined = together([line, coin])
        assert code == 0 or (code == 1 and "is being written by process" in said), said
        assert coined == (0, "")
        status = ""
        while status not in ("done", "failed"):
            status = asked(address, f"results/{name}")["status"]
        assert status == "done", asked(address, f"results/{name}")
        pages = [started(["report", f"results/{name}"]), started(["bundle", f"results/{name}", "--out", "b.zip"])]
        ready = [asked(address, f"results/{name}/download?format={each}") for each in ("html", "bundle")]
        assert together(pages) == [(0, ""), (0, "")]
        assert ready[0] == Path("results", name, "report.html").read_bytes()
        assert ready[1] == Path("b.zip").read_bytes()
        Path("results", name, "report.html").write_text("half", "utf-8")
        assert asked(address, f"results/{name}/download?format=html") == ready[0]
        assert as_alone(f"results/{name}", alone) and as_alone("results/coin", alone)
        Path("results", name, "summary.nc").unlink()
        found = asked(address, f"results/{name}/numbers")
        assert found["code"] == 400 and "summary.nc is missing" in found["error"]
    finally:
        for each in (process, line, coin):
            each.kill()
            each.communicate() if each is process else each.wait()


def test_two_that_begin_with_no_compiled_programs_leave_whole_ones(
    monkeypatch: pytest.MonkeyPatch, alone: Path
) -> None:
    """Killed while it keeps one, or two at once: the next command reads them, and replaces what is damaged."""
    computed(alone, [*RUN, "r"], [*OTHER, "s"])
    monkeypatch.setenv("HEGEMON_CACHE", str(Path("cache").resolve()))
    assert together([started([*RUN, "r"]), started([*OTHER, "s"])]) == [(0, ""), (0, "")]
    kept = {file: file.read_bytes() for file in Path("cache").glob("*-cache")}
    assert kept and not list(Path("cache").glob("*.part"))
    for file in kept:
        file.write_bytes(kept[file][:1000])
    assert together([started([*RUN, "u"])]) == [(0, "")]
    assert any(file.stat().st_size > 1000 for file in kept)
    assert as_alone("u", alone)

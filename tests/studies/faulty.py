"""Commands that write, each with the smallest thing to do: what `test_faults` and `test_at_once` let a machine do to them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coin import COIN
from smallest import ASKED, TOY

from hegemon import studies

DRIVER = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from hegemon import studies
from coin import COIN
studies.STUDIES = (*studies.STUDIES, COIN)
from hegemon.cli.main import main
import hegemon.cli.asking, hegemon.studies.asking, hegemon.studies.bundle
from hegemon.studies.folder import open_result
from hegemon.studies.study import Study

made, die, words = sys.argv[2], int(sys.argv[3]), sys.argv[4:]
compute = Study.ask

def ask(self, question, resources=None):
    places = [Path(made), Path(made, question.resolved().key())] if made else []
    there = next((each for each in places if (each / "manifest.json").is_file()), None)
    return open_result(there) if there else compute(self, question, resources)

Study.ask = ask
plain, written = Path.replace, 0

def replace(self, target):
    global written
    written += 1
    if written == die:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(self, target)

Path.replace = replace
if words[0] == "serve" or words[:2] == ["data", "code"]:
    import uvicorn
    from faulty import visited
    uvicorn.Server.run = visited
print("ready", file=sys.stderr, flush=True)
sys.stdin.readline()
sys.exit(main(words))
"""
"""A command in a process of its own, which begins when it is told to: with the answer `made` (a result, or a folder of results)
instead of computing it, and killed before its file number `die` is put in its place."""


@dataclass(frozen=True)
class Command:
    """A command that writes.

    words   its words, the place written as {}
    place   where it writes; a study, a folder; all others, a file
    target  the file that must be there then, where that is not the place
    new     whether it writes no file that is there already
    whole   whether it makes its folder elsewhere and puts it in its place with all that is in it
    needs   what must lie there before it is given (`NEEDS`)
    lock    the lock that it holds while it writes, where that does not lie in its folder
    second  the codes and the words (a pattern) of one that finds another at work
    """

    name: str
    words: tuple[str, ...]
    place: str = "r"
    target: str = ""
    new: bool = False
    whole: bool = False
    needs: str = ""
    lock: str = ""
    second: tuple[tuple[int, ...], str] = ((1,), "is being written by process")

    def at(self, place: str | None = None) -> list[str]:
        """Its words, where it writes to a place."""
        return [word.replace("{}", place or self.place) for word in self.words]

    @property
    def file(self) -> Path:
        """What must be there when it is done."""
        return Path(self.target or self.place)


AHEAD = ("post-soviet", "--from", "2015Q4", "--years", "2", "--parameters", "mean", "-n", "32")

COINS = Command("coin", ("coin", "dime", "--out", "{}"))
KINDS = tuple(Command(kind, (kind, *words, "--out", "{}")) for kind, words in ASKED.items())
OTHERS = (
    Command("report", ("report", "made", "--out", "{}"), "o", "o/report.html"),
    Command("figures", ("report", "made", "--format", "svg", "--out", "{}"), "o", "o/sides.svg"),
    Command("report of two", ("report", "made", "also", "--out", "{}"), "o", "o/report.html"),
    Command("figures of two", ("report", "made", "also", "--format", "svg", "--out", "{}"), "o", "o/also/sides.svg"),
    Command("bundle", ("bundle", "made", "--out", "{}.zip"), "b", "b.zip"),
    Command("page", ("coin", "dime", "--out", "made", "--page", "{}.md"), "p", "p.md"),
    *(Command(f"export {end}", ("export", "made", f"{{}}.{end}"), "x", f"x.{end}")
      for end in ("csv", "dta", "nc", "parquet", "xlsx", "json", "zip")),
    Command("data show", ("data", "show", "crises", "--out", "{}.csv"), "d", "d.csv", new=True),
    Command("ideal points", ("data", "ideal-points", "votes.csv", "--states", "USA", "--out", "{}.csv"), "i", "i.csv"),
    Command("scenario new", ("scenario", "new", "{}"), "n", "n.toml", new=True),
    Command("new", ("new", "{}"), "n", "n/scenario.toml", new=True, whole=True),
    Command("new, a copy", ("new", "{}", "--from", "toy.toml", "--claims"), "n", "n/claims.toml", new=True, whole=True),
    Command("new, its claims", ("new", "{}", "--claims"), "n", "n/claims.toml", new=True, needs="an order"),
    Command("new, built", ("new", "{}", "--answers", "answers.toml", "--pack", "pack"), "n", "n/scenario.toml", new=True,
            whole=True, needs="a pack"),
    Command("new, built again", ("new", "{}", "--pack", "pack"), "n", "n/scenario.toml", needs="answers"),
    Command("world build", ("world", "build", "--from", "official", "--out", "{}", "--json"), "w", "w/pack.json",
            needs="official files"),
    Command("data merge", ("data", "merge", "ann.csv", "--out", "{}.csv"), "m", "m.csv", new=True, needs="codings"),
    Command("data code", ("data", "code", "{}.csv", "--coder", "ann", "--no-open", "--port", "0"), "c", "c.csv",
            lock=".c.csv.lock", second=((1, 2), "is being written by process|is there already")),
    Command("data reliability", ("data", "reliability", "--codings", "ann.csv", "--out", "{}.md"), "q", "q.md", needs="codings"),
    Command("serve", ("serve", "--results", "{}", "--no-open", "--no-examples", "--port", "0"), "e", "e/scenarios/mine.toml",
            lock="e/.explorer/.lock", second=((1,), "Another explorer \\(process")),
    Command("forecast, for a hub", ("forecast", *AHEAD, "--out", "ahead", "--hub", "{}.csv"), "h", "h.csv", needs="a forecast"),
    Command("overview", ("overview", "toy.toml", "--years", "2", "-n", "32", "--out", "{}"), "v", "v/report.html"),
    Command("publish", ("publish", "{}", "made"), "s", "s/published.json"),
    Command("seal", ("seal", "ahead", "--into", "{}.jsonl"), "l", "l.jsonl", needs="a forecast"),
    Command("try", ("try", "mine.py", "toy.toml", "-n", "64", "--quick", "--out", "{}"), "t", "t/report.html",
            needs="a mechanism"),
)  # fmt: skip
"""Those that are no study: of the coins `made` and `also`, where they need a result."""


ORDER = """
[order]
patron     = "FRA"
neighbours = ["SEN", "CIV", "GAB"]
bloc       = "west"
from       = 1961
until      = 1965

[poles]
france = ["FRA"]
west   = ["USA", "GBR"]
east   = ["SUN"]
"""


def official(place: Path) -> None:
    """Small official files of which a pack can be built."""
    from building.official import write

    write(place / "official", ("states2016.csv", "ne_50m_admin_0_countries.geojson", "ne_50m_populated_places_simple.geojson"))


def pack(place: Path) -> None:
    """A pack, and answers to what it does not say."""
    from building.official import write
    from hegemon.world_pack.building import build

    build(write(place / "all"), place / "pack")
    (place / "answers.toml").write_text(ORDER, "utf-8")


def order(place: Path) -> None:
    """An order of one's own."""
    from hegemon.projects.begin import begin

    begin(place / "n", None, claims=False)


def answered(place: Path) -> None:
    """A pack, and an order of which there are answers alone."""
    pack(place)
    (place / "n").mkdir()
    (place / "answers.toml").rename(place / "n/answers.toml")


def codings(place: Path) -> None:
    """What somebody makes of three crises."""
    from hegemon.history.codings import codings

    table = codings()
    table[table["coder"] == table["coder"].iloc[0]].head(3).assign(coder="ann").to_csv(place / "ann.csv", index=False)


def forecast(place: Path) -> None:
    """A forecast of years to come."""
    from hegemon.cli.main import main

    assert main(["forecast", *AHEAD, "--out", str(place / "ahead")]) == 0


def mechanism(place: Path) -> None:
    """The documentation's mechanism."""
    shutil.copy(Path(__file__).parents[2] / "docs/examples/red_line_lake.py", place / "mine.py")


NEEDS: dict[str, Callable[[Path], None]] = {
    "official files": official, "a pack": pack, "an order": order, "answers": answered, "codings": codings,
    "a forecast": forecast, "a mechanism": mechanism,
}  # fmt: skip
"""What makes what a command needs, in a folder."""


def visited(server: Any, sockets: Any = None) -> None:
    """In the place of `uvicorn.Server.run`: a reader does what writes a file, and leaves. What is refused is what went wrong."""
    from starlette.testclient import TestClient

    from hegemon.errors import Failure

    site = server.config.app.state.site
    crises = [] if site.sheet is None else list(site.sheet.rows)[:2]
    asked: list[tuple[str, Any]] = [(f"coding/{each}", {"values": {"kind": "uprising"}}) for each in crises]
    asked = asked or [("scenarios", {"name": "mine", "text": TOY.read_text("utf-8")})]
    for each in sockets or ():
        each.close()
    with TestClient(server.config.app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as reader:
        for path, body in asked:
            answer = reader.post(f"/api/v1/{path}", json=body)
            if answer.status_code >= 400:
                raise Failure(answer.json()["error"])


def started(words: list[str], made: Path | None = None, die: int = 0) -> subprocess.Popen[str]:
    """A command in a process of its own, which waits to be let go (`ready`, `go`)."""
    line = [sys.executable, "-c", DRIVER, str(Path(__file__).parent), str(made or ""), str(die), *words]
    return subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def go(*processes: subprocess.Popen[str]) -> None:
    """Let commands go at once, when all of them are ready."""
    for process in processes:
        assert process.stderr is not None and process.stderr.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


def together(processes: list[subprocess.Popen[str]]) -> list[tuple[int, str]]:
    """Let commands go at once: how each ended, and what it said of it."""
    go(*processes)
    said = [process.communicate(timeout=540)[1] for process in processes]
    return [(process.returncode, text) for process, text in zip(processes, said, strict=True)]


def one_sentence(said: str) -> bool:
    """Whether what a command says last is a sentence, and nowhere a traceback; progress overwrites itself on one line."""
    return "Traceback" not in said and said.strip().splitlines()[-1].endswith((".", "`"))


def with_coins(monkeypatch: Any) -> None:
    """The coin is a kind of answer."""
    monkeypatch.setattr(studies, "STUDIES", (*studies.STUDIES, COIN))

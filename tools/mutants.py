"""Does the quick lane see a change? The model and the readers are changed one small way at a time, and its tests run.

    pip install -e ".[dev,mutants]"
    python tools/mutants.py --sample 300 --workers 2        # Ctrl-C, and the same command goes on
    python tools/mutants.py --page docs/mutants.md          # tell what was found so far

Mutants are cosmic-ray's, but for those in annotations, which nothing evaluates, and for bits of what is not a number of bits,
which the first call refuses. They are tried in one random order, so that the
first ones are a sample, and a larger sample contains a smaller. The tests that are most likely to see a change run first; a
mutant has survived when all tests of its rooms have passed.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

ROOT = Path(__file__).parents[1]
SOURCE = Path("src/hegemon")
FOUND = ROOT / "results" / "mutants.jsonl"
HARMLESS = ROOT / "tools" / "mutants_harmless.json"
"""Survivors that somebody has read and found to change nothing, with the reason."""

MODEL = (
    ("tests/paired/test_numbers.py::test_the_model_says_what_it_said",),
    ("tests/known_results", "tests/invariants/test_dice.py", "tests/invariants/test_worlds.py", "tests/faces/test_player.py",
     "tests/inference", "tests/paired", "tests/invariants/test_histories.py"),
)  # fmt: skip
READERS = (
    ("tests/record/test_field.py", "tests/record/test_evidence.py", "tests/record/test_history.py",
     "tests/known_results/test_agreement.py", "tests/faces/test_bad_history.py"),
    ("tests/record", "tests/faces/test_data.py", "tests/faces/test_bad_input.py", "tests/known_results/test_ideal_points.py",
     "tests/studies/test_predict.py", "tests/studies/test_replay.py"),
)  # fmt: skip
SCORES = (("tests/known_results/test_scores.py",), ("tests/studies/test_backtest.py", "tests/studies/test_forecast.py"))
ROOMS = {
    "mechanisms": MODEL, "law.py": MODEL, "aftermath.py": MODEL, "drivers.py": MODEL, "dice.py": MODEL,
    "studies/backtest/scores.py": SCORES, "evidence": READERS, "history": READERS,
}  # fmt: skip
"""What is changed, and the tests that may see it: likely ones first, then the rest."""

MEANINGLESS = re.compile(r"_(Add|Sub|Mul|Div|FloorDiv|Mod|Pow)_(BitOr|BitAnd|BitXor|LShift|RShift)$")
"""Operators that turn arithmetic into bits."""

INTRODUCTION = """\
Would the quick tests see a mistake? The model and the readers were changed one small way at a time (an operator, a number, a
condition: mutants of [cosmic-ray](https://cosmic-ray.readthedocs.io)), and the quick lane's tests of those rooms were run. Of
{all:,} mutants {tried:,} were tried, drawn at random. *Killed*: a test failed or never ended. The share counts all survivors; the
last column leaves out those that were read and found to change nothing.

| Room | Mutants | Tried | Killed | Share | 95 % interval | Without harmless ones |
| --- | --: | --: | --: | --: | --: | --: |"""
PATIENCE = 900
"""Seconds that a mutant's tests may take at a time; one that never ends is seen."""


@dataclass(frozen=True)
class Mutant:
    """One small change of one file."""

    room: str
    file: str
    version: str
    operator: str
    occurrence: int
    line: int

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line} {self.operator.removeprefix('core/')} #{self.occurrence}"


def annotated(source: str) -> set[tuple[int, int]]:
    """Lines and columns of a source that lie in annotations."""
    found: set[tuple[int, int]] = set()
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        for each in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(each, ast.expr) and each.end_lineno is not None:
                for n in range(each.lineno, each.end_lineno + 1):
                    first = each.col_offset if n == each.lineno else 0
                    last = each.end_col_offset if n == each.end_lineno else len(lines[n - 1])
                    found |= {(n, column) for column in range(first, last or 0)}
    return found


def mutants_of(room: str, file: Path) -> Iterator[Mutant]:
    """Every mutant of a file."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    source = file.read_text("utf-8")
    words, version = annotated(source), hashlib.sha256(source.encode()).hexdigest()[:12]
    nodes = list(ast_nodes(get_ast(source)))
    for name in operator_names():
        kind = get_operator(name)
        if not kind.arguments() and not MEANINGLESS.search(name):
            places = (start for node in nodes for start, _ in kind().mutation_positions(node))
            for occurrence, start in enumerate(places):
                if start not in words:
                    yield Mutant(room, str(file.relative_to(ROOT)), version, name, occurrence, start[0])


@cache
def everything() -> list[Mutant]:
    """All mutants of all rooms, in the one random order; where a file is changed, the others' stays what it was."""
    found = []
    for room in ROOMS:
        place = ROOT / SOURCE / room
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found += mutants_of(room, file)
    return sorted(found, key=lambda m: hashlib.sha256(f"{m.file} {m.operator} {m.occurrence}".encode()).digest())


def mutated(mutant: Mutant) -> tuple[str, str]:
    """A file's text before and after."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    before = (ROOT / mutant.file).read_text("utf-8")
    after = mutate_code(before, get_operator(mutant.operator)(), mutant.occurrence)
    assert after is not None, mutant
    return before, after


class Bench:
    """A copy of the project in which mutants are tried, one after the other."""

    def __init__(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="mutants-"))
        files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
        for file in filter(None, files):
            target = self.place / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, target)
        sys.path.insert(0, str(ROOT / "tests"))
        from compiling import OPTIONS

        self.env = {**os.environ, "PYTHONPATH": str(self.place / "src"), "HEGEMON_CACHE": str(self.place / "compiled"),
                    "XLA_FLAGS": " ".join(OPTIONS), "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip

    def passes(self, tests: tuple[str, ...]) -> str:
        """Run tests until one fails: "survived", "killed" or "timeout"."""
        words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-o", "addopts=",
                 *tests]  # fmt: skip
        child = subprocess.Popen(words, cwd=self.place, env=self.env, start_new_session=True,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            return "killed" if child.wait(PATIENCE) else "survived"
        except subprocess.TimeoutExpired:
            return "timeout"
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def tried(self, mutant: Mutant) -> dict[str, Any]:
        """What became of a mutant, and how it differs."""
        before, after = mutated(mutant)
        lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[3:]
        file = self.place / mutant.file
        file.write_text(after, "utf-8")
        try:
            became = "survived"
            for tests in ROOMS[mutant.room]:
                if (became := self.passes(tests)) != "survived":
                    break
        finally:
            file.write_text(before, "utf-8")
            shutil.rmtree(self.place / "compiled", ignore_errors=True)
        return {**asdict(mutant), "name": mutant.name, "became": became, "change": [line for line in lines if line[0] in "+-"]}


def known() -> dict[tuple[str, str], dict[str, Any]]:
    """Outcomes so far, by mutant and the version of its file."""
    rows = [json.loads(line) for line in FOUND.read_text("utf-8").splitlines()] if FOUND.is_file() else []
    return {(row["name"], row["version"]): row for row in rows}


def attempt(sample: int, workers: int, again: bool) -> None:
    """Try the first so many mutants that have no outcome yet; survivors, too, if `again`."""
    before = {key for key, row in known().items() if not (again and row["became"] == "survived")}
    todo = [mutant for mutant in everything()[:sample] if (mutant.name, mutant.version) not in before]
    benches: SimpleQueue[Bench] = SimpleQueue()
    for _ in range(workers):
        benches.put(Bench())

    def one(mutant: Mutant) -> dict[str, Any]:
        bench = benches.get()
        try:
            return bench.tried(mutant)
        finally:
            benches.put(bench)

    bench = benches.get()
    for tests in {tests for stages in ROOMS.values() for tests in stages}:
        if bench.passes(tests) != "survived":
            sys.exit(f"without any change, these fail: pytest {' '.join(tests)}")
    benches.put(bench)

    FOUND.parent.mkdir(exist_ok=True)
    with ThreadPoolExecutor(workers) as pool, FOUND.open("a", encoding="utf-8") as file:
        try:
            for count, row in enumerate(pool.map(one, todo), 1):
                file.write(json.dumps(row) + "\n")
                file.flush()
                print(f"{count}/{len(todo)} {row['became']:8} {row['name']}", flush=True)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            sys.exit("stopped; the same command goes on")
        finally:
            while not benches.empty():
                shutil.rmtree(benches.get().place, ignore_errors=True)


def page() -> str:
    """What was found of the files as they are, as Markdown."""
    from scipy.stats import binomtest

    outcomes, harmless = known(), json.loads(HARMLESS.read_text("utf-8")) if HARMLESS.is_file() else {}
    rows = [outcomes[key] for mutant in everything() if (key := (mutant.name, mutant.version)) in outcomes]
    told = ["# Mutants", "", '<!-- by tools/mutants.py: "The quick lane against small changes of the code" -->', ""]
    told += INTRODUCTION.format(all=len(everything()), tried=len(rows)).splitlines()
    for room in [*ROOMS, "all"]:
        mine = [row for row in rows if room in (row["room"], "all")]
        if not mine:
            continue
        killed = sum(row["became"] != "survived" for row in mine)
        spared = sum(row["name"] in harmless for row in mine if row["became"] == "survived")
        low, high = binomtest(killed, len(mine)).proportion_ci(method="wilson")
        total = sum(room in (each.room, "all") for each in everything())
        told.append(f"| {room} | {total:,} | {len(mine)} | {killed} | {killed / len(mine):.0%} | {low:.0%} to {high:.0%} "
                    f"| {killed / max(1, len(mine) - spared):.0%} |")  # fmt: skip
    left = [row for row in rows if row["became"] == "survived"]
    told += ["", "## Survivors", "", "Each was read. What it changed, and why it is harmless; or that a test is missing.", ""]
    for row in left:
        change = " ".join(f"`{line[:100]}`" for line in row["change"])
        told.append(f"- `{row['name']}`: {change} {harmless.get(row['name'], 'A test is missing.')}")
    told += ["", "Made anew by `python tools/mutants.py --sample 400`, which goes on where it was stopped."]
    return "\n".join(told) + "\n"


def main() -> None:
    """Try mutants, or tell what was found."""
    parser = argparse.ArgumentParser(description="Does the quick lane see a change?")
    parser.add_argument("--sample", type=int, default=300, help="how many mutants, of all in random order (300)")
    parser.add_argument("--workers", type=int, default=2, help="how many are tried at once (2)")
    parser.add_argument("--again", action="store_true", help="try survivors again, after tests were added")
    parser.add_argument("--page", type=Path, help="write what was found to this file, and try nothing")
    given = parser.parse_args()
    if given.page:
        given.page.write_text(page(), "utf-8")
    else:
        attempt(given.sample, given.workers, given.again)


if __name__ == "__main__":
    main()

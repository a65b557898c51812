"""Does the quick lane see a change? The model and the readers are changed one small way at a time, and its tests run.

    pip install -e ".[dev,mutants]"
    python tools/mutants.py --sample 300 --workers 2        # Ctrl-C, and the same command goes on
    python tools/mutants.py --page docs/mutants.md          # tell what was found so far

Mutants are cosmic-ray's, but for those in annotations, which nothing evaluates, and for bits of what is not a number of bits,
which the first call refuses. They are tried in one random order, so that the first ones are a sample, and a larger sample
contains a smaller. A mutant has survived when its room's tests that run its statement have passed (`mutants_bench.DEAREST`).
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from mutants_bench import DEAREST, ROOT, Bench

SOURCE = Path("src/hegemon")
FOUND = ROOT / "results" / "mutants.jsonl"
SEEN = FOUND.with_name("mutants-seen.json")
HARMLESS = ROOT / "tools" / "mutants_harmless.json"
"""Survivors that somebody has read and found to change nothing, with the reason."""

MODEL = (
    "tests/paired/test_numbers.py::test_the_model_says_what_it_said", "tests/known_results", "tests/invariants",
    "tests/faces/test_player.py", "tests/inference", "tests/paired", "tests/projects/test_folders.py",
)  # fmt: skip
READERS = (
    *(f"tests/record/test_{name}.py" for name in ("field", "evidence", "codes", "history", "codings", "reliability", "sheet")),
    "tests/known_results/test_agreement.py", "tests/known_results/test_ideal_points.py", "tests/faces/test_bad_history.py",
)  # fmt: skip
SCORES = ("tests/known_results/test_scores.py", "tests/studies/test_backtest.py", "tests/studies/test_forecast.py")
ROOMS = {
    "mechanisms": MODEL, "law.py": MODEL, "aftermath.py": MODEL, "drivers.py": MODEL, "dice.py": MODEL,
    "studies/backtest/scores.py": SCORES, "evidence": READERS, "history": READERS,
}  # fmt: skip
"""What is changed, and the tests of the quick lane that may see it."""

MEANINGLESS = re.compile(r"_(Add|Sub|Mul|Div|FloorDiv|Mod|Pow)_(BitOr|BitAnd|BitXor|LShift|RShift)$")
"""Operators that turn arithmetic into bits."""

INTRODUCTION = """\
Would the quick tests see a mistake? The model and the readers were changed one small way at a time (an operator, a number, a
condition: mutants of [cosmic-ray](https://cosmic-ray.readthedocs.io)), and the quick lane's test files that run the changed
statement were asked, the quickest first, for {dearest:.0f} seconds of a processor at most. Of {all:,} mutants {tried:,} were
tried, drawn at random. *Killed*: a test failed or never ended. The share counts all survivors; the last column leaves out those
that were read and found to change nothing.

| Room | Mutants | Tried | Killed | Share | 95 % interval | Without harmless ones |
| --- | --: | --: | --: | --: | --: | --: |"""


@dataclass(frozen=True)
class Mutant:
    """One small change of one file.

    home        the definition (of the file's first level) that is changed, by name
    version     its text: what was found of it counts until it is edited, whatever else is
    number      which of the operator's places in it
    occurrence  which of the operator's places in the file as it is
    """

    room: str
    file: str
    home: str
    version: str
    operator: str
    number: int
    occurrence: int
    line: int

    @property
    def name(self) -> str:
        return f"{self.file}: {self.home} {self.operator.removeprefix('core/')} #{self.number}"


def homes(source: str) -> dict[int, tuple[str, str]]:
    """By line, the name and the version of the definition it belongs to."""
    found, lines = {}, source.splitlines()
    for node in ast.parse(source).body:
        start = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        version = hashlib.sha256("\n".join(lines[start - 1 : node.end_lineno]).encode()).hexdigest()[:12]
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        name = getattr(node, "name", None) or next((ast.unparse(each) for each in targets), version)
        found |= dict.fromkeys(range(start, (node.end_lineno or start) + 1), (name, version))
    return found


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
    words, home = annotated(source), homes(source)
    nodes = list(ast_nodes(get_ast(source)))
    for name in operator_names():
        kind, numbers = get_operator(name), Counter[str]()
        if not kind.arguments() and not MEANINGLESS.search(name):
            places = (start for node in nodes for start, _ in kind().mutation_positions(node))
            for occurrence, start in enumerate(places):
                where, version = home[start[0]]
                if start not in words:
                    yield Mutant(room, str(file.relative_to(ROOT)), where, version, name, numbers[where], occurrence, start[0])
                numbers[where] += 1


@cache
def everything() -> list[Mutant]:
    """All mutants of all rooms, in the one random order; where a definition is changed, the others' stays what it was."""
    found = []
    for room in ROOMS:
        place = ROOT / SOURCE / room
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found += mutants_of(room, file)
    return sorted(found, key=lambda m: hashlib.sha256(m.name.encode()).digest())


def mutated(mutant: Mutant) -> tuple[str, str]:
    """A file's text before and after."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    before = (ROOT / mutant.file).read_text("utf-8")
    after = mutate_code(before, get_operator(mutant.operator)(), mutant.occurrence)
    assert after is not None, mutant
    return before, after


def units(room: str) -> list[str]:
    """Test files of a room, one by one."""
    places = [(each, ROOT / each) for each in ROOMS[room]]
    found = [sorted(str(file.relative_to(ROOT)) for file in place.rglob("test_*.py")) if place.is_dir() else [each]
             for each, place in places]  # fmt: skip
    return list(dict.fromkeys(unit for each in found for unit in each))


def tried(bench: Bench, mutant: Mutant) -> dict[str, Any]:
    """What became of a mutant, who saw it, and how it differs."""
    before, after = mutated(mutant)
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[3:]
    became, by = bench.shown(mutant.file, after, bench.sees(mutant.file, mutant.line, units(mutant.room)))
    return {**asdict(mutant), "name": mutant.name, "became": became, "by": by,
            "change": [line for line in lines if line[0] in "+-"]}  # fmt: skip


def known() -> dict[tuple[str, str], dict[str, Any]]:
    """Outcomes so far, by mutant and the version of its file."""
    rows = [json.loads(line) for line in FOUND.read_text("utf-8").splitlines()] if FOUND.is_file() else []
    return {(row["name"], row["version"]): row for row in rows}


def attempt(sample: int, workers: int, again: bool) -> None:
    """Try the first so many mutants that have no outcome yet; survivors, too, if `again`."""
    before = {key for key, row in known().items() if not (again and row["became"] == "survived")}
    todo = [mutant for mutant in everything()[:sample] if (mutant.name, mutant.version) not in before]
    every = list(dict.fromkeys(unit for room in ROOMS for unit in units(room)))
    changed = {mutant.file for mutant in everything()}
    benches: SimpleQueue[Bench] = SimpleQueue()

    def one(mutant: Mutant) -> dict[str, Any]:
        bench = benches.get()
        try:
            return tried(bench, mutant)
        finally:
            benches.put(bench)

    try:
        for _ in range(workers):
            benches.put(bench := Bench(every, changed))
            bench.look(SEEN)
        with ThreadPoolExecutor(workers) as pool, FOUND.open("a", encoding="utf-8") as file:
            try:
                for count, row in enumerate(pool.map(one, todo), 1):
                    file.write(json.dumps(row) + "\n")
                    file.flush()
                    print(f"{count}/{len(todo)} {row['became']:8} {row['name']} {row['by']}", flush=True)
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    except KeyboardInterrupt:
        sys.exit("stopped; the same command goes on")
    finally:
        while not benches.empty():
            benches.get().close()


def page() -> str:
    """What was found of the files as they are, as Markdown."""
    from scipy.stats import binomtest

    outcomes, harmless = known(), json.loads(HARMLESS.read_text("utf-8")) if HARMLESS.is_file() else {}
    rows = [outcomes[key] for mutant in everything() if (key := (mutant.name, mutant.version)) in outcomes]
    told = ["# Mutants", "", '<!-- by tools/mutants.py: "The quick lane against small changes of the code" -->', ""]
    told += INTRODUCTION.format(all=len(everything()), tried=len(rows), dearest=DEAREST).splitlines()
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

"""A copy of the project in which mutants are tried, one after the other: which tests run which lines, and who sees a change.

Every test file runs in a process of its own, a child of one that has loaded the libraries already and nothing of hegemon. The
first time, without any change, it is noted which lines each file runs and how long it takes; a mutant is then shown to the files
that run its statement, the quickest first.
"""

from __future__ import annotations

import ast
import compileall
import hashlib
import itertools
import json
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

LIBRARIES = """jax, jax.numpy, equinox, numpyro, pandas, pyarrow, xarray, scipy.stats, scipy.optimize, sklearn, typer, rich,
filelock, pydantic, beartype, jaxtyping, hypothesis, pytest, coverage, openpyxl, tomli_w, scoringrules""".replace("\n", " ")

NURSERY = f"""
import json, os, resource, signal, sys, warnings
import {LIBRARIES}
warnings.filterwarnings("ignore", message="os.fork")

def child(asked, place):
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (asked["processor"], asked["processor"] + 60))
    resource.setrlimit(resource.RLIMIT_DATA, (12 << 30,) * 2)
    signal.alarm(asked["wall"])
    nothing = os.open(os.devnull, os.O_RDWR)
    for n in (0, 1, 2):
        os.dup2(nothing, n)
    seen = coverage.Coverage(data_file=None, include=[place + "/src/hegemon/*"]) if asked["seen"] else None
    if seen:
        seen.start()
    os.environ["XLA_FLAGS"] = asked["flags"]
    code = int(pytest.main(asked["words"]))
    if seen:
        seen.stop()
        lines = {{os.path.relpath(file, place): sorted(seen.get_data().lines(file)) for file in seen.get_data().measured_files()}}
        with open(asked["seen"], "w") as file:
            json.dump(lines, file)
    os._exit(code)

for line in sys.stdin:
    asked = json.loads(line)
    number = os.fork()
    if number == 0:
        try:
            child(asked, os.getcwd())
        finally:
            os._exit(70)
    _, status, used = os.wait4(number, 0)
    try:
        os.killpg(number, signal.SIGKILL)
    except ProcessLookupError:
        pass
    print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime]), flush=True)
"""
"""Loads the libraries once; then has a child run the tests it is asked for, and tells its exit code and processor seconds."""

PATIENCE = (60, 5)
"""Processor seconds that tests may take with a mutant, and how often what they take without; one that never ends is seen."""
NOTHING, BROKEN = 5, 70
"""Exit codes: all tests of a file are of a longer lane; the child itself went wrong."""
DEAREST = 60.0
"""Processor seconds that the files asked about a mutant may take together, the single tests not counted: a mutant that only later
ones would see counts as a survivor."""
STALLED = 20
"""How many times its processor seconds a test may wait: other work goes first where this is run."""


def statement(source: str, line: int) -> range:
    """The lines of the innermost statement about a line, without those of its body."""
    found = range(line, line + 1)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt | ast.ExceptHandler) and node.lineno <= line <= (node.end_lineno or node.lineno):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno
            if line <= (end or line):
                found = range(node.lineno, (end or node.lineno) + 1)
    return found


class Bench:
    """A copy of the project, and a process that runs its tests."""

    def __init__(self, units: Sequence[str], changed: Sequence[str]) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="mutants-"))
        files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
        for file in filter(None, files):
            target = self.place / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, target)
        hashed = py_compile.PycInvalidationMode.CHECKED_HASH  # a mutant is as long as what it comes from, and seldom older
        compileall.compile_dir(str(self.place / "src"), quiet=2, invalidation_mode=hashed)
        sys.path.insert(0, str(ROOT / "tests"))
        from compiling import OPTIONS

        self.flags = " ".join(OPTIONS)
        path = os.pathsep.join(filter(None, [str(self.place / "src"), os.environ.get("PYTHONPATH")]))
        env = {**os.environ, "PYTHONPATH": path, "HEGEMON_CACHE": str(self.place / "compiled"),
               "XLA_FLAGS": self.flags, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore",
               "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # fmt: skip
        self.nursery = subprocess.Popen([sys.executable, "-c", NURSERY], cwd=self.place, env=env, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
        self.units, self.changed = tuple(units), sorted(changed)
        self.seconds: dict[str, float] = {}
        self.lines: dict[str, dict[str, set[int]]] = {}

    def run(self, unit: str, seen: Path | None = None) -> tuple[int, float]:
        """Run a file's tests until one fails: their exit code, and the processor seconds they took."""
        words = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-o", "addopts=", unit]
        most = int(PATIENCE[0] + PATIENCE[1] * self.seconds[unit]) if unit in self.seconds else 900
        flags = self.flags.replace("level=1", "level=0") if "::" in unit else self.flags
        asked = {"words": words, "processor": most, "wall": STALLED * most, "seen": str(seen or ""), "flags": flags}
        told, heard = self.nursery.stdin, self.nursery.stdout
        assert told is not None
        assert heard is not None
        told.write(json.dumps(asked) + "\n")
        told.flush()
        code, seconds = json.loads(heard.readline())
        assert code != BROKEN, unit
        return code, seconds

    def look(self, kept: Path) -> None:
        """Note what each file's tests run and take while nothing is changed; or read it where that was noted of this code."""
        known: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.is_file() else {}
        code = hashlib.sha256(b"".join((self.place / file).read_bytes() for file in self.changed))
        for unit in self.units:
            version = code.copy()
            version.update((self.place / unit.partition("::")[0]).read_bytes())
            if known.get(unit, {}).get("version") != version.hexdigest():
                ended, seconds = self.run(unit, self.place / "seen.json")
                if ended not in (0, NOTHING):
                    sys.exit(f"without any change, these fail: pytest {unit}")
                lines = json.loads((self.place / "seen.json").read_text("utf-8")) if ended == 0 else {}
                known[unit] = {"version": version.hexdigest(), "seconds": seconds, "lines": lines}
                kept.parent.mkdir(exist_ok=True)
                kept.write_text(json.dumps(known), "utf-8")
                print(f"{seconds:6.1f} s  {unit}", flush=True)
        self.seconds = {unit: known[unit]["seconds"] for unit in self.units}
        self.lines = {unit: {file: set(lines) for file, lines in known[unit]["lines"].items()} for unit in self.units}

    def sees(self, file: str, line: int, units: Sequence[str]) -> list[str]:
        """The test files that run a statement: single tests, which see most, then the quickest first."""
        mine = statement((ROOT / file).read_text("utf-8"), line)
        found = [unit for unit in units if self.lines[unit].get(file, set()).intersection(mine)]
        ordered = sorted(found, key=lambda unit: ("::" not in unit, self.seconds[unit]))
        spent = list(itertools.accumulate(0.0 if "::" in unit else self.seconds[unit] for unit in ordered))
        return [unit for unit, so_far in zip(ordered, spent, strict=True) if so_far <= DEAREST]

    def shown(self, file: str, text: str, units: Sequence[str]) -> tuple[str, str]:
        """What becomes of a file's mutant, and the tests that saw it."""
        place = self.place / file
        before, compiled = place.read_text("utf-8"), set((self.place / "compiled").rglob("*"))
        place.write_text(text, "utf-8")
        try:
            for unit in units:
                code, _ = self.run(unit)
                if code != 0:
                    return ("killed" if code > 0 else "timeout"), unit
            return "survived", ""
        finally:
            place.write_text(before, "utf-8")
            for made in set((self.place / "compiled").rglob("*")) - compiled:
                if made.is_file():
                    made.unlink()

    def close(self) -> None:
        self.nursery.kill()
        self.nursery.wait()
        shutil.rmtree(self.place, ignore_errors=True)

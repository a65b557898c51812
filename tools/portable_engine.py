"""Make the engines of the browser tab: the model as C and as WebAssembly, one for each shape of order that comes with hegemon.

python tools/portable_engine.py                     make them (needs the wheels ziglang and wasmtime)
python tools/portable_engine.py --ties              where neighbours were observed to stand, as a page needs it (needs neither)
python tools/portable_engine.py --check             say which are not what the model gives, and exit with 1 (needs neither)
python tools/portable_engine.py --c FOLDER          write only the C
python tools/portable_engine.py post-soviet --into FOLDER    make one of these, elsewhere
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.metadata
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hegemon.order import load
from hegemon.portable import arguments, engine, proof, stood
from hegemon.portable.artefacts import Artefact, fingerprint, shape_name
from hegemon.scenarios.loader import builtin_names
from portable.c import Writer
from portable.program import Program

ENGINES = Path(__file__).resolve().parents[1] / "src/hegemon/portable/engines"
PORTABLE = ("-O2", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math")
"""Nothing that changes a bit: no contraction to fused operations, no other order of sums."""
COMPILER = "cc"
EXPORTS = ("hegemon_begin", "hegemon_quarter", "hegemon_at")


def emitted(scenario: str) -> tuple[str, dict[str, Any]]:
    """The C of an order's shape, and its manifest."""
    order = load(scenario)
    closed, inputs, outputs, names = arguments.chunk(order)
    program = Program(closed, inputs, outputs)
    text = Writer(program).text
    return text, {
        "shape": shape_name(order), "of": scenario, "runs": arguments.RUNS, "quarters": arguments.QUARTERS,
        "inputs": [described(x) for x in program.inputs], "outputs": [described(x) for x in program.outputs],
        "parameters": names, "model": fingerprint(), "source": hashlib.sha256(text.encode()).hexdigest()[:16],
        "jax": importlib.metadata.version("jax"),
    }  # fmt: skip


def described(value: Any) -> dict[str, Any]:
    """An array as the manifest has it."""
    return {"name": value.name, "dtype": value.dtype, "shape": list(value.shape)}


def wasm(source: Path, to: Path) -> None:
    """Compile C to WebAssembly with Zig's compiler, which comes as a wheel."""
    exports = [f"-Wl,--export={name}" for name in EXPORTS]
    subprocess.run([sys.executable, "-m", "ziglang", "cc", "-target", "wasm32-freestanding", "-msimd128", "-nostdlib", *PORTABLE,
                    "-Wl,--no-entry", "-Wl,--strip-all", *exports, str(source), "-o", str(to)], check=True)  # fmt: skip


def library(source: Path, to: Path, compiler: str = COMPILER) -> None:
    """Compile C for this machine."""
    made = [*compiler.split(), "-O3", *PORTABLE[1:], "-march=native", "-shared", "-fPIC", str(source), "-o", str(to)]
    subprocess.run(made, check=True)


def make(scenario: str, into: Path) -> Artefact:
    """Write an engine and its manifest into a folder."""
    text, manifest = emitted(scenario)
    with tempfile.TemporaryDirectory() as folder:
        source, module = Path(folder, "order.c"), Path(folder, "order.wasm")
        source.write_text(text, "utf-8")
        wasm(source, module)
        packed = gzip.compress(module.read_bytes(), 9, mtime=0)
    into.mkdir(parents=True, exist_ok=True)
    (into / f"{manifest['shape']}.wasm.gz").write_bytes(packed)
    made = Artefact(manifest["shape"], manifest, into)
    manifest["proof"] = proof.proof(engine.through_wasmtime(made), load(scenario))
    (into / f"{manifest['shape']}.json").write_text(json.dumps(manifest) + "\n", "utf-8")
    return made


def kept_ties() -> Path:
    """Write where neighbours of the orders that come with hegemon were observed to stand, by fingerprint."""
    orders = {stood.made_of(order): order for name in builtin_names() if stood.years(order := load(name))}
    to = ENGINES.parent / stood.KEPT_FILE
    to.write_text(json.dumps({mark: stood.filtered(order) for mark, order in orders.items()}) + "\n", "utf-8")
    return to


def shapes() -> list[str]:
    """A scenario for each shape that comes with hegemon: the first that throws dice from its start."""
    found: dict[str, str] = {}
    for name in sorted(builtin_names(), key=lambda name: load(name).scenario.record is not None):
        found.setdefault(shape_name(load(name)), name)
    return list(found.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*")
    parser.add_argument("--into", type=Path, default=ENGINES)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--ties", action="store_true")
    parser.add_argument("--c", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    stale = 0
    if asked.ties:
        print(f"{(made := kept_ties()).name}: {made.stat().st_size:,} bytes")
        return stale
    for name in asked.scenarios or shapes():
        if asked.check:
            kept = json.loads((asked.into / f"{shape_name(load(name))}.json").read_text("utf-8"))
            if kept["source"] != emitted(name)[1]["source"]:
                print(f"{kept['shape']} is not what the model gives: run python tools/portable_engine.py")
                stale = 1
        elif asked.c:
            text, manifest = emitted(name)
            asked.c.mkdir(parents=True, exist_ok=True)
            (asked.c / f"{manifest['shape']}.c").write_text(text, "utf-8")
            print(f"{manifest['shape']}.c: {text.count(chr(10)):,} lines")
        else:
            made = make(name, asked.into)
            print(f"{made.name} ({name}): {len(made.module):,} bytes, {len(made.packed):,} gzipped")
    return stale


if __name__ == "__main__":
    raise SystemExit(main())

"""A process that has used JAX before hegemon makes the same histories, to the bit, at about the same cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import sys, time, json, warnings, pathlib, numpy, jax
used, broken, toml = sys.argv[1] == "used", sys.argv[2] == "broken", pathlib.Path(sys.argv[3])
if used:
    (jax.numpy.ones(3) + 1).block_until_ready()
if broken:
    import jax._src.compiler
    del jax._src.compiler.get_compile_options
    from hegemon import runtime
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        runtime.prepare()
    print(json.dumps({"said": [str(one.message) for one in said], "kept": jax.config.jax_compilation_cache_dir}))
    sys.exit()
from hegemon.studies.run.compute import simulate
from hegemon.order import from_scenario
from hegemon.scenarios.loader import read_scenario
toy = from_scenario(read_scenario(toml.read_text("utf-8"), "toy"))
runs = simulate(toy, 512, 1)
began = time.process_time()
simulate(toy, 2048, 2)
spent = time.process_time() - began
bits = {name: numpy.asarray(values).tobytes().hex() for name, values in runs.summary.items()}
print(json.dumps({"bits": bits, "spent": spent}))
"""


def process(*words: str, folder: Path, flags: str = "") -> dict[str, Any]:
    """What the program says in a fresh process, without this one's options."""
    others = {**os.environ, "XLA_FLAGS": flags, "HEGEMON_CACHE": str(folder)}
    line = [sys.executable, "-c", PROGRAM, *words, str(Path(__file__).parents[1] / "toy.toml")]
    done = subprocess.run(line, check=True, env=others, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) | {"errors": done.stderr}
    return found


@pytest.mark.slow
def test_histories_are_the_same_to_the_bit_and_cost_as_much(tmp_path: Path) -> None:
    """Without the options, chunks of the toy order cost ten times as much and more, and their last bits differ."""
    first, later = process("new", "", folder=tmp_path / "a"), process("used", "", folder=tmp_path / "b")
    if "JAX was used before hegemon" in later["errors"]:
        pytest.skip("this JAX takes no options by program: hegemon says so")
    assert later["bits"] == first["bits"]
    assert later["spent"] < 4 * first["spent"]


def test_where_jax_takes_no_options_it_is_said_and_no_slow_program_is_kept(tmp_path: Path) -> None:
    found = process("used", "broken", folder=tmp_path)
    assert len(found["said"]) == 1
    assert "Restart Python and call hegemon.runtime.prepare() before anything else uses JAX." in found["said"][0]
    assert found["kept"] is None

"""The portable engines are those of the model as it stands, small, and give its histories."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hegemon
import portable_engine
import portable_harness
import portable_peers
from hegemon.errors import UserError
from hegemon.order import load
from hegemon.portable import artefacts, engine, tab
from hegemon.scenarios.loader import builtin_names

ROOT = Path(hegemon.__file__).parents[2]
node = pytest.mark.skipif(shutil.which("node") is None, reason="no Node here")
compiler = pytest.mark.skipif(shutil.which(portable_engine.COMPILER) is None, reason="no C compiler here")


def test_every_scenario_that_comes_with_hegemon_has_an_engine_and_none_is_stale() -> None:
    assert {artefacts.shape_name(load(name)) for name in builtin_names()} <= set(artefacts.names())
    for name in artefacts.names():
        assert not artefacts.artefact(name).stale, "the model has changed: run python tools/portable_engine.py"


def test_engines_are_small() -> None:
    sizes = [len(artefacts.artefact(name).packed) for name in artefacts.names()]
    assert max(sizes) < 700_000
    assert sum(sizes) < 2_000_000


def test_a_fingerprint_is_of_what_computes_not_of_what_is_said(tmp_path: Path) -> None:
    """A number that is changed changes it; a comment and a docstring do not."""
    source = ROOT / "src/hegemon"
    for pattern in artefacts.SOURCES:
        for file in source.glob(pattern):
            (tmp_path / file.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, tmp_path / file.relative_to(source))
    assert artefacts.fingerprint(tmp_path) == artefacts.fingerprint()
    changed, file = artefacts.fingerprint.__wrapped__, tmp_path / "mechanisms" / "unrest.py"
    text = file.read_text("utf-8")
    file.write_text(text.replace('"""Uprisings:', '"""Uprisings, once more:') + "# nothing\n", "utf-8")
    assert changed(tmp_path) == artefacts.fingerprint()
    file.write_text(text.replace("math.sqrt(2.0 * math.pi)", "math.sqrt(2.1 * math.pi)"), "utf-8")
    assert changed(tmp_path) != artefacts.fingerprint()


def test_a_shape_without_an_engine_is_named_with_the_way_to_make_one() -> None:
    with pytest.raises(UserError, match=r"no portable engine for an order of 3 neighbours and 2 poles.*portable_engine\.py"):
        artefacts.artefact("3x2")


def test_the_page_knows_where_parts_of_an_event_stand() -> None:
    """As `Crises.decode` reads codes, for every code there is."""
    from hegemon.engine.tally import Crises

    codes = np.arange(1, 2**16, dtype=np.uint16)
    codes = codes[codes & 7 > 0]
    read = Crises.decode(codes[:, None, None], 0, 1)
    for name, where in tab.model()["codes"].items():  # the arithmetic of worker.js
        bits = codes.astype(int) >> where["at"] & (1 << where["bits"]) - 1
        mine = bits // where["over"] % where["under"] + where["add"]
        assert (mine == getattr(read, name)).all(), name


def test_a_script_is_written_short_and_whole() -> None:
    from hegemon.drivers import OPEN, Script
    from hegemon.opening import opening

    for name in ("kazakhstan-alone", "post-soviet"):
        known = opening(load(name)).script
        short = tab.sparse(known)
        for part in Script.__dataclass_fields__:
            codes = np.full_like(np.asarray(getattr(known, part)), OPEN)
            if part == "kind":
                codes[: short["until"]] = 0
            for field, q, n, code in short["rows"]:
                if field == part:
                    codes[q, n] = code
            assert (codes == getattr(known, part)).all()


def test_the_files_of_a_page_are_written_and_only_for_shapes_that_have_an_engine(tmp_path: Path) -> None:
    written = {Path(name).name for name in tab.write_engine(tmp_path, ("warsaw-pact",))}
    assert written == {"model.json", "scenario-warsaw-pact.json", "9x3.json", "9x3.wasm.gz", "draws-post-soviet.json",
                       "draws-post-soviet.f32.gz", *tab.SCRIPTS}  # fmt: skip
    told = json.loads((tmp_path / "model.json").read_text("utf-8"))
    assert [each["name"] for each in told["scenarios"]] == ["warsaw-pact"]
    assert set(told["parameters"]) | {f"on.{m['name']}" for m in told["mechanisms"]} == set(
        json.loads((tmp_path / "9x3.json").read_text("utf-8"))["parameters"]
    )


@pytest.mark.slow
@node
@pytest.mark.parametrize(("name", "least"), [("post-soviet", 10_000), ("soviet-periphery", 1_000)])  # there neighbours end
def test_histories_in_node_are_those_of_python(name: str, least: int, tmp_path: Path) -> None:
    """Every cell of 256 histories: who is in trouble, how grave it is, who asks, what the patron does, who falls."""
    case = dataclasses.replace(next(portable_harness.cases()), order=load(name), begin=None)
    portable_harness.runtime.prepare()
    wanted = portable_harness.by_xla(case, 20, 1)
    found, _ = portable_harness.by_node(case, 20, 256, tmp_path)
    assert (wanted > 0).sum() > least
    assert (wanted == found).all()


@pytest.mark.slow
@node
@compiler
def test_millions_of_cells_by_three_engines(tmp_path: Path) -> None:
    """A ninth of the harness's questions: dice, draws, the record, mechanisms off, worlds by chance. Nothing is asked twice."""
    kept = tmp_path / "kept"
    found = portable_harness.examine(4_800_000, kept=kept)
    assert sum(each.cells for each in found) >= 4_800_000
    assert {each.what.split()[0] for each in found} == {"dice", "drawn", "record", "without", "by"}
    assert {*found[0].different} == {"C", "WebAssembly"}
    assert len(kept.read_text("utf-8").splitlines()) == len(found)
    assert portable_harness.examine(4_800_000, kept=kept) == found
    assert len(kept.read_text("utf-8").splitlines()) == len(found)
    assert not sum(each.unexplained for each in found)


@pytest.mark.slow
@compiler
def test_the_committed_engines_are_what_the_model_gives() -> None:
    """Needs the version of JAX that they were made with."""
    import jax

    for name in portable_engine.shapes():
        kept = artefacts.artefact(artefacts.shape_name(load(name))).manifest
        if kept["jax"] == jax.__version__:
            assert portable_engine.emitted(name)[1]["source"] == kept["source"]


CHANGED = """
import sys, pathlib
import numpy as np
import portable_engine, portable_harness as harness
from hegemon.portable import engine
case = next(harness.cases())
harness.runtime.prepare(1)
text, manifest = portable_engine.emitted("post-soviet")
folder = pathlib.Path(sys.argv[1])
(folder / "order.c").write_text(text, "utf-8")
portable_engine.library(folder / "order.c", folder / "order.so")
made = engine.native(folder / "order.so", manifest)
mine, theirs = harness.by_c(made, case, 3, 256), harness.by_xla(case, 3, 1)
np.save(folder / "events.npy", mine)
different = int((mine != theirs).sum())
if sys.argv[2] == "page":
    portable_engine.make("post-soviet", portable_engine.ENGINES)
    different += int((harness.by_node(case, 3, 256, folder)[0] != theirs).sum())
print(different)
"""
PAGE = all(importlib.util.find_spec(name) for name in ("ziglang", "wasmtime")) and shutil.which("node") is not None


@pytest.mark.slow
@compiler
def test_a_constant_changed_in_a_mechanism_changes_the_engine_as_it_changes_python(tmp_path: Path) -> None:
    """The model's source is the mechanisms' files and nothing else: change one, make the engine again, and both tell it; so does
    the page's own script in Node, where there are Node and the compiler of pages (`pip install 'hegemon[engine]'`)."""
    events = []
    for number, to in enumerate(("0.01", "0.05")):
        work = tmp_path / str(number)
        shutil.copytree(ROOT / "src", work / "src", ignore=shutil.ignore_patterns("__pycache__", "static"))
        shutil.copytree(ROOT / "tools", work / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        file = work / "src/hegemon/mechanisms/alignment.py"
        text = file.read_text("utf-8")
        assert text.count("world.elite + 1e-3") == 1
        file.write_text(text.replace("world.elite + 1e-3", f"world.elite + {to}"), "utf-8")
        path = os.pathsep.join([*(str(work / each) for each in ("src", "tools")), os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, "-c", CHANGED, str(work), "page" if PAGE else ""]
        env = {**os.environ, "PYTHONPATH": path}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        assert done.stdout.split()[-1] == "0"
        events.append(np.load(work / "events.npy"))
    assert (events[0] != events[1]).mean() > 1e-3
    if not PAGE:
        pytest.skip("C is compared; the page is not: no Node, or no compiler (pip install 'hegemon[engine]')")


@pytest.mark.slow
def test_every_engine_gives_here_the_bits_that_it_was_shipped_with() -> None:
    pytest.importorskip("wasmtime", reason="no wasmtime: pip install wasmtime")
    from hegemon.portable.proof import proven

    found = proven()
    assert [each["engine"] for each in found] == artefacts.names()
    assert all(each["same"] for each in found)


@pytest.mark.slow
def test_replay_and_the_port_to_mesa_are_the_same_model() -> None:
    """Told the same events, worlds stay together over thirty years to what rounding adds up to."""
    pytest.importorskip("wasmtime", reason="no wasmtime: pip install wasmtime")
    pytest.importorskip("mesa", reason="the port needs mesa: pip install -e .[bench]")
    order = load("post-soviet")
    made = engine.through_wasmtime(artefacts.artefact(artefacts.shape_name(order)))
    for found in (portable_peers.replayed(made, order), portable_peers.ported(made)):
        assert 0.0 < found.gap < portable_peers.FAR, str(found)

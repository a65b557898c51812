"""The replication bundle as its user sees it: everything is in it, it is the same to the byte, and it rebuilds every number.

That results of every kind have one is tested in test_contract.py.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import tomli_w

import hegemon
from hegemon.cli.main import main
from hegemon.order import Order, load
from hegemon.scenarios.loader import builtin_names, read_scenario
from hegemon.studies import bundle, describing
from hegemon.studies.claims.result import published

TOY = Path(__file__).parents[1] / "toy.toml"
CHANGED = ["--set", "pact.vote=2.7", "--set", "unrest.spark=0.1", "--without", "learning"]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a changed order, and its bundle."""
    folder = tmp_path_factory.mktemp("shelf")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        shutil.copy(TOY, folder)
        assert main(["run", "toy.toml", "--runs", "120", "--seed", "4", *CHANGED, "--out", "r", "--json"]) == 0
        assert main(["bundle", "r", "--out", "b.zip"]) == 0
    return folder


@pytest.fixture
def here(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own with the bundle and nothing else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    shutil.copy(shelf / "b.zip", tmp_path)
    return tmp_path


def opened(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(name) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def edited(name: str, **parts: Any) -> None:
    """The bundle with other contents of its JSON files."""
    files = opened("b.zip") | {f"{key}.json": json.dumps(value).encode() for key, value in parts.items()}
    Path(name).write_bytes(bundle.zipped(files))


@pytest.mark.parametrize("name", builtin_names())
def test_a_scenario_as_toml_is_the_same_scenario(name: str) -> None:
    scenario = load(name).scenario
    assert read_scenario(tomli_w.dumps(scenario.content()), name).hash == scenario.hash


def test_everything_is_in_it(here: Path) -> None:
    files = opened("b.zip")
    made = json.loads(files["made.json"])
    assert made["question"]["seed"] == 4 and made["made"]["version"] == hegemon.__version__
    assert made["environment"]["packages"]["jax"]
    pictures = {name for name in files if name.endswith(".svg")}
    assert len(pictures) >= 7 and {name.replace(".svg", ".csv") for name in pictures} <= set(files)
    assert tomllib.loads(files["toy.toml"].decode())["title"] == "A toy order"
    assert b"pact.vote,2.7,1," in files["parameters.csv"]
    trace = files["TRACE.md"].decode()
    assert [int(n) for n in re.findall(r"^## (\d) ", trace, re.MULTILINE)] == list(range(1, 9))
    assert "`pact.vote` = 2.7" in trace and "## 7 Submodels" in files["ODD.md"].decode()


def test_no_host_and_no_folder_of_the_machine_is_in_it(here: Path, shelf: Path) -> None:
    import socket

    texts = {name: content for name, content in opened("b.zip").items() if not name.endswith((".nc", ".npz"))}
    for name, content in texts.items():
        for word in (str(here), str(shelf), sys.prefix, socket.gethostname(), str(Path.home()) + "/"):
            assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", content.decode()), (name, word)


@pytest.mark.slow
def test_made_again_it_is_the_same_to_the_byte(here: Path) -> None:
    shutil.copy(TOY, here)
    assert main(["run", "toy.toml", "--runs", "120", "--seed", "4", *CHANGED, "--out", "again", "--json"]) == 0
    assert main(["bundle", "again", "--out", "again.zip"]) == 0
    assert Path("again.zip").read_bytes() == Path("b.zip").read_bytes()


def test_the_command_of_the_readme_makes_the_same(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the unpacked folder, with nothing else at hand."""
    with zipfile.ZipFile("b.zip") as archive:
        archive.extractall("unpacked")
    monkeypatch.chdir("unpacked")
    (line,) = [
        each
        for each in re.findall(r"^hegemon (.*)$", Path("README.md").read_text("utf-8"), re.MULTILINE)
        if "--check" not in each
    ]
    assert main([*shlex.split(line), "--out", "again", "--json"]) == 0
    found = bundle.stored(hegemon.open("again"))
    hashes = json.loads(Path("hashes.json").read_text("utf-8"))
    assert {name.partition(".")[0]: bundle.fingerprint(content) for name, content in found.items()} == hashes


def test_the_script_in_it_checks_the_unpacked_folder(here: Path) -> None:
    import runpy

    with zipfile.ZipFile("b.zip") as archive:
        archive.extractall("unpacked")
    with pytest.raises(SystemExit) as ended:
        runpy.run_path("unpacked/rebuild.py")
    assert ended.value.code == 0


@pytest.mark.slow
def test_an_order_made_in_python_comes_along(toy: Order, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No file says it: the bundle does, under the name that its command gives it."""
    from hegemon.branch import changed

    order = changed(toy.with_parameters({"pact.vote": 2.7}), force=["2001Q1 ANA uprising abstain"])
    hegemon.simulate(order, runs=24, seed=2, out="r")
    hegemon.bundle("r", "mine.zip")
    files = opened("mine.zip")
    assert b"hegemon run toy.toml --set pact.vote=2.7 --runs 24 --seed 2" in files["README.md"]
    assert tomllib.loads(files["toy.toml"].decode())["force"][0]["state"] == "ANA"
    assert main(["bundle", "--check", "mine.zip"]) == 0


def test_a_changed_number_is_found(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check fails where a fingerprint is another though everything was made here."""
    edited("other.zip", hashes=json.loads(opened("b.zip")["hashes.json"]) | {"summary": "0" * 64})
    assert main(["bundle", "--check", "other.zip"]) == 1
    assert "Does not agree, though version and platform are the same: summary." in capsys.readouterr().out


def test_another_machine_needs_to_agree_only_within_chance(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Made elsewhere, by its own word: other bits hold where averages agree, and do not where they are far off."""
    files = opened("b.zip")
    made, hashes, estimates = (json.loads(files[f"{name}.json"]) for name in ("made", "hashes", "estimates"))
    made["made"]["platform"] = "a machine of another kind"
    value, error = estimates["autonomy"]
    for shift, code in ((0.5, 0), (9.0, 1)):
        moved = [[v + shift * 2**0.5 * e for v, e in zip(vs, es, strict=True)] for vs, es in zip(value, error, strict=True)]
        edited(
            "other.zip", made=made, hashes=hashes | {"summary": "0" * 64}, estimates=estimates | {"autonomy": [moved, error]}
        )
        assert main(["bundle", "--check", "other.zip"]) == code
        said = capsys.readouterr().out
        assert "Made with platform a machine of another kind; this is cpu" in said and ("Agrees" in said) == (code == 0)


def test_mistakes_are_told_in_one_sentence(here: Path, shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, content = json.loads(opened("b.zip")["made.json"]), Path("b.zip").read_bytes()
    shutil.copytree(shelf / "r", "r")
    Path("empty").mkdir()
    Path("text.zip").write_text("no zip", encoding="utf-8")
    Path("none.zip").write_bytes(bundle.zipped({"a.txt": b"a"}))
    Path("cut.zip").write_bytes(content[: len(content) // 2] + content[-22:])
    Path("broken.zip").write_bytes(bundle.zipped(opened("b.zip") | {"made.json": b"{"}))
    edited("layout.zip", made=made | {"bundle": 99})
    edited("keyless.zip", made={"bundle": bundle.FORMAT})
    edited("atlas.zip", made=made | {"study": "atlas"})
    edited("range.zip", made=made | {"question": made["question"] | {"runs": 0}})
    cases = {
        ("nowhere",): 'there is no folder "nowhere"',
        ("empty",): '"empty" holds no result of hegemon',
        ("r", "--out", "b.tar"): "A bundle's name ends in .zip.",
        ("r", "--out", "/dev/null/x.zip"): "choose another place with --out",
        ("--check", "b.zip", "--out", "x.zip"): "A check writes nothing",
        ("--check", "nowhere.zip"): "there is no",
        ("--check", "text.zip"): "is no bundle. File is not a zip file.",
        ("--check", "none.zip"): "It has no made.json",
        ("--check", "empty"): "It has no made.json",
        ("--check", "cut.zip"): "is no bundle",
        ("--check", "broken.zip"): "is damaged",
        ("--check", "layout.zip"): "This version reads bundles of layout",
        ("--check", "keyless.zip"): "is damaged. KeyError",
        ("--check", "atlas.zip"): 'no study is called "atlas"',
        ("--check", "range.zip"): "runs = 0",
    }
    for argv, sentence in cases.items():
        assert main(["bundle", *argv]) == 2, argv
        said = capsys.readouterr()
        assert sentence in said.err and said.err.count("\n") == 1 and not said.out, argv


def test_a_bundle_of_claims_has_the_parameters_of_every_order_that_the_ledger_names() -> None:
    judged = published("limited-sovereignty")
    assert judged is not None
    assert {"parameters-post-soviet.csv", "parameters-inter-american.csv", "ODD.md"} <= set(describing.orders(judged))

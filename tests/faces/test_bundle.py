"""The replication bundle as its user sees it: everything is in it, it is the same to the byte, and it rebuilds every number."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hegemon
from hegemon.bundle import toml
from hegemon.bundle.write import zipped
from hegemon.cli.main import main
from hegemon.order import Order, load, remade
from hegemon.scenarios.loader import builtin_names, read_scenario

TOY = Path(__file__).parents[1] / "toy.toml"
CHANGED = ["--set", "pact.vote=2.7", "--set", "collective_force.habit=1.3", "--without", "learning"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    (tmp_path / "toy.toml").write_text(TOY.read_text("utf-8"), encoding="utf-8")
    return tmp_path


def run(folder: str, *more: str, scenario: str = "toy.toml") -> None:
    assert main(["run", scenario, "--runs", "120", "--seed", "4", "--out", folder, "--json", *more]) == 0


def opened(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(name) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


# ---- What a result carries ----


def test_a_result_carries_what_was_changed(toy: Order) -> None:
    order = toy.with_parameters({"pact.vote": 2.7, "abstain.habit": 0.25}).without("learning", "war")
    attrs = hegemon.simulate(order, 8, 1).summary.attrs
    assert json.loads(attrs["changed"]) == {"pact.vote": 2.7, "abstain.habit": 0.25}
    again = remade(attrs)
    assert again.hash == order.hash
    assert again.off == order.off
    assert toy.changed == {}


@pytest.mark.parametrize("name", builtin_names())
def test_a_scenario_as_toml_is_the_same_scenario(name: str) -> None:
    scenario = load(name).scenario
    text = toml.text(scenario.content())
    assert read_scenario(text, name).hash == scenario.hash


def test_toml_of_awkward_values_reads_back() -> None:
    tables = {
        "a b": 'quote " and \\ and \n and é \x7f', "n": [1, 2.5, True, "x"], "empty": {}, "none": [],
        "deep": {"er": {"x": 1e-05, "list": [{"k": [{"q": 1}]}, {"k": []}]}},
    }  # fmt: skip
    assert tomllib.loads(toml.text(tables)) == tables


# ---- The bundle ----


def test_everything_is_in_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("r", *CHANGED, "--crises", "30")
    capsys.readouterr()
    assert main(["bundle", "r", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["bundle"] == "r.zip"
    files = opened("r.zip")
    assert sorted(files) == said["files"]
    assert {"README.md", "rebuild.py", "requirements.txt", "made.json", "scenario.toml", "parameters.csv", "ODD.md",
            "TRACE.md", "numbers/hashes.json", "numbers/digest.json"} <= set(files)  # fmt: skip
    made = json.loads(files["made.json"])
    assert (made["seed"], made["runs"], made["version"]) == (4, 120, hegemon.__version__)
    assert made["off"] == ["learning"]
    assert made["environment"]["packages"]["jax"]
    assert made["environment"]["python"] == ".".join(map(str, sys.version_info[:3]))
    pictures = {name for name in files if name.endswith(".svg")}
    assert len(pictures) >= 7
    assert {name.replace(".svg", ".csv") for name in pictures} <= set(files)
    assert read_scenario(files["scenario.toml"].decode(), "toy").hash == load("toy.toml").scenario.hash
    rows = {row["parameter"]: row for row in csv.DictReader(io.StringIO(files["parameters.csv"].decode()))}
    assert np.float32(rows["pact.vote"]["value"]) == np.float32(2.7)
    assert {name for name, row in rows.items() if row["changed"] == "1"} == {"pact.vote", "collective_force.habit"}
    odd, trace = files["ODD.md"].decode(), files["TRACE.md"].decode()
    assert "## 7 Submodels" in odd
    assert [int(n) for n in re.findall(r"^## (\d) ", trace, re.MULTILINE)] == list(range(1, 9))
    assert "`pact.vote`" in trace
    assert "To be completed" in trace


def test_no_host_and_no_folder_of_the_machine_is_in_it(here: Path) -> None:
    import socket

    run("r")
    assert main(["bundle", str(here / "r"), "--out", str(here / "x.zip")]) == 0
    for name, content in opened("x.zip").items():
        for word in (str(here), sys.prefix, socket.gethostname(), str(Path.home()) + "/"):
            assert word.encode() not in content, (name, word)


def test_the_same_twice_is_the_same_to_the_byte(here: Path) -> None:
    """Bundled twice, and simulated twice: times and folders leave no trace."""
    run("r")
    assert main(["bundle", "r", "--out", "one.zip"]) == 0
    assert main(["bundle", "r", "--out", "two.zip"]) == 0
    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()
    shutil.rmtree("r")
    run("r")
    assert main(["bundle", "r", "--out", "three.zip"]) == 0
    assert Path("one.zip").read_bytes() == Path("three.zip").read_bytes()


@pytest.mark.parametrize("more", [[], CHANGED, ["--crises", "30"]], ids=["as given", "changed", "few crises"])
def test_one_command_rebuilds_every_number(more: list[str], here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("r", *more)
    assert main(["bundle", "r", "--out", "b.zip"]) == 0
    shutil.rmtree("r")
    Path("toy.toml").unlink()
    capsys.readouterr()
    assert main(["bundle", "--check", "b.zip"]) == 0
    assert re.search(r"all \d+ arrays and tables are the same to the bit", capsys.readouterr().out)
    assert main(["bundle", "--check", "b.zip", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["equal"] and said["holds"] and said["same"] > 60 and not said["different"]


def test_the_command_of_the_readme_simulates_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("r", *CHANGED, "--crises", "30")
    capsys.readouterr()
    assert main(["bundle", "r", "--out", "b.zip"]) == 0
    with zipfile.ZipFile("b.zip") as archive:
        archive.extract("scenario.toml")
        readme = archive.read("README.md").decode()
    command = re.search(r"^hegemon (run scenario\.toml .*)$", readme, re.MULTILINE)
    assert command
    assert main([*command[1].split(), "--out", "again"]) == 0
    one, other = hegemon.open("r").summary, hegemon.open("again").summary
    assert [one.attrs[k] for k in ("scenario_hash", "crises")] == [other.attrs[k] for k in ("scenario_hash", "crises")]
    for name in one.data_vars:
        np.testing.assert_array_equal(one[name].values, other[name].values)


def test_the_script_in_it_checks_the_unpacked_folder(here: Path) -> None:
    run("r")
    assert main(["bundle", "r", "--out", "b.zip"]) == 0
    with zipfile.ZipFile("b.zip") as archive:
        archive.extractall("unpacked")
    done = subprocess.run([sys.executable, "unpacked/rebuild.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "the same to the bit" in done.stdout


def test_the_record_and_the_posterior_come_along(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario that follows the record and starts from a posterior: both are named by their fingerprints."""
    assert main(["run", "kazakhstan-alone", "--runs", "24", "--out", "r", "--json"]) == 0
    assert main(["bundle", "r", "--out", "b.zip"]) == 0
    files = opened("b.zip")
    made = json.loads(files["made.json"])
    assert made["posterior"]["name"] == "post-soviet"
    assert files["posterior.npz"].startswith(b"PK")
    assert len(made["built_in"]["record post-soviet"]) == 64
    assert "2022Q1, KAZ: uprising, unilateral_force" in files["TRACE.md"].decode()
    capsys.readouterr()
    assert main(["bundle", "--check", "b.zip"]) == 0


# ---- Changed by somebody ----


def test_a_changed_number_is_found(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check fails where a fingerprint is another though everything was made here."""
    run("r")
    assert main(["bundle", "r", "--out", "b.zip"]) == 0
    hashes = json.loads(opened("b.zip")["numbers/hashes.json"])
    hashes["autonomy_mean"] = "0" * 64
    files = opened("b.zip") | {"numbers/hashes.json": json.dumps(hashes).encode()}
    Path("other.zip").write_bytes(zipped(files))
    capsys.readouterr()
    assert main(["bundle", "--check", "other.zip"]) == 1
    assert "Does not agree, though version and platform are the same: autonomy_mean." in capsys.readouterr().out


def test_another_machine_needs_to_agree_only_within_luck(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Made elsewhere, by its own word: other bits hold where means agree, and do not where they are far off."""
    from hegemon.bundle.numbers import loaded, stored

    run("r")
    assert main(["bundle", "r", "--out", "b.zip"]) == 0
    files = opened("b.zip")
    made = json.loads(files["made.json"]) | {"platform": "a machine of another kind"}
    hashes = json.loads(files["numbers/hashes.json"]) | {"autonomy_mean": "0" * 64}
    mean, sd = (loaded(files[f"numbers/autonomy_{what}.npy"]) for what in ("mean", "sd"))
    for shift, code in ((0.5, 0), (9.0, 1)):
        other = stored(mean + shift * sd * np.sqrt(2.0 / 120))
        edited = {"made.json": json.dumps(made).encode(), "numbers/hashes.json": json.dumps(hashes).encode()}
        Path("other.zip").write_bytes(zipped({**files, **edited, "numbers/autonomy_mean.npy": other}))
        capsys.readouterr()
        assert main(["bundle", "--check", "other.zip"]) == code
        said = capsys.readouterr().out
        assert "Made with platform a machine of another kind; this is cpu" in said
        assert ("Agrees" in said) == (code == 0)


def told(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence with which a mistake is told."""
    capsys.readouterr()
    assert main(argv) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    return said.err


def test_mistakes_are_told_in_one_sentence(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("r")
    assert main(["bundle", "r", "--out", "b.zip"]) == 0
    Path("empty").mkdir()
    Path("text.zip").write_text("no zip", encoding="utf-8")
    Path("none.zip").write_bytes(zipped({"a.txt": b"a"}))
    files = opened("b.zip")
    Path("cut.zip").write_bytes(zipfile_cut(Path("b.zip")))
    made = json.loads(files["made.json"])

    def edited(name: str, **parts: bytes) -> None:
        Path(name).write_bytes(zipped({**files, **{k.replace("_json", ".json").replace("_csv", ".csv"): v
                                                   for k, v in parts.items()}}))  # fmt: skip

    edited("layout.zip", made_json=json.dumps({**made, "bundle": 99}).encode())
    edited("damaged.zip", made_json=b"{")
    edited("keyless.zip", made_json=json.dumps({"bundle": 1}).encode())
    edited("range.zip", parameters_csv=files["parameters.csv"].replace(b"\npact.hope,1.0,", b"\npact.hope,2.0,"))
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
        ("--check", "layout.zip"): "This version reads bundles of layout 1.",
        ("--check", "damaged.zip"): "made.json of the bundle is damaged",
        ("--check", "keyless.zip"): "is damaged. KeyError",
        ("--check", "range.zip"): "somebody changed a file",
    }
    for argv, sentence in cases.items():
        assert sentence in told(["bundle", *argv], capsys), argv


def zipfile_cut(path: Path) -> bytes:
    """A zip of which the middle is lost."""
    content = path.read_bytes()
    return content[: len(content) // 2] + content[-22:]


def test_a_result_that_does_not_say_how_it_was_made_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a version without a note of changed parameters wrote it."""
    run("r", "--set", "pact.vote=2.7")
    _forget(Path("r/summary"))
    assert "cannot be rebuilt from what it says of itself" in told(["bundle", "r"], capsys)


def _forget(store: Path) -> None:
    import zarr

    group: Any = zarr.open_group(store, mode="r+")
    del group.attrs["changed"]

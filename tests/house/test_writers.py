"""Whatever writes stands in the table of faults (`tests/studies/faulty.py`): no new command and no new option is forgotten."""

from __future__ import annotations

import inspect
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from hegemon import studies
from hegemon.cli import main as cli

sys.path.insert(0, str(Path(__file__).parents[1] / "studies"))

from faulty import COINS, KINDS, NEEDS, OTHERS, TOY

READ = {
    "ledger": ["regularities"],
    "doctor": ["--json"],
    "scenario list": [],
    "scenario show": ["toy.toml"],
    "scenario check": ["toy.toml"],
    "scenario schema": [],
    "data list": [],
    "data codebook": [],
    "data check": ["crises.csv"],
    "data agreement": ["votes.csv", "--states", "USA,CUB"],
    "data orientation": [],
    "world show": ["FRA", "CIV", "1961", "--pack", "pack"],
}
"""Commands that write nothing, each with words that let it do what it does."""

TO_READ = {
    "doctor result", "report results", "export result", "bundle result", "publish found", "publish --results", "seal forecast",
    "try file", "overview --pack",
}  # fmt: skip
"""Paths that commands read from; every other one they write to."""

ROWS = (COINS, *KINDS, *OTHERS)


def commands(of: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command by its words, those of groups too."""
    if not hasattr(of, "list_commands"):
        yield " ".join(path), of
        return
    within = typer.Context(of)
    for name in of.list_commands(within):
        yield from commands(of.resolve_command(within, [name])[1], (*path, name))


ALL = dict(commands(typer.main.get_command(cli.app)))


def written(name: str) -> set[str]:
    """The places that a command can be told to write to: options, and arguments by their names."""
    found = {each.name: each.opts[0] for each in ALL[name].params}
    paths = {found[key] for key, each in inspect.signature(ALL[name].callback, eval_str=True).parameters.items()
             if "Path" in str(each.annotation)}  # fmt: skip
    return {each for each in paths if f"{name} {each}" not in TO_READ}


def told(name: str) -> list[tuple[str, ...]]:
    """Words of the table's rows of a command."""
    return [row.words for row in ROWS if row.words[: len(name.split())] == tuple(name.split())]


@pytest.mark.parametrize("name", [name for name in ALL if name not in READ])
def test_a_command_stands_in_the_table_with_every_place_that_it_writes_to(name: str) -> None:
    rows = told(name)
    assert rows, f"{name}: no row in tests/studies/faulty.py; if it writes nothing, name it in READ"
    if name in {each.name for each in studies.STUDIES}:
        rows += told("coin")  # a study's common options are one function's
    places = {place for place in written(name) if place.startswith("--")}
    assert places <= {word for words in rows for word in words}


@pytest.mark.parametrize("name", READ)
def test_a_command_that_only_reads_leaves_everything_as_it_was(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not told(name) and not written(name)
    monkeypatch.chdir(tmp_path)
    shutil.copy(TOY, "toy.toml")
    Path("votes.csv").write_text("rcid,session,iso3,vote\n1,50,USA,1\n1,50,CUB,3\n", "utf-8")
    assert cli.main(["data", "show", "crises", "--out", "crises.csv"]) == 0
    if "--pack" in READ[name]:
        NEEDS["a pack"](tmp_path)
    before = {file: file.read_bytes() for file in sorted(Path().rglob("*")) if file.is_file()}
    capsys.readouterr()
    assert cli.main([*name.split(), *READ[name]]) == 0
    assert capsys.readouterr().out
    assert {file: file.read_bytes() for file in sorted(Path().rglob("*")) if file.is_file()} == before

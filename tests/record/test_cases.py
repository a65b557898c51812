"""Every situation that was reported from the field is a test, by its name: where it stands, and the few that stand here."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from hegemon.cli.main import main

TESTS = Path(__file__).parents[1]
CASES = {
    "damaged-complete-result": "record/test_cases.py::test_damaged_complete_result",
    "dataverse-year-is-session": "record/test_field.py::test_votes_of_the_field",
    "ideal-points-2025": "record/test_field.py::test_ideal_points_of_july_2025",
    "lowest-versions": "record/test_cases.py::test_lowest_versions",
    "out-not-writable": "studies/test_faults.py::test_a_place_that_cannot_be_written_to_is_told_at_once",
    "trade-two-germanies": "record/test_field.py::test_germany_trades_once_a_year",
    "two-runs-one-folder": "studies/test_faults.py::test_of_two_at_once_one_makes_it_and_the_other_takes_it_or_says_who_writes",
    "un-library-votes": "record/test_field.py::test_votes_of_the_field",
    "votes-date-day-first": "record/test_field.py::test_votes_of_the_field",
    "votes-date-two-digit": "record/test_field.py::test_votes_of_the_field",
    "votes-date-zones": "record/test_field.py::test_votes_of_the_field",
    "votes-empty-cell": "record/test_field.py::test_an_empty_vote_is_told_with_what_to_do",
    "votes-semicolons": "record/test_field.py::test_votes_of_the_field",
}
"""By the name of a situation, the test that holds it."""


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_its_test(case: str) -> None:
    file, _, name = CASES[case].partition("::")
    text = (TESTS / file).read_text("utf-8")
    assert re.search(rf"^def {name}\(", text, re.MULTILINE)
    if name == "test_votes_of_the_field":
        assert f'("{case}.csv"' in text


def test_damaged_complete_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A finished run that lost any part of itself is told by every command, with the folder, what is gone and what to do."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(TESTS / "toy.toml", "toy.toml")
    asked = ["run", "toy.toml", "-n", "64"]
    assert main([*asked, "--out", "r"]) == 0
    lost = [path.relative_to("r").as_posix() for path in Path("r").rglob("*") if path.name not in ("report.html", ".lock")]
    assert {"summary.nc", "events", "manifest.json"} <= set(lost)
    capsys.readouterr()
    for gone in lost:
        shutil.copytree("r", "x")
        shutil.rmtree(f"x/{gone}") if Path(f"x/{gone}").is_dir() else Path(f"x/{gone}").unlink()
        for words in ([*asked, "--out", "x"], ["report", "x"], ["bundle", "x", "--out", "x.zip"], ["doctor", "x"]):
            code, said = main(words), capsys.readouterr().err
            assert code == 2 and said.count("\n") == 1 and re.search(r"\bx\b", said), (gone, words, said)
        shutil.rmtree("x")
        assert not Path("x.zip").exists()


def test_lowest_versions() -> None:
    """What was found not to work (equinox 0.11.10 or 0.12.0 with JAX 0.6, xarray 2024.10 with zarr 3.0.0) is not allowed; a lane
    of CI tries the lowest that are."""
    project = tomllib.loads((TESTS.parent / "pyproject.toml").read_text("utf-8"))["project"]
    allowed = {one.name: one.specifier for one in map(Requirement, project["dependencies"])}
    for name, version in (("equinox", "0.11.10"), ("xarray", "2024.10"), ("zarr", "3.0.0")):
        assert version not in allowed[name]
    assert "a run, its report, a calibration" in (TESTS.parent / ".ci" / "lowest").read_text("utf-8")


@pytest.mark.parametrize(
    "variables",
    [{"HEGEMON_CACHE": "/proc/nope"}, {"HEGEMON_CACHE": __file__}, {"HEGEMON_CACHE": "", "XDG_CACHE_HOME": "/proc"}],
)
def test_doctor_says_that_the_cache_cannot_be_written(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main(["doctor"]) == 0
    assert "NOT WRITABLE" in capsys.readouterr().out

"""The command line as its user sees it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.instruments import NAMES

RUN = ["run", "post-soviet", "--runs", "60", "--seed", "2"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_run_says_what_came_out_beside_the_record_and_writes_the_page(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Crises, instruments by decade and neighbours at three dates; the page lies where the last line says."""
    assert main(RUN) == 0
    said = capsys.readouterr().out
    for words in ("Crises per history", "record", "Unilateral force", "1992-2001", "2010Q1", "Kazakhstan", "seed 2"):
        assert words in said
    page = here / said.strip().rsplit("Report: ", 1)[1]
    assert page.is_file()
    assert "Kazakhstan" in page.read_text("utf-8")


def test_json_is_one_document_and_nothing_else(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shares add up to one in every decade, the record's beside the model's; the seed is the one asked for."""
    assert main([*RUN, "--json", "--out", "r"]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert found["question"]["seed"] == 2
    assert found["numbers"]["crises"]["uprising"]["record"] == 22
    for decade in found["numbers"]["instruments"].values():
        assert sum(row["model"] for row in decade.values()) == pytest.approx(1.0, abs=0.01)
        assert sum(row["record"] for row in decade.values()) == pytest.approx(1.0, abs=0.01)
    assert Path(found["report"]).is_file()


@pytest.mark.slow
def test_a_changed_parameter_and_a_missing_mechanism_change_what_comes_out(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the pact no collective force; with its consent made certain, more than by default."""

    def share(*more: str) -> float:
        assert main([*RUN, "--json", *more]) == 0
        decades = json.loads(capsys.readouterr().out)["numbers"]["instruments"].values()
        return sum(rows["collective_force"]["model"] for rows in decades)

    assert share("--without", "pact") == 0.0
    assert share("--set", "pact.vote=8", "--set", "collective_force.habit=6") > share()


@pytest.mark.slow
def test_what_is_forced_happens_in_every_history(here: Path) -> None:
    """kazakhstan-alone: record to 2021, then unilateral force in Kazakhstan in the first quarter of 2022."""
    assert main(["run", "kazakhstan-alone", "--runs", "40", "--out", "r"]) == 0
    events = hegemon.open(here / "r").events
    there = events[(events["quarter"] == "2022Q1") & (events["state"] == "KAZ")]
    assert len(there) == 40
    assert set(there["kind"]) == {"uprising"}
    assert set(there["instrument"]) == {"unilateral_force"}
    told = events[events["quarter"].astype(str) < "2022Q1"]
    assert (told.groupby("run").size() == 73).all(), "the record's crises before 2022, in every history"


@pytest.mark.slow
def test_report_writes_every_figure_with_its_numbers(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SVG with CSV beside it, listed; the page again where it is asked for."""
    assert main([*RUN, "--out", "r"]) == 0
    capsys.readouterr()
    assert main(["report", "r", "--format", "svg"]) == 0
    files = [Path(line) for line in capsys.readouterr().out.split()]
    assert len(files) >= 8
    for file in files:
        assert file.suffix in (".svg", ".csv")
        assert file.is_file()
    assert main(["report", "r", "--out", "elsewhere", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == ["elsewhere/report.html"]


def test_doctor_says_what_is_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["history"] == 74
    assert "post-soviet" in found["scenarios"]
    assert found["devices"]
    assert all(found["packages"].values())
    assert main(["doctor"]) == 0
    assert "cache" in capsys.readouterr().out


def test_a_version_and_a_help_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"hegemon {hegemon.__version__}"
    assert main(["run", "--help"]) == 0
    said = capsys.readouterr().out
    for option in ("--runs", "--seed", "--set", "--without", "--out", "--keep", "--json"):
        assert option in said
    assert len(NAMES) == 9


@pytest.mark.parametrize(("option", "value", "must"), [("-n", "x", "a whole number"), ("--seed", "1.5", "a whole number")])
def test_a_value_that_is_no_number_is_named(option: str, value: str, must: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "post-soviet", option, value]) == 2
    assert f'"{value}". It must be {must}. See `hegemon run --help`.' in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-8"])
def test_a_terminal_that_has_not_every_letter_is_told_all_the_same(
    encoding: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it has not is spelt out; JSON stays JSON."""
    asks = "What of \u03a9 \u2013 and of \u00f6?"
    (here / "mine.toml").write_text(f'extends = "post-soviet"\nquestion = "{asks}"\n', "utf-8")
    printed = []
    for words in (["scenario", "show", "mine.toml"], ["scenario", "show", "mine.toml", "--json"]):
        terminal = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr("sys.stdout", terminal)
        assert main(words) == 0
        printed.append(terminal.buffer.getvalue().decode(encoding))
    assert asks.encode(encoding, "backslashreplace").decode(encoding) in printed[0]
    assert json.loads(printed[1])["scenario"]["question"] == asks


def test_a_library_that_cannot_be_loaded_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where memory is short, the system maps no library; a fault of hegemon's own is none of the machine's."""

    def lost(name: str) -> None:
        raise ImportError("libjax_common.so: failed to map segment\nfrom shared object", name=name)

    monkeypatch.setattr("hegemon.cli.doctor.examine", lambda: lost("jaxlib"))
    assert main(["doctor"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("A library cannot be loaded: libjax_common.so: failed to map segment from shared object. Close")
    assert said.count("\n") == 1
    monkeypatch.setattr("hegemon.cli.doctor.examine", lambda: lost("hegemon.cli"))
    with pytest.raises(ImportError):
        main(["doctor"])


def test_a_link_to_nowhere_is_told_for_what_it_is(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "mine.toml").symlink_to("theirs.toml")
    assert main(["scenario", "check", "mine.toml"]) == 2
    assert 'It is a link to "theirs.toml", which is not there.' in capsys.readouterr().err

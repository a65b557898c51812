"""The house itself: every number has a home, every mechanism a claim and a source, no file sprawls."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

import pytest

import hegemon
from hegemon.cli.output import print_json, say
from hegemon.errors import Failure, UserError, shown
from hegemon.instruments import INSTRUMENTS, KINDS, Effects
from hegemon.mechanisms import BY_NAME, MECHANISMS, PRIORS, Mechanism
from hegemon.pages.document import Document, Section
from hegemon.pages.figure import Table
from hegemon.pages.terminal import plain, show
from hegemon.parameters import priors

SOURCE = Path(hegemon.__file__).parent
CLAIMS = {f"C{n}" for n in range(1, 17)}


@pytest.mark.parametrize("name", PRIORS)
def test_every_parameter_has_a_unit_a_source_and_a_proper_prior_or_is_fixed(name: str) -> None:
    prior = PRIORS[name]
    assert prior.unit
    assert prior.source
    assert prior.low <= prior.mean <= prior.high
    assert prior.sd > 0 or prior.source.startswith("fixed: ")


def test_the_sixteen_systems_are_there_each_in_its_file() -> None:
    """Systems 1 to 16 of the theory, and disputes, which the record needs."""
    assert sorted(m.system for m in MECHANISMS) == list(range(1, 18))
    for name in BY_NAME:
        assert (SOURCE / "mechanisms" / f"{name}.py").is_file()


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_every_mechanism_says_what_it_is_and_where_it_comes_from(mechanism: Mechanism) -> None:
    """Title, claims, literature with a year, a parameter that somebody can change, and some contribution."""
    module = sys.modules[mechanism.params.__module__]
    text = inspect.getdoc(module) or ""
    assert mechanism.title
    assert set(mechanism.claims) <= CLAIMS
    assert mechanism.claims
    assert all(claim in text for claim in mechanism.claims), "the docstring names the claims"
    assert re.search(r"(19|20)\d\d", text), "the docstring cites a source with its year"
    assert list(priors(mechanism.params))


def test_every_claim_of_the_theory_has_a_mechanism() -> None:
    assert {claim for m in MECHANISMS for claim in m.claims} == CLAIMS


def test_an_instrument_is_a_row_of_effects_for_known_kinds() -> None:
    assert len(INSTRUMENTS) == 9
    for instrument in INSTRUMENTS:
        assert isinstance(instrument.effects, Effects)
        assert set(instrument.kinds) <= set(KINDS)
        assert instrument.what


def test_no_source_file_sprawls() -> None:
    """One idea a file: at most 400 lines."""
    long = {f.name: n for f in SOURCE.rglob("*.py") if (n := f.read_text("utf-8").count("\n")) > 400}
    assert not long


FOLDERS = "/(Users|home|opt|root|work|tmp|mnt|srv)/[A-Za-z0-9_.-]+"
INDEX = r"(py(thonhosted|pi)|npmjs|anaconda|debian|ubuntu)\.(org|com)"
ELSEWHERE = {
    "a folder of somebody's machine": f"(^|[^A-Za-z0-9_.:/>~)-]){FOLDERS}",
    "the host of a package index": INDEX,
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_nothing_that_is_tracked_names(what: str) -> None:
    """Paths are relative and packages come from the index a user has: nobody else has our folders or mirrors."""
    import subprocess

    root = SOURCE.parents[1]
    if not (root / ".git").exists():
        pytest.skip("not in a checkout")
    here = ":(exclude)tests/house/test_house.py"
    found = subprocess.run(
        ["git", "grep", "-nIE", ELSEWHERE[what], "--", ".", here], cwd=root, capture_output=True, text=True, check=False
    )
    assert found.returncode in (0, 1), found.stderr
    assert found.stdout == ""


def test_help_imports_nothing_heavy() -> None:
    """What the command line imports to say its help has no JAX, pandas or altair in it."""
    import subprocess

    code = "import sys, hegemon.cli.main; print([m for m in ('jax', 'pandas', 'altair', 'xarray') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


PRINTS = {"cli/output.py", "cli/main.py", "pages/terminal.py"}
"""Who may write to a terminal: `say`, `print_json`, the end of a command, documents."""


def test_whatever_is_printed_goes_through_one_function() -> None:
    """Text from files, folders and variables may hold what a terminal obeys; `errors.printable` spells it out."""
    printed = re.compile(r"(?<![\w.])print\(|typer\.(echo|secho)\(|std(out|err)\.write\(|[^.\w]Text\(")
    found = {file.relative_to(SOURCE).as_posix() for file in SOURCE.rglob("*.py")
             if any(printed.search(line) for line in file.read_text("utf-8").splitlines() if '"""' not in line)}  # fmt: skip
    assert found <= PRINTS
    harmful = "\x1b[31m\0\u202e\x9b\udcff"
    for said in (str(UserError(harmful)), Failure(harmful).sentence, shown(harmful), shown([harmful]), plain(harmful).plain):
        assert said.isprintable()


def test_what_a_terminal_would_obey_is_spelt_out_in_tables_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    harmful = {"name": "\x1b[31m\x9b\u202e\udcff", "fine": "Türkiye\n"}
    say(harmful["name"])
    print_json(harmful)
    table = Table([harmful["name"]], [[harmful["name"]]])
    show(Document("", harmful["name"], "", "", sections=[Section("", [table], "")]))
    said = capsys.readouterr().out
    assert said.replace("\n", "").isprintable() and "\\x1b[31m" in said and "\\u001b[31m" in said

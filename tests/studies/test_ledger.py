"""Claims as their user meets them: files, command line, page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bad_claims import COMMANDS, FEAR, FILES, ledger

import hegemon
from hegemon.cli.main import main
from hegemon.ledgers import builtin_ledgers, load_ledger
from hegemon.ledgers.words import exactly
from hegemon.studies.claims.result import Claims
from hegemon.studies.folder import FINISHED

TOY = Path(__file__).parents[1] / "toy.toml"

SMALL = """\
format   = 1
title    = "Toy claims"
question = "Does the ledger work?"
scenario = "toy.toml"
runs     = 8

[[claim]]
id         = "T1"
claim      = "Rivals shelter who wants to leave."
why        = "Without rivals nobody can."
mechanisms = ["rivals", "regard"]
estimand   = [{ what = "Cyd's shelter", measure = "shelter", who = "CYD", b = { without = ["rivals"] }, sign = "positive" }]
fact       = [{ date = "2006-01-01", says = "Cyd accedes.", speaks = "for", source = "invented" }]

[[claim]]
id       = "T2"
claim    = "The pact calms <and> & so on."
why      = "Just asked."
estimand = [{ what = "Fear", measure = "fear", b = { without = ["pact"] }, sign = "negative" }]
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a ledger about the toy order, and one about the post-Soviet order."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    (tmp_path / "toy.toml").write_text(TOY.read_text("utf-8"), encoding="utf-8")
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(ledger(*FEAR), encoding="utf-8")
    return tmp_path


def told(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command line."""
    code = main(argv)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("case", FILES)
def test_a_bad_ledger_is_told_in_one_sentence(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Claim, key, line and remedy; before anything is simulated."""
    text, sentence = FILES[case]
    (here / "mine.toml").write_text(text, encoding="utf-8")
    code, out, err = told(["ledger", "mine.toml"], capsys)
    assert sentence in err
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert err.count("\n") == 1, "one sentence on one line"


@pytest.mark.parametrize("case", COMMANDS)
def test_a_bad_command_is_told_in_one_sentence(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv, sentence = COMMANDS[case]
    code, out, err = told(argv, capsys)
    assert sentence in err
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_the_built_in_ledgers_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Sixteen claims of the essay, and at least six regularities, each with its source."""
    assert set(builtin_ledgers()) == {"limited-sovereignty", "regularities"}
    code, out, _ = told(["ledger", "--json"], capsys)
    assert code == 0
    assert [row["id"] for row in json.loads(out)["claims"]] == [f"C{n}" for n in range(1, 17)]
    known = load_ledger("regularities")
    assert len(known.claim) >= 6
    assert all(claim.source for claim in known.claim)


def test_every_mechanism_that_names_a_claim_is_switched_off_for_it_or_is_its_contrast() -> None:
    """What the code says a mechanism is for, and what the ledger tests it for, are the same list."""
    from hegemon.mechanisms import MECHANISMS

    for claim in load_ledger().claim:
        contrasted = {name for e in claim.estimand for side in (e.a, e.b) if side for name in side.without or ()}
        tested = set(claim.mechanisms or ()) | contrasted
        assert {m.name for m in MECHANISMS if claim.id in m.claims} <= tested, claim.id


def test_estimands_in_words_name_what_is_computed() -> None:
    """Made from the keys: neighbours by name, dates, sides."""
    book = load_ledger()
    said = {claim.id: [exactly(e, book.base.scenario) for e in claim.estimand] for claim in book.claim}
    assert said["C4"][0] == (
        "Mean legitimacy over all neighbours, mean of 2022Q1 to 2022Q4: a less b. Both: history followed to 2021Q4, to 2026Q1. "
        "a: Kazakhstan 2022Q1: uprising answered with collective force for the incumbents. b: Kazakhstan 2022Q1: "
        "uprising answered with unilateral force for the incumbents."
    )
    assert said["C8"][0].startswith("Share, among uprisings, of those that the incumbents survived: a less b.")
    assert "of those by an act against the incumbents" in said["C7"][1]
    assert "less the same among crises with distance beyond the red line of 0 to 0 before" in said["C7"][1]
    assert all(text.endswith(".") and "None" not in text for texts in said.values() for text in texts)


def test_judging_says_verdicts_and_what_they_hang_on(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON is one document; the terminal has every claim and estimand; page and Markdown hold the same verdicts."""
    command = ["claims", "small.toml", "--draws", "20", "--page", "docs/ledger.md", "--out", "kept"]
    code, out, err = told([*command, "--json"], capsys)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["made"]["histories"] > 0
    assert found["made"]["parameters"] == "prior", "the toy order has no posterior"
    first, second = found["numbers"]["claims"]
    assert (first["claim"], first["verdict"], first["needs"]) == ("T1", "supported", "rivals")
    effects = {(row["claim"], row["under"]): row["effect"] for row in found["numbers"]["estimates"]}
    assert effects["T1", "without rivals"] == 0.0 < effects["T1", "posterior"]

    code, out, _ = told(command, capsys)
    assert code == 0
    assert "Cyd's shelter" in out and "T2: The pact calms <and> & so on." in out
    markdown, html = (here / "docs" / "ledger.md").read_text("utf-8"), (here / "kept" / "report.html").read_text("utf-8")
    for row in (first, second):
        assert f"## {row['claim']}: {row['verdict']}" in markdown
        assert f"<h2>{row['claim']}: {row['verdict']}" in html
    assert "&lt;and&gt; &amp; so on" in html
    assert "<script" not in html and "http-equiv" in html
    assert not re.search(r'(?:src|href)="(?!#)', html), "asks nothing of any network"
    for name in re.findall(r"\]\((img/[^)]+)\)", markdown):
        assert (here / "docs" / name).read_text("utf-8").startswith("<svg")


def test_an_opened_judgement_is_the_judgement(here: Path) -> None:
    """Without ledger and scenario at hand: the question holds them, and a number that was not defined stays so."""
    never = SMALL.replace('measure = "fear", b = { without = ["pact"] }', 'measure = "fear", of = { from = "2005Q4" }, after = 4')
    (here / "small.toml").write_text(never, encoding="utf-8")
    found = hegemon.claims("small.toml", draws=20, out="kept")
    for name in ("small.toml", "toy.toml"):
        (here / name).unlink()
    again = hegemon.open("kept")
    assert isinstance(again, Claims)
    assert again.document().plain() == found.document().plain()
    assert [j.summary() for j in again.judged] == [j.summary() for j in found.judged]
    assert again["T1"].verdict == "supported"
    assert again["T2"].summary()["probability"] is None


def stopped(after: str, kept: Path) -> None:
    """A judgement of small.toml that is stopped when a claim is finished."""

    def stop(done: int, total: int) -> None:
        if (kept / FINISHED / f"{after}.json").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hegemon.claims("small.toml", draws=20, out=kept, progress=stop)


def test_a_judgement_stopped_between_claims_keeps_the_finished_ones(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the second claim is simulated: the first is read, only the second is simulated again."""
    kept = here / "kept"
    stopped("T1", kept)
    assert [file.name for file in (kept / FINISHED).glob("*.json")] == ["T1.json"]
    with monkeypatch.context() as patch:
        patch.setattr("hegemon.studies.claims.twins.twin", lambda *_: pytest.fail("a twin that is kept is learned again"))
        rest = hegemon.claims("small.toml", draws=20, out=kept)
    whole = hegemon.claims("small.toml", draws=20)
    assert 0 < rest.made["histories"] < whole.made["histories"]
    assert [j.summary() for j in rest.judged] == [j.summary() for j in whole.judged]
    assert not (kept / FINISHED).exists(), "the result holds them"


def test_a_damaged_or_foreign_claim_is_judged_anew(here: Path) -> None:
    """What was finished on another device, or is cut off, is not read."""
    whole = hegemon.claims("small.toml", draws=20)
    for n, harm in enumerate((lambda text: text[:-9], lambda text: text.replace('"platform": "', '"platform": "another '))):
        kept = here / f"kept{n}"
        stopped("T1", kept)
        file = kept / FINISHED / "T1.json"
        file.write_text(harm(file.read_text("utf-8")), encoding="utf-8")
        assert hegemon.claims("small.toml", draws=20, out=kept).made["histories"] == whole.made["histories"]


def test_another_seed_number_or_claim_is_another_question(here: Path) -> None:
    """Each has a folder of its own; so has a ledger or a scenario that has changed."""
    from hegemon.studies.claims.question import ClaimsQuestion

    def key(**options: object) -> str:
        return ClaimsQuestion.of({"ledger": "small.toml", **options}).key()

    keys = [key(), key(draws=21), key(runs=6), key(seed=5), key(only=["T1"]), key(quick=True), key(ledger="mine.toml")]
    for file, old, new in (("small.toml", '"CYD"', '"BOB"'), ("toy.toml", "A toy order", "Another order")):
        changed = (here / file).read_text("utf-8").replace(old, new)
        (here / file).write_text(changed, encoding="utf-8")
        keys.append(key())
    assert len(set(keys)) == len(keys)
    assert key() == ClaimsQuestion.of(ClaimsQuestion.of_ledger(load_ledger("small.toml"))).key(), "from Python the same"

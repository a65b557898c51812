"""Claims as their user meets them: files, command line, page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bad_claims import COMMANDS, FEAR, FILES, ledger

from hegemon.claims import builtin_ledgers, load_claims
from hegemon.claims.words import exactly
from hegemon.cli.main import main

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
    code, out, err = told(["claims", "mine.toml", "--list"], capsys)
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
    code, out, _ = told(["claims", "--list", "--json"], capsys)
    assert code == 0
    assert [row["id"] for row in json.loads(out)["claims"]] == [f"C{n}" for n in range(1, 17)]
    known = load_claims("regularities")
    assert len(known.claim) >= 6
    assert all(claim.source for claim in known.claim)


def test_every_mechanism_that_names_a_claim_is_switched_off_for_it_or_is_its_contrast() -> None:
    """What the code says a mechanism is for, and what the ledger tests it for, are the same list."""
    from hegemon.mechanisms import MECHANISMS

    for claim in load_claims().claim:
        contrasted = {name for e in claim.estimand for side in (e.a, e.b) if side for name in side.without or ()}
        tested = set(claim.mechanisms or ()) | contrasted
        assert {m.name for m in MECHANISMS if claim.id in m.claims} <= tested, claim.id


def test_estimands_in_words_name_what_is_computed() -> None:
    """Made from the keys: neighbours by name, dates, sides."""
    book = load_claims()
    said = {claim.id: [exactly(e, book.base.scenario) for e in claim.estimand] for claim in book.claim}
    assert said["C4"][0] == (
        "Mean legitimacy over all neighbours, mean of 2022Q1 to 2022Q4: a less b. Both: history followed to 2021Q4, to 2026Q1. "
        "a: Kazakhstan 2022Q1: uprising answered with collective force. b: Kazakhstan 2022Q1: uprising answered with "
        "unilateral force."
    )
    assert said["C8"][0].startswith("Share, among uprisings, of those that the incumbents survived: a less b.")
    assert "less the same among crises with distance beyond the red line of 0 to 0 before" in said["C7"][1]
    assert all(text.endswith(".") and "None" not in text for texts in said.values() for text in texts)


def test_judging_prints_a_table_writes_the_page_and_goes_on_where_it_was_left(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON is one document; judged claims are read again instead of simulated; both pages hold the same verdicts."""
    command = ["claims", "small.toml", "--draws", "20", "--page", "docs/ledger.md"]
    code, out, err = told([*command, "--json"], capsys)
    assert (code, err) == (0, "")
    first = json.loads(out)
    assert first["made"]["histories"] > 0
    assert first["made"]["parameters"] == "prior", "the toy order has no posterior"
    verdicts = {row["id"]: row["verdict"] for row in first["claims"]}
    assert verdicts["T1"] == "supported"
    assert first["claims"][0]["without"]["rivals"]["estimands"][0]["effect"] == 0.0
    assert first["claims"][0]["needs"] == ["rivals"]

    code, out, _ = told([*command, "--json"], capsys)
    again = json.loads(out)
    assert again["made"]["histories"] == 0
    assert again["claims"] == first["claims"]

    code, out, _ = told([*command, "--only", "T1"], capsys)
    assert code == 0
    assert "Cyd's shelter" in out
    assert "Ledger: results/claims/small/ledger.html" in out

    told(command, capsys)
    markdown = (here / "docs" / "ledger.md").read_text("utf-8")
    html = (here / "results" / "claims" / "small" / "ledger.html").read_text("utf-8")
    for claim, verdict in verdicts.items():
        assert f"## {claim}: {verdict}" in markdown
        assert re.search(rf"<h2>{claim}<span[^>]*>{verdict}</span>", html)
    assert "&lt;and&gt; &amp; so on" in html
    assert "<script" not in html and "http-equiv" in html
    assert not re.search(r'(?:src|href)="(?!#)', html), "asks nothing of any network"
    for name in re.findall(r"\]\((img/[^)]+)\)", markdown):
        assert (here / "docs" / name).read_text("utf-8").startswith("<svg")


def test_a_judgement_stopped_between_claims_keeps_the_finished_ones(here: Path) -> None:
    """Ctrl-C while the second claim is simulated: the first is read, only the second is simulated again."""
    from hegemon.experiments.claims.judge import judge

    book = load_claims("small.toml")
    kept = here / "kept"

    def stop(done: int, total: int) -> None:
        if list(kept.glob("T1-*.json")):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(book, draws=20, out=kept, progress=stop)
    assert [file.name[:2] for file in kept.glob("*.json")] == ["T1"]
    rest = judge(book, draws=20, out=kept)
    whole = judge(book, draws=20)
    assert 0 < rest.made["histories"] < whole.made["histories"]
    assert rest.document()["claims"] == whole.document()["claims"]


def test_another_seed_number_or_claim_is_judged_anew(here: Path) -> None:
    """Kept claims are read only for the same question."""
    from hegemon.experiments.claims.judge import judge

    book = load_claims("small.toml")
    kept = here / "kept"
    judge(book, draws=20, out=kept, beside=False)
    assert judge(book, draws=20, out=kept, beside=False).made["histories"] == 0
    for draws, runs, seed in ((21, None, None), (20, 6, None), (20, None, 5)):
        other = judge(book, draws=draws, runs=runs, seed=seed, out=kept, beside=False)
        assert other.made["histories"] > 0, (draws, runs, seed)
    changed = (here / "small.toml").read_text("utf-8").replace('who = "CYD"', 'who = "BOB"')
    (here / "small.toml").write_text(changed, encoding="utf-8")
    again = judge(load_claims("small.toml"), draws=20, out=kept, beside=False)
    assert again.made["histories"] > 0
    for file in kept.glob("T2-*.json"):
        file.write_text("{", encoding="utf-8")
    damaged = judge(load_claims("small.toml"), draws=20, out=kept, beside=False)
    assert damaged.made["histories"] > 0
    assert damaged.document()["claims"] == again.document()["claims"]

"""The ledger as one file without scripts, which asks nothing of any network."""

from __future__ import annotations

from html import escape
from pathlib import Path

from hegemon.claims.sides import sides
from hegemon.claims.words import claimed, exactly
from hegemon.experiments.claims.judge import SHARE
from hegemon.experiments.claims.verdicts import LINES, Judged, Judgement
from hegemon.files import write_text
from hegemon.pages import render
from hegemon.pages.figure import Figure, Table
from hegemon.report import ledger, ledger_words, page
from hegemon.report.ledger_page import CAUTION, HOW
from hegemon.report.part import Part

STYLE = """
.verdict { display: inline-block; margin-left: 10px; padding: 1px 10px; border-radius: 10px; color: #fff;
  font: 600 14px/1.6 var(--label); vertical-align: 3px; }
.words td, .words th { white-space: normal; text-align: left; vertical-align: top; }
.words td { min-width: 72px; }
.claim { font-weight: 600; }
main figure + p, .scroll + p { margin-top: 18px; }
main li { max-width: 100ch; }
.exact { font: 14px/1.5 var(--label); }
"""

MADE = {
    "ledger": "Ledger",
    "ledger_hash": "Ledger hash",
    "scenario": "Scenario",
    "scenario_hash": "Scenario hash",
    "parameters": "Parameters",
    "parameters_hash": "Hash of the draws",
    "draws": "Draws",
    "runs": "Histories per draw",
    "histories": "Histories simulated for this page",
    "seed": "Seed",
    "version": "Version of hegemon",
    "command": "Command",
    "chunk": "Histories per chunk",
    "platform": "Platform",
    "wall_seconds": "Seconds",
}


def write_html(judgement: Judgement, target: Path) -> Path:
    """Write the page. Raises `BadFile` where that cannot be."""
    write_text(target, html(judgement, ledger.figures(judgement)))
    return target


def note(judgement: Judgement) -> str:
    """Provenance that travels with a picture."""
    made = judgement.made
    return (f"hegemon {made['version']}, ledger {made['ledger']} {made['ledger_hash']}, {made['draws']} draws of "
            f"{made['parameters']} {made['parameters_hash']}, seed {made['seed']}")  # fmt: skip


def html(judgement: Judgement, drawn: list[Figure]) -> str:
    """The whole page."""
    return page.alone(part(judgement, drawn))


def part(judgement: Judgement, drawn: list[Figure]) -> Part:
    """What its page says. Its figures stand with their claims and have no numbers."""
    book, made = judgement.ledger, judgement.made
    overview, *each = drawn
    sections = "\n".join(_claim(judgement, j, figure) for j, figure in zip(judgement.claims, each, strict=True))
    low, high = LINES
    how = _marked(HOW.format(draws=made["draws"], low=low, high=high, share=SHARE).partition(" What the words")[0])
    rows = [[j.claim.id, j.claim.claim, j.verdict, ledger.share(j.under.probability), ledger.share(j.share)]
            for j in judgement.claims]  # fmt: skip
    summary = Table(["Claim", "In words", "Verdict", "P", "Priors"], rows, "All claims")
    listed = "".join(
        f"<dt>{label}</dt><dd>{escape(str(made[name]))}</dd>" for name, label in MADE.items() if made.get(name) is not None
    )
    body = f"""<section id="all">
<h2>{escape(overview.title)}</h2>
<p class="reading">{escape(overview.reading)}</p>
{_paper(overview)}
{page.table(summary, wordy=True)}
<p>{how}</p>
<p>{_marked(CAUTION)}</p>
</section>
{sections}"""
    return Part(
        kicker="A ledger of claims",
        title=book.title,
        deck=book.question,
        facts=[(str(len(judgement.claims)), "claims"), (str(made["draws"]), "draws of the parameters"),
               (str(made["parameters"]), "parameters"), (str(made["seed"]), "seed")],
        short=ledger_words.short(judgement),
        contents=[(_id(j), j.claim.id) for j in judgement.claims],
        body=body,
        made=f'<dl class="made">{listed}</dl>',
        version=str(made["version"]),
        tab=f"{book.title}: a ledger of claims",
        style=STYLE,
        skip="To the claims",
    )  # fmt: skip


def _id(judged: Judged) -> str:
    return f"claim-{judged.claim.id.lower().replace('.', '-')}"


def _marked(text: str) -> str:
    """Markdown's stars as HTML; nothing else of it is used."""
    found = escape(text)
    for mark, tag in (("**", "strong"), ("*", "em")):
        while found.count(mark) >= 2:
            found = found.replace(mark, f"<{tag}>", 1).replace(mark, f"</{tag}>", 1)
    return found


def _paper(figure: Figure) -> str:
    label = escape(figure.title)
    return (f'<figure><div class="paper" tabindex="0" role="group" aria-label="{label}">{render.inline(figure)}</div>'
            f"<figcaption>{escape(figure.finding)}</figcaption></figure>")  # fmt: skip


def _list(items: list[str], kind: str = "") -> str:
    return f"<ul{kind}>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>" if items else ""


def _claim(judgement: Judgement, judged: Judged, figure: Figure) -> str:
    claim, base = judged.claim, judgement.ledger.base
    said = [ledger_words.verdict(judged, judgement.made), ledger_words.parts(judged), ledger_words.magnitude(judged),
            ledger_words.prior(judged), ledger_words.needs(judged)]  # fmt: skip
    lines = [escape(line) for line in said if line]
    lines += [f"The record. {escape(ledger_words.record(s, judged, n))}" for n, s in enumerate(judged.said)]
    exact = [escape(f"{n}. {exactly(e, sides(e, base)[0].scenario)} Claimed: {claimed(e)}.")
             for n, e in enumerate(claim.estimand, 1)]  # fmt: skip
    facts = [escape(ledger_words.fact(fact, base)) for fact in claim.fact]
    beside = f"<p><em>Beside the model.</em> {escape(ledger_words.balance(claim))}</p>{_list(facts)}" if facts else ""
    caveat = f"<p><em>Caveat.</em> {escape(claim.caveat)}</p>" if claim.caveat else ""
    source = f" <span>({escape(claim.source)})</span>" if claim.source else ""
    return f"""<section id="{_id(judged)}">
<h2>{escape(claim.id)}<span class="verdict" style="background:{ledger.hue(judged.verdict)}">{judged.verdict}</span></h2>
<p class="claim">{escape(claim.claim)}{source}</p>
{_list(lines)}
{page.table(ledger.numbers(judged), wordy=True)}
{_paper(figure)}
<p><em>Why these estimands.</em> {escape(claim.why)}</p>
<details><summary>What is computed, exactly</summary>{_list(exact, ' class="exact"')}</details>
{beside}{caveat}
</section>"""

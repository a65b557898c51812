"""`hegemon try`: a mechanism of one's own, checked and put beside the order without it, on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hegemon.cli.output import JSON, print_json, say
from hegemon.files import home, write_file

FILE = Annotated[Path, typer.Argument(metavar="FILE.py", help="The mechanism. Its code runs.")]
SCENARIO = Annotated[str, typer.Argument(metavar="[SCENARIO]", help="The order that it is tried in.")]
INSTEAD = Annotated[
    str | None, typer.Option("--instead-of", metavar="NAME", help="Stand in this mechanism's place, whatever it calls itself.")
]
LEDGER = Annotated[
    str | None, typer.Option("--ledger", metavar="LEDGER", help="Claims to judge; absent: the order's own, or the built-in ones.")
]
OUT = Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="Folder for the page; by default under results/.")]


def try_(
    file: FILE, scenario: SCENARIO = "post-soviet", instead_of: INSTEAD = None,
    runs: Annotated[int, typer.Option("--runs", "-n", metavar="N", min=2, help="Pairs of histories.")] = 512,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Luck.")] = 0,
    quick: Annotated[bool, typer.Option("--quick", help="Checks and the pair alone: neither claims nor the record.")] = False,
    ledger: LEDGER = None, out: OUT = None, as_json: JSON = False,
) -> None:  # fmt: skip
    """Try a mechanism: checks, the order with and without it, claims whose verdict changes, the record's score, one page."""
    from hegemon.cli.progress import counted
    from hegemon.mechanisms import outside
    from hegemon.order import load
    from hegemon.pages import html, terminal
    from hegemon.projects import rival as trying
    from hegemon.scenarios.beside import order_folder
    from hegemon.scenarios.loader import builtin_names
    from hegemon.studies import telling
    from hegemon.studies.asking import ask
    from hegemon.studies.compare.question import CompareQuestion
    from hegemon.studies.folder import tried

    name, text = outside.read_mechanism(file)
    place = home(file)
    if instead_of is not None:
        text = outside.instead_of(text, name, instead_of)
        outside.trust(text)
    folder = None if scenario in builtin_names() else (inside.parent if (inside := order_folder(scenario)) else None)
    base = load(scenario)
    asked = CompareQuestion.of({"first": scenario, "runs": runs, "seed": seed, "mechanism": (str(place),)})
    if instead_of is not None:
        place = _rewritten(name, text)
        asked = CompareQuestion.of({"first": scenario, "runs": runs, "seed": seed, "mechanism": (str(place),)})
    question = asked.resolved()
    target = out or Path("results") / f"try-{place.stem}-{question.fingerprint()[:10]}"
    tried(target / telling.PAGE, "choose another --out.")
    with counted("pairs of histories") as tick:
        pairs = ask(question, out=target / "pairs", progress=tick)
    order, page = question.order("second"), target / telling.PAGE
    write_file(page, html.page(trying.document(order, pairs, None, None, "")))
    scores = verdicts = None
    unscored = ""
    if not quick:
        say(f"The pair is drawn: {page.as_posix()}. Now the record and the claims; Ctrl-C leaves the page as it is.", error=True)
        unscored = next(trying.why_unscored(base), "")
        if not unscored:
            one, mode = trying.scored(base)
            scores = one, trying.scored(order, mode)[0]
        book = ledger or trying.ledger_of(base, folder)
        if book is not None:
            verdicts = trying.judged(book, None), trying.judged(book, place)
    told = trying.document(order, pairs, scores, verdicts, unscored)
    write_file(page, html.page(told))
    if as_json:
        return print_json({
            "report": page.as_posix(), "pairs": (target / "pairs").as_posix(), "finding": told.finding,
            "sentences": list(told.sentences),
            "score": None if scores is None else {"without": vars(scores[0]), "with": vars(scores[1])},
            "claims": None if verdicts is None else [
                {**vars(each), "clear": each.clear} for each in trying.turned(*verdicts)],
        })  # fmt: skip
    terminal.show(told)
    say(f"\nReport: {page.as_posix()}")


def _rewritten(name: str, text: str) -> Path:
    """The file under the name that it takes."""
    from hegemon.files import at_hand

    return at_hand(name, text.encode())

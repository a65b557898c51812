"""`hegemon claims`: judge a ledger of claims, say what came out, write its page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegemon.cli.crew import Scheduler, Workers

if TYPE_CHECKING:
    from hegemon.experiments.claims.verdicts import Judgement


def claims(
    ledger: Annotated[
        str, typer.Argument(help="A built-in ledger (limited-sovereignty, regularities), or a file.")
    ] = "limited-sovereignty",
    posterior: Annotated[
        str | None, typer.Option("--posterior", help="Judge over these draws, by name or file; default: the scenario's.")
    ] = None,
    prior: Annotated[bool, typer.Option("--prior", help="Judge over the priors.")] = False,
    draws: Annotated[int, typer.Option("--draws", help="Draws of the parameters.")] = 100,
    runs: Annotated[int | None, typer.Option("--runs", "-n", help="Histories per draw; default: the ledger's.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Luck; default: the ledger's.")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="ID", help="Judge this claim (repeatable).")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Verdicts only: leave out the priors' share and the mechanisms needed.")
    ] = False,
    only_list: Annotated[bool, typer.Option("--list", help="Only read the ledger and list its claims.")] = False,
    page: Annotated[
        Path | None, typer.Option("--page", help="Markdown page to write, figures beside it in img/.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for judged claims; default: under results/.")] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Judge claims about an order: verdicts, effects, and what they hang on. A stopped judgement is resumed."""
    from hegemon.claims import load_claims

    book = load_claims(ledger)
    if only_list:
        listed = [{"id": claim.id, "claim": claim.claim, "estimands": len(claim.estimand)} for claim in book.claim]
        if as_json:
            print(json.dumps({"title": book.title, "ledger_hash": book.hash, "claims": listed}, indent=1))
        else:
            print("\n".join(f"{row['id']}: {row['claim']}" for row in listed))
        return
    from hegemon.cli.progress import bar
    from hegemon.experiments.claims.judge import judge
    from hegemon.quarters import span

    folder = out or Path("results") / "claims" / book.name
    s = book.base.scenario
    size = len(s.states) * len(span(s.start, s.end))
    with bar(f"{book.title}: {len(only or book.claim)} claims", size) as tick:
        found = judge(book, posterior=posterior, prior=prior, draws=draws, runs=runs, only=only or (), seed=seed,
                      beside=not quick, out=folder, progress=tick, scheduler=scheduler, workers=workers)  # fmt: skip
    from hegemon.folders.claims import keep_judgement
    from hegemon.report.ledger_html import write_html

    written = [write_html(found, folder / "ledger.html")]
    if page is not None:
        from hegemon.report.ledger_page import write_page

        written += write_page(found, page)
    written.append(keep_judgement(found, folder, runs=runs, beside=not quick))
    files = [path.as_posix() for path in written]
    if as_json:
        print(json.dumps({**found.document(), "files": files}, indent=1, allow_nan=False))
        return
    show(found)
    print(f"\nLedger: {files[0]}")
    if page is not None:
        print(files[1])


def show(found: Judgement) -> None:
    """Verdicts and effects in a terminal."""
    from rich.console import Console

    from hegemon.claims.words import claimed
    from hegemon.report.ledger import effect, share
    from hegemon.report.ledger_words import short

    console = Console(highlight=False, soft_wrap=True)
    made = found.made
    draws = f"{made['draws']} draws of {made['parameters']}, seed {made['seed']}"
    console.print(f"\n[bold]{found.ledger.title}[/bold]: {draws}\n")
    for j in found.claims:
        near = ", near the line" if j.near else ""
        over = "" if j.prior in (None, j.under) else f", over the priors {share(j.share)}"
        known = f"P {share(j.under.probability)}{over}"
        console.print(f"[bold]{j.claim.id} {j.verdict}{near}[/bold]: {known}")
        console.print(f"  {j.claim.claim}", markup=False)
        for estimand, under in zip(j.claim.estimand, j.under.found, strict=True):
            number = f"{effect(estimand, under)}, claimed {claimed(estimand)}, P {share(under.probability)}"
            console.print(f"  - {estimand.what}: {number}", markup=False)
    console.print()
    for line in short(found):
        console.print(line, markup=False)
    console.print(f"[dim]{made['histories']:,} histories, {made['wall_seconds']} s, version {made['version']}[/dim]")

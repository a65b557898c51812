"""`hegemon predict`: a probability for each instrument in each crisis, from what was known when it began."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def predict(
    history: Annotated[
        str | None,
        typer.Option("--history", metavar="FILE.csv", help="A built-in record by name, or a CSV file of your own."),
    ] = None,
    order: Annotated[
        str | None, typer.Option("--order", help="A built-in order; with --history, which of the file's orders.")
    ] = None,
    train_until: Annotated[
        str | None, typer.Option("--train-until", metavar="DATE", help="Learn once, from crises ended by this date.")
    ] = None,
    rolling: Annotated[bool, typer.Option("--rolling", help="Learn anew for each crisis, from earlier ones.")] = False,
    posterior: Annotated[
        str | None, typer.Option("--posterior", metavar="FILE.npz", help="A posterior of hegemon calibrate.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Luck of the draws of parameters.", min=0)] = 0,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.csv", help="Write the table here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Foretell the patron's answer to each crisis. Without --rolling or --train-until: by the built-in posterior."""
    from hegemon.history import history as read
    from hegemon.inference.foretell import foretell

    record = read(history or order or "post-soviet")
    with _watch("learning") as tick:
        found = foretell(record, order, train_until=train_until, rolling=rolling, posterior=posterior, seed=seed,
                         ties=_ties(), progress=tick)  # fmt: skip
    table = found.table.round(6)
    made = _made(record, found.learned_from, seed)
    if out is not None:
        from hegemon.files import write_text

        write_text(out, table.to_csv())
    if as_json:
        rows = {str(name): {k: float(v) for k, v in row.items()} for name, row in table.iterrows()}
        print(json.dumps({**made, "predictions": rows}, indent=1))
        return
    if out is None:
        print(table.to_csv(), end="")
    typer.echo(f"{len(table)} crises, learned from {found.learned_from}.", err=True)
    if out is not None:
        typer.echo(f"Table: {out.as_posix()}", err=True)


def _made(record: Any, learned_from: str, seed: int) -> dict[str, Any]:
    import hegemon
    from hegemon.ensemble.simulate import command
    from hegemon.inference.backtest import fingerprint

    return {"command": command(), "version": hegemon.__version__, "seed": seed, "record_hash": fingerprint(record),
            "learned_from": learned_from}  # fmt: skip


def _ties() -> Any:
    """Observed orientations that come with hegemon; each prediction learns from those known by then."""
    from hegemon.evidence import orientation

    return orientation()


def _watch(what: str) -> Any:
    from hegemon.cli.progress import counted

    return counted(what)

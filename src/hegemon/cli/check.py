"""`hegemon check`: does the calibrated model look like the record it was learned from, and what did it learn?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.inference.check import Check
    from hegemon.posterior import Posterior


def check(
    posterior: Annotated[
        str, typer.Option("--posterior", metavar="NAME|FILE.npz", help="A built-in posterior, or one of your own.")
    ] = "post-soviet",
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="The scenario it was learned for, if that is a file.")
    ] = None,
    history: Annotated[
        str | None, typer.Option("--history", metavar="FILE.csv", help="A record of your own; else the scenario's.")
    ] = None,
    ties: Annotated[
        str, typer.Option("--ties", metavar="FILE.csv", help="Observed orientations: post-soviet, a file, or none.")
    ] = "post-soviet",
    histories: Annotated[int, typer.Option("--histories", "-n", help="Histories for prior and posterior each.")] = 512,
    seed: Annotated[int, typer.Option("--seed", help="Luck: the same seed gives the same histories.")] = 0,
    page: Annotated[
        Path | None, typer.Option("--page", help="Markdown page to write, figures beside it in img/.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for numbers (JSON, CSV) and figures.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Simulate with draws from prior and posterior, compare with the record, and say what was learned."""
    from hegemon.cli.progress import counted
    from hegemon.cli.run import order_info
    from hegemon.history import history as read
    from hegemon.inference.check import check as compare
    from hegemon.inference.learned import learned
    from hegemon.order import load
    from hegemon.posterior import load_posterior

    kept = load_posterior(posterior)
    order = load(scenario or str(kept.made["scenario"]))
    record = read(history) if history is not None else None
    observed = None
    if ties != "none":
        from hegemon.evidence import orientation

        observed = orientation(ties, order.poles)
    moved = learned(kept)
    found = []
    for source in (None, kept):
        with counted("posterior" if source else "prior") as tick:
            found.append(compare(source, order, record, observed, histories=histories, seed=seed, progress=tick))
    before, after = found
    made, info = provenance(kept, posterior, after), order_info(order)
    document = {
        "made": made,
        "posterior": dict(kept.made),
        "prior_check": before.document(),
        "posterior_check": after.document(),
        "parameters": json.loads(moved.reset_index().to_json(orient="records", double_precision=6)),
    }
    written: list[Path] = []
    if page is not None:
        from hegemon.report.calibration_page import write_page

        written += write_page(kept, before, after, moved, info, made, page)
    if out is not None:
        written += write_folder(kept, before, after, moved, info, document, out)
    if as_json:
        print(json.dumps({**document, "files": [path.as_posix() for path in written]}, indent=1, allow_nan=False))
        return
    show(kept, before, after, moved, info)
    for path in written:
        print(path.as_posix())


def provenance(kept: Posterior, name: str, after: Check) -> dict[str, Any]:
    """How it was made."""
    import hegemon
    from hegemon import runtime
    from hegemon.ensemble.simulate import command

    of = kept.made
    return {
        "command": command(),
        "version": hegemon.__version__,
        "order": f"{after.order.name}, scenario {of.get('scenario_hash', '')}",
        "posterior": f"{Path(name).name}: {of['method']}, {len(kept.values)} draws kept, seed {of['seed']}, version "
        f"{of.get('version', '')}, by `{of.get('command', '')}`",
        "record": f"hash {after.record_hash} (the posterior's: {of.get('data_hash', '')})",
        "histories": after.histories,
        "seed": after.seed,
        "chunk": after.chunk,
        "platform": runtime.platform_name(),
    }


def write_folder(
    kept: Posterior, before: Check, after: Check, moved: pd.DataFrame, info: Any, document: dict[str, Any], folder: Path
) -> list[Path]:
    """check.json, the comparisons as CSV, and each figure as PNG, SVG and CSV."""
    import pandas as pd

    from hegemon.files import write_text
    from hegemon.pages import render
    from hegemon.report.calibration import figures

    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "check.json"]
    write_text(written[0], json.dumps(document, indent=1, allow_nan=False))
    for name in ("cells", "ties"):
        written.append(folder / f"{name}.csv")
        both = pd.concat([getattr(c, name).assign(source=c.source) for c in (before, after)])
        write_text(written[-1], both.to_csv(index=False))
    for figure in figures(before, after, moved, len(kept.values), info):
        for kind, content in render.pictures(figure, "png", "svg").items():
            written.append(folder / f"{figure.name}.{kind}")
            written[-1].write_bytes(content)
        written.append(folder / f"{figure.name}.csv")
        write_text(written[-1], figure.data.to_csv(index=False))
    return written


def show(kept: Posterior, before: Check, after: Check, moved: pd.DataFrame, info: Any) -> None:
    """Coverage, failures and what was learned, in a terminal."""
    from rich.console import Console

    from hegemon.cli.tables import _table
    from hegemon.report.calibration_page import WHAT, failures, said

    console = Console(highlight=False)
    console.print(f"\n[bold]{info.title}[/bold]: {after.histories:,} histories each, seed {after.seed}")
    table = _table("Inside the middle 90 % of histories", "what", "prior", "posterior", "usual")
    for name, c in after.coverage.items():
        b = before.coverage[name]
        table.add_row(WHAT[name], f"{b.inside} of {b.of}", f"{c.inside} of {c.of}", f"{c.low:.0%}-{c.high:.0%}")
    console.print(table)
    for line in said(before, after, kept, moved):
        console.print(f"- {line}")
    console.print("\nOutside:")
    for line in failures(after, info) or ["nothing"]:
        console.print(f"- {line}")

"""`hegemon calibrate`: learn the model's parameters from a coded record, and say how far the answer can be trusted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from hegemon.inference.calibrate import Fit

HOME = "post-soviet"
"""The order whose neighbours' ties come with hegemon."""


def calibrate(
    scenario: Annotated[str, typer.Argument(help="Name of a built-in scenario, or a file.")] = "post-soviet",
    history: Annotated[
        str | None, typer.Option("--history", metavar="FILE.csv", help="A record of your own; else the scenario's.")
    ] = None,
    ties: Annotated[
        str | None,
        typer.Option("--ties", metavar="FILE.csv", help="Observed orientations: post-soviet, a file, or none."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A normal approximation in seconds, no sampling.")] = False,
    chains: Annotated[int, typer.Option("--chains", help="Chains.")] = 4,
    warmup: Annotated[int, typer.Option("--warmup", help="Iterations to adapt, per chain.")] = 400,
    draws: Annotated[int, typer.Option("--draws", help="Draws kept, per chain.")] = 800,
    seed: Annotated[int, typer.Option("--seed", help="Luck of the sampler.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the result; by default under results/.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Sample the posterior (resumable), print diagnostics and what the record moved, write the posterior."""
    from hegemon.cli.progress import counted
    from hegemon.history import history as read
    from hegemon.inference.calibrate import calibrate as learn
    from hegemon.order import load

    order = load(scenario)
    record = read(history) if history is not None else None
    observed = None
    ties = ties or (HOME if order.scenario.history == HOME else "none")
    if ties != "none":
        from hegemon.evidence import orientation

        observed = orientation(ties, order.poles)
    name = f"calibration-{order.name}-{'quick' if quick else 'nuts'}-seed{seed}"
    folder = out or Path("results") / name
    folder.mkdir(parents=True, exist_ok=True)
    with counted("calibrating") as tick:
        fit = learn(order, record, ties=observed, quick=quick, chains=chains, warmup=warmup,
                    draws=max(draws, 1000) if quick else draws, seed=seed, keep=folder, progress=tick)  # fmt: skip
    files = write(fit, folder)
    if as_json:
        print(json.dumps({**fit.made, "converged": fit.converged, "files": files, "parameters": _rows(fit)}, indent=1))
        return
    show(fit)
    print("\n" + "\n".join(files))


def write(fit: Fit, folder: Path) -> list[str]:
    """posterior.npz for hegemon, draws.nc for ArviZ, parameters.csv for everybody; unfinished chains are cleared away."""
    import shutil

    from hegemon.files import write_text

    fit.posterior().save(folder / "posterior.npz")
    draft = folder / "draws.nc.part"
    fit.idata().to_netcdf(str(draft), engine="h5netcdf")
    draft.replace(folder / "draws.nc")
    write_text(folder / "parameters.csv", fit.learned().to_csv())
    for left in folder.glob("unfinished-*"):
        shutil.rmtree(left)
    return [(folder / name).as_posix() for name in ("posterior.npz", "draws.nc", "parameters.csv")]


def _rows(fit: Fit) -> Any:
    return json.loads(fit.learned().reset_index().to_json(orient="records", double_precision=6))


SHOWN = 25
"""Parameters listed in a terminal, those that the record moved most."""


def show(fit: Fit) -> None:
    """Diagnostics and what was learned, for a person."""
    from rich.console import Console

    from hegemon.cli.tables import _table

    console = Console(highlight=False)
    made, d = fit.made, fit.made["diagnostics"]
    console.print(f"\n[bold]{fit.order.scenario.title}[/bold]: {made['method']}, {made['crises']} crises, "
                  f"{fit.z.shape[-1]} parameters, {fit.z.shape[0] * fit.z.shape[1]} draws, {made['wall_seconds']} s")  # fmt: skip
    if made["method"] == "NUTS":
        verdict = "converged" if fit.converged else "NOT converged: ask for more draws or warm-up"
        console.print(f"R-hat at most {d['rhat']:.3f}, effective draws at least {d['ess_bulk']:.0f} (bulk) and "
                      f"{d['ess_tail']:.0f} (tail), {d['diverging']:.2%} divergent: {verdict}")  # fmt: skip
    table = _table("What the record moved most", "parameter", "prior", "posterior", "contraction")
    for name, row in fit.learned().head(SHOWN).iterrows():
        table.add_row(str(name), f"{row['prior_mean']:.3g} ± {row['prior_sd']:.2g}",
                      f"{row['mean']:.3g} ± {row['sd']:.2g}", f"{row['contraction']:.0%}")  # fmt: skip
    console.print(table)
    little = int((fit.learned()["contraction"] < 0.1).sum())
    console.print(f"{little} of {fit.z.shape[-1]} parameters keep nine tenths of their prior variance: "
                  "the record says little about them.")  # fmt: skip

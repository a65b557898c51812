"""`hegemon data`: what can be observed, from files of public data: agreement, ideal points, orientation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hegemon.cli.output import FOR_PROGRAMS, print_json, say
from hegemon.errors import BadValue, Missing, OutOfRange, UnknownState, did_you_mean, shown
from hegemon.files import try_to_write, write_file

if TYPE_CHECKING:
    import pandas as pd

RollCalls = Annotated[
    str | None, typer.Option(help="File of roll calls (rcid, session, date), where the votes have no session.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the group `hegemon data`."""
    app.command("agreement")(agreement)
    app.command("ideal-points")(ideal_points)
    app.command("orientation")(orientation)


def agreement(
    file: Annotated[str, typer.Argument(help="UN votes: .csv, .tab or .parquet with rcid, session, vote and a state code.")],
    states: Annotated[str, typer.Option(help="ISO codes, separated by commas: RUS,KAZ.")],
    year: Annotated[list[int] | None, typer.Option(
        help="Year of the vote's date; without dates that of the file (Dataverse: the session's), else of the session's "
             "opening. May be repeated; all if left out.")] = None,
    measure: Annotated[str, typer.Option(help="S, pi, kappa, or agreement (share of identical votes).")] = "S",
    distance: Annotated[str, typer.Option(help="absolute or squared, between yes, abstain and no.")] = "absolute",
    roll_calls: RollCalls = None,
    as_json: FOR_PROGRAMS = False,
) -> None:
    """How alike states vote in the UN, by pair and year."""
    from hegemon.evidence import agreement_by_year, read_votes

    named = _codes(states)
    found = agreement_by_year(read_votes(file, roll_calls), named, measure, distance, year)
    if found.empty:
        raise Missing(f"{' and '.join(named)} voted together in no roll call", "Name other states or years.")
    if as_json:
        return print_json({"measure": measure, "distance": distance, "file": file, "pairs": _rows(found)})
    told = found.assign(value=found["value"].map(lambda value: "none" if value != value else f"{value:.3f}"))
    say(told.rename(columns={"iso3_1": "state", "iso3_2": "other", "value": measure}).to_string(index=False))


def ideal_points(
    file: Annotated[str, typer.Argument(help="UN votes: .csv, .tab or .parquet with rcid, session, vote and a state code.")],
    first: Annotated[int | None, typer.Option("--from", help="Year the first session opened.")] = None,
    last: Annotated[int | None, typer.Option("--to", help="Year the last session opened.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the whole table to this .csv file.")] = None,
    states: Annotated[str, typer.Option(help="States to print, by ISO code.")] = "USA,RUS,CHN",
    above: Annotated[str, typer.Option(help="Two states: the first is to be the higher one.")] = "USA,CUB",
    method: Annotated[str, typer.Option(help="laplace (seconds to a minute) or nuts (many minutes).")] = "laplace",
    seed: Annotated[int, typer.Option(help="Seed of the random numbers.", min=0)] = 0,
    roll_calls: RollCalls = None,
    as_json: FOR_PROGRAMS = False,
) -> None:
    """Where states stand, session by session, estimated from their votes (mean 0, standard deviation 1)."""
    from hegemon.evidence import ideal_points as estimate
    from hegemon.evidence import read_votes
    from hegemon.evidence.codes import instead

    ends = _codes(above)
    if len(ends) != 2:
        raise BadValue(f"--above {shown(above)}", "Name two states, as in USA,CUB.")
    if out is not None and out.suffix != ".csv":
        raise BadValue(f"--out {shown(str(out), 200)}", "Name a file that ends in .csv.")
    if out is not None:
        try_to_write(out)
    votes = read_votes(file, roll_calls)
    named = _codes(states)
    known = sorted(votes["iso3"].unique())
    for state in named:
        if state not in known:
            raise UnknownState(f"{shown(state)} casts no vote in this table", instead(state, known))
    found = estimate(
        votes, first, last, above=(ends[0], ends[1]), method=method, seed=seed,
        tell=lambda line: say(line, error=True),
    )  # fmt: skip
    if out is not None:
        write_file(out, found.to_csv(index=False, float_format="%.5f"))
    if as_json:
        return print_json({"file": file, "made": found.attrs, "points": _rows(found)})
    shown_states = found[found["state"].isin(named)]
    say(shown_states.round({"point": 2, "sd": 2, "low": 2, "high": 2}).to_string(index=False))
    if out is not None:
        say(f"Wrote {out}: {len(found)} points.")


def orientation(
    file: Annotated[str, typer.Argument(help="A built-in table, or your own .csv or .tab file.")] = "post-soviet",
    state: Annotated[str | None, typer.Option(help="Only this state, by ISO code.")] = None,
    year: Annotated[list[int] | None, typer.Option(help="Only this year; may be repeated.")] = None,
    as_json: FOR_PROGRAMS = False,
) -> None:
    """Measured orientations: shares of a neighbour's ties with each pole, by year, with an error."""
    from hegemon.evidence import orientation as read

    found, named = read(file), shown(file, 200).strip('"')
    if state is not None:
        known = sorted(found["state"].unique())
        if state.upper() not in known:
            raise UnknownState(f"{shown(state)} is not in {named}", did_you_mean(state.upper(), known))
        found = found[found["state"] == state.upper()]
    if year:
        for wanted in year:
            if wanted not in set(found["year"]):
                span = f"{found['year'].min()} to {found['year'].max()}"
                raise OutOfRange(f"no orientation of {wanted} in {named}", f"It covers {span}.")
        found = found[found["year"].isin(year)]
    if as_json:
        poles = [column for column in found.columns if column not in ("state", "year", "error", "parts")]
        return print_json({"file": file, "poles": poles, "orientation": _rows(found)})
    say(found.to_string(index=False))


def _codes(text: str) -> list[str]:
    """State codes that are separated by commas."""
    return [part.strip().upper() for part in text.split(",") if part.strip()]


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON: six digits, null where there is no number."""
    from hegemon.engine.plain import rows

    return rows(table.round(6))

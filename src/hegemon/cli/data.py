"""`hegemon data`: the coded record as tables, the codebook, and a check of a file of one's own."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hegemon.cli import codings
from hegemon.cli.output import JSON, checking, print_json, say, try_new, write_new
from hegemon.errors import BadDate, BadValue, UnknownName, UnknownState, did_you_mean, shown

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(help="The coded record: list, show, codebook, check a file of your own.", no_args_is_help=True)


Table = StrEnum("Table", ["crises", "memberships", "bases"])
"""What there is to show."""

Of = StrEnum("Of", {"post_soviet": "post-soviet", "warsaw_pact": "warsaw-pact", "inter_american": "inter-american"})
"""Orders whose crises are coded."""

WHAT = {
    Table.crises: "crises of a patron's neighbours, who asked, what the patron did, how it ended",
    Table.memberships: "spells of membership of the post-Soviet states in thirteen organisations",
    Table.bases: "the patron's military presence on post-Soviet neighbours' territory",
}


app.command()(codings.code)
app.command()(codings.reliability)
app.command()(codings.merge)


def crises(order: str) -> pd.DataFrame:
    """The coded crises of an order that comes with hegemon."""
    from hegemon.history import history

    return history(str(order))


def spells(what: Table) -> pd.DataFrame:
    """Memberships or bases: text as coded, numbers of troops as whole numbers."""
    import pandas as pd

    with resources.files("hegemon.history").joinpath(f"{what}.csv").open("r", encoding="utf-8") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    if "troops" in table:
        table["troops"] = pd.to_numeric(table["troops"].replace("", None)).astype("Int64")
    return table


@app.command("list")
def list_(as_json: JSON = False) -> None:
    """What data come with hegemon."""
    rows = []
    for what in Table:
        for order in Of if what is Table.crises else (Of.post_soviet,):
            table = crises(order) if what is Table.crises else spells(what)
            begun = table["start" if what is Table.crises else "from"]
            rows.append({"table": str(what), "order": str(order), "rows": len(table), "first": begun.min(),
                         "last": begun.max(), "states": sorted(set(table["state"])), "what": WHAT[what]})  # fmt: skip
    if as_json:
        return print_json({"data": rows})
    for row in rows:
        span = f"{row['first']} to {row['last']}"
        named = f"{row['table']:<12} {row['order']:<15}"
        say(f"{named} {row['rows']:>3} rows, {len(row['states']):>2} states, {span}: {row['what']}")
    say("\nShow one: hegemon data show crises --order warsaw-pact. What codes mean: hegemon data codebook.")


@app.command()
def show(
    table: Annotated[Table, typer.Argument(help="What to show.")],
    state: Annotated[
        list[str] | None, typer.Option("--state", metavar="ISO3", help="Of this state only (repeatable).")
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Of this kind only (crises and bases).")] = None,
    instrument: Annotated[
        str | None, typer.Option("--instrument", help="Crises with this as the primary response.")
    ] = None,
    org: Annotated[str | None, typer.Option("--org", help="Memberships of this organisation.")] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Crises begun, or spells running, from then on: 2000, 2000-05, 2000Q2.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="The same up to then, all of it included.")] = None,
    order: Annotated[Of | None, typer.Option("--order", help="Which order's crises; by default post-soviet.")] = None,
    history: Annotated[
        str | None, typer.Option("--history", metavar="FILE.csv", help="Crises of your own file instead.")
    ] = None,
    sources: Annotated[bool, typer.Option("--sources", help="Notes and sources too.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Write the rows, every column, to a new file.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Show a table, or the part of it asked for. JSON and CSV have every column, sources included."""
    if out is not None:
        try_new(out)
    _fitting(table, kind=kind, instrument=instrument, org=org, order=order, history=history)
    if table is Table.crises:
        from hegemon.history import history as read

        found = read(history) if history else crises(order or Of.post_soviet)
    else:
        found = spells(table)
    rows = _selected(found, {"state": state or [], "kind": [kind], "response_primary": [instrument], "org": [org]})
    rows = _within(rows, since, until, "start" if table is Table.crises else "from")
    if out is not None:
        write_new(out, rows.to_csv(index=False))
    label = Path(history).name if history else str(order or Of.post_soviet)
    if as_json:
        from hegemon.engine.plain import rows as plain
        from hegemon.history.codebook import KIND

        told = plain(rows.replace("", None))
        document: dict[str, Any] = {"table": str(table), "of": label, "count": len(rows), "rows": told}
        if table is Table.crises:
            document["model_kinds"] = dict(KIND)
            for row in document["rows"]:
                row["model_kind"] = KIND[row["kind"]]
        if out is not None:
            document["file"] = out.as_posix()
        return print_json(document)
    from hegemon.cli.record_tables import codes, crisis_table

    if table is Table.crises:
        crisis_table(rows, label, sources)
    else:
        codes(rows, f"{str(table).capitalize()}: {WHAT[table]}", sources)
    if out is not None:
        say(f"Wrote {out.as_posix()}.")


@app.command()
def codebook() -> None:
    """What the columns and codes mean, and how the record was judged."""
    say(resources.files("hegemon.history").joinpath("codebook.md").read_text("utf-8").rstrip())


@app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="A crisis file of your own.")],
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="Check too that it can be replayed through this order.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Whether a crisis file can be used. The first mistake stops with its row, column and remedy."""
    with checking(file, as_json):
        told = _checked(file, scenario)
    if as_json:
        return print_json({"valid": True, **told})
    from hegemon.cli.record_tables import extent

    where = f" in {scenario}" if scenario else ""
    say(
        f"{file} can be used{where}: {extent(told['crises'], len(told['states']), told['first'], told['last'])}."
    )
    for note in told["notes"]:
        say(f"Note: {note}")


def _checked(file: str, scenario: str | None) -> dict[str, Any]:
    """What a good file holds; raises for a bad one."""
    from hegemon.history import history
    from hegemon.history.fitting import events_of, fit, remarks

    table = history(file)
    if scenario is None:
        from hegemon.studies.predict.plan import fits

        fits(table)
        events = events_of(table)
    else:
        from hegemon.order import load

        events = fit(load(scenario).scenario, table)
    months = table["start"].str.slice(0, 7)
    return {
        "file": file,
        "scenario": scenario,
        "crises": len(table),
        "states": sorted(set(table["state"])),
        "first": months.min(),
        "last": months.max(),
        "kinds": {str(name): int(n) for name, n in events["kind"].value_counts(sort=False).items()},
        "notes": [*remarks(events), *to_come(table)],
    }


def to_come(table: pd.DataFrame) -> list[str]:
    """Crises that begin after today: of an order that is invented they may, elsewhere the year is a slip."""
    today = datetime.date.today().isoformat()
    return [f"{row['crisis_id']} begins on {row['start']}, after today." for row in table.to_dict("records")
            if row["start"] > today[: len(row["start"])]]  # fmt: skip


# ---- Choosing rows ----


def _fitting(table: Table, **options: Any) -> None:
    """Raise for an option that does not go with the table."""
    goes = {
        Table.crises: ("kind", "instrument", "order", "history"),
        Table.memberships: ("org",),
        Table.bases: ("kind",),
    }
    for name, value in options.items():
        if value is not None and name not in goes[table]:
            with_ = " and ".join(str(t) for t in Table if name in goes[t])
            raise BadValue(f"--{name} {shown(str(value))} with {table}", f"It goes with {with_} only.")
    if options["history"] is not None and options["order"] is not None:
        raise BadValue("--history and --order together", "A file of your own is an order of its own; give one of them.")


def _selected(table: pd.DataFrame, wanted: dict[str, Sequence[str | None]]) -> pd.DataFrame:
    """The rows that have one of the wanted codes, column by column; raises for a code that nothing can have."""
    from hegemon.history.codebook import KIND

    for column, values in wanted.items():
        codes = [value for value in values if value is not None]
        if not codes:
            continue
        known = sorted(set(table[column]))
        if column == "kind" and "crisis_id" in table:
            known = list(KIND)
        elif column == "response_primary":
            from hegemon.instruments import NAMES

            known = list(NAMES)
        for code in codes:
            if code not in known:
                option = {"response_primary": "instrument"}.get(column, column)
                kind = UnknownState if column == "state" else UnknownName
                raise kind(f"--{option} {shown(code)} is not in this table", did_you_mean(code, known))
        table = table[table[column].isin(codes)]
    return table


def _within(table: pd.DataFrame, since: str | None, until: str | None, begin: str) -> pd.DataFrame:
    """Rows that began (crises) or ran (spells) between two times; months without a day count as a whole."""
    first, last = _bound(since, "--from", last=False), _bound(until, "--to", last=True)
    if first and last and last < first:
        raise BadDate(f"--to {until} lies before --from {since}", "Give the earlier first.")
    began = table[begin].where(table[begin].str.len() > 7, table[begin] + "-00")
    running = began
    if begin == "from":
        ended = table["to"].where(table["to"] != "", "9999-99-99")
        running = ended.where(ended.str.len() > 7, ended + "-99")
    keep = (running >= first) & (began <= (last or "9999-99-99"))
    return table[keep]


def _bound(text: str | None, option: str, last: bool) -> str:
    """The first or the last day of a year, quarter, month or day; empty where none is given."""
    if text is None:
        return ""
    found = re.fullmatch(r"([0-9]{4})(?:Q([1-4])|-([0-9]{2})(-[0-9]{2})?)?", text)
    month = int(found[3]) if found and found[3] else 1
    days = calendar.monthrange(int(found[1]), month)[1] if found and 1 <= month <= 12 and int(found[1]) else 0
    if not found or not 1 <= int((found[4] or "-1")[1:]) <= days:
        raise BadDate(f"{option} {shown(text)}", "Write a year, a quarter or a date: 2000, 2000Q2, 2000-05.")
    year, quarter, exact, day = found.groups()
    if day:
        return text
    if exact:
        return f"{year}-{exact}-{'99' if last else '00'}"
    if quarter:
        return f"{year}-{int(quarter) * 3:02d}-99" if last else f"{year}-{int(quarter) * 3 - 2:02d}-00"
    return f"{year}-{'99-99' if last else '00-00'}"

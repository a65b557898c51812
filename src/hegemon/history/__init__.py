"""The coded record: crises of a patron's neighbours, who asked, what the patron did, how it ended.

`history()` is the record as coded; `record_events()` says the same in the model's terms, one event per state
and quarter, so that history can take the place of the dice.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Collection, Mapping
from importlib import resources
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Literal

from hegemon import quarters
from hegemon.errors import BadValue, Missing, UnknownName, did_you_mean, shown
from hegemon.history.codebook import KIND, SIDE, SUCCESSOR

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.scenarios.tables import Content

DRAWN = (
    "australian-sphere", "british-sphere", "egyptian-sphere", "francafrique", "indochina", "soviet-periphery", "syrian-sphere",
    "turkish-sphere", "us-pacific",
)  # fmt: skip
"""Orders whose record was drawn at random from registers: a sample, which says nothing of how many crises there were."""

KNOWN = ("warsaw-pact", "inter-american")
"""Orders whose record holds crises that are known, and not all there were: it says no more of how many there were."""

REGISTER = "register.csv"

COVERAGE = MappingProxyType(
    {"post-soviet": ("1992Q1", "2022Q1"), "warsaw-pact": ("1953Q1", "1989Q4"), "inter-american": ("1953Q1", "2019Q4")}
    | dict.fromkeys(DRAWN, ("1945Q1", "2024Q4"))
)
"""First and last quarter of every built-in record.

The last may be covered in part (post-soviet: January 2022). Comparison orders are covered by prominent crises, not by all
there were (the last inter-american one began in October 2019), those of `DRAWN` by a random sample of them.
"""

FILES = MappingProxyType(
    {"post-soviet": "crises.csv", "warsaw-pact": "orders.csv", "inter-american": "orders.csv"} | dict.fromkeys(DRAWN, REGISTER)
)
"""Where each built-in record is kept: the rows that name it in their column `order`."""

COLUMNS = (
    "quarter", "state", "kind", "severity", "line", "instrument", "side", "requested", "consented", "survived", "successor",
    "name", "crisis_id", "coded_quarter",
)  # fmt: skip


def builtin_records() -> tuple[str, ...]:
    """Names of the records that come with the package."""
    return tuple(COVERAGE)


def history(name: str = "post-soviet", unknown: Collection[str] = ()) -> pd.DataFrame:
    """Coded crises, checked against the codebook: a built-in record by name (`COVERAGE`), or your own CSV file by path.

    unknown  columns that a file of your own may leave empty, or leave out

    Raises `UserError` naming row, column, value and remedy.
    """
    from hegemon.history.reading import read_crises

    if name in COVERAGE:
        table = _shipped(FILES[name])
        return table[table["order"] == name].reset_index(drop=True)
    if not name.endswith(".csv"):
        raise UnknownName(
            f"no history is called {shown(name)}",
            f"{did_you_mean(name, COVERAGE)} A path to a file of your own ends in .csv.",
        )
    from hegemon.files import home, read_text

    path = home(name)
    return read_crises(read_text(path, 20_000_000, said=name, builtin=tuple(COVERAGE)), path.name, unknown)


@functools.cache
def _shipped(file: str) -> pd.DataFrame:
    """A table of crises that comes with the package: read and checked once.

    The first coding of crises chosen by hand has no side. It is taken from the second, but where that saw no act at all and the
    first did: then it is not known.
    """
    from hegemon.history.codings import second_coding
    from hegemon.history.reading import read_crises

    text = resources.files("hegemon.history").joinpath(file).read_text("utf-8")
    table = read_crises(text, file, ("host_request",) if file == REGISTER else ())  # an unknown request counts as none
    if "side" in table:
        return table
    second = second_coding().loc[table["crisis_id"]].reset_index()
    seen = (second["response_primary"] != "abstain") | (table["response_primary"] == "abstain")
    return table.assign(side=second["side"].where(seen, ""))


def every_crisis() -> pd.DataFrame:
    """All coded crises of all orders, chosen and drawn, with side, size of force and the second coding: `codings` says more.

    None of them calibrates the model by being here: that is what `history` returns.
    """
    from hegemon.history import codings

    return codings.every_crisis()


def coded(scenario: Content) -> pd.DataFrame:
    """The coded record that a scenario names: a built-in one, or the file of its own. Raises `Missing` where it names none."""
    from hegemon.history.reading import read_crises

    if scenario.history is None:
        raise Missing(f"{scenario.name} has no coded record", 'Name one in it, history = "record.csv", or with --history.')
    if (text := (scenario.files or {}).get(scenario.history)) is not None:
        return read_crises(text, scenario.history)
    return history(scenario.history)


def picked(table: pd.DataFrame) -> Literal["drawn", "known"] | None:
    """How crises were picked from all there were, as their column `drawn` or the name of a built-in record says: drawn at random,
    or because they are known. Either way they tell how crises went, not how many there were. None: they are all there were."""
    if "drawn" in table and table["drawn"].notna().any():
        return "drawn" if (table["drawn"] == 1).any() else "known"
    names = set(table["order"]) if "order" in table else set()
    return "drawn" if names & set(DRAWN) else "known" if names & set(KNOWN) else None


def coverage(scenario: Content) -> tuple[str, str]:
    """First and last quarter that a scenario's record covers; its own quarters where it has none."""
    if scenario.history is not None and scenario.history in COVERAGE:
        return COVERAGE[scenario.history]
    return scenario.start, scenario.covered or scenario.end


def record_events(
    history: pd.DataFrame | None = None, start: str | None = None, end: str | None = None
) -> pd.DataFrame:
    """The record in the model's terms, from `start` to `end`, by quarter and state.

    `history` is a table of one order (None: the post-Soviet one). Where no years are said, they are those a built-in record
    covers, or those of the table's own crises: nothing is left out unasked.

    quarter     in which the crisis began. A state has one event per quarter: where a second began in the same
                one, the later moves to the state's next free quarter, or, where none is left, those before it move back;
                `coded_quarter` keeps the one coded
    kind        by `KIND`
    severity    1 low, 2 medium, 3 high
    line        the incumbents' line when it began: patron, balanced or rival
    instrument  the primary response
    side        whom it was for: the incumbents, neither, or those against them; empty where nobody coded it
    requested   the incumbents asked the patron or its pact, whether or not they got what they asked for
    consented   a decision of the pact stands behind collective force
    survived    the incumbents are in office at the end
    successor   leaning of those who came after, empty where the incumbents survived
    """
    import pandas as pd

    table = globals()["history"]() if history is None else history
    if start is None or end is None:
        since, until = _covered(table)
        start, end = start or since, end or until
    first, last = quarters.index(start), quarters.index(end)
    placed: dict[str, dict[int, tuple[dict[Any, Any], int]]] = {}  # by state and quarter: a row, and the quarter coded
    for row in table.sort_values(["start", "crisis_id"], kind="stable").to_dict("records"):
        own = placed.setdefault(row["state"], {})
        coded = when = quarters.index(quarters.of_date(row["start"]))
        while when in own:
            when += 1
        if coded <= last < when:  # none later is free: those before it make room
            free = next((quarter for quarter in range(coded, first - 1, -1) if quarter not in own), None)
            if free is None:
                raise BadValue(f"{row['crisis_id']} has no free quarter from {start} to {end}",
                               f"{row['state']} has other crises in each one; merge two of them.")  # fmt: skip
            for quarter in range(free, last):
                own[quarter] = own.pop(quarter + 1)
            when = last
        own[when] = row, coded
    rows = [_event(row, quarters.label(when), quarters.label(coded)) for own in placed.values()
            for when, (row, coded) in own.items() if first <= when <= last]  # fmt: skip
    events = pd.DataFrame(rows, columns=list(COLUMNS))
    return events.sort_values(["quarter", "state"], kind="stable").reset_index(drop=True)


def events_of(table: pd.DataFrame) -> pd.DataFrame:
    """Coded crises in the model's terms, row for row, each in the quarter in which it began."""
    import pandas as pd

    began = [quarters.of_date(day) for day in table["start"]]
    rows = [_event(row, quarter, quarter) for row, quarter in zip(table.to_dict("records"), began, strict=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def recorded(scenario: Content) -> pd.DataFrame | None:
    """The record of a scenario's quarters in the model's terms, or None where there is none."""
    return None if scenario.history is None else record_events(coded(scenario), start=scenario.start, end=scenario.end)


def _covered(table: pd.DataFrame) -> tuple[str, str]:
    """First and last quarter of a table: a built-in record's coverage, else its crises' with a year to move in."""
    named = set(table["order"]) if "order" in table else set()
    if len(named) == 1 and (name := named.pop()) in COVERAGE:
        return COVERAGE[name]
    began = sorted(quarters.of_date(day) for day in table["start"])
    return (began[0], quarters.shift(began[-1], 4)) if began else COVERAGE["post-soviet"]


def _event(row: Mapping[Any, Any], quarter: str, coded: str) -> dict[str, object]:
    survived = bool(row["incumbent_survived"])
    collective = row["response_primary"] == "collective_force"
    return {
        "quarter": quarter,
        "state": row["state"],
        "kind": KIND[str(row["kind"])],
        "severity": int(row["severity"]),
        "line": SUCCESSOR[str(row["incumbent_before"])],
        "instrument": row["response_primary"],
        "side": side_of(row),
        "requested": str(row["host_request"]).startswith("asked"),
        "consented": row["legal_frame"] == "pact_mandate" and collective,
        "survived": survived,
        "successor": "" if survived else SUCCESSOR[str(row["orientation_after"])],
        "name": row["name"],
        "crisis_id": row["crisis_id"],
        "coded_quarter": coded,
    }


def side_of(row: Mapping[Any, Any]) -> str:
    """Whom an act was for, in the model's words (`SIDES`), as it was coded. Where nobody coded it, an act without direction is
    for neither, and of others it is not known: empty."""
    from hegemon.instruments import DIRECTED, NEITHER, SIDES

    return SIDE.get(str(row.get("side", "")), "" if row["response_primary"] in DIRECTED else SIDES[NEITHER])


class _Callable(ModuleType):
    """Users write `hegemon.history()`, and `hegemon.history` is this module once anything has imported it."""

    def __call__(self, name: str = "post-soviet", unknown: Collection[str] = ()) -> pd.DataFrame:
        return history(name, unknown)


sys.modules[__name__].__class__ = _Callable

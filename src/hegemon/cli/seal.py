"""`hegemon seal`: a forecast that nobody can alter afterwards, and its score when the years have come."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegemon.cli.output import JSON, print_json, say
from hegemon.errors import BadValue, shown
from hegemon.files import try_to_write

if TYPE_CHECKING:
    from hegemon.studies.forecast.sealing import Scored

FORECAST = Annotated[
    Path, typer.Argument(metavar="FORECAST", help="Folder of a forecast made with --years; with --score, a file of seals.")
]
INTO = Annotated[Path, typer.Option("--into", metavar="FILE", help="File of seals, one a line; made if it is not there.")]
SCORE = Annotated[bool, typer.Option("--score", help="Score what was sealed with a record that has grown.")]
HISTORY = Annotated[str | None, typer.Option("--history", metavar="FILE.csv", help="That record; absent: each order's own.")]
UNTIL = Annotated[
    str | None, typer.Option("--until", metavar="QUARTER", help="Last quarter it covers in full; needed with --history.")
]


ORDER = Annotated[
    str | None, typer.Option("--order", metavar="FOLDER", help="With --score: the order of your own that was forecast.")
]


def seal(
    forecast: FORECAST, into: INTO = Path("seals.jsonl"), score: SCORE = False, history: HISTORY = None, until: UNTIL = None,
    order: ORDER = None, as_json: JSON = False,
) -> None:  # fmt: skip
    """Seal a forecast with its date, its rules and the fingerprint of the one before, or score what was sealed."""
    from hegemon.studies import study
    from hegemon.studies.folder import open_result
    from hegemon.studies.forecast import sealing
    from hegemon.studies.forecast.result import Forecast

    if score:
        found = sealing.score(forecast, history, until, order)
        return print_json({"seals": [asdict(each) for each in found]}) if as_json else say("\n".join(map(sentence, found)))
    if history is not None or until is not None or order is not None:
        raise BadValue("--history, --until and --order", "They go with --score.")
    try_to_write(into)
    of = open_result(forecast)
    if not isinstance(of, Forecast):
        raise BadValue(f"{shown(forecast.as_posix(), 200)} is {study(of.question.study).noun}", "Only forecasts are sealed.")
    sealed = sealing.seal(of, into)
    if as_json:
        return print_json({"file": into.as_posix(), "seal": sealed})
    say(f"Sealed as number {sealed['number']} of {into.as_posix()}, {sealed['sealed']}: {sealed['order']}, {sealed['first']} to "
        f"{sealed['last']}.\nsha256 {sealed['sha256']}\nThe date is this machine's word: publish that fingerprint where others "
        f"see it today.\n{sealed['rules']}")  # fmt: skip


def sentence(of: Scored) -> str:
    """What came of one sealed forecast."""
    head = f"Number {of.number}, sealed {of.sealed}, {of.first} to {of.last}: "
    found = of.settled
    if found is None:
        return head + "not over; the record does not cover its window yet."
    ahead = f"{found.ahead.mean:+.3f} a chance, 95 % by state {found.ahead.low:+.3f} to {found.ahead.high:+.3f}"
    said = f"{found.came} of {found.cells} chances came true. Log score {found.log:.3f} against {found.base_log:.3f} of the base "
    return f"{head}{said}rates (ahead by {ahead}); Brier score {found.brier:.3f} against {found.base_brier:.3f}."

"""`hegemon overview`: an order at a glance, from its scenario, or its answers, to one page."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hegemon.cli.output import JSON, print_json, say
from hegemon.cli.world import PACK

if TYPE_CHECKING:
    from hegemon.studies.question import Question

YEARS, MOST_YEARS, MOST = 5, 25, 4_000

SCENARIO = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name of a built-in scenario, a file, or an order's folder.")]
STATE = Annotated[
    str | None, typer.Option("--state", metavar="STATE", help="Whose room is measured; absent: of the one with most crises.")
]
OUT = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for results and page; by default results/.")]


def overview(
    scenario: SCENARIO, state: STATE = None,
    years: Annotated[int, typer.Option("--years", metavar="N", min=1, max=MOST_YEARS, help="Years to forecast.")] = YEARS,
    runs: Annotated[int, typer.Option("--runs", "-n", metavar="N", min=2, max=MOST, help="Histories.")] = 2_000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Luck.")] = 0,
    out: OUT = None, pack: PACK = None, as_json: JSON = False,
) -> None:  # fmt: skip
    """Everything at a glance: an order simulated, one neighbour's room, what may come, on one page.

    The neighbour is the one with the most crises in the simulated histories, the room is that of the last date known, and the
    years to come begin there. Figures are drawn within their intervals where the order has any. A folder that was built of
    answers (`hegemon new FOLDER --patron ...`) is built again first where they have changed. What its own command has answered
    already (`hegemon run`, `room`, `forecast`) is read.
    """
    from hegemon.cli.built import told
    from hegemon.cli.results import together
    from hegemon.projects import overview as asking
    from hegemon.projects.built import renewed
    from hegemon.studies import telling
    from hegemon.studies.folder import tried

    built = renewed(scenario, pack)
    if built is not None:
        say(f"Built again, since the answers have changed: {told(built)}", error=as_json)
    run = asking.simulated(scenario, runs, seed)
    order = run.order()
    there = asking.neighbours(order, scenario)
    ahead = asking.to_come(scenario, order, years, runs, seed)
    for question in (run, asking.room_of(scenario, state or there[0], seed), ahead):
        question.check()
    place = out or Path("results")
    tried(place / telling.PAGE, "choose another --out.")
    first, at = _answered(run, place)
    most, crises = asking.troubled(first, there)
    room, forecast = asking.room_of(scenario, state or most, seed), ahead
    found = [(first, at), *(_answered(each, place) for each in (room, forecast))]
    folders = [folder for _, folder in found]
    page = (out or together(folders)) / telling.PAGE
    telling.write_joint([each for each, _ in found], page, f"{order.scenario.title}: an overview")
    whose = state or most
    why = f"Room of {order.scenario.states[whose].name}" + (
        "." if state else f", which has the most crises: {crises:.1f} in a history.")
    if as_json:
        return print_json({"report": page.as_posix(), "state": whose, "why": why,
                           "results": [telling.plain(each, folder=folder.as_posix()) for each, folder in found]})  # fmt: skip
    from hegemon.pages.terminal import show

    for each, _ in found:
        of = telling.document(each)
        show(dataclasses.replace(of, sections=[], made=[pair for pair in of.made if pair[0] == "Command"]))
    say(f"\n{why}\nReport: {page.as_posix()}\nEach alone, with its tables: {', '.join(f.as_posix() for f in folders)}")
    return None


def _answered(question: Question, place: Path) -> tuple[Any, Path]:
    """The answer to a question, in its own folder with its page, as its own command keeps it."""
    from hegemon import studies
    from hegemon.cli.progress import counted
    from hegemon.studies import asking, telling
    from hegemon.studies import folder as folders

    target = place / question.key()
    with counted(studies.study(question.study).noun) as tick:
        found = asking.ask(question, out=target, progress=tick)
    if not folders.as_drawn(target, telling.PAGE):
        telling.write_page(found, target)
    return found, target

"""`hegemon scenario`: list, show, check and begin scenarios, and publish the format's schema for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hegemon.cli.output import FOR_PROGRAMS, checking, print_json, say, try_new, write_new

app = typer.Typer(help="Questions about an order, one per file: list, show, check, begin.", no_args_is_help=True)


@app.command("list")
def list_(as_json: FOR_PROGRAMS = False) -> None:
    """Scenarios that come with hegemon, and what they ask."""
    from hegemon.scenarios.loader import builtin_names, find

    rows = []
    for name in builtin_names():
        draft = find(name)  # merged, not checked: a list should not wait for the model
        told = {key: draft.tables.get(key) for key in ("title", "question", "start", "end", "record")}
        rows.append({"name": name, **told, "extends": Path(draft.chain[1]).stem if draft.chain[1:] else None})
    if as_json:
        return print_json({"scenarios": rows})
    width = max(len(row["name"] or "") for row in rows)
    for row in rows:
        say(f"{row['name']:<{width}}  {row['start']} to {row['end']}  {row['question']}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Name of a built-in scenario, or path of a file.")],
    as_json: FOR_PROGRAMS = False,
) -> None:
    """What a scenario says, with everything it extends filled in."""
    from hegemon.scenarios.loader import load_scenario

    scenario = load_scenario(name)
    if as_json:
        return print_json({"name": scenario.name, "hash": scenario.hash, "scenario": scenario.content()})
    lines = [
        (scenario.title, ""),
        ("asks", scenario.question),
        ("from", f"{scenario.start} to {scenario.end}"),
        ("patron", scenario.patron.name),
        ("poles", ", ".join(pole.name + (" (bloc)" if pole.bloc else "") for pole in scenario.poles)),
        ("pact", f"{scenario.pact.name}; {scenario.pact.rule}" if scenario.pact else "none"),
        ("neighbours", ", ".join(state.name for state in scenario.states.values())),
        ("history", f"followed to {scenario.record}" if scenario.record else "not followed: dice from the start"),
        ("without", ", ".join(scenario.without) or "nothing: every mechanism is on"),
    ]
    lines += [("parameter", f"{block}.{key} = {value:g}") for block, values in scenario.parameters.items()
              for key, value in values.items()]  # fmt: skip
    for force in scenario.force:
        answer = f", answered by {force.instrument}" if force.instrument else ""
        lines.append(("given", f"{force.quarter} {scenario.states[force.state].name}: {force.crisis}{answer}"))
    lines.append(("hash", scenario.hash[:16]))
    for key, value in lines:
        say(f"{key:<11} {value}".rstrip())


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="Path of a scenario file (or a built-in name).")],
    as_json: FOR_PROGRAMS = False,
) -> None:
    """Whether a scenario can be run. The first mistake stops with its place and remedy."""
    from hegemon.scenarios.loader import load_scenario

    with checking(file, as_json):
        scenario = load_scenario(file)
    if as_json:
        return print_json({"valid": True, "file": file, "hash": scenario.hash, "states": len(scenario.states)})
    count = f"{len(scenario.states)} neighbour{'s' if len(scenario.states) != 1 else ''}"
    say(f"{file} can be run: {count}, {scenario.start} to {scenario.end}.")


@app.command()
def schema(as_json: FOR_PROGRAMS = False) -> None:
    """JSON Schema of the format, for editors (it is JSON with and without --json)."""
    from hegemon.scenarios.published import json_schema

    print_json(json_schema())


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario; written to NAME.toml.")],
    extends: Annotated[str, typer.Option(help="Scenario it changes.")] = "post-soviet",
    as_json: FOR_PROGRAMS = False,
) -> None:
    """Begin a scenario: a file with every choice explained, ready to run and to change."""
    from hegemon.errors import typed
    from hegemon.scenarios.loader import load_scenario
    from hegemon.scenarios.template import template

    path = Path(name if name.endswith(".toml") else f"{name}.toml")
    try_new(path)
    base = load_scenario(extends)
    write_new(path, template(base, extends, path))
    if as_json:
        return print_json({"file": str(path), "extends": extends})
    say(f"Wrote {path}. Change it, then: hegemon scenario check {typed(path)}")

"""Beginning an order of one's own: a blank one, or a copy of one that comes with hegemon, each with comments that teach."""

from __future__ import annotations

import csv
import io
import json
import re
from importlib import resources
from pathlib import Path
from string import Template

import tomli_w

from hegemon.errors import BadFile, shown, typed
from hegemon.files import home, refused, write_atomically
from hegemon.projects import new_place, write_project
from hegemon.scenarios.beside import CLAIMS, SCENARIO
from hegemon.scenarios.loader import builtin_names, find, load_scenario
from hegemon.scenarios.schema import Scenario

HEADER = Template("""\
# $name: an order of your own, begun from $base. Everything about it may be changed.
#
#   hegemon scenario check $folder       the first mistake, with line and remedy
#   hegemon run $folder                  and compare, replay, room, forecast, predict, claims, sweep, calibrate ...
#
# Files beside this one belong to it: record.csv (coded crises; the codebook: hegemon data codebook), ties.csv (observed
# orientations), posterior.npz (of hegemon calibrate), claims.toml, and mechanisms/*.py, whose code then runs.

""")


def begin(folder: str | Path, base: str | None = None, *, claims: bool = False) -> list[Path]:
    """Make the folder of a new order: blank, or like the scenario `base`; with claims, if asked for. Raises `UserError`."""
    place = new_place(folder)
    text, files = _blank(place.name) if base is None else _like(place, base)
    if claims:
        files[CLAIMS] = claims_text(place.name)
    return write_project(folder, text, files)


def add_claims(folder: str | Path) -> Path:
    """Begin the claims of an order that is there. Raises `UserError`."""
    place = home(folder)
    target, text = place / CLAIMS, claims_text(load_scenario(place).name)
    with refused(f"cannot write {shown(str(target), 200)}", "choose another folder."):
        try:
            write_atomically(target, text.encode(), new=True)
        except FileExistsError:
            raise BadFile(f"{shown(str(target), 200)} exists already", "Change it, or remove it first.") from None
    return target


def claims_text(name: str) -> str:
    """Claims that can be judged as they are, about a scenario beside them."""
    return _template("claims.toml").substitute(title=json.dumps(f"Claims about {name}", ensure_ascii=False), scenario=SCENARIO)


def _template(name: str) -> Template:
    return Template(resources.files("hegemon.projects").joinpath("blank", name).read_text("utf-8"))


def _blank(name: str) -> tuple[str, dict[str, str | bytes]]:
    """An invented order of three neighbours, and four invented crises."""
    text = _template(SCENARIO).substitute(name=name, folder=typed(name), title=json.dumps(name, ensure_ascii=False))
    return text, {"record.csv": _template("record.csv").template}


def _like(place: Path, base: str) -> tuple[str, dict[str, str | bytes]]:
    """A scenario's text with its record beside it."""
    scenario = load_scenario(base)
    draft = find(base)
    header = HEADER.substitute(name=place.name, base=base, folder=typed(place.name))
    if base in builtin_names() and len(draft.chain) == 1:
        text = resources.files("hegemon.scenarios").joinpath(f"{base}.toml").read_text("utf-8")
    else:
        content = scenario.content()
        content.pop("files", None)
        text = tomli_w.dumps(content)
    files: dict[str, str | bytes] = {name: held for name, held in (scenario.files or {}).items() if name.endswith(".csv")}
    if scenario.history is not None and scenario.history not in files:
        text = re.sub(r'(?m)^history\s*=.*$', f'history   = "record.csv"\ncovered   = "{_covered(scenario)}"', text, count=1)
        files["record.csv"] = record_text(scenario)
    return header + text, files


def _covered(scenario: Scenario) -> str:
    from hegemon import quarters
    from hegemon.history import coverage

    return min(coverage(scenario)[1], scenario.end, key=quarters.index)


def record_text(scenario: Scenario) -> str:
    """A scenario's coded crises as the file of an order of one's own."""
    from hegemon.history import coded, picked

    table = coded(scenario)
    how = picked(table)
    table = table[table["state"].isin(list(scenario.states))].drop(columns="order", errors="ignore")
    table = table if how is None else table.assign(drawn=int(how == "drawn"))
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.astype(object).where(table.notna(), "").itertuples(index=False):
        writer.writerow(row)
    return lines.getvalue()

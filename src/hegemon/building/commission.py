"""What a command asks for, as answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hegemon.building.answers import REST, Answers, checked
from hegemon.errors import BadValue, Missing, UserError, shown
from hegemon.world_pack.world import World


def from_options(
    patron: str | None, neighbours: str | None, poles: Sequence[str], bloc: str | None, start: int | None, until: int | None,
    world: World,
) -> Answers:  # fmt: skip
    """The order of a command's options, with nothing answered. The patron's pole is added, called by its name."""
    given = {
        "--patron": patron,
        "--neighbours": neighbours,
        "--pole": poles or None,
        "--bloc": bloc,
        "--from": start,
        "--until": until,
    }
    lacking = [name for name, value in given.items() if value is None]
    if lacking:
        example = "--patron FRA --neighbours CIV,SEN --pole west=USA,GBR --bloc west --from 1961 --until 1995"
        raise Missing(f"an order needs {', '.join(lacking)}", f"As in {example}, or name a file of --answers.")
    assert patron is not None
    assert neighbours is not None
    assert start is not None
    tables: dict[str, list[str]] = {}
    for pole in poles:
        name, sign, members = pole.partition("=")
        if not sign or not members:
            raise BadValue(f"--pole {shown(pole)}", "Write a name and its states: west=USA,GBR (* for everybody else).")
        if name in tables:
            raise BadValue(f"--pole {name} is given twice", "Name all its states in one.")
        tables[name] = _codes(members, "--pole")
    code = patron.strip().upper()
    if world.known(code) and not any(code in members for members in tables.values()):
        name = re.sub(r"[^a-z0-9]+", "-", world.name(code, start).lower()).strip("-")
        tables = {name if re.match("[a-z]", name) and name not in tables else code.lower(): [code], **tables}
    order = {
        "patron": code,
        "neighbours": _codes(neighbours, "--neighbours"),
        "bloc": bloc,
        "from": start,
        "until": until,
    }
    try:
        return checked({"order": order, "poles": tables})
    except UserError as error:
        raise type(error)(_optional(error.what), error.remedy) from None


OPTIONS = {"order.neighbours": "--neighbours", "order.patron": "--patron", "order.bloc": "--bloc", "order.from": "--from",
           "order.until": "--until", "until =": "--until ="}  # fmt: skip


def _optional(what: str) -> str:
    """A sentence about the file's keys, by the options they came from."""
    for key, option in OPTIONS.items():
        what = re.sub(rf"^{re.escape(key)}", option, what)
    return re.sub(r"^poles\.", "--pole ", what)


def _codes(words: str, option: str) -> list[str]:
    """Codes separated by commas."""
    found = [word.strip() for word in words.split(",") if word.strip()]
    for word in found:
        if word != REST and not re.fullmatch("[A-Za-z]{3}", word):
            raise BadValue(
                f"{option}: {shown(word)}", "Write codes of three letters separated by commas, as in CIV,SEN."
            )
    return [word.upper() for word in found]

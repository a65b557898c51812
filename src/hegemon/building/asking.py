"""The answers file as it is handed to a person: what was answered as it was, and for the rest the default as a comment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hegemon.building import paths
from hegemon.building.facts import Reading
from hegemon.building.figures import frozen, troops
from hegemon.building.writing import FOUNDING, USUAL_RULE, inline, pole_name, quoted, turns
from hegemon.quarters import index

if TYPE_CHECKING:
    from hegemon.building.answers import Estimate
    from hegemon.building.draft import Draft


def answers_file(b: Draft) -> str:
    """The whole file; a line that stays a comment keeps its default."""
    a, o, f = b.answers, b.answers.order, b.facts
    lines = [
        "# What is built, and what no data set says of it. A line that stays a comment keeps its default; take the # away and",
        "# change what you know better. Numbers may be given with an interval: [low, value, high]. Then give",
        "# `hegemon overview FOLDER`, which builds it again and shows it.",
        "",
        "format = 1",
        f"source = {quoted(a.source)}" if a.source else '# source = "who has answered, and from what"',
        "",
        "[order]",
        f"patron = {quoted(o.patron)}",
        f"neighbours = [{', '.join(quoted(iso) for iso in o.neighbours)}]",
        f"bloc = {quoted(o.bloc)}",
        f"from = {o.from_}",
        f"until = {o.until}",
    ]
    for key in ("title", "question", "name", "posterior", "history"):
        lines += [f"{key} = {quoted(value)}"] if (value := getattr(o, key)) else []
    lines += [f"late = {quoted(o.late)}"] if o.late != "enter" else []
    lines += ["", "[poles]", *(f"{pole} = [{', '.join(map(quoted, members))}]" for pole, members in a.poles.items())]
    lines += [
        "",
        "[names]  # of poles",
        *(_given(pole, quoted(pole_name(b, pole)), pole in a.names) for pole in a.poles),
    ]
    for name, since, told in (
        ("independent", True, "The quarter in which it becomes a state, where that is within the order."),
        ("ended", False, "The first quarter in which it is a neighbour no more."),
    ):
        table = _dated(b, name, since)
        lines += ["", f"# {told}", f"[{name}]", *table] if table else []
    lines += ["", "# Line of the incumbents as it enters the order: pro_patron, balanced or pro_rival. Treaties tell little."]
    lines += ["[line]"]
    lines += [_given(iso, quoted(f.line(iso)), iso in a.line, b.name(iso)) for iso in f.neighbours]
    lines += ["", *_pact(b)]
    for name, told, default in (
        ("troops", "The patron's soldiers there at the start.", lambda iso: _plain(troops(f, iso))),
        ("force", "1: the patron used force against it in living memory.", lambda iso: f"{f.past_force(iso):.0f}"),
        ("frozen", "An entity outside the centre's control; 0.35 with the patron's troops beside it.",
         lambda iso: f"{frozen(f, iso, Reading()):.2f}"),
        ("institutions", "The patron's part of what the start inherited: law, currency, army, schools.",
         lambda iso: f"{f.heritage(iso)[f.own]:.2f}"),
        ("association", "1: in the patron's economic organisation or currency zone at the start, 0.5 half so.",
         lambda iso: f"{f.shared_clubs(iso):.2f}"),
        ("arms", "The patron's part of the major arms delivered to it around the start.", lambda iso: "[0, 0.5, 1]"),
    ):  # fmt: skip
        lines += ["", f"# {told}", f"[{name}]", *_table(b, name, default)]
    attention, doctrine = b.orders()
    lines += [
        "",
        "# idea: what the order says it protects, 0 conservative security .. 1 liberal; start: 0 non-intervention,",
    ]
    lines += ["# 1 the internal security of each is the business of all.", "[doctrine]"]
    lines += [_given(name, _three(value), getattr(a.doctrine, name) is not None) for name, value in doctrine.items()]
    lines += [f"source = {quoted(a.doctrine.source)}"] if a.doctrine.source else []
    lines += ["", "# How much a rival pole cares about the region at the start, 0 .. 1.", "[attention]"]
    lines += [_given(pole, _three(value), pole in a.attention) for pole, value in attention.items()]
    lines += [
        "",
        "# What turns by year from outside, as in a scenario (idea, rest, resolve, attention), as",
        "# [turns]",
        '# source = "who says so"',
        f"# resolve = {{ {o.from_} = 1.0, {o.until} = 0.5 }}",
    ] if a.turns is None else turns(a)
    lines += [
        "",
        "# Any other figure that you know better than a formula, as",
        "# [figure.CODE]",
        "# openness = [0.1, 0.2, 0.4]",
    ]
    for iso, said in a.figure.items():
        given = {key: value for key, value in said if value is not None}
        lines += ["", f"[figure.{iso}]", *(f"{key} = {_three(value)}" for key, value in given.items())]
    return "\n".join(lines) + "\n"


def _given(key: str, value: str, answered: bool, about: str = "") -> str:
    """A line, or its default as a comment."""
    return f"{'' if answered else '# '}{key} = {value}" + (f"  # {about}" if about else "")


def _three(value: Estimate) -> str:
    return f"{value[1]:.2f}" if value[0] == value[2] else f"[{value[0]:.2f}, {value[1]:.2f}, {value[2]:.2f}]"


def _dated(b: Draft, name: str, since: bool) -> list[str]:
    """Dates of states that come or go within the order, and those that were answered."""
    answered, found = getattr(b.answers, name), []
    for iso, own in b.spells.items():
        when = own.since if since else own.ended
        if when and (iso in answered or not since or index(when) > index(f"{b.answers.order.from_}Q1")):
            found.append(_given(iso, quoted(when), iso in answered, b.name(iso)))
    return found


def _table(b: Draft, name: str, default: Callable[[str], str]) -> Iterable[str]:
    """A table of answers by state."""
    answered = getattr(b.answers, name)
    for iso in b.facts.neighbours:
        value = answered.get(iso)
        said = default(iso) if value is None else str(value) if isinstance(value, int) else _plain(value)
        yield _given(iso, said, value is not None, b.name(iso))


def _plain(value: Estimate) -> str:
    numbers = [f"{number:g}" for number in value]
    return numbers[1] if value[0] == value[2] else f"[{', '.join(numbers)}]"


def _pact(b: Draft) -> list[str]:
    asked, o = b.answers.pact, b.answers.order
    lines = [
        "# The pact: its rule (unanimity, majority, patron); its members, where treaties (ATOP) do not say who was in."
    ]
    lines += ["[pact]"]
    lines += [_given("name", quoted(asked.name or f"Defence pacts with {b.patron}"), asked.name is not None)]
    lines += [_given("rule", quoted(asked.rule or USUAL_RULE), asked.rule is not None)]
    until = asked.founding_until or f"{min(o.from_ + FOUNDING, o.until)}Q4"
    lines += [_given("founding_until", quoted(until), asked.founding_until is not None)]
    lines += [_given("patron_share", f"{paths.patron_share(b.facts):.2f}", asked.patron_share is not None)]
    if asked.none:
        return [*lines, "none = true"]
    answered = asked.member is not None
    lines += ["", f"{'' if answered else '# '}[pact.member]"]
    spells: dict[str, list[str]] = {}
    for spell in paths.spells(b.facts):
        told = {key: quoted(spell[key]) for key in ("from", "to") if key in spell}
        spells.setdefault(spell["state"], []).append(inline(told))
    return lines + [_given(iso, f"[{', '.join(each)}]", answered) for iso, each in spells.items()]

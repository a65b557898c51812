"""The scenario's text: every figure with its formula under [sources] and its interval under [intervals]."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hegemon.building import dyads, figures, paths, statehood

if TYPE_CHECKING:
    from hegemon.building.answers import Answers, Estimate
    from hegemon.building.draft import Draft

USUAL_RULE = "unanimity"
FOUNDING = 2
"""Years in which entries and exits are scheduled, where nothing is answered."""


def quoted(text: str) -> str:
    """A text in TOML; JSON's quoting is valid there."""
    return json.dumps(text, ensure_ascii=False)


def inline(values: Mapping[Any, Any]) -> str:
    """A table on one line."""
    return "{ " + ", ".join(f"{key} = {value}" for key, value in values.items()) + " }"


def hundredths(values: Mapping[str, float]) -> dict[str, str]:
    """Shares in hundredths that sum to one: what is left over by rounding down goes to the largest remainders."""
    total = sum(max(value, 0.0) for value in values.values())
    cents = {name: max(value, 0.0) / total * 100 for name, value in values.items()}
    whole = {name: int(cent) for name, cent in cents.items()}
    for name in sorted(cents, key=lambda each: whole[each] - cents[each])[: round(100 - sum(whole.values()))]:
        whole[name] += 1
    return {name: f"{cent / 100:.2f}" for name, cent in whole.items()}


def scenario(b: Draft) -> str:
    """The whole file."""
    given = [_head(b), _poles(b), _doctrine(b), _given(b), turns(b.answers), _pact(b)]
    parts = [*given, _sources(b), _states(b), _pairs(b), _intervals(b)]
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(b: Draft) -> list[str]:
    o = b.answers.order
    title = o.title or f"{b.patron} and its neighbours"
    question = (
        o.question or f"How much foreign policy does {b.patron} leave its neighbours, and how does it keep the rest?"
    )
    lines = [
        "# Figures by the formulas of `hegemon.building` from a world data pack; what no data set says was answered by a person",
        "# ([sources] says which). Each has an interval under [intervals], which `hegemon run --over figures` samples.",
        "# Written by a command: what is changed here is lost when the order is built again; change answers.toml.",
        "",
        "format = 1",
        f"title = {quoted(title)}",
        f"question = {quoted(question)}",
        f'start = "{o.from_}Q1"',
        f'end = "{o.until}Q4"',
    ]
    lines += [f"history = {quoted(o.history)}"] if o.history else []
    lines += [f"posterior = {quoted(o.posterior)}"] if o.posterior else []
    name, cow = b.patron, b.facts.world.cow(o.patron, o.from_)
    return [*lines, "", "[patron]", f"name = {quoted(name)}", f"iso3 = {quoted(o.patron)}", f"cow = {cow}"]


def _poles(b: Draft) -> list[str]:
    attention = paths.attention(b.facts)
    lines = []
    for pole in b.answers.poles:
        lines += ["", "[[poles]]", f"id = {quoted(pole)}", f"name = {quoted(pole_name(b, pole))}"]
        lines += [f"attention = {attention[pole][1] if pole in attention else 1.0:.2f}"]
        lines += ["bloc = true"] if pole == b.answers.order.bloc else []
    return lines


def pole_name(b: Draft, pole: str) -> str:
    """What a pole is called: answered, a state's name where it is one, else its id."""
    members = b.facts.members(pole)
    if pole in b.answers.names:
        return b.answers.names[pole]
    if len(b.answers.poles[pole]) == 1 and members:
        return b.facts.world.name(members[0], b.answers.order.from_)
    return pole.replace("_", " ").replace("-", " ").capitalize()


def _doctrine(b: Draft) -> list[str]:
    given, said = paths.doctrine(b.facts), b.answers.doctrine.source
    source = said or figures.said(paths.doctrine)
    return [
        "",
        "[doctrine]",
        *(f"{name} = {value[1]:.2f}" for name, value in given.items()),
        f"source = {quoted(source)}",
    ]


def _given(b: Draft) -> list[str]:
    capacity = inline({year: f"{value:.2f}" for year, value in paths.capacity(b.facts).items()})
    growth = inline({year: f"{value:.3f}" for year, value in paths.growth(b.facts).items()})
    return ["", "[capacity]", f"source = {quoted(figures.said(paths.capacity))}", f"path = {capacity}",
            "", "[growth]", f"source = {quoted(figures.said(paths.growth))}", f"path = {growth}"]  # fmt: skip


def turns(a: Answers) -> list[str]:
    """What changes from outside, as it was answered."""
    if a.turns is None:
        return []
    paths = {name: getattr(a.turns, name) for name in ("idea", "rest", "resolve")}
    lines = [f"{name} = {inline(path)}" for name, path in paths.items() if path]
    attention = {pole: inline(path) for pole, path in a.turns.attention.items()}
    lines += [f"attention = {inline(attention)}"] if attention else []
    return ["", "[turns]", f"source = {quoted(a.turns.source)}", *lines]


def _pact(b: Draft) -> list[str]:
    spells, asked, order = paths.spells(b.facts), b.answers.pact, b.answers.order
    if not spells:
        return []
    lines = ["", "[pact]", f"name = {quoted(asked.name or f'Defence pacts with {b.patron}')}",
             f"rule = {quoted(asked.rule or USUAL_RULE)}", f"patron_share = {paths.patron_share(b.facts):.2f}",
             f"founding_until = {quoted(asked.founding_until or f'{min(order.from_ + FOUNDING, order.until)}Q4')}",
             f"source = {quoted(figures.said(paths.spells))}"]  # fmt: skip
    for spell in spells:
        lines += ["", "[[pact.membership]]", *(f"{key} = {quoted(value)}" for key, value in spell.items())]
    return lines


def _sources(b: Draft) -> list[str]:
    formulas: dict[str, Callable[..., object]] = {
        **figures.SHARED, **figures.SINGLE, "proximity": dyads.proximity, "rivalry": dyads.rivalry,
        "attention": paths.attention,
    }  # fmt: skip
    if paths.spells(b.facts):
        formulas["patron_share"] = paths.patron_share
    if any(any(own) for own in b.spells.values()):
        formulas["statehood"] = statehood.spell
    lines = ["", "[sources]", *(f"{name} = {quoted(figures.said(formula))}" for name, formula in formulas.items())]
    return [*lines, f"answers = {quoted(_answered(b))}"]


def _answered(b: Draft) -> str:
    """What a person has said, and of how many neighbours."""
    a = b.answers
    names = ("line", "troops", "force", "frozen", "institutions", "association", "arms", "attention", "figure")
    tables: dict[str, Mapping[str, Any]] = {name: getattr(a, name) for name in names} | {"pact": a.pact.member or {}}
    counts = [f"{name} of {len(table)}" for name, table in tables.items() if table]
    counts += [f"doctrine.{name}" for name in ("idea", "start") if getattr(a.doctrine, name)]
    told = "; ".join(counts) if counts else "nothing: every judgement is a default"
    return f"Answered: {told}. {a.source or ''}".strip()


def _states(b: Draft) -> list[str]:
    lines = []
    for iso, found in b.figures.items():
        lines += [
            "",
            f"[states.{iso}]",
            f"name = {quoted(b.name(iso))}",
            f"cow = {b.facts.world.cow(iso, b.facts.first(iso))}",
        ]
        own = b.spells.get(iso, statehood.Spell(None, None))
        lines += [f"independent = {quoted(own.since)}"] if own.since else []
        lines += [f"ended = {quoted(own.ended)}"] if own.ended else []
        for name, value in found.items():
            shares = value if isinstance(value, dict) else None
            said = (
                inline(hundredths({pole: each[1] for pole, each in shares.items()}))
                if shares
                else f"{_middle(value):.2f}"
            )
            lines.append(f"{name} = {said}")
    return lines


def _middle(value: Estimate | dict[str, Estimate]) -> float:
    assert not isinstance(value, dict)
    return value[1]


def _pairs(b: Draft) -> list[str]:
    lines = []
    for table, rows in b.pairs().items():
        for one, others in rows.items():
            lines += ["", f"[{table}.{one}]", *(f"{two} = {value:.2f}" for two, value in others.items())]
    return lines


def _intervals(b: Draft) -> list[str]:
    attention, doctrine = b.orders()
    lines = ["", "# 90 % intervals: readings of the evidence, widened by what formulas and hand-made figures differ by.",
             "[intervals]", f"doctrine = {inline({name: _span(value) for name, value in doctrine.items()})}",
             f"attention = {inline({name: _span(value) for name, value in attention.items()})}"]  # fmt: skip
    for iso, found in b.figures.items():
        lines += ["", f"[intervals.states.{iso}]"]
        for name, value in found.items():
            said = (
                inline({pole: _span(each) for pole, each in value.items()}) if isinstance(value, dict) else _span(value)
            )
            lines.append(f"{name} = {said}")
    return lines


def _span(value: Estimate) -> str:
    """Lower and upper end, which hold the value as it is rounded."""
    middle = round(value[1], 2)
    return f"[{min(round(value[0], 2), middle):.2f}, {max(round(value[2], 2), middle):.2f}]"

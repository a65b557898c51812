"""The model's description after the ODD protocol, written from the registry, the fields and the docstrings.

ODD (Overview, Design concepts, Details; Grimm et al. 2020, JASSS 23(2):7) is the standard form in which
agent-based models are described. `odd()` is the document, `submodel()` a mechanism's part of it, `systems()`,
`instruments()` and `parameters()` its tables. Nothing here is a second copy: a changed default or docstring
changes the document.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from importlib import resources
from string import Template

import numpy as np

from hegemon import law, world
from hegemon.docs import code
from hegemon.docs import markdown as md
from hegemon.engine.tally import SAMPLE
from hegemon.event import PARTS
from hegemon.instruments import (
    AGAINST,
    BY_SIDE,
    CONSEQUENCES,
    FOR,
    INCLINATIONS,
    INSTRUMENTS,
    KINDS,
    Effects,
    by_side,
    used,
)
from hegemon.mechanisms import MECHANISMS, Mechanism
from hegemon.mechanisms.base import Law, Side
from hegemon.opening import opening_world
from hegemon.order import Order, load
from hegemon.parameters import Params, priors

SYSTEMS = 16
"""Systems of the argument; mechanisms numbered higher were added because the record needs them."""

OF = {
    "PerNeighbour": "each neighbour",
    "PerTie": "each neighbour and pole",
    "PerPole": "each pole",
    "Shared": "the order",
    "Any": "the order",
    "Choice": "each neighbour",
    "Yes": "each neighbour",
}
"""Whom a field describes, by its shape."""

PAIRS = "[N, N]"
"""How a field's comment says that it is a matrix between neighbours."""

DECIDED = {
    "crisis": "Which neighbour is in which kind of trouble, if any: competing risks from the hazards, "
    "`P(none) = exp(-proneness * sum of rates)`, the kinds in proportion to their rates.",
    "severity": "How grave it is, low, medium or high: an ordered logit in what the mechanisms say of such a crisis.",
    "line": "How others see the incumbents, as the patron's friends, balanced or the rival's: an ordered logit in the "
    "share of ties they want with the patron.",
    "request": "The incumbents ask for help or do not, in any crisis; sooner in danger and in grave ones, less where "
    "neither rule nor territory is at stake.",
    "consent": "Members vote on help for a member and the charter's rule decides; unbidden, at a share of that chance.",
    "response": "The patron chooses by a logit over expected consequences, experience and inclination. Only want of ground "
    "for separatism, and of the pact's consent to collective force, rules an instrument out; a misfit is rare.",
    "side": "The act is for the incumbents or against them, where the instrument is used on either side: a logit in the kind "
    "of crisis, its severity, the incumbents' line and their asking. Of other instruments the definition says it; an "
    "even-handed act and abstaining have no side.",
    "survival": "The incumbents stay or fall, given what the instrument did for them or against them.",
    "successor": "Where they fell, the next government leans to the patron, keeps the balance or leans to a rival.",
}
"""What is decided in each part of an event, in the order of `event.PARTS`."""

_NOTE = re.compile(r"^    (\w+): (\w+)  # (.+)$", re.MULTILINE)


def odd(order: Order | None = None) -> str:
    """The model in the seven elements of the ODD protocol, as Markdown; examples are taken from `order`.

    Prose stands in odd.md; each of its $names is one of these.
    """
    example = order if order is not None else load("post-soviet")
    s, drift = example.scenario, (f"drift {pole}" for pole in range(len(example.poles)))
    prose = resources.files("hegemon.docs").joinpath("odd.md").read_text("utf-8")
    return Template(prose).substitute(
        title=s.title,
        states=len(example.states),
        poles=len(example.poles),
        pole_names=", ".join(pole.name for pole in s.poles),
        quarters=len(example.quarters),
        first=s.start,
        last=s.end,
        state_variables=_state_variables(),
        given=md.table(("given", "of", "meaning"), _noted(world.Setting)),
        derived=md.table(("derived", "of", "meaning"), _noted(world.Standing)),
        steps="\n".join(f"{n}. *{part}.* {DECIDED[part]}" for n, part in enumerate(PARTS, start=1)),
        facts=md.table(("fact", "of", "meaning"), _noted(world.Event)),
        crisis=md.table(("seen", "of", "meaning"), _noted(world.Crisis)),
        sites=", ".join(f"`{site}`" for site in (*PARTS, *drift, "mood")),
        sample=f"{SAMPLE:,}",
        start=_start(example),
        pact=f" Membership of the pact is scheduled to {s.pact.founding_until}." if s.pact else "",
        recorded=_recorded(example),
        paths=_paths(example),
        mechanisms=len(MECHANISMS),
        kinds=", ".join(f"`{kind}`" for kind in KINDS),
        formulas="\n\n\n".join(inspect.getsource(f).rstrip() for f in ADDED),
        law_parameters=parameters(Law),
        side_parameters=parameters(Side),
        by_side="\n\n\n".join(inspect.getsource(f).rstrip() for f in (by_side, used)),
        instruments=instruments(),
        submodels="\n\n".join(submodel(m) for m in MECHANISMS),
    )


# ---- Tables that other pages and the README use ----


def systems() -> str:
    """The systems of the model and the mechanism that is each of them."""
    return md.table(
        ("", "system", "in a sentence", "mechanism"),
        ((m.system, m.title, md.capital(code.sentence(m)), f"[`{m.name}`]({code.file(m)})") for m in MECHANISMS),
    )


def instruments() -> str:
    """What each instrument is, when it can be used, what it does and what disposes the patron to it."""
    used_for = {(): "nobody", (FOR,): "the incumbents", (AGAINST,): "those against them", (FOR, AGAINST): "either"}
    what = md.table(("instrument", "what it is", "needs", "used for"),
                    ((f"`{i.name}`", i.what, i.why_not, used_for[i.sides]) for i in INSTRUMENTS))  # fmt: skip
    unit = {name: prior.unit for name, prior in priors(Effects)}
    halves = (
        ("Consequences: what an instrument does, and so what it is worth.", "effect", CONSEQUENCES),
        ("Inclinations: log-odds against abstaining that consequences leave unexplained.", "inclination", INCLINATIONS),
    )
    for text, head, names in halves:
        rows = ((f"`{i.name}`", *(md.number(getattr(i.effects, name)) for name in names)) for i in INSTRUMENTS)
        table = md.table(("instrument", *(f"`{name}`" for name in names)), rows)
        what += f"\n\n{text}\n\n{table}\n\n{md.table((head, 'meaning'), ((f'`{n}`', unit[n]) for n in names))}"
        what += f"\n\n{directions()}" if head == "effect" else ""
    return what


def directions() -> str:
    """What instruments do that are used on either side, on the one and on the other."""
    both = by_side([i.effects for i in INSTRUMENTS], Side().mild)
    rows = ((f"`{i.name}`", word, *(md.number(round(getattr(row, name), 4)) for name in BY_SIDE))
            for i, *pair in zip(INSTRUMENTS, *both, strict=True) if len(i.sides) > 1
            for word, row in zip(("for the incumbents", "against them"), pair, strict=True))  # fmt: skip
    table = md.table(("instrument", "used", *(f"`{name}`" for name in BY_SIDE)), rows)
    text = "Five consequences hang on the side. A row tells of one; this is what instruments do that are used on either."
    return f"{text}\n\n{table}"


def parameters(block: type[Params]) -> str:
    """A block's parameters with prior, range, unit and source."""
    found = list(priors(block))
    sources = {prior.source for _, prior in found}
    rows = (
        (f"`{name}`", md.number(prior.mean), "fixed" if prior.fixed else md.number(prior.sd), md.span(prior), prior.unit)
        + ((prior.source,) if len(sources) > 1 else ())
        for name, prior in found
    )
    columns = ("parameter", "prior mean", "prior spread", "range", "unit")
    if len(sources) > 1:
        return md.table((*columns, "source"), rows)
    return f"{md.table(columns, rows)}\n\nSource of all: {sources.pop()}."


def submodel(mechanism: Mechanism, level: int = 3) -> str:
    """One mechanism: what its file says, what it contributes, its parameters, its equations (the code)."""
    module = code.module(mechanism)
    mark = "#" * level
    says = dict(code.explained(inspect.getdoc(Mechanism) or ""))
    rows = []
    for name, text in says.items():
        given = getattr(mechanism, name, None)
        if given is not None and callable(given):
            keys = ", ".join(f"`{key}`" for key in code.keys(given))
            rows.append((f"`{name}`", text.partition(" -> ")[2] or text, keys))
    contributes = md.table(("contribution", "what it is", "to"), rows)
    number = f"System {mechanism.system}" if mechanism.system <= SYSTEMS else "Beyond the sixteen"
    return "\n\n".join(
        (
            f"{mark} {mechanism.title}: `{mechanism.name}`",
            (inspect.getdoc(module) or "").strip(),
            f"{number}. Switch it off: `hegemon run post-soviet --without {mechanism.name}`.",
            contributes,
            parameters(mechanism.params),
            f"```python\n{code.equations(module)}\n```",
        )
    )


# ---- Parts of the description ----


ADDED = (law.odds, law.severity, law.request, law.consent, law.feasible, law.side, law.response, law.inclination, law.sided,
         law.survival)  # fmt: skip
"""What the law does with the mechanisms' contributions, in the order of an event."""


def _state_variables() -> str:
    rows = []
    for field in dataclasses.fields(world.World):
        bounds = f"{md.number(field.metadata['low'])} .. {md.number(field.metadata['high'])}"
        told = field.metadata["what"], field.metadata["unit"]
        rows.append((f"`{field.name}`", OF[str(field.type)], *told, bounds))
    return md.table(("variable", "of", "meaning", "unit", "bounds"), rows)


def _start(order: Order) -> str:
    """Values of the state variables at the opening."""
    begins = opening_world(order)
    rows = []
    for field in dataclasses.fields(world.World):
        values = np.asarray(getattr(begins, field.name))
        low, high = float(values.min()), float(values.max())
        shown = md.number(low) if low == high else f"{md.number(low)} .. {md.number(high)}"
        rows.append((f"`{field.name}`", shown))
    return md.table(("variable", "at the start, over neighbours and poles"), rows)


def _paths(order: Order) -> str:
    """What the scenario prescribes over time."""
    s = order.scenario
    given = (("patron's capacity", s.capacity), ("the region's growth per year", s.growth))
    rows = ((name, *(f"{of.path[year]:g} ({year})" for year in (min(of.path), max(of.path))),
             " ".join(of.source.split())) for name, of in given)  # fmt: skip
    return md.table(("path", "from", "to", "source"), rows)


def _noted(fields: type) -> list[tuple[str, str, str]]:
    """Name, whom it describes and comment of each field of a class, for a table."""
    rows = []
    for name, shape, note in _NOTE.findall(inspect.getsource(fields)):
        pairs = note.startswith(PAIRS)
        of = "each pair of neighbours" if pairs else OF[shape]
        rows.append((f"`{name}`", of, (note.removeprefix(PAIRS).strip() or name) if pairs else note))
    return rows


def _recorded(order: Order) -> int:
    from hegemon.history import coded, record_events

    s = order.scenario
    return len(record_events(coded(s), start=s.start, end=s.end)) if s.history else 0

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

import numpy as np

from hegemon import law, world
from hegemon.docs import code
from hegemon.docs import markdown as md
from hegemon.ensemble.tally import SAMPLE
from hegemon.event import PARTS
from hegemon.instruments import CONSEQUENCES, INCLINATIONS, INSTRUMENTS, KINDS, Effects
from hegemon.mechanisms import MECHANISMS, Mechanism
from hegemon.mechanisms.base import Law
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
    "`P(none) = exp(-sum of rates)`, the kinds in proportion to their rates.",
    "severity": "How grave it is, low, medium or high: an ordered logit in what the mechanisms say of such a crisis.",
    "line": "How others see the incumbents, as the patron's friends, balanced or the rival's: an ordered logit in the "
    "share of ties they want with the patron.",
    "request": "The incumbents ask for help or do not, in any crisis; sooner in danger and in grave ones, less where "
    "neither rule nor territory is at stake.",
    "consent": "Members vote on help for a member and the charter's rule decides; unbidden, at a share of that chance.",
    "response": "The patron chooses by a logit over expected consequences, experience and inclination. Only want of ground "
    "for separatism, and of the pact's consent to collective force, rules an instrument out; a misfit is rare.",
    "survival": "The incumbents stay or fall, given what the instrument did for them.",
    "successor": "Where they fell, the next government leans to the patron, keeps the balance or leans to a rival.",
}
"""What is decided in each part of an event, in the order of `event.PARTS`."""

_NOTE = re.compile(r"^    (\w+): (\w+)  # (.+)$", re.MULTILINE)


def odd(order: Order | None = None) -> str:
    """The model in the seven elements of the ODD protocol, as Markdown; examples are taken from `order`."""
    example = order if order is not None else load("post-soviet")
    parts = (
        ("Purpose and patterns", _purpose()),
        ("Entities, state variables and scales", _entities(example)),
        ("Process overview and scheduling", _process()),
        ("Design concepts", _concepts(example)),
        ("Initialization", _initialization(example)),
        ("Input data", _inputs(example)),
        ("Submodels", _submodels()),
    )
    body = "\n\n".join(f"## {n} {title}\n\n{text}" for n, (title, text) in enumerate(parts, start=1))
    return f"# The model in ODD form\n\n{_preface()}\n\n{body}\n"


# ---- Tables that other pages and the README use ----


def systems() -> str:
    """The systems of the model and the mechanism that is each of them."""
    return md.table(
        ("", "system", "in a sentence", "mechanism"),
        ((m.system, m.title, md.capital(code.sentence(m)), f"[`{m.name}`]({code.file(m)})") for m in MECHANISMS),
    )


def instruments() -> str:
    """What each instrument is, when it can be used, what it does and what disposes the patron to it."""
    what = md.table(("instrument", "what it is", "needs"), ((f"`{i.name}`", i.what, i.why_not) for i in INSTRUMENTS))
    unit = {name: prior.unit for name, prior in priors(Effects)}
    halves = (
        ("Consequences: what an instrument does, and so what it is worth.", "effect", CONSEQUENCES),
        ("Inclinations: log-odds against abstaining that consequences leave unexplained.", "inclination", INCLINATIONS),
    )
    for text, head, names in halves:
        rows = ((f"`{i.name}`", *(md.number(getattr(i.effects, name)) for name in names)) for i in INSTRUMENTS)
        table = md.table(("instrument", *(f"`{name}`" for name in names)), rows)
        what += f"\n\n{text}\n\n{table}\n\n{md.table((head, 'meaning'), ((f'`{n}`', unit[n]) for n in names))}"
    return what


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
            md.text(inspect.getdoc(module) or ""),
            f"{number}. Switch it off: `hegemon run post-soviet --without {mechanism.name}`.",
            contributes,
            parameters(mechanism.params),
            f"```python\n{code.equations(module)}\n```",
        )
    )


# ---- The seven elements ----


def _preface() -> str:
    return md.text(
        """
        The form is that of Grimm et al. (2020), *Journal of Artificial Societies and Social Simulation*
        23(2):7. This page is written by `hegemon.docs.odd` from the code that runs: fields, defaults, docstrings
        and equations are read, not copied.
        """
    )


def _purpose() -> str:
    return md.text(
        """
        **Purpose.** To make an argument about hierarchical orders executable, so that it can be taken
        apart, contradicted and compared with a record: one power stands on top of a region of formally
        sovereign neighbours, leaves each of them only so much foreign policy, and answers crises with
        instruments whose use it learns. The model explains and tests. It is no forecast for decisions, and
        it takes no side.

        **Patterns** by which it is judged, each against the coded record of 1992 to 2022 (page
        *Plausibility*, where it fits badly too):

        - how many crises of each kind a history has, and how far histories differ;
        - which instruments the patron uses, by kind of crisis and by decade;
        - who leaves: the Baltic states reach a rival's shelter, Central Asia does not;
        - uprisings are sudden: a quiet country stays quiet until quiet stops being an equilibrium.

        Prior means were set with the record in view, and where a scenario names a posterior (as the built-in one
        does) parameters were learned from the record, so agreement in the first two is a check of the arithmetic
        and no test of the theory. Tests are out of sample: pages *Back-test* and *Forecast*.
        """
    )


def _entities(order: Order) -> str:
    rows = []
    for field in dataclasses.fields(world.World):
        bounds = f"{md.number(field.metadata['low'])} .. {md.number(field.metadata['high'])}"
        told = field.metadata["what"], field.metadata["unit"]
        rows.append((f"`{field.name}`", OF[str(field.type)], *told, bounds))
    state = md.table(("variable", "of", "meaning", "unit", "bounds"), rows)
    fixed = md.table(("given", "of", "meaning"), _noted(world.Setting))
    derived = md.table(("derived", "of", "meaning"), _noted(world.Standing))
    quarters, poles = order.quarters, ", ".join(pole.name for pole in order.scenario.poles)
    text = md.text(
        f"""
        **Entities.** *Neighbours*: states whose foreign policy the order limits. *Poles*: powers with which
        a neighbour can have ties; the first is the *patron*, one rival may be a *bloc* that can take
        neighbours in. The *pact*: a set of neighbours with a charter, led by the patron. The *order*
        itself, which holds what all share.

        **Scales.** One step is a quarter; rates are per quarter. There is no map: `proximity` and `rivalry`
        are matrices between neighbours. In *{order.scenario.title}* there are {len(order.states)}
        neighbours, {len(order.poles)} poles ({poles}) and {len(quarters)} quarters, {quarters[0]} to
        {quarters[-1]}.
        """
    )
    return (
        f"{text}\n\n**State variables** (`World`): all that goes from quarter to quarter.\n\n{state}\n\n"
        f"**Given by the scenario** (`Setting`).\n\n{fixed}\n\n"
        f"**Derived at the opening of a quarter** (`Standing`), seen by everybody.\n\n{derived}"
    )


def _process() -> str:
    steps = "\n".join(f"{n}. *{part}.* {DECIDED[part]}" for n, part in enumerate(PARTS, start=1))
    event = md.table(("fact", "of", "meaning"), _noted(world.Event))
    before = md.text(
        """
        An order is a law and an aftermath; an event happens in between:

        ```
        law(world)              -> what may happen, as probabilities
        event                   -> what did happen
        aftermath(world, event) -> the next world
        ```

        Every quarter, for all neighbours at once: derive the standing; decide the event, part by part, in
        this order:
        """
    )
    after = md.text(
        """
        Then the aftermath adds the mechanisms' increments to the world that *opened* the quarter, so their
        order does not matter; ties take one step of the pulls added up; every variable is cut to its
        bounds. A neighbour has at most one crisis per quarter. An event is a few facts per neighbour:
        """
    )
    trouble = md.table(("seen", "of", "meaning"), _noted(world.Crisis))
    who = md.text(
        """
        Who decides a part is the only thing that differs between uses: dice (simulation), the coded record
        (replay), a scenario's forced event (counterfactual), a player in one seat. A part that is known is
        taken as given, and its dice are left where they are.
        """
    )
    known = "What is known of a crisis when it is answered (`Crisis`), beside its kind as masks:"
    return f"{before}\n\n{steps}\n\n{after}\n\n{event}\n\n{known}\n\n{trouble}\n\n{who}"


def _concepts(order: Order) -> str:
    drift = (f"drift {pole}" for pole in range(len(order.poles)))
    sites = ", ".join(f"`{site}`" for site in (*PARTS, *drift, "mood"))
    return md.text(
        f"""
        **Basic principles.** Hierarchy as a curb on foreign policy (Lake 2009); threshold models of revolt
        (Granovetter 1978, Kuran 1991); quantal response (McKelvey and Palfrey 1995); experience-weighted
        attraction (Camerer and Ho 1999); balancing and bandwagoning (Walt 1987). Each mechanism names its
        own below.

        **Emergence.** Autonomy, who leaves the sphere, the mix of instruments, hierarchy, overstretch and
        waves of uprisings come out of the interaction. Imposed are the starting values, the paths of
        capacity and growth, and how open the rival bloc is to each neighbour.

        **Adaptation.** Neighbours move their ties a small step each quarter along an exponentiated
        gradient: toward what incumbents want, pulled by dependence, debt, fear, offers and the red line.
        Incumbents decide whether to ask for help, members whether to consent.

        **Objectives.** Only the patron weighs: `worth` of an instrument's consequences, added up over
        mechanisms, times the consequences, plus what experience adds; few preferences, many consequences.
        `response.precision` turns this utility into log-odds. Inclinations (`habit`, and how the kind of
        crisis, its severity, the incumbents' line and their asking dispose the patron) are log-odds
        themselves and are added afterwards, so that what is learned and weighed is what instruments do.

        **Learning.** The patron's attraction to each instrument by kind of crisis, from realised and
        forgone payoffs (`learning`).

        **Prediction.** The patron foresees the chance that incumbents survive with each instrument, and the
        line of whoever would come after, with the model's own formulas; it looks one event ahead.

        **Sensing.** Everybody sees the standing. Grievance is hidden from actors until thresholds tip;
        small shocks are seen by nobody.

        **Interaction.** Fear and scandal spread by proximity and likeness, revolt by proximity, wars along
        rivalry; members of the pact vote on each other; neighbours share one patron whose means are
        limited.

        **Stochasticity.** Named dice: every draw is a pure function of (seed, run, quarter, site,
        neighbour). Sites: {sites}. A mechanism that is switched off moves nobody else's dice, so pairs of
        orders share their luck.

        **Collectives.** The pact (entry and exit by schedule in its founding years, later by integration)
        and the rival bloc (through `shelter`).

        **Observation.** Every measure by quarter and neighbour at the close of the quarter; every crisis
        with its facts; means, spreads and counts over all histories, quantiles over the first {SAMPLE:,}.
        """
    )


def _initialization(order: Order) -> str:
    begins = opening_world(order)
    rows = []
    for field in dataclasses.fields(world.World):
        values = np.asarray(getattr(begins, field.name))
        low, high = float(values.min()), float(values.max())
        shown = md.number(low) if low == high else f"{md.number(low)} .. {md.number(high)}"
        rows.append((f"`{field.name}`", shown))
    text = md.text(
        f"""
        A history opens in the scenario's first quarter with the scenario's figures for each neighbour; what
        no scenario gives (debts, memories, burdens, experience) opens at rest. All histories of an ensemble
        open alike; they differ by their dice. In *{order.scenario.title}*:
        """
    )
    return f"{text}\n\n{md.table(('variable', 'at the start, over neighbours and poles'), rows)}"


def _inputs(order: Order) -> str:
    s = order.scenario
    paths = md.table(
        ("path", "from", "to", "source"),
        (
            (name, *(f"{path[y]:g} ({y})" for y in (min(path), max(path))), " ".join(source.split()))
            for name, path, source in (
                ("patron's capacity", s.capacity.path, s.capacity.source),
                ("the region's growth per year", s.growth.path, s.growth.source),
            )
        ),
    )
    pact = f" Membership of the pact is scheduled to {s.pact.founding_until}." if s.pact else ""
    text = md.text(
        f"""
        The scenario prescribes two paths over time, linear between years.{pact} New states' weakness fades
        by itself (`youth`). The coded record ({_recorded(order)} crises; `hegemon.history()`) enters only
        where a scenario follows it, and in comparisons. The page *Data* says where each figure comes from,
        and where hindsight enters.
        """
    )
    return f"{text}\n\n{paths}"


def _submodels() -> str:
    intro = md.text(
        f"""
        {len(MECHANISMS)} mechanisms in the order of the systems; kinds of crisis are {
            ", ".join(f"`{kind}`" for kind in KINDS)
        }. The equations are the code that runs, one history at a time: arrays have an
        axis of neighbours, ties one of poles before it.
        """
    )
    each = "\n\n".join(submodel(m) for m in MECHANISMS)
    spread = "Each entry's prior is normal around the value shown; spreads stand in `mechanisms.PRIORS`."
    return f"{intro}\n\n### The law\n\n{_law()}\n\n### Instruments\n\n{instruments()}\n\n{spread}\n\n{each}"


ADDED = (law.odds, law.severity, law.request, law.consent, law.survival, law.feasible, law.response, law.inclination)
"""What the law does with the mechanisms' contributions, in the order of an event."""


def _law() -> str:
    """How contributions become probabilities, as the code has it."""
    text = md.text(
        """
        What becomes of contributions, in the order in which an event is decided. `_added` is the sum of one
        over the mechanisms that make it and are on; `alignment.line` decides the incumbents' line.
        """
    )
    formulas = "\n\n\n".join([inspect.getsource(f).rstrip() for f in ADDED])
    return f"{text}\n\n```python\n{formulas}\n```\n\n{parameters(Law)}"


def _noted(fields: type) -> list[tuple[str, str, str]]:
    """Name, whom it describes and comment of each field of a class, for a table."""
    rows = []
    for name, shape, note in _NOTE.findall(inspect.getsource(fields)):
        pairs = note.startswith(PAIRS)
        of = "each pair of neighbours" if pairs else OF[shape]
        rows.append((f"`{name}`", of, (note.removeprefix(PAIRS).strip() or name) if pairs else note))
    return rows


def _recorded(order: Order) -> int:
    from hegemon.history import history, record_events

    s = order.scenario
    return len(record_events(history(s.history), start=s.start, end=s.end)) if s.history else 0

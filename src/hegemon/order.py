"""An order: a scenario with the model's parameters, ready to be simulated, replayed or changed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from hegemon.instruments import INSTRUMENTS
from hegemon.law import Parameters
from hegemon.mechanisms import MECHANISMS, Mechanism, blocks, registry
from hegemon.mechanisms.outside import mechanisms_of
from hegemon.parameters import Params, Prior, Scalar

if TYPE_CHECKING:
    from hegemon.posterior import Posterior
    from hegemon.scenarios.schema import Scenario


def default_parameters(of: tuple[Mechanism, ...] = MECHANISMS) -> Parameters:
    """The prior means, with every mechanism on."""
    defaults = {name: block() for name, block in blocks(of).items()}
    return _as_numbers(Parameters(defaults, tuple(i.effects for i in INSTRUMENTS), {m.name: 1.0 for m in of}, of))


def calibrated(kept: Posterior, of: tuple[Mechanism, ...] = MECHANISMS) -> Parameters:
    """The mean of a posterior; what it does not hold, and what comes from outside, stays at its prior mean."""
    own = {m.name for m in of if m.source is not None}
    values: dict[str, dict[str, np.float32]] = {}
    for key, value in zip(kept.names, kept.point, strict=True):
        block, _, field = key.partition(".")
        if block not in own:
            values.setdefault(block, {})[field] = np.float32(value)
    return _replaced(default_parameters(of), values)


def _as_numbers(parameters: Parameters) -> Parameters:
    numbers: Parameters = jax.tree.map(np.float32, parameters)
    return numbers


@dataclass(frozen=True, repr=False)
class Order:
    """A hierarchical order: what the scenario gives, what the model assumes, and which mechanisms are on.

    Orders are values: `without` and `with_parameters` return changed copies. Parameters that are set, by the scenario or by
    hand, are `held`: draws of parameters do not touch them.
    """

    scenario: Scenario
    parameters: Parameters
    held: frozenset[str] = frozenset()

    def without(self, *mechanisms: str) -> Order:
        """The same order with mechanisms switched off; all else, luck included, is untouched.

        Raises `UnknownName` for a name that is no mechanism.
        """
        from hegemon.scenarios.overrides import parse_without

        off = {parse_without(name, self.parameters.mechanisms): np.float32(0.0) for name in mechanisms}
        return dataclasses.replace(
            self, parameters=dataclasses.replace(self.parameters, on={**self.parameters.on, **off})
        )

    def with_parameters(self, values: dict[str, float]) -> Order:
        """The same order with other values, by `mechanism.parameter` or `instrument.effect`.

        Raises `UnknownName` or `OutOfRange` for what the registry of parameters does not allow.
        """
        from hegemon.scenarios.overrides import parse_set

        changed: dict[str, dict[str, Scalar]] = {}
        for name, value in values.items():
            block, field, number = parse_set(f"{name}={value}", self.parameters.mechanisms)
            changed.setdefault(block, {})[field] = self.priors[f"{block}.{field}"].number(number)
        names = {f"{block}.{field}" for block, fields in changed.items() for field in fields}
        return dataclasses.replace(self, parameters=_replaced(self.parameters, changed), held=self.held | names)

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.scenario.name

    @property
    def priors(self) -> Mapping[str, Prior]:
        """Prior of every parameter, by `mechanism.parameter` or `instrument.effect`."""
        return registry(self.parameters.mechanisms)

    @property
    def outside(self) -> tuple[Mechanism, ...]:
        """Mechanisms that do not come with hegemon."""
        return tuple(m for m in self.parameters.mechanisms if m.source is not None)

    @property
    def off(self) -> tuple[str, ...]:
        """Mechanisms that are switched off."""
        return tuple(name for name, on in self.parameters.on.items() if not on)

    @property
    def changed(self) -> dict[str, float]:
        """Parameters that are others than the scenario's, or held besides, by `mechanism.parameter` or `instrument.effect`."""
        scenario = from_scenario(self.scenario)
        given, held = values(scenario.parameters), self.held - scenario.held
        return {name: value for name, value in values(self.parameters).items() if value != given[name] or name in held}

    @property
    def states(self) -> tuple[str, ...]:
        """Neighbours by ISO3 code, in the order of every array's N axis."""
        return tuple(self.scenario.states)

    @property
    def poles(self) -> tuple[str, ...]:
        """Poles by id, the patron first, in the order of every array's P axis."""
        return tuple(pole.id for pole in self.scenario.poles)

    @property
    def quarters(self) -> tuple[str, ...]:
        """Quarters from the scenario's start to its end."""
        from hegemon.quarters import span

        return tuple(span(self.scenario.start, self.scenario.end))

    @property
    def hash(self) -> str:
        """Fingerprint of scenario and parameters: equal orders give equal histories.

        Fixed parameters count where they are set to something else; their defaults belong to the version. A parameter that is
        held at what it would be anyway counts, since draws do not touch it.
        """
        numbers = [float(x) for x in jax.tree.leaves(self.parameters)]
        judged = {name: value for name, value in values(self.parameters).items()
                  if self.priors[name].fixed and value != float(self.priors[name].mean)}  # fmt: skip
        usual = values(_usual(self.scenario)) if self.held else {}
        own = values(self.parameters)
        silent = [name for name in sorted(self.held) if own[name] == usual[name] and not self.priors[name].fixed]
        text = json.dumps([self.scenario.hash, numbers, *([judged] if judged else []), *([silent] if silent else [])])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def __repr__(self) -> str:
        """On one line: its name, how large it is, and what is changed."""
        s = self.scenario
        return f"<{'; '.join([f'Order {self.name}: {len(self.states)} neighbours, {s.start} to {s.end}', *self._changes()])}>"

    def _repr_html_(self) -> str:
        """A short card for a notebook."""
        from html import escape

        s = self.scenario
        names, poles = (", ".join(each.name for each in group) for group in (s.states.values(), s.poles))
        about = f"{s.start} to {s.end}. Patron: {s.patron.name}. Poles: {poles}. Neighbours: {names}."
        lines = "".join(f"<p>{escape(line)}</p>" for line in (s.question, about, "; ".join(self._changes())) if line)
        return f"<div><p><strong>{escape(s.title)}</strong></p>{lines}</div>"

    def _changes(self) -> list[str]:
        """What is off, and which parameters are others than the scenario's."""
        return [*(f"without {name}" for name in self.off), *(f"{name} = {value:g}" for name, value in self.changed.items())]


def _replaced(parameters: Parameters, values: Mapping[str, Mapping[str, Any]]) -> Parameters:
    """The same with other values, by the names of mechanisms and instruments, then of their numbers."""
    named: dict[str, Any] = rows(parameters)
    found = {name: dataclasses.replace(row, **values.get(name, {})) for name, row in named.items()}
    effects = tuple(found[instrument.name] for instrument in INSTRUMENTS)
    return dataclasses.replace(parameters, blocks={name: found[name] for name in parameters.blocks}, effects=effects)


def load(scenario: str) -> Order:
    """A scenario by name ("post-soviet") or path, checked, with the model's default parameters.

    Raises `UserError` in one sentence that names file, key and remedy.
    """
    from hegemon.scenarios.loader import load_scenario

    return from_scenario(load_scenario(scenario))


def from_scenario(given: Scenario) -> Order:
    """The order a scenario describes, with the parameters it was calibrated to or sets itself, and without the mechanisms
    it leaves out.

    Neighbours are taken in alphabetical order, whatever theirs in the file, because dice are numbered by it.
    """
    given = given.model_copy(update={"states": dict(sorted(given.states.items()))}).named(given.name, given.said)
    order = Order(given, _usual(given))
    chosen = {f"{block}.{name}": value for block, values in given.parameters.items() for name, value in values.items()}
    return order.with_parameters(chosen).without(*given.without)


def _usual(scenario: Scenario) -> Parameters:
    """Parameters before the scenario sets any."""
    from hegemon.posterior import posterior_of

    kept, of = posterior_of(scenario), mechanisms_of(scenario)
    return default_parameters(of) if kept is None else calibrated(kept, of)


def unscripted(order: Order) -> Order:
    """The order with nothing known beforehand: neither record nor forced events."""
    return dataclasses.replace(order, scenario=order.scenario.model_copy(update={"record": None, "force": ()}))


def rows(parameters: Parameters) -> dict[str, Params]:
    """Blocks of numbers by name: the mechanisms', then the instruments'."""
    return {**parameters.blocks, **dict(zip((i.name for i in INSTRUMENTS), parameters.effects, strict=True))}


def values(parameters: Parameters) -> dict[str, float]:
    """Every number by name, in the fewest digits that give its single precision again."""
    return {
        f"{block}.{field.name}": float(str(np.float32(getattr(values, field.name))))
        for block, values in rows(parameters).items()
        for field in dataclasses.fields(values)
    }


def restored(text: str, name: str) -> Order:
    """The order of a result, from the scenario text it carries (without changes made to parameters on the way)."""
    from hegemon.scenarios.schema import Scenario

    return from_scenario(Scenario.model_validate(json.loads(text)).named(name))

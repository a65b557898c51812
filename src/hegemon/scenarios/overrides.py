"""Changing the model's numbers and switching mechanisms off, by name: checked against the one registry.

`--set pact.vote=1.5`, `--without pact` and a scenario's [parameters] and `without` all pass here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hegemon.errors import BadValue, OutOfRange, Path, UnknownMechanism, UnknownParameter, did_you_mean, shown

if TYPE_CHECKING:
    from hegemon.mechanisms import Mechanism
    from hegemon.parameters import Prior


def parse_set(text: str, of: tuple[Mechanism, ...] | None = None) -> tuple[str, str, float]:
    """Mechanism (or instrument), parameter and value of "pact.vote=1.5", checked against the mechanisms `of` an order."""
    block, parameter, value = split_set(text)
    check_parameter(block, parameter, value, of=of)
    return block, parameter, value


def split_set(text: str) -> tuple[str, str, float]:
    """Mechanism (or instrument), parameter and value, whether or not there is such a parameter."""
    name, equals, number = (part.strip() for part in text.partition("="))
    block, dot, parameter = (part.strip() for part in name.partition("."))
    if not (equals and dot and block and parameter and number):
        raise BadValue(f"--set {shown(text)}", "Write mechanism.parameter=value, as in --set pact.vote=1.5.")
    try:
        value = float(number)
    except ValueError:
        raise BadValue(f"--set {name}: {shown(number)} is no number", "Write it with a point, as in 1.5.") from None
    return block, parameter, value


def parse_without(name: str, of: tuple[Mechanism, ...] | None = None) -> str:
    """A mechanism's name, if there is such a mechanism."""
    check_mechanism(name.strip(), of=of)
    return name.strip()


def check_mechanism(name: str, *, at: Path = (), of: tuple[Mechanism, ...] | None = None) -> None:
    """Raise unless there is a mechanism of that name among those `of` an order (None: those that come with hegemon)."""
    from hegemon.mechanisms import MECHANISMS

    names = [mechanism.name for mechanism in of or MECHANISMS]
    if name not in names:
        raise UnknownMechanism(f"no mechanism is called {shown(name)}", did_you_mean(name, names), at=at)


def check_parameter(block: str, name: str, value: float, *, at: Path = (), of: tuple[Mechanism, ...] | None = None) -> None:
    """Raise unless the parameter exists and the value lies in its range."""
    from hegemon.mechanisms import MECHANISMS, registry

    priors = registry(of or MECHANISMS)
    _known(block, name, at, priors)
    prior = priors[f"{block}.{name}"]
    if not (math.isfinite(value) and prior.low <= value <= prior.high):
        upper = f" and {prior.high:g}" if math.isfinite(prior.high) else ""
        bounds = f"lie between {prior.low:g}{upper}" if upper else f"be at least {prior.low:g}"
        remedy = f"It must {bounds} ({prior.unit}; default {prior.mean:g})."
        raise OutOfRange(f"{block}.{name} = {value:g}", remedy, at=at)


def _known(block: str, name: str, at: Path, priors: Mapping[str, Prior]) -> None:
    blocks = list(dict.fromkeys(key.partition(".")[0] for key in priors))
    if block not in blocks:
        said = f"no mechanism or instrument is called {shown(block)}"
        raise UnknownMechanism(said, did_you_mean(block, blocks), at=at)
    names = [key.partition(".")[2] for key in priors if key.startswith(f"{block}.")]
    if name not in names:
        raise UnknownParameter(f"{block} has no parameter {shown(name)}", did_you_mean(name, names), at=at)

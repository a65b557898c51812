"""What a mechanism is: a parameter block and the contributions it makes. `law` and `aftermath` add them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hegemon.axes import PerNeighbour
from hegemon.instruments import Effects, Instrument
from hegemon.parameters import Params


@dataclass(frozen=True)
class Option:
    """An instrument the patron considers in a crisis, with the chance that the incumbents then survive."""

    instrument: Instrument
    effects: Effects
    chance: PerNeighbour


@dataclass(frozen=True)
class Mechanism:
    """One political mechanism. Every contribution is optional; none overwrites another's.

    Each takes the world, what follows from it (standing), what the scenario fixes (setting) and the mechanism's
    own parameters, last and in this order; what else it takes stands before them.

    hazards     (...) -> rates per quarter, by kind of crisis
    request     (crisis, ...) -> log-odds that incumbents in trouble ask for help
    survival    (effects or None, crisis, ...) -> log-odds that incumbents survive, given the response's effects
    utility     (option, crisis, ...) -> what the patron expects to gain from an instrument
    pull        (...) -> push on each tie, in log-share per unit of the neighbours' pace
    changes     (happened, ...) -> increments to fields of the world, by name
    """

    name: str
    title: str
    system: int
    claims: tuple[str, ...]
    params: type[Params]
    hazards: Callable[..., Mapping[str, PerNeighbour]] | None = None
    request: Callable[..., PerNeighbour] | None = None
    survival: Callable[..., PerNeighbour] | None = None
    utility: Callable[..., PerNeighbour] | None = None
    pull: Callable[..., PerNeighbour] | None = None
    changes: Callable[..., Mapping[str, PerNeighbour]] | None = None

"""What a mechanism is: a parameter block and the contributions it makes. `law` and `aftermath` add them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jaxtyping import Float

from hegemon.axes import Array, PerNeighbour
from hegemon.instruments import MISFIT
from hegemon.parameters import Params, Scalar, fixed, param

Worths = Mapping[str, PerNeighbour]
"""What a unit of an effect is worth to the patron, by name of the effect (see `Effects`), and besides of

    survival    the incumbents staying in office
    collective  acting together, beyond what the instrument's row says
"""

Changes = Mapping[str, Float[Array, "..."]]
"""Increments to fields of the world, by name, each of the field's shape."""


class Law(Params):
    """Numbers of the law itself, which belong to no mechanism."""

    step: Scalar = fixed(1.2, unit="log-odds, half the width of the middle step of severity", low=0.1, high=5,
                         why="sets the unit of log-odds of severity: only ratios to it count")  # fmt: skip
    frailty: Scalar = param(0.3, sd=0.2, unit="variance of what makes a neighbour more prone to crises than others", high=5)


def _leaning(when: str, mean: float = 0.0) -> Any:
    return param(mean, sd=1.0, unit=f"log-odds that an act is for the incumbents, {when}", low=-8, high=8,
                 source="prior: that of the pooled model's side layer, docs/pooled")  # fmt: skip


class Side(Params):
    """For or against the incumbents: what the side of an act hangs on (`law.side`), and what rescue spares (`by_side`)."""

    economic_coercion: Scalar = _leaning("pressure: by the codebook on those in office", MISFIT)
    unilateral_force: Scalar = _leaning("force")
    collective_force: Scalar = _leaning("force under the pact")
    gravity: Scalar = _leaning("per step of severity above the middle one")
    alignment: Scalar = _leaning("per step of the incumbents' line toward the patron")
    requested: Scalar = _leaning("if the incumbents ask for help")
    uprising: Scalar = _leaning("in an uprising")
    turnover: Scalar = _leaning("in a turnover")
    rival_turn: Scalar = _leaning("in a rival turn")
    secession: Scalar = _leaning("in a secession")
    interstate: Scalar = _leaning("in a war between neighbours")
    dispute: Scalar = _leaning("in a dispute")
    mild: Scalar = fixed(0.25, unit="share of harshness, lost legitimacy and pressure left in an act for the incumbents",
                         low=0, high=1, why="hostile interventions unsettle a region, supportive ones do not, but troops are "
                         "troops (Peksen and Lounsbery 2012, International Interactions 38:348)")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Mechanism:
    """One political mechanism. Every contribution is optional; none overwrites another's.

    Each takes the world, what follows from it (standing), what the scenario fixes (setting) and the mechanism's
    own parameters, last and in this order; what else it takes stands before them.

    hazards     (...) -> rates per quarter, by kind of crisis
    gravity     (crisis, ...) -> log-odds that the crisis is graver than middling
    request     (crisis, ...) -> log-odds that incumbents in trouble ask for help
    survival    (crisis, ...) -> log-odds that incumbents survive without help
    shoring     (crisis, ...) -> how far help that shores up does so
    worth       (crisis, ...) -> what a unit of an instrument's effects is worth to the patron
    pull        (...) -> push on each tie, in log-share per unit of the neighbours' pace
    changes     (happened, ...) -> increments to fields of the world, by name
    law         functions that the law itself asks for, by name (`LAW`); whoever takes a mechanism's place gives them too
    source      file name and text of one that comes from outside; None: it comes with hegemon
    """

    name: str
    title: str
    system: int
    claims: tuple[str, ...]
    params: type[Params]
    hazards: Callable[..., Mapping[str, PerNeighbour]] | None = None
    gravity: Callable[..., PerNeighbour] | None = None
    request: Callable[..., PerNeighbour] | None = None
    survival: Callable[..., PerNeighbour] | None = None
    shoring: Callable[..., PerNeighbour] | None = None
    worth: Callable[..., Worths] | None = None
    pull: Callable[..., PerNeighbour] | None = None
    changes: Callable[..., Changes] | None = None
    law: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    source: tuple[str, str] | None = None


CONTRIBUTIONS = ("hazards", "gravity", "request", "survival", "shoring", "worth", "pull", "changes")
"""What a mechanism may contribute."""

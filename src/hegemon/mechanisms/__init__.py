"""Political mechanisms, one per file. Open this folder first.

`MECHANISMS` is the one registry: code, validation, tests, docs and web page read it.
"""

from __future__ import annotations

import dataclasses
from types import MappingProxyType

from hegemon.instruments import INCLINATIONS, INSTRUMENTS, Effects
from hegemon.mechanisms import (
    alignment,
    capacity,
    dispute,
    doctrine,
    hierarchy,
    integration,
    learning,
    pact,
    red_line,
    regard,
    response,
    rivals,
    separatism,
    support,
    turnover,
    unrest,
    war,
)
from hegemon.mechanisms.base import Mechanism
from hegemon.parameters import Prior, priors

__all__ = ["BY_NAME", "MECHANISMS", "PRIORS", "Mechanism"]

MECHANISMS: tuple[Mechanism, ...] = tuple(
    sorted(
        (
            module.mechanism
            for module in (alignment, capacity, dispute, doctrine, hierarchy, integration, learning, pact, red_line,
                           regard, response, rivals, separatism, support, turnover, unrest, war)
        ),
        key=lambda mechanism: mechanism.system,
    )
)  # fmt: skip

BY_NAME = MappingProxyType({mechanism.name: mechanism for mechanism in MECHANISMS})


def _all_priors() -> dict[str, Prior]:
    found = {f"{m.name}.{name}": prior for m in MECHANISMS for name, prior in priors(m.params)}
    for instrument in INSTRUMENTS:
        for name, prior in priors(Effects):
            mean = getattr(instrument.effects, name)
            spread = prior.sd if name in INCLINATIONS else max(0.4 * abs(mean), 0.05)
            found[f"{instrument.name}.{name}"] = dataclasses.replace(prior, mean=mean, sd=spread)
    return found


PRIORS = MappingProxyType(_all_priors())
"""Prior of every parameter, by `mechanism.parameter` or `instrument.effect`."""

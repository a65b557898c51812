"""Political mechanisms, one per file. Open this folder first.

`MECHANISMS` is the one registry: code, validation, tests, docs and web page read it.
"""

from __future__ import annotations

import dataclasses
import functools
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
from hegemon.mechanisms.base import Law, Mechanism, Side
from hegemon.parameters import Params, Prior, fixed, param, priors

__all__ = ["BLOCKS", "BY_NAME", "MECHANISMS", "PRIORS", "Mechanism", "Params", "blocks", "fixed", "param", "registry"]

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


@functools.cache
def blocks(of: tuple[Mechanism, ...] = MECHANISMS) -> MappingProxyType[str, type[Params]]:
    """Parameter blocks by name: one per mechanism, and the law's own."""
    return MappingProxyType({**{m.name: m.params for m in of}, "law": Law, "side": Side})


BLOCKS = blocks()
"""Blocks of the mechanisms that come with hegemon."""


@functools.cache
def registry(of: tuple[Mechanism, ...] = MECHANISMS) -> MappingProxyType[str, Prior]:
    """Prior of every parameter of mechanisms, by `mechanism.parameter` or `instrument.effect`; a fixed one's has no spread."""
    found = {f"{block}.{name}": prior for block, params in blocks(of).items() for name, prior in priors(params)}
    for instrument in INSTRUMENTS:
        for name, prior in priors(Effects):
            mean = getattr(instrument.effects, name)
            spread = prior.sd if name in INCLINATIONS else max(0.4 * abs(mean), 0.05)  # prior
            found[f"{instrument.name}.{name}"] = dataclasses.replace(prior, mean=mean, sd=spread)
    return MappingProxyType(found)


PRIORS = registry()
"""Priors of the mechanisms that come with hegemon."""

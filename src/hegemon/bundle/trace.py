"""TRACE: the eight elements of documented modelling, each with what is known already, the rest to be completed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hegemon.docs import markdown as md

if TYPE_CHECKING:
    from hegemon.bundle.packed import Packed
    from hegemon.order import Order

OPEN = "*To be completed by whoever publishes with this result.*"


def trace(of: Packed, posterior: Mapping[str, Any] | None) -> str:
    """The document; `posterior` says how the posterior was made, if there is one."""
    s, order = of.order.scenario, of.order
    sources = md.table(
        ("figure", "source"), [(f"`{name}`", " ".join(text.split())) for name, text in s.sources.items()]
    )
    several = len(of.orders) > 1
    told = "\n\n".join(
        (f"The {name} order:\n\n" if several else "") + _changes(each) for name, each in of.orders.items()
    )
    off = ", ".join(f"`{name}`" for name in order.off) or "none"
    prints = " and ".join(each.hash for each in of.orders.values())
    parts = [
        ("Problem formulation", f"Question: {of.question}\n\nTo be answered for: {OPEN}"),
        ("Model description", "Complete in `ODD.md`, written from the code that ran."),
        (
            "Data evaluation",
            f"Figures of the scenario and where they come from:\n\n{sources}\n\nPaths prescribed over time: capacity "
            f"({' '.join(s.capacity.source.split())}) and growth ({' '.join(s.growth.source.split())}). Doctrine: "
            f"{' '.join(s.doctrine.source.split())}\n\nHow far this question depends on figures that are judgements: {OPEN}",
        ),
        (
            "Conceptual model evaluation",
            f"{len(order.parameters.on)} mechanisms, each a claim that can be switched off; switched off here: {off}. "
            f"Sources stand in each mechanism's section of `ODD.md`. Why these simplifications suit the question: {OPEN}",
        ),
        (
            "Implementation verification",
            "The project's tests compare mechanisms with known results (thresholds, quantal response, experience-weighted "
            "attraction), check invariants over random worlds, and replay the record. History r of a seed is a pure function "
            f"of (order, seed, r). This result: fingerprint {prints}; `hegemon bundle --check` rebuilds it.",
        ),
        ("Model output verification", f"{_learned(of, posterior)}\n\n{told}\n\nFit to the record, and what fits badly: {OPEN}"),
        ("Model analysis", f"{of.analysis} {OPEN}"),
        (
            "Model output corroboration",
            f"Out-of-sample tests of the model in general: the project's pages Back-test and Hindcast. For this question: {OPEN}",
        ),
    ]  # fmt: skip
    body = "\n\n".join(f"## {n} {title}\n\n{text}" for n, (title, text) in enumerate(parts, start=1))
    preface = md.text(
        """
        A skeleton of TRACE, transparent and comprehensive model evaluation: Grimm et al. (2014), *Ecological Modelling*
        280:129-139, after Augusiak, Van den Brink and Grimm (2014), the same volume, 117-128. What the software knows is
        filled in; the rest is marked.
        """
    )
    return f"# TRACE: {of.title}\n\n{preface}\n\n{body}\n"


def _changes(order: Order) -> str:
    """What was set by hand in an order, and what was forced."""
    told = "\n".join(f"- `{name}` = {value!r}" for name, value in order.changed.items()) or "None."
    forced = "\n".join(
        f"- {f.quarter}, {f.state}: {f.crisis}" + (f", {f.instrument}" if f.instrument else "")
        for f in order.scenario.force
    )
    off = ", ".join(f"`{name}`" for name in order.off) or "None."
    return (f"Parameters changed for this result:\n\n{told}\n\nMechanisms switched off: {off}\n\n"
            f"Forced events:\n\n{forced or 'None.'}")  # fmt: skip


def _learned(of: Packed, posterior: Mapping[str, Any] | None) -> str:
    """Where the parameters come from."""
    if posterior is None:
        return f"Parameters are {of.drawn} of the model's priors."
    numbers = ", ".join(f"{k} {v:.4g}" for k, v in posterior.get("diagnostics", {}).items())
    return (
        f"Parameters are {of.drawn} of a posterior learned by {posterior.get('method')} from {posterior.get('crises')} coded "
        f"crises of {posterior.get('scenario')} (data {posterior.get('data_hash')}, seed {posterior.get('seed')}, version "
        f"{posterior.get('version')}). Diagnostics: {numbers}."
    )

"""What a bundle says about itself: orders and parameters as files, the environment, a README, ODD and TRACE.

Prose stands in bundle.md and trace.md.
"""

from __future__ import annotations

import base64
import platform
import re
from collections.abc import Sequence
from contextlib import suppress
from importlib import metadata, resources
from pathlib import PurePosixPath
from string import Template
from typing import Any

import pandas as pd
import tomli_w

from hegemon import runtime
from hegemon.docs import markdown as md
from hegemon.docs.odd import odd
from hegemon.order import Order, values
from hegemon.pages.document import Document
from hegemon.posterior import posterior_file, posterior_of
from hegemon.studies.result import Result

REBUILD = '''"""Make this bundle's result anew and compare every number."""

import sys
from pathlib import Path

from hegemon.cli.main import main

sys.exit(main(["bundle", "--check", str(Path(__file__).resolve().parent)]))
'''


def orders(of: Result) -> dict[str, bytes]:
    """The scenarios that the question names, called as its command calls them; each order's parameters, and what they were
    learned from; the description of the first order."""
    found: dict[str, bytes] = {}
    named = of.question.orders()
    for place, scenario in of.question.brought().items():
        held, content = scenario.files or {}, scenario.content()
        content.pop("files", None)
        found[place] = tomli_w.dumps(content).encode()
        beside = place.removesuffix(PurePosixPath(place).name)
        found |= {f"{beside}{name}": base64.b64decode(text) if name.endswith(".npz") else text.encode()
                  for name, text in held.items()}  # fmt: skip
    for n, (field, order) in enumerate(named.items()):
        stem = "" if len(named) == 1 else f"-{field}"
        found[f"parameters{stem}.csv"] = parameters(order).encode()
        if order.scenario.posterior is not None and order.scenario.posterior not in (order.scenario.files or {}):
            found[f"{order.scenario.posterior}.npz"] = posterior_file(order.scenario.posterior)
        if n == 0:
            found["ODD.md"] = odd(order).encode()
    return found


def parameters(order: Order) -> str:
    """Every parameter as CSV: its value here, its prior, its unit and source."""
    changed, priors = order.changed, order.priors
    rows = [
        {"parameter": name, "value": repr(value), "changed": int(name in changed), "prior_mean": priors[name].mean,
         "prior_sd": priors[name].sd, "low": priors[name].low, "high": priors[name].high, "unit": priors[name].unit,
         "source": priors[name].source}
        for name, value in values(order.parameters).items()
    ]  # fmt: skip
    return pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")


def environment() -> dict[str, Any]:
    """Python, packages and kind of machine; no names and no folders."""
    needs = [need for need in metadata.requires("hegemon") or () if "extra ==" not in need]
    names = ["jaxlib", *(re.split(r"[\s<>=!~;\[]", need)[0] for need in needs)]
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": f"{platform.system()} {platform.machine()}",
        "device": runtime.platform_name(),
        "packages": {name: version for name in sorted(set(names)) if (version := _version(name))},
    }


def _version(name: str) -> str | None:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return None


def readme(of: Result, told: Document, names: Sequence[str]) -> str:
    """What is in the bundle and how to rebuild it."""
    files = "\n".join(f"- `{name}`" for name in names if "/" not in name)
    return _filled("bundle.md", told, version=of.made.get("version", ""), command=of.question.line, files=files)


def trace(of: Result, told: Document) -> str:
    """TRACE: the eight elements of documented modelling, each with what is known already, the rest to be completed."""
    named = of.question.orders()
    first = next(iter(named.values()), None)
    changes = "\n\n".join(_changes(field, order) for field, order in named.items())
    return _filled("trace.md", told, sources=_sources(first), command=of.question.line, learned=_learned(first), changes=changes,
                   open="*To be completed by whoever publishes with this result.*")  # fmt: skip


def _filled(name: str, told: Document, **more: str) -> str:
    """A text of the package with its $names filled in."""
    text = Template(resources.files("hegemon.studies").joinpath(name).read_text("utf-8"))
    return text.substitute(title=told.title, question=told.question, finding=told.finding, **more)


def _sources(order: Order | None) -> str:
    if order is None:
        return "No order."
    s = order.scenario
    table = md.table(("figure", "source"), [(f"`{name}`", " ".join(text.split())) for name, text in s.sources.items()])
    return (f"Figures of the scenario and where they come from:\n\n{table}\n\nPaths prescribed over time: capacity "
            f"({' '.join(s.capacity.source.split())}) and growth ({' '.join(s.growth.source.split())}). Doctrine: "
            f"{' '.join(s.doctrine.source.split())}")  # fmt: skip


def _changes(field: str, order: Order) -> str:
    """What was set by hand in an order, and what was forced."""
    told = "\n".join(f"- `{name}` = {value!r}" for name, value in order.changed.items()) or "None."
    forced = "\n".join(f"- {f.quarter}, {f.state}: {f.crisis}" + (f", {f.instrument}" if f.instrument else "")
                       for f in order.scenario.force)  # fmt: skip
    off = ", ".join(f"`{name}`" for name in order.off) or "None."
    return (f"Order `{field}`. Parameters changed for this result:\n\n{told}\n\nMechanisms switched off: {off}\n\n"
            f"Forced events:\n\n{forced or 'None.'}")  # fmt: skip


def _learned(order: Order | None) -> str:
    """Where the parameters come from."""
    if order is None or order.scenario.posterior is None:
        return "Parameters come from the model's priors."
    kept = posterior_of(order.scenario)
    of = kept.made if kept is not None else {}
    numbers = ", ".join(f"{k} {v:.4g}" for k, v in of.get("diagnostics", {}).items())
    return (f"Parameters come from a posterior learned by {of.get('method')} from {of.get('crises')} coded crises of "
            f"{of.get('scenario')} (data {of.get('data_hash')}, seed {of.get('seed')}, version {of.get('version')}). "
            f"Diagnostics: {numbers}.")  # fmt: skip

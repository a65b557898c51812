"""What a bundle says about itself: a README, the environment, every parameter, and a TRACE document to be completed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from importlib import metadata
from typing import TYPE_CHECKING, Any

from hegemon.docs import markdown as md

if TYPE_CHECKING:
    from hegemon.order import Order

OPEN = "*To be completed by whoever publishes with this result.*"


def environment() -> dict[str, Any]:
    """Python, packages and kind of machine; no names and no folders."""
    import platform

    from hegemon import runtime

    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": f"{platform.system()} {platform.machine()}",
        "device": runtime.platform_name(),
        "packages": packages(),
    }


def packages() -> dict[str, str]:
    """Versions of what hegemon needs, as they are installed."""
    import re

    names = ["jaxlib", *(re.split(r"[\s<>=!~;\[]", need)[0] for need in metadata.requires("hegemon") or ()
                         if "extra ==" not in need)]  # fmt: skip
    return {name: metadata.version(name) for name in sorted(set(names)) if _installed(name)}


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def requirements(found: Mapping[str, str]) -> str:
    """The same packages for pip."""
    return "".join(f"{name}=={version}\n" for name, version in found.items())


def parameters(order: Order) -> str:
    """Every parameter as CSV: its value here, its prior, its unit and source."""
    import pandas as pd

    from hegemon.mechanisms import PRIORS
    from hegemon.order import values

    changed = order.changed
    rows = [
        {"parameter": name, "value": repr(value), "changed": int(name in changed), "prior_mean": PRIORS[name].mean,
         "prior_sd": PRIORS[name].sd, "low": PRIORS[name].low, "high": PRIORS[name].high, "unit": PRIORS[name].unit,
         "source": PRIORS[name].source}
        for name, value in values(order.parameters).items()
    ]  # fmt: skip
    return pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")


def again(attrs: Mapping[str, Any], changed: Mapping[str, float]) -> str:
    """The command that simulates the same anew."""
    words = ["hegemon", "run", "scenario.toml", "--runs", str(attrs["runs"]), "--seed", str(attrs["seed"])]
    for name, value in changed.items():
        words += ["--set", f"{name}={value!r}"]
    for name in attrs["without"].split():
        words += ["--without", name]
    return shlex.join(words)


def readme(order: Order, attrs: Mapping[str, Any], figures: list[str]) -> str:
    """What is in the bundle and how to rebuild it."""
    s = order.scenario
    drawn = "\n".join(f"- `figures/{name}.svg`, `figures/{name}.csv`" for name in figures)
    return f"""# {s.title}

{s.question}

{attrs["runs"]:,} histories, seed {attrs["seed"]}, {s.start} to {s.end}; hegemon {attrs["version"]}.
Fingerprint of scenario and parameters: {attrs["scenario_hash"]}.

## Rebuild every number

With hegemon {attrs["version"]} installed (`requirements.txt` lists the packages it was made with):

```sh
hegemon bundle --check BUNDLE.zip
```

simulates everything anew, in memory, and compares a fingerprint of each number with `numbers/hashes.json`. In the unpacked
folder, `python rebuild.py` does the same. On the same kind of processor and with the same versions every bit is the same; on
another, single histories may part ways after a rounding in the last bit, and then the means must agree within their sampling
error. To get a result folder of your own:

```sh
{again(attrs, order.changed)}
```

## What is in it

- `scenario.toml`: the scenario with everything it extends, as `hegemon run` reads it
- `parameters.csv`: all {len(parameters(order).splitlines()) - 1} parameters with prior, unit and source{_posterior(order)}
- `made.json`: how the result was made, on which kind of machine, with which packages
- `numbers/`: every array of the summary as NumPy's .npy, fingerprints, and a digest in a few numbers
- `ODD.md`: the model, described after Grimm et al. (2020), written from the code that ran
- `TRACE.md`: a skeleton after Grimm et al. (2014), filled in as far as the software knows
{drawn}

The model explains and tests; it is not a forecast to decide by.
"""


def _posterior(order: Order) -> str:
    name = order.scenario.posterior
    return f"\n- `posterior.npz`: the draws whose means the parameters are (posterior {name})" if name else ""


def rebuild() -> str:
    """A script that checks the unpacked folder."""
    return (
        '"""Simulate this bundle\'s result anew and compare every number."""\n\n'
        "import sys\nfrom pathlib import Path\n\nfrom hegemon.cli.main import main\n\n"
        'sys.exit(main(["bundle", "--check", str(Path(__file__).resolve().parent)]))\n'
    )


def trace(order: Order, attrs: Mapping[str, Any], posterior: Mapping[str, Any] | None) -> str:
    """TRACE: the eight elements of documented modelling, each with what is known already."""
    s = order.scenario
    sources = md.table(
        ("figure", "source"), [(f"`{name}`", " ".join(text.split())) for name, text in s.sources.items()]
    )
    changed = order.changed
    told = "\n".join(f"- `{name}` = {value!r}" for name, value in changed.items()) or "None."
    off = ", ".join(f"`{name}`" for name in order.off) or "none"
    learned = "Parameters are the model's prior means."
    if posterior is not None:
        numbers = posterior.get("diagnostics", {})
        learned = (
            f"Parameters are the means of a posterior learned by {posterior.get('method')} from {posterior.get('crises')} coded "
            f"crises of {posterior.get('scenario')} (data {posterior.get('data_hash')}, seed {posterior.get('seed')}, version "
            f"{posterior.get('version')}). Diagnostics: " + ", ".join(f"{k} {v:.4g}" for k, v in numbers.items()) + "."
        )
    forced = "\n".join(
        f"- {f.quarter}, {f.state}: {f.crisis}" + (f", {f.instrument}" if f.instrument else "") for f in s.force
    )
    parts = [
        ("Problem formulation", f"Question: {s.question}\n\nTo be answered for: {OPEN}"),
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
            f"of (order, seed, r). This result: fingerprint {attrs['scenario_hash']}; `hegemon bundle --check` rebuilds it.",
        ),
        ("Model output verification", f"{learned}\n\nParameters changed for this result:\n\n{told}\n\nForced events:\n\n"
                                      f"{forced or 'None.'}\n\nFit to the record, and what fits badly: {OPEN}"),
        (
            "Model analysis",
            f"{attrs['runs']:,} histories; spread over histories is luck, at the parameters' values. Sensitivity to parameters "
            f"(`hegemon sweep`) and to mechanisms (`--without`): {OPEN}",
        ),
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
    return f"# TRACE: {s.title}\n\n{preface}\n\n{body}\n"

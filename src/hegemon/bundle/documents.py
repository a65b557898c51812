"""What a bundle says about itself: a README, the environment, and a script that checks it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from hegemon.bundle import orders

if TYPE_CHECKING:
    from hegemon.bundle.packed import Packed


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


def rebuild() -> str:
    """A script that checks the unpacked folder."""
    return (
        '"""Make this bundle\'s result anew and compare every number."""\n\n'
        "import sys\nfrom pathlib import Path\n\nfrom hegemon.cli.main import main\n\n"
        'sys.exit(main(["bundle", "--check", str(Path(__file__).resolve().parent)]))\n'
    )


def readme(of: Packed) -> str:
    """What is in the bundle and how to rebuild it."""
    version = of.made["version"]
    prints = ", ".join(f"{name} {order.hash}".strip() for name, order in of.orders.items())
    language = "sh" if of.again.startswith("hegemon ") else "python"
    listed = "\n".join(f"- {line}" for line in contents(of))
    return f"""# {of.title}

{of.question}

{of.size}; hegemon {version}.
Fingerprint of scenario and parameters: {prints}.

## Rebuild every number

With hegemon {version} installed (`requirements.txt` lists the packages it was made with):

```sh
hegemon bundle --check BUNDLE.zip
```

simulates everything anew, in memory, and compares a fingerprint of each number with `numbers/hashes.json`. In the unpacked
folder, `python rebuild.py` does the same. On the same kind of processor and with the same versions every bit is the same; on
another, single histories may part ways after a rounding in the last bit, and then the means must agree within their sampling
error. To get a result of your own, in the unpacked folder:

```{language}
{of.again}
```

## What is in it

{listed}

The model explains and tests; it is not a forecast to decide by.
"""


def contents(of: Packed) -> list[str]:
    """The files, and what each is."""
    lines = []
    for name, order in of.orders.items():
        which = f"the {name} order's" if name else "the"
        many = len(orders.values(orders.parameters(order).encode()))
        lines.append(f"`{orders.scenario_file(name)}`: {which} scenario with everything it extends")
        lines.append(f"`{orders.parameter_file(name)}`: {which} {many} parameters with prior, unit and source")
    if of.posterior is not None:
        lines.append(f"`posterior.npz`: posterior {PurePath(of.posterior).name}, of which the parameters are {of.drawn}")
    lines += [f"`{name}`: {what}" for name, what in of.listed.items()]
    lines += [
        "`made.json`: how the result was made, on which kind of machine, with which packages",
        "`numbers/`: every number (NumPy's .npy, CSV or JSON), and a fingerprint of each",
        "`ODD.md`: the model, described after Grimm et al. (2020), written from the code that ran",
        "`TRACE.md`: a skeleton after Grimm et al. (2014), filled in as far as the software knows",
    ]
    return lines + [f"`figures/{figure.name}.svg`, `figures/{figure.name}.csv`" for figure in of.figures]

"""`hegemon doctor`: what is installed, which devices, where the cache is, which data are there."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from hegemon.cli.output import JSON

PACKAGES = ("jax", "jaxlib", "equinox", "numpy", "pandas", "xarray", "zarr", "pydantic", "altair", "vl-convert-python")


def doctor(as_json: JSON = False) -> None:
    """Say what hegemon finds here, and what to do about what it misses."""
    found = examine()
    if as_json:
        print(json.dumps(found, indent=1))
        return
    print(f"hegemon {found['version']}, Python {found['python']}, {found['cores']} cores")
    print("packages   " + ", ".join(f"{name} {number or 'MISSING'}" for name, number in found["packages"].items()))
    print(f"devices    {', '.join(found['devices'])}")
    print(f"options    {found['options']}")
    cache = found["cache"]
    print(f"cache      {cache['folder']}: {cache['programs']} compiled programs, {cache['megabytes']} MB"
          f"{'' if cache['writable'] else ' (NOT WRITABLE: every run compiles anew; set HEGEMON_CACHE)'}")  # fmt: skip
    print(f"scenarios  {', '.join(found['scenarios'])}")
    print(f"history    {found['history']} coded crises")


def examine() -> dict[str, Any]:
    """What is here."""
    import os
    import platform

    import hegemon
    from hegemon import runtime
    from hegemon.history import history
    from hegemon.scenarios.loader import builtin_names

    runtime.prepare()
    import jax

    folder = runtime.cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    programs = list(folder.glob("*-cache"))
    return {
        "version": hegemon.__version__,
        "python": platform.python_version(),
        "cores": runtime.cores(),
        "packages": {name: _installed(name) for name in PACKAGES},
        "devices": [f"{d.platform} {d.id} ({d.device_kind})" for d in jax.devices()],
        "options": os.environ.get("XLA_FLAGS", ""),
        "cache": {
            "folder": str(folder),
            "programs": len(programs),
            "megabytes": round(sum(file.stat().st_size for file in programs) / 1e6, 1),
            "writable": os.access(folder, os.W_OK),
        },
        "scenarios": list(builtin_names()),
        "history": len(history()),
    }


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None

"""`hegemon doctor`: what is installed, which devices, where the cache is, which data are there."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer

from hegemon.cli.output import JSON, print_json, say

PACKAGES = ("jax", "jaxlib", "equinox", "numpy", "pandas", "xarray", "zarr", "pydantic", "altair", "vl-convert-python")


RESULT = Annotated[Path | None, typer.Argument(help="Folder of a result: say whether it is whole, file by file.")]


CONSISTENT = Annotated[bool, typer.Option("--consistent", help="Say whether histories made here agree with the reference.")]


PORTABLE = Annotated[bool, typer.Option("--portable", help="Say whether the engine of the browser tab gives the same bits here.")]


def doctor(
    result: RESULT = None, consistent: CONSISTENT = False, portable: PORTABLE = False, as_json: JSON = False
) -> None:
    """Say what hegemon finds here, and what to do about what it misses; whether a result is whole; or whether this machine's
    histories are everybody's."""
    if consistent:
        return _compare(result, as_json)
    if portable:
        return _prove(result, as_json)
    found = examine() if result is None else whole(result)
    if as_json:
        print_json(found)
        return
    if result is not None:
        say(f"{result.as_posix()} is whole: {found['files']} files, {found['megabytes']} MB, every byte as it was written")
        return
    say(f"hegemon {found['version']}, Python {found['python']}, {found['cores']} cores")
    say("packages   " + ", ".join(f"{name} {number or 'MISSING'}" for name, number in found["packages"].items()))
    say(f"devices    {', '.join(found['devices'])}")
    say(f"options    {found['options']}")
    cache = found["cache"]
    say(f"cache      {cache['folder']}: {cache['programs']} compiled programs, {cache['megabytes']} MB"
          f"{'' if cache['writable'] else ' (NOT WRITABLE: every run compiles anew; set HEGEMON_CACHE)'}")  # fmt: skip
    say(f"scenarios  {', '.join(found['scenarios'])}")
    say(f"history    {found['history']} coded crises")


def _compare(result: Path | None, as_json: bool) -> None:
    """Ends with 1 where histories made here are not those of the reference."""
    from hegemon.consistency.telling import answer
    from hegemon.errors import BadValue, shown

    if result is not None:
        raise BadValue(f"--consistent asks about this machine, not about {shown(result.as_posix(), 200)}", "Give one of the two.")
    found = answer()
    if as_json:
        print_json(found)
    else:
        say("\n".join(found["told"]))
    if not found["consistent"]:
        raise typer.Exit(1)


def _prove(result: Path | None, as_json: bool) -> None:
    """Ends with 1 where a portable engine's histories are not, to the bit, those that it was shipped with."""
    from hegemon.errors import BadValue, shown
    from hegemon.portable.proof import proven

    if result is not None:
        raise BadValue(f"--portable asks about this machine, not about {shown(result.as_posix(), 200)}", "Give one of the two.")
    found = proven()
    if as_json:
        print_json({"engines": found, "portable": all(each["same"] for each in found)})
    else:
        for each in found:
            stale = "; the model has changed since it was made: run python tools/portable_engine.py" if each["stale"] else ""
            what = "every bit as shipped" if each["same"] else "OTHER BITS than shipped"
            say(f"{each['engine']:8} {each['histories']} histories of {each['of']}, {each['quarters']} quarters: {what}{stale}")
    if not all(each["same"] for each in found):
        raise typer.Exit(1)


def whole(folder: Path) -> dict[str, Any]:
    """A finished result's files, each read and compared. Raises `UserError` where one is missing or other than it was written."""
    from hegemon.errors import BadFile, Missing, shown, typed
    from hegemon.studies.folder import damages, manifest_of

    place, manifest = shown(folder.as_posix(), 200), manifest_of(folder)
    files, drawn = manifest.files, manifest.drawn
    if not files:
        raise Missing(f"{place} has no list of its files", "It was made before hegemon wrote one; make it again to check it.")
    if lost := damages(folder, files, whole=True):
        raise BadFile(f"{place} is damaged: {'; '.join(lost)}", f"Delete it and make it again: {manifest.asked().line}")
    if lost := damages(folder, drawn, whole=True):
        kinds = {Path(each.split()[0]).suffix[1:].replace("csv", "svg") for each in lost if not each.startswith("report.")}
        pages = [f"hegemon report {typed(folder.as_posix())}"] * any(each.startswith("report.") for each in lost)
        again = ", ".join([*pages, *(f"hegemon report {typed(folder.as_posix())} --format {kind}" for kind in sorted(kinds))])
        raise BadFile(f"the numbers in {place} are whole, but what was drawn of them is not: {'; '.join(lost)}",
                      f"Draw it again: {again}.")  # fmt: skip
    size = sum(each for each, _ in (*files.values(), *drawn.values()))
    return {"folder": folder.as_posix(), "files": len(files) + len(drawn), "megabytes": round(size / 1e6, 1)}


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

    folder, programs, writable = runtime.cache_folder(), [], False
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        programs = [file.stat().st_size for file in folder.glob("*-cache") if file.exists()]
        writable = folder.is_dir() and os.access(folder, os.W_OK)
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
            "megabytes": round(sum(programs) / 1e6, 1),
            "writable": writable,
        },
        "scenarios": list(builtin_names()),
        "history": len(history()),
    }


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None

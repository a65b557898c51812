"""`hegemon bundle`: a result with everything that rebuilds its numbers in one zip, and the check that it does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from hegemon.bundle.check import Checked

MADE = ("scenario", "scenario_hash", "ledger", "version", "seed", "runs", "draws", "sets", "platform")
"""What is told of how a bundle was made."""


def bundle(
    result: Annotated[
        Path, typer.Argument(help="Folder of a finished result, of any kind; with --check, a bundle.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.zip", help="Where to write it; else beside the result.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Make a bundle's result anew and compare every number.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Write scenario, parameters, seed, versions, figures, numbers and description of a result into one zip, or check one."""
    from hegemon.errors import BadValue, shown

    if check:
        if out is not None:
            raise BadValue("--out with --check", "A check writes nothing; leave --out away.")
        return tell(result, as_json)
    from hegemon.bundle.numbers import fingerprint
    from hegemon.bundle.write import write

    target = out if out is not None else result.with_name(f"{result.resolve().name}.zip")
    if target.suffix != ".zip":
        raise BadValue(f"--out {shown(target.as_posix(), 200)}", "A bundle's name ends in .zip.")
    names = write(result, target)
    digest = fingerprint(target.read_bytes())
    if as_json:
        return print(json.dumps({"bundle": target.as_posix(), "sha256": digest, "files": names}, indent=1))
    print(f"{target.as_posix()}: {len(names)} files, {target.stat().st_size / 1e6:.1f} MB, sha256 {digest}")
    print(f"To rebuild and compare every number: hegemon bundle --check {target.name}")


def tell(path: Path, as_json: bool) -> None:
    """Rebuild, and say how far the numbers are the same; exit code 1 where they are not."""
    from hegemon.bundle.check import check
    from hegemon.cli.progress import counted

    with counted("rebuilding") as tick:
        found = check(path, tick)
    if as_json:
        print(json.dumps(document(found), indent=1))
    else:
        print("\n".join(said(found)))
    if not found.holds:
        raise typer.Exit(1)


def document(found: Checked) -> dict[str, Any]:
    """As plain data."""
    v, largest = found.verdict, found.verdict.largest
    return {
        "holds": found.holds,
        "equal": v.equal,
        "alike": v.alike,
        "same": len(v.same),
        "different": list(v.different),
        "largest_difference_in_standard_errors": largest if largest < float("inf") else None,
        "kind": found.made["kind"],
        "made": {name: found.made[name] for name in MADE if name in found.made},
        "elsewhere": {name: {"made": was, "here": here} for name, (was, here) in found.here.items()},
    }


def said(found: Checked) -> list[str]:
    """For a person in a terminal."""
    v, head = found.verdict, f"{found.said}: "
    every = len(v.same) + len(v.different)
    if v.equal:
        return [f"{head}rebuilt; all {every} arrays and tables are the same to the bit."]
    lines = [f"{head}rebuilt; {len(v.same)} of {every} arrays and tables are the same to the bit, the largest difference of "
             f"means is {v.largest:.2g} standard errors."]  # fmt: skip
    lines += [f"Made with {name} {was}; this is {here}." for name, (was, here) in found.here.items()]
    if found.holds:
        return [*lines, "Agrees: other versions or processors may differ in last bits, and so in single histories."]
    where = "though version and platform are the same" if not found.here else "by more than luck"
    return [*lines, f"Does not agree, {where}: {', '.join(v.different[:8])}{' ...' if len(v.different) > 8 else ''}."]

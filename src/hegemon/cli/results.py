"""What can be done with a result of any kind: its page, its figures, its numbers for another program, its bundle."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hegemon.cli.output import JSON, print_json, say
from hegemon.errors import BadValue, shown, typed

if TYPE_CHECKING:
    from hegemon.studies.bundle import Checked

Format = StrEnum("Format", ["html", "png", "svg", "pdf"])
"""What to write."""

RESULT = Annotated[Path, typer.Argument(metavar="RESULT", help="Folder of a finished result, of any kind.")]


def report(
    results: Annotated[list[Path], typer.Argument(metavar="RESULT...", help="Folders of finished results, of any kind.")],
    format: Annotated[Format, typer.Option("--format", help="One page, or one picture per figure.")] = Format.html,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to; else the result's, or one under results/ for several.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="Heading of a page of several results.")] = None,
    as_json: JSON = False,
) -> None:
    """Write a result's page, one page of several results, or each of their figures with its numbers (CSV)."""
    from hegemon.studies import telling
    from hegemon.studies.folder import distinct, manifest_of, open_result, tried

    if title is not None and (len(results) == 1 or format is not Format.html):
        raise BadValue("--title", "It is the heading of one page of several results; leave it away.")
    distinct(results)
    for folder in results:
        manifest_of(folder)
    alone, page = len(results) == 1, format is Format.html
    place = out or (together(results) if not alone else results[0] if page else results[0] / "figures")
    tried(place if alone and place.suffix in (".html", ".htm") else place / telling.PAGE, "choose another --out.")
    found = [open_result(folder) for folder in results]
    written: list[Path] = []
    if alone and page:
        written = [telling.write_page(found[0], place)]
    elif alone:
        written = telling.write_pictures(found[0], place, format.value)  # type: ignore[arg-type]
    elif page:
        written = [telling.write_joint(found, place / telling.PAGE, title)]
    else:
        names = [folder.resolve().name for folder in results]
        for n, (of, name) in enumerate(zip(found, names, strict=True), 1):
            target = place / (name if names.count(name) == 1 else f"{n}-{name}")
            written += telling.write_pictures(of, target, format.value)  # type: ignore[arg-type]
    said([path.as_posix() for path in written], as_json)


def together(folders: Sequence[Path]) -> Path:
    """Where a page of several results goes if nobody says."""
    named = "\n".join(folder.resolve().as_posix() for folder in folders)
    return Path("results") / f"report-{hashlib.sha256(named.encode()).hexdigest()[:8]}"


def said(files: list[str], as_json: bool) -> None:
    """What was written."""
    print_json({"files": files}) if as_json else say("\n".join(files))


def export(
    result: RESULT,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="By ending: .csv .dta .nc .parquet .xlsx .json, or .zip for every table."),
    ],
    as_json: JSON = False,
) -> None:
    """Write a result's numbers for another program, tidy and labelled."""
    from hegemon.studies.export import ready
    from hegemon.studies.folder import manifest_of, open_result

    manifest_of(result)
    for file in files:
        ready(file)
    found = open_result(result)
    said([found.export(file).as_posix() for file in files], as_json)


def bundle(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder of a finished result; with --check, a bundle.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.zip", help="Where to write it; else beside the result.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Ask a bundle's question anew and compare every number.")] = False,
    trust: Annotated[bool, typer.Option("--trust", help="With --check: run code that the bundle brings.")] = False,
    as_json: JSON = False,
) -> None:
    """Write question, scenario, parameters, versions, figures, numbers and description of a result into one zip, or check one."""
    if check:
        if out is not None:
            raise BadValue("--out with --check", "A check writes nothing; leave --out away.")
        return checked(result, as_json, trust=trust)
    if trust:
        raise BadValue("--trust without --check", "It goes with --check.")
    from hegemon.studies import bundle as bundles
    from hegemon.studies.folder import manifest_of, open_result, tried

    target = out if out is not None else result.with_name(f"{result.resolve().name}.zip")
    if target.suffix != ".zip":
        raise BadValue(f"--out {shown(target.as_posix(), 200)}", "A bundle's name ends in .zip.")
    manifest_of(result)
    tried(target, "choose another place with --out.")
    names = bundles.write(open_result(result), target)
    digest = bundles.fingerprint(target.read_bytes())
    if as_json:
        return print_json({"bundle": target.as_posix(), "sha256": digest, "files": names})
    say(f"{target.as_posix()}: {len(names)} files, {target.stat().st_size / 1e6:.1f} MB, sha256 {digest}")
    say(f"To rebuild and compare every number: hegemon bundle --check {typed(target.as_posix())}")


def checked(path: Path, as_json: bool, *, trust: bool) -> None:
    """Rebuild, and say how far the numbers are the same; exit code 1 where they are not."""
    from hegemon.cli.progress import counted
    from hegemon.studies.bundle import check, foreign

    for name, digest in foreign(path, trust=trust):
        say(f"This bundle runs code from outside: {name} (SHA-256 {digest[:16]}).", error=True)
    with counted("rebuilding") as tick:
        found = check(path, tick)
    print_json(plain(found)) if as_json else say("\n".join(sentences(found)))
    if not found.holds:
        raise typer.Exit(1)


def plain(found: Checked) -> dict[str, Any]:
    """As plain data."""
    return {
        "holds": found.holds,
        "equal": found.equal,
        "same": list(found.same),
        "different": list(found.different),
        "largest_difference_in_standard_errors": found.largest if found.largest < float("inf") else None,
        "command": found.command,
        "elsewhere": {name: {"made": was, "here": here} for name, (was, here) in found.here.items()},
    }


def sentences(found: Checked) -> list[str]:
    """For a person in a terminal."""
    head, every = f"{found.command}: ", len(found.same) + len(found.different)
    if found.equal:
        return [f"{head}rebuilt; all {every} arrays and tables are the same to the bit."]
    apart = f"the largest difference of averages is {found.largest:.2g} standard errors."
    lines = [f"{head}rebuilt; {len(found.same)} of {every} arrays and tables are the same to the bit, {apart}"]
    lines += [f"Made with {name} {was}; this is {here}." for name, (was, here) in found.here.items()]
    if found.holds:
        return [*lines, "Agrees: other versions or processors may differ in last bits, and so in single histories."]
    where = "though version and platform are the same" if not found.here else "by more than chance"
    return [*lines, f"Does not agree, {where}: {', '.join(found.different[:8])}{' ...' if len(found.different) > 8 else ''}."]

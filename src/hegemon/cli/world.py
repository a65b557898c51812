"""`hegemon world`: build the pack of raw facts from official files, and show what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hegemon.cli.output import JSON, print_json, say

app = typer.Typer(
    help="Raw facts on all states, from which orders are built: build the pack, show it.", no_args_is_help=True
)

PACK = Annotated[
    str | None, typer.Option("--pack", metavar="DIR", help="World pack to read; by default the one that was built.")
]


@app.command()
def build(
    source: Annotated[
        str | None, typer.Option("--from", metavar="DIR", help="Folder with official files, unpacked, or with a pack.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where to keep the pack; by default the user's data folder."),
    ] = None,
    only_look: Annotated[bool, typer.Option("--look", help="Only say what is there and what is missing.")] = False,
    as_json: JSON = False,
) -> None:
    """Build the pack from data sets as they are published. Without --from: which they are, and where they are to be had."""
    from hegemon.errors import typed
    from hegemon.world_pack.building import build as made
    from hegemon.world_pack.building import is_pack, releases
    from hegemon.world_pack.manifest import RELEASES
    from hegemon.world_pack.opening import usual_folder

    if source is None:
        if as_json:
            return print_json({"releases": [_told(release) for release in RELEASES]})
        say("Download these, unpack them into one folder, and give: hegemon world build --from DIR\n")
        for release in RELEASES:
            named = " or ".join(release.files)
            say(f"{release.title} ({release.terms})\n  {release.where}\n  as {named}; {_without(release.without)}")
        return None
    parts = [] if is_pack(source) else releases(source)
    place = out or usual_folder()
    lacking = [part for part in parts if part.file is None]
    if not as_json:
        for part in parts:
            there = (
                f"found     {part.file.name}"
                if part.file
                else f"missing   {part.release.files[0]} ({part.release.where})"
            )
            say(f"{there}: {part.release.title if part.file else _without(part.release.without)}")
    files = (
        []
        if only_look
        else made(
            source, place, (lambda said: None) if as_json else (lambda said: say(f"reading   {said}", error=True))
        )
    )
    if as_json:
        missing = [_told(part.release) for part in lacking]
        return print_json({"pack": None if only_look else place.as_posix(), "files": files, "missing": missing})
    if files:
        named = "" if out is None else f" --pack {typed(place.as_posix())}"
        say(f"\nThe pack is in {place.as_posix()}: {len(files)} tables. See what it says: hegemon world show FRA CIV 1961{named}")
    return None


def _told(release: object) -> dict[str, object]:
    from hegemon.world_pack.manifest import Release

    assert isinstance(release, Release)
    return {"name": release.name, "title": release.title, "files": list(release.files), "where": release.where,
            "terms": release.terms, "without": _without(release.without)}  # fmt: skip


def _without(said: str) -> str:
    return f"without it {said}" if said else "a pack cannot do without"


@app.command()
def show(
    what: Annotated[
        list[str], typer.Argument(metavar="STATE... YEAR", help="States by ISO 3166 alpha-3, then a year.")
    ],
    pack: PACK = None,
    as_json: JSON = False,
) -> None:
    """Every raw fact on states in a year, and on pairs of them, each with its source."""
    from hegemon.errors import BadDate, shown
    from hegemon.world_pack.facts import facts
    from hegemon.world_pack.opening import open_world

    *states, year = what
    if not (year.isascii() and year.isdigit()):
        raise BadDate(f"{shown(year)} is no year", "Name states, then a year: hegemon world show FRA CIV 1961.")
    world = open_world(pack)
    found = facts(world, [iso.upper() for iso in states], int(year))
    if as_json:
        rows = [{"of": list(f.of), "fact": f.name, "value": f.value or None, "what": f.what, "source": f.source, "terms": f.terms}
                for f in found]  # fmt: skip
        return print_json({"year": int(year), "facts": rows})
    heading: tuple[str, ...] = ()
    for fact in found:
        who = tuple(sorted(fact.of)) if len(fact.of) > 1 else fact.of
        if who != heading:
            heading = who
            names = " and ".join(f"{world.name(iso, int(year))} ({iso})" for iso in fact.of)
            say(f"{'' if fact is found[0] else chr(10)}{names}, {year}")
        side = f"{fact.of[0]}: " if len(fact.of) > 1 and fact.name in ("freed", "kin") else ""
        say(f"  {fact.name:<20} {fact.value or '-':>12}  {side}{fact.what} [{fact.source}]")
    return None

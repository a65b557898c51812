"""Building a pack on the user's machine from official files: what is there, what is missing, and the pack's tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hegemon.errors import BadFile, Missing, shown
from hegemon.files import home, try_to_write, write_folder
from hegemon.world_pack.manifest import BY_NAME, KEYS, RELEASES, Release, columns

if TYPE_CHECKING:
    import pandas as pd

LISTED_NAMES = 12
"""Names of no state that are told, of a release."""

PATIENCE = 60.0
"""Seconds to wait for another process that builds a pack in the same place."""

Found = Mapping[str, Path]
Tick = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    """A release, and the file of it that was found; None where it is missing."""

    release: Release
    file: Path | None


def releases(folder: str | Path) -> list[Part]:
    """Every release, with its file in a folder or one below it; of several that fit, the last by name.

    Raises `UserError` where there is no such folder.
    """
    place, word = home(folder), shown(str(folder), 200)
    if not str(folder):
        raise BadFile("no folder is named", "Name the one into which you have downloaded and unpacked the data sets.")
    if not place.is_dir():
        remedy = "Name the folder into which you have downloaded and unpacked the data sets."
        raise BadFile(f"{word} is a file" if place.exists() else f"there is no folder {word}", remedy)
    parts = []
    for release in RELEASES:
        fits = (sorted(each for each in place.rglob(pattern) if each.is_file()) for pattern in release.files)
        parts.append(Part(release, next((files[-1] for files in fits if files), None)))
    return parts


def is_pack(folder: str | Path) -> bool:
    """Whether a folder holds a pack that is built already."""
    return bool(str(folder)) and all((home(folder) / f"{name}.parquet").is_file() for name in ("states", "pairs"))


def needed(parts: list[Part]) -> None:
    """Raise for what a pack cannot do without."""
    lacking = [part.release for part in parts if part.file is None and not part.release.without]
    if lacking:
        first, more = lacking[0], len(lacking) - 1
        others = f" ({more} more such file{'s' if more > 1 else ''} missing.)" if more else ""
        what = f"{first.title} is missing: no file {' or '.join(first.files)}"
        raise Missing(what, f"A pack cannot do without; get it at {first.where}.{others}")


def tables(parts: list[Part], tick: Tick = lambda said: None) -> dict[str, pd.DataFrame]:
    """Every table of a pack from the releases that were found; raises `UserError` where one cannot be read."""
    needed(parts)
    found = {part.release.name: part.file for part in parts if part.file is not None}
    states = _states(found, tick)
    made = {"states": states, "pairs": _pairs(found, states, tick), **_yearly(found, tick)}
    return {name: made[name] for name in KEYS if name in made}


def _states(found: Found, tick: Tick) -> pd.DataFrame:
    from hegemon.world_pack.official import states as read

    tick(BY_NAME["system"].title)
    spine = read.system(found["system"])
    readers = {
        "nmc": read.capabilities, "trade": read.trade, "vdem": read.democracy, "estimates": read.estimates,
        "output": read.output, "leaders": read.leaders, "coups": read.coups, "conflicts": read.conflicts,
        "hief": read.fractions, "campaigns": read.campaigns, "protests": read.protests, "troops": read.troops,
    }  # fmt: skip
    parts = []
    for name, reader in readers.items():
        if name in found:
            tick(BY_NAME[name].title)
            parts.append(reader(found[name]))
            if names := parts[-1].attrs.get("left_out"):
                listed = ", ".join(shown(each)[1:-1] for each in names[:LISTED_NAMES])
                more = f" and {len(names) - LISTED_NAMES} more" if len(names) > LISTED_NAMES else ""
                tick(f"{BY_NAME[name].title}: left out, no state goes by that name: {listed}{more}")
    if "groups" in found:
        tick(BY_NAME["groups"].title)
        parts.append(read.ethnic(read.groups(found["groups"])))
    return read.joined(spine, parts)


def _pairs(found: Found, states: pd.DataFrame, tick: Tick) -> pd.DataFrame:
    import pandas as pd

    from hegemon.world_pack.official import pairs, places

    tick(BY_NAME["borders"].title)
    parts = [places.borders(found["borders"], states), places.capitals(found["capitals"], states)]
    for name, reader in (("contiguity", pairs.contiguity), ("rivalries", pairs.rivalries), ("rule", pairs.rule)):
        if name in found:
            tick(BY_NAME[name].title)
            parts.append(reader(found[name]))
    table = pd.concat([part[list(KEYS["pairs"])] for part in parts], ignore_index=True)
    numbers = dict.fromkeys(("ccode1", "ccode2", "from", "to"), "int16")
    return table.astype({**numbers, "value": "float32", "what": "category"})


def _yearly(found: Found, tick: Tick) -> dict[str, pd.DataFrame]:
    from hegemon.world_pack.official import pairs
    from hegemon.world_pack.official.states import groups

    made = {}
    if "dyads" in found:
        tick(BY_NAME["dyads"].title)
        made["trade"] = pairs.trade(found["dyads"])
    together = []
    for name, reader in (("atop", pairs.treaties), ("igo", pairs.organisations), ("votes", pairs.votes)):
        if name in found:
            tick(BY_NAME[name].title)
            together.append(reader(found[name]))
    if together:
        made["ties"] = pairs.ties(together)
    if "mid" in found:
        tick(BY_NAME["mid"].title)
        made["disputes"] = pairs.disputes(found["mid"])
    if "groups" in found:
        made["kin"] = pairs.kin(groups(found["groups"]))
    return made


def build(folder: str | Path, out: Path, tick: Tick = lambda said: None) -> list[str]:
    """Build a pack from official files, or take over one that is built already; checks it, writes it, and returns its files.

    Nothing is written where something is wrong.
    """
    from hegemon.owner import owned
    from hegemon.world_pack.opening import LISTED, checked
    from hegemon.world_pack.opening import tables as opened

    try_to_write(out / LISTED, "choose another --out.")
    made = opened(folder) if is_pack(folder) else tables(releases(folder), tick)
    known = {name: [c for c in table if c in KEYS[name] or c in columns(name)] for name, table in made.items()}
    sound = {
        name: checked(name, table.reset_index(drop=True)[known[name]].copy(), f"{name} of the new pack")
        for name, table in made.items()
    }
    files = {
        f"{name}.parquet": table.to_parquet(None, index=False, compression="zstd")
        for name, table in sound.items()
        if len(table)
    }
    listed = {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()}
    with owned(out, PATIENCE):
        for draft in out.glob("*.part"):  # of a process that was killed
            draft.unlink(missing_ok=True)
        written = write_folder(out, {**files, LISTED: json.dumps(listed, indent=1).encode() + b"\n"})
        for name in {f"{each}.parquet" for each in KEYS} - set(files):
            (out / name).unlink(missing_ok=True)  # an older pack's
    return written

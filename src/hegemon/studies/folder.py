"""Results on disk. A folder's `manifest.json` says which study it is, what was asked, how it was made, and whether it is whole.

    manifest.json   written last: with the status "complete" the folder counts as a result
    NAME.nc         labelled arrays, NetCDF
    NAME.parquet    tables
    NAME.json       plain values
    report.html     the page, made from these

Everything is written beside its place and moved there; a killed process leaves a finished result or none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon import studies
from hegemon.errors import BadFile, BadValue, UserError, shown
from hegemon.files import refused, write_atomically
from hegemon.studies.netcdf import netcdf, read_netcdf
from hegemon.studies.owner import LOCK, owned
from hegemon.studies.provenance import begun

if TYPE_CHECKING:
    from hegemon.studies.question import Question
    from hegemon.studies.study import Answer, Numbers, Study

MANIFEST = "manifest.json"
LAYOUT = 2
"""Version of the layout of folders."""


@dataclass(frozen=True)
class Manifest:
    """What a folder says of itself.

    status  "running" or "complete"
    done    how far an unfinished one is, in words of its own
    """

    study: Study
    status: str
    question: Mapping[str, Any]
    made: Mapping[str, Any]
    rest: Mapping[str, Any]

    @property
    def complete(self) -> bool:
        """Whether it is a finished result."""
        return self.status == "complete"

    def asked(self) -> Question:
        """The question. Raises `UserError` where this version does not know it."""
        return self.study.asks.of(self.question)


def write_manifest(folder: Path, study: str, status: str, question: Question, made: Mapping[str, Any], **rest: Any) -> None:
    """Say what a folder holds."""
    note = {"hegemon": LAYOUT, "study": study, "status": status, "question": question.resolved().model_dump(mode="json"),
            "made": dict(made), **rest}  # fmt: skip
    write_atomically(folder / MANIFEST, (json.dumps(note, indent=1, ensure_ascii=False) + "\n").encode())


def read_manifest(folder: Path) -> Manifest | None:
    """What a folder says of itself, or None where it holds no result. Raises `UserError` where what it says is damaged."""
    file = folder / MANIFEST
    if not file.is_file():
        return None
    place = shown(folder.as_posix(), 200)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        layout, name, status = found["hegemon"], str(found["study"]), found["status"]
        rest = {key: value for key, value in found.items() if key not in ("hegemon", "study", "status", "question", "made")}
        question, made = dict(found["question"]), dict(found["made"])
        rest["files"] = {str(file): (int(size), str(digest)) for file, (size, digest) in dict(rest.get("files") or {}).items()}
        if status not in ("running", "complete"):
            raise ValueError(f"its status is {status}")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged(folder, error) from None
    if layout != LAYOUT:
        raise BadFile(f"{place} has another layout", "It is of another version of hegemon; make it again.")
    return Manifest(studies.study(name), status, question, made, rest)


def damaged(place: Path, error: object) -> BadFile:
    """What to say of a result that cannot be read back."""
    what = " ".join(str(error).split())
    said = f"{type(error).__name__}: {what}" if isinstance(error, KeyError) else what
    return BadFile(f"{shown(place.as_posix(), 200)} cannot be read ({shown(said, 160)[1:-1]})",
                   "It is damaged or of another version; delete it and make it again.")  # fmt: skip


def claimed(folder: Path, question: Question) -> Manifest | None:
    """What a folder holds of the answer to a question; None where there is nothing yet.

    Raises `UserError` where it holds something else, or was made by another version or another model.
    """
    place, found = shown(folder.as_posix(), 200), read_manifest(folder)
    if found is None and folder.exists() and (not folder.is_dir() or _holds(folder)):
        found = read_manifest(folder)  # another process may have begun in between
        if found is None:
            raise UserError(f"{place} exists and holds no result of hegemon", "Choose another folder with --out.")
    if found is None:
        return None
    remedy = "Choose another folder with --out, or delete it."
    if found.study.name != question.study or found.asked().fingerprint() != question.fingerprint():
        raise UserError(f"{place} holds another result, of: {found.asked().line}", remedy)
    now = begun()
    if found.made.get("version", now["version"]) != now["version"]:
        raise UserError(f"{place} holds a result of version {found.made['version']}", remedy)
    if found.made.get("code", now["code"]) != now["code"]:
        raise UserError(f"{place} was made by other code of the model ({found.made['code']}): the model has changed since "
                        f"({now['code']})", remedy)  # fmt: skip
    return found


def _holds(folder: Path) -> list[str]:
    """Names in a folder, but for those with which an answer begins."""
    return [each.name for each in folder.iterdir() if not each.name.startswith((LOCK, MANIFEST))]


def begin(folder: Path, question: Question) -> None:
    """Begin an answer in its folder, before anything is computed: a place that cannot be written to is told at once."""
    with refused(f"cannot write to {shown(str(folder), 200)}", "choose another --out."):
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / MANIFEST).is_file():
            write_manifest(folder, question.study, "running", question, begun())


def forget(folder: Path, made: Sequence[Path]) -> None:
    """Take away a folder in which nothing was finished, and the folders that were `made` for it, the innermost first."""
    if _holds(folder):
        return
    for each in folder.iterdir():
        each.unlink()
    for each in made:
        with suppress(OSError):
            each.rmdir()


def save(result: Answer, folder: Path) -> Path:
    """Write a result, whole or not at all; one that is there already is left as it is."""
    found = claimed(folder, result.question)
    if found is None or not found.complete:
        with owned(folder):
            complete(result, folder)
    return folder


def complete(result: Answer, folder: Path) -> None:
    """Write what an answer holds into its folder, and last that it is whole; where it is so already, nothing."""
    found = claimed(folder, result.question)
    if found is not None and found.complete:
        return
    begin(folder, result.question)
    with refused(f"cannot write to {shown(str(folder), 200)}", "choose another place."):
        result.write(folder)
        write_manifest(folder, result.study, "complete", result.question, result.made, files=contents(folder))
        result.tidy(folder)


# ---- Whether a result is whole ----

PASSING = (LOCK, "sample/", "parts/", "tally-", "unfinished-", "figures/", "report.")
"""How the names begin of which a manifest says nothing: what only a resumption needs, and what can be drawn again."""


def contents(folder: Path) -> dict[str, tuple[int, str]]:
    """Bytes and SHA-256 of every file of a result by its path, but for pages, which can be written again."""
    found = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and not name.startswith((*PASSING, MANIFEST)) and file.suffix != ".part":
            found[name] = (file.stat().st_size, _digest(file))
    return found


def damages(folder: Path, manifest: Manifest, *, whole: bool) -> list[str]:
    """What a folder lacks of what its manifest lists, in words; `whole`: every byte is read."""
    told = []
    for name, (size, digest) in manifest.rest.get("files", {}).items():
        file = folder / name
        if not file.is_file():
            told.append(f"{name} is missing")
        elif file.stat().st_size != size:
            told.append(f"{name} has {file.stat().st_size:,} bytes, not {size:,}")
        elif (whole or size <= READ) and _digest(file) != digest:
            told.append(f"{name} is not what was written")
    return told


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


READ = 2**22
"""Files of up to so many bytes are read whole whenever a result is opened; larger ones by `hegemon doctor RESULT`."""


def write_numbers(folder: Path, name: str, value: Any) -> None:
    """Write arrays, a table or plain values under a name."""
    if hasattr(value, "data_vars"):
        write_atomically(folder / f"{name}.nc", netcdf(value))
    elif hasattr(value, "columns"):
        write_atomically(folder / f"{name}.parquet", value.to_parquet(None, compression="zstd"))
    else:
        text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
        write_atomically(folder / f"{name}.json", (text + "\n").encode())


def read_numbers(folder: Path) -> Numbers:
    """Everything in a folder by name."""
    import pandas as pd

    found: dict[str, Any] = {}
    for place in sorted(folder.iterdir()):
        if place.suffix == ".parquet":
            found[place.stem] = pd.read_parquet(place)
        elif place.suffix == ".json" and place.name != MANIFEST:
            found[place.stem] = json.loads(place.read_text("utf-8"))
        elif place.suffix == ".nc":
            found[place.stem] = read_netcdf(place)
    return found


def manifest_of(folder: Path) -> Manifest:
    """What a folder with a finished result says of itself. Raises `UserError` where there is none."""
    place = shown(folder.as_posix(), 200)
    made = f"hegemon {', '.join(each.name for each in studies.STUDIES)}"
    if not folder.is_dir():
        what = f"{place} is no folder" if folder.exists() else f"there is no folder {place}"
        raise BadFile(what, f"Name the folder of a result ({made}).")
    found = read_manifest(folder)
    if found is None:
        raise BadFile(f"{place} holds no result of hegemon", f"Make one: {made}.")
    if not found.complete:
        raise BadFile(f"{found.study.noun} in {place} is unfinished", f"Give the same command again: {found.asked().line}")
    return found


def open_result(path: str | Path) -> Any:
    """A finished result of any kind, read back. Raises `UserError` where there is none, or it is damaged."""
    folder = Path(path)
    found = manifest_of(folder)
    question = found.asked()
    if lost := damages(folder, found, whole=False):
        raise damaged(folder, lost[0])
    try:
        return found.study.gives.opened(folder, question, found.made)
    except (OSError, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise damaged(folder, error) from None


def distinct(folders: list[Path]) -> None:
    """Raise unless every folder is another one."""
    seen: dict[Path, Path] = {}
    for folder in folders:
        there = folder.resolve()
        if there in seen:
            other = "" if seen[there] == folder else f", which is {shown(seen[there].as_posix(), 200)}"
            raise BadValue(f"{shown(folder.as_posix(), 200)} is named twice{other}", "Name each result once.")
        seen[there] = folder

"""Results on disk. A folder's `manifest.json` says which study it is, what was asked, how it was made, and whether it is whole.

    manifest.json   written last: with the status "complete" the folder counts as a result
    NAME.nc         labelled arrays, NetCDF
    NAME.parquet    tables
    NAME.json       plain values
    report.html     the page, made from these

Everything is written beside its place and moved there; a killed process leaves a finished result or none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hegemon
from hegemon import studies
from hegemon.errors import BadFile, BadValue, UserError, shown
from hegemon.files import write_atomically
from hegemon.studies.netcdf import netcdf, read_netcdf

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
        layout, name, status = found["hegemon"], found["study"], str(found["status"])
        rest = {key: value for key, value in found.items() if key not in ("hegemon", "study", "status", "question", "made")}
        question, made = dict(found["question"]), dict(found["made"])
    except (OSError, ValueError, KeyError, TypeError) as error:
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

    Raises `UserError` where it holds something else.
    """
    place, found = shown(folder.as_posix(), 200), read_manifest(folder)
    if found is None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UserError(f"{place} exists and holds no result of hegemon", "Choose another folder with --out.")
        return None
    remedy = "Choose another folder with --out, or delete it."
    if found.study.name != question.study or found.asked().fingerprint() != question.fingerprint():
        raise UserError(f"{place} holds another result, of: {found.asked().line}", remedy)
    if found.made.get("version", hegemon.__version__) != hegemon.__version__:
        raise UserError(f"{place} holds a result of version {found.made['version']}", remedy)
    return found


def begin(folder: Path, question: Question) -> None:
    """Make a folder for an answer, before anything is computed: a place that cannot be written to is told at once."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / MANIFEST).is_file():
            write_manifest(folder, question.study, "running", question, {})
    except OSError as error:
        raise BadFile(f"cannot write to {shown(str(folder), 200)}", f"{error.strerror or error}; choose another --out.") from None


def forget(folder: Path, made: Sequence[Path]) -> None:
    """Take away a folder in which nothing was finished, and the folders that were `made` for it, the innermost first."""
    if [each.name for each in folder.iterdir()] != [MANIFEST]:
        return
    (folder / MANIFEST).unlink()
    for each in made:
        with suppress(OSError):
            each.rmdir()


def save(result: Answer, folder: Path) -> Path:
    """Write a result, whole or not at all; one that is there already is left as it is."""
    found = claimed(folder, result.question)
    if found is not None and found.complete:
        return folder
    begin(folder, result.question)
    try:
        result.write(folder)
    except OSError as error:
        raise BadFile(f"cannot write to {shown(str(folder), 200)}", f"{error.strerror or error}; choose another place.") from None
    write_manifest(folder, result.study, "complete", result.question, result.made)
    return folder


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

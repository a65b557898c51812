"""Results on disk. A folder's `manifest.json` says which study it is, what was asked, how it was made, and whether it is whole.

    manifest.json   written last: with the status "complete" the folder counts as a result
    NAME.nc         labelled arrays, NetCDF
    NAME.parquet    tables
    NAME.json       plain values
    report.html     the page, made from these; figures/ pictures of them

Everything is written beside its place and moved there; a killed process leaves a finished result or none.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon import studies
from hegemon.engine.chunk_cache import FOLDER as CHUNKS
from hegemon.errors import BadFile, BadValue, UserError, shown
from hegemon.files import reason, refused, try_to_write, write_atomically
from hegemon.owner import LOCK, holder, owned
from hegemon.studies import provenance
from hegemon.studies.netcdf import netcdf, read_netcdf

if TYPE_CHECKING:
    from hegemon.studies.question import Question
    from hegemon.studies.study import Answer, Numbers, Study

MANIFEST = "manifest.json"
LAYOUT = 2
"""Version of the layout of folders."""


Listed = Mapping[str, tuple[int, str]]
"""Bytes and SHA-256 of files, by their path in a result's folder."""


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

    @property
    def files(self) -> Listed:
        """What a finished result consists of."""
        return self.rest.get("files", {})

    @property
    def drawn(self) -> Listed:
        """What was drawn from it: its page, its figures."""
        return self.rest.get("drawn", {})

    def asked(self) -> Question:
        """The question. Raises `UserError` where this version does not know it."""
        return self.study.asks.of(self.question)


def write_manifest(folder: Path, study: str, status: str, question: Question, made: Mapping[str, Any], **rest: Any) -> None:
    """Say what a folder holds."""
    note = {"hegemon": LAYOUT, "study": study, "status": status, "question": question.resolved().model_dump(mode="json"),
            "made": dict(made), **rest}  # fmt: skip
    write_atomically(folder / MANIFEST, _as_text(note))


def _as_text(note: Any) -> bytes:
    return (json.dumps(note, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def read_manifest(folder: Path) -> Manifest | None:
    """What a folder says of itself, or None where it holds no result. Raises `UserError` where what it says is damaged."""
    file, place = folder / MANIFEST, shown(folder.as_posix(), 200)
    try:
        if not file.is_file():
            return None
    except (OSError, ValueError) as error:
        raise BadFile(f"cannot open {place}", reason(error)) from None
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
    what = "it is nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())
    what = "a number has too many digits" if "int_max_str_digits" in what else what
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
    now = {**provenance.begun(), "method": provenance.method(question.study)}
    then = {**found.made, "method": found.rest.get("method")}  # some answers say in words, too, by what method
    if then.get("version", now["version"]) != now["version"]:
        raise UserError(f"{place} holds a result of version {then['version']}", remedy)
    for name, (what, since) in CHANGED.items():
        if then.get(name) not in (None, now[name]):
            raise UserError(f"{place} was made {what} ({then[name]}): {since} ({now[name]})", remedy)
    return found


CHANGED = {
    "code": ("by other code of the model", "the model has changed since"),
    "method": ("by another method", "the code that learns from records has changed since"),
    "data": ("with other data", "what comes with hegemon has changed since: records, posteriors or measured ties"),
}
"""Fingerprints that must be those of now, and what is said where one is not."""


def _holds(folder: Path) -> list[str]:
    """Names in a folder, but for those with which an answer begins."""
    return [each.name for each in folder.iterdir() if not each.name.startswith((LOCK, MANIFEST))]


def begin(folder: Path, question: Question) -> None:
    """Begin an answer in its folder, before anything is computed: a place that cannot be written to is told at once."""
    with refused(f"cannot write to {shown(str(folder), 200)}", "choose another --out."):
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, "**/*.part")
        if not (folder / MANIFEST).is_file():
            by = provenance.method(question.study)
            write_manifest(folder, question.study, "running", question, provenance.begun(), method=by)


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
        write_manifest(folder, result.study, "complete", result.question, result.made, files=contents(folder),
                       method=provenance.method(result.study))  # fmt: skip
        tidy(folder)


def _sweep(folder: Path, *drafts: str) -> None:
    """Take away what a process has left that was killed: nobody else writes these."""
    for draft in (each for pattern in drafts for each in folder.glob(pattern)):
        (shutil.rmtree if draft.is_dir() else Path.unlink)(draft)


FINISHED, UNFINISHED = "finished", "unfinished-"
"""In a folder on the way: claims that are judged, and how the names of folders of chains begin."""

PIECES = ("sample/", f"{CHUNKS}/", f"{FINISHED}/", UNFINISHED, "tally-")
"""How the names begin of what only going on with an unfinished answer needs."""


def tidy(folder: Path) -> None:
    """Take away from a finished result's folder what only making it needed: what is lost before is lost for good."""
    for each in folder.iterdir():
        if f"{each.name}{'/' * each.is_dir()}".startswith(PIECES):
            shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink(missing_ok=True)


# ---- Whether a result is whole ----

PASSING = (LOCK, MANIFEST, "figures/", "report.", *PIECES)
"""How the names begin that are no numbers of a result."""


def contents(folder: Path) -> dict[str, tuple[int, str]]:
    """Bytes and SHA-256 of every file of a result by its path, but for pages, which can be written again."""
    found = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and not name.startswith(PASSING) and file.suffix != ".part":
            found[name] = _told(file)
    return found


def _told(file: Path) -> tuple[int, str]:
    return file.stat().st_size, _digest(file)


def damages(folder: Path, listed: Listed, *, whole: bool) -> list[str]:
    """What a folder lacks of what its manifest lists, in words; `whole`: every byte is read."""
    told = []
    for name, (size, digest) in listed.items():
        file = folder / name
        if not file.is_file():
            told.append(f"{name} is missing")
        elif file.stat().st_size != size:
            told.append(f"{name} has {file.stat().st_size:,} bytes, not {size:,}")
        elif (whole or size <= READ) and _digest(file) != digest:
            told.append(f"{name} is not what was written")
    return told


def verify(folder: Path, listed: Listed) -> None:
    """Raise `BadFile` unless files that are about to be read are there, as they were written."""
    if lost := damages(folder, listed, whole=False):
        raise damaged(folder, lost[0])


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


READ = 2**22
"""Files of up to so many bytes are read whole whenever a result is opened; larger ones by `hegemon doctor RESULT`."""


# ---- What is written beside a result ----

PATIENCE = 60.0
"""Seconds to wait for another process that draws into the same folder."""


@contextmanager
def drawing(place: Path, of: Answer | None) -> Iterator[list[Path]]:
    """Draw into a folder, and enter the files that were written; where the folder is that of a result, its manifest lists them.

    Raises `UserError` where that is another result's; `InUse` where others draw there for long.
    """
    drawn: list[Path] = []
    folder = place.parent if place.name == "figures" else place
    found = _result_in(folder)
    if found is None:
        yield drawn
        return
    if of is None or found.asked().fingerprint() != of.question.fingerprint():
        raise BadFile(f"{shown(place.as_posix(), 200)} holds a result of its own", "Choose another --out.")
    with owned(folder, PATIENCE):
        _sweep(folder, "report.*.part", "figures/*.part", f"{MANIFEST}.*.part")
        yield drawn
        listed = {file.relative_to(folder).as_posix(): list(_told(file)) for file in drawn}
        note = json.loads((folder / MANIFEST).read_text("utf-8"))
        if {**note.get("drawn", {}), **listed} != note.get("drawn"):
            note["drawn"] = {**note.get("drawn", {}), **listed}
            write_atomically(folder / MANIFEST, _as_text(note))


def tried(target: Path, remedy: str = "choose another place.") -> None:
    """Raise `BadFile` where a file cannot be written, or is part of a result: before the work of which it is to tell."""
    for folder in target.parents[:2]:
        found = _result_in(folder)
        name = target.relative_to(folder).as_posix()
        if found is not None and (name in found.files or name.startswith((MANIFEST, LOCK))):
            raise BadFile(f"{shown(target.as_posix(), 200)} is part of a result", remedy[0].upper() + remedy[1:])
    try_to_write(target, remedy)


def as_drawn(folder: Path, name: str) -> bool:
    """Whether a result's page or figure is there, and as it was written; of what is not listed nobody knows."""
    listed = manifest_of(folder).drawn
    return name in listed and not damages(folder, {name: listed[name]}, whole=True)


def _result_in(folder: Path) -> Manifest | None:
    """The result of a folder, if it is one."""
    with suppress(UserError):  # another program's manifest
        return read_manifest(folder)
    return None


def write_numbers(folder: Path, name: str, value: Any) -> None:
    """Write arrays, a table or plain values under a name."""
    if hasattr(value, "data_vars"):
        write_atomically(folder / f"{name}.nc", netcdf(value))
    elif hasattr(value, "columns"):
        write_atomically(folder / f"{name}.parquet", value.to_parquet(None, compression="zstd"))
    else:
        write_atomically(folder / f"{name}.json", _as_text(value))


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
    found = read_manifest(folder)
    if not folder.is_dir():
        what = f"{place} is no folder" if folder.exists() else f"there is no folder {place}"
        raise BadFile(what, f"Name the folder of a result ({made}).")
    if found is None:
        raise BadFile(f"{place} holds no result of hegemon", f"Make one: {made}.")
    if not found.complete:
        who = holder(folder)
        raise BadFile(f"{found.study.noun} in {place} is unfinished", f"It is being written by {who}; wait until it is through."
                      if who else f"Give the same command again: {found.asked().line}")  # fmt: skip
    return found


def open_result(path: str | Path) -> Any:
    """A finished result of any kind, read back. Raises `UserError` where there is none, or it is damaged."""
    folder = Path(path)
    found = manifest_of(folder)
    question = found.asked()
    verify(folder, found.files)
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

"""The user's files: every way in which reading a path can fail has its sentence; what is written is there whole or not."""

from __future__ import annotations

import difflib
import errno
import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib import resources
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Protocol, runtime_checkable
from zipfile import BadZipFile

from hegemon.errors import BadFile, shown


@runtime_checkable
class Brings(Protocol):
    """What names a record, ties, a posterior or mechanisms, built in or files of its own, and brings these along: a scenario."""

    @property
    def history(self) -> str | None: ...
    @property
    def ties(self) -> str | None: ...
    @property
    def posterior(self) -> str | None: ...
    @property
    def mechanisms(self) -> tuple[str, ...] | None: ...
    @property
    def files(self) -> Mapping[str, str] | None: ...
    @property
    def poles(self) -> Sequence[Any]: ...


def builtin(folder: str, ending: str) -> tuple[str, ...]:
    """Names of what comes with the package in one of its folders, in files with an ending."""
    found = resources.files("hegemon").joinpath(folder).iterdir()
    return tuple(sorted(file.name.removesuffix(ending) for file in found if file.name.endswith(ending)))


def is_path(word: str) -> bool:
    """Whether a word is the path of a TOML file, not the name of something built in."""
    return word.endswith(".toml") or "/" in word or "\\" in word or word in (".", "..")


def home(path: str | Path) -> Path:
    """A path with its "~" spelt out; as it stands where nobody's home is known."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def read_text(path: Path, largest: int, *, said: str = "", builtin: Sequence[str] = ()) -> str:
    """The text of a UTF-8 file of at most `largest` bytes.

    said     the path as the user wrote it
    builtin  what could have been named instead of a file
    """
    raw = read_bytes(path, largest, said=said, builtin=builtin)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        what = f"cannot read {shown(said or str(path), 200)}"
        raise BadFile(what, "It is not UTF-8 text; save it as UTF-8.", place=f"line {line}") from None


def read_bytes(path: Path, largest: int = 200_000_000, *, said: str = "", builtin: Sequence[str] = ()) -> bytes:
    """The content of a file of at most `largest` bytes; see `read_text`."""
    word = shown(said or str(path), 200)
    what = f"cannot read {word}"
    try:
        if path.is_dir():
            raise BadFile(what, f"It is a folder; name the {path.suffix or 'file'} in it.")
        if not path.exists():
            raise BadFile(f"there is no file {word}", _instead(path, builtin))
        if not path.is_file():
            raise BadFile(what, "It is no ordinary file.")
        with path.open("rb") as file:
            raw = file.read(largest + 1)
    except PermissionError:
        raise BadFile(what, "Permission denied; check who may read it.") from None
    except (OSError, ValueError, RuntimeError) as error:
        raise BadFile(what, reason(error)) from None
    if len(raw) > largest:
        raise BadFile(what, f"It is larger than {largest // 1000} kB, the most such a file may have.")
    return raw


def reason(error: Exception) -> str:
    """Why the system has refused, as a sentence."""
    said = getattr(error, "strerror", None) or str(error)
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."


@contextmanager
def refused(what: str, remedy: str) -> Iterator[None]:
    """Raises `BadFile` where the system refuses what is done within: what, its reason, and what else can be done."""
    try:
        yield
    except OSError as error:
        raise BadFile(what, f"{error.strerror or error}; {remedy}") from None


@contextmanager
def piece(file: Path, lost: Path) -> Iterator[None]:
    """Raises `BadFile` where a piece of an unfinished answer, read within, is missing or damaged; what is `lost` with it."""
    try:
        yield
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, UnpicklingError) as error:
        what = f"{shown(str(file), 200)}, of an unfinished result, cannot be read ({type(error).__name__})"
        raise BadFile(what, f"Delete {shown(str(lost), 200)} and give the same command again.") from None


def _instead(path: Path, builtin: Sequence[str]) -> str:
    """What the user may have meant by a file that is not there."""
    if path.is_symlink():
        return f"It is a link to {shown(os.readlink(path), 200)}, which is not there."
    near = [file.stem for file in path.parent.glob(f"*{path.suffix}")][:1000] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.stem, near, n=1)
    hint = f"Did you mean {shown(close[0] + path.suffix)}?" if close else "Check the path."
    return f"{hint} Built in, by name: {', '.join(builtin)}." if builtin else hint


def write_atomically(target: Path, content: bytes, *, new: bool = False) -> None:
    """Write a file so that it is either the old one or the new one, never half; a `new` one raises `FileExistsError` where
    another process was faster."""
    draft = _draft(target)
    try:
        draft.write_bytes(content)
        (_name if new else Path.replace)(draft, target)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def _name(draft: Path, target: Path) -> None:
    """Give a draft a name that nothing has yet."""
    try:
        os.link(draft, target)
    except OSError:
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        draft.replace(target)  # a file system on which a file has one name
    draft.unlink(missing_ok=True)


def _draft(target: Path) -> Path:
    """A name beside a file that no other process or thread takes."""
    return target.with_name(f"{target.name}.{os.getpid()}-{threading.get_native_id()}.part")


def try_to_write(target: Path, remedy: str = "choose another place.") -> None:
    """Raises `BadFile` where a file could not be written: before the work of which it is to tell."""
    with refused(f"cannot write {shown(str(target), 200)}", remedy):
        _ordinary(target)
        draft = _draft(next((each for each in target.parents if each.exists()), Path()) / target.name)
        draft.touch()
        draft.unlink()


def _ordinary(target: Path) -> None:
    """Raise where there is something that no file may take the place of: a folder, a device."""
    if target.exists() and not target.is_file():
        number = errno.EISDIR if target.is_dir() else errno.EPERM
        raise OSError(number, "It is no ordinary file" if number == errno.EPERM else os.strerror(number))


def write_file(target: Path, content: str | bytes, remedy: str = "choose another place.") -> None:
    """Write a file, whole or not at all; text as UTF-8. Raises `BadFile` where that cannot be."""
    with refused(f"cannot write {shown(str(target), 200)}", remedy):
        _ordinary(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, content if isinstance(content, bytes) else content.encode("utf-8"))


def write_folder(folder: Path, files: Mapping[str, bytes], remedy: str = "choose another --out.") -> list[str]:
    """Write files into a folder, which is made if need be, and return their paths. Raises `BadFile` if that cannot be.

    None takes its place before all are written: where the disk is full, what was there before is there.
    """
    with refused(f"cannot write to {shown(str(folder), 200)}", remedy):
        write_together({folder / name: content for name, content in files.items()})
    return [(folder / name).as_posix() for name in files]


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together: none takes its place before all are written. Raises `OSError`."""
    drafts: dict[Path, Path] = {}
    try:
        for target, content in files.items():
            _ordinary(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            drafts[target] = _draft(target)
            drafts[target].write_bytes(content)
        for target, draft in drafts.items():
            draft.replace(target)
    finally:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink(missing_ok=True)


# ---- Content without a place ----


@cache
def _shelf() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="hegemon-")


def at_hand(name: str, raw: bytes) -> Path:
    """A file with some content, under its own name, for as long as the process lives."""
    file = Path(_shelf().name) / hashlib.sha256(raw).hexdigest()[:16] / Path(name).name
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, raw)
    return file

"""Checking a bundle: make what it describes anew, and compare every number."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hegemon.bundle import builtin, numbers
from hegemon.bundle.kinds import KINDS
from hegemon.bundle.packed import Progress
from hegemon.bundle.write import FORMAT
from hegemon.errors import BadFile, shown

LARGEST = 2_000_000_000
"""Most bytes that the files of a bundle may take up together."""

NEEDED = ("made.json", "numbers/hashes.json")
"""What every bundle has."""

READ = re.compile(r"(?!figures/)([\w-][\w.-]*/)?[\w-][\w.-]*\.(toml|csv|json|npy|npz)")
"""Names of files that a check reads."""


@dataclass(frozen=True)
class Checked:
    """What came out of rebuilding a bundle.

    verdict   which numbers are the same
    made      how the bundle was made
    here      where it was rebuilt, where that differs: a name to what it was and what it is
    said      the result on one line
    """

    verdict: numbers.Verdict
    made: dict[str, Any]
    here: dict[str, tuple[str, str]]
    said: str

    @property
    def holds(self) -> bool:
        """Equal to the bit; or, on another platform or version, as much alike as luck allows."""
        return self.verdict.equal or (bool(self.here) and self.verdict.alike)


def files_of(path: Path) -> dict[str, bytes]:
    """The files of a bundle, a zip or its unpacked folder. Raises `BadFile` for anything else."""
    what = f"{shown(str(path), 200)} is no bundle"
    if not path.exists():
        raise BadFile(f"there is no {shown(str(path), 200)}", "Name a bundle made by hegemon bundle.")
    try:
        if path.is_dir():
            found = {name.relative_to(path).as_posix(): name for name in sorted(path.rglob("*")) if name.is_file()}
            files = {name: file.read_bytes() for name, file in found.items() if READ.fullmatch(name)}
        else:
            files = _unzipped(path, what)
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise BadFile(what, f"{str(error).rstrip('.')[:1].upper()}{str(error).rstrip('.')[1:]}.") from None
    missing = [name for name in NEEDED if name not in files]
    if missing:
        raise BadFile(what, f"It has no {missing[0]}; make one with hegemon bundle RESULT.")
    return files


def _unzipped(path: Path, what: str) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if READ.fullmatch(entry.filename)]
        if sum(entry.file_size for entry in entries) > LARGEST:
            raise BadFile(what, f"Its files take up more than {LARGEST // 10**9} GB.")
        return {entry.filename: archive.read(entry) for entry in entries}


def read(files: dict[str, bytes], name: str) -> Any:
    """A JSON file of a bundle."""
    try:
        return json.loads(files[name])
    except ValueError as error:
        raise BadFile(f"{name} of the bundle is damaged", f"{str(error).rstrip('.')}.") from None


def check(path: Path, progress: Progress | None = None) -> Checked:
    """Make a bundle's result anew, in memory, and compare.

    Raises `UserError` where the file is no bundle, or describes nothing that can be made.
    """
    files = files_of(path)
    made, hashes = read(files, "made.json"), read(files, "numbers/hashes.json")
    if not isinstance(made, dict) or made.get("bundle") != FORMAT:
        raise BadFile(f"{shown(str(path), 200)} has another layout", f"This version reads bundles of layout {FORMAT}.")
    try:
        kind = KINDS[made["kind"]]
        said, was, rebuild = kind.told(made), kind.means(_numbers(files), made), kind.read(files, made)
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile(f"{shown(str(path), 200)} is damaged", f"{type(error).__name__}: {str(error)[:200]}.") from None
    rebuilt = rebuild(progress)
    verdict = numbers.verdict(hashes, was, numbers.hashes(rebuilt), kind.means(rebuilt, made))
    return Checked(verdict, made, _elsewhere(made), said)


def _numbers(files: dict[str, bytes]) -> dict[str, bytes]:
    """The numbers that are kept."""
    kept = {name.removeprefix("numbers/"): content for name, content in files.items() if name.startswith("numbers/")}
    return {name: content for name, content in kept.items() if name != "hashes.json"}


def _elsewhere(made: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """In what this machine differs from the one that made the bundle, as far as last bits hang on it."""
    import hegemon
    from hegemon import runtime

    now = {"version": hegemon.__version__, "platform": runtime.platform_name()}
    other = {name: (str(made.get(name)), here) for name, here in now.items() if made.get(name) != here}
    return other | builtin.other(made.get("built_in", {}))

"""Checking a bundle: simulate what it describes anew, and compare every number."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hegemon.bundle import numbers
from hegemon.bundle.write import FORMAT
from hegemon.errors import BadFile, shown

LARGEST = 2_000_000_000
"""Most bytes that the files of a bundle may take up together."""

NEEDED = ("made.json", "scenario.toml", "parameters.csv", "numbers/hashes.json")


@dataclass(frozen=True)
class Checked:
    """What came out of rebuilding a bundle.

    verdict   which numbers are the same
    made      how the bundle was made
    here      where it was rebuilt, where that differs: a name to what it was and what it is
    """

    verdict: numbers.Verdict
    made: dict[str, Any]
    here: dict[str, tuple[str, str]]

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
            files = {name: file.read_bytes() for name, file in found.items() if _ours(name)}
        else:
            files = _unzipped(path, what)
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise BadFile(what, f"{str(error).rstrip('.')[:1].upper()}{str(error).rstrip('.')[1:]}.") from None
    missing = [name for name in NEEDED if name not in files]
    if missing:
        raise BadFile(what, f"It has no {missing[0]}; make one with hegemon bundle RESULT.")
    return files


def _ours(name: str) -> bool:
    """Whether a check reads a file of this name."""
    return name in NEEDED or (name.startswith("numbers/") and name.endswith(".npy"))


def _unzipped(path: Path, what: str) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if _ours(entry.filename)]
        if sum(entry.file_size for entry in entries) > LARGEST:
            raise BadFile(what, f"Its files take up more than {LARGEST // 10**9} GB.")
        return {entry.filename: archive.read(entry) for entry in entries}


def read(files: dict[str, bytes], name: str) -> Any:
    """A JSON file of a bundle."""
    try:
        return json.loads(files[name])
    except ValueError as error:
        raise BadFile(f"{name} of the bundle is damaged", f"{str(error).rstrip('.')}.") from None


def check(path: Path, progress: Callable[[int, int], None] | None = None) -> Checked:
    """Simulate a bundle's result anew, in memory, and compare.

    Raises `UserError` where the file is no bundle, or describes no order that can be simulated.
    """
    from hegemon.ensemble.simulate import simulate
    from hegemon.order import from_scenario
    from hegemon.scenarios.loader import read_scenario

    files = files_of(path)
    made, hashes = read(files, "made.json"), read(files, "numbers/hashes.json")
    if not isinstance(made, dict) or made.get("bundle") != FORMAT:
        raise BadFile(f"{shown(str(path), 200)} has another layout", f"This version reads bundles of layout {FORMAT}.")
    try:
        scenario = read_scenario(files["scenario.toml"].decode(), str(made["scenario"]))
        order = from_scenario(scenario).with_parameters(parameters(files)).without(*made["off"])
        runs, seed, expected = int(made["runs"]), int(made["seed"]), str(made["scenario_hash"])
        was = {name[8:-4]: numbers.loaded(files[name]) for name in files if name.endswith(".npy")}
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile(f"{shown(str(path), 200)} is damaged", f"{type(error).__name__}: {str(error)[:200]}.") from None
    if order.hash != expected:
        raise BadFile("scenario or parameters of the bundle are not those of its numbers",
                      f"Their fingerprint is {order.hash}, that of the numbers {expected}; somebody changed a file.")  # fmt: skip
    rebuilt = simulate(order, runs, seed, keep=False, progress=progress)
    return Checked(numbers.verdict(hashes, was, rebuilt), made, _elsewhere(made))


def parameters(files: dict[str, bytes]) -> dict[str, float]:
    """Every value of parameters.csv, exactly."""
    import csv
    import io

    return {
        row["parameter"]: float(row["value"]) for row in csv.DictReader(io.StringIO(files["parameters.csv"].decode()))
    }


def _elsewhere(made: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """In what this machine differs from the one that made the bundle, as far as last bits hang on it."""
    import hegemon
    from hegemon import runtime

    now = {"version": hegemon.__version__, "platform": runtime.platform_name()}
    return {name: (str(made.get(name)), here) for name, here in now.items() if made.get(name) != here}

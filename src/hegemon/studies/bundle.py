"""The replication bundle: a result with everything that rebuilds its numbers in one zip, and the check that it does."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import xarray as xr

from hegemon import studies
from hegemon.errors import BadFile, shown
from hegemon.files import write_file
from hegemon.pages import markdown, render
from hegemon.studies import describing
from hegemon.studies.folder import tried
from hegemon.studies.netcdf import netcdf
from hegemon.studies.plain import finite
from hegemon.studies.provenance import made as here
from hegemon.studies.question import FileOf
from hegemon.studies.result import Result
from hegemon.studies.study import Estimates, Progress, Resources
from hegemon.studies.telling import document

FORMAT = 2
"""Version of the bundle's layout."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the zip: the earliest one the format knows."""

ALIKE = 5.0
"""Averages further apart than this many standard errors of their difference are not alike."""

SINGLE = 1e-6
"""Beyond their sampling error, single precision alone moves an average by so much."""

LARGEST = 2_000_000_000
"""Most bytes that the files of a bundle may take up together."""

NEEDED = ("made.json", "hashes.json")
READ = re.compile(r"(made|hashes|estimates)\.json")


def files(of: Result) -> dict[str, bytes]:
    """Every file of a result's bundle, by name. Nothing in it is called by its place on this machine."""
    of = dataclasses.replace(of, question=of.question.portable())
    numbers, told = stored(of), document(of)
    environment = describing.environment()
    made = {"bundle": FORMAT, "study": of.study, "question": of.question.model_dump(mode="json"),
            "made": {name: value for name, value in of.made.items() if name != "seconds"}, "command": of.question.line,
            "environment": environment}  # fmt: skip
    found = {
        "made.json": as_json(made),
        "hashes.json": as_json({PurePosixPath(name).stem: fingerprint(content) for name, content in numbers.items()}),
        "estimates.json": as_json({name: [each.tolist() for each in pair] for name, pair in of.estimates().items()}),
        "requirements.txt": "".join(f"{name}=={version}\n" for name, version in environment["packages"].items()).encode(),
        "rebuild.py": describing.REBUILD.encode(),
        "RESULT.md": markdown.page(told, "figures").encode(),
        **{f"numbers/{name}": content for name, content in numbers.items()},
        **describing.orders(of),
        **given(of),
        **render.pictures(told.figures, "svg", "figures/"),
    }
    found["TRACE.md"] = describing.trace(of, told).encode()
    found["README.md"] = describing.readme(of, told, sorted(found)).encode()
    return found


def stored(of: Result) -> dict[str, bytes]:
    """Every number as a file whose bytes depend on its content alone."""
    found = {}
    for name, value in of.numbers().items():
        if hasattr(value, "data_vars"):
            found[f"{name}.nc"] = netcdf(_ordered(value))
        elif hasattr(value, "columns"):
            found[f"{name}.csv"] = value.to_csv(index=list(value.index.names) != [None], lineterminator="\n").encode()
        else:
            found[f"{name}.json"] = as_json(value)
    return found


def _ordered(data: xr.Dataset) -> xr.Dataset:
    """The arrays alone, by name: neither in the order in which they were computed, nor in that in which a file had them."""
    bare = data.drop_attrs()
    parts = [{name: part[name].variable for name in sorted(part, key=str)} for part in (bare.data_vars, bare.coords)]
    return xr.Dataset(*parts)


def given(of: Result) -> dict[str, bytes]:
    """The user's own files that the question names."""
    found = {}
    for field in of.question.marked(FileOf):
        if field in of.question.given:
            place = of.question.path(field)
            found[Path(str(place)).name] = Path(str(place)).read_bytes()
    return found


def as_json(value: Any) -> bytes:
    """Plain data as JSON, the same text for the same data."""
    return (json.dumps(finite(value), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def fingerprint(content: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(content).hexdigest()


def zipped(found: Mapping[str, bytes]) -> bytes:
    """A zip of files: names sorted, one date, no owner. The same files give the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(found):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, found[name], compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)
    return whole.getvalue()


def write(of: Result, target: Path) -> list[str]:
    """Write a result's bundle; returns the names of what is in it. Raises `UserError` where that cannot be."""
    tried(target, "choose another place with --out.")
    found = files(of)
    write_file(target, zipped(found), "choose another place with --out.")
    return sorted(found)


# ---- Checking ----


@dataclass(frozen=True)
class Checked:
    """What came out of rebuilding a bundle.

    same       names of what is equal to the bit
    different  names of what is not
    largest    the largest difference of averages, in standard errors of a difference of two independent results
    command    what was asked
    here       where it was rebuilt, where that differs: a name to what it was and what it is
    """

    same: tuple[str, ...]
    different: tuple[str, ...]
    largest: float
    command: str
    here: Mapping[str, tuple[str, str]]

    @property
    def equal(self) -> bool:
        """Everything is equal to the bit."""
        return not self.different

    @property
    def holds(self) -> bool:
        """Equal to the bit; or, on another platform or version, as much alike as chance allows."""
        return self.equal or (bool(self.here) and self.largest <= ALIKE)


def check(path: Path, progress: Progress | None = None) -> Checked:
    """Ask a bundle's question anew, in memory, and compare every number.

    Raises `UserError` where the file is no bundle, or asks nothing that can be answered.
    """
    found = read(path)
    what = f"{shown(str(path), 200)} is damaged"
    try:
        made, hashes = json.loads(found["made.json"]), json.loads(found["hashes.json"])
        was = json.loads(found.get("estimates.json", b"{}"))
        if made.get("bundle") != FORMAT:
            raise BadFile(f"{shown(str(path), 200)} has another layout", f"This version reads bundles of layout {FORMAT}.")
        kind = studies.study(made["study"])
        question, command = kind.asks.of(made["question"]), str(made["command"])
        elsewhere = _elsewhere(made["made"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadFile(what, f"{type(error).__name__}: {str(error)[:200]}.") from None
    rebuilt = kind.ask(question, Resources(progress=progress))
    now = {PurePosixPath(name).stem: fingerprint(content) for name, content in stored(rebuilt).items()}
    names = sorted({*hashes, *now})
    different = tuple(name for name in names if hashes.get(name) != now.get(name))
    same = tuple(name for name in names if name not in different)
    return Checked(same, different, _apart(was, rebuilt.estimates()), command, elsewhere)


def foreign(path: Path, *, trust: bool) -> list[tuple[str, str]]:
    """Mechanisms from outside that a bundle's question brings: file and fingerprint. Their code is known to be wanted where the
    person says so (`trust`), or has named it on this machine before. Raises `UserError` where it is not."""
    from hegemon.mechanisms import outside

    found: dict[str, str] = {}
    try:
        given = json.loads(read(path)["made.json"])["question"].get("given", {})
        texts = [json.loads(text)["content"] for text in given.values() if text.startswith("{")]
        for content in texts:
            found |= {name: content["files"][name] for name in content.get("mechanisms", ())}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadFile(f"{shown(str(path), 200)} is damaged", f"{type(error).__name__}: {str(error)[:200]}.") from None
    for name, text in found.items():
        if trust:
            outside.trust(text)
        elif not outside.trusted(text):
            remedy = f"Read {name} in the bundle; add --trust to run it."
            said = f"this bundle runs code from outside, {name} (SHA-256 {outside.fingerprint(text)[:16]})"
            raise outside.Untrusted(said, remedy)
    return [(name, outside.fingerprint(text)) for name, text in found.items()]


def read(path: Path) -> dict[str, bytes]:
    """What a check needs of a bundle, a zip or its unpacked folder. Raises `BadFile` for anything else."""
    what = f"{shown(str(path), 200)} is no bundle"
    if not path.exists():
        raise BadFile(f"there is no {shown(str(path), 200)}", "Name a bundle made by hegemon bundle.")
    try:
        if path.is_dir():
            found = {name.name: name.read_bytes() for name in sorted(path.iterdir()) if READ.fullmatch(name.name)}
        else:
            with zipfile.ZipFile(path) as archive:
                entries = [entry for entry in archive.infolist() if READ.fullmatch(entry.filename)]
                if sum(entry.file_size for entry in entries) > LARGEST:
                    raise BadFile(what, f"Its files take up more than {LARGEST // 10**9} GB.")
                found = {entry.filename: archive.read(entry) for entry in entries}
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        text = str(error).rstrip(".")
        raise BadFile(what, f"{text[:1].upper()}{text[1:]}.") from None
    if missing := [name for name in NEEDED if name not in found]:
        raise BadFile(what, f"It has no {missing[0]}; make one with hegemon bundle RESULT.")
    return found


def _apart(was: Mapping[str, Any], now: Estimates) -> float:
    """The largest difference of averages, in standard errors of the difference; infinite where they are not the same averages."""
    largest = 0.0 if was and set(was) == set(now) else float("inf")
    for name, (value, error) in was.items():
        if name not in now or np.shape(value) != np.shape(now[name][0]):
            return float("inf")
        before, spread = (np.array(each, float) for each in (value, error))
        known = np.isfinite(before)
        if (known != np.isfinite(now[name][0])).any():
            return float("inf")
        apart = np.abs(now[name][0] - before)[known] / (np.sqrt(2.0) * np.nan_to_num(spread[known]) + SINGLE)
        largest = max(largest, float(apart.max(initial=0.0)))
    return largest


def _elsewhere(made: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """In what this machine and version differ from those that made a bundle, as far as last bits hang on it."""
    now = here(0.0)
    decide = ("version", "code", "data", "platform")
    return {name: (str(made.get(name)), str(now[name])) for name in decide if made.get(name) != now[name]}

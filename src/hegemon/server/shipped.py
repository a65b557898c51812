"""Answers that come with hegemon, so that a page whose first answer takes minutes opens in seconds.

Each is a finished result's folder, zipped under its name (`tools/shipped.py` makes them). It is put among the results when an
explorer starts, unless one of that name is there; and only where this code would give the same numbers: version and fingerprints
of code and data are those that made it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import hegemon
from hegemon.studies.folder import MANIFEST
from hegemon.studies.provenance import code, data

ASKED: tuple[Mapping[str, Any], ...] = tuple(
    {"scenario": "post-soviet", "draws": 100, **of}
    for of in ({"state": "KAZ"}, {"state": "UKR"}, {"state": "UKR", "at": "2014Q1"}, {"state": "BLR"}, {"state": "GEO"})
)
"""Rooms as the page asks for them: the one that opens first, and those most asked about."""


def shipped() -> Iterator[tuple[str, bytes]]:
    """Names and zips."""
    for file in resources.files("hegemon.server").joinpath("shipped").iterdir():
        if file.name.endswith(".zip"):
            yield file.name.removesuffix(".zip"), file.read_bytes()


def fits(content: bytes) -> bool:
    """Whether this code would give the same numbers."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        made = json.loads(archive.read(MANIFEST))["made"]
    return [made.get(name) for name in ("version", "code", "data")] == [hegemon.__version__, code(), data()]


def unpack(results: Path, scratch: Path) -> list[str]:
    """Put what fits among the results, whole or not at all; names of what was put there."""
    put = []
    for name, content in shipped():
        with contextlib.suppress(OSError):  # a folder that can only be looked at
            if os.path.lexists(results / name) or not fits(content):
                continue
            draft = scratch / f"shipped-{name}"
            draft.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                archive.extractall(draft)
            draft.rename(results / name)
            put.append(name)
    shutil.rmtree(scratch, ignore_errors=True)
    return put

"""The pooled posterior that comes with hegemon, and the record that it was learned from."""

from __future__ import annotations

import functools
import io
import json
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hegemon.files import write_atomically
from hegemon.pooled.learning import Draws, Learned
from hegemon.pooled.unknown import MAY_BE, empty

FILE = "pooled.npz"

KEPT = 512
"""Draws that are kept."""


def complete(rows: pd.DataFrame) -> pd.DataFrame:
    """The crises that can be learned from: kind, severity, line and answer are coded. An unknown request counts as none, as in
    the codebook's first edition; a row that does not say that it was drawn was chosen."""
    asked = rows["host_request"] if "host_request" in rows else pd.Series("", index=rows.index)
    drawn = rows["drawn"] if "drawn" in rows else pd.Series(False, index=rows.index)
    rows = rows.assign(host_request=asked.where(asked.notna() & (asked != ""), "none"),
                       drawn=[not empty(said) and bool(int(said)) for said in drawn])  # fmt: skip
    needed = ["kind", *MAY_BE, "response_primary"]
    if any(name not in rows for name in needed):
        return rows.iloc[:0]
    known = [not any(empty(value) for value in row) for row in rows[needed].itertuples(index=False)]
    return rows[known].reset_index(drop=True)


@functools.cache
def coded() -> pd.DataFrame:
    """Every coded crisis of every order that comes with hegemon, complete (`hegemon.history.every_crisis`)."""
    from hegemon.history import every_crisis

    return complete(every_crisis())


@functools.cache
def posterior() -> Draws:
    """Draws of the pooled posterior given `coded`, by parameter."""
    with np.load(io.BytesIO(_file().read_bytes())) as file:
        return {name: file[name] for name in file.files if name != "made"}


def made() -> dict[str, Any]:
    """How it was made: crises, fingerprint of the record, chains and how they came out."""
    with np.load(io.BytesIO(_file().read_bytes())) as file:
        found: dict[str, Any] = json.loads(str(file["made"]))
    return found


def keep(found: Learned, how: dict[str, Any], path: Path) -> None:
    """Write a posterior, evenly thinned."""
    count = len(found.draws["scale"])
    few = np.linspace(0, count - 1, min(KEPT, count)).astype(int)
    file = io.BytesIO()
    thinned = {name: x[few].astype(np.float32) for name, x in found.draws.items()}
    np.savez_compressed(file, **thinned, made=np.array(json.dumps(how)))
    write_atomically(path, file.getvalue())


def _file() -> Any:
    return resources.files("hegemon.posteriors").joinpath(FILE)

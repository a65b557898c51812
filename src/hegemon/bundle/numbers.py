"""A result's numbers with a fingerprint each: what a rebuilt result is compared with."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hegemon.bundle.packed import Files, Means

ALIKE = 5.0
"""Means further apart than this many standard errors of their difference are not alike."""

SINGLE = 1e-6
"""Beyond their sampling error, single precision alone moves a mean by so much."""


def arrays(data: xr.Dataset, prefix: str = "") -> dict[str, bytes]:
    """Every variable of a dataset as NumPy's .npy, by name."""
    return {f"{prefix}{name}.npy": stored(np.ascontiguousarray(values.values)) for name, values in sorted(data.data_vars.items())}


def stored(values: npt.NDArray[Any]) -> bytes:
    """An array as NumPy's .npy, little-endian."""
    file = io.BytesIO()
    np.lib.format.write_array(file, values.astype(values.dtype.newbyteorder("<")), version=(1, 0), allow_pickle=False)
    return file.getvalue()


def loaded(content: bytes) -> npt.NDArray[Any]:
    """The array of an .npy."""
    found: npt.NDArray[Any] = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    return found


def table(rows: pd.DataFrame, index: bool = False) -> bytes:
    """A table as CSV in its order, every digit of it."""
    return rows.to_csv(index=index, lineterminator="\n").encode()


def document(value: Any) -> bytes:
    """Plain data as JSON, the same text for the same data."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def fingerprint(content: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(content).hexdigest()


def hashes(found: Files) -> dict[str, str]:
    """Fingerprint of every number, by name without ending."""
    return {PurePosixPath(name).stem: fingerprint(content) for name, content in found.items()}


@dataclass(frozen=True)
class Verdict:
    """Whether a rebuilt result is the bundled one.

    same       names of what is equal to the bit
    different  names of what is not
    largest    the largest difference of means, in standard errors of a difference of two independent results
    """

    same: tuple[str, ...]
    different: tuple[str, ...]
    largest: float

    @property
    def equal(self) -> bool:
        """Everything is equal to the bit."""
        return not self.different

    @property
    def alike(self) -> bool:
        """Means differ by no more than luck would make them."""
        return self.largest <= ALIKE


def verdict(bundled: Mapping[str, str], was: Means, rebuilt: Mapping[str, str], now: Means) -> Verdict:
    """Compare fingerprints and means of a bundled result with those of the rebuilt one."""
    names = sorted(set(bundled) | set(rebuilt))
    different = tuple(name for name in names if bundled.get(name) != rebuilt.get(name))
    same = tuple(name for name in names if name not in different)
    largest = 0.0
    for name, (value, error) in was.items():
        if name not in now or now[name][0].shape != value.shape:
            return Verdict(same, different, float("inf"))
        gap, known = np.abs(now[name][0] - value), np.isfinite(value)
        if (known != np.isfinite(now[name][0])).any():
            return Verdict(same, different, float("inf"))
        apart = gap[known] / (np.sqrt(2.0) * np.nan_to_num(error[known]) + SINGLE)
        largest = max(largest, float(apart.max(initial=0.0)))
    return Verdict(same, different, largest)

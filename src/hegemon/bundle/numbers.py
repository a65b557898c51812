"""A result's numbers with a fingerprint each: what a rebuilt result is compared with."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.ensemble.runs import Runs

Arrays = dict[str, npt.NDArray[Any]]

ALIKE = 5.0
"""Means further apart than this many standard errors of their difference are not alike."""


def arrays(result: Runs) -> Arrays:
    """Every array of the summary, by name."""
    return {str(name): np.ascontiguousarray(values.values) for name, values in sorted(result.summary.data_vars.items())}


def hashes(result: Runs) -> dict[str, str]:
    """Fingerprint of every array of the summary, and of all events."""
    found = {name: fingerprint(stored(values)) for name, values in arrays(result).items()}
    return found | {"events": fingerprint(events_text(result.events).encode())}


def stored(values: npt.NDArray[Any]) -> bytes:
    """An array as NumPy's .npy, little-endian."""
    file = io.BytesIO()
    np.lib.format.write_array(file, values.astype(values.dtype.newbyteorder("<")), version=(1, 0), allow_pickle=False)
    return file.getvalue()


def loaded(content: bytes) -> npt.NDArray[Any]:
    """The array of an .npy."""
    found: npt.NDArray[Any] = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    return found


def events_text(events: pd.DataFrame) -> str:
    """Events as CSV in their order."""
    return events.to_csv(index=False, lineterminator="\n")


def fingerprint(content: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """Whether a rebuilt result is the bundled one.

    same       names of what is equal to the bit
    different  names of what is not
    largest    the largest difference of means, in standard errors of a difference of two independent ensembles
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


def verdict(bundled: Mapping[str, str], was: Arrays, rebuilt: Runs) -> Verdict:
    """Compare a rebuilt result with fingerprints and arrays of the bundled one."""
    now, is_ = hashes(rebuilt), arrays(rebuilt)
    names = sorted(set(bundled) | set(now))
    different = tuple(name for name in names if bundled.get(name) != now.get(name))
    runs = int(rebuilt.summary.attrs["runs"])
    largest = 0.0
    for name in (name for name in was if name.endswith("_mean")):
        spread = name.replace("_mean", "_sd")
        if name not in is_ or is_[name].shape != was[name].shape:
            return Verdict(tuple(n for n in names if n not in different), different, float("inf"))
        # Beyond their sampling error, single precision alone moves a mean by a millionth.
        error = np.asarray(was[spread], float) * np.sqrt(2.0 / runs) + 1e-6
        gap = np.abs(np.asarray(is_[name], float) - np.asarray(was[name], float))
        largest = max(largest, float((gap / error).max()))
    return Verdict(tuple(name for name in names if name not in different), different, largest)

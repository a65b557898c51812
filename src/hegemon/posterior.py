"""A posterior as it is kept: draws of the model's parameters learned from a record, and how they were made.

`inference` makes it; scenarios name the one they start from; everybody may read it. A file is NumPy's .npz: draws of each
free parameter in its own unit, the means of all draws, and a JSON text about their making.
"""

from __future__ import annotations

import base64
import functools
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from hegemon import files
from hegemon.errors import BadFile, UnknownName, did_you_mean, shown
from hegemon.files import write_atomically

if TYPE_CHECKING:
    from hegemon.files import Brings

Numbers = npt.NDArray[np.float32]

FILE = "posterior.npz"
"""Its file in the folder of a calibration."""

KEPT = 256
"""Draws of a posterior that are kept, and that a prediction is averaged over."""

Source = Literal["posterior", "prior", "mean"]
"""Where parameters of histories come from: draws of the posterior that a scenario names, draws of the priors, or the means."""


@dataclass(frozen=True)
class Posterior:
    """Parameters as a record leaves them.

    names   free parameters, `mechanism.parameter` or `instrument.effect`; D of them
    values  draws, [S, D], in each parameter's own unit
    point   their means, [D]: the parameters of a simulation that asks for one set
    made    method, record and its hash, scenario, version, seed, diagnostics
    """

    names: tuple[str, ...]
    values: Numbers
    point: Numbers
    made: Mapping[str, Any]

    def content(self) -> bytes:
        """What its file holds."""
        file = io.BytesIO()
        np.savez_compressed(file, names=np.array(self.names), values=self.values, point=self.point,
                            made=np.array(json.dumps(dict(self.made))))  # fmt: skip
        return file.getvalue()

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        write_atomically(path, self.content())


def builtin() -> tuple[str, ...]:
    """Names of the posteriors that come with hegemon."""
    return files.builtin("posteriors", ".npz")


def posterior_file(name: str) -> bytes:
    """The file of a posterior that comes with hegemon, or of one's own."""
    if name in builtin():
        return resources.files("hegemon.posteriors").joinpath(f"{name}.npz").read_bytes()
    return files.home(name).read_bytes()


def load_posterior(name: str) -> Posterior:
    """A posterior that comes with hegemon, by name, or what `hegemon calibrate` made: a folder, or the file in it.

    Raises `UserError` for a name that nothing has and for a file that is none.
    """
    if name in builtin():
        with resources.as_file(resources.files("hegemon.posteriors").joinpath(f"{name}.npz")) as path:
            return _read(path)
    path = files.home(name)
    path = path / FILE if path.is_dir() else path
    if not path.is_file():
        raise UnknownName(f"no posterior is called {shown(name)}",
                          f"{did_you_mean(name, builtin())} Or give a file made by hegemon calibrate.")  # fmt: skip
    return _read(path)


def posterior_of(scenario: Brings) -> Posterior | None:
    """The posterior that a scenario names, a built-in one or the file of its own; None where it names none."""
    name = scenario.posterior
    if name is None:
        return None
    held = (scenario.files or {}).get(name)
    return load_posterior(name) if held is None else _held(name, held)


@functools.lru_cache(16)
def _held(name: str, content: str) -> Posterior:
    return _read(Path(name), io.BytesIO(base64.b64decode(content)))


def _read(path: Path, content: io.BytesIO | None = None) -> Posterior:
    try:
        with np.load(path if content is None else content, allow_pickle=False) as found:
            names = tuple(str(name) for name in found["names"])
            made = dict(json.loads(str(found["made"])))
            made["crises"], made["scenario"] = int(made["crises"]), str(made["scenario"])
            values = np.asarray(found["values"], np.float32)
            point = np.asarray(found["point"], np.float32)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, NotImplementedError, RuntimeError,
            zipfile.BadZipFile, zlib.error) as error:  # every kind of damage  # fmt: skip
        raise BadFile(f"{shown(path.name)} is no posterior", "Make one with hegemon calibrate.") from error
    if values.shape != (*values.shape[:1], len(names)) or point.shape != (len(names),) or not (
        values.size and np.isfinite(values).all() and np.isfinite(point).all()
    ):
        raise BadFile(f"{shown(path.name)} holds numbers that do not belong together", "Make it again: hegemon calibrate.")
    return Posterior(names, values, point, made)

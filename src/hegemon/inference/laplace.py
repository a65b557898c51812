"""The quick answer: the posterior as a normal around its mode (Laplace), in coordinates in which the prior is normal.

With few crises most parameters stay near their prior, where this is exact; elsewhere it is what chains start from and are
scaled by (`hamiltonian`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hegemon.inference.record import Data
from hegemon.inference.target import Density, Vector, climbed, curvature, of
from hegemon.inference.vector import FREE

METHOD = "normal approximation"
"""What a posterior that was made so says of its method."""


@dataclass(frozen=True)
class Laplace:
    """A normal posterior: its mode and the symmetric root of its covariance, standard-normal coordinates. Of all roots that one
    does not depend on signs and order of eigenvectors, which machines choose differently."""

    mode: Vector
    root: Vector

    def draws(self, count: int, seed: int) -> np.ndarray:
        """Draws, [S, D] float32."""
        noise = np.random.default_rng(seed).standard_normal((count, len(self.mode)))
        return np.asarray(np.clip(self.mode + noise @ self.root.T, -5.0, 5.0), np.float32)


def laplace(data: Data, start: Vector | None = None) -> Laplace:
    """The normal around the posterior's mode, searched from `start` (None: the prior's)."""
    return normal(of(data), np.zeros(len(FREE)) if start is None else start)


def normal(density: Density, start: Vector) -> Laplace:
    """The normal around a density's mode.

    No direction can be less certain than the prior made it by more than rounding, nor turn negative: where likelihood
    and differences say otherwise, the prior's curvature stands.
    """
    mode = climbed(density, start)
    size, axes = np.linalg.eigh(curvature(density, mode))
    return Laplace(mode, (axes / np.sqrt(np.maximum(size, 0.5))) @ axes.T)

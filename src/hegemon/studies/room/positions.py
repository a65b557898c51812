"""Positions of a neighbour between its patron, the main rival and all others: a tiling of the triangle, and lines in it.

A point says what share of ties each of the three has. Among the others ties keep their present proportion, so that a point of
the triangle stands for one foreign policy; but many divisions among the others lie behind it, which `weights` counts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


def corners(steps: int) -> Numbers:
    """The small triangles that tile the large one, [steps^2, 3 corners, 3 shares]; each has the same area."""
    found = []
    for i in range(steps):
        for j in range(steps - i):
            k = steps - 1 - i - j
            found.append([(i + 1, j, k), (i, j + 1, k), (i, j, k + 1)])
            if k > 0:
                found.append([(i, j + 1, k), (i + 1, j, k), (i + 1, j + 1, k - 1)])
    return np.array(found, float) / steps


def points(steps: int, poles: int) -> Numbers:
    """Where the law is asked, [M, 3 shares]: the middles of the tiles; with two poles, of the pieces of a line."""
    if poles > 2:
        return np.asarray(corners(steps).mean(1))
    share = (np.arange(steps) + 0.5) / steps
    return np.stack([share, 1.0 - share, np.zeros(steps)], 1)


def weights(shares: Numbers, poles: int) -> Numbers:
    """How many foreign policies each point stands for, adding up to one.

    Under the uniform measure on all divisions of ties among P poles the three shares are Dirichlet (1, 1, P - 2): with more
    than one other pole, the more is left to the others the more ways there are to divide it.
    """
    density = shares[:, 2] ** (poles - 3) if poles > 3 else np.ones(len(shares))
    return np.asarray(density / density.sum())


def profile(count: int, present: Numbers) -> Numbers:
    """A walk from no ties with the patron to all of them, the rest divided as at present, [count, 3]."""
    share = np.linspace(0.0, 1.0, count)
    rest = present[1:] / max(float(present[1:].sum()), 1e-9) if present[1:].sum() > 0 else np.array([1.0, 0.0])
    return np.stack([share, (1.0 - share) * rest[0], (1.0 - share) * rest[1]], 1)

"""On a triangle an area is the share of all ways to divide everything, also where several stand behind a corner."""

from __future__ import annotations

import numpy as np
import pytest

from hegemon.pages.charts.triangle import HEIGHT, LEFT, TOP, corners_of, plane
from hegemon.studies.room.numbers import corners, weights


def areas(rings: np.ndarray) -> np.ndarray:
    (ax, ay), (bx, by) = (np.moveaxis(rings[:, k] - rings[:, 0], -1, 0) for k in (1, 2))
    return np.abs(ax * by - ay * bx) / 2.0


@pytest.mark.parametrize("poles", [3, 4, 5])
def test_a_tiles_area_is_its_weight(poles: int) -> None:
    """The weights by which a room counts its tiles, which are midpoints of a density: close, and the closer the finer."""
    side, middles = 1_000.0, corners(20).mean(1)
    drawn = areas(plane(corners_of(middles), side, poles - 2))
    drawn /= drawn.sum()
    assert np.abs(drawn - weights(middles, poles)).sum() < 0.03


@pytest.mark.parametrize(("poles", "line"), [(3, 0.3), (4, 0.3), (4, 0.6), (6, 0.2)])
def test_above_a_line_lies_what_is_permitted(poles: int, line: float) -> None:
    """Of four poles a line at 30 % leaves 0.7 cubed, 34 %, of all foreign policies; a plain triangle would show 49 %."""
    left, right = plane([[line, 1.0 - line, 0.0], [line, 0.0, 1.0 - line]], 1_000.0, poles - 2)
    down = (left[1] - TOP) / (HEIGHT * 1_000.0)
    assert left[1] == right[1] and right[0] - left[0] == pytest.approx(down * 1_000.0, abs=0.3)
    assert down**2 == pytest.approx((1.0 - line) ** (poles - 1), abs=2e-3)


def test_corners_stay_where_they_are() -> None:
    found = (plane(np.eye(3), 100.0, 3) - [LEFT, TOP]) / 100.0
    assert found == pytest.approx(np.array([[0.5, 0.0], [0.0, HEIGHT], [1.0, HEIGHT]]), abs=1e-3)

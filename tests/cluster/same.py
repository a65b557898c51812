"""Two results, compared to the bit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hegemon.studies.run.result import Runs


def assert_same(one: Runs, other: Runs) -> None:
    """Summary (means, bands, counts), events and trajectories equal to the bit."""
    for kind in ("summary", "data"):
        left, right = getattr(one, kind), getattr(other, kind)
        assert set(left.data_vars) == set(right.data_vars)
        for name in left.data_vars:
            np.testing.assert_array_equal(left[name].values, right[name].values, f"{kind}: {name}")
    pd.testing.assert_frame_equal(one.events, other.events)

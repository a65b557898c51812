"""The table of codes agrees with itself."""

from __future__ import annotations

import pandas as pd

from hegemon.evidence import codes, codes_now, codes_then


def test_every_withdrawn_code_is_one_of_a_known_state() -> None:
    assert set(codes.ALSO.values()) | set(codes.ONCE.values()) <= codes.known() and not set(codes.ALSO) & codes.known()


def test_today_s_codes_are_those_of_v_dem() -> None:
    assert codes_now(pd.Series(["CSK", "YUG", "YAR", "YMD", "DDR"])).tolist() == ["CZE", "SRB", "YEM", "YMD", "DDR"]
    found = codes_then(pd.Series(["SRB", "YUG", None]), pd.Series([1900, 2010, 1990]))
    assert found[:2].tolist() == ["SRB", "SRB"] and found.isna()[2]

"""Coded crises as numbers: what is known of each when it begins, and what was done."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.history.codebook import KIND
from hegemon.instruments import CODE, DIRECTED, KINDS
from hegemon.pooled.worths import WHEN

Numbers = npt.NDArray[np.float64]

LINE = {"pro_patron": 1.0, "balanced": 0.0, "pro_rival": -1.0}
"""The incumbents' line, toward the patron."""

SIDES = {"against": -1.0, "for": 1.0}
"""For or against the incumbents; even-handed acts are neither."""


class Crises(NamedTuple):
    """R crises. `kinds` [R, 6] are indicators; `severity` counts from the middle one, `line` toward the patron; `asked` and
    `drawn` are 1 or 0."""

    kinds: Numbers
    severity: Numbers
    line: Numbers
    asked: Numbers
    drawn: Numbers

    @property
    def inclining(self) -> Numbers:
        """What inclinations hang on, [R, 9]: kinds, severity, line, request."""
        return np.column_stack([self.kinds, self.severity, self.line, self.asked])

    @property
    def circumstances(self) -> Numbers:
        """What worths hang on, [R, 7], in the order of `worths.WHEN`."""
        kind = dict(zip(KINDS, self.kinds.T, strict=True))
        open_ = kind["secession"] + kind["interstate"]
        ties = kind["rival_turn"] + kind["dispute"]
        when = dict(zip(WHEN, (np.ones(len(self.line)), self.line, self.severity, self.asked, kind["secession"], open_, ties),
                        strict=True))  # fmt: skip
        return np.column_stack(list(when.values()))


def asked(request: object) -> float:
    """1 if the incumbents asked, whatever they were answered."""
    return float(str(request).startswith("asked"))


def crises(rows: pd.DataFrame) -> Crises:
    """Rows of a record, all of whose `kind`, `severity`, `incumbent_before` and `host_request` are known. Rows that do not say
    whether they were `drawn` were chosen by their coder."""
    kinds = np.array([[KIND[kind] == name for name in KINDS] for kind in rows["kind"]], float).reshape(len(rows), len(KINDS))
    severity = rows["severity"].to_numpy(float) - 2.0
    line = np.array([LINE[name] for name in rows["incumbent_before"]], float)
    request = np.array([asked(said) for said in rows["host_request"]], float)
    drawn = np.nan_to_num(rows["drawn"].to_numpy(float)) if "drawn" in rows else np.zeros(len(rows))
    return Crises(kinds, severity, line, request, drawn)


def instruments(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Codes of what was done, [R]."""
    return np.array([CODE[name] for name in rows["response_primary"]], np.int64)


def toward(rows: pd.DataFrame) -> Numbers:
    """1 where the act was for the incumbents, -1 against them, 0 where it was neither, is not known, or has no direction, [R]."""
    if "side" not in rows:
        return np.zeros(len(rows))
    said = zip(rows["side"], rows["response_primary"], strict=True)
    return np.array([SIDES.get(str(side), 0.0) if act in DIRECTED else 0.0 for side, act in said], float)

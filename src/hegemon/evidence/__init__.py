"""What can be observed: votes, trade and memberships, read from public data and turned into what the model speaks of.

Nothing here knows of mechanisms or of coded crises. docs/evidence.md says what is measured from what, and how well.
"""

from __future__ import annotations

from hegemon.evidence.agreement import agreement, agreement_by_year, agreement_matrix
from hegemon.evidence.codes import codes_now, codes_then
from hegemon.evidence.ideal_points import ideal_points
from hegemon.evidence.orientation import orientation
from hegemon.evidence.readers import read_dyads, read_ideal_points, read_trade, read_vdem, read_votes

__all__ = [
    "agreement",
    "agreement_by_year",
    "agreement_matrix",
    "codes_now",
    "codes_then",
    "ideal_points",
    "orientation",
    "read_dyads",
    "read_ideal_points",
    "read_trade",
    "read_vdem",
    "read_votes",
]

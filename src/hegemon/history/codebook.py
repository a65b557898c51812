"""From the codebook's words to the model's; codebook.md says what each means."""

from __future__ import annotations

from types import MappingProxyType

KIND = MappingProxyType(
    {
        "uprising": "uprising",
        "coup": "uprising",  # a challenge to their rule from within; the model has one kind for both
        "electoral_turnover": "turnover",
        "westward_turn": "rival_turn",
        "secession": "secession",
        "civil_war": "secession",  # armed struggle on the state's own territory
        "interstate_war": "interstate",
        "bargaining_dispute": "dispute",
    }
)
"""From the codebook's kinds to the model's."""

SUCCESSOR = MappingProxyType({"pro_patron": "patron", "balanced": "balanced", "pro_rival": "rival"})
"""From the line of whoever governs afterwards to the leaning of a new government."""

SIDE = MappingProxyType({"for": "for", "against": "against", "both": "neither", "none": "neither"})
"""From whom an act was for to the model's word. Coders differ on `both` and `none`: they are treated alike."""

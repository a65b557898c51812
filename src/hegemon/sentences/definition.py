"""What a change does by definition: a measure that only one mechanism moves stands still without it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

ONLY: Mapping[str, tuple[str, ...]] = {
    "pact": ("member",),
    "separatism": ("frozen",),
    "rivals": ("shelter", "sanctions"),
    "regard": ("fear", "legitimacy"),
    "support": ("obligation",),
    "doctrine": ("doctrine",),
    "capacity": ("capacity", "overstretch"),
    "unrest": ("mobilisation", "grievance"),
    "red_line": ("red_line", "autonomy"),
}
"""By mechanism: what is its alone to move."""

WRITERS: Mapping[str, tuple[str, ...]] = {
    "autonomy": ("red_line",), "red_line": ("red_line",), "multivector": ("alignment", "rivals", "response"),
    "orientation": ("alignment", "rivals", "response"), "mobilisation": ("unrest",), "fear": ("regard",),
    "legitimacy": ("regard",), "hold": ("turnover", "unrest", "separatism"), "openness": ("support", "turnover", "unrest"),
    "grievance": ("unrest", "war"), "dependence": ("integration", "support", "war"), "obligation": ("support", "turnover"),
    "frozen": ("separatism",), "deployment": ("integration", "war"), "shelter": ("rivals",),
    "integration": ("integration", "pact"), "member": ("pact",), "capacity": ("capacity",), "doctrine": ("doctrine",),
    "hierarchy": ("hierarchy",), "overstretch": ("capacity",), "sanctions": ("rivals",),
}  # fmt: skip
"""By measure: which mechanisms move it, besides what the patron's answer does to it at once."""


def by_definition(measure: str, off_first: Collection[str], off_second: Collection[str], titles: Mapping[str, str]) -> str:
    """Why a measure differs by definition, in words; empty where it does not."""
    name = "orientation" if measure.startswith("orientation") else measure
    for mechanism in sorted(set(off_first) ^ set(off_second)):
        if name in ONLY.get(mechanism, ()):
            title = titles.get(mechanism, mechanism.replace("_", " "))
            return f"\N{LEFT DOUBLE QUOTATION MARK}{title}\N{RIGHT DOUBLE QUOTATION MARK} is switched off on one side"
    return ""

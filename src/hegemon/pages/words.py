"""The model's codes in a reader's words."""

from __future__ import annotations

KINDS: dict[str, str] = {
    "uprising": "Uprising",
    "turnover": "Turnover",
    "rival_turn": "Turn to a rival",
    "secession": "Secession",
    "interstate": "War between neighbours",
    "dispute": "Dispute with the patron",
}

INSTRUMENTS: dict[str, str] = {
    "abstain": "Abstain",
    "mediate": "Mediate",
    "economic_support": "Economic support",
    "security_support": "Security support",
    "economic_coercion": "Economic coercion",
    "separatism_support": "Support for separatism",
    "peacekeeping": "Peacekeeping",
    "unilateral_force": "Unilateral force",
    "collective_force": "Collective force",
}

FAMILIES: dict[str, str] = {
    **dict.fromkeys(("abstain", "mediate"), "stands aside"),
    **dict.fromkeys(("economic_support", "security_support"), "helps"),
    **dict.fromkeys(("economic_coercion", "separatism_support"), "presses"),
    **dict.fromkeys(("peacekeeping", "unilateral_force", "collective_force"), "sends force"),
}
"""Nine instruments are too many shapes to tell apart; these four are not."""

ORDER_MEASURES: dict[str, str] = {
    "hierarchy": "Hierarchy",
    "doctrine": "Doctrine of indivisible security",
    "capacity": "Patron's capacity",
    "overstretch": "Patron's overstretch",
}

SUCCESSORS: dict[str, str] = {"patron": "leans to the patron", "balanced": "balanced", "rival": "leans to a rival"}

SIDES: dict[str, str] = {"for": "for the government", "neither": "", "against": "against the government"}
"""Whom an answer was for; nothing is said of one that has no side."""


def plain(code: str, words: dict[str, str]) -> str:
    """A word for a code; a code the report has not met yet is at least made readable."""
    return words.get(code, code.replace("_", " ").capitalize())


def answer(code: str) -> str:
    """An instrument within a sentence."""
    return plain(code, INSTRUMENTS).lower()


def acted(code: str, side: object) -> str:
    """An instrument, and whom it was used for, where it had a side: "Unilateral force, against the government"."""
    toward = SIDES.get(str(side), "")
    return plain(code, INSTRUMENTS) + (f", {toward}" if toward else "")


def listed(items: list[str]) -> str:
    """Names in a sentence: "Armenia, Belarus and Moldova"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else "none"


def counted(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"

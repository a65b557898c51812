"""Numbers as text: shares in per cent, as maps print them; rounding that a browser repeats to the digit."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"


def known(value: float | None) -> bool:
    """Whether there is a number at all."""
    return value is not None and math.isfinite(value)


def fixed(value: float, digits: int = 0) -> str:
    """Halves away from nought, whatever the language."""
    scale = 10.0**digits
    found = math.floor(abs(value) * scale + 0.5) / scale
    text = f"{found:.{digits}f}"
    return f"{MINUS}{text}" if value < 0.0 and found > 0.0 else text


def percent(value: float, digits: int = 0) -> str:
    """A share: "31%"."""
    return f"{fixed(100.0 * value, digits)}%"


def signed(value: float, digits: int = 0) -> str:
    """With its sign, unless it prints as nought."""
    text = fixed(value, digits)
    return f"+{text}" if value > 0.0 and float(text) != 0.0 else text


def level(value: float, unit: str, digits: int = 0) -> str:
    """A value of a measure: shares and scales in per cent, open scales as they are."""
    return fixed(value, digits + 2) if unit == "number" else percent(value, digits)


def chance(value: float) -> str:
    """A share of histories; what prints as none or all says so with care."""
    if 0.0 < value < 0.005:
        return "less than 1%"
    if 0.995 <= value < 1.0:
        return "more than 99%"
    return percent(value)

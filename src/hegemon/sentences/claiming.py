"""A claim in words beside its verdict: how much of it is assumption, and how large it is."""

from __future__ import annotations

from hegemon.sentences.numbers import chance, fixed, known

SMALL = 0.2
"""An effect of less than so many spreads of luck is small (Cohen 1988)."""

MOVED = 0.05
"""A probability that the record changes by less, it hardly changes."""

LEAST = 0.01
"""An effect that is smaller is no number worth printing."""


def rule(verdict: str, low: float, high: float) -> str:
    """What a verdict says."""
    under, over = f"{fixed(100.0 * low)}%", f"{fixed(100.0 * high)}%"
    return {"supported": f"what is claimed holds with more than {over}",
            "contradicted": f"what is claimed holds with less than {under}",
            "open": f"neither above {over} nor below {under}"}.get(verdict, "")  # fmt: skip


def assumption(alone: float | None, after: float | None) -> str:
    """From how often a claim holds where judgement alone speaks to how often it holds once the record has."""
    if alone is None or after is None or not (known(alone) and known(after)):
        return ""
    begin = f"Judgement alone says {chance(alone)}"
    if abs(after - alone) < MOVED:
        return f"{begin}; the record hardly moves it ({chance(after)})."
    return f"{begin}; the record moves it {'up' if after > alone else 'down'} to {chance(after)}."


def large(sizes: list[float]) -> str:
    """The largest effect beside what luck does to histories with the same parameters."""
    found = [abs(size) for size in sizes if known(size)]
    if not found:
        return ""
    most = max(found)
    text = f"less than {LEAST}" if most < LEAST else fixed(most, 2)
    how = f"small, below {SMALL}" if most < SMALL else f"not small, above {SMALL}"
    return f"Its largest effect is {text} of what luck does to histories: {how}."

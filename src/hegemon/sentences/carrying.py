"""What carries a difference, in words: by mechanism the share that is gone where it is switched off in both orders."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hegemon.sentences.numbers import percent
from hegemon.sentences.sides import LEFT, RIGHT

SURE = 2.0
"""Standard errors from which a difference, or a share of it, is one."""

LEAST = 0.1
"""Share from which a mechanism is named."""

MOST = 3
"""Mechanisms that are named, the largest shares first."""

WHOLE = 1.05
"""A share beyond which the difference turns round."""


@dataclass(frozen=True)
class Carrier:
    """A difference with all mechanisms, and what is left of it without one, with standard errors of simulation."""

    title: str
    whole: float
    left: float
    whole_error: float
    left_error: float

    @property
    def known(self) -> bool:
        """Whether there is a difference beyond luck to be shared out."""
        return abs(self.whole) > SURE * self.whole_error

    @property
    def share(self) -> float:
        """Share of the difference that is gone without it; below nought where the difference is larger without it."""
        return 1.0 - self.left / self.whole if self.whole else math.nan

    @property
    def error(self) -> float:
        """Standard error of the share; both differences are taken to err by themselves, so that it is no smaller than it is."""
        if not self.whole:
            return math.nan
        return math.hypot(self.left_error, self.left / self.whole * self.whole_error) / abs(self.whole)

    @property
    def counts(self) -> bool:
        """Whether the share is large, and beyond luck."""
        return self.known and abs(self.share) >= LEAST and abs(self.share) > SURE * self.error


def ranked(of: Iterable[Carrier]) -> list[Carrier]:
    """Those that count, the largest shares first."""
    return sorted((each for each in of if each.counts and each.share > 0.0), key=lambda each: -each.share)


def lost(of: Sequence[Carrier]) -> str:
    """What becomes of a difference without mechanisms: "62% of it is gone without “Regime support”, 21% without “Learning”"."""
    turned = [f"without {LEFT}{each.title}{RIGHT} it turns round" for each in of if each.share > WHOLE]
    gone = [f"{'all' if each.share >= 0.995 else percent(each.share)}{'' if n else ' of it is gone'} without "
            f"{LEFT}{each.title}{RIGHT}" for n, each in enumerate(each for each in of if each.share <= WHOLE)]  # fmt: skip
    return ", ".join([*turned, *gone])


def carried(noun: str, of: Sequence[Carrier]) -> str:
    """What carries a difference; empty where there is none beyond luck."""
    if not of or not of[0].known:
        return ""
    named = ranked(of)[:MOST]
    larger = sorted((each for each in of if each.counts and each.share < 0.0), key=lambda each: each.share)
    if not named:
        said = f"No single mechanism carries a tenth of the difference in {noun}"
    else:
        said = f"What carries the difference in {noun}: {lost(named)}"
    if larger:
        worst = larger[0]
        said += f"; {LEFT}{worst.title}{RIGHT} works against it: without that it would be larger by {percent(-worst.share)}"
    return f"{said}."


OVERLAP = "Such shares overlap, and need not add up to 100%: what two mechanisms make together is lost with either."

UNMEASURED = "How much of it each mechanism carries was not measured: ask why (`--why`), which takes several times as long."


def step(noun: str, title: str, share: float | None) -> str:
    """A step of the way: what moves, by which mechanism, and how much of the difference that is told runs through it."""
    through = "" if share is None else f"; {percent(share)} of it runs through there"
    return f"{noun} (by {LEFT}{title}{RIGHT}{through})"


def order(steps: Sequence[tuple[str, Sequence[str]]], told: str = "") -> str:
    """In what order it moves: steps by quarter. `told`: the difference whose shares are given."""
    if not steps:
        return ""
    from hegemon.pages.words import listed

    parts = [f"{'then' if n else 'first'}, in {quarter}, {listed(list(each))}" for n, (quarter, each) in enumerate(steps)]
    shares = f", and how much of the difference in {told} runs through each" if told else ""
    return f"In what order it moves{shares}: {'; '.join(parts)}."

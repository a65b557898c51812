"""The question asked and answered: simulate, judge, and say what came out in a few lines."""

from __future__ import annotations

import dataclasses
from typing import Any

from hegemon.consistency.judging import DRIFT, TURNED, Verdict, judge, reference
from hegemon.consistency.reading import ORDER, lines, read

AGAIN, SHOWN = "python tools/consistent.py reference", 6
"""The command that makes the reference anew, where the model was meant to change; how many measures are named that are off."""


def answer() -> dict[str, Any]:
    """Whether this machine's histories agree with the reference's: verdict, numbers, and `told`, lines for a reader."""
    import hegemon
    from hegemon import runtime
    from hegemon.errors import BadFile
    from hegemon.studies.provenance import code

    of, order = reference(), hegemon.load(ORDER)
    if list(lines(order)) != of.about["lines"]:
        raise BadFile("the reference holds other measures than this hegemon reads", f"Make it anew: {AGAIN}")
    found = judge(read(order), of)
    changed = [what for what, now in (("code", code()), ("order", order.hash)) if of.about[what] != now]
    off = [{"what": of.about["words"][n], "here": here, "reference": there, "spreads": spreads}
           for n, here, there, spreads in found.off]  # fmt: skip
    return {"consistent": found.consistent, **dataclasses.asdict(found), "off": off, "changed": changed,
            "platform": runtime.platform_name(), "reference": of.about["platform"],
            "told": told(found, off, changed, of.about["platform"])}  # fmt: skip


def told(found: Verdict, off: list[dict[str, Any]], changed: list[str], platform: str) -> list[str]:
    """The verdict in a few lines: what it is, which measures are off, and what may have changed."""
    head, runs = "Consistent" if found.consistent else "NOT CONSISTENT", f"{found.runs:,} histories of {ORDER}"
    if found.bits:
        said = [f"The same to the bit: {runs} are the reference's, made on {platform}."]
    elif found.dice:
        said = [f"{head}: {found.turned:,} of {runs} took another course than the reference's, made on {platform}; "
                f"rounding turns {TURNED} at most."]  # fmt: skip
        if found.consistent:
            said += [f"No mean has moved by more than rounding and those histories move it ({DRIFT:g} of its spread)."]
        elif not off:
            said += ["No measure is off by more than chance makes it: what has changed is small, but it is no rounding."]
    else:
        said = [f"{head}: {runs} are {found.distance:.0f} from the reference's together; chance makes it {found.limit:.0f}.",
                "The dice are not the reference's, so no history has its like there: small changes may go unseen."]  # fmt: skip
    if off and not found.consistent:
        said += [f"Off, the farthest first{f' ({SHOWN} of {len(off)})' if len(off) > SHOWN else ''}:"]
        said += [f"  {row['what']}: {row['here']:.3g} here, {row['reference']:.3g} there, {row['spreads']:+.2g} spreads"
                 for row in off[:SHOWN]]  # fmt: skip
    if changed:
        said += [f"Other than the reference's: the model's {' and '.join(changed)}. So it may be the model that has changed, not "
                 f"the machine. If that was meant: {AGAIN}"]  # fmt: skip
    elif not found.consistent:
        said += ["The model's code is the reference's: it is this machine, a device or a library that makes other histories, "
                 "and results made here should not be mixed with others'."]  # fmt: skip
    return said

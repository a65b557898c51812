"""A scenario to begin from: it runs as it is, and says beside each line what could be changed."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path

from hegemon import quarters
from hegemon.scenarios.schema import Scenario


def template(base: Scenario, extends: str, path: Path) -> str:
    """Text of a new scenario at `path` that extends `base` and changes nothing yet."""
    parent, quoted = extends, partial(json.dumps, ensure_ascii=False)  # JSON's quoting is valid TOML
    if extends.endswith(".toml") and not Path(extends).is_absolute():
        parent = Path(os.path.relpath(extends, path.parent)).as_posix()
    some = next(iter(base.states))
    later = quarters.shift(base.record, 1) if base.record else quarters.shift(base.end, -1)
    history = f'record = "{base.record}"' if base.record else f'# record = "{quarters.shift(base.end, -2)}"'
    return f"""\
# {path.stem}: say here what this scenario asks, and what happened in fact.
# Only what differs from the scenario it extends needs to stand in this file. Check it with
#   hegemon scenario check {path.name}

extends  = {quoted(parent)}
title    = {quoted(path.stem)}
question = "What if ...?"

# The last quarter. Values of [capacity] and [growth] hold beyond their last year.
end = "{base.end}"

# Follow the coded history to the end of this quarter, then throw dice. Without it: dice from the start.
{history}

# Mechanisms switched off (`hegemon scenario schema` lists them all).
# without = ["pact"]

# A number of a state at the start; everything else about it stays.
# [states.{some}]
# hold = {base.states[some].hold:g}

# A number of the model, by mechanism or instrument; outside its range it is refused.
# [parameters.pact]
# vote = 1.5

# An event that is given instead of thrown. What is left out, the dice decide.
# crisis: uprising, turnover, rival_turn, secession, interstate, dispute
# [[force]]
# quarter    = "{later}"
# state      = "{some}"
# crisis     = "uprising"
# severity   = 3              # 1 low, 2 medium, 3 high: rule or territory is threatened
# line       = "balanced"     # of the incumbents when it begins: patron, balanced, rival
# instrument = "mediate"
# requested  = true           # the incumbents asked for help
# survived   = false          # they fell ...
# successor  = "balanced"     # ... and a government with this line came after: patron, balanced, rival
"""

"""A scenario to begin from (template.txt): it runs as it is, and says beside each line what could be changed."""

from __future__ import annotations

import json
import os
from functools import partial
from importlib import resources
from pathlib import Path
from string import Template

from hegemon import quarters
from hegemon.errors import typed
from hegemon.scenarios.schema import Scenario


def template(base: Scenario, extends: str, path: Path) -> str:
    """Text of a new scenario at `path` that extends `base` and changes nothing yet."""
    parent, quoted = extends, partial(json.dumps, ensure_ascii=False)  # JSON's quoting is valid TOML
    if extends.endswith(".toml") and not Path(extends).is_absolute():
        parent = Path(os.path.relpath(extends, path.parent)).as_posix()
    some = next(iter(base.states))
    later = quarters.shift(base.record, 1) if base.record else quarters.shift(base.end, -1)
    history = f'record = "{base.record}"' if base.record else f'# record = "{quarters.shift(base.end, -2)}"'
    return Template(resources.files("hegemon.scenarios").joinpath("template.txt").read_text("utf-8")).substitute(
        stem=path.stem, typed=typed(path.name), parent=quoted(parent), title=quoted(path.stem), end=base.end, history=history,
        state=some, hold=f"{base.states[some].hold:g}", later=later,
    )  # fmt: skip

"""Scenarios as questions carry them: a text with the whole content, the name, and the path by which a person has named it."""

from __future__ import annotations

import json
from functools import cache

from hegemon.scenarios.loader import load_scenario
from hegemon.scenarios.schema import Scenario


def scenario_text(scenario: Scenario) -> str:
    """A scenario in full, with its name, and the path by which a person has named it, where there is one."""
    told = {"name": scenario.name, "content": scenario.content(), **({"said": scenario.said} if scenario.said else {})}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def scenario_of(text: str) -> Scenario:
    """The scenario of such a text."""
    known = json.loads(text)
    return Scenario.model_validate(known["content"]).named(known["name"], known.get("said", ""))


def alike(one: str | None, other: str | None) -> bool:
    """Whether two such texts are the same scenario under the same name, whatever the path."""
    return (one and unsaid(one)) == (other and unsaid(other))


def unsaid(text: str, said: str | None = None) -> str:
    """Such a text without the path, or with another; any other text as it is."""
    if not text.startswith("{"):
        return text
    told = {key: part for key, part in json.loads(text).items() if key != "said"} | ({"said": said} if said else {})
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


@cache
def builtin_content(name: str) -> str:
    """A built-in scenario in full."""
    return json.dumps(load_scenario(name).content(), sort_keys=True)

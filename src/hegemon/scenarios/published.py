"""JSON Schema of the format, so that an editor completes keys and marks mistakes as a scenario is written."""

from __future__ import annotations

import copy
from typing import Any

from hegemon.scenarios.schema import Scenario
from hegemon.scenarios.tables import FORMAT

Schema = dict[str, Any]


def json_schema() -> Schema:
    """The format as JSON Schema (2020-12).

    A file that extends another may leave anything out, at every depth; so the format stands in it twice,
    whole and with nothing required, and `extends` decides. Names of mechanisms and instruments are the
    model's.
    """
    whole = Scenario.model_json_schema(by_alias=True)
    whole["properties"].pop("files")  # read beside the scenario, never written
    _name_what_exists(whole)
    definitions: Schema = whole.pop("$defs")
    part = copy.deepcopy(whole)
    part["properties"]["extends"] = {"type": "string", "description": "scenario this one changes: a name, or a path"}
    definitions |= {f"Changed{name}": copy.deepcopy(schema) for name, schema in definitions.items()}
    _loosen(part)
    for name in definitions:
        if name.startswith("Changed") and name != "ChangedForce":
            _loosen(definitions[name])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Scenario, format {FORMAT}",
        "description": "A question about a hierarchical order.",
        "if": {"required": ["extends"]},
        "then": {"$ref": "#/$defs/ChangedScenario"},
        "else": {"$ref": "#/$defs/Scenario"},
        "$defs": {**definitions, "Scenario": whole, "ChangedScenario": part},
    }


def _name_what_exists(whole: Schema) -> None:
    from hegemon.instruments import KINDS, NAMES
    from hegemon.mechanisms import BY_NAME, PRIORS

    force = whole["$defs"]["Force"]["properties"]
    force["crisis"]["enum"] = list(KINDS)
    force["instrument"]["enum"] = [*NAMES, None]
    whole["properties"]["states"]["additionalProperties"] = False
    whole["properties"]["without"]["items"]["enum"] = list(BY_NAME)
    blocks: Schema = {}
    for key, prior in PRIORS.items():
        block, _, name = key.partition(".")
        value: Schema = {"type": "number", "description": prior.unit, "default": prior.mean, "minimum": prior.low}
        if prior.high != float("inf"):
            value["maximum"] = prior.high
        table = blocks.setdefault(block, {"type": "object", "additionalProperties": False, "properties": {}})
        table["properties"][name] = value
    described = {"type": "object", "description": "values by mechanism or instrument, in place of the model's defaults"}
    whole["properties"]["parameters"] = {**described, "additionalProperties": False, "properties": blocks}


def _loosen(schema: Any) -> None:
    """Nothing required, nothing of a least size; references lead to the other loosened parts."""
    if isinstance(schema, dict):
        for key in ("required", "minProperties"):
            schema.pop(key, None)
        if isinstance(schema.get("$ref"), str):
            name = schema["$ref"].removeprefix("#/$defs/")
            schema["$ref"] = f"#/$defs/{name if name == 'Force' else 'Changed' + name}"
        for value in schema.values():
            _loosen(value)
    elif isinstance(schema, list):
        for value in schema:
            _loosen(value)

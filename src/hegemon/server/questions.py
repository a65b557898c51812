"""What a client may ask: every study's own question, with scenarios by name and files as content; nothing of it is a path."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, create_model

from hegemon.errors import BadValue, UnknownName, did_you_mean, shown
from hegemon.scenarios.loader import builtin_names
from hegemon.server import limits
from hegemon.server.scenarios import Scenarios, utf8
from hegemon.studies import study
from hegemon.studies.question import Code, FileOf, Option, Question, Scene, alike
from hegemon.studies.study import Study


class Asked(BaseModel):
    """Anything a client sends: no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ScenarioAsked(Asked):
    """A scenario of one's own, in the format of scenario files. It may extend a built-in one."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    text: Annotated[str, Field(min_length=1, description="TOML, up to 200 kB")]
    record: Annotated[str, Field(min_length=1)] | None = Field(default=None, description="its coded crises, CSV, up to 200 kB")


class Named(Asked):
    """What a result is to be called; nothing, as its question calls it."""

    title: Annotated[str, Field(max_length=200)]


class Renamed(Asked):
    """A scenario's new name."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class Sent(Asked):
    """A file's content, sent along with a question."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}(\.[a-z]{1,8})?$", examples=["mine.csv"])]
    text: Annotated[str, Field(min_length=1, max_length=limits.BODY)]


@cache
def body_of(study: Study) -> type[BaseModel]:
    """What a client sends to ask a study's question: its own fields; where it names a file, a built-in name or the content."""
    asks, fields = study.asks, dict[str, Any]()
    for name, field in asks.model_fields.items():
        if (of := asks.marked(FileOf).get(name)) is not None:
            named: Any = Annotated[str, Field(max_length=80)]
            named = named | Sent if of.builtin in limits.SENT else named
            kind = named if field.is_required() or field.default is not None else named | None
            more = {} if field.is_required() else {"default": field.default}
            fields[name] = (kind, Field(description=field.description, **more))
        elif name != "given" and name not in asks.marked(Code):
            fields[name] = (StrictBool if field.annotation is bool else field.annotation, field)
    doc = " ".join((asks.__doc__ or "").split())
    return create_model(asks.__name__, __base__=Asked, __doc__=doc, **fields)


def schema(study: Study) -> dict[str, Any]:
    """The question as a JSON schema, from which a form can be made. Marks of its fields:

    x-scene   names a scenario: {prefix, instead} of `studies.question.Scene`
    x-names   names something built in: the names; `x-sent`: or a file, sent as {name, text}
    x-option  {"first": asked for first, "quiet": decides no number, "example": what stands for it on the command line}
    """
    found, asks = body_of(study).model_json_schema(), study.asks
    for name, scene in asks.marked(Scene).items():
        found["properties"][name]["x-scene"] = {"prefix": scene.prefix, "instead": scene.instead}
    for name, of in asks.marked(FileOf).items():
        found["properties"][name] |= {"x-names": list(of.names), "x-sent": of.builtin in limits.SENT}
    for name, option in asks.marked(Option).items():
        if name in asks.marked(Code):  # nobody sends code
            continue
        found["properties"][name]["x-option"] = {"first": option.argument, "quiet": option.quiet, "example": option.metavar}
    return found


def question_of(study: Study, asked: BaseModel, scenarios: Scenarios) -> Question:
    """The question that is meant, with all that its names stand for. Raises `UserError` for what cannot be, or is too large."""
    values, given = asked.model_dump(exclude_unset=True), dict[str, str]()
    for field, of in study.asks.marked(FileOf).items():
        value = values.get(field)
        if isinstance(value, dict):
            values[field], given[field] = value["name"], base64.b64encode(utf8(value["text"])).decode()
        elif value is not None and value not in of.names:
            raise UnknownName(f"{field}: nothing built in is called {shown(value)}", did_you_mean(value, of.names))
    for field, value in values.items():
        if field not in study.asks.marked(Scene) and field not in given:
            no_paths(value, field)
    found = study.asks.of({**values, "given": given}).resolved(scenario=scenarios.scenario)
    limits.check(found)
    found.check()
    return found


def no_paths(values: Any, where: str) -> None:
    """Raise `BadValue` for words that could be a place on this machine: a question names what is built in or was sent."""
    if isinstance(values, str) and (set(values) & set("/\\~\0") or Path(values).exists()):
        raise BadValue(f"{where} = {shown(values)}", "It cannot be a path.")
    for inner in values.values() if isinstance(values, dict) else values if isinstance(values, list | tuple) else ():
        no_paths(inner, where)


# ---- How a list shows it ----


def plain(question: Question) -> dict[str, Any]:
    """The question as it was asked, without what its names stand for, nor code of one's own that it has not got."""
    without = {name for name in question.marked(Code) if not getattr(question, name)}
    return question.model_dump(mode="json", exclude={"given", *without})


def askable(question: Question, scenarios: Scenarios) -> bool:
    """Whether a client who sends the same gets the same: its names stand for here what they stood for."""
    scenes, files = question.marked(Scene), question.marked(FileOf)
    return all(alike(scenarios.told(name), question.given.get(field))
               for field in scenes if (name := getattr(question, field)) is not None
    ) and all(name in of.names for field, of in files.items() if (name := getattr(question, field)) is not None)  # fmt: skip


def about(question: Question) -> dict[str, Any]:
    """What a list shows of a question."""
    kind, scenes = study(question.study), question.marked(Scene)
    return {"study": kind.name, "noun": kind.noun, "title": title(question), "changes": changes(question), "line": question.line,
            "scenario": next((getattr(question, field) for field in scenes), None), "when": when(question),
            "runs": getattr(question, "runs", None), "seed": getattr(question, "seed", None)}  # fmt: skip


def title(question: Question) -> str:
    """What it is about: its scenarios' titles."""
    titles = []
    for field in question.marked(Scene):
        if field in question.given:
            told = json.loads(question.given[field])
            titles.append(called(str(told["content"].get("title") or told["name"]), str(told["name"])))
    if len(set(titles)) == 2:
        return f"{titles[1]}, against {titles[0]}"
    if titles:
        return titles[0]
    label = question.label()
    named = {order.name: order.scenario.title for order in question.orders().values()}
    return named.get(label, label) or question.study


def called(title: str, name: str) -> str:
    """A scenario by its title; one of somebody's own by its name too, since it may have the title of what it extends."""
    return title if name in builtin_names() or title == name else f"{title} ({name})"


def when(question: Question) -> str | None:
    """The quarter of the first event that is given, by the question or by its scenarios: what it is about begins there."""
    said = [str(event).split()[0] for name in type(question).model_fields if name == "force" or name.endswith("_force")
            for event in getattr(question, name)]  # fmt: skip
    scenes = [json.loads(question.given[field]) for field in question.marked(Scene) if field in question.given]
    told = [str(event["quarter"]) for scene in scenes for event in scene["content"].get("force", ())]
    return min(said + told, default=None)


SAYS = {"without": "without {}", "force": "given: {}", "record": "record to {}", "end": "to {}", "draws": "{} draws",
        "at": "as of {}", "state": "{}"}  # fmt: skip


def _said(question: Question, name: str, value: Any) -> str:
    """A value in words: mechanisms without hyphens, neighbours by their names."""
    if name == "state":
        orders = question.orders().values()
        return next((order.scenario.states[value].name for order in orders if value in order.scenario.states), str(value))
    return str(value).replace("_", " ") if name == "without" else str(value)


def changes(question: Question) -> list[str]:
    """What is asked that would not be asked by default, in words; how large it is and its seed are told elsewhere."""
    scenes, owner, said = question.marked(Scene), dict[str, str](), list[str]()
    for scene_field, scene in scenes.items():
        for change in ("set", "without", "force"):
            owner[f"{scene.prefix}_{change}" if scene.prefix and len(scenes) > 1 else change] = scene_field
    for name, field in type(question).model_fields.items():
        value = getattr(question, name)
        if name in ("given", "runs", "seed", *scenes) or value == field.get_default(call_default_factory=True):
            continue
        whose = f"{owner[name]}: " if len(scenes) > 1 and name in owner else ""
        bare = name.removeprefix(f"{scenes[owner[name]].prefix}_") if name in owner else name
        if isinstance(value, dict):
            said += [f"{whose}{key} = {number:g}" for key, number in value.items()]
        elif isinstance(value, bool):
            said.append(bare.replace("_", " ") if value else f"not {bare.replace('_', ' ')}")
        else:
            words = SAYS.get(bare, f"{bare.replace('_', ' ')} {{}}")
            said += [whose + words.format(_said(question, bare, each))
                     for each in (value if isinstance(value, tuple) else (value,))]  # fmt: skip
    return said

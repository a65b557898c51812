"""What is asked. A question's fields carry help, unit and range: options, API bodies, forms and provenance come from them.

A question is plain data. `resolved` fills in what its names stand for (a scenario in full, the content of a file), so that the
same question gives the same answer on another machine, in another process, and from a bundle.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import index
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from hegemon.errors import BadValue
from hegemon.files import at_hand, home, read_bytes
from hegemon.posterior import Source
from hegemon.scenarios.complaints import complaint
from hegemon.scenarios.loader import builtin_names, load_scenario
from hegemon.scenarios.schema import Scenario
from hegemon.scenarios.tables import Quarter as Quarter
from hegemon.studies.scenes import alike as alike
from hegemon.studies.scenes import builtin_content, unsaid
from hegemon.studies.scenes import scenario_of as scenario_of
from hegemon.studies.scenes import scenario_text as scenario_text

if TYPE_CHECKING:
    from hegemon.order import Order


@dataclass(frozen=True)
class Option:
    """How a field is given on a command line, where its name does not say.

    short      a letter: "-n"
    metavar    what stands for the value in the help
    argument   given by place, not by name
    name       the option, where it is not the field's name
    quiet      decides no number: two questions that differ in it alone have the same answer
    late       came later: where it is not given, the question is called as it was before there was such a field
    """

    short: str = ""
    metavar: str = ""
    argument: bool = False
    name: str = ""
    quiet: bool = False
    late: bool = False


@dataclass(frozen=True)
class Scene:
    """Marks a field that names a scenario.

    prefix   of the fields that change it: `set`, `without`, `force` (and `record`, `end`, which have none)
    instead  the field whose scenario is meant where this one names none
    """

    prefix: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Code:
    """Marks a field that names files of mechanisms, which then belong to the scenario of a field (None: to every one). No client
    of the explorer may give it: code runs only where the person at the machine has named it."""

    field: str | None = None


@dataclass(frozen=True)
class FileOf:
    """Marks a field that names something built in, or a file of the user's, whose content then belongs to the question.

    builtin  what comes with hegemon by name: "module:function" that lists the names
    """

    builtin: str

    @property
    def names(self) -> tuple[str, ...]:
        """Names of what comes with hegemon."""
        return tuple(resolve_name(self.builtin)())


def _whole(value: object) -> int:
    """A whole number: neither text nor a fraction nor yes or no."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise PydanticCustomError("int_type", "It must be a whole number.")
    return index(value)


def _number(value: object) -> object:
    """A number: neither text nor yes or no."""
    if isinstance(value, bool | str | bytes):
        raise PydanticCustomError("float_type", "It must be a number.")
    return value


def _listed(value: object) -> object:
    """One word is a list of one."""
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


Whole = Annotated[int, BeforeValidator(_whole)]
Word = Annotated[str, Field(max_length=400)]
Words = Annotated[tuple[Annotated[str, Field(max_length=200)], ...], BeforeValidator(_listed), Field(max_length=400)]
Seed = Annotated[Whole, Field(ge=0, le=2**53 - 1, description="Luck: the same seed gives the same histories.")]
Drawn = Annotated[
    Source | None,
    Field(description="Draws of the posterior or the priors, or their means; absent: of the posterior, where the order has one."),
]
Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Values = Annotated[dict[str, Number], Option(metavar="MECHANISM.PARAMETER=VALUE")]
Events = Annotated[Words, Option(metavar='"QUARTER STATE CRISIS [INSTRUMENT]"')]
Off = Annotated[Words, Option(metavar="MECHANISM"), Field(description="Switched off.")]
Mechanisms = Annotated[
    Words, Code(), Option(metavar="FILE.py"),
    Field(description="A mechanism of your own; with the name of a built-in one it stands in its place. Its code runs."),
]  # fmt: skip
A_SCENE = Field(description="Name of a built-in scenario, or a file.")
SceneName = Annotated[Word, Scene(), Option(argument=True), A_SCENE]


class Question(BaseModel):
    """A question: frozen, without unknown keys. Subclasses list their fields, each with its help, default and range."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    study: ClassVar[str]

    @field_validator("*", mode="before")
    @classmethod
    def yes_or_no(cls, value: object, info: ValidationInfo) -> object:
        """What is asked with yes or no is answered so: not with 1, nor with a word."""
        if cls.model_fields[str(info.field_name)].annotation is bool and not isinstance(value, bool):
            raise PydanticCustomError("bool_type", "It must be true or false.")
        return value

    given: SkipJsonSchema[dict[str, str]] = Field(default={}, repr=False)
    """What names stand for, by field: the resolved scenario, the content of a file (base64). Filled in by `resolved`."""

    @classmethod
    def of(cls, *parts: Mapping[str, Any]) -> Self:
        """A question from plain values, in one part or several, each with what its names stand for.

        Raises `UserError` in one sentence for what is no such question.
        """
        values = {name: value for part in parts for name, value in part.items()}
        if len(parts) > 1:
            values["given"] = {field: text for part in parts for field, text in part.get("given", {}).items()}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise complaint(error, cls) from None

    @classmethod
    def marked(cls, mark: type[Any]) -> dict[str, Any]:
        """Fields that carry a mark (`Option`, `Scene`, `FileOf`), each with it."""
        parts = [(name, part) for name, field in cls.model_fields.items() for part in field.metadata]
        return {name: part for name, part in parts if isinstance(part, mark)}

    def resolved(self, scenario: Callable[[str], Scenario] | None = None) -> Self:
        """The same question with what its names stand for. `scenario` finds a scenario by name; None: built in, or a file.

        Raises `UserError` for a name that nothing has, or a file that cannot be read.
        """
        given = dict(self.given)
        for field, scene in self.marked(Scene).items():
            name = getattr(self, field)
            if field not in given and name is not None:
                given[field] = scenario_text((scenario or load_scenario)(name))
            elif field not in given and scene.instead:
                given[field] = given[scene.instead]
        if given != self.given:
            given = self._with_code(given)
        for field, of in self.marked(FileOf).items():
            name = getattr(self, field)
            if field not in given and name is not None and name not in of.names:
                content = read_bytes(home(name), said=name, builtin=of.names)
                given[field] = base64.b64encode(content).decode()
        return self if given == self.given else self.model_copy(update={"given": given})

    def _with_code(self, given: dict[str, str]) -> dict[str, str]:
        """The same scenarios with the mechanisms that the question adds to them, once they are found."""
        from hegemon.mechanisms.outside import read_mechanism
        from hegemon.scenarios.beside import with_mechanisms

        found = dict(given)
        for field, code in self.marked(Code).items():
            more = [read_mechanism(name) for name in getattr(self, field)]
            for name in self._scenes(given, code.field) if more else ():
                scenario = scenario_of(given[name])
                found[name] = scenario_text(with_mechanisms(scenario, more))
        return found

    def _scenes(self, given: Mapping[str, str], field: str | None) -> list[str]:
        """Keys of the scenarios in what names stand for: of one field, or all that this step has found."""
        return [name for name in given if name not in self.given and (name == field if field else name in self.marked(Scene))]

    # ---- What it is about ----

    @classmethod
    def about(cls, order: Order | str, field: str = "scenario") -> dict[str, Any]:
        """Values of the fields that name an order, given by name or file, or as it is."""
        from hegemon.order import Order

        if not isinstance(order, Order):
            return {field: order}
        prefix = cls.marked(Scene)[field].prefix
        names = {change: name for name, change in _fields(cls, prefix).items()}
        off = [name for name in order.off if name not in order.scenario.without]
        found: dict[str, Any] = {field: order.name, "given": {field: scenario_text(order.scenario)}}
        for change, value in (("set", order.changed), ("without", off)):
            if value and change not in names:
                remedy = f"This makes no difference to {cls.study}; leave it out."
                raise BadValue(f"{order.name} is changed by {', '.join(value)}", remedy)
            if value:
                found[names[change]] = value
        return found

    def order(self, field: str | None = None) -> Order:
        """The order that a field of the question names (None: the first one), with its changes and forced events."""
        scenes = self.marked(Scene)
        field = field or next(iter(scenes))
        found = self.resolved()
        changes = json.dumps(_changes(found, scenes[field].prefix), sort_keys=True)
        others = [scene for name, scene in scenes.items() if name != field]
        also = sorted(text for scene in others for text in _changes(found, scene.prefix).get("force", ()))
        return _changed_order(found.given[field], changes, tuple(also))

    def orders(self) -> dict[str, Order]:
        """Every order that the question names, by field."""
        found = self.resolved()
        return {field: found.order(field) for field in self.marked(Scene) if field in found.given}

    def check(self) -> None:
        """Raise `UserError` for what can be known to be wrong before anything is computed."""
        self.orders()

    def path(self, field: str) -> str | None:
        """What a field names, to be read: a built-in name, or a file with the content that belongs to the question."""
        name, content = getattr(self, field), self.given.get(field)
        if content is None and name is not None and name not in self.marked(FileOf)[field].names:
            content = self.resolved().given.get(field)
        return name if content is None else str(at_hand(Path(name).name, base64.b64decode(content)))

    # ---- What it is called ----

    def label(self) -> str:
        """What its answer is about, in a word or two joined by hyphens."""
        return "-".join(dict.fromkeys(order.name for order in self.orders().values()))

    def key(self) -> str:
        """The name of its answer's folder: the same for the same question, wherever it is asked."""
        words = [self.study, self.label(), self.fingerprint()[:10]]
        return "-".join(word for word in words if word)

    def fingerprint(self) -> str:
        """SHA-256 of all that decides its answer."""
        options, scenes, files = self.marked(Option), self.marked(Scene), self.marked(FileOf)
        apart = {name for field, scene in scenes.items() for name in (field, *_fields(type(self), scene.prefix))}
        apart |= set(self.marked(Code))
        quiet = {name for name, option in options.items() if option.quiet or (option.late and getattr(self, name) is None)}
        plain = self.model_dump(mode="json", exclude={"given", *apart, *quiet, *files})
        orders = {field: [order.hash, sorted(order.off)] for field, order in self.orders().items()}
        given = self.resolved().given
        content = {field: hashlib.sha256(given[field].encode()).hexdigest() if field in given else getattr(self, field)
                   for field in files}  # fmt: skip
        return hashlib.sha256(json.dumps([self.study, plain, orders, content], sort_keys=True).encode()).hexdigest()

    def command(self) -> list[str]:
        """The command line that asks it, with files by the paths by which a person has named them."""
        options, words, by_place = self.marked(Option), [], []
        for name, field in type(self).model_fields.items():
            value, option = getattr(self, name), options.get(name, Option())
            if name == "given" or (value == field.get_default(call_default_factory=True) and not option.argument):
                continue
            if name in self.marked(Scene) and value is not None:
                value = self.said(name)
            if option.argument:
                by_place += [] if value is None else [str(value)]
                continue
            flag = f"--{(option.name or name).replace('_', '-')}"
            words += [flag] if value is True else [word for one in _texts(value) for word in (flag, one)]
        return ["hegemon", self.study, *by_place, *words]

    def said(self, field: str) -> str:
        """What a command line calls the scenario of a field: a built-in name, or the path of the file or folder as a person has
        named it. One that was never a file is called as if it stood in one, NAME.toml."""
        word, given = str(getattr(self, field)), self.given.get(field)
        if given is None or self._builtin(field):
            return word
        told = json.loads(given)
        return str(told.get("said") or (word if word.endswith(".toml") else f"{told['name']}.toml"))

    def _builtin(self, field: str) -> bool:
        """Whether a field's scenario is the built-in one of that name, but for mechanisms that the question adds to it."""
        word, given = getattr(self, field), json.loads(self.given[field])
        if word not in builtin_names():
            return False
        added = {Path(name).name for code, of in self.marked(Code).items() if of.field in (None, field)
                 for name in getattr(self, code)}  # fmt: skip
        content = dict(given["content"])
        for key in ("mechanisms", "files"):
            kept = content.pop(key, None) or {}
            left = [name for name in kept if name not in added]
            if left:
                content[key] = {name: kept[name] for name in left} if isinstance(kept, dict) else left
        return json.dumps(content, sort_keys=True) == builtin_content(word)

    def portable(self) -> Self:
        """The same question with files by their names alone, as they lie in a bundle: it says nothing of a machine's folders."""
        found = self.resolved()
        files = {field: Path(getattr(self, field)).name for field in self.marked(FileOf) if field in found.given}
        scenes = {field: found.called(field) for field in self.marked(Scene) if field in found.given and getattr(self, field)}
        code = {field: tuple(Path(each).name for each in getattr(self, field)) for field in self.marked(Code)}
        given = {field: unsaid(text, scenes.get(field)) for field, text in found.given.items()}
        return found.model_copy(update={**files, **scenes, **code, "given": given})

    def called(self, field: str) -> str:
        """What the scenario of a field is called in a bundle: a built-in name, or a file or folder there."""
        if self._builtin(field):
            return str(getattr(self, field))
        scenario = scenario_of(self.given[field])
        return scenario.name if scenario.files and scenario.name not in builtin_names() else f"{scenario.name}.toml"

    def brought(self) -> dict[str, Scenario]:
        """The scenarios that a bundle of its answer brings, by their files there."""
        found: dict[str, Scenario] = {}
        for field in self.marked(Scene):
            if field in self.given and getattr(self, field) is not None:
                scenario, name = scenario_of(self.given[field]), self.called(field).removesuffix(".toml")
                found[f"{name}/scenario.toml" if scenario.files else f"{name}.toml"] = scenario
        return found

    @property
    def line(self) -> str:
        """The command line as text."""
        return shlex.join(self.command())


def _texts(value: Any) -> list[str]:
    """A value as a command line says it, once or several times."""
    if isinstance(value, dict):
        return [f"{name}={number!r}" for name, number in value.items()]
    return [str(each) for each in value] if isinstance(value, tuple) else [str(value)]


CHANGES = ("set", "without", "force", "record", "end")


def _fields(of: type[Question], prefix: str) -> dict[str, str]:
    """Fields that change the scenario of a prefix, each with the change it makes; both of a pair share `record` and `end`."""
    own = {change: f"{prefix}_{change}" if prefix and change not in ("record", "end") else change for change in CHANGES}
    return {name: change for change, name in own.items() if name in of.model_fields}


def _changes(question: Question, prefix: str) -> dict[str, Any]:
    return {change: getattr(question, name) for name, change in _fields(type(question), prefix).items()}


@lru_cache(256)
def _changed_order(given: str, changes: str, beside: tuple[str, ...]) -> Order:
    """An order with its changes. A forced event branches from the record the quarter before it, unless the question says where;
    `beside` are the events forced in the other order of a pair, so that both branch in the same quarter."""
    from hegemon.branch import changed
    from hegemon.order import from_scenario

    return changed(from_scenario(scenario_of(given)), **json.loads(changes), beside=beside)



"""The command of a study: options from its question's fields; what came out in the terminal, in a folder, as JSON."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

import typer

from hegemon.cli.output import JSON, print_json, say
from hegemon.files import write_file
from hegemon.studies.question import Option, Quarter, Question

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from hegemon.studies.study import Study

OUT = Annotated[Path | None, typer.Option("--out", help="Folder for the result; by default under results/.")]
PAGE = Annotated[
    Path | None, typer.Option("--page", metavar="FILE.md", help="Markdown page to write too, figures beside it in img/.")
]
WORKERS = Annotated[int | None, typer.Option("--workers", metavar="N", help="Compute in N processes of this machine (Dask).")]
SCHEDULER = Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Compute on a Dask scheduler's workers.")]


def command(of: Study) -> Callable[..., None]:
    """The command that asks a study's question."""
    asks = of.asks

    def asked(**values: Any) -> None:
        out, page, as_json = values.pop("out"), values.pop("page"), values.pop("as_json")
        workers, scheduler = values.pop("workers", None), values.pop("scheduler", None)
        tables = {where: values.pop(option) for option, where in of.layouts.items()}
        question = asks.of({name: given(asks, name, value) for name, value in values.items() if value is not None})
        answer(of, question.resolved(), out, page, workers, scheduler, tables, as_json=as_json)

    options = [parameter(name, field, asks) for name, field in asks.model_fields.items() if name != "given"]
    common: list[tuple[str, Any, Any]] = [("out", OUT, None), ("page", PAGE, None)]
    common += [("workers", WORKERS, None), ("scheduler", SCHEDULER, None)] if of.parallel else []
    common += [(option, layout(option), None) for option in of.layouts]
    common += [("as_json", JSON, False)]
    options += [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
                for name, kind, default in common]  # fmt: skip
    by_place = [p for p in options if isinstance(get_args(p.annotation)[1], typer.models.ArgumentInfo)]
    ordered = [*by_place, *(p for p in options if p not in by_place)]
    asked.__signature__ = inspect.Signature(ordered)  # type: ignore[attr-defined]
    asked.__annotations__ = {p.name: p.annotation for p in ordered}
    asked.__doc__ = inspect.getdoc(asks)
    return asked


def layout(option: str) -> Any:
    """The option that writes a table in a layout."""
    said = f"Table to write too, as a {option} has it."
    return Annotated[Path | None, typer.Option(f"--{option}", metavar="FILE.csv", help=said)]


_METAVARS = {str(int): "N", str(float): "NUMBER", str(str): "WORD", str(list[str]): "WORD"}


def parameter(name: str, field: FieldInfo, of: type[Question]) -> inspect.Parameter:
    """A field as an option or argument."""
    option = of.marked(Option).get(name, Option())
    default = field.get_default(call_default_factory=True)
    kind = _kind(field.annotation)
    help_ = (field.description or "").rstrip(".") + "."
    quarter = Quarter in (field.annotation, *get_args(field.annotation))
    metavar = option.metavar or ("QUARTER" if quarter else _METAVARS.get(str(kind)))
    told: Any
    if option.argument:
        told = typer.Argument(help=help_, metavar=option.metavar or name.upper())
    else:
        flag = f"--{(option.name or name).replace('_', '-')}"
        repeat = " (repeatable)" if kind is list[str] else ""
        told = typer.Option(*([flag] if not option.short else [flag, option.short]), metavar=metavar,
                            help=help_[:-1] + repeat + ".", show_default=default not in (None, (), {}, False))  # fmt: skip
    if field.is_required():
        return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[kind, told])
    kind = kind | None if field.default is None or default in ((), {}) else kind
    shown = None if default in ((), {}) else default.value if isinstance(default, Enum) else default
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=shown, annotation=Annotated[kind, told])


def _kind(annotation: Any) -> Any:
    """The type that the command line's parser knows a field's type by."""
    if type(None) in get_args(annotation):
        return _kind(next(part for part in get_args(annotation) if part is not type(None)))
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return Enum("Choice", {str(word): str(word) for word in get_args(annotation)}, type=str)
    if get_origin(annotation) in (dict, tuple, list):
        return list[str]
    return annotation


def given(of: type[Question], name: str, value: Any) -> Any:
    """A value as the question has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list) and get_origin(of.model_fields[name].annotation) is dict:
        from hegemon.scenarios.overrides import split_set

        return {f"{block}.{parameter}": number for block, parameter, number in map(split_set, value)}
    return value


def answer(
    of: Study, question: Question, out: Path | None, page: Path | None, workers: int | None, scheduler: str | None,
    tables: Mapping[str, Path | None], *, as_json: bool,
) -> None:  # fmt: skip
    """Ask, save, write the page, and say what came out."""
    from hegemon.cli.progress import counted
    from hegemon.studies import asking, telling
    from hegemon.studies import folder as folders

    folder = out or Path("results") / question.key()
    wanted = {where: file for where, file in tables.items() if file is not None}
    for file in (*([page] if page is not None else []), *wanted.values()):
        folders.tried(file)
    with counted(of.noun) as tick:
        found = asking.ask(question, out=folder, progress=tick, workers=workers, scheduler=scheduler)
    report = folder / telling.PAGE
    if not folders.as_drawn(folder, telling.PAGE):
        telling.write_page(found, folder)
    written = [report]
    if page is not None:
        from hegemon.pages import markdown

        written += markdown.write(telling.document(found), page)
    for where, file in wanted.items():
        write_file(file, resolve_name(where)(found).to_csv(index=False, lineterminator="\n"))
        written.append(file)
    files = [path.as_posix() for path in written]
    if as_json:
        return print_json(telling.plain(found, folder=folder.as_posix(), report=files[0], files=files))
    from hegemon.pages.terminal import show

    show(telling.document(found))
    say(f"\nReport: {files[0]}")

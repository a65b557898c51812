"""The command line. Heavy imports wait until a command needs them, so that help is instant."""

from __future__ import annotations

import io
import os
import re
import sys
import time
from contextlib import suppress
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from hegemon import studies
from hegemon.cli import (
    data,
    doctor,
    evidence,
    ledger,
    new,
    overview,
    publish,
    results,
    scenario,
    seal,
    serve,
    try_,
    world,
)
from hegemon.cli.output import say
from hegemon.errors import Failure, UserError, printable, shown


class Commands(TyperGroup):
    """Studies are commands too: what a study's question asks for is looked up when it is asked, so that help is instant."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, studies first."""
        return [*(each.name for each in studies.STUDIES), *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command by name; of a study, what its line of help says."""
        for each in studies.STUDIES:
            if each.name == cmd_name:
                return TyperCommand(each.name, help=each.summary)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is meant, with all its options."""
        for each in studies.STUDIES:
            if args and each.name == args[0]:
                from hegemon.cli.asking import command

                app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
                app.command(each.name)(command(each))
                return each.name, typer.main.get_command(app), args[1:]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Commands,
    name="hegemon",
    help="A laboratory for hierarchical orders in international politics.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> bool:
    if asked:
        from hegemon import __version__

        say(f"hegemon {__version__}")
        raise typer.Exit
    return asked


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Simulate an order, look at its neighbours, compare it with the record."""
    from hegemon.runtime import tried

    tried()


app.command("new")(new.new)
app.command("overview")(overview.overview)
app.command("try")(try_.try_)
app.command("ledger")(ledger.ledger)
app.command("report")(results.report)
app.command("export")(results.export)
app.command("bundle")(results.bundle)
app.command("publish")(publish.publish)
app.command("seal")(seal.seal)
app.command("serve")(serve.serve)
app.command("doctor")(doctor.doctor)
app.add_typer(scenario.app, name="scenario")
evidence.register(data.app)
app.add_typer(data.app, name="data")
app.add_typer(world.app, name="world")


def main(argv: list[str] | None = None) -> int:
    """Run a command: 0 done, 1 failed, 2 the user's mistake (said in one sentence), 130 stopped by the user."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # of XLA's own remarks on the terminal, only those it dies of
    for stream in (sys.stdout, sys.stderr):  # of a terminal that has not every letter
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    now = time.gmtime(time.time())
    if not 1981 <= now.tm_year <= 2106:  # no zip file, as NumPy writes them, can be dated before 1980 or after 2107
        return _ended(f"This machine's clock says {time.strftime('%Y-%m-%d', now)}. Set it and give the same command again.", 1)
    try:
        code = app(args=argv, standalone_mode=False, prog_name="hegemon")
        if code == 130:  # Typer has caught Ctrl-C, and says nothing
            raise KeyboardInterrupt
        print(end="", flush=True)
    except UserError as mistake:
        return _ended(mistake.sentence, 2)
    except Failure as failure:
        return _ended(failure.sentence, 1)
    except USAGE as mistake:
        return _ended(_sentence(mistake), 2)
    except (KeyboardInterrupt, typer.Abort):
        return _ended("Stopped. Finished chunks are kept; the same command goes on from there.", 130)
    except (BrokenPipeError, SystemExit):  # whoever reads what is printed has enough (Typer ends so for that alone)
        _say_no_more()
        return 0
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "hegemon":
            raise
        said = printable(" ".join(str(error).split())).rstrip(".")
        return _ended(f"A library cannot be loaded: {said}. Close other programs, or install hegemon anew.", 1)
    except (OSError, MemoryError) as error:
        from hegemon.machine import refused

        _say_no_more()
        return _ended(refused(error), 1)
    return code if isinstance(code, int) else 0


def _ended(said: str, code: int) -> int:
    with suppress(OSError):
        say(said, error=True)
    return code


def _say_no_more() -> None:
    """Nothing is left to be printed when Python ends: there it would fail once more."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


USAGE: type[Exception] = typer.BadParameter.__mro__[2]
"""What the parser of the command line raises for every mistake of use (Typer keeps the class to itself)."""


MUST = {"int_parsing": "It must be a whole number", "float_parsing": "It must be a number"}
"""What a value must be that Typer could not read, by pydantic's name for the mistake."""
OLDER, OLDER_KIND = re.compile(r"'([^']*)' is not a valid (integer|float)"), {"integer": "int_parsing", "float": "float_parsing"}
"""What releases of Typer before 0.26 say of it."""


def _sentence(mistake: Exception) -> str:
    """The parser's complaint with the remedy."""
    text = str(getattr(mistake, "format_message", lambda: mistake)())
    for one in getattr(mistake.__cause__ or mistake.__context__, "errors", list)()[:1]:  # pydantic's, which leaves out the value
        must = MUST.get(one["type"])
        text = text.replace(one["msg"], f"{shown(one['input'])}. {must}" if must else one["msg"].removeprefix("Value error, "))
    text = OLDER.sub(lambda found: f"{shown(found[1])}. {MUST[OLDER_KIND[found[2]]]}", text)
    context = getattr(mistake, "ctx", None)
    path = context.command_path if context is not None else "hegemon"
    return text if text.startswith("Usage:") else f"{printable(text.rstrip('.'))}. See `{path} --help`."


if __name__ == "__main__":
    sys.exit(main())

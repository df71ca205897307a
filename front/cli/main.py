"""The command line: `mgc COMMAND …`; each command is a module of its own, imported when it is named.

Exit codes: 0; 1 for a mistake in a model or in data, as where they lack a name that is asked for; 2 for one on
the command line; 130 when interrupted.
"""

from __future__ import annotations

import atexit
import errno
import gc
import importlib
import os
import sys

import click

from mgc import __version__
from mgc.grammar.diagnostics import DataError, ModelError, did_you_mean

COMMANDS = (
    "compile",
    "show",
    "draw",
    "eval",
    "check",
    "compare",
    "verify",
    "explain",
    "play",
    "grade",
    "train",
    "predict",
    "cache",
    "new",
    "fmt",
)  # the order of --help: as one meets them


class Commands(click.Group):
    """The commands by name, and what an error of theirs looks like."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"mgc.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = did_you_mean(args[0], COMMANDS)
            ctx.fail(f"no command {args[0]!r}{'; ' + hint if hint else ''}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            result: object = super().invoke(ctx)
            return result
        except ModelError as error:
            click.echo(str(error), err=True)
        except DataError as error:
            click.echo(f"error: {error}", err=True)
        except OSError as error:  # files tell theirs as DataError: this is standard output, a full disk perhaps
            if error.errno == errno.EPIPE:
                raise  # the reader has seen enough: click leaves quietly
            click.echo(f"error: cannot write the output: {error.strerror}", err=True)
        except KeyboardInterrupt:
            raise click.exceptions.Exit(130) from None
        raise click.exceptions.Exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="mgc", message="%(prog)s %(version)s")
def cli() -> None:
    """Compile small model files (.mg) to plain functions with exact derivatives; run, check and train them.

    \b
    Examples:
      mgc new first                              write a starter model, first.mg
      mgc compile first.mg -o first.py           emit plain Python
      mgc eval first.mg loss 'X=[[1,2]]' 'y=[1]' value and derivatives
      mgc COMMAND --help                         more about one command
    """


def main() -> None:
    """The `mgc` command, in a process without the collector."""
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal that cannot show a character gets its escape, not a traceback
            reconfigure(errors="backslashreplace")
    atexit.register(gc.freeze)  # all that is left goes with the process: the collector need not walk it before
    cli(prog_name="mgc")


def _open_what_is_closed() -> None:
    """Standard streams that the process was started without (`>&-`): nothing is read, what is written is lost."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # as long as the process

"""`mgc new`: a name -> a starter model that compiles, evaluates and trains."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from mgc.grammar.diagnostics import DataError, printable

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)


@click.command("new", short_help="Write a starter model.")
@click.argument("name", metavar="NAME")
def command(name: str) -> None:
    """Write NAME.mg, a small classifier to change into your own model, in the current folder.

    \b
    Example:
      mgc new first && mgc eval first.mg loss 'X=[[1, 2]]' 'y=[1]'
    """
    stem = name.removesuffix(".mg")
    if not NAME.fullmatch(stem):
        raise click.UsageError(f"{printable(name)[:80]!r} is not a name: letters, digits, _ and -, no folders")
    starter = Path(__file__).with_name("starter.mg").read_text(encoding="utf-8")
    target = Path(f"{stem}.mg")
    try:  # O_EXCL: never over a file that is there, nor through a link
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(starter.replace("starter.mg", target.name))
    except FileExistsError:
        raise DataError(f"{target} exists already") from None
    except OSError as error:
        raise DataError(f"cannot write {target}: {error.strerror}") from None
    click.echo(f"wrote {target}; next: mgc eval {target} loss 'X=[[1, 2]]' 'y=[1]'")

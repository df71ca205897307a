"""What a command shows: colours in a terminal (rich, imported only there), plain aligned text in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from mgc.compiler.text_table import plain_table
from mgc.runtime.conversion import Nested, shape_of

if TYPE_CHECKING:
    from mgc.compiler.module import Module

MAX_ELEMENTS = 8  # of a long row
MAX_CELL = 60  # characters of a value in a table


def is_terminal() -> bool:
    return sys.stdout.isatty()


def echo_warnings(module: Module) -> None:
    """What looks like a slip in a model, beside the output."""
    for warning in module.warnings:
        click.echo(str(warning), err=True)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say in a terminal what is being done, as long as it is."""
    if not is_terminal():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def echo_code(text: str, language: str) -> None:
    """Print code, highlighted in a terminal; in a pipe its very bytes."""
    if not is_terminal():
        click.echo(text, nl=not text.endswith("\n"))
        return
    from rich.console import Console
    from rich.syntax import Syntax

    Console().print(Syntax(text, language, theme="ansi_dark", background_color="default", word_wrap=True))


def echo_table(headings: Sequence[str], rows: Sequence[Sequence[str]], numeric: frozenset[int] = frozenset()) -> None:
    """Print rows under headings; the columns in `numeric` align to the right."""
    if not is_terminal():
        click.echo(plain_table(headings, rows, numeric))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for position, heading in enumerate(headings):
        table.add_column(heading, justify="right" if position in numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def spelled_value(value: Nested | tuple[Nested, ...]) -> str:
    """A number exactly; of long lists the beginning.

    >>> spelled_value([[1.0, 2.0], [3.0, 4.0]])
    '[[1.0, 2.0], [3.0, 4.0]]'
    """
    if isinstance(value, tuple):
        return f"({', '.join(spelled_value(item) for item in value)})"
    if not isinstance(value, list):
        return repr(value)
    shown = [spelled_value(item) for item in value[:MAX_ELEMENTS]]
    return f"[{', '.join(shown)}{f', … {len(value)} in all' if len(value) > MAX_ELEMENTS else ''}]"


def cell(value: Nested) -> str:
    """A value in a table: its beginning, where it is long, and its shape."""
    text = spelled_value(value)
    shape = " by ".join(map(str, shape_of(value)))
    return text if len(text) <= MAX_CELL else f"{text[:MAX_CELL]}… ({shape})"

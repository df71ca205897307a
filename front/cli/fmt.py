"""`mgc fmt`: model files -> the same files in the canonical layout."""

from __future__ import annotations

import click

from mgc.cli.options import read_model
from mgc.grammar.diagnostics import printable


@click.command("fmt", short_help="Format model files.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where a file would change.")
def command(files: tuple[str, ...], check: bool) -> None:
    """Format each FILE in place (`-`: standard input to standard output).

    \b
    Examples:
      mgc fmt moons.mg
      mgc fmt --check *.mg
    """
    from mgc.grammar.formatter import format_source
    from mgc.runtime.files import write_atomically

    unformatted = 0
    for file in files:
        content, name = read_model(file)
        formatted = format_source(_decoded(content, name), name).encode("utf-8")
        if file == "-" and not check:
            click.echo(formatted, nl=False)
        elif formatted != content:
            unformatted += 1
            if not check:
                write_atomically(file, formatted)
            click.echo(f"{'would format' if check else 'formatted'} {printable(name)}")
    if check and unformatted:
        raise click.exceptions.Exit(1)


def _decoded(content: bytes, name: str) -> str:
    from mgc.grammar.parser import parse

    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        parse(content, name)  # says where, as it does for every command
        raise

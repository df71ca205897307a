"""`mgc cache`: the native code that is kept for the next time."""

from __future__ import annotations

import click

from mgc.cli.output import echo_table


@click.command("cache", short_help="List or remove the native code that is kept.")
@click.option("--clear", is_flag=True, help="Remove it all; what is needed is built again.")
def command(clear: bool) -> None:
    """List the native code that `--target native` and `mgc train` have built, or remove it.

    \b
    Examples:
      mgc cache
      mgc cache --clear
    """
    from datetime import datetime

    from mgc.runtime.native import cache

    folder = cache.folder()
    if clear:
        count = cache.clear()
        click.echo(f"removed {count} file{'s' * (count != 1)} from {folder}")
        return
    states = [(path.name, path.lstat()) for path in cache.entries()]
    rows = [
        (name, f"{datetime.fromtimestamp(state.st_mtime):%Y-%m-%d %H:%M}", f"{state.st_size:,}")
        for name, state in states
    ]
    if rows:
        echo_table(("file", "built", "bytes"), rows, frozenset({2}))
    click.echo(f"{len(rows)} file{'s' * (len(rows) != 1)} in {folder}")

"""`mgc play`: the page of `mgc explain`, live: an editor whose every state is compiled, shown and verified."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from mgc.cli.options import Settings, compile_options, read_model, reader
from mgc.grammar.diagnostics import DataError, printable


@click.command("play", short_help="Write a model beside its derivative, in a browser.")
@click.argument("file", metavar="[FILE]", required=False)
@click.option("--fn", "functions", multiple=True, metavar="NAME", help="The function that is shown at first.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; a free one by default.")
@click.option("--no-browser", is_flag=True, help="Only say the address.")
@compile_options
def command(settings: Settings, file: str | None, port: int, no_browser: bool) -> None:
    """Open a page with an editor on FILE, or on a first model: what you type is compiled, run and verified.

    The page is served to this machine alone, at an address that holds a secret token; FILE is not changed.

    \b
    Examples:
      mgc play                       start from a neuron
      mgc play moons.mg --fn loss    start from a file
    """
    from msgspec.structs import replace

    from mgc.runtime.explain.live import Latest, answered, verified
    from mgc.runtime.explain.page import live_html
    from mgc.runtime.explain.server import Server

    text, name = read_model(file) if file else (Path(__file__).with_name("neuron.mg").read_bytes(), "model.mg")
    options = replace(settings.options, functions=())
    shown = live_html(
        _decoded(text, name), next(iter(settings.options.functions), ""), settings.as_lesson().options.style
    )
    read = reader(file) if file else None
    show = Latest(partial(answered, path=name, options=options, read=read))
    verify = Latest(partial(verified, path=name, options=options, read=read))
    try:
        server = Server(port, shown, {"page": show, "verify": verify})
    except OSError as error:
        raise DataError(f"cannot listen at port {port}: {error.strerror}") from None
    click.echo(f"{server.address}\npress Ctrl-C to end")
    if not no_browser:
        click.launch(server.address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _decoded(text: bytes, name: str) -> str:
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{printable(name)} is not a text file in UTF-8") from None

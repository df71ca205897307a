"""`mgc show`: a model file -> any stage of its compilation, as text."""

from __future__ import annotations

from typing import Literal

import click

from mgc.cli.options import Settings, compile_options, read_model, reader
from mgc.cli.output import echo_code

STAGES = ("tree", "ir", "grad", "schedule", "python", "c")
Stage = Literal["tree", "ir", "grad", "schedule", "python", "c"]


@click.command("show", short_help="Show a stage of the compilation.")
@click.argument("file", metavar="FILE")
@click.option("--fn", "functions", multiple=True, metavar="NAME", help="Only these functions (repeatable).")
@click.option("--stage", type=click.Choice(STAGES), default="python", show_default=True, help="Where to stop.")
@click.option("--backward", is_flag=True, help="With derivatives.")
@compile_options
def command(settings: Settings, file: str, stage: Stage, backward: bool) -> None:
    """Show what FILE becomes: its syntax tree, its graph, the gradient's graph, the loops, the code.

    \b
    Examples:
      mgc show moons.mg                        the emitted Python, highlighted
      mgc show moons.mg --fn loss --stage ir   the graph of one function
      mgc show neuron.mg --stage grad          the graph of its derivatives
      mgc show moons.mg --stage c --backward   C with derivatives
    """
    from mgc.compiler.show import show

    text, name = read_model(file)
    options = settings.options("c" if stage == "c" else "python")
    echo_code(show(text, name, options, stage, backward, reader(file)), "c" if stage == "c" else "python")

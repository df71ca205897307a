"""`mgc draw`: a function of a model -> a picture of what it computes, forward and backward."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mgc.cli.options import Settings, by_commas, compile_options, parameter_options
from mgc.grammar.diagnostics import DataError, printable

if TYPE_CHECKING:
    from mgc.runtime.see.picture import Half


@click.command("draw", short_help="Draw a function: its values, operations and calls.")
@click.argument("file", metavar="FILE")
@click.argument("assignments", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--fn", "functions", multiple=True, callback=by_commas, metavar="NAME", help="The function to draw.")
@click.option("--forward", "half", flag_value="forward", default="forward", help="What it computes (the default).")
@click.option("--backward", "half", flag_value="backward", help="How its derivatives are computed.")
@click.option("--both", "half", flag_value="both", help="One after the other.")
@click.option("--depth", type=click.IntRange(0), help="Open calls in each other up to this many; others stay boxes.")
@click.option("-o", "--output", metavar="OUT", help="OUT.svg, OUT.png or OUT.dot; without it, the .dot is printed.")
@parameter_options
@compile_options
def command(
    settings: Settings,
    file: str,
    assignments: tuple[str, ...],
    half: Half,
    depth: int | None,
    output: str | None,
    checkpoint: str | None,
    seed: int,
) -> None:
    """Draw a function of FILE from left to right: values, the operations between them, calls as boxes.

    With values for the arguments, each value has its data, and as grad the derivative of the result by it.
    SVG and PNG need Graphviz's program `dot`.

    \b
    Examples:
      mgc draw neuron.mg x1=2 x2=0 w1=-3 w2=1 b=6.88 -o neuron.svg
      mgc draw neuron.mg --both -o neuron.png
      mgc draw moons.mg --fn loss --depth 1 -o loss.svg
    """
    from mgc.cli.points import Point
    from mgc.runtime.see.drawing import draw

    point = Point(assignments, (), checkpoint, seed)
    function = point.function(settings.load(file))
    drawing = draw(function, half, point.bound(function) if assignments else None, depth)
    if output is None:
        click.echo(drawing.source, nl=False)
        return
    try:
        drawing.save(output)
    except DataError as error:
        if Path(output).suffix not in (".svg", ".png"):
            raise
        dot = Path(output).with_suffix(".dot")
        drawing.save(dot)
        shown, format_ = printable(str(dot)), Path(output).suffix[1:]
        raise DataError(f"{error}; wrote {shown}: dot -T{format_} {shown} -o {printable(output)}") from None

"""`mgc show`: a model file -> any stage of its compilation, as text, and what is worth seeing of its derivative."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import click

from mgc.cli.options import Settings, compile_options, functions_option, parameter_options, read_model, reader
from mgc.cli.output import echo_code
from mgc.grammar.lexer import latin

if TYPE_CHECKING:
    from mgc.cli.points import Point

STAGES = ("tree", "ir", "grad", "schedule", "python", "c")
Stage = Literal["tree", "ir", "grad", "schedule", "python", "c"]
View = Literal["interleaved", "values", "passes", "cost", "math", "latex", "derive"]


def _one(context: click.Context, option: click.Parameter, asked: bool | str | None) -> bool | str | None:
    """Remember the view that is asked for. Errors: click.UsageError where there is one already."""
    if asked not in (None, False):
        earlier = context.params.setdefault("view", option.name)
        if earlier != option.name:
            raise click.UsageError(f"--{earlier} and --{option.name} are two views: ask for one")
    return asked


_view = partial(click.option, callback=_one)


@click.command("show", short_help="Show a stage of the compilation, or the derivative in another light.")
@click.argument("file", metavar="FILE")
@click.argument("assignments", metavar="[NAME=VALUE]...", nargs=-1)
@functions_option
@click.option("--stage", type=click.Choice(STAGES), default="python", show_default=True, help="Where to stop.")
@click.option("--backward", is_flag=True, help="With derivatives.")
@_view("--interleaved", is_flag=True, expose_value=False, help="Each line of the model, its code, its adjoints.")
@_view("--values", is_flag=True, expose_value=False, help="The numbers of a run in the margin: value, derivative.")
@click.option("--at", "turns", multiple=True, metavar="I=0,2", help="With --values: these turns of a loop.")
@_view("--passes", is_flag=True, expose_value=False, help="What each pass did: nodes, and the difference as .mg.")
@_view("--cost", is_flag=True, expose_value=False, help="Operations forward and backward, and what is kept, counted.")
@_view("--math", is_flag=True, expose_value=False, help="The model and its derivatives as mathematics.")
@_view("--latex", is_flag=True, expose_value=False, help="The same as LaTeX.")
@_view("--derive", metavar="NAME", help="How the derivative by NAME comes about.")
@parameter_options
@compile_options
def command(
    settings: Settings,
    file: str,
    assignments: tuple[str, ...],
    stage: Stage,
    backward: bool,
    turns: tuple[str, ...],
    derive: str | None,
    checkpoint: str | None,
    seed: int,
    view: View | None = None,
) -> None:
    """Show what FILE becomes: its syntax tree, its graph, the gradient's graph, the loops, the code.

    Or its derivative in another light: beside the model's lines, or with the numbers of a run. These tell the
    derivative in the style of a lesson, unless --style says otherwise.

    \b
    Examples:
      mgc show moons.mg                        the emitted Python, highlighted
      mgc show moons.mg --fn loss --stage ir   the graph of one function
      mgc show neuron.mg --stage grad          the graph of its derivatives
      mgc show moons.mg --stage c --backward   C with derivatives
      mgc show moons.mg --fn loss --interleaved
      mgc show neuron.mg --values x1=2 x2=0 w1=-3 w2=1 b=6.88
      mgc show softmax.mg --derive z
      mgc show softmax.mg --math
      mgc show moons.mg --fn loss --passes
      mgc show moons.mg --fn loss --cost
    """
    if turns and view != "values":
        raise click.UsageError("--at is for --values, which shows the turns of loops")
    if view in (None, "passes"):
        if assignments:
            raise click.UsageError(f"{assignments[0]!r}: a stage takes no values; --values shows those of a run")
        _echo_stage(settings, file, "passes" if view else stage, backward)
        return
    from mgc.cli.points import Point

    if view != "cost":
        settings = settings.as_lesson()
    point = Point(assignments, turns, checkpoint, seed)
    if derive is not None:
        from mgc.runtime.see.derivation import derivation

        click.echo(derivation(point.function(settings.load(file)), latin(derive)))
        return
    _echo_view(settings, file, view, point)


def _echo_stage(settings: Settings, file: str, stage: str, backward: bool) -> None:
    from mgc.compiler import show

    text, name = read_model(file)
    if stage == "passes":
        echo_code(show.passes(text, name, settings.options, reader(file)), "diff")
        return
    shown = show.show(text, name, settings.options, stage, backward, reader(file))
    echo_code(shown, "c" if stage == "c" else "python")


def _echo_view(settings: Settings, file: str, view: View | None, point: Point) -> None:
    model = settings.load(file)
    if view == "interleaved":
        from mgc.runtime.see.interleaved import interleaved

        echo_code("\n\n\n".join(map(interleaved, model.functions)), "python")
        return
    if view in ("math", "latex"):
        from mgc.runtime.see import mathematics

        tell = mathematics.told if view == "math" else mathematics.told_in_latex
        click.echo("\n\n".join(map(tell, model.functions)))
        return
    if view == "cost":
        from mgc.runtime.see.cost import report

        click.echo("\n\n\n".join(report(function, point.completed(function)) for function in model.functions))
        return
    from mgc.runtime.see.values import in_margin

    function = point.function(model)
    echo_code(in_margin(function, point.completed(function), point.chosen_turns()), "python")

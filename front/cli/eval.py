"""`mgc eval`: a function and values -> its value and a table of derivatives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import click

from mgc.cli.options import (
    Settings,
    compile_options,
    parameter_options,
    read_parameters,
    runner_option,
)
from mgc.cli.output import cell, echo_table, spelled_value, working
from mgc.runtime.conversion import Nested, ones_like

if TYPE_CHECKING:
    from mgc.runtime.arguments import Gradients, Params, Result
    from mgc.runtime.load import Runner
    from mgc.runtime.model import Function


@click.command("eval", short_help="Evaluate a function and its derivatives.")
@click.argument("file", metavar="FILE")
@click.argument("words", metavar="[FN] [NAME=VALUE]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Show every value inside the function, arrays entry by entry.")
@runner_option("python")
@parameter_options
@compile_options
def command(
    settings: Settings,
    file: str,
    words: tuple[str, ...],
    every: bool,
    runner: Runner,
    checkpoint: str | None,
    seed: int,
) -> None:
    """Evaluate function FN of FILE: its value, and its derivative by each argument (or parameter).

    FN may be left out where FILE has one function. Values are numbers or lists in JSON's notation; nan and inf are
    numbers too.

    \b
    Examples:
      mgc eval neuron.mg neuron x1=2 x2=0 w1=-3 w2=1 b=6.88
      mgc eval neuron.mg x1=2 x2=0 w1=-3 w2=1 b=6.88 --all
      mgc eval moons.mg loss 'X=[[1, 0.5]]' 'y=[1]' --seed 7
      mgc eval moons.mg score 'x=[1, 0.5]' --params trained.json
    """
    if every and runner == "native":
        raise click.UsageError("--all shows what emitted Python computes on its way; leave --target native out")
    function, values = settings.called(file, words, "python" if every else runner)
    parameters = read_parameters(function, checkpoint, seed, values) if function.info.parameters else None
    bound = function.checked(*([] if parameters is None else [parameters]), **values)
    if function.info.gradient_name is None:
        result = cast("Result", function.model.run(function.info.emitted_name, bound))
        click.echo(f"{function.info.name} = {spelled_value(result)}")
        return
    result, gradients = _derived(function, bound)
    click.echo(f"{function.info.name} = {spelled_value(result)}")
    if function.info.results != ((),):
        click.echo("derivatives of the sum of its elements:")
    if every:
        _echo_every(function, bound)
    else:
        _echo_derivatives(function, gradients, cast("Params", values) | (parameters or {}))


def _derived(function: Function, bound: list[object]) -> tuple[Result, Gradients]:
    """The result and its derivatives; of arrays, those of the sum of their elements."""
    if function.info.results == ((),):
        return function.value_and_grad(*bound)
    result = function(*bound)
    parts = result if isinstance(result, tuple) else (result,)
    return function.vjp(*bound, *(ones_like(part) for part in parts))


def _echo_derivatives(function: Function, gradients: Gradients, given: Params) -> None:
    from mgc.runtime.model import gradients_by_name

    defaults = {a.name: a.default for a in function.info.arguments if a.default is not None}
    known: Params = {**defaults, **given}
    derivatives = gradients_by_name(function, gradients).items()
    rows = [(key, cell(known[key]), cell(gradient)) for key, gradient in derivatives]
    echo_table(("variable", "value", "derivative"), rows)


def _echo_every(function: Function, bound: list[object]) -> None:
    """A row for each number: arguments, parameters, and what the function names on its way."""
    from mgc.runtime.grade.intermediates import intermediates

    with working(f"computing the derivatives inside {function.info.name}"):
        held = intermediates(function, bound)
    rows = [
        (entry, repr(value), "" if derivative is None else f"{derivative:.12g}")
        for one in held
        for entry, value, derivative in _entries(one.name, one.value, one.derivative)
    ]
    echo_table(("variable", "value", "derivative"), rows, frozenset({1, 2}))


def _entries(name: str, value: Nested, derivative: Nested | None) -> Iterator[tuple[str, Nested, Nested | None]]:
    """`W[0][1]`, its value and its derivative, for each entry of an array."""
    if not isinstance(value, list):
        yield name, value, derivative
        return
    for place, inner in enumerate(value):
        yield from _entries(f"{name}[{place}]", inner, derivative[place] if isinstance(derivative, list) else None)

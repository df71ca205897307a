"""`mgc grade`: a backward pass written by hand, each derivative of it against the true one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from mgc.cli.options import Settings, compile_options, read_value, read_values
from mgc.cli.output import echo_table, working
from mgc.grammar.diagnostics import DataError, did_you_mean, printable

if TYPE_CHECKING:
    from mgc.runtime.grade.grading import Grade
    from mgc.runtime.grade.setting import Exercise, Sheet
    from mgc.runtime.model import Function, Model

AND = ", and "
MOST = 10_000  # all sizes together: a backward pass is graded to 50 digits, number by number
BOUND = """The names of the forward pass, the sizes and the functions of `math` are bound: arrays as nested lists of
floats, or as NumPy arrays in a file that says `import numpy as np`."""


@click.command("grade", short_help="Grade a backward pass written by hand.")
@click.argument("file", metavar="FILE")
@click.argument("rest", metavar="[MINE.py] [NAME=VALUE]...", nargs=-1)
@click.option("--fn", "name", metavar="FN", help="The function; needed where FILE has several with derivatives.")
@click.option("--template", is_flag=True, help="Print a file to start from.")
@click.option("--answer", "answers", multiple=True, metavar="NAME", help="Print how dNAME is computed (repeatable).")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Draw the numbers by this seed.")
@compile_options
def command(
    settings: Settings,
    file: str,
    rest: tuple[str, ...],
    name: str | None,
    template: bool,
    answers: tuple[str, ...],
    seed: int,
) -> None:
    """Grade the backward pass that MINE.py writes out by hand for function FN of FILE.

    Without MINE.py the exercise is printed: the forward pass of the lesson (--style fused, flat: that of other code),
    what its names hold, and which derivatives are graded; the lines of the lesson are its answers.
    MINE.py is executed, so let it be your own. Its statements find all names of the forward pass bound, and assign
    dNAME for as many of them as you like. Exit code 1 where one is wrong.

    \b
    Examples:
      mgc grade mlp.mg --fn loss                       the exercise
      mgc grade mlp.mg --fn loss --template > mine.py  a file to start from
      mgc grade mlp.mg mine.py --fn loss               grade it
      mgc grade mlp.mg --fn loss --answer dh           give up on one
    """
    from mgc.runtime.grade.setting import sheet

    mine, assignments = _parted(rest)
    settings = settings.as_lesson()  # whose backward pass is the answer
    function = _function(settings.load(file), name)
    values = _values(assignments, function)
    if answers:
        given = _drawn(function, values, seed)
        click.echo("\n\n".join(_answer(given, answer) for answer in answers))
    elif template:
        click.echo(_template(sheet(function, values), file))
    elif mine is None:
        _echo_exercise(sheet(function, values), file)
    else:
        _echo_grades(_drawn(function, values, seed), mine)


def _parted(rest: Sequence[str]) -> tuple[str | None, list[str]]:
    """The file to grade, if there is one, and the values that are given. Errors: click.UsageError."""
    files = [one for one in rest if "=" not in one]
    if len(files) > 1:
        raise click.UsageError(f"expected one file to grade, found {files[0]!r} and {files[1]!r}")
    return next(iter(files), None), [one for one in rest if "=" in one]


def _drawn(function: Function, values: Mapping[str, object], seed: int) -> Exercise:
    """The exercise with points to grade at: that takes its time, and printing needs none."""
    from mgc.runtime.grade.setting import exercise

    with working(f"finding points for {function.info.name}"):
        return exercise(function, values, seed)


def _function(model: Model, name: str | None) -> Function:
    if name is not None:
        return model[name]
    found = [function for function in model.functions if function.info.gradient_name is not None]
    if len(found) != 1:
        names = ", ".join(function.info.name for function in found)
        raise click.UsageError(
            f"say which function: --fn NAME, one of {names}" if found else "no function has a derivative"
        )
    return found[0]


def _values(assignments: Sequence[str], function: Function) -> dict[str, object]:
    """`x=1 n=4` -> values of arguments and of free sizes. Errors: click.UsageError."""
    from mgc.runtime.grade.setting import free_sizes

    free = free_sizes(function) - {argument.name for argument in function.info.arguments}
    sizes = [one for one in assignments if one.partition("=")[0] in free]
    values = read_values([one for one in assignments if one not in sizes], function)
    given = {name: _size(text, name) for name, _, text in (one.partition("=") for one in sizes)}
    if math.prod(given.values()) > MOST:
        said = " * ".join(f"{name}={size}" for name, size in given.items())
        raise click.UsageError(f"{said} is more than {MOST:,}: give smaller sizes")
    return values | given


def _size(text: str, name: str) -> int:
    """Errors: click.UsageError."""
    value = read_value(text, name)
    if not isinstance(value, int) or value < 0:
        raise click.UsageError(f"size {name!r}: expected a whole number >= 0, found {printable(text)[:60]!r}")
    return value


# --- the exercise


def _echo_exercise(given: Sheet, file: str) -> None:
    click.echo(f"{given.function.info.name} of {file}: the forward pass\n")
    click.echo(_indented(given.forward.text(given.lines)))
    click.echo(f"\n{_sizes(given)}Names, in the order in which a backward pass finds their derivatives:\n")
    echo_table(("derivative", "of", "shape", "what it is"), _rows(given))
    click.echo(f"\n{_incoming(given)}")
    click.echo(BOUND)
    click.echo("Assign any of the derivatives in a file of yours; `--template` prints one to start from.")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _sizes(given: Sheet) -> str:
    said = ", ".join(f"{name} = {size}" for name, size in given.run.sizes.items())
    return f"Sizes: {said}. " if said else ""


def _rows(given: Sheet) -> list[tuple[str, ...]]:
    from mgc.runtime.grade.grading import gradable

    forward = given.forward
    return [
        (forward.derivative(name), name, _shape(given, name), _kind(given, name)) for name in gradable(given.forward)
    ]


def _kind(given: Sheet, name: str) -> str:
    known = given.forward.names[name]
    return f'params["{known.dotted}"]' if known.dotted else known.role


def _shape(given: Sheet, name: str) -> str:
    """The axes as the model names them, where they do: `[n, 16]`."""
    from mgc.compiler.verify.text.reading import UnknownSize, size

    spelt = []
    texts = given.forward.names[name].shape
    for axis, extent in enumerate(given.run.shape(name)):
        text = texts[axis] if axis < len(texts) else None
        try:
            same = text is not None and size(text, given.run.sizes) == extent
        except (UnknownSize, ValueError):
            same = False
        spelt.append(str(text) if same else str(extent))
    return f"[{', '.join(spelt)}]" if spelt else "a number"


def _incoming(given: Sheet) -> str:
    names = [given.forward.incoming(result) for result in given.forward.results]
    if given.function.info.results == ((),):
        return f"{names[0]} = 1.0 is where it starts: the derivative of the result by itself."
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} given: what comes in for each result."


def _template(given: Sheet, file: str) -> str:
    info = given.function.info
    rows = _rows(given)
    lines = [
        f'"""The backward pass of {info.name} of {file}, by hand.',
        "",
        f"Grade it: mgc grade {file} THIS_FILE --fn {info.name}",
        '"""',
        "",
        "# The forward pass has been run: all of its names are bound, as nested lists of floats",
        "# (as NumPy arrays, once this file says `import numpy as np`), and so are the functions of `math`.",
        "#",
        *[f"#     {line}" for line in given.forward.text(given.lines).splitlines()],
        "#",
        *([f"# {_sizes(given).strip()}"] if _sizes(given) else []),
        f"# {_incoming(given)}",
        "# Replace the ... of those that you want graded; what is left as ... is not.",
        "",
        *[f"{derivative} = ...  # {shape}{f', {what}' if '[' in what else ''}" for derivative, _, shape, what in rows],
    ]
    return "\n".join(lines)


# --- the grades


def _echo_grades(given: Exercise, path: str) -> None:
    from mgc.runtime.grade.grading import first_wrong, gradable
    from mgc.runtime.grade.submission import grade

    with working(f"grading {printable(path)}"):
        grades, unknown = grade(given, path)
    if not grades and unknown:
        raise DataError(f"{path} assigns nothing that is graded: the forward pass has no {_meant(given, unknown)}")
    if not grades:
        some = ", ".join(given.forward.derivative(name) for name in gradable(given.forward)[:5])
        raise DataError(f"{path} assigns no derivative: {some}, ...; without a file `mgc grade` prints the exercise")
    echo_table(
        ("derivative", "shape", "verdict", "largest difference", "where"),
        [_cells(given, one) for one in grades],
        frozenset({3}),
    )
    if unknown:
        click.echo(f"not graded, as the forward pass has no such names: {_meant(given, unknown)}")
    wrong = [one for one in grades if not one.ok]
    click.echo(_count(grades, len(gradable(given.forward))))
    for arm in given.untried:
        line = given.lines.get(arm.line)
        click.echo(f"the arm `{arm.text}`{f' of line {line}' if line else ''} was not tried: no point was found in it")
    first = first_wrong(grades)
    if first is not None:
        click.echo(f"\n{_advice(given, first, grades)}")
    if wrong:
        raise click.exceptions.Exit(1)


def _meant(given: Exercise, unknown: Sequence[str]) -> str:
    """The names, each with the derivative that it is closest to: `d_w (did you mean 'dw'?)`."""
    from mgc.runtime.grade.grading import gradable

    known = [given.forward.derivative(name) for name in gradable(given.forward)]
    spelt = {name.lower(): name for name in known}
    hints = ((name, did_you_mean(spelt.get(name.lower(), name), known)) for name in unknown)
    return ", ".join(f"{name} ({hint})" if hint else name for name, hint in hints)


def _cells(given: Exercise, one: Grade) -> tuple[str, ...]:
    inherits = not one.ok and not one.own
    verdict = f"{one.verdict}{', but right given yours' if inherits else ''}"
    shape = _shape(given, one.of)
    if one.note:
        return one.name, shape, verdict, "", one.note
    return one.name, shape, verdict, f"{one.difference:.1e}", f"{one.name}{one.worst}" if one.difference else ""


def _count(grades: Sequence[Grade], total: int) -> str:
    exact = sum(one.verdict == "exact" for one in grades)
    near = sum(one.verdict == "approximate" for one in grades)
    none = sum(one.verdict == "not graded" for one in grades)
    said = [f"{exact} exact", *([f"{near} approximate"] if near else []), f"{len(grades) - exact - near - none} wrong"]
    left = total - len(grades) + none
    return f"{', '.join(said)}{f'; {left} not given' if left else ''}"


def _advice(given: Exercise, first: Grade, grades: Sequence[Grade]) -> str:
    """Where it first goes wrong, and the rule: never the answer."""
    from mgc.runtime.grade.chain_rule import hint, needed

    verdicts = {one.of: one.verdict for one in grades}
    needs = [
        f"{given.forward.derivative(name)}, which is {verdicts[name]}"
        for name in needed(given.forward, first.of)
        if name in verdicts
    ]
    lines = [f"first goes wrong at: {first.name}{f' (it needs {AND.join(needs)})' if needs else ''}"]
    if first.verdict == "wrong shape":
        lines.append(f"it {first.note}, and needs {_shape(given, first.of)}")
    elif first.note:
        lines.append(
            f"it is {first.note}: each point has other numbers, and what is assigned in one arm is missing there"
        )
    else:
        lines.append(f"{first.name}{first.worst} is {first.found:.6g} and should be {first.wanted:.6g}")
        if first.count > 1:
            lines[-1] += f"; {first.right} of {first.count} entries are right"
    if first.like:
        lines.append(f"by the look of it: {first.like}")
    lines += hint(given.forward, first.of, given.lines)
    others = [one.name for one in grades if not one.ok and one.own and one is not first]
    if others:
        lines.append(f"then look at: {', '.join(others)}")
    return "\n  ".join([*lines, f"`--answer {first.name}` shows how it is computed"])


# --- the answers


def _answer(given: Exercise, name: str) -> str:
    from mgc.runtime.grade.chain_rule import answer
    from mgc.runtime.grade.grading import gradable

    known = {given.forward.derivative(one): one for one in gradable(given.forward)}
    of = known.get(name) or (name if name in known.values() else None)
    if of is None:
        raise click.UsageError(f"no derivative {name!r}: {did_you_mean(name, known) or 'one of ' + ', '.join(known)}")
    text = [f"# {given.forward.derivative(of)}, {_shape(given, of)}: starting from 0, in the names of the exercise"]
    text.append(answer(given.forward, of, given.setting) or "# nothing reads it: its derivative is 0")
    return "\n".join([*text, *_emitted(given, of)])


def _emitted(given: Exercise, of: str) -> list[str]:
    from mgc.runtime.grade.emitted_lines import emitted_lines
    from mgc.runtime.grade.setting import gradient_arguments

    info, source = given.function.info, given.function.model.source.splitlines()
    lines = emitted_lines(
        str(info.gradient_name), gradient_arguments(given.function), given.points[0], given.setting, of
    )
    if not lines:
        return ["# mgc's own code has no array of it: it is fused into others"]
    return ["# in mgc's own code", *[f"{line:>5} | {source[line - 1].strip()}" for line in lines]]

"""The exercise of a compiled function: its forward pass at concrete sizes and points, with the true derivatives."""

from __future__ import annotations

import ast
import copy
import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from mgc.grammar.diagnostics import DataError
from mgc.runtime import audit
from mgc.runtime.conversion import Sizes, convert, flat
from mgc.runtime.model import Function, gradients_by_name

if TYPE_CHECKING:
    from mgc.compiler.module import Module
    from mgc.runtime.grade.arms import Arm
    from mgc.runtime.grade.backward import Point, Tape
    from mgc.runtime.grade.exercise import Forward
    from mgc.runtime.grade.forward_run import Run, Setting
    from mgc.runtime.grade.points import Points

SIZES = ((4, 5, 3, 8, 7, 9), (2,), (1,))  # tried in turn where those that are distinct do not fit
FEW = 12
DISTINCT = (3, 2, *range(4, 100))
INTEGERS = ((1, 0, 2), (1, 0), (0,), (1,), (2,))  # with which sizes are tried; points have integers of their own
POINTS = 2  # at least: one number can be right by accident
AGREE = 1e-7  # relative: what roundings leave of the agreement with the compiler's own derivatives


class Sheet(Struct, frozen=True):
    """What is printed of an exercise: a function's forward pass at concrete sizes. `lines`: of the model, by lines of
    the emitted text."""

    function: Function
    setting: Setting
    run: Run
    lines: Mapping[int, int]

    @property
    def forward(self) -> Forward:
        return self.run.forward


class Exercise(Sheet, frozen=True):
    """A sheet with points to grade at. `untried`: arms of branches that no point takes."""

    points: Sequence[Point]
    untried: Sequence[Arm]

    @property
    def tape(self) -> Tape:
        """That of the first point: all of them have the same names and sizes."""
        return self.points[0].tape


def sheet(function: Function, given: Mapping[str, object]) -> Sheet:
    """The exercise of a function, to be printed; see `exercise`. Errors: DataError."""
    return _posed(function, given)[0]


def exercise(function: Function, given: Mapping[str, object], seed: int = 0) -> Exercise:
    """The exercise of a function. `given` has the values of some arguments and free sizes; the others are drawn by the
    seed. Each point has integers of its own.
    Errors: DataError, where the function has no derivative or is no exercise."""
    from mgc.runtime.grade.exercise import NoExercise

    posed, values = _posed(function, given)
    try:
        points = _points(posed, values, seed)
    except NoExercise as error:
        raise DataError(f"{function.info.name} cannot be graded: {error}") from None
    run = points.found[0].tape.run
    found = Exercise(function, posed.setting, run, posed.lines, points.found, points.untried)
    _is_alive(found)
    _agrees(found)
    return found


def _posed(function: Function, given: Mapping[str, object]) -> tuple[Sheet, Mapping[str, Any]]:
    """The sheet, and the values that arguments are given. Errors: DataError."""
    from mgc.compiler.verify.text import library
    from mgc.runtime.grade import forward_run, sharing
    from mgc.runtime.grade.exercise import NoExercise

    if function.info.gradient_name is None:
        raise DataError(
            f"{function.info.name} has no derivative: no float input reaches its result by operations that have one"
        )
    syntax = ast.parse(function.model.source)
    setting = forward_run.Setting(syntax, frozenset(library.standing(syntax)))
    try:
        forward = forward_of(function, syntax, function.model.module.in_steps)
        first = _fitting(forward, setting, {}, {})
        if first is not None:
            forward = sharing.shared(forward, setting, first.sizes, _integers(first))
        values, sizes = _given(function, given, _size_names(forward))
        run = _fitting(forward, setting, values, sizes)
    except NoExercise as error:
        raise DataError(f"{function.info.name} cannot be graded: {error}") from None
    if run is None:
        raise DataError(f"no sizes were found that {function.info.name} accepts: give values, NAME=VALUE")
    spans = [origin.span if origin is not None else None for origin in function.model.module.origins]
    lines = {line: span.line for line, span in enumerate(spans, 1) if span is not None}
    return Sheet(function, setting, run, lines), values


def _points(posed: Sheet, values: Mapping[str, Any], seed: int) -> Points:
    from mgc.runtime.grade import forward_run
    from mgc.runtime.grade.arms import Watch
    from mgc.runtime.grade.places import Places
    from mgc.runtime.grade.points import Points, variety

    function, setting, run = posed.function, posed.setting, posed.run
    source, forward = random.Random(seed), run.forward
    defaults = {
        argument.emitted_name: argument.default
        for argument in function.info.arguments
        if argument.default is not None and argument.emitted_name not in values
    }
    watch = Watch(forward, run.sizes, helpers_of(function))
    places = Places(forward, run.sizes, watch, values, defaults, source, variety(run))
    points = Points(places, lambda integers: forward_run.traced(forward, setting, run.sizes, integers), source)
    points.choose(POINTS)
    return points


def helpers_of(function: Function) -> dict[str, object]:
    """The functions that the emitted file carries and imports, other than the model's own."""
    module = function.model.module
    emitted = audit.run(function.model.source, "<emitted>").namespace
    own = {name for info in module.functions for name in (info.emitted_name, info.gradient_name)}
    return {name: value for name, value in emitted.items() if name not in own and not name.startswith("__")}


def forward_of(function: Function, syntax: ast.Module, places: bool = False) -> Forward:
    """The forward pass of a function of the emitted text. With `places` it is the first half of the derivative's, in a
    lesson, which has the places that its backward pass adds to. Errors: NoExercise."""
    from mgc.runtime.grade.expansion import forward

    info = function.info
    named = {node.name: node for node in syntax.body if isinstance(node, ast.FunctionDef)}
    node = named[info.emitted_name]
    if places:
        node = copy.copy(node)
        half = _forward_half(function.model.module, named[str(info.gradient_name)]) or node.body
        node.body = copy.deepcopy(half)  # the exercise has other names, and the emitted text is yet to be run
    shapes = {argument.emitted_name: argument.shape for argument in info.arguments}
    shapes |= dict(zip(info.parameters, info.parameter_shapes, strict=True))
    own = {argument.emitted_name for argument in info.arguments}
    called = [name.removeprefix("d") for name in gradient_arguments(function) if name not in own]
    return forward(node, shapes, tuple(a.emitted_name for a in info.arguments if a.dtype == "int"), places, called)


def _forward_half(module: Module, derivative: ast.FunctionDef) -> list[ast.stmt] | None:
    """The statements of a derivative before its backward pass, if it has one, and the return of the value alone."""
    *body, last = derivative.body
    assert isinstance(last, ast.Return) and isinstance(last.value, ast.Tuple)
    told = module.statements
    said = [(line, told[line - 1]) for line in range(derivative.lineno, last.lineno)]
    end = next((line for line, statement in said if statement is not None and statement.section == "backward"), None)
    if end is None:
        return None
    half = [node for node in body if (node.end_lineno or node.lineno) < end]
    return [*half, ast.copy_location(ast.Return(last.value.elts[0]), last)]


def _given(
    function: Function, given: Mapping[str, object], free: Sequence[str]
) -> tuple[dict[str, Any], dict[str, int]]:
    """Values of arguments by emitted name, and the sizes that are given or that these show. Errors: DataError."""
    sizes = Sizes()
    values: dict[str, Any] = {}
    arguments = {argument.name: argument for argument in function.info.arguments}
    for name in [one for one in free if one in given and one not in arguments]:
        size = convert(given[name], (), "int", name, sizes, "size")
        assert isinstance(size, int)
        sizes.bind(name, size, f"{name}={size}")
    for argument in arguments.values():
        if argument.name in given:
            value = convert(given[argument.name], argument.shape, argument.dtype, argument.name, sizes)
            values[argument.emitted_name] = value
    return values, {name: size for name, (size, _) in sizes.bound.items()}


def _fitting(forward: Forward, setting: Setting, values: Mapping[str, Any], known: Mapping[str, int]) -> Run | None:
    """The first run that works, over small sizes and integers. Errors: NoExercise (why the first one does not)."""
    from mgc.runtime.grade.exercise import NoExercise
    from mgc.runtime.grade.forward_run import traced, turns

    failure: NoExercise | None = None
    taken, least = _literals(forward) | set(known.values()), _compared(forward)
    distinct = [size for size in DISTINCT if size > least and size not in taken]
    for pattern, whole in itertools.product((distinct, *SIZES), INTEGERS):
        sizes = dict(zip(_size_names(forward), itertools.cycle(pattern), strict=False)) | dict(known)
        source = itertools.cycle(whole)
        try:
            integers = {
                name: values[name] if name in values else _filled(_shape(argument.shape, sizes), source)
                for name, argument in forward.names.items()
                if argument.whole and argument.role == "argument"
            }
            turns(forward, sizes, {})  # each point has integers of its own, and all have the same turns
            return traced(forward, setting, sizes, integers)
        except NoExercise as error:
            failure = failure or error
        except ValueError:  # a size that is not a whole number
            continue
    if failure is not None:
        raise failure
    return None


def _literals(forward: Forward) -> set[int]:
    """The sizes of the model that are numbers: no free size may pass for one."""
    from mgc.runtime.grade.exercise import bounds

    loops = [n for part in forward.body for n in ast.walk(part) if isinstance(n, ast.For)]
    nodes = [bound for loop in loops for bound in bounds(loop)]
    nodes += [ast.parse(str(text), mode="eval").body for known in forward.names.values() for text in known.shape]
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, int)}


def _compared(forward: Forward) -> int:
    """The largest small integer that an index may be compared with: both arms need indices."""
    nodes = [node for part in forward.body for node in ast.walk(part)]
    sides = [side for node in nodes if isinstance(node, ast.Compare) for side in (node.left, *node.comparators)]
    numbers = [side.value for side in sides if isinstance(side, ast.Constant)]
    return max((number for number in numbers if isinstance(number, int) and number < FEW), default=0)


def free_sizes(function: Function) -> set[str]:
    """The names of sizes in the shapes of the arguments."""
    texts = [text for argument in function.info.arguments for text in argument.shape]
    return {n.id for text in texts for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}


def _size_names(forward: Forward) -> list[str]:
    names: dict[str, None] = {}
    for known in forward.names.values():
        if known.role != "intermediate":
            for text in known.shape:
                names.update({n.id: None for n in ast.walk(ast.parse(str(text))) if isinstance(n, ast.Name)})
    return list(names)


def _shape(shape: Sequence[str | None], sizes: Mapping[str, int]) -> tuple[int, ...]:
    from mgc.compiler.verify.text.reading import size

    return tuple(max(0, size(str(text), sizes)) for text in shape)


def _filled(shape: Sequence[int], source: Iterator[int]) -> Any:
    return [_filled(shape[1:], source) for _ in range(shape[0])] if shape else next(source)


def _integers(run: Run) -> dict[str, Any]:
    names = run.forward.names
    return {name: run.entries[name] for name in names if names[name].whole and names[name].role == "argument"}


def _is_alive(given: Exercise) -> None:
    """Errors: DataError where all derivatives are zero, as of an accuracy: there is nothing to grade."""
    from mgc.runtime.grade.backward import sweep

    inputs = [node for point in given.points for node, one in sweep(point).items() if one.value and not node.args]
    if not inputs:
        raise DataError(f"{given.function.info.name} cannot be graded: its derivatives are zero wherever it was tried")


def _agrees(given: Exercise) -> None:
    """The compiler's own derivatives are those of the forward code, unless the model stops some of them."""
    for point in given.points:
        _agrees_at(given, point)


def _agrees_at(given: Exercise, point: Point) -> None:
    from mgc.runtime.grade.backward import NOTHING, sweep
    from mgc.runtime.grade.forward_run import numbers

    info, run = given.function.info, point.tape.run
    values = {name: numbers_at(point, run.entries[name]) for name in given.forward.names if name in run.entries}
    dotted = {known.dotted: values[name] for name, known in given.forward.names.items() if known.dotted}
    missing = {p.name for p in given.function.model.parameters} - set(dotted)
    head: list[object] = [dotted | {name: [] for name in missing}] if info.parameters else []
    seeds = [] if info.results == ((),) else [point.seeds[result] for result in given.forward.results]
    arguments = [*head, *_ordered(given.function, values, seeds)]
    _, gradients = cast("tuple[object, Any]", given.function.model.run(str(info.gradient_name), arguments))
    truth = sweep(point)
    spelt = {argument.name: argument.emitted_name for argument in info.arguments}
    spelt |= {known.dotted: name for name, known in given.forward.names.items() if known.dotted}
    for name, gradient in gradients_by_name(given.function, gradients).items():
        if name not in spelt:
            continue
        adjoints = [truth.get(term, NOTHING) for term in numbers(run.entries[spelt[name]])]
        for slope, adjoint in zip(flat(gradient), adjoints, strict=True):
            if not abs(slope - float(adjoint.value)) <= AGREE * max(float(adjoint.scale), 1e-3):
                raise DataError(
                    f"{info.name} cannot be graded: its derivative by {name} is not that of its forward code, "
                    f"as where `detach` stops derivatives"
                )


def _ordered(function: Function, values: Mapping[str, Any], seeds: Sequence[Any]) -> list[Any]:
    """The arguments of the derivative's function in its order: adjoints stand before arguments that have a default."""
    rest = iter(seeds)
    return [values[name] if name in values else next(rest) for name in gradient_arguments(function)]


def gradient_arguments(function: Function) -> list[str]:
    """The names of the arguments of the derivative's function, if there is one, without `params`."""
    tree = ast.parse(function.model.source)
    nodes = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function.info.gradient_name]
    return [argument.arg for node in nodes for argument in node.args.args if argument.arg != "params"]


def numbers_at(point: Point, entry: Any) -> Any:
    return [numbers_at(point, inner) for inner in entry] if isinstance(entry, list) else point.value(entry)

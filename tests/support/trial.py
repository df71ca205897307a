"""A model on trial: text and points -> what every target makes of `f` there, beside the evaluator of its syntax tree.

A `Disagreement` has a kind. Where Python raises, or a value is no finite number, or a slope is not, nothing is wanted
of the others; where only rounding decides (a jump, cancellation), nothing either.
"""

from __future__ import annotations

import ctypes
import math
import random
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from mgc.compiler.module import FunctionInfo, Module
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar import tree
from mgc.grammar.diagnostics import ModelError
from mgc.grammar.parser import parse
from mgc.runtime import audit
from support import evaluator, native
from support.duals import PLAIN, TREMBLING, Operations, slopes, value
from support.values import Machine, Unfit

Point = Mapping[str, Any]
TARGETS: dict[str, Options] = {
    "python": Options(functions=("f",)),
    "ieee": Options(functions=("f",), ieee=True),
    "c": Options(functions=("f",), target="c"),
    "unroll": Options(functions=("f",), unroll=4),
    "accurate": Options(functions=("f",), accurate=True),
    "lesson": Options(functions=("f",), style="lesson"),
}
RAISED = (ArithmeticError, ValueError)
C_FLAGS = "-std=c99 -O0 -ffp-contract=off -w -shared -fPIC".split()
EXACT, CLOSE = 1e-9, 1e-12  # relative, and absolute beside numbers of order 1

# What each kind of disagreement is; those with a reason are known, and wait to be mended.
KINDS = {
    "crash": "the compiler raises what is no ModelError",
    "does not compile as C": "gcc refuses the emitted C",
    "broken": "emitted code raises what no arithmetic raises",
    "value": "a wrong number",
    "derivative": "a wrong derivative",
    "shape": "a result or derivative of another shape",
    "silent": "a value where the model has none",
    "silent index": "a value where an index that is read is outside",
    "digits": "a number with a relative error beyond rounding, but below 1e-4",
    "nan": "nan or inf where all is finite",
    "raises": "an exception where the model has a value",
    "raises in the derivative": "an exception where value and derivatives are finite",
    "index": "an IndexError, where no index that is read is outside",
    "empty": "an exception where the model has a value, and a size is 0",
    "whole": "an exception of an entry that nobody reads, of a named array or literal of which another is read",
    "undecided": "a value where a condition has none that decides nothing: both of its arms are that value",
    "sizes": "right sizes are refused",
    "unfit": "the evaluator finds no meaning in what compiles",
}
# docs/numbers.md: what stands before a loop may raise although a size is 0, and the loop has no turn that needs it; a
# named array is computed whole, and a literal; a condition that decides nothing is not looked at.
ALLOWED = frozenset({"empty", "whole", "undecided"})
KNOWN = {
    "raises": "what is hoisted out of a branch, a filter or a loop without turns raises",
    "raises in the derivative": "the same, backwards",
    "index": "a check that is made of an entry that nobody reads",
    "nan": "nan where nothing flows",
    "silent index": "an entry of an array of constants, or of equal rows, is read without a look at its index",
}


class Disagreement(Struct, frozen=True):
    kind: str
    target: str
    what: str
    point: Point | None = None


class Wanted(Struct, frozen=True):
    """Results flat with their shapes, and derivatives flat by name; None where they are no matter."""

    shapes: tuple[tuple[int, ...], ...]
    values: list[float]
    derivatives: dict[str, list[float]] | None


class Case(Struct, frozen=True):
    """A model compiled for its targets."""

    text: str
    file: tree.File
    modules: dict[str, Module]
    points: Sequence[Point]


def flat(nested: Any) -> list[Any]:
    return [x for part in nested for x in flat(part)] if isinstance(nested, list | tuple) else [nested]


def shape(nested: Any) -> tuple[int, ...]:
    if not isinstance(nested, list):
        return ()
    return (len(nested), *(shape(nested[0]) if nested else ()))


# --- compiling


def compiled(text: str, points: Sequence[Point], targets: Sequence[str]) -> Case | Disagreement | None:
    """A case, or the crash that came of it; None where the language refuses the model."""
    modules = {}
    for target in targets:
        try:
            modules[target] = compile_source(text, "random.mg", TARGETS[target])
        except ModelError as refused:
            if "a row's length has no simple upper bound" in str(refused):
                continue
            return None
        except Exception as error:
            return Disagreement("crash", target, f"{type(error).__name__}: {error}")
    return Case(text, parse(text, "random.mg"), modules, points)


class _Library:
    """One case's functions in a library of many."""

    def __init__(self, library: ctypes.CDLL, prefix: str) -> None:
        self.library, self.prefix = library, prefix

    def __getitem__(self, name: str) -> Any:
        return self.library[self.prefix + name]


def libraries(cases: Sequence[Case]) -> list[_Library | str]:
    """The C of all cases in one library; the compiler's message where one does not compile."""
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            Path(folder, f"{number}.c").write_text(_prefixed(case.modules["c"], f"p{number}_"))
        try:
            library = _library(folder, range(len(cases)))
            return [_Library(library, f"p{number}_") for number in range(len(cases))]
        except subprocess.CalledProcessError as error:
            if len(cases) == 1:
                return [error.stderr.decode()]
    return [one for case in cases for one in libraries([case])]


def _library(folder: str, numbers: Sequence[int]) -> ctypes.CDLL:
    path = Path(folder, "all.so")
    sources = [str(Path(folder, f"{number}.c")) for number in numbers]
    subprocess.run(["cc", *C_FLAGS, "-o", str(path), *sources, "-lm"], check=True, capture_output=True)
    return ctypes.CDLL(str(path))


def _prefixed(module: Module, prefix: str) -> str:
    names = [n for info in module.functions for n in (info.emitted_name, info.gradient_name) if n]
    names += [f"{name}_workspace" for name in names]
    return "".join(f"#define {name} {prefix}{name}\n" for name in names) + module.text


# --- what is wanted


def wanted(
    case: Case,
    point: Point,
    params: Mapping[str, Any],
    operations: Operations = PLAIN,
    strict: bool = False,
    assumed: bool | None = None,
) -> Wanted:
    """What the evaluator makes of `f`. Errors: those of Python's arithmetic, IndexError, Unfit."""
    declared = {getattr(d, "name", ""): d for d in case.file.declarations}
    machine = Machine(declared, params, operations, strict=strict, assumed=assumed)
    found = evaluator.run(case.file, "f", point, machine=machine)
    arrays = found if isinstance(found, tuple) else (found,)
    numbers = [array.flat() for array in arrays]
    values = [float(value(number)) for part in numbers for number in part]
    given = {**params, **point} if params else point
    derivatives = {name: [0.0] * len(flat(nested)) for name, nested in given.items()}
    by = adjoints([array.shape for array in arrays])
    for number, adjoint in zip((n for part in numbers for n in part), flat(by), strict=True):
        for (name, place), slope in slopes(number).items():
            derivatives[name][place] += adjoint * slope
    finite = all(map(math.isfinite, values)) and not machine.doubts
    return Wanted(tuple(array.shape for array in arrays), values, derivatives if finite else None)


def adjoints(shapes: Sequence[Sequence[int]]) -> list[Any]:
    """What each result's derivatives are multiplied by: 1 for a single number."""
    if [*map(tuple, shapes)] == [()]:
        return [1.0]
    source = random.Random(0)

    def drawn(rest: Sequence[int]) -> Any:
        return [drawn(rest[1:]) for _ in range(rest[0])] if rest else source.choice((1.0, -2.0, 0.5, 3.0))

    return [drawn(one) for one in shapes]


# --- what the targets make of it


class Found(Struct, frozen=True):
    """Flat results and their shapes (None in C), and flat derivatives by name, of the second function."""

    values: list[float]
    shapes: tuple[tuple[int, ...], ...] | None
    derivatives: dict[str, list[float]]


Caller = Callable[[Point, Mapping[str, Any], Sequence[Any], bool], Found]


def python_caller(module: Module) -> Caller:
    names: Mapping[str, Any] = audit.run(module.text, "random.mg").namespace
    (info,) = module.functions

    def call(point: Point, params: Mapping[str, Any], by: Sequence[Any], derive: bool) -> Found:
        given = ([dict(params)] if info.parameters else []) + [point[a.name] for a in info.arguments]
        if not derive:
            results, grads = names[info.emitted_name](*given), {}
        elif info.gradient_name.endswith("value_and_grad"):  # type: ignore[union-attr]
            results, grads = names[str(info.gradient_name)](*given)
        else:
            results, grads = names[str(info.gradient_name)](*given, *by)
        parts = results if len(info.results) > 1 else (results,)
        named: dict[str, Any] = grads if isinstance(grads, dict) else dict(zip(info.wrt, grads, strict=False))
        return Found(flat(list(parts)), tuple(map(shape, parts)), {name: flat(grad) for name, grad in named.items()})

    return call


def c_caller(module: Module, library: Any) -> Caller:
    (info,) = module.functions

    def call(point: Point, params: Mapping[str, Any], by: Sequence[Any], derive: bool) -> Found:
        name = str(info.gradient_name if derive else info.emitted_name)
        header = native.find(module, library, name)
        array = len(info.results) > 1 or info.results != ((),)
        places = list(by) if array else []  # of the results' shapes
        slots = _slots(info, point, params) if derive else {}
        inputs = native.inputs(info, params, point, list(by) if derive and array else [])
        outputs = native.call(header, inputs, native.sizes(info, point), [*places, *slots.values()])
        count = len(places) or 1
        return Found(
            [x for part in outputs[:count] for x in part], None, dict(zip(slots, outputs[count:], strict=True))
        )

    return call


def _slots(info: FunctionInfo, point: Point, params: Mapping[str, Any]) -> dict[str, Any]:
    if info.wrt == ("params",):
        return {name: params[name] for name in info.parameters}
    return {name: point[name] for name in info.wrt}


# --- the comparison


class Asked(Struct, frozen=True):
    """A point, the parameters, and what the evaluator makes of it: results, or the exception that it meets."""

    point: Point
    params: Mapping[str, Any]
    want: Wanted | None
    error: Exception | None


def disagreements(case: Case, library: Any = None) -> Iterator[Disagreement]:
    """Where targets and evaluator part, one at most for each target and point."""
    if isinstance(library, str):
        yield Disagreement("does not compile as C", "c", library)
    params = parameters(next(iter(case.modules.values())))
    asked = [_asked(case, point, params) for point in case.points]
    for one in asked:
        if isinstance(one.error, Unfit):
            yield Disagreement("unfit", next(iter(case.modules)), str(one.error), one.point)
    for target, module in case.modules.items():
        if target == "c" and (library is None or isinstance(library, str)):
            continue
        try:
            call = c_caller(module, library) if target == "c" else python_caller(module)
        except Exception as error:
            yield Disagreement("crash", target, f"{type(error).__name__}: {error}")
            continue
        for one in asked:
            if not isinstance(one.error, Unfit | OverflowError):
                found = (
                    _of_value(case, one, target, module, call)
                    if one.want is None
                    else _of_both(case, one, target, module, call)
                )
                if found is not None:
                    yield found


def _asked(case: Case, point: Point, params: Mapping[str, Any]) -> Asked:
    try:
        return Asked(point, params, wanted(case, point, params), None)
    except (*RAISED, IndexError, Unfit) as error:
        return Asked(point, params, None, error)


def _of_value(case: Case, asked: Asked, target: str, module: Module, call: Caller) -> Disagreement | None:
    """Whether a value is told where there is none; --ieee and C have infinities where Python's arithmetic raises."""
    outside = isinstance(asked.error, IndexError)
    info = module.functions[0]
    if (target in ("ieee", "c") and not outside) or (target == "c" and info.results != ((),)):
        return None
    try:
        found = call(asked.point, asked.params, [], False)
    except (*RAISED, IndexError):
        return None
    except Exception as raised:
        return Disagreement("broken", target, f"{type(raised).__name__}: {raised}", asked.point)
    if not all(map(math.isfinite, found.values)):
        return None
    if _is_of_no_condition(case, asked, found):
        return Disagreement("undecided", target, str(asked.error), asked.point)
    what = f"{found.values}, wanted {type(asked.error).__name__}: {asked.error}"
    return Disagreement("silent index" if outside else "silent", target, what, asked.point)


def _of_both(case: Case, asked: Asked, target: str, module: Module, call: Caller) -> Disagreement | None:
    info, want = module.functions[0], asked.want
    assert want is not None
    for derive in (False, True) if info.gradient_name else (False,):
        try:
            found = call(asked.point, asked.params, adjoints(want.shapes), derive)
        except Exception as raised:
            kind = _kind_of(raised, derive, want, asked.point)
            if kind in ("raises", "index") and not derive and _is_of_another_entry(case, asked):
                kind = "whole"
            return Disagreement(kind, target, f"{type(raised).__name__}: {raised}", asked.point) if kind else None
        told = _compared(case, asked, want, found, derive)
        if told:
            return Disagreement(told[0], target, told[1], asked.point)
    if info.gradient_name is None and want.derivatives is not None:
        for name, grads in want.derivatives.items():
            if any(g and math.isfinite(g) for g in grads):
                return Disagreement("derivative", target, f"none by {name}, wanted {grads}", asked.point)
    return None


def _is_of_no_condition(case: Case, asked: Asked, found: Found) -> bool:
    """Whether the value is the same, whatever conditions that have no value are taken for."""
    try:
        return all(wanted(case, asked.point, asked.params, assumed=arm).values == found.values for arm in (True, False))
    except (*RAISED, IndexError):
        return False


def _is_of_another_entry(case: Case, asked: Asked) -> bool:
    """Whether some array that has a name or is a literal, of which an entry is read, has an entry without a value."""
    try:
        wanted(case, asked.point, asked.params, strict=True)
    except (*RAISED, IndexError):
        return True
    return False


def parameters(module: Module) -> dict[str, Any]:
    """Some number for each parameter that `f` reaches; all their sizes are fixed in these models."""
    source = random.Random(1)
    sizes = {p.name: p.shape for p in module.parameters}

    def drawn(rest: Sequence[str]) -> Any:
        return [drawn(rest[1:]) for _ in range(int(rest[0]))] if rest else source.choice((0.5, -0.7, 1.2, 0.0))

    return {name: drawn(sizes[name]) for name in module.functions[0].parameters}


def _kind_of(raised: Exception, derive: bool, want: Wanted, point: Point) -> str | None:
    if not isinstance(raised, (*RAISED, IndexError)):
        return "broken"
    if "are needed" in str(raised):
        return "sizes"
    if any(map(_is_empty, point.values())):
        return "empty"
    if isinstance(raised, IndexError):
        return "index"
    if not all(map(math.isfinite, want.values)):
        return None
    if not derive:
        return "raises"
    finite = want.derivatives is not None and all(math.isfinite(g) for part in want.derivatives.values() for g in part)
    return "raises in the derivative" if finite else None


def _is_empty(nested: Any) -> bool:
    return isinstance(nested, list) and (not nested or any(map(_is_empty, nested)))


def _compared(case: Case, asked: Asked, want: Wanted, found: Found, derive: bool) -> tuple[str, str] | None:
    sized = [math.prod(one) for one in found.shapes or want.shapes] == [math.prod(one) for one in want.shapes]
    if not sized or len(found.values) != len(want.values):
        return "shape", f"{len(found.values)} numbers, shapes {found.shapes}, wanted {want.shapes}"
    pairs = [("value", found.values, want.values)]
    if derive and want.derivatives is not None:
        for name, grads in found.derivatives.items():
            if len(grads) != len(want.derivatives[name]):
                return "shape", f"d{name} has {len(grads)} entries, wanted {len(want.derivatives[name])}"
            pairs.append((f"d{name}", grads, want.derivatives[name]))
    for name, got, right in pairs:
        for place, (one, other) in enumerate(zip(got, right, strict=True)):
            kind = _difference(one, other, name != "value")
            if kind and not _fragile(case, asked, name, place, one, other):
                return (
                    kind,
                    f"{name}{list(got) if len(got) < 10 else ''}, wanted {list(right) if len(right) < 10 else other}",
                )
    return None


def _difference(one: float, right: float, slope: bool) -> str | None:
    if not math.isfinite(right):
        return None
    if not math.isfinite(one):
        return "nan"
    if math.isclose(one, right, rel_tol=EXACT, abs_tol=1e-300):
        return None
    if math.isclose(one, right, rel_tol=1e-4):
        return "digits"
    return "derivative" if slope else "value"


def _fragile(case: Case, asked: Asked, name: str, place: int, one: float, right: float) -> bool:
    """Whether rounding may account for the difference: whether errors of some hundred ulp make one as large."""
    if abs(one - right) <= CLOSE:
        return True
    try:
        moved = wanted(case, asked.point, asked.params, TREMBLING)
    except (*RAISED, IndexError):
        return True
    if moved.derivatives is None:
        return True
    other = moved.values[place] if name == "value" else moved.derivatives[name[1:]][place]
    return (
        not abs(other - right) * 3 < abs(one - right) if math.isfinite(one) else not abs(other - right) < 1 + abs(right)
    )

"""A student's backward pass, run and graded: (exercise, file) -> grades.

The student's file is a program of theirs, and it is executed: `mgc grade` is for one's own files.
"""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
import math
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from mgc.grammar.diagnostics import Diagnostic, ModelError, did_you_mean
from mgc.grammar.tree import Span
from mgc.runtime.conversion import flat
from mgc.runtime.files import read_regular
from mgc.runtime.grade.setting import Exercise, helpers_of, numbers_at

if TYPE_CHECKING:
    from mgc.runtime.grade.backward import Point
    from mgc.runtime.grade.grading import Given, Grade

SECONDS = 60  # that a file may run at one point


def grade(given: Exercise, path: str) -> tuple[list[Grade], list[str]]:
    """Run the student's file at each point. The grades, and names that look like derivatives and are none.
    Errors: ModelError (a mistake in the file, with its place), DataError (unreadable)."""
    from mgc.runtime.grade.grading import graded

    text = read_regular(path)
    found: list[Given] = []
    unknown: list[str] = []
    names = [*given.forward.names, *map(given.forward.derivative, given.forward.names), *given.tape.run.sizes, "params"]
    for place, point in enumerate(given.points):
        bound = namespace(given, point)
        with contextlib.nullcontext() if place == 0 else contextlib.redirect_stdout(io.StringIO()):
            after = _executed(text, path, bound, names)
        mine, unknown = _read(given, after, bound)
        found.append(mine)
    return graded(given.points, found), unknown


# --- the student's file


def namespace(given: Exercise, point: Point) -> dict[str, Any]:
    """What the student's statements find: the forward pass's names, the sizes, functions, and what comes in."""
    bound: dict[str, Any] = {name: value for name, value in vars(math).items() if not name.startswith("_")}
    bound |= {name: value for name, value in helpers_of(given.function).items() if callable(value)}
    bound |= given.tape.run.sizes
    entries = point.tape.run.entries
    for name, known in given.forward.names.items():
        value = numbers_at(point, entries[name])
        bound[name] = _as_integers(value) if known.whole else value
    bound |= {given.forward.incoming(result): _copied(seed) for result, seed in point.seeds.items()}
    if len(point.seeds) == 1 and "dout" not in map(given.forward.derivative, given.forward.names):
        bound.setdefault("dout", _copied(next(iter(point.seeds.values()))))
    dotted = {known.dotted: bound[name] for name, known in given.forward.names.items() if known.dotted}
    return bound | ({"params": dotted} if dotted else {})


def _as_integers(value: Any) -> Any:
    """Integers that were computed, as where the largest stands, are floats at a point."""
    return [_as_integers(inner) for inner in value] if isinstance(value, list) else int(value)


def _copied(value: Any) -> Any:
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _executed(text: bytes, path: str, bound: Mapping[str, Any], spelt: Sequence[str]) -> dict[str, Any]:
    """The names after the file has been run. Errors: ModelError, at the statement that failed."""
    lines = text.decode("utf-8-sig", "replace").splitlines()
    try:
        code = compile(text, path, "exec", dont_inherit=True)
        names = {"__name__": "__main__", "__file__": path, **_as_arrays(ast.parse(text), bound)}
        with _importing_from(str(Path(path).resolve().parent)), _bounded():
            exec(code, names)  # the student's own program, which they ask to be run
    except SyntaxError as error:
        span = Span(error.lineno or 1, error.offset or 1, error.end_lineno or error.lineno or 1, error.end_offset or 2)
        raise _located(f"{type(error).__name__}: {error.msg}", path, lines, span, None) from None
    except (Exception, SystemExit) as error:
        raise _located(_said(error), path, lines, _place(error.__traceback__, path), _hint(error, spelt)) from None
    return names


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """No endless run, where the platform has alarms, and no end of the whole program without a word."""

    def late(*_: object) -> None:
        raise TimeoutError(f"the file still runs after {SECONDS} seconds")

    def leave(*_: object) -> None:
        raise SystemExit

    alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGALRM, late) if alarms else None
    ending, os._exit = os._exit, leave  # type: ignore[assignment]  # it never returns
    try:
        if alarms:
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
        yield
    finally:
        os._exit = ending
        if alarms:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _importing_from(folder: str) -> Iterator[None]:
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def _as_arrays(tree: ast.Module, bound: Mapping[str, Any]) -> dict[str, Any]:
    """Lists as NumPy's arrays, where the file imports NumPy."""
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    if not any(str(name).partition(".")[0] == "numpy" for name in imported):
        return dict(bound)
    try:
        import numpy
    except ImportError:
        return dict(bound)  # the file itself fails then, and says where
    array: Callable[[Any], Any] = lambda value: numpy.array(value) if _is_even(value) else value  # noqa: E731
    found = {name: array(value) if isinstance(value, list) else value for name, value in bound.items()}
    if isinstance(found.get("params"), dict):
        found["params"] = {name: array(value) for name, value in found["params"].items()}
    return found


def _is_even(value: Any) -> bool:
    """Whether all rows have one length."""
    if not isinstance(value, list):
        return True
    lengths = {len(inner) if isinstance(inner, list) else -1 for inner in value}
    return len(lengths) <= 1 and all(map(_is_even, value))


def _located(message: str, path: str, lines: Sequence[str], span: Span, hint: str | None) -> ModelError:
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    return ModelError(Diagnostic(message, path, line, span, hint))


def _said(error: BaseException) -> str:
    name = type(error).__name__
    return "the file ends the program" if isinstance(error, SystemExit) else f"{name}: {error}" if str(error) else name


def _place(traceback: TracebackType | None, path: str) -> Span:
    """Where in the file it happened: the innermost of its own lines."""
    found = Span(1, 1, 1, 2)
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == path:
            positions = itertools.islice(traceback.tb_frame.f_code.co_positions(), traceback.tb_lasti // 2, None)
            first, last, start, end = next(positions, (None, None, None, None))
            line = first or traceback.tb_lineno
            found = Span(line, (start or 0) + 1, last or line, (end or 1) + 1)
        traceback = traceback.tb_next
    return found


def _hint(error: BaseException, spelt: Sequence[str]) -> str | None:
    if isinstance(error, ModuleNotFoundError):
        return f"install it where mgc is: pip install {error.name}"
    if not isinstance(error, NameError) or not error.name:
        return None
    if error.name in spelt:
        return f"assign {error.name} before this line"
    return did_you_mean(error.name, spelt) or "without a file `mgc grade` prints the names of the exercise"


# --- what it computed


def _read(given: Exercise, after: Mapping[str, Any], bound: Mapping[str, Any]) -> tuple[Given, list[str]]:
    from mgc.runtime.grade.grading import ONE_TURN, Given, gradable
    from mgc.runtime.grade.likeness import of_shape

    entries: dict[str, list[float]] = {}
    misshapen: dict[str, tuple[str, str]] = {}
    known = {given.forward.derivative(name): name for name in gradable(given.forward)}
    for spelt, name in known.items():
        value = after.get(spelt, ...)
        if value is not ...:
            shape = given.tape.run.shape(name)
            found = entries_of(value, shape)
            if isinstance(found, str) and _is_one_turn(given, name, value):
                misshapen[name] = ONE_TURN, ""
            elif isinstance(found, str):
                misshapen[name] = found, of_shape(_extents(_as_lists(value)), shape)
            else:
                entries[name] = found
    new = [name for name in after if name[:1] == "d" and len(name) > 1 and name not in bound and name not in known]
    return Given(entries, misshapen), [name for name in new if not isinstance(entries_of(after[name], None), str)]


def _is_one_turn(given: Exercise, name: str, value: object) -> bool:
    """Whether the value has the shape without the axes of some outer loops."""
    shape = given.tape.run.shape(name)
    loops = len(given.forward.names[name].loops)
    return any(not isinstance(entries_of(value, shape[axes:]), str) for axes in range(1, loops + 1))


def entries_of(value: Any, shape: tuple[int, ...] | None) -> list[float] | str:
    """The numbers of an array in order; what is wrong, as text, where it has another shape (None: any shape).

    >>> entries_of([[1, 2], [3, 4]], (2, 2))
    [1.0, 2.0, 3.0, 4.0]
    >>> entries_of([1.0], (2, 2))
    'has shape [1]'
    """
    value = _as_lists(value)
    numbers = list(flat(value))
    strange = [type(number).__name__ for number in numbers if not isinstance(number, int | float)]
    if strange:
        return f"holds a {strange[0]}" if isinstance(value, list) else f"is a {strange[0]}"
    found = _extents(value)
    if found is None:
        return "has rows of different lengths"
    if shape is not None and found != shape and not (0 in shape and math.prod(found) == 0):
        return f"has shape [{', '.join(map(str, found))}]" if found else "is one number"
    return [_as_float(number) for number in numbers]


def _as_float(number: int | float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _as_lists(value: Any) -> Any:
    to_list = None if isinstance(value, type) else getattr(value, "tolist", None)
    value = to_list() if callable(to_list) else value
    return [_as_lists(inner) for inner in value] if isinstance(value, list | tuple) else value


def _extents(value: object) -> tuple[int, ...] | None:
    """The shape of nested lists, None of ragged ones."""
    if not isinstance(value, list):
        return ()
    inner = {_extents(part) for part in value}
    if len(inner) > 1 or None in inner:
        return None
    return (len(value), *(inner.pop() or () if inner else ()))

"""Emitted C beside emitted Python at the points at which Python was judged -> where it is another function.

Both follow IEEE 754 and do the same operations in the same order, so most numbers are the same to the bit. What is
further off is judged as Python's own numbers are: by what the chain rule loses in doubles (`called/pair.py`).
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.module import FunctionInfo, Module
from mgc.compiler.verify.called import arguments as drawn
from mgc.compiler.verify.called import judging
from mgc.compiler.verify.called.arguments import Given
from mgc.compiler.verify.called.demands import Demands
from mgc.compiler.verify.called.pair import Outside, Pair, Wrong
from mgc.compiler.verify.called.running import space
from mgc.compiler.verify.called.tape import TooLong, working
from mgc.compiler.verify.findings import Falsehood, FunctionReport
from mgc.compiler.verify.native.calls import Native, NotBuilt, Strayed, built
from mgc.compiler.verify.text import sizes
from mgc.compiler.verify.text.reading import Signature, UnknownSize, size
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.trace.values import flat

POINTS = 400  # at which both are called
DRAWN = POINTS // 4  # of these whether they are as required or not
ULPS = 4.0  # units in the last place that two libraries of functions may differ by
ROUGHLY = 1e-6  # relative, where nothing tells what doubles lose
STATED = (IndexError, ZeroDivisionError, ValueError)  # what both targets say of whole numbers, and of requirements
ROOM = 100_000  # numbers of a result that there is room for where Python raises; the C is not called for more


class Compared(Struct, frozen=True):
    """Where the C was found wrong, and else at how many points, of which sizes, it was right."""

    falsehood: Falsehood | None
    points: int = 0
    raised: int = 0
    sizes: tuple[str, ...] = ()

    def __str__(self) -> str:
        raised = f", {self.raised} of them errors" if self.raised else ""
        of_sizes = f"; {'; '.join(self.sizes)}" if any(self.sizes) else ""
        return f"the emitted C gives what the emitted Python gives: {self.points} points{raised}{of_sizes}"


class _Twins(Struct, frozen=True):
    """A function in Python and in C, and its derivative."""

    signature: Signature
    info: FunctionInfo  # of the C
    python: Mapping[str, Any]
    native: Mapping[str, Native]  # by the names of the Python

    def inputs(self, given: Given, seeds: Sequence[Any]) -> list[Any]:
        """Parameters, arguments and adjoints in the order of the C; those with defaults last, after adjoints."""
        parameters = [given.parameters[name] for name in self.info.parameters]
        pairs = list(zip(self.info.arguments, given.arguments.values(), strict=True))
        last = [value for one, value in pairs if seeds and one.default is not None]
        return [*parameters, *(value for one, value in pairs if not seeds or one.default is None), *seeds, *last]

    def in_python(self, name: str, given: Given, seeds: Sequence[Any]) -> Any:
        """What the Python returns, or the exception."""
        named = {**given.arguments, **dict(zip((one.name for one in self.signature.adjoints), seeds, strict=False))}
        order = self.signature.order if name == self.signature.derivative else tuple(given.arguments)
        head = [dict(given.parameters)] if self.signature.takes_params else []
        try:
            return self.python[name](*head, *(named[one] for one in order))
        except (ArithmeticError, ValueError, LookupError) as error:
            return error

    def in_c(self, name: str, given: Given, seeds: Sequence[Any], returned: Any) -> Any:
        """The same of the C, in the shape of what the Python returned, or the exception. Errors: NoRoom."""
        parts = self.parts(name, returned) if not isinstance(returned, Exception) else None
        counts = [len(list(flat(part))) for part in parts] if parts else self._counts(name, given)
        try:
            found = self.native[name](self.inputs(given, seeds), given.sizes, counts)
        except (*STATED, OverflowError) as error:
            return error
        return [number for part in found for number in part] if parts is None else found

    def parts(self, name: str, returned: Any) -> list[Any]:
        """Results and derivatives, one for each place of the C."""
        if name != self.signature.derivative:
            return list(returned) if len(self.info.results) > 1 else [returned]
        value, slopes = returned
        if isinstance(slopes, dict):
            slopes = [slopes[one] for one in self.info.parameters if one in slopes]
        return [*(value if len(self.info.results) > 1 else (value,)), *slopes]

    def _counts(self, name: str, given: Given) -> list[int]:
        """How many numbers may be written, where Python raises. Errors: NoRoom where the sizes do not tell."""
        slopes = [given.parameters[one] for one in self.info.parameters] if self.info.wrt == ("params",) else [
            given.arguments[one.name] for one in self.signature.arguments if one.name in self.signature.wrt
        ]  # fmt: skip
        integers = {one: value for one, value in given.arguments.items() if isinstance(value, int)}
        known = {**integers, **given.sizes}
        return [_count(shape, known) for shape in self.info.results] + [
            len(list(flat(one))) for one in slopes if name == self.signature.derivative
        ]


class NoRoom(Exception):
    """Nothing tells how much the C would write, or it is too much."""


def _count(shape: Sequence[str], known: Mapping[str, int]) -> int:
    """Errors: NoRoom."""
    try:
        count = math.prod([max(0, size(one, known)) for one in shape])
    except (UnknownSize, ValueError, ArithmeticError, SyntaxError):
        raise NoRoom from None
    if count > ROOM:
        raise NoRoom
    return count


def with_native(
    subject: Subject, signatures: Sequence[Signature], reports: Sequence[FunctionReport], module: Module
) -> tuple[FunctionReport, ...]:
    """`module` is what was emitted for C; where it cannot be built the functions are not checked."""
    try:
        library = built(module.text)
    except NotBuilt as error:
        note = f"not checked: the emitted C was not run, {error}"
        return tuple(replace(one, notes=(*one.notes, note), status="not checked") for one in reports)
    found = []
    for signature, report in zip(signatures, reports, strict=True):
        result = compared(subject, signature, module, library)
        if result.falsehood is None:
            found.append(replace(report, notes=(str(result), *report.notes)))
        else:
            told = (*report.falsehoods, result.falsehood)
            found.append(replace(report, falsehoods=told, status="false"))
    return tuple(found)


def compared(subject: Subject, signature: Signature, module: Module, library: Any) -> Compared:
    """Call both at many points, until they differ; `module` and `library` are those of the C."""
    assert subject.namespace is not None
    info = next(one for one in module.functions if one.name == signature.model)
    names = {signature.name: info.emitted_name}
    if signature.derivative is not None and info.gradient_name is not None:
        names[signature.derivative] = info.gradient_name
    native = {name: Native(library, str(module.header), called) for name, called in names.items()}
    twins = _Twins(signature, info, subject.namespace, native)
    pair = Pair(signature, subject.namespace, space(subject.syntax, subject.primitives))
    source, points, raised, seen = random.Random(subject.seed), 0, 0, dict[str, None]()
    with working():
        for given in itertools.islice(_points(subject, pair, source), POINTS):
            try:
                kind = _differs(twins, pair, given, source)
            except Wrong as wrong:
                return Compared(_told(signature, given, wrong))
            except LookupError as error:
                what = f"the C was not compared: {error}"
                return Compared(Falsehood(signature.name, what, signature.line, signature.source_line))
            points, raised = points + 1, raised + (kind == "raised")
            seen[sizes.said(given.sizes)] = None
    return Compared(None, points, raised, tuple(seen))


def _points(subject: Subject, pair: Pair, source: random.Random) -> Iterator[Given]:
    """First whole numbers of any kind, some outside of every axis or not as required, then the points of `called/`."""
    signature = pair.signature
    first = next(iter(drawn.sizes_tried(subject.sizes(signature))), {})
    demands = Demands(subject, signature)
    place = judging.place_of(demands, first)
    if place is not None and any(one.dtype == "int" for one in signature.arguments):
        for integers in drawn.integers_tried(signature, place.sizes, (), source):
            yield from place.drawn(judging.ORDINARY, integers, source)
    if demands.is_any:
        yield from itertools.islice(judging.as_drawn(subject, demands, source), DRAWN)
    yield from judging.points(subject, pair, source)


def _differs(twins: _Twins, pair: Pair, given: Given, source: random.Random) -> str:
    """How the two agree. Errors: Wrong."""
    kind, seeds = "", list[Any]()
    for name in twins.native:
        if name == twins.signature.derivative and twins.signature.adjoints:
            value = twins.in_python(twins.signature.name, given, ())
            seeds = [] if isinstance(value, Exception) else pair.seeds(value, source)
            if not seeds:
                return kind
        returned = twins.in_python(name, given, seeds)
        try:
            found = twins.in_c(name, given, seeds, returned)
        except Strayed as strayed:
            raise Wrong(str(strayed)) from None
        except NoRoom:
            continue
        if isinstance(found, OverflowError):
            continue  # of whole numbers that are larger than C's
        if isinstance(returned, Exception) or isinstance(found, Exception):
            kind = "raised"
            if type(returned) is not type(found):
                raise Wrong(f"{twins.native[name].name} in C", _said(found), _said(returned))
            continue
        _compare(twins, pair, name, given, returned, found)
    return kind


def _compare(twins: _Twins, pair: Pair, name: str, given: Given, returned: Any, found: list[list[float]]) -> None:
    """Errors: Wrong."""
    ours = [number for part in twins.parts(name, returned) for _, number in flat(part)]
    theirs = [number for part in found for number in part]
    differing = [(a, b) for a, b in zip(ours, theirs, strict=True) if not _is_same(a, b)]
    if not differing:
        return
    wanted, given_ = differing[0]
    if math.isfinite(wanted) and _is_rounding(twins, pair, name, given, returned, found):
        return
    raise Wrong(f"{twins.native[name].name} in C", repr(given_), repr(float(wanted)))


def _is_same(ours: float, theirs: float) -> bool:
    if math.isnan(ours) or math.isinf(ours):
        return ours == theirs or (math.isnan(ours) and math.isnan(theirs))
    return abs(ours - theirs) <= ULPS * math.ulp(ours)


def _is_rounding(twins: _Twins, pair: Pair, name: str, given: Given, returned: Any, found: list[list[float]]) -> bool:
    """Whether what the C gives is right but for what doubles lose."""
    numbers = iter([number for part in found for number in part])
    shaped = _filled(returned, numbers)
    other = replace(pair, namespace={**pair.namespace, name: lambda *_: shaped})
    if twins.signature.adjoints and name == twins.signature.derivative:
        return _is_roughly(returned, shaped)
    try:
        other.judge(given, random.Random(0))
    except Wrong:
        return False
    except (Outside, TooLong):
        return _is_roughly(returned, shaped)
    return True


def _filled(shape: Any, numbers: Iterator[float]) -> Any:
    """Numbers in the shape of another result."""
    if isinstance(shape, dict):
        return {key: _filled(part, numbers) for key, part in shape.items()}
    if isinstance(shape, list | tuple):
        return type(shape)(_filled(part, numbers) for part in shape)
    return next(numbers)


def _is_roughly(ours: Any, theirs: Any) -> bool:
    pairs = zip(_flat(ours), _flat(theirs), strict=True)
    return all(_is_same(a, b) or abs(a - b) <= ROUGHLY * (abs(a) + abs(b)) for a, b in pairs)


def _flat(returned: Any) -> list[float]:
    parts = returned if isinstance(returned, tuple) else (returned,)
    return [n for part in parts for _, n in flat(list(part.values()) if isinstance(part, dict) else part)]


def _said(found: Any) -> str:
    return type(found).__name__ if isinstance(found, Exception) else "a value"


def _told(signature: Signature, given: Given, wrong: Wrong) -> Falsehood:
    told = judging.told(signature, given, wrong)
    return replace(told, what=f"{wrong} is not what the Python gives", line=None)

"""Emitted C beside emitted Python at the points at which Python was judged -> where it is another function.

Both follow IEEE 754 and do the same operations in the same order, so most numbers are the same to the bit. What is
further off is judged as Python's own numbers are: by what the chain rule loses in doubles (`called/pair.py`).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.module import FunctionInfo, Module
from mgc.compiler.verify.called.arguments import Given
from mgc.compiler.verify.called.demands import Demands
from mgc.compiler.verify.called.judging import QUICK, WORK, Ground, Tried, told
from mgc.compiler.verify.called.named import SLACK
from mgc.compiler.verify.called.pair import Outside, Pair, Wrong, numbers_in
from mgc.compiler.verify.called.running import space
from mgc.compiler.verify.called.tape import NEAR, TooLong, working
from mgc.compiler.verify.findings import Falsehood, FunctionReport
from mgc.compiler.verify.native.calls import Native, NotBuilt, Strayed, built
from mgc.compiler.verify.text import sizes
from mgc.compiler.verify.text.reading import Signature, UnknownSize, size
from mgc.compiler.verify.text.subject import Subject

DRAWN = QUICK // 4  # of these whether they are as required or not, whole numbers outside of every axis among them
ROOM = 100_000  # numbers of a result that there is room for where Python raises; the C is not called for more


class NoRoom(Exception):
    """Nothing tells how much the C would write, or it is too much."""


class _Twins(Struct, frozen=True):
    """A function and its derivative in Python and in C, which has names of its own."""

    pair: Pair
    info: FunctionInfo  # of the C
    native: Mapping[str, Native]  # by the names of the Python

    def inputs(self, given: Given, seeds: Sequence[Any]) -> list[Any]:
        """Parameters, arguments and adjoints in the order of the C; those with defaults last, after adjoints."""
        parameters = [given.parameters[name] for name in self.info.parameters]
        pairs = list(zip(self.info.arguments, given.arguments.values(), strict=True))
        last = [value for one, value in pairs if seeds and one.default is not None]
        return [*parameters, *(value for one, value in pairs if not seeds or one.default is None), *seeds, *last]

    def parts(self, name: str, returned: Any) -> list[Any]:
        """Results and derivatives of the Python, one for each place of the C."""
        value, slopes = returned if name == self.pair.signature.derivative else (returned, ())
        if isinstance(slopes, dict):
            slopes = [slopes[one] for one in self.info.parameters if one in slopes]
        return [*(value if len(self.info.results) > 1 else (value,)), *slopes]

    def counts(self, name: str, given: Given) -> list[int]:
        """How many numbers may be written, where Python raises. Errors: NoRoom where the sizes do not tell."""
        known = {**{one: value for one, value in given.arguments.items() if isinstance(value, int)}, **given.sizes}
        results = [_count(shape, known) for shape in self.info.results]
        if name != self.pair.signature.derivative:
            return results
        wrt = self.pair.signature.wrt
        by = [given.parameters[one] for one in self.info.parameters] if wrt == ("params",) else [
            value for one, value in given.arguments.items() if one in wrt
        ]  # fmt: skip
        return [*results, *(len(numbers_in(one)) for one in by)]


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
        if isinstance(result, str):
            found.append(replace(report, notes=(result, *report.notes)))
        else:
            found.append(replace(report, falsehoods=(*report.falsehoods, result), status="false"))
    return tuple(found)


def compared(subject: Subject, signature: Signature, module: Module, library: Any) -> Falsehood | str:
    """Call both at many points, until they differ: what is false, or what is said of their agreement.

    `module` and `library` are those of the C.
    """
    assert subject.namespace is not None
    info = next(one for one in module.functions if one.name == signature.model)
    names = {signature.name: info.emitted_name}
    if signature.derivative is not None and info.gradient_name is not None:
        names[signature.derivative] = info.gradient_name
    native = {name: Native(library, str(module.header), called) for name, called in names.items()}
    pair = Pair(signature, subject.namespace, space(subject.syntax, subject.primitives))
    twins, source = _Twins(pair, info, native), Random(subject.seed)
    ground = Ground.of(subject, pair, Demands(subject, signature))
    spent = Tried()
    points = itertools.chain(itertools.islice(ground.as_drawn(source), DRAWN), ground.points(source, spent))
    seen: list[tuple[str, bool]] = []
    with working():
        for given in itertools.islice(points, QUICK):
            spent.work += WORK // QUICK
            try:
                raised = [_raise_alike(twins, name, given, source) for name in native]
            except Wrong as wrong:
                return replace(told(signature, given, wrong), what=f"{wrong} is not what the Python gives", line=None)
            except LookupError as error:
                what = f"the C was not compared: {error}"
                return Falsehood(signature.name, what, signature.line, signature.source_line)
            seen.append((sizes.said(given.sizes), any(raised)))
    errors = sum(raised for _, raised in seen)
    raised_too = f", {errors} of them errors" if errors else ""
    at = "; ".join(filter(None, dict.fromkeys(said for said, _ in seen)))
    of_sizes = f"; {at}" if at else ""
    return f"the emitted C gives what the emitted Python gives: {len(seen)} points{raised_too}{of_sizes}"


def _raise_alike(twins: _Twins, name: str, given: Given, source: Random) -> bool:
    """Whether both functions raise at a point; else they give the same. Errors: Wrong, LookupError."""
    pair, seeds = twins.pair, None if name == twins.pair.signature.name else list[Any]()
    if seeds is not None and pair.signature.adjoints:
        value = _tried(pair.call, pair.signature.name, given)
        if isinstance(value, Exception):
            return False
        seeds = pair.seeds(value, source)
    try:
        return _is_raised_alike(twins, name, given, seeds)
    except Wrong as wrong:
        wrong.of, wrong.seeds = name, seeds or ()
        raise


def _is_raised_alike(twins: _Twins, name: str, given: Given, seeds: Sequence[Any] | None) -> bool:
    """Errors: as `_raise_alike`."""
    returned = _tried(twins.pair.call, name, given, seeds)
    try:
        parts = None if isinstance(returned, Exception) else twins.parts(name, returned)
        counts = twins.counts(name, given) if parts is None else [len(numbers_in(part)) for part in parts]
        found = _tried(twins.native[name], twins.inputs(given, seeds or ()), given.sizes, counts)
    except Strayed as strayed:
        raise Wrong(str(strayed)) from None
    except NoRoom:
        return False
    if isinstance(found, OverflowError):
        return False  # of whole numbers that are larger than C's
    if parts is not None and not isinstance(found, Exception):
        _compare(twins, name, given, returned, numbers_in(parts), numbers_in(found))
        return False
    if type(returned) is not type(found):
        said = (type(one).__name__ if isinstance(one, Exception) else "a value" for one in (found, returned))
        raise Wrong(f"{twins.native[name].name} in C", next(said), next(said))
    return True


def _tried(call: Callable[..., Any], *given: Any) -> Any:
    """What it returns, or the exception, if that is one that both targets have."""
    try:
        return call(*given)
    except (ArithmeticError, ValueError, IndexError) as error:
        return error


def _compare(twins: _Twins, name: str, given: Given, returned: Any, ours: list[float], theirs: list[float]) -> None:
    """Errors: Wrong."""
    differing = [(a, b) for a, b in zip(ours, theirs, strict=True) if not _is_same(a, b)]
    if not differing:
        return
    wanted, found = differing[0]
    is_roughly = all(abs(a - b) <= SLACK * (abs(a) + abs(b)) for a, b in differing)
    if not math.isfinite(wanted) or not _is_rounding(twins, name, given, _filled(returned, iter(theirs)), is_roughly):
        raise Wrong(f"{twins.native[name].name} in C", repr(found), repr(float(wanted)))


def _is_same(ours: float, theirs: float) -> bool:
    if math.isnan(ours) or math.isinf(ours):
        return ours == theirs or (math.isnan(ours) and math.isnan(theirs))
    return abs(ours - theirs) <= NEAR / 2 * math.ulp(ours)


def _is_rounding(twins: _Twins, name: str, given: Given, of_c: Any, is_roughly: bool) -> bool:
    """Whether what the C gives is right but for what doubles lose."""
    pair = twins.pair
    if pair.signature.adjoints and name == pair.signature.derivative:
        return is_roughly
    try:
        replace(pair, namespace={**pair.namespace, name: lambda *_: of_c}).judge(given, Random(0))
    except Wrong:
        return False
    except (Outside, TooLong):
        return is_roughly
    return True


def _filled(shape: Any, numbers: Iterator[float]) -> Any:
    """Numbers in the shape of another result."""
    if isinstance(shape, dict):
        return {key: _filled(part, numbers) for key, part in shape.items()}
    if isinstance(shape, list | tuple):
        return type(shape)(_filled(part, numbers) for part in shape)
    return next(numbers)

"""A function and its derivative called at many points -> where one of them is wrong, as a call to paste."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from random import Random
from typing import Any

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.verify import clock
from mgc.compiler.verify.called import arguments as drawn
from mgc.compiler.verify.called.arguments import Given, Place, Recipe
from mgc.compiler.verify.called.demands import Demands
from mgc.compiler.verify.called.named import Named
from mgc.compiler.verify.called.pair import MOST, RAISED, Outside, Pair, Wrong
from mgc.compiler.verify.called.running import counting, space
from mgc.compiler.verify.called.source import Source
from mgc.compiler.verify.called.tape import TooLong, working
from mgc.compiler.verify.findings import Falsehood
from mgc.compiler.verify.pasted import call
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.text import reading, sizes
from mgc.compiler.verify.text.instances import FAILURES, Instance
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.trace.values import NotRun

WORK = 3 * MOST // 2  # operations on tapes for one function
SHARE = 3  # the part of a function's work that calls may take is one of so many
QUICK = 400  # points at which only values are compared, or the C is, or it is asked whether they are refused
ROUNDS = 2  # at the first sizes
CHOICES = 4  # of arrays of whole numbers at each size
MORE = 16  # sizes at which it is asked what is refused


class Tried(Struct):
    """What calls have shown: the `points` at which all agreed, the sizes of these, and those that were too large."""

    falsehood: Falsehood | None = None
    pair: Pair | None = None
    points: list[Given] = field(default_factory=list)
    work: int = 0
    of_names: int = 0
    quick: int = 0
    sizes: list[Mapping[str, int]] = field(default_factory=list)
    left_out: list[Mapping[str, int]] = field(default_factory=list)
    stopped: bool = False

    def seen(self, instance: Instance) -> list[Evaluation]:
        """The points that an instance has of those, where all adjoints are 1."""
        ones = {str(symbol.payload): mpf(1) for symbol in instance.symbols()}
        return [
            Evaluation({**ones, **{name: mpf(value) for name, value in given.numbers().items()}})
            for given in self.points
            if given.sizes == instance.sizes
            and all(given.arguments[name] == value for name, value in instance.integers.items())
        ]

    def spend(self, work: int) -> int:
        """Count operations on a tape. Errors: clock.OutOfWork."""
        clock.check(work)
        return work

    def is_too_large(self, chosen: Mapping[str, int]) -> bool:
        """Whether no tape is made at some sizes: as at smaller ones, or as there is no work left for new ones."""
        if chosen in self.sizes:
            return False
        return self.work > WORK or any(
            all(chosen[name] >= size for name, size in smaller.items()) for smaller in self.left_out
        )


def tried(subject: Subject, signature: Signature) -> Tried:
    """Call both functions at many points, until one of them is wrong or this has done its share of the work."""
    found = Tried()
    if subject.namespace is None or signature.name not in subject.namespace:
        return found
    functions = reading.functions(counting(subject.syntax))
    derivative = functions.get(signature.derivative or "")
    named = Named.of(derivative, functions[signature.name]) if derivative is not None else None
    demands = Demands(subject, signature)
    source = Source(subject, signature, demands.surely_takes) if subject.file is not None else None
    found.pair = Pair(signature, subject.namespace, space(subject.syntax, subject.primitives), named, source)
    try:
        with working(), clock.until(clock.now() + clock.left() / SHARE):
            _try(Ground.of(subject, found.pair, demands), Random(subject.seed), found)
    except clock.OutOfTime:
        raise
    except clock.OutOfWork:
        found.stopped = True
    return found


def _try(ground: Ground, source: Random, found: Tried) -> None:
    """Errors: clock.OutOfWork."""
    pair, demands = ground.pair, ground.demands
    asked = itertools.islice(ground.as_drawn(source), QUICK) if demands.is_any else ()
    judged = _to_judge(ground.points(source, found), demands, found)
    found.falsehood = (
        _first_wrong(pair, asked, lambda given: demands.check(pair, given, source))
        or _promises(ground, source)
        or _first_wrong(pair, judged, lambda given: _judge(pair, given, source, found))
    )


def _first_wrong(pair: Pair, points: Iterable[Given], judge: Callable[[Given], None]) -> Falsehood | None:
    for given in points:
        try:
            judge(given)
        except Wrong as wrong:
            return told(pair.signature, given, wrong)
    return None


def _promises(ground: Ground, source: Random) -> Falsehood | None:
    """Where a function takes more entries, or fewer, than the docstring says."""
    pair, signature = ground.pair, ground.pair.signature
    for given in itertools.islice(filter(ground.has_value, ground.points(source, Tried())), 1):
        seeds = pair.seeds(pair.value(given), source)
        for said, changed in _resized(signature, given):
            for name in filter(None, (signature.name, signature.derivative)):
                try:
                    pair.call(name, changed, None if name == signature.name else seeds)
                except (Wrong, *RAISED):
                    continue
                return told(signature, changed, Wrong(f"{said} are taken by {name}", of=name, seeds=seeds))
    return None


def _resized(signature: Signature, given: Given) -> Iterator[tuple[str, Given]]:
    """Arguments with an entry more or less along an axis of a fixed size, alone and with all axes of that size."""
    axes = [(one.name, at, size) for one in signature.arguments for at, size in enumerate(one.shape) if size.isdigit()]
    alike = [[axis for axis in axes if axis[2] == size] for size in dict.fromkeys(size for _, _, size in axes)]
    for group, by in itertools.product([*([axis] for axis in axes), *alike], (1, -1)):
        changed = dict(given.arguments)
        for name, at, _ in group:
            changed[name] = _with_length(changed[name], at, by)
        name, at, size = group[0]
        said = f"{size} entries along axis {at}" if at else f"{size} entries"
        if changed != given.arguments:  # as rows of nothing are not
            yield f"{name} has {said} in the docstring, and {int(size) + by}", replace(given, arguments=changed)


def _with_length(value: Any, axis: int, by: int) -> Any:
    if axis:
        return [_with_length(inner, axis - 1, by) for inner in value]
    return [*value, *value[-1:]] if by > 0 else value[:-1]


def _to_judge(points: Iterable[Given], demands: Demands, found: Tried) -> Iterator[Given]:
    """Those that are as required; some more where the work is done."""
    for given in points:
        if found.work > WORK and given.sizes in found.sizes:
            found.quick += 1
            if found.quick > QUICK / 2:
                return
        if demands.takes(given):
            yield given


def _judge(pair: Pair, given: Given, source: Random, found: Tried) -> None:
    """Note the work and the sizes. Where a tape would be too long, or the work is done, there is one only if the
    doubles alone look wrong. Errors: Wrong, clock.OutOfWork."""
    is_large = found.is_too_large(given.sizes)
    if is_large and given.sizes not in found.left_out:
        found.left_out.append(given.sizes)
    if (is_large or found.work > WORK) and not pair.is_suspect(given, source):
        return
    most, is_new = clock.left() if is_large else MOST, given.sizes not in found.sizes
    try:
        found.work += found.spend(pair.judge(given, source, most, is_new))
        if found.of_names < WORK / 2:
            found.of_names += found.spend(pair.judge_names(given, source))
        found.points.append(given)
        found.sizes += [given.sizes] if is_new else []
    except TooLong:
        if not is_large:
            found.left_out.append(given.sizes)
            _judge(pair, given, source, found)
    except Outside as outside:
        found.work += found.spend(sum(outside.args))


class Ground(Struct, frozen=True):
    """Where a function is called: its sizes, the whole numbers and the doubles that its text has.

    `alike`: small sizes, the same for all axes, at which it is only asked what is refused.
    """

    pair: Pair
    demands: Demands
    places: list[Place]
    alike: list[Place]
    compared: Sequence[int]
    numbers: Sequence[float]

    @classmethod
    def of(cls, subject: Subject, pair: Pair, demands: Demands) -> Ground:
        signature, functions = pair.signature, subject.written(pair.signature)
        compared = sizes.compared([one.name for one in signature.arguments if one.dtype == "int"], *functions)
        names = subject.sizes(signature)
        places: list[Place] = []
        alike: list[Place] = []
        for found, each in (
            (places, drawn.sizes_tried(names, sizes.asked(*functions))),
            (alike, [dict.fromkeys(names, size) for size in range(MORE if names and demands.is_any else 0)]),
        ):
            for chosen in each:
                with suppress(NotRun, reading.UnknownSize, *FAILURES):
                    shapes = subject.parameters(chosen) if signature.takes_params else {}
                    found.append(Place.at(signature, chosen, shapes))
        return cls(pair, demands, places, alike, compared, drawn.numbers_of(functions))

    def has_value(self, given: Given) -> bool:
        return self.demands.takes(given) and self.pair.has_value(given)

    def points(self, source: Random, found: Tried) -> Iterator[Given]:
        """Many points at the first sizes, in between one at all others; no more at sizes that are left out."""
        first, *others = drawn.AT_EVERY_SIZE
        most = CHOICES if any(one.dtype == "int" and one.shape for one in self.pair.signature.arguments) else math.inf
        kept: list[tuple[Place, list[dict[str, Any]]]] = []  # with whole numbers at which there is a value
        many: Iterator[Given] = iter(())
        for place in self.places:
            some: list[dict[str, Any]] = []
            for integers in place.integers(self.compared, source):
                if place.sizes in found.left_out or len(some) >= most:
                    break
                near = list(self._near(place, first, integers, source))
                yield from near
                if any(map(self.has_value, near)):
                    some.append(integers)
            if some and not kept:
                many = self._many(place, some, source, found)
                for given in many:
                    yield given
                    if found.work > WORK / 2:
                        break
            kept += [(place, some)] if some else []
        yield from many
        for recipe, (place, some) in itertools.product(others, kept):
            if place.sizes not in found.left_out:
                yield from self._near(place, recipe, some[0], source)

    def _many(self, place: Place, some: Sequence[Any], source: Random, found: Tried) -> Iterator[Given]:
        for recipe in [*drawn.at_first(len(place.drawn), self.numbers)] * ROUNDS:
            if place.sizes not in found.left_out:
                yield from self._near(place, recipe, source.choice(some), source)

    def as_drawn(self, source: Random) -> Iterator[Given]:
        """Points at which there need be no value: every whole number, then every kind of number."""
        some = [(place, list(place.integers(self.compared, source))) for place in self.places]
        more = [(place, [next(place.integers(self.compared, source))]) for place in self.alike]
        for place, integers in ((place, integers) for place, each in (*more, *some) for integers in each):
            yield from self._near(place, drawn.AT_EVERY_SIZE[0], integers, source)
        for place, each in some[:1]:
            for recipe in (Recipe(drawn.AWAY[-1]), *drawn.at_first(len(place.drawn), self.numbers)):
                yield from self._near(place, recipe, source.choice(each), source)

    def _near(self, place: Place, recipe: Recipe, integers: Mapping[str, Any], source: Random) -> Iterator[Given]:
        return self.demands.near(place.given(recipe, integers, source), source)


def told(signature: Signature, given: Given, wrong: Wrong) -> Falsehood:
    """The falsehood, with the call that shows it."""
    name = wrong.of or signature.derivative or signature.name
    adjoints = dict(zip((one.name for one in signature.adjoints), wrong.seeds, strict=False))
    where = call(signature, name, {**given.arguments, **adjoints, "params": dict(given.parameters)})
    line = wrong.line or signature.line_of(name)
    found = Falsehood(name, str(wrong), line, signature.source_line, where=where, variable=wrong.by)
    return replace(found, found=wrong.found, wanted=wrong.wanted)

"""A function and its derivative called at many points -> where one of them is wrong, as a call to paste."""

from __future__ import annotations

import ast
import itertools
import math
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.verify import clock
from mgc.compiler.verify.called import arguments as drawn
from mgc.compiler.verify.called.arguments import Given, Recipe
from mgc.compiler.verify.called.counted import counting
from mgc.compiler.verify.called.demands import Demands
from mgc.compiler.verify.called.named import Named
from mgc.compiler.verify.called.pair import Outside, Pair, Wrong
from mgc.compiler.verify.called.running import space
from mgc.compiler.verify.called.tape import TooLong, working
from mgc.compiler.verify.findings import Falsehood
from mgc.compiler.verify.text import reading, sizes
from mgc.compiler.verify.text.instances import FAILURES, Shapes
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.trace.values import NotRun

WORK = 60_000  # operations on tapes for one function
OF_TAPE = 2  # steps of work that one takes
SHARE = 3  # the part of a function's work that calls may take is one of so many
QUICK = 300  # points after those, at which only values are compared
ROUNDS = 2  # at the first sizes
CHOICES = 4  # of arrays of whole numbers at each size
REFUSALS = 400  # points at which it is asked whether they are refused
WIDE = 2  # sizes at which every kind of number is
OUTSIDE = 50  # steps that a point counts where nothing is claimed
ORDINARY = Recipe(drawn.NEARBY[1])
LARGEST = 70  # a size that the text names, and that is tried
LONGEST = 2000  # characters of a call that is shown


class Tried(Struct):
    """What calls have shown: `points` at which all agreed, the sizes of these, and those that were too large."""

    falsehood: Falsehood | None = None
    points: int = 0
    work: int = 0
    of_names: int = 0
    sizes: list[Mapping[str, int]] = field(default_factory=list)
    left_out: list[Mapping[str, int]] = field(default_factory=list)
    stopped: bool = False

    def spend(self, work: int) -> int:
        """Count operations on a tape. Errors: clock.OutOfWork."""
        clock.check(work * OF_TAPE)
        return work

    def is_too_large(self, chosen: Mapping[str, int]) -> bool:
        """Whether no tape is made at some sizes: as at smaller ones, or as there is no work left for new ones."""
        if self.work > WORK and chosen not in self.sizes:
            return True
        return any(all(chosen[name] >= size for name, size in smaller.items()) for smaller in self.left_out)


def tried(subject: Subject, signature: Signature) -> Tried:
    """Call both functions at many points, until one of them is wrong or this has done its share of the work."""
    found = Tried()
    if subject.namespace is None or signature.name not in subject.namespace:
        return found
    syntax = counting(subject.syntax)
    functions = {node.name: node for node in syntax.body if isinstance(node, ast.FunctionDef)}
    derivative = functions.get(signature.derivative or "")
    named = Named.of(derivative, functions[signature.name]) if derivative is not None else None
    pair = Pair(signature, subject.namespace, space(syntax, subject.primitives), named)
    try:
        with working(), clock.until(clock.now() + clock.left() / SHARE):
            _try(subject, pair, random.Random(subject.seed), found)
    except clock.OutOfTime:
        raise
    except clock.OutOfWork:
        found.stopped = True
    return found


def _try(subject: Subject, pair: Pair, source: random.Random, found: Tried) -> None:
    """Errors: clock.OutOfWork."""
    found.falsehood = _promises(subject, pair, source) or _refusals(subject, pair, source)
    quick = 0
    for given in points(subject, pair, source, found.left_out) if found.falsehood is None else ():
        if found.work > WORK and given.sizes in found.sizes:
            quick += 1
            if quick > QUICK:
                break
            if not pair.is_suspect(given, source):
                continue
        found.falsehood = _judged(pair, given, source, found)
        if found.falsehood is not None:
            break


def _judged(pair: Pair, given: Given, source: random.Random, found: Tried) -> Falsehood | None:
    """What is false at a point; the work and the sizes are noted."""
    try:
        if found.is_too_large(given.sizes):
            raise TooLong
        found.work += found.spend(pair.judge(given, source))
        if found.of_names < WORK / 2:
            found.of_names += found.spend(pair.judge_names(given, source))
        found.points += 1
        found.sizes += [given.sizes] if given.sizes not in found.sizes else []
    except TooLong:
        found.left_out.append(given.sizes)
        return _despite_work(pair, given, source)
    except Outside as outside:
        found.work += found.spend(sum(outside.args, OUTSIDE))
    except Wrong as wrong:
        return told(pair.signature, given, wrong)
    return None


def _despite_work(pair: Pair, given: Given, source: random.Random) -> Falsehood | None:
    """Where a tape would be too long: it is made after all if the doubles alone look wrong."""
    try:
        if pair.is_suspect(given, source):
            pair.judge(given, source, clock.left() / OF_TAPE)
    except (Outside, TooLong):
        pass
    except Wrong as wrong:
        return told(pair.signature, given, wrong)
    return None


def points(
    subject: Subject, pair: Pair, source: random.Random, left_out: Collection[Mapping[str, int]] = ()
) -> Iterator[Given]:
    """What to call with: a few points at every size, then many at the first; no more at sizes that are `left_out`."""
    signature = pair.signature
    functions = subject.written(signature)
    asked = [size for size in sizes.asked(*functions) if size <= LARGEST]
    chosen = list(drawn.sizes_tried(subject.sizes(signature), asked))
    compared = sizes.compared([one.name for one in signature.arguments if one.dtype == "int"], *functions)
    demands = Demands(subject, signature)
    places = [place for one in chosen if (place := place_of(demands, one)) is not None]
    choices: list[list[dict[str, Any]]] = []
    first, *others = drawn.AT_EVERY_SIZE
    for place in places:
        choices.append([])
        for integers in _working(pair, place, compared, source):
            choices[-1].append(integers)
            for _ in range(2):
                if place.sizes not in left_out:
                    yield from place.given(first, integers, source)
            if place.sizes in left_out:
                break
    kept = [(place, some) for place, some in zip(places, choices, strict=True) if place.sizes not in left_out]
    for _ in range(ROUNDS if places and choices[0] else 0):
        for recipe in drawn.at_first(places[0].count, drawn.numbers_of(functions)):
            if places[0].sizes not in left_out:
                yield from places[0].given(recipe, source.choice(choices[0]), source)
    for recipe, (place, some) in itertools.product(others, kept):
        for integers in some[:1]:
            yield from place.given(recipe, integers, source)


def _promises(subject: Subject, pair: Pair, source: random.Random) -> Falsehood | None:
    """Where the docstring promises an axis of a fixed size, and the function takes a longer one."""
    signature = pair.signature
    first = next(iter(drawn.sizes_tried(subject.sizes(signature))), {})
    place = place_of(Demands(subject, signature), first)
    for integers in _working(pair, place, (), source) if place is not None else ():
        for given in place.given(ORDINARY, integers, source) if place is not None else ():
            for one in signature.arguments:
                if not one.shape or not one.shape[0].isdigit() or not given.arguments[one.name]:
                    continue
                longer = [*given.arguments[one.name], given.arguments[one.name][-1]]
                changed = replace(given, arguments={**given.arguments, one.name: longer})
                if pair.has_value(given) and pair.has_value(changed):
                    said = f"{one.name} has {one.shape[0]} entries in the docstring, and {len(longer)} are taken"
                    return told(signature, changed, Wrong(said))
        break
    return None


def _refusals(subject: Subject, pair: Pair, source: random.Random) -> Falsehood | None:
    """Where a function takes what is not as required, or refuses what is."""
    demands = Demands(subject, pair.signature)
    for given in itertools.islice(as_drawn(subject, demands, source), REFUSALS) if demands.is_any else ():
        try:
            demands.check(pair, given, source)
        except Wrong as wrong:
            return told(pair.signature, given, wrong)
    return None


def as_drawn(subject: Subject, demands: Demands, source: random.Random) -> Iterator[Given]:
    """Points whether they are as required or not, and some that are: every whole number, then every kind of number."""
    signature, functions = demands.signature, subject.written(demands.signature)
    compared = sizes.compared([one.name for one in signature.arguments if one.dtype == "int"], *functions)
    choices = drawn.sizes_tried(subject.sizes(signature), [one for one in sizes.asked(*functions) if one <= LARGEST])
    places = [place for one in choices if (place := place_of(demands, one)) is not None]
    tried = [(place, list(drawn.integers_tried(signature, place.sizes, compared, source))) for place in places]
    for place, some in tried:
        numbers = [*drawn.PLAIN, *compared, *place.sizes.values()]
        beside = [other for one in some for other in drawn.with_another_entry(one, numbers, source)]
        for integers in (*some, *beside):
            for given in place.drawn(ORDINARY, integers, source):
                moved = demands.only_refused_for_integers(given, source) or demands.met(given, source)
                yield from filter(None, (given, moved))
    for recipe in drawn.at_first(places[0].count, drawn.numbers_of(functions)) if places else ():
        for place, some in tried[:WIDE]:
            yield from place.drawn(recipe, source.choice(some), source)


class _Place(Struct, frozen=True):
    """Sizes, and the shapes of the parameters there."""

    signature: Signature
    sizes: Mapping[str, int]
    shapes: Shapes
    demands: Demands

    @property
    def count(self) -> int:
        """How many arguments and parameters are drawn."""
        return sum(one.dtype == "float" for one in self.signature.arguments) + len(self.shapes)

    def given(self, recipe: Recipe, integers: Mapping[str, Any], source: random.Random) -> Iterator[Given]:
        """A point that is as required, if there is one."""
        for given in self.drawn(recipe, integers, source):
            yield from filter(None, [self.demands.met(given, source)])

    def drawn(self, recipe: Recipe, integers: Mapping[str, Any], source: random.Random) -> Iterator[Given]:
        """A point as it is drawn."""
        with suppress(reading.UnknownSize, ValueError):
            yield recipe.made(self.signature, self.sizes, integers, self.shapes, source)


def place_of(demands: Demands, chosen: Mapping[str, int]) -> _Place | None:
    """None where the parameters' shapes are not known."""
    with suppress(NotRun, reading.UnknownSize, *FAILURES):
        shapes = demands.subject.parameters(chosen) if demands.signature.takes_params else {}
        return _Place(demands.signature, chosen, shapes, demands)
    return None


def _working(pair: Pair, place: _Place, compared: Sequence[int], source: random.Random) -> Iterator[dict[str, Any]]:
    """Values of the int arguments at which the function has a value; of arrays only the first few."""
    has_arrays = any(one.dtype == "int" and one.shape for one in pair.signature.arguments)
    left = CHOICES if has_arrays else math.inf
    seen: list[dict[str, Any]] = []
    with suppress(reading.UnknownSize, ValueError):
        for integers in drawn.integers_tried(pair.signature, place.sizes, compared, source):
            if integers in seen or left <= 0:
                continue
            seen.append(integers)
            if not integers or any(pair.has_value(one) for one in place.given(ORDINARY, integers, source)):
                left -= 1
                yield integers


def told(signature: Signature, given: Given, wrong: Wrong) -> Falsehood:
    """The falsehood, with the call that shows it."""
    name = signature.derivative or signature.name
    passed = [*([dict(given.parameters)] if signature.takes_params else []), *given.arguments.values()]
    call = f"{name}({', '.join(map(repr, passed))})"
    where = call if len(call) <= LONGEST else f"{call[:LONGEST]}…"
    line = wrong.line or signature.line_of(name)
    return Falsehood(name, str(wrong), line, signature.source_line, where=where, found=wrong.found, wanted=wrong.wanted)

"""A function of the text at concrete sizes, on symbols: what it is called with, and what it gave."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct, field

from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text import reading
from mgc.compiler.verify.text.reading import Argument, Signature
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.trace.values import UNDEFINED, Arm, NotRun, Row, Stored, flat, symbols

Shapes = Mapping[str, tuple[int, ...]]
FAILURES = (
    ZeroDivisionError, IndexError, ValueError, OverflowError, TypeError, KeyError, AttributeError, UnboundLocalError,
)  # fmt: skip

PATTERNS = ((2, 0, 2, 1), (1, 0, 1), (1, 0), (0,), (-1, 3), (3, -1), (1,), (2,), (3,))  # repeated, and not their places
OTHERS = 6  # choices of integers that are run besides the first, and of those that the text compares them with


class Instance(Struct):
    """One run. `value` and `again` are the results of the function and of its derivative's forward half, flattened;
    `gradients` has for each variable its derivative, and `seeds` the adjoints of the results;
    `required`: the conditions without which the function raises, and `again_required` its derivative's function;
    `arms` are those of the function's branches; `idle` says that some loop had no turn, `sided` that an index decided a
    branch, `tied` that constants tied: then what is a constant may be none in general, or stand for several.
    """

    signature: Signature
    sizes: Mapping[str, int]
    integers: Mapping[str, Any]
    inputs: dict[str, Any]
    value: list[Term]
    shape: tuple[Any, ...] = ()  # of the value
    again: list[Term] = field(default_factory=list)
    required: list[Term] = field(default_factory=list)
    again_required: list[Term] = field(default_factory=list)
    seeds: list[Term] = field(default_factory=list)
    gradients: dict[str, list[tuple[Term, Term]]] = field(default_factory=dict)
    misshapen: list[str] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)  # by the derivative's function, up to where it failed
    plain: list[Stored] = field(default_factory=list)  # by the function itself
    last_line: int = 0  # that the derivative's function came to
    arms: list[Arm] = field(default_factory=list)
    decided: list[Mapping[ast.expr | ast.For, set[bool]]] = field(default_factory=list)  # by either function
    idle: bool = False
    sided: bool = False
    tied: bool = False

    @property
    def said(self) -> str:
        """The sizes and the integers as text: `n = 2, k = 3, c = [2, 0]`."""
        return ", ".join(f"{name} = {value}" for name, value in {**self.sizes, **self.integers}.items())

    def symbols(self) -> list[Term]:
        """Every symbol of the inputs, in order: what a point has to give a value to."""
        found: dict[Term, None] = {}
        for given in self.inputs.values():
            for part in given.values() if isinstance(given, dict) else (given,):
                found.update({node: None for _, node in flat(part) if isinstance(node, Term)})
        return list(found)

    @property
    def guards(self) -> list[Term]:
        """Terms that have a value where what is required holds."""
        return [terms.select(condition, terms.ZERO, UNDEFINED) for condition in self.required]

    def computed(self) -> list[Term]:
        """The value, and what either function computes in any case: of nothing the value may not depend on it.

        A constant is not computed: of `-inf`, as a maximum begins with, no value is asked.
        """
        known = [*self.value, *self.guards]
        if 0 not in self.sizes.values():
            return known
        cells = (stored.cell for stored in (*self.plain, *self.stored) if stored.guard is terms.ONE)
        return [*known, *(cell for cell in cells if cell.op != "constant")]

    def variables(self) -> list[Term]:
        """The symbols that are differentiated by."""
        return [variable for pairs in self.gradients.values() for variable, _ in pairs]


def integer_choices(signature: Signature, sizes: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Values of the int arguments, the more telling ones first; some may be out of range."""
    wanted = [argument for argument in signature.arguments if argument.dtype == "int"]
    if not wanted:
        yield {}
        return
    given: list[dict[str, Any]] = []
    for pattern in PATTERNS:
        source = itertools.cycle(pattern)
        chosen = {argument.name: _integers(shape_of(argument, sizes), source) for argument in wanted}
        if chosen not in given:  # as all are where an array of indices is empty
            given.append(chosen)
            yield chosen


def _integers(shape: Sequence[int], source: Iterator[int]) -> Any:
    return [_integers(shape[1:], source) for _ in range(shape[0])] if shape else next(source)


def shape_of(argument: Argument, sizes: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(max(0, reading.size(text, sizes)) for text in argument.shape)


def run(
    tree: ast.Module,
    signature: Signature,
    sizes: Mapping[str, int],
    integers: Mapping[str, Any],
    parameters: Shapes,
    primitives: Container[str],
) -> Instance:
    """The function and its derivative on symbols. Errors: NotRun, and those that the text raises (FAILURES)."""
    inputs = entered(signature, sizes, integers, parameters)
    plain, again = Machine(tree, primitives), Machine(tree, primitives)
    try:
        result = plain.call(signature.name, _passed(signature, inputs, [a.name for a in signature.arguments]))
    except IndexError:
        if signature.derivative is not None and not signature.adjoints:  # NotRun, where that counts from the end
            with suppress(*FAILURES):
                again.call(signature.derivative, _passed(signature, inputs, signature.order))
        raise
    value = [terms.term(number) for _, number in flat(result)]
    empty = 0 in sizes.values()
    if _any_infinite(value, empty):
        raise ValueError("a value is infinite")
    instance = Instance(
        *(signature, sizes, integers, inputs, value, shape_in(result)),
        required=plain.required, again_required=again.required, stored=again.stored, plain=plain.stored,
        arms=plain.arms, decided=[plain.decided], idle=plain.idle, sided=plain.sided, tied=plain.tied,
    )  # fmt: skip
    if signature.derivative is not None:
        try:
            _differentiated(again, instance, result)
        except FAILURES as error:
            if UNDEFINED in terms.topological(map(terms.bare, value)):
                raise  # as an arm of the function does here, and nothing tells whether in the same places
            instance.misshapen.append(f"{signature.derivative} fails where {signature.name} has a value: {error!r}")
        instance.last_line = again.line
        alone = plain.refusing.keys() ^ again.refusing.keys()  # a refusal of one of them is an arm as any other
        instance.decided += [again.decided, {test: {**plain.refusing, **again.refusing}[test] for test in alone}]
        slopes = [slope for pairs in instance.gradients.values() for _, slope in pairs]
        if empty and _any_infinite(slopes, empty):
            raise ValueError("a value is infinite")
    return instance


def _fails(value: Sequence[Term], assumed: Mapping[Term, bool]) -> bool:
    """Whether there is no value where some conditions hold or do not."""
    given = {terms.bare(condition): terms.constant(int(holds)) for condition, holds in assumed.items()}
    there = derivatives.all_substituted(list(map(terms.bare, value)), given)
    failing: set[Term] = set()
    for node in terms.topological(there):
        arms = [one in failing for one in node.args[node.op == "select" :]]
        if node is UNDEFINED or (arms and (all if node.op == "select" else any)(arms)):
            failing.add(node)
    return not failing.isdisjoint(there)


def _passed(signature: Signature, inputs: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    return [inputs[name] for name in (*["params"][: signature.takes_params], *names)]


def entered(
    signature: Signature, sizes: Mapping[str, int], integers: Mapping[str, Any], parameters: Shapes
) -> dict[str, Any]:
    """What a function is called with: whole numbers, and symbols for all others. Errors: reading.UnknownSize."""
    inputs: dict[str, Any] = {}
    for argument in signature.arguments:
        given = integers.get(argument.name)
        inputs[argument.name] = symbols(argument.name, shape_of(argument, sizes)) if given is None else _rows(given)
    if signature.takes_params:
        inputs["params"] = {name: symbols(name, shape) for name, shape in parameters.items()}
    return inputs


def _any_infinite(roots: Sequence[Term], empty: bool) -> bool:
    return any(_is_infinite(node, empty) for node in terms.topological(roots))


def _is_infinite(node: Term, empty: bool) -> bool:
    """Whether an operation has an infinite operand, as the maximum of nothing is; of nothing, any infinity."""
    if empty and node.op == "constant" and isinstance(node.payload, float):
        return True
    if node.op in ("select", "cell") or node.op in terms.COMPARISONS:
        return False
    return any(argument.op == "constant" and isinstance(argument.payload, float) for argument in node.args)


def _rows(given: Any) -> Any:
    return Row(_rows(inner) for inner in given) if isinstance(given, list) else given


def _differentiated(machine: Machine, instance: Instance, result: Any) -> None:
    """What the derivative's function gives, as far as it comes. Errors: NotRun, FAILURES."""
    signature = instance.signature
    if signature.adjoints:
        parts = result if isinstance(result, tuple) and len(signature.adjoints) > 1 else (result,)
        for argument, part in zip(signature.adjoints, parts, strict=True):
            instance.inputs[argument.name] = symbols(argument.name, shape_in(part))
            instance.seeds += [seed for _, seed in flat(instance.inputs[argument.name])]
    else:
        instance.seeds = [terms.ONE]
    returned = machine.call(str(signature.derivative), _passed(signature, instance.inputs, signature.order))
    if not isinstance(returned, tuple) or len(returned) != 2:
        raise NotRun(signature.line, f"{signature.derivative} does not return (value, derivatives)")
    again, gradients = returned
    instance.again = [terms.term(number) for _, number in flat(again)]
    if len(instance.again) != len(instance.seeds):
        instance.misshapen.append(f"{len(instance.again)} results where {len(instance.seeds)} are differentiated")
    elif shape_in(again) != instance.shape:
        instance.misshapen.append(
            f"its value has the shape {shape_in(again)}, and that of {signature.name} {instance.shape}"
        )
    _by_variable(instance, gradients)
    for assumed, error in machine.failing:
        if not _fails(instance.value, assumed):
            raise error


def _by_variable(instance: Instance, gradients: Any) -> None:
    """Put the derivatives that were returned beside what they are by."""
    signature = instance.signature
    only_params = signature.wrt == ("params",)
    if not only_params and not isinstance(gradients, tuple):
        instance.misshapen.append(f"{signature.derivative} returns a list of derivatives, and not a tuple")
    if not only_params and len(gradients) != len(signature.wrt):
        instance.misshapen.append(f"{len(gradients)} derivatives where {len(signature.wrt)} are promised")
        return
    by_name = {"params": gradients} if only_params else dict(zip(signature.wrt, gradients, strict=True))
    for name, gradient in by_name.items():
        given = instance.inputs[name]
        if name in instance.integers:
            instance.misshapen.append(f"it returns a derivative by {name}, which is a whole number")
        elif isinstance(given, dict):
            extra = [key for key in gradient if key not in given]
            instance.misshapen += [f"it returns a derivative by {key}, which is no parameter" for key in extra]
            for key in given:  # a parameter that the function does not use has no entry: a derivative of 0
                _paired(instance, key, given[key], gradient[key] if key in gradient else _zeros(given[key]))
        else:
            _paired(instance, name, given, gradient)


def _paired(instance: Instance, name: str, given: Any, gradient: Any) -> None:
    if shape_in(given) != shape_in(gradient):
        instance.misshapen.append(
            f"the derivative by {name} has the shape {shape_in(gradient)} and not {shape_in(given)}"
        )
        return
    numbers = zip(flat(given), flat(gradient), strict=True)
    instance.gradients[name] = [(variable, terms.term(slope)) for (_, variable), (_, slope) in numbers]


def _zeros(given: Any) -> Any:
    return [_zeros(inner) for inner in given] if isinstance(given, list) else terms.ZERO


def shape_in(value: Any) -> tuple[Any, ...]:
    """The lengths of nested lists; of rows that differ, the shape of each as text."""
    if not isinstance(value, list | tuple):
        return ()
    inner = [shape_in(part) for part in value]
    return (len(value), *(inner[0] if len(set(inner)) == 1 else map(str, inner)))


def others(
    tree: ast.Module,
    signature: Signature,
    first: Instance,
    parameters: Callable[[Mapping[str, int]], Shapes],
    primitives: Container[str],
    asked: Sequence[int],
) -> Iterator[Instance]:
    """The same sizes with other integers, as many as work: OTHERS, and OTHERS that the text asks for."""
    shapes = parameters(first.sizes) if signature.takes_params else {}

    def working(choices: Iterable[Mapping[str, Any]]) -> Iterator[Instance]:
        for integers in choices:
            if integers not in tried:
                tried.append(integers)
                with suppress(*FAILURES):
                    yield run(tree, signature, first.sizes, integers, shapes, primitives)

    tried = [first.integers]
    yield from itertools.islice(working(integer_choices(signature, first.sizes)), OTHERS)
    wanted = [argument for argument in signature.arguments if argument.dtype == "int"]
    each = (
        {**first.integers, argument.name: _integers(shape_of(argument, first.sizes), itertools.repeat(number))}
        for number in asked
        for argument in wanted
    )
    yield from itertools.islice(working(each), OTHERS)


def attempt(
    tree: ast.Module,
    signature: Signature,
    sizes: Mapping[str, int],
    parameters: Callable[[Mapping[str, int]], Shapes],
    primitives: Container[str],
) -> Instance:
    """The first run that works for some integers. Errors: as `run`, where none does."""
    failure: Exception | None = None
    for integers in integer_choices(signature, sizes):
        try:
            shapes = parameters(sizes) if signature.takes_params else {}
            return run(tree, signature, sizes, integers, shapes, primitives)
        except FAILURES as error:
            failure = failure or error
    try:
        assert failure is not None
        raise failure
    finally:
        del failure  # its traceback holds this frame, and all that is known with it

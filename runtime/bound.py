"""A function of which some arguments are fixed: checked and converted once, and not again at each call.

>>> import mgc
>>> square = mgc.loads("def f(w[n], x[n]): return (w @ x)**2").f.bind(x=[1, 2])
>>> square([3.0, 4.0]), square.value_and_grad([3.0, 4.0])
(121.0, (121.0, ([22.0, 44.0], [66.0, 88.0])))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from mgc.grammar.diagnostics import DataError
from mgc.runtime.arguments import Open, adjoint_names, bind, derivative_name, is_one_number
from mgc.runtime.conversion import Sizes, convert

if TYPE_CHECKING:
    from mgc.compiler.module import FunctionInfo, ParameterInfo
    from mgc.runtime.arguments import Gradients, Result

NO_NUMBER = (complex, str, bytes, type(None))
PLAIN = frozenset({float, int})
Run = Callable[[str, Sequence[object]], object]  # an emitted function by name, on its arguments


class Bound:
    """What `Function.bind` gives. The arguments left open are passed by position, and taken as they are:

    floats and nested lists of them, or what behaves so, such as NumPy arrays. The emitted function checks their sizes;
    the checks of an ordinary call come only where it raises, or gives what is no number of Python's.
    """

    def __init__(
        self,
        run: Run,
        info: FunctionInfo,
        declared: Sequence[ParameterInfo],
        value: Sequence[object],
        derivative: Sequence[object],
    ) -> None:
        """`value` and `derivative`: the arguments of the two emitted functions, `Open` where each call passes one."""
        self._run, self._info, self._declared, self._value, self._derivative = run, info, declared, value, derivative
        self._is_one_number = is_one_number(info)

    def __call__(self, *arguments: object, **keywords: object) -> Result:
        """The value. Errors: DataError for arguments that do not fit, ModelError for arithmetic that fails."""
        return cast("Result", self._called(self._info.emitted_name, self._value, arguments, keywords))

    def value_and_grad(self, *arguments: object, **keywords: object) -> tuple[float, Gradients]:
        """The value and its derivatives, as `Function.value_and_grad` gives them."""
        name = derivative_name(self._info, "value_and_grad")
        return cast("tuple[float, Gradients]", self._called(name, self._derivative, arguments, keywords))

    def vjp(self, *arguments: object, **keywords: object) -> tuple[Result, Gradients]:
        """The value and its derivatives, as `Function.vjp` gives them; the adjoints come last."""
        name = derivative_name(self._info, "vjp")
        return cast("tuple[Result, Gradients]", self._called(name, self._derivative, arguments, keywords))

    def __repr__(self) -> str:
        return f"<Bound {self._info.name}({', '.join(_open(self._value))})>"

    def _called(
        self, name: str, places: Sequence[object], arguments: tuple[object, ...], keywords: Mapping[str, object]
    ) -> object:
        if keywords:
            wanted = ", ".join(_open(places)) or "nothing"
            raise DataError(f"{self._info.name}: what bind left open is passed by position: expected {wanted}")
        filled = self._filled(places, arguments)
        for argument in arguments:
            if isinstance(argument, NO_NUMBER):
                self._check(arguments)
        try:
            found = self._run(name, filled)
        except (TypeError, KeyError, AttributeError):
            self._check(arguments)
            raise
        value = found[0] if self._is_one_number and isinstance(found, tuple) else found  # nothing else shows as fast
        if type(value) is float or _is_plain(value):
            return found
        self._check(arguments)
        return _plain(found)

    def _check(self, arguments: tuple[object, ...]) -> None:
        """What an ordinary call says of these arguments. Errors: DataError."""
        rest, sizes = iter(arguments), Sizes()
        inputs = [next(rest) if isinstance(place, Open) else place for place in self._value]
        bind(self._info, self._declared, inputs, {}, sizes)
        for adjoint, shape, label in zip(rest, self._info.results, adjoint_names(self._info), strict=False):
            convert(adjoint, shape, "float", label, sizes)

    def _filled(self, places: Sequence[object], arguments: tuple[object, ...]) -> list[object]:
        rest = iter(arguments)
        try:
            filled = [next(rest) if type(place) is Open else place for place in places]
        except StopIteration:
            filled = []
        if not filled or next(rest, rest) is not rest:
            wanted = ", ".join(_open(places)) or "nothing"
            raise DataError(f"{self._info.name}: expected {wanted}, found {len(arguments)} arguments")
        return filled


def _is_plain(found: object) -> bool:
    """Whether these are Python's floats, integers and lists of them."""
    if type(found) in PLAIN:
        return True
    if isinstance(found, dict):
        return all(map(_is_plain, found.values()))
    return isinstance(found, list | tuple) and (PLAIN.issuperset(map(type, found)) or all(map(_is_plain, found)))


def _plain(found: object) -> object:
    """Numbers of NumPy's as those of Python."""
    if isinstance(found, dict):
        return {name: _plain(one) for name, one in found.items()}
    if isinstance(found, list | tuple):
        return type(found)(map(_plain, found))
    item = getattr(found, "item", None)
    return found if item is None else item()


def _open(places: Sequence[object]) -> list[str]:
    return [place.name for place in places if isinstance(place, Open)]

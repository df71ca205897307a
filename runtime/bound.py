"""A function of which some arguments are fixed: checked and converted once, and not again at each call.

>>> import mgc
>>> square = mgc.loads("def f(w[n], x[n]): return (w @ x)**2").f.bind(x=[1, 2])
>>> square([3.0, 4.0]), square.value_and_grad([3.0, 4.0])
(121.0, (121.0, ([22.0, 44.0], [66.0, 88.0])))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from mgc.grammar.diagnostics import DataError
from mgc.runtime.arguments import Open, derivative_name

if TYPE_CHECKING:
    from mgc.compiler.module import FunctionInfo
    from mgc.runtime.arguments import Gradients, Result


Run = Callable[[str, Sequence[object]], object]  # an emitted function by name, on its arguments


class Bound:
    """What `Function.bind` gives. The arguments left open are passed by position, and taken as they are:

    floats and nested lists of them, or what behaves so, such as NumPy arrays. The emitted function checks their sizes.
    """

    def __init__(self, run: Run, info: FunctionInfo, value: Sequence[object], derivative: Sequence[object]) -> None:
        """`value` and `derivative`: the arguments of the two emitted functions, `Open` where each call passes one."""
        self._run, self._info, self._value, self._derivative = run, info, value, derivative

    def __call__(self, *arguments: object) -> Result:
        """The value. Errors: DataError for a wrong number of arguments, ModelError for arithmetic that fails."""
        return cast("Result", self._run(self._info.emitted_name, self._filled(self._value, arguments)))

    def value_and_grad(self, *arguments: object) -> tuple[float, Gradients]:
        """The value and its derivatives, as `Function.value_and_grad` gives them."""
        name = derivative_name(self._info, "value_and_grad")
        return cast("tuple[float, Gradients]", self._run(name, self._filled(self._derivative, arguments)))

    def vjp(self, *arguments: object) -> tuple[Result, Gradients]:
        """The value and its derivatives, as `Function.vjp` gives them; the adjoints come last."""
        name = derivative_name(self._info, "vjp")
        return cast("tuple[Result, Gradients]", self._run(name, self._filled(self._derivative, arguments)))

    def __repr__(self) -> str:
        return f"<Bound {self._info.name}({', '.join(_open(self._value))})>"

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


def _open(places: Sequence[object]) -> list[str]:
    return [place.name for place in places if isinstance(place, Open)]

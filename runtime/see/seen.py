"""What models and functions can do to be seen; each thing is imported when it is asked for.

>>> import mgc
>>> mgc.loads("def f(x): return x*x").draw()
<Drawing of f, forward: 3 nodes>
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mgc.grammar.diagnostics import DataError

if TYPE_CHECKING:
    from mgc.runtime.see.debug import Debugged
    from mgc.runtime.see.drawing import Drawing
    from mgc.runtime.see.picture import Half
    from mgc.runtime.see.subject import Function, Model


class SeenModel:
    """The part of `Model` that shows it."""

    def draw(self: Model, name: str = "", half: Half = "forward", depth: int | None = None) -> Drawing:
        """A picture of one function, the only one if none is named; see `Function.draw`. Errors: DataError."""
        from mgc.runtime.see.drawing import draw

        if not name and len(self.functions) != 1:
            raise DataError(f"which function? draw one of: {', '.join(one.info.name for one in self.functions)}")
        return draw(self[name or self.functions[0].info.name], half, None, depth)

    def _repr_html_(self: Model) -> str:
        from mgc.runtime.see.html_text import model_html

        return model_html(self)


class SeenFunction:
    """The part of `Function` that shows it."""

    def draw(
        self: Function, /, *arguments: object, half: Half = "forward", depth: int | None = None, **keywords: object
    ) -> Drawing:
        """A picture of the function, which a notebook shows: data and grad in each value where arguments are given.

        half: "forward", "backward" or "both". depth: how many calls in each other are opened; by default as many as
        leave at most 80 nodes. Errors: DataError for arguments that do not fit, and without the package graphviz.
        """
        from mgc.runtime.see.drawing import draw

        bound = self.checked(*arguments, **keywords) if arguments or keywords else None
        return draw(self, half, bound, depth)

    def debug(self: Function, /, *arguments: object, **keywords: object) -> Debugged:
        """Run value and derivatives statement by statement, and stop at the first nan or infinity: print what is given.

        It has what each statement set, with the derivative by it, and the line of the model where the run stopped.
        Errors: DataError for arguments that do not fit.
        """
        from mgc.runtime.see.debug import debug

        return debug(self, self.checked(*arguments, **keywords))

    def _repr_html_(self: Function) -> str:
        from mgc.runtime.see.html_text import function_html

        return function_html(self)

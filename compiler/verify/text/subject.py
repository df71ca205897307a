"""The text that is verified, and everything that is known of it."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from mgc.compiler.module import Module
from mgc.compiler.verify.findings import Status
from mgc.compiler.verify.terms.functions import FUNCTIONS
from mgc.compiler.verify.text import library, parameters, reading
from mgc.compiler.verify.text.instances import Shapes
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.trace.values import NotRun
from mgc.grammar import tree

Namespace = Mapping[str, Any]


class Subject(Struct, frozen=True, dict=True):
    """The text and everything that is known of it."""

    text: str
    syntax: ast.Module
    module: Module | None
    file: tree.File | Sequence[tree.File] | None
    constants: Mapping[str, float]
    namespace: Namespace | None
    time_limit: float
    seed: int
    blame: bool = True

    @cached_property
    def helpers(self) -> Mapping[str, Status]:
        """Those that are mgc's own."""
        return library.standing(self.syntax)

    @property
    def primitives(self) -> frozenset[str]:
        """The helpers that stand for the function of their name."""
        return frozenset(self.helpers)

    @property
    def files(self) -> Sequence[tree.File]:
        """The source and what it imports, if they are at hand."""
        return (self.file,) if isinstance(self.file, tree.File) else self.file or ()

    def in_source(
        self, signature: Signature, inputs: Mapping[str, Any], sizes: Mapping[str, int]
    ) -> tuple[Sequence[tree.File], str, dict[str, Any], Any, Mapping[str, float], Mapping[str, int]]:
        """What the evaluator of the source takes: function and arguments have the author's names there."""
        own = [one for one in self.module.functions if one.emitted_name == signature.name] if self.module else []
        name = own[0].name if own else signature.name
        called = {argument.emitted_name: argument.name for one in own for argument in one.arguments}
        arguments = {
            called.get(one.name, one.name): inputs[one.name] for one in signature.arguments if one.name in inputs
        }
        return self.files, name, arguments, inputs.get("params", {}), self.constants, sizes

    def taken(self, signature: Signature) -> list[str]:
        """The helpers that a function relies on and that are tested."""
        called = reading.reached(self.syntax, (signature.name, signature.derivative or signature.name))
        return [name for name, status in self.helpers.items() if name in called and status == "tested"]

    def rewritten(self, signature: Signature) -> list[str]:
        """The helpers that a function relies on and that mgc writes in another way."""
        called = reading.reached(self.syntax, (signature.name, signature.derivative or signature.name))
        return [name for name in called if name in FUNCTIONS and name not in self.helpers]

    def written(self, signature: Signature) -> list[ast.stmt]:
        """What is run of the text for a function and its derivative."""
        own = (signature.name, signature.derivative or signature.name)
        called = {*own, *reading.reached(self.syntax, own)} - self.primitives - {"check_shape", "element"}
        return [node for node in self.syntax.body if getattr(node, "name", "") in called]

    def parameters(self, known: Mapping[str, int]) -> Shapes:
        """The parameters' shapes: from the module, or from what the text's own `init_params` returns."""
        if self.module is not None:
            return {
                parameter.name: tuple(reading.size(text, known) for text in parameter.shape)
                for parameter in self.module.parameters
            }
        return parameters.shapes(self.syntax, known)

    def fixed(self, signature: Signature) -> int:
        """How many parameters a function has whatever its sizes are."""
        try:
            shapes = self.parameters({}) if signature.takes_params else {}
        except (reading.UnknownSize, NotRun, ValueError):
            return 0
        return sum(math.prod(shape) for shape in shapes.values())

    def sizes(self, signature: Signature) -> tuple[str, ...]:
        """The free sizes of a function, and of the parameters that it takes."""
        known = reading.size_names(signature)
        if not signature.takes_params:
            return known
        of_parameters = self.module.sizes if self.module is not None else parameters.sizes(self.syntax)
        return (*known, *(size for size in of_parameters if size not in known))

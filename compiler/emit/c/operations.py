"""Operations with a body -> static C functions: the library's that C lacks, and the model's own."""

from __future__ import annotations

from mgc.compiler.compiled import Body
from mgc.compiler.emit.c import function as c
from mgc.compiler.emit.c.helpers import Helpers, have, is_fixed
from mgc.compiler.emit.c.integers import fitting
from mgc.compiler.emit.tokens import INDENT
from mgc.compiler.language import operations
from mgc.compiler.language.program import Program, error
from mgc.compiler.names import words
from mgc.grammar.tree import Span


def need(program: Program, op: str, span: Span, helpers: Helpers, body: Body) -> None:
    """Have the function of an operation, and before it those that it calls. Errors: ModelError."""
    name = op.removeprefix("op:")
    if name in helpers.texts or is_fixed(op):
        return
    named = body(operations.declared(program, op, span))
    nest = fitting(named.nest)
    writer = c.body(helpers.real, nest, named)
    result = writer.scope.write(nest.outputs[0])
    if writer.may_fail or writer.workspace:
        raise error(program.main, span, f"the body of the operation '{name}' may fail at run time, which C cannot say")
    for inner in writer.scope.used:
        need(program, inner, span, helpers, body)
    inputs = [(given, named.variables[given.serial]) for given in nest.inputs]
    arguments = ", ".join(f"{helpers.real.name} {spelt}" for _, spelt in inputs)
    lines = [f"static {helpers.real.name} {words.operation(op)}({arguments}) {{"]
    lines += [line.split("  /* line")[0] for line in writer.lines]
    lines += [f"{INDENT}(void){spelt};" for given, spelt in inputs if given.serial not in writer.scope.mentioned]
    lines += [f"{INDENT}return {result};", "}"]
    have(writer.scope.called, False, helpers)
    helpers.have(name, "\n".join(lines))

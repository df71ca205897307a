"""The operations of a program: rows of `ops.mg`, and the model's own."""

from __future__ import annotations

from mgc.compiler.language import library
from mgc.compiler.language.library import Declared
from mgc.compiler.language.program import Program, error
from mgc.grammar.tree import Op, Span


def own_operations(program: Program) -> list[str]:
    """The names of the model's own operations."""
    return [name for name, found in program.declared.items() if isinstance(found.declaration, Op)]


def declared(program: Program, op: str, span: Span) -> Declared:
    """The declaration of an operation that has a body. Errors: ModelError."""
    found = declared_operation(program, op)
    assert found is not None and isinstance(found.declaration, Op), op
    if not found.declaration.body:
        name = op.removeprefix("op:")
        raise error(program.main, span, f"the operation '{name}' has no body", "give it one: return ...")
    return found


def declared_operation(program: Program, op: str) -> Declared | None:
    """The row of an operation of the table, or of the model's own (`op:name` in the graph)."""
    found = program.declared.get(op[3:]) if op.startswith("op:") else library.lookup(op)
    return found if found is not None and isinstance(found.declaration, Op) else None

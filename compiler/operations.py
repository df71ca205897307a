"""Operations that a target's library lacks -> the loop nests of their bodies, for helpers of the emitted file."""

from __future__ import annotations

from mgc.compiler import names, passes
from mgc.compiler.functions import lower_operation
from mgc.compiler.library import Declared
from mgc.compiler.program import Program, error
from mgc.compiler.rules import declared_operation
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


def nest(program: Program, operation: Declared, ieee: bool) -> names.NamedNest:
    """The named loop nest of an operation's body. Errors: ModelError."""
    from mgc.compiler.pipeline import loop_nest  # the pipeline ends in the modules that need this one

    lowered = lower_operation(operation, program, ieee)
    graph = passes.finish(passes.inline(lowered.graph))
    names.hints(graph)
    return names.name(loop_nest(program, lowered, passes.finish(graph)), own_operations(program))

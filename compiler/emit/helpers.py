"""Operations that a target's library lacks -> the loop nests of their bodies, for helpers of the emitted file."""

from __future__ import annotations

from mgc.compiler.compiled import loop_nest
from mgc.compiler.language.library import Declared
from mgc.compiler.language.operations import own_operations
from mgc.compiler.language.program import Program
from mgc.compiler.lower.lower import lower_operation
from mgc.compiler.names import names
from mgc.compiler.names.hints import hints
from mgc.compiler.passes.finish import finish
from mgc.compiler.passes.inline import inline


def operation_nest(program: Program, operation: Declared, ieee: bool) -> names.NamedNest:
    """The named loop nest of an operation's body. Errors: ModelError."""
    lowered = lower_operation(operation, program, ieee)
    graph = hints(finish(inline(lowered.graph)))
    return names.name(loop_nest(program, lowered, finish(graph)), own_operations(program))

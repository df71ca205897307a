"""What a function requires -> a static C function that says whether it holds, and the lines that call it.

static mgc_status f_requires(const double *restrict x, int64_t n) {
    mgc_status status = {MGC_OK, 0};
    for (int64_t i = 0; i < n; i++) {
        if (!(x[i] > 0.0)) {  /* line 3 */
            mgc_fail(&status, MGC_REQUIRE, 3);
            return status;
        }
    }
    return status;
}
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.emit import interface
from mgc.compiler.emit.c import function as c
from mgc.compiler.emit.c import signature
from mgc.compiler.emit.c.integers import fitting
from mgc.compiler.emit.c.ragged import with_bounds
from mgc.compiler.emit.c.types import Real
from mgc.compiler.emit.tokens import INDENT
from mgc.compiler.language.program import Program, error
from mgc.compiler.module import FunctionInfo
from mgc.compiler.names.names import NamedNest
from mgc.compiler.schedule.loopnest import Variable


class Checks(Struct, frozen=True):
    """The function: its name, its text, the inputs and sizes that it takes, and what its text uses."""

    name: str
    definition: str
    inputs: Sequence[Variable]
    sizes: Sequence[str]
    writer: c.Writer

    def call(self, named: NamedNest) -> list[str]:
        """The lines with which another function begins."""
        passed = ", ".join(interface.passed(named, self.inputs, self.sizes))
        return [
            f"{INDENT}const mgc_status mgc_required = {self.name}({passed});",
            f"{INDENT}if (mgc_required.error != MGC_OK) return mgc_required;",
        ]


def checks(program: Program, required: NamedNest, info: FunctionInfo, real: Real) -> Checks:
    """Errors: ModelError, where it would need a workspace."""
    ragged = with_bounds(required)
    nest = fitting(ragged.named.nest, ragged.bounded)
    named = replace(ragged.named, nest=nest)
    try:
        writer = c.body(real, nest, named, searches=ragged.searches)
    except c.Unbounded:
        raise _without_room(program, info) from None
    if writer.workspace:
        raise _without_room(program, info)
    mentioned = writer.scope.mentioned
    inputs = [given for given in nest.inputs if given.serial in mentioned]
    sizes = [size for size in nest.sizes if size in mentioned]
    wanted = interface.passed(named, inputs, sizes)
    arguments = [one for one in signature.inputs(real, named, info) if one.name in wanted]
    order = sorted(arguments, key=lambda one: wanted.index(one.name))
    lines = [
        f"/* Whether arguments are as {info.name} requires. */",
        *signature.defined(str(info.check_name), order, "static mgc_status"),
        f"{INDENT}mgc_status status = {{MGC_OK, 0}};",
        *writer.searches,
        *writer.lines,
        f"{INDENT}return status;",
        "}",
    ]
    return Checks(str(info.check_name), "\n".join(lines), inputs, sizes, writer)


def _without_room(program: Program, info: FunctionInfo) -> Exception:
    hint = "require less of it, or make it an argument of the function"
    return error(program.main, info.span, f"what '{info.name}' requires needs room for an array, which C lacks", hint)

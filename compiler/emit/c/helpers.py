"""Operations that C's library lacks, or lacks for integers -> static functions of the emitted file."""

from __future__ import annotations

from collections.abc import Collection

from mgc.compiler.emit.c import function as c
from mgc.compiler.emit.helpers import operation_nest
from mgc.compiler.language import library, operations
from mgc.compiler.language.program import Program, error
from mgc.compiler.names import words
from mgc.grammar.tree import Span

INDENT = c.INDENT
WIDTH = 110

_HELPERS = {
    "maximum": "static double maximum(double x, double y) { return x >= y || x != x ? x : y; }",
    "minimum": "static double minimum(double x, double y) { return x <= y || x != x ? x : y; }",
    "larger": "static long larger(long i, long j) { return i > j ? i : j; }",
    "smaller": "static long smaller(long i, long j) { return i < j ? i : j; }",
    "sign": "static double sign(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x != x ? x : 0.0; }",
    "mod": "static double mod(double x, double y) {  /* the sign of y */\n"
    "    const double rest = fmod(x, y);\n"
    "    if (rest == 0.0) return copysign(0.0, y);\n"
    "    return (rest < 0.0) != (y < 0.0) ? rest + y : rest;\n}",
    "floordiv": "static double floordiv(double x, double y) {  /* so that it goes with mod: 1.0 // 0.1 is 9.0 */\n"
    "    if (y == 0.0) return x / y;\n"
    "    const double rest = fmod(x, y);\n"
    "    const double quotient = (x - rest) / y - (rest != 0.0 && (rest < 0.0) != (y < 0.0));\n"
    "    return quotient == 0.0 ? copysign(0.0, x / y) : rint(quotient);\n}",
    "modulo": "static long modulo(long i, long n) { return n == 0 ? 0 : (i % n + n) % n; }",
    "floor_divide": "static long floor_divide(long i, long n) {\n"
    "    return n == 0 ? 0 : i / n - ((i % n != 0) && ((i < 0) != (n < 0)));\n}",
    "magnitude": "static long magnitude(long i) { return i < 0 ? -i : i; }",
}
_BY_DTYPE = {"max": ("maximum", "larger"), "min": ("minimum", "smaller"), "mod": ("mod", "modulo")}


def have(called: Collection[str], helpers: dict[str, str]) -> None:
    for name, helper in _HELPERS.items():
        if name in called:
            helpers.setdefault(name, helper)


def need(program: Program, op: str, span: Span, helpers: dict[str, str]) -> None:
    """Have the helper for an operation that C's library lacks, compiled from the operation's body."""
    name = op.removeprefix("op:")
    if name in helpers or library.native(op, "c") or op in _HELPERS or op in _BY_DTYPE:
        return
    if op in ("floordiv", "bound"):
        return
    named = operation_nest(program, operations.declared(program, op, span), ieee=True)
    writer = c.body(named, frozenset(), "return NAN")
    if writer.checked or writer.workspace:
        raise error(program.main, span, f"the body of the operation '{name}' indexes at run time, which C cannot")
    result = writer.scope.write(named.nest.outputs[0])
    for inner in writer.scope.used:
        need(program, inner, span, helpers)
    inputs = [(given, named.variables[given.serial]) for given in named.nest.inputs]
    arguments = ", ".join(f"double {spelt}" for _, spelt in inputs)
    lines = [f"static double {words.operation(op)}({arguments}) {{"]
    lines += [line.split("  /* line")[0] for line in writer.lines]
    lines += [f"{INDENT}(void){spelt};" for given, spelt in inputs if given.serial not in writer.scope.mentioned]
    lines += [f"{INDENT}return {result};", "}"]
    have(writer.scope.called, helpers)
    helpers[name] = "\n".join(lines)

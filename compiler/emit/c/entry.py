"""The entry of a C function for a caller that knows it at run time only: named loop nest -> C, and plain data about it.

`mgc_entry_0` takes each input by an address, sizes and places in arrays, and gives `line * 8 + error`, 0 where all went
well. `mgc_extents_0` tells how long each axis of each input and of each place is, and returns the bytes of the
workspace. Both are plain C, so that one caller, built once, serves all models; `Entry` says what it must know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from mgc.compiler.emit.c.function import Writer
from mgc.compiler.emit.c.signature import Argument, Places
from mgc.compiler.emit.interface import call_order
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.emit.tokens import INDENT
from mgc.compiler.graph.nodes import Dtype
from mgc.compiler.module import Entry, FunctionInfo, InputInfo
from mgc.compiler.names import names
from mgc.compiler.schedule.loopnest import For, LoopNest, Size, Variable, walk


class Called(Struct, frozen=True):
    """A function that has an entry: its number, and what it takes; what tells its workspace, and what that takes."""

    number: int
    name: str
    arguments: Sequence[Argument]
    workspace: str | None
    sized_by: Sequence[Argument]


def about(name: str, nest: LoopNest, info: FunctionInfo, places: Places) -> Entry:
    """What a caller must know."""
    order = call_order(nest.inputs, info)
    at = {given.serial: place for place, given in enumerate(order)}
    shown: dict[str, list[tuple[int, int]]] = {size: [] for size in nest.sizes}
    for place, given in enumerate(order):
        for axis, size in enumerate(given.sizes):
            if isinstance(size, Size):
                shown[size.name].append((place, axis))
    return Entry(
        name,
        tuple(InputInfo(one.said[0] if one.said else "", one.role, one.dtype, len(one.sizes)) for one in order),
        tuple(tuple(found) for found in shown.values()),
        tuple(len(place.sizes) for place in places.all),
        tuple(at[given.serial] for given, _ in nest.gradients),
        any(isinstance(item, For) for item in walk(nest.body)),
    )


def text(called: Called, named: names.NamedNest, info: FunctionInfo, places: Places, writer: Writer) -> list[str]:
    """The lines of the two functions."""
    order = call_order(named.nest.inputs, info)
    given = _given(order, named, writer.scope.target.types)
    placed = {place.name: f"mgc_out[{at}]" for at, place in enumerate(places.all)} | {"work": "mgc_work"}
    passed = ", ".join([(given | placed)[argument.name] for argument in called.arguments])
    return [
        f"int64_t mgc_entry_{called.number}(",
        f"{INDENT}const void *const *mgc_in, const int64_t *mgc_size, void *const *mgc_out, void *mgc_work",
        ") {",
        *_unused(("in", "size", "out", "work"), passed),
        f"{INDENT}const mgc_status status = {called.name}({passed});",
        f"{INDENT}return (int64_t)status.line * 8 + (int64_t)status.error;",
        "}",
        "",
        *_extents(called, order, named, places, writer),
    ]


def _extents(
    called: Called, order: Sequence[Variable], named: names.NamedNest, places: Places, writer: Writer
) -> list[str]:
    scope = Scope(writer.scope.target, writer.scope.variables, writer.scope.loops, writer.scope.sizes)
    scope.told = ("&status", "0")  # what fails here fails in the function too, which says in which line
    axes = [size for sizes in [*[one.sizes for one in order], *[one.sizes for one in places.all]] for size in sizes]
    lines = [f"{INDENT}mgc_extent[{axis}] = {scope.write(size)};" for axis, size in enumerate(axes)]
    given = _given(order, named, scope.target.types)
    kinds = {spelt: "int64_t " for size, spelt in named.sizes.items() if size in scope.mentioned}
    for one in order:
        if one.serial in scope.mentioned:
            kinds[named.variables[one.serial]] = f"{scope.target.types[one.dtype]} {'*' if one.sizes else ''}"
    local = [f"{INDENT}const {kind}{name} = {given[name]};" for name, kind in kinds.items()]
    if not scope.called.isdisjoint(scope.target.checked):
        local.append(f"{INDENT}mgc_status status = {{MGC_OK, 0}};")
    writer.scope.called |= scope.called
    sized = ", ".join([given[argument.name] for argument in called.sized_by])
    work = f"{called.workspace}({sized})" if called.workspace else "0"
    lines.append(f"{INDENT}return {work};")
    return [
        f"size_t mgc_extents_{called.number}(",
        f"{INDENT}const void *const *mgc_in, const int64_t *mgc_size, int64_t *mgc_extent",
        ") {",
        *_unused(("in", "size", "extent"), "\n".join([*local, *lines])),
        *local,
        *lines,
        "}",
    ]


def _given(order: Sequence[Variable], named: names.NamedNest, types: Mapping[Dtype, str]) -> dict[str, str]:
    """How inputs and sizes are written in terms of an entry's own arguments, by their names in the function."""
    found = {}
    for place, given in enumerate(order):
        number = f"*(const {types[given.dtype]} *)mgc_in[{place}]"
        found[named.variables[given.serial]] = f"mgc_in[{place}]" if given.sizes else number
    return found | {spelt: f"mgc_size[{place}]" for place, spelt in enumerate(named.sizes.values())}


def _unused(arguments: Sequence[str], body: str) -> list[str]:
    return [f"{INDENT}(void)mgc_{name};" for name in arguments if f"mgc_{name}" not in body]

"""`param W[m, n] = uniform(-1, 1)`: the initial values of a module's parameters, as Python."""

from __future__ import annotations

from collections.abc import Sequence

from mgc.compiler import algebra, expressions
from mgc.compiler.freeze import closed
from mgc.compiler.functions import Lowered
from mgc.compiler.graph import Node, topological_order
from mgc.compiler.names import safe
from mgc.compiler.python import WIDTH
from mgc.compiler.python import target as python_target
from mgc.compiler.scope import Parameter, fail, run
from mgc.compiler.spelling import Scope
from mgc.compiler.values import Value
from mgc.grammar.tree import Call, Expression

_DRAWS = {"uniform": ("rng.uniform({0}, {1})", 2), "normal": ("rng.gauss({0}, {1})", 2), "zeros": ("0.0", 0)}


def parameters(lowered: Sequence[Lowered]) -> list[Parameter]:
    """The parameters of a module: those of its models first, as the models declare their sizes."""
    found: dict[str, Parameter] = {}
    for one in sorted(lowered, key=lambda one: one.function.kind != "model"):
        for parameter in one.parameters:
            found.setdefault(parameter.name, parameter)
    return list(found.values())


def sizes(found: Sequence[Parameter]) -> list[str]:
    """The named sizes that the parameters need and no number fixes, as they are spelt."""
    return list(dict.fromkeys(_spelt_sizes(found).values()))


def _spelt_sizes(found: Sequence[Parameter]) -> dict[str, str]:
    nodes = topological_order([size for parameter in found for size in parameter.node.args])
    return {str(node.attribute): safe(str(node.attribute)) for node in nodes if node.op == "size"}


def check(found: Sequence[Parameter]) -> None:
    """Refuse what Python's `init_params` would refuse, on targets that have none. Errors: ModelError."""
    python(found, sizes(found))


def are_random(found: Sequence[Parameter]) -> bool:
    """Whether any parameter is drawn at random."""
    return any(_draw(parameter)[0] in ("uniform", "normal") for parameter in found)


def _draw(parameter: Parameter) -> tuple[str | None, Call | None]:
    tree = parameter.declaration.initialiser
    if isinstance(tree, Call) and tree.function in _DRAWS:
        return tree.function, tree
    return None, None


def python(found: Sequence[Parameter], size_names: Sequence[str]) -> tuple[list[str], Scope]:
    """The lines of `init_params`, and what they use. Errors: ModelError."""
    scope = Scope(python_target(False), sizes=_spelt_sizes(found))
    arguments = ", ".join(["seed=0", *(["*", *size_names] if size_names else [])])
    random = are_random(found)
    drawn = "drawn with the seed" if random else "which no seed changes"
    lines = [f"def init_params({arguments}):", f'    """The initial parameters by name, {drawn}."""']
    if random:
        lines.append("    rng = Random(seed)")
    lines.append("    return {")
    for parameter in found:
        lines += _entry(parameter.name, _array(parameter, scope))
    return [*lines, "    }"], scope


def _entry(name: str, text: str) -> list[str]:
    line = f'        "{name}": {text},'
    if len(line) <= WIDTH or not text.startswith("[["):
        return [line]
    inner, run = text[1:-1].rsplit("] for ", 1)
    body = [f"            {inner}] for {run}"]
    if len(body[0]) > WIDTH:
        body = [f"            {inner}]", f"            for {run}"]
    return [f'        "{name}": [', *body, "        ],"]


def _array(parameter: Parameter, scope: Scope) -> str:
    element = _element(parameter, scope)
    sizes = [scope.write(closed(size)) for size in parameter.node.args]
    if not sizes:
        return element
    if "rng." in element:
        text = f"[{element} for _ in range({sizes[-1]})]"
    else:
        text = f"[{element}] * {sizes[-1] if sizes[-1].isalnum() else f'({sizes[-1]})'}"
    for size in reversed(sizes[:-1]):
        text = f"[{text} for _ in range({size})]"
    return text


def _element(parameter: Parameter, scope: Scope) -> str:
    """One element's initial value: a draw, or an expression of sizes."""
    kind, call = _draw(parameter)
    if kind is None or call is None:
        return scope.write(closed(_number(parameter, parameter.declaration.initialiser)))
    form, count = _DRAWS[kind]
    if len(call.arguments) != count or call.keywords or call.sizes is not None:
        fail(parameter.frame, call.span, f"'{kind}' takes {count} numbers", f"write {_EXAMPLES[kind]}")
    return form.format(*[scope.write(closed(_number(parameter, argument))) for argument in call.arguments])


_EXAMPLES = {"uniform": "uniform(-1, 1)", "normal": "normal(0, 0.1)", "zeros": "zeros()"}


def _number(parameter: Parameter, tree: Expression) -> Node:
    """An initialiser's expression as a node of sizes and numbers."""
    context, frame = parameter.context, parameter.frame
    value = run(expressions.value(context, frame, tree))
    assert isinstance(value, Value)
    if value.axes or any(node.op in ("input", "read", "reduce") for node in topological_order([value.node])):
        fail(frame, tree.span, "an initial value is a number, made of numbers and sizes", "or a draw: uniform(-1, 1)")
    return algebra.as_float(context.build, value.node)

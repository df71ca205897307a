"""The forward pass of an exercise as plain data: its names, its statements in order, and its text.

>>> step = Statement(ast.parse("h[i][j] += W[j][k] * x[i][k]").body[0], ())
>>> step.target, sorted(reads(step.node.value))
('h', ['W', 'i', 'j', 'k', 'x'])
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from mgc.runtime.subscripts import root_name


class NoExercise(Exception):
    """The emitted function has a form that is no exercise; the message says which."""


class Name(Struct, frozen=True):
    """A number or array of the forward pass. `loops` are the lines of the loops that give it its first axes;
    `shape` has all of its axes as text, None where the text does not tell."""

    name: str
    role: str  # argument, parameter or intermediate
    shape: tuple[str | None, ...] = ()
    loops: tuple[int, ...] = ()
    whole: bool = False  # an integer: it has no derivative
    dotted: str = ""


class Statement(Struct, frozen=True):
    """One that stores a number, with the loops and conditions around it, from the outermost."""

    node: ast.Assign | ast.AugAssign
    around: tuple[ast.For | ast.If, ...]

    @property
    def target(self) -> str:
        return root_name(self.node.targets[0] if isinstance(self.node, ast.Assign) else self.node.target)

    @property
    def loops(self) -> tuple[ast.For, ...]:
        return tuple(node for node in self.around if isinstance(node, ast.For))

    @property
    def text(self) -> str:
        return ast.unparse(self.node)


class Forward(Struct, frozen=True):
    """The forward pass. `results` names what the function returns, in order; `ends` are those that nothing reads: what
    comes in for them is their derivative."""

    function: str
    names: Mapping[str, Name]
    body: tuple[ast.stmt, ...]
    results: tuple[str, ...]
    ends: tuple[str, ...] = ()

    def statements(self) -> tuple[Statement, ...]:
        """What stores a number; lists of zeros, which only make room, are left out."""
        found = statements_in(self.body, ())
        return tuple(s for s in found if not (isinstance(s.node, ast.Assign) and is_room(s.node.value)))

    def text(self, lines: Mapping[int, int] = {}) -> str:
        """The code. `lines`: of the model, by lines of the emitted text; each is said beside the first statement."""
        return "\n".join(_printed(self.body, "", lines, [0]))

    def derivative(self, name: str) -> str:
        """What the derivative by a name is called: `dW`, and `dW_` where the forward pass has a `dW` of its own."""
        return f"d{name}" if f"d{name}" not in self.names else f"d{name}_"

    def incoming(self, result: str) -> str:
        """What the derivative that comes in for a result is called."""
        return self.derivative(result) if result in self.ends else f"d{result}_result"


def is_read(node: ast.expr) -> bool:
    """Whether the expression is a name or an element of one, and nothing else."""
    return bool(root_name(node))


def is_room(node: ast.expr) -> bool:
    """Whether the expression makes a list of zeros: `[0.0] * n`."""
    match node:
        case ast.BinOp(op=ast.Mult(), left=ast.List(elts=[ast.Constant()])):
            return True
        case ast.ListComp():
            return is_room(node.elt)
    return False


def bounds(loop: ast.For) -> list[ast.expr]:
    """The arguments of the loop's `range`. Errors: NoExercise for any other loop."""
    match loop.iter:
        case ast.Call(func=ast.Name(id="range"), args=arguments) if isinstance(loop.target, ast.Name):
            return arguments
    raise NoExercise(f"line {loop.lineno} of the emitted code has a loop that is not over a range")


def variable(loop: ast.For) -> str:
    assert isinstance(loop.target, ast.Name)
    return loop.target.id


def reads(node: ast.AST) -> set[str]:
    """The names that an expression or statement reads."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def statements_in(body: tuple[ast.stmt, ...], around: tuple[ast.For | ast.If, ...]) -> Iterator[Statement]:
    for node in body:
        match node:
            case ast.For():
                bounds(node)
                yield from statements_in(tuple(node.body), (*around, node))
            case ast.If():
                yield from statements_in(tuple(node.body), (*around, node))
                if node.orelse:
                    test = ast.UnaryOp(ast.Not(), node.test)
                    other = ast.copy_location(ast.If(test, node.orelse, []), node)
                    yield from statements_in(tuple(node.orelse), (*around, other))
            case ast.Assign() | ast.AugAssign():
                yield Statement(node, around)


# --- printing


def _printed(body: tuple[ast.stmt, ...], indent: str, lines: Mapping[int, int], said: list[int]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.For():
                yield f"{indent}for {variable(node)} in {ast.unparse(node.iter)}:"
                yield from _printed(tuple(node.body), indent + "    ", lines, said)
            case ast.If():
                yield f"{indent}if {ast.unparse(node.test)}:"
                yield from _printed(tuple(node.body), indent + "    ", lines, said)
                if node.orelse:
                    yield f"{indent}else:"
                    yield from _printed(tuple(node.orelse), indent + "    ", lines, said)
            case ast.Assign() if is_room(node.value):
                continue
            case _:
                line = lines.get(node.lineno, 0) if hasattr(node, "lineno") else 0
                comment = f"  # line {line}" if line and line != said[0] else ""
                said[0] = line or said[0]
                yield f"{indent}{ast.unparse(node)}{comment}"


def without(forward_: Forward, dead: set[str]) -> Forward:
    """The forward pass without the statements that store to some names."""

    def kept(body: list[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for node in body:
            match node:
                case ast.For():
                    inner = kept(node.body)
                    if inner:
                        result.append(ast.copy_location(ast.For(node.target, node.iter, inner, []), node))
                case ast.If():
                    then, other = kept(node.body), kept(node.orelse)
                    if then or other:
                        result.append(ast.copy_location(ast.If(node.test, then or [ast.Pass()], other), node))
                case ast.Assign() | ast.AugAssign() if Statement(node, ()).target in dead:
                    pass
                case _:
                    result.append(node)
        return result

    names = {name: known for name, known in forward_.names.items() if name not in dead}
    return replace(forward_, body=tuple(kept(list(forward_.body))), names=names)

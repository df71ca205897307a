"""Emitted text -> what must be known to call its functions, read off the text alone: signatures and docstrings.

>>> text = '''def f(x, v):
...     \"\"\"f of a.mg, line 1.
...
...     v: [n] of float
...     \"\"\"
...     return x * v[0]
... '''
>>> read(ast.parse(text))[0].arguments
(Argument(name='x', shape=(), dtype='float'), Argument(name='v', shape=('n',), dtype='float'))
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from msgspec import Struct

from mgc.compiler.verify import clock

TITLE = re.compile(
    r"(?P<said>.*, line (?P<line>\d+)\)?)(?P<is_derivative>, and its )?"
)  # first paragraph of a docstring

DETACHED = "Derivatives stop where the model says detach."


class Argument(Struct, frozen=True):
    """`shape` holds sizes as text, numbers, names or arithmetic of names: `("k", "d*(d - 1)/2")`."""

    name: str
    shape: tuple[str, ...] = ()
    dtype: Literal["float", "int"] = "float"


class Signature(Struct, frozen=True):
    """A function of the text, which the model calls `model`, and, where it has one, its derivative.

    `derivative` takes the arguments of the function and then the adjoints of its results, in the order that its
    signature has (`order`); `wrt` names the derivatives that it returns, "params" for a dict like the parameters.
    `is_detached`: they stop somewhere, and are not those of the function.
    """

    name: str
    arguments: tuple[Argument, ...]
    takes_params: bool
    derivative: str | None
    order: tuple[str, ...]
    adjoints: tuple[Argument, ...]
    wrt: tuple[str, ...]
    line: int
    source_line: int | None
    model: str
    derivative_line: int | None
    is_detached: bool = False

    def line_of(self, function: str | None) -> int:
        """That of the `def` of the function, or of its derivative."""
        return self.derivative_line or self.line if function == self.derivative else self.line


def read(tree: ast.Module) -> tuple[Signature, ...]:
    """The model's functions in an emitted file, in order; helpers have no line of a model in their docstring.

    A derivative's docstring says the same as its function's, `NAME of FILE, line N`, and more.
    Errors: ValueError, where two have one docstring.
    """
    titled = [(node, title) for node in functions(tree).values() if (title := _title(node)) is not None]
    by_title: dict[str, ast.FunctionDef] = {}
    for node, title in titled:
        if by_title.setdefault(title[0], node) is not node:
            other = by_title[title[0]].name
            raise ValueError(f"line {node.lineno}: {node.name} and {other} have the docstring of one function")
    derivatives = {title["said"]: node for node, title in titled if title["is_derivative"]}
    return tuple(
        _signature(node, title, derivatives.get(title["said"])) for node, title in titled if not title["is_derivative"]
    )


def functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def is_own(node: ast.FunctionDef) -> bool:
    """Whether a helper is an operation that the model declares, which may mean something else by a known name."""
    return (ast.get_docstring(node) or "").startswith("The operation ")


def reached(tree: ast.Module, names: Iterable[str]) -> list[str]:
    """The functions of the file that those mention, and that these mention, in the order of the file."""
    bodies = functions(tree)
    found: set[str] = set()
    stack = [name for name in names if name in bodies]
    while stack:
        more = mentioned(bodies[stack.pop()]) & bodies.keys()
        stack += more - found
        found |= more
    return [name for name in bodies if name in found]


def mentioned(node: ast.FunctionDef) -> set[str]:
    """The names that a function does not bind itself: their meaning is the file's."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - set(bound(node))


def bound(node: ast.FunctionDef) -> list[str]:
    """The names that a function gives a value, in order."""
    found: dict[str, None] = {}
    for part in ast.walk(node):
        match part:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                found[name] = None
    return list(found)


def imported(tree: ast.Module) -> frozenset[str]:
    """The names that a text has from `math`, and `math` itself."""
    nodes = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    of_math = [alias for node in nodes if getattr(node, "module", "math") == "math" for alias in node.names]
    return frozenset(
        one.name for one in of_math if one.asname is None and (one.name == "math" or hasattr(math, one.name))
    )


def unread(syntax: ast.Module, signatures: Iterable[Signature]) -> list[str]:
    """The functions of the file that no model's function is, has for its derivative, or calls, so that nobody looks."""
    own = [name for s in signatures for name in (s.name, s.derivative) if name]
    run = [node.func.id for part in syntax.body if not isinstance(part, ast.FunctionDef) for node in ast.walk(part)
           if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]  # fmt: skip  # the self-check
    seen = {*own, *run, "init_params", *reached(syntax, [*own, *run, "init_params"])}
    return [name for name in functions(syntax) if name not in seen]


def _title(node: ast.FunctionDef) -> re.Match[str] | None:
    return TITLE.match(" ".join((ast.get_docstring(node) or "").split("\n\n")[0].split()))


def _signature(node: ast.FunctionDef, title: re.Match[str], derivative: ast.FunctionDef | None) -> Signature:
    names = [argument.arg for argument in node.args.args]
    takes_params = names[:1] == ["params"]
    said = documented(node)
    arguments = tuple(said.get(name, Argument(name)) for name in names[takes_params:])
    order: tuple[str, ...] = ()
    adjoints: tuple[Argument, ...] = ()
    wrt: tuple[str, ...] = ()
    if derivative is not None:
        order = tuple(a.arg for a in derivative.args.args)[takes_params:]
        said = documented(derivative)
        if not re.search(r"_value_and_grad(_\d+)?$", derivative.name):
            adjoints = tuple(said.get(name, Argument(name)) for name in order if name not in names)
        order = tuple(name for name in order if name in (*names, *(one.name for one in adjoints)))
        wrt = _wrt(derivative, arguments, takes_params)
    name_ = derivative.name if derivative else None
    named = re.match(r"(\w+) of .*\d$", title["said"])  # and not what the model says of it, with the place in brackets
    model = named[1] if named else node.name
    line = int(title["line"])
    at = derivative.lineno if derivative else None
    is_detached = derivative is not None and DETACHED in " ".join((ast.get_docstring(derivative) or "").split())
    return Signature(
        node.name, arguments, takes_params, name_, order, adjoints, wrt, node.lineno, line, model, at, is_detached
    )


def documented(node: ast.FunctionDef) -> dict[str, Argument]:
    """The arguments that the docstring tells of: `X: [n, 2] of float`, `k: int`."""
    found = {}
    for line in (ast.get_docstring(node) or "").split("\n")[1:]:
        match = re.match(r"(\w+): (?:\[(.*)\] of )?(int|float)(, .* unless given)?$", line.strip())
        if match:
            try:
                shape = _sizes(match[2]) if match[2] is not None else ()
            except SyntaxError:
                said = f"the docstring of {node.name} has no sizes in `{line.strip()}`"
                raise ValueError(f"line {node.lineno}: {said}") from None
            found[match[1]] = Argument(match[1], shape, "int" if match[3] == "int" else "float")
    return found


def _sizes(text: str) -> tuple[str, ...]:
    """`k, d*(d - 1)/2` as its parts. Errors: SyntaxError."""
    parts = ast.parse(f"({text},)", mode="eval").body
    if not isinstance(parts, ast.Tuple):  # n)(m
        raise SyntaxError
    return tuple(str(ast.get_source_segment(f"({text},)", part)) for part in parts.elts)


def _wrt(node: ast.FunctionDef, arguments: tuple[Argument, ...], takes_params: bool) -> tuple[str, ...]:
    document = ast.get_docstring(node) or ""
    said = re.search(r"grads holds (?:that|those) of ([\w,\s]+)\.", document)
    if said is not None:
        return tuple(re.split(r",\s+", said[1]))
    return ("params",) if takes_params and "dict like params" in document else tuple(a.name for a in arguments)


class UnknownSize(Exception):
    """A size whose names are not all known."""


_OF_SIZES: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Mod: operator.mod, ast.Pow: operator.pow,
    ast.FloorDiv: operator.floordiv, ast.Div: operator.floordiv,
}  # fmt: skip


def size(text: str, known: Mapping[str, int]) -> int:
    """A size as a number, `d*(d - 1)/2` at d = 3 is 3. Errors: UnknownSize; ValueError (not a whole number)."""
    return _size(ast.parse(text, mode="eval").body, known)


def _size(node: ast.expr, known: Mapping[str, int]) -> int:
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.Name(id=name):
            if name not in known:
                raise UnknownSize(name)
            return known[name]
        case ast.UnaryOp(op=ast.USub()):
            return -_size(node.operand, known)
        case ast.BinOp(op=op) if type(op) in _OF_SIZES:
            a, b = _size(node.left, known), _size(node.right, known)
            if isinstance(op, ast.Pow) and b * a.bit_length() > clock.MOST_BITS:
                raise ValueError(f"a size of {a}**{b}")
            if isinstance(op, ast.Div) and b and a % b:
                raise ValueError(f"{a}/{b} is not a whole number")
            return int(_OF_SIZES[type(op)](a, b))
    raise ValueError(f"a size of {ast.unparse(node)}")


def size_names(signature: Signature) -> tuple[str, ...]:
    """The free sizes of a function, in the order in which its arrays name them."""
    names: dict[str, None] = {}
    for argument in signature.arguments:
        for text in argument.shape:
            names.update({node.id: None for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)})
    return tuple(names)


def are_told(sizes: Mapping[str, int], signature: Signature) -> bool:
    """Whether lists of these sizes tell them: of rows that there are none of no length is seen, which is then 0."""
    told: set[str] = set()
    for argument in signature.arguments:
        for text in argument.shape:
            told.update(node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name))
            if not size(text, sizes):
                break
    return all(not sizes[name] for name in size_names(signature) if name not in told)

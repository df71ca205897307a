"""The functions that the compiler prints beside those of a model: a text has them to the letter, or it has its own.

Of each it is known that it is the function whose name it bears: the tests prove or try them, once for all texts. What
is written in any other way is run as it is written.

>>> tree = ast.parse("def clip(x, low, high):\\n    return min(max(x, low), high)\\n\\ndef sign(x):\\n    return x")
>>> standing(tree)
{'clip': 'proved'}
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from functools import cache

from mgc.compiler.emit.python import helpers, ieee
from mgc.compiler.language import library
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.compiler.verify.findings import Status
from mgc.compiler.verify.terms.functions import FUNCTIONS
from mgc.compiler.verify.text import reading

PROVED = frozenset(  # by algebra; the others are tried at points
    "max min sign clip sigmoid softplus logaddexp xlogy xlog1py sinc sin cos tan".split()
)


def is_library(node: ast.FunctionDef) -> bool:
    """Whether a function is mgc's own, to the letter: such a one may do what no other does, raise, catch, take rows."""
    return _form(node) in _forms(node.name)


def standing(tree: ast.Module) -> dict[str, Status]:
    """The functions of a file that stand for those of their names, and what is known of each: they are mgc's own, as is
    all that they call."""
    nodes = reading.functions(tree)
    free = reading.imported(tree) | nodes.keys() | set(dir(builtins))
    found: dict[str, Status] = {}
    for name in nodes.keys() & FUNCTIONS.keys():
        called = {name, *reading.reached(tree, [name])}
        if all(is_library(nodes[one]) and reading.mentioned(nodes[one]) <= free for one in called):
            found[name] = "proved" if called <= PROVED else "tested"
    return {name: found[name] for name in nodes if name in found}


def _form(node: ast.FunctionDef) -> str:
    """A function, whatever it calls its own names: they give way to those of a model's operations."""
    own = {name: str(number) for number, name in enumerate(reading.bound(node))}
    return re.sub(r"\b(arg|id)='(\w+)'", lambda one: f"{one[1]}={own.get(one[2], one[2])}", ast.dump(node))


@cache
def _forms(name: str) -> frozenset[str]:
    return frozenset(map(_form, printed(name)))


@cache
def printed(name: str) -> tuple[ast.FunctionDef, ...]:
    """A function as the compiler prints it: in one way, or two where `--ieee` has another."""
    if name in _fixed():
        return (_fixed()[name],)
    row = library.operation(name) if name not in library.RULES_ONLY else None
    if row is None or not row.body:
        return ()
    taken = ", ".join(argument.identifier for argument in row.arguments)
    source = f"def caller({taken}): return {name}({taken})"
    texts = [compile_source(source, name, Options(ieee=ieee)).text for ieee in (False, True)]
    return tuple(reading.functions(ast.parse(text))[name] for text in texts)


@cache
def _fixed() -> dict[str, ast.FunctionDef]:
    """Those that are printed as they stand."""
    texts = (helpers.CHECK_SHAPE, helpers.ELEMENT, inspect.getsource(ieee))
    found = {node.name: node for text in texts for node in reading.functions(ast.parse(text)).values()}
    for node in found.values():
        node.returns = None
        for argument in (*node.args.args, node.args.vararg):
            if argument is not None:
                argument.annotation = None
    return found

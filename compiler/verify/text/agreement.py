"""Whether an emitted text agrees with itself, and with the model, on what functions take and what they return.

>>> text = '''def f(x, a=2.0):
...     \"\"\"f of a.mg, line 1.\"\"\"
...     return a * x
... def f_value_and_grad(x, a=3.0):
...     \"\"\"f of a.mg, line 1, and its derivatives.\"\"\"
...     return a * x, (a, x)
... '''
>>> tree = ast.parse(text)
>>> of_signature(tree, reading.read(tree)[0], None)[0].what
'f_value_and_grad takes (x, a=3.0), and f takes (x, a=2.0)'
"""

from __future__ import annotations

import ast
import re

from mgc.compiler.module import Module
from mgc.compiler.verify.findings import Falsehood
from mgc.compiler.verify.text import parameters, reading
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.trace.values import NotRun

Taken = dict[str, float | str | None]  # the arguments in order, each with its default


def of_signature(tree: ast.Module, signature: Signature, module: Module | None) -> list[Falsehood]:
    """How the derivative's arguments are not the function's, or these not the model's."""
    functions = reading.functions(tree)
    taken = _taken(functions[signature.name])
    if signature.derivative is not None:
        derivative = functions[signature.derivative]
        first: Taken = {name: default for name, default in taken.items() if default is None}
        adjoints: Taken = {argument.name: None for argument in signature.adjoints}
        again = _taken(derivative)
        if list(again.items()) != list((first | adjoints | taken).items()):  # what has a default comes last
            said = f"{signature.derivative} takes {_said(again)}, and {signature.name} takes {_said(taken)}"
            return [_falsehood(derivative, signature, said)]
        documented = reading.documented(derivative)
        for one in signature.arguments:
            if documented.get(one.name, one) != one:
                said = f"the docstrings of {signature.derivative} and {signature.name} differ in what {one.name} is"
                return [_falsehood(derivative, signature, said)]
    for info in module.functions if module is not None else ():
        wanted: Taken = {"params": None} if info.parameters else {}
        wanted |= {a.emitted_name: None if a.default is None else float(a.default) for a in info.arguments}
        if info.emitted_name == signature.name and list(wanted.items()) != list(taken.items()):
            said = f"{signature.name} takes {_said(taken)}, and in the model {_said(wanted)}"
            return [_falsehood(functions[signature.name], signature, said)]
    return []


def _falsehood(node: ast.FunctionDef, signature: Signature, said: str) -> Falsehood:
    return Falsehood(node.name, said, node.lineno, signature.source_line)


def reordered(signature: Signature) -> str:
    """What is said of derivatives that are promised in another order than the arguments have; empty where they are not.

    `--wrt` gives them so, and so does a slip: the text alone does not tell.
    """
    inputs = [name for name in signature.order if name in signature.wrt]
    if signature.derivative is None or signature.wrt == ("params",) or not inputs or list(signature.wrt) == inputs:
        return ""
    said = ", ".join(signature.wrt)
    return f"not checked: the docstring has the derivatives in the order {said}, and the arguments stand in another"


def renamed(signature: Signature) -> str:
    """What is said of a function, or a derivative, that has not the name that mgc gives it; empty where it has."""
    model = signature.model.rstrip("_")
    if not re.fullmatch(rf"{model}_*(_\d+)?", signature.name):
        return f"{signature.model} is found under another name, {signature.name}"
    if signature.derivative is None or re.fullmatch(rf"{model}_+(value_and_grad|vjp)(_\d+)?", signature.derivative):
        return ""
    return f"the derivative of {signature.model} is found under another name, {signature.derivative}"


def _taken(node: ast.FunctionDef) -> Taken:
    names = [argument.arg for argument in node.args.args]
    defaults = [None] * (len(names) - len(node.args.defaults)) + [_default(one) for one in node.args.defaults]
    return dict(zip(names, defaults, strict=True))


def _default(node: ast.expr) -> float | str:
    text = ast.unparse(node)
    try:
        return float(text)
    except ValueError:
        return text


def _said(taken: Taken) -> str:
    return f"({', '.join(name if default is None else f'{name}={default}' for name, default in taken.items())})"


def of_parameters(tree: ast.Module, module: Module) -> str:
    """How the parameters that `init_params` creates are not the model's; empty where they are, or it is not read."""
    names = parameters.sizes(tree)
    if not module.parameters or parameters.line(tree) is None or len(names) != len(module.sizes):
        return ""
    known = {name: place + 3 for sizes in (names, module.sizes) for place, name in enumerate(sizes)}
    wanted = {one.name: tuple(reading.size(text, known) for text in one.shape) for one in module.parameters}
    try:
        found = parameters.shapes(tree, known)
    except (NotRun, reading.UnknownSize, ValueError):
        return ""
    for name in {**wanted, **found}:
        if wanted.get(name) != found.get(name):
            return f"it gives {name} the shape {found.get(name)}, and in the model it has {wanted.get(name)}"
    return ""

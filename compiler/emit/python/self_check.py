"""What `mgc compile --self-check` adds, compiled functions -> the functions that hold them to differences.

`python moons.py` then prints each derivative beside central differences, refined by one step of Richardson's
extrapolation (Richardson 1911), and exits with 1 if one is wrong. The step is chosen by the difference's own error
estimate, never by the answer that it is to check. The code keeps to what the audit of emitted text lets through:
no function is called but by its own name.

>>> free_names({"self_check", "loss"})["self_check"]
'self_check_2'
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from mgc.compiler.compiled import Compiled
from mgc.compiler.emit import interface
from mgc.compiler.emit.python.layout import WIDTH
from mgc.compiler.emit.python.operators import target as python_target
from mgc.compiler.emit.python.self_check_text import GENERIC, GUARD, REQUIRED
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.emit.tokens import INDENT
from mgc.compiler.graph.graph import Input, topological_order
from mgc.compiler.graph.nodes import Node
from mgc.compiler.lower import initialisers
from mgc.compiler.module import FunctionInfo
from mgc.compiler.names import words
from mgc.compiler.schedule.freeze import closed
from mgc.compiler.schedule.loopnest import Number, expressions, parts, walk

MOST = 10  # numbers of what is required around which arguments are drawn
NEAR, FAR = 1.5, 1e6  # nearer ones are tried anyway
LONGEST = 200  # an axis that is tried for what is required


def lines(compiled: Sequence[Compiled], functions: Sequence[FunctionInfo], taken: Collection[str]) -> list[str]:
    """The self-check's lines, none where nothing has a derivative; `taken` are the names of the file's functions.

    Derivatives that stop at a `detach` are not those of the value: they are left out.
    """
    known = zip(compiled, functions, strict=True)
    pairs = [(one, info) for one, info in known if info.gradient_name is not None and not info.is_detached]
    if not pairs:
        return []
    called = free_names(taken)
    generic, guard = (
        re.sub(r"\b\w+(?=\()", lambda word: called.get(word[0], word[0]), text) for text in (_generic(pairs), GUARD)
    )
    numbers = _numbers(pairs)
    cases = _cases(compiled, pairs, called["check_cases"], numbers)
    more = [] if numbers is None else ["", "", *_told(numbers, called["check_numbers"])]
    calls = _calls(pairs, called["check_call"])
    return [*generic.split("\n"), *more, "", "", *cases, "", "", *calls, *guard.split("\n")]


def _generic(pairs: Sequence[tuple[Compiled, FunctionInfo]]) -> str:
    """The functions that do not depend on the model, but for whether it requires anything."""
    text = GENERIC
    for old, new in REQUIRED.items() if _numbers(pairs) is not None else ():
        assert old in text
        text = text.replace(old, new)
    return text


def _numbers(pairs: Sequence[tuple[Compiled, FunctionInfo]]) -> list[float] | None:
    """The numbers of what is required, near 0 first; None where nothing is."""
    checks = [one.required.nest.body for one, _ in pairs if one.required is not None]
    found = [part for body in checks for item in walk(body) for part in parts(expressions(item))]
    numbers = {float(part.value) for part in found if isinstance(part, Number) and NEAR < abs(part.value) < FAR}
    return sorted(numbers, key=lambda number: (abs(number), number))[:MOST] if checks else None


def _told(numbers: Sequence[float], name: str) -> list[str]:
    head = [f"def {name}():", f'{INDENT}"""The numbers of what is required."""']
    return [*head, *[INDENT + line for line in _wrapped("return [", list(map(repr, numbers)), "]", WIDTH)]]


def free_names(taken: Collection[str]) -> dict[str, str]:
    """What each function of the self-check is called in a file that has functions of these names."""
    own = [*re.findall(r"^def (\w+)", GENERIC, re.MULTILINE), "check_cases", "check_call", "check_numbers"]
    return {name: words.safe(name, set(taken)) for name in own}


def _calls(pairs: Sequence[tuple[Compiled, FunctionInfo]], name: str) -> list[str]:
    body = []
    for _, info in pairs:
        for function in (info.emitted_name, info.gradient_name):
            body += [f'{INDENT}if name == "{function}":', f"{INDENT * 2}return {function}(*arguments)"]
    head = [f"def {name}(name, arguments):", f'{INDENT}"""The result of the function of that name."""']
    return [*head, *body, f"{INDENT}raise KeyError(name)"]


def _cases(
    compiled: Sequence[Compiled],
    pairs: Sequence[tuple[Compiled, FunctionInfo]],
    name: str,
    numbers: Sequence[float] | None,
) -> list[str]:
    parameters = initialisers.parameters([one.lowered for one in compiled])
    needed = any(info.parameters for _, info in pairs)
    free = interface.sizes(parameters) if needed else []
    cases = [_case(one, info) for one, info in pairs]
    sizes = list(dict.fromkeys([*(name for one, _ in pairs for name in _sizes(_signature(one)).values()), *free]))
    attempt, rng = words.safe("attempt", sizes), words.safe("rng", sizes)
    body = ['"""[(function, derivative, its arguments, adjoints, differentiated by)]."""']
    for place, size in enumerate(sizes):
        body.append(
            f"{size} = ({2 + place % 4}, {3 + (len(sizes) - 1 - place) % 4}, 4)[{attempt} % 3] + {attempt} // 15"
        )
    if numbers is not None and sizes:
        near = {int(number) + step for number in numbers if 1 < number < LONGEST for step in (-1, 0, 1)}
        known = words.safe("known", sizes)
        body += [f"if {attempt} > 44:", f"{INDENT}{rng} = Random({attempt})"]
        choices = list(map(str, sorted({*range(1, 10), *near})))
        drawn = [f"{size} = {known}[int(len({known}) * {rng}.random())]" for size in sizes]
        body += [INDENT + line for line in [*_wrapped(f"{known} = [", choices, "]", WIDTH - 2 * len(INDENT)), *drawn]]
    if needed:
        given = [attempt, *[f"{size}={size}" for size in free]]
        body += _wrapped("params = init_params(", given, ")", WIDTH - len(INDENT))
    body += ["return [", *[INDENT + line for case in cases for line in case], "]"]
    return [f"def {name}({attempt}):", *[INDENT + line for line in body]]


def _case(one: Compiled, info: FunctionInfo) -> list[str]:
    """One function: `("loss", "loss_value_and_grad", {"params": params, "X": (float, n, 2)}, [], [["W"]]),`."""
    signature = _signature(one)
    scope = Scope(python_target(False), sizes=_sizes(signature))
    called = _names(signature)
    arguments = ['"params": params'] if info.parameters else []
    for given in signature:
        if given.kind == "adjoint":
            arguments.append(f'"{called[given.node]}": None')
            continue
        sizes = ", ".join(scope.write(closed(size)) for size in given.sizes)
        arguments.append(f'"{called[given.node]}": ({given.node.dtype}, {sizes})' if sizes else
                         f'"{called[given.node]}": ({given.node.dtype},)')  # fmt: skip
    adjoints = [f'"{called[given.node]}"' for given in signature if given.kind == "adjoint"]
    wrt = [f'"{name}"' for name in info.wrt if name != "params"]
    dotted = [f'"{name}"' for name in info.parameters] if "params" in info.wrt else []
    width = WIDTH - 2 * len(INDENT)
    functions = [f'"{info.emitted_name}"', f'"{info.gradient_name}"']
    by = [f"[{', '.join(dotted)}]"] if dotted else []
    last = [f"[{', '.join(adjoints)}]", f"[{', '.join([*by, *wrt])}]"]
    line = f"({', '.join([*functions, '{' + ', '.join(arguments) + '}', *last])}),"
    if len(line) <= width:
        return [line]
    inner = width - len(INDENT)
    parts = [
        *[f"{name}," for name in functions],
        *_wrapped("{", arguments, "},", inner),
        *_wrapped("[", adjoints, "],", inner),
        *_differentiated_by(dotted, wrt, inner),
    ]
    return ["(", *[INDENT + part for part in parts], "),"]


def _differentiated_by(dotted: Sequence[str], names: Sequence[str], width: int) -> list[str]:
    """The list of names, that of the parameters' names as its first entry."""
    by = _wrapped("[", dotted, "]", 10**6) if dotted else []
    line = _wrapped("[", [*by, *names], "],", width)
    if len(line) == 1 or not dotted:
        return line
    parameters = _wrapped("[", dotted, "],", width - len(INDENT))
    return ["[", *[INDENT + part for part in [*parameters, *[f"{name}," for name in names]]], "],"]


def _wrapped(start: str, items: Sequence[str], end: str, width: int) -> list[str]:
    line = f"{start}{', '.join(items)}{end}"
    return [line] if len(line) <= width else [start, *[f"{INDENT}{item}," for item in items], end]


def _signature(one: Compiled) -> list[Input]:
    """The derivative's arguments after `params`, in its order: those with a default come last."""
    assert one.derivative is not None
    given = [given for given in one.derivative.inputs if given.kind != "parameter"]
    return sorted(given, key=lambda argument: argument.default is not None)


def _names(signature: Sequence[Input]) -> Mapping[Node, str]:
    """The author's names, and names beside them for the adjoints."""
    taken = {given.name for given in signature if given.kind == "argument"}
    called = {given.node: given.name for given in signature if given.kind == "argument"}
    for given in signature:
        if given.kind == "adjoint":
            called[given.node] = words.safe(given.name, taken)
            taken.add(called[given.node])
    return called


def _sizes(signature: Sequence[Input]) -> dict[str, str]:
    nodes = topological_order([size for given in signature if given.kind != "adjoint" for size in given.sizes])
    return {str(node.attribute): words.safe(str(node.attribute)) for node in nodes if node.op == "size"}

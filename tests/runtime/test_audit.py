"""Emitted text is audited before it runs: what the printer emits passes, everything else is refused."""

from __future__ import annotations

import inspect

import pytest

from mgc.compiler.emit.python import ieee
from mgc.runtime.audit import AuditError, audit, run

HARMLESS = '''"""Emitted."""

from __future__ import annotations

import math
from math import exp, tanh as tanh_
from random import Random

SCALE = -0.5


def helper(x):
    """A helper."""
    try:
        return math.log(x)
    except (ValueError, ZeroDivisionError):
        return math.nan


def f(params, X, y=1.0):
    if len(X) != 2:
        raise ValueError(f"X: expected 2 rows, found {len(X)}")
    rows = [[x * y for x in row if x > 0.0] for row in X]
    total = 0.0
    for i, row in enumerate(rows):
        total += sum(row) if i % 2 == 0 and not row else exp(-params["w"][0]) * X[i][-1]
    rows.append([total, *X[0]])
    while total > 10.0:
        total /= 2.0
    return {"total": total, "rows": rows[:1]}, Random(3).uniform(0.0, 1.0), tanh_(SCALE)
'''

GUARD = """
def check():
    return "", 0
if __name__ == "__main__":
    table, status = check()
    print(table)
    raise SystemExit(status)
"""

FORBIDDEN = {
    "import of another module": "import os",
    "import from another module": "from os import system",
    "import of a submodule": "import os.path",
    "renamed import": "import math as m",
    "relative import": "from . import math",
    "star import": "from math import *",
    "import of a private name": "from random import _os",
    "import of SystemRandom": "from random import SystemRandom",
    "import inside a function": "def f():\n    import sys",
    "call at module level": "print(1)",
    "call in a module constant": "X = len('a')",
    "comprehension at module level": "X = [i for i in range(10)]",
    "power at module level": "X = 9 ** 9 ** 9",
    "loop at module level": "for i in range(3):\n    pass",
    "main guard that works": GUARD.replace("print(table)", "print(table, status)"),
    "main guard that calls a builtin": GUARD.replace("= check()", "= sorted()"),
    "main guard that calls another module's function": "from math import exp" + GUARD.replace("= check()", "= exp()"),
    "main guard with arguments": GUARD.replace("= check()", "= check(1)"),
    "main guard with a longer body": GUARD + "    open('x')\n",
    "main guard with another name": GUARD.replace("__main__", "emitted"),
    "main guard turned round": GUARD.replace("==", "!="),
    "main guard with an else": GUARD + "else:\n    check()\n",
    "main guard that is not the end": GUARD + "X = 1\n",
    "two main guards": GUARD + GUARD,
    "print in a function": "def f(x):\n    print(x)",
    "assertion": "def f(x):\n    assert x",
    "eval": "def f(x):\n    return eval(x)",
    "exec": "def f(x):\n    exec(x)",
    "open": "def f(x):\n    return open(x)",
    "getattr": "def f(x):\n    return getattr(x, 'y')",
    "__import__": "def f(x):\n    return __import__('os')",
    "dunder name": "def f(x):\n    return __builtins__",
    "dunder attribute": "def f(x):\n    return x.__class__",
    "frame attribute": "def f(x):\n    return (i for i in x).gi_frame",
    "attribute of math that is none": "def f(x):\n    import math\n    return math.__loader__",
    "attribute of random": "import random\ndef f(x):\n    return random._os",
    "str.format": "def f(x):\n    return '{0.__class__}'.format(x)",
    "attribute assignment": "import math\ndef f(x):\n    math.pi = x",
    "call of an argument": "def f(x):\n    return x(1)",
    "call of an item": "def f(x):\n    return x[0](1)",
    "call of a result": "def g():\n    return 1\ndef f(x):\n    return g()(1)",
    "lambda": "def f(x):\n    return lambda: x",
    "class": "class A:\n    pass",
    "decorator": "def g(h):\n    return h\n@g\ndef f(x):\n    return x",
    "generator": "def f(x):\n    yield x",
    "async": "async def f(x):\n    return x",
    "with": "def f(x):\n    with x:\n        pass",
    "global": "def f(x):\n    global y\n    y = x",
    "delete": "def f(x):\n    del x",
    "walrus": "def f(x):\n    return (y := x)",
    "match": "def f(x):\n    match x:\n        case _:\n            return 1",
    "set": "def f(x):\n    return {x}",
    "dict comprehension": "def f(x):\n    return {i: i for i in x}",
    "bytes": "def f(x):\n    return b'x'",
    "complex": "def f(x):\n    return 1j",
    "ellipsis": "def f(x):\n    return ...",
    "bare except": "def f(x):\n    try:\n        return 1\n    except:\n        return 2",
    "named except": "def f(x):\n    try:\n        return 1\n    except ValueError as e:\n        return e",
    "format specification": "def f(x):\n    return f'{x:{x}}'",
    "double star": "def f(x):\n    return f(**x)",
    "name that is not ASCII": "def f(x):\n    \u00e9 = x\n    return x",
    "fullwidth dunder": "def f(x):\n    return x.\uff3f\uff3fclass\uff3f\uff3f",
    "not Python": "def f(x:\n",
    "NUL": "def f(x):\n    return 1\0",
    "nesting": "def f(x):\n    return " + "(" * 5000 + "x" + ")" * 5000,
}


def test_harmless_text_runs() -> None:
    emitted = run(HARMLESS, "<test>")
    assert list(emitted.lines) == ["helper", "f"]
    assert set(emitted.lines) <= set(emitted.namespace)


def test_guarded_helpers_pass() -> None:
    audit(inspect.getsource(ieee))


def test_the_guard_of_a_self_check_passes_and_is_dropped() -> None:
    assert [type(node).__name__ for node in audit(GUARD).body] == ["FunctionDef"]


@pytest.mark.parametrize("text", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_forbidden_construct_is_refused(text: str) -> None:
    with pytest.raises(AuditError):
        run(text, "<test>")


def test_builtins_are_only_the_listed_ones() -> None:
    function = run("def f(x):\n    return print", "<test>").namespace["f"]
    assert callable(function)
    with pytest.raises(NameError):
        function(1.0)


def test_refusal_names_the_line() -> None:
    with pytest.raises(AuditError, match=r"line 3: call of 'eval'"):
        audit("def f(x):\n    y = x\n    return eval(y)\n")


def test_long_function_is_no_deeper_than_a_short_one() -> None:
    body = "".join(f"    a{i} = x * {i}.0 + x\n" for i in range(20_000))
    audit(f"def f(x):\n{body}    return x\n")

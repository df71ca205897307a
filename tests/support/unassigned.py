"""A random program's emitted Python at many small sizes -> the names that it reads where no branch has assigned them.

>>> from support.programs import program
>>> unassigned(program(3), 3, "python")
set()
"""

from __future__ import annotations

import itertools

from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
from support.programs import Program, points
from support.trial import TARGETS, adjoints, parameters, python_caller

SIZES = tuple(itertools.product(range(4), range(4))) * 3  # each with other numbers


def unassigned(made: Program, seed: int, target: str) -> set[str]:
    """What UnboundLocalError says, of the value or of the derivatives; nothing else that is raised is looked at."""
    try:
        module = compile_source(made.text, "random.mg", TARGETS[target])
    except ModelError:
        return set()
    call, params = python_caller(module), parameters(module)
    told: set[str] = set()
    for point in points(made, seed, SIZES):
        try:
            found = call(point, params, [], False)
            call(point, params, adjoints(found.shapes or ()), True)
        except NameError as error:
            told.add(str(error))
        except Exception:
            continue
    return told

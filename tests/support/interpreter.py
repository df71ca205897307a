"""What a model means as numbers, straight from its syntax tree, with nothing of the compiler.

Nothing raises where a real function has no value: it is nan or inf there. Activations, losses and layers of the
language are defined here directly, and not by the prelude.

>>> from mgc.grammar.parser import parse
>>> run(parse("def f(x[n]): return sum(x[i]**2 for i) / n", "f.mg"), "f", {"x": [1.0, 3.0]})
5.0
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mgc.compiler.verify.reference.arrays import Nested
from mgc.compiler.verify.reference.core import Frame, Machine, integer
from mgc.compiler.verify.reference.reference import meaning, prelude
from mgc.grammar import tree
from mgc.grammar.parser import parse
from support.real_functions import FLOATS

LAYERS = """
layer linear[m](x[n]):
    param W[m, n] = zeros()
    param b[m] = 0
    return W @ x + b

layer mlp[*widths](x[n]):
    for m in widths[:-1]:
        x = relu(linear[m](x))
    return linear[widths[-1]](x)

layer layernorm(x[n]):
    param gain[n] = 1
    param bias[n] = 0
    centred = x - mean(x)
    return gain * centred / sqrt(mean(centred**2) + 1e-5) + bias
"""
_OWN = {d.name: d for d in parse(LAYERS, "layers.mg").declarations if isinstance(d, tree.Function)}


def run(
    files: tree.File | Sequence[tree.File],
    name: str,
    arguments: Mapping[str, Nested],
    params: Mapping[str, Nested] | None = None,
    constants: Mapping[str, float] | None = None,
) -> Nested:
    """The results of a function, numbers and nested lists, at arguments by name."""
    return meaning(files, name, arguments, params, constants, domain=FLOATS, library={**prelude(), **_OWN})


__all__ = ["Frame", "Machine", "integer", "run"]

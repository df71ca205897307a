"""What shows that something is false, as text: the whole call, to paste, and numbers as CPython writes them.

>>> from mpmath import mpf
>>> repr_of(mpf(1) / 3), repr_of(mpf(2) ** 2000)
('0.3333333333333333', '1.1481306952742545e+602')
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mpmath import mp  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.text.reading import Signature


def repr_of(value: Any) -> str:
    """The double that is nearest, and all of its digits; what is no double as it is."""
    double = float(value)
    is_beyond = math.isinf(double) != bool(mp.isinf(value)) or (not double and value)
    return str(mp.nstr(value, 17)) if is_beyond else repr(double)


def call(signature: Signature, name: str, inputs: Mapping[str, Any]) -> str:
    """Of the function or its derivative; `inputs` by name, `params` among them."""
    names = signature.order if name == signature.derivative else [one.name for one in signature.arguments]
    passed = [inputs[one] for one in (*["params"][: signature.takes_params], *names)]
    return f"{name}({', '.join(map(repr, passed))})"


def call_at(instance: Instance, point: Evaluation, name: str | None = None) -> str:
    """That of a point; of the derivative, unless another name is given."""
    signature = instance.signature
    inputs = {argument: _at(given, point) for argument, given in instance.inputs.items()}
    return call(signature, name or signature.derivative or signature.name, inputs)


def _at(given: Any, point: Evaluation) -> Any:
    """What stands in the place of symbols at a point."""
    if isinstance(given, dict):
        return {name: _at(part, point) for name, part in given.items()}
    if isinstance(given, list):
        return [_at(inner, point) for inner in given]
    return float(point.point[str(given.payload)]) if isinstance(given, Term) else given

"""C's types of a model's numbers: real ones are `double`, or `float` with the precision `float32`.

>>> REALS["float32"].literal(0.1), REALS["float32"].literal(1e-60), REALS["float64"].literal(0.1)
('0.1f', '0.0f', '0.1')
>>> REALS["float32"].literal(1e300), types(REALS["float32"])["float"]
('INFINITY', 'float')
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping

from msgspec import Struct

from mgc.compiler.graph.nodes import Dtype
from mgc.compiler.options import Precision


class Real(Struct, frozen=True):
    """The type of real numbers. `suffix` ends its literals, and the names of C's functions of it: `0.5f`, `expf`.

    `digits`: a decimal number of so many is told from all others. `code`: what `struct` calls the type.
    """

    name: str
    suffix: str
    bytes: int
    digits: int
    code: str

    def literal(self, value: float) -> str:
        """The shortest literal of the number of this type that is nearest."""
        value = self._nearest(value)
        if not math.isfinite(value):
            return "NAN" if math.isnan(value) else "INFINITY" if value > 0 else "-INFINITY"
        shown = (float(f"{value:.{digits}g}") for digits in range(self.digits, self.digits + 4))
        return f"{next(one for one in shown if self._nearest(one) == value)!r}{self.suffix}"

    def put_into(self, text: str, **words: str) -> str:
        """A text of C in which `@real` is the type and `@f` its suffix, and `@word` each of the other words."""
        known = {"real": self.name, "f": self.suffix, **words}
        return re.sub(r"@(\w+)", lambda word: known[word[1]], text)

    def _nearest(self, value: float) -> float:
        try:
            return float(struct.unpack(self.code, struct.pack(self.code, value))[0])
        except OverflowError:
            return math.copysign(math.inf, value)


DOUBLE, FLOAT = Real("double", "", 8, 15, "d"), Real("float", "f", 4, 6, "f")
REALS: Mapping[Precision, Real] = {"float64": DOUBLE, "float32": FLOAT}


def types(real: Real) -> dict[Dtype, str]:
    """How C calls the types of a loop nest."""
    return {"float": real.name, "int": "int64_t", "bool": "int"}

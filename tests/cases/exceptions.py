"""The cases that are not as the others, each with the reason; tests find out when a reason no longer holds."""

from __future__ import annotations

# Does not compile.
UNSUPPORTED: dict[str, str] = {}

# Bare Python raises at some of the points, in the derivatives.
RAISES: dict[str, str] = {
    "fpbench/herbie/Probabilities in a clustering algorithm": (
        "1 - 1/(1 + exp(-66)) is 0 in doubles, and its power to -0.99 raises (as in a plain translation)"
    ),
}

# A derivative that verification can only test: by the case's name.
TESTED: dict[str, str] = {}

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

# Takes more than a few seconds to verify: with --slow only.
SLOW: dict[str, str] = {
    "arma-arma11": "400 statements in a chain",
    "hmm_example-hmm_example": "99 steps of a recurrence in a chain, each a logsumexp",
    "mgh/20-Watson (n=6)": "60 sums of powers",
    "mgh/20-Watson (n=9)": "60 sums of powers",
    "mgh/20-Watson (n=12)": "60 sums of powers",
    "mgh/19-Osborne 2": "65 residuals of four exponentials each",
}

# Right, and verification says that it is false.
MISJUDGED: dict[str, str] = {}

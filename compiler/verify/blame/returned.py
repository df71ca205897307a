"""Whether the derivatives are all computed, and it is what is returned that is wrong: a name, a place, a key."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from mgc.compiler.verify.blame import evidence
from mgc.compiler.verify.blame.code import Code
from mgc.compiler.verify.blame.forward import Told
from mgc.compiler.verify.blame.listing import Listing
from mgc.compiler.verify.blame.values import same, values
from mgc.compiler.verify.certificate import Claim
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.trace.values import Stored


def no_derivative(listing: Listing, code: Code, false: Sequence[Claim]) -> Told | None:
    """A parameter for which the dict that is returned has no key: its derivative is then taken to be 0."""
    found = _entries(listing)
    if found is None:
        return None
    statement, entries = found
    for claim in false:
        if claim.emitted is terms.ZERO and claim.name not in entries:
            what = f"what it returns has no derivative by {claim.name}"
            shown = evidence.shown(code.prover, claim.emitted, claim.truth)
            local = code.renamed(claim.name)
            expected = f"'{claim.name}': d{local}" if f"d{local}" in listing.names else ""
            return Told(statement.lineno, what, expected and f"with {expected}", shown, is_certain=True)
    return None


def _entries(listing: Listing) -> tuple[ast.stmt, set[str]] | None:
    """The statement that has the dict of derivatives, and its keys; None where it is not written as one dict."""
    match listing.returned:
        case ast.Return(value=ast.Tuple(elts=[_, ast.Dict() as given])) as statement:
            return statement, _keys(given)
        case ast.Return(value=ast.Tuple(elts=[_, ast.Name(id=name)])):
            for one in reversed(listing.writing(name)):
                if isinstance(one, ast.Assign) and isinstance(one.value, ast.Dict):
                    return one, _keys(one.value)
    return None


def _keys(given: ast.Dict) -> set[str]:
    return {str(key.value) for key in given.keys if isinstance(key, ast.Constant)}


def other_derivative(listing: Listing, code: Code, points: Sequence[Evaluation], false: Sequence[Claim]) -> Told | None:
    """The derivatives are all there, and others are returned in their places."""
    given = listing.returned
    if given is None or not isinstance(given.value, ast.Tuple):
        return None
    last: dict[str, Stored] = {stored.name: stored for stored in code.prover.instance.stored}
    named = {variable: name for name, variable in code.differentiated().items()}
    for claim in false:
        own = last.get(named.get(claim.variable, ""))
        if claim.truth is None or (own is not None and own.cell is claim.emitted):
            return None
        truth = values(points, claim.truth)
        others = last.values() if own is None else [own]
        if not any(same(values(points, one.cell, one.guard), truth) for one in others):
            return None
    first = false[0]
    variable = code.renamed(first.name)
    right = named.get(first.variable, "")
    right = right.partition("[")[0] if right in last else ""
    expected = f"{right} in the place of the derivative by {variable}" if right else ""
    what = f"the derivative by {variable} that it returns is another one"
    found = _entries(listing)
    statement = found[0] if found is not None else given
    shown = evidence.shown(code.prover, first.emitted, first.truth)
    return Told(statement.lineno, what, expected, shown, is_certain=True)

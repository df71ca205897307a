"""Which statement of a wrong helper is to blame: the first that is not as mgc writes that helper today.

This only finds a place to name. That the helper is wrong is found without it.
"""

from __future__ import annotations

import ast
import difflib

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.compiler.verify.blame.edits import head
from mgc.compiler.verify.blame.listing import Listing
from mgc.compiler.verify.findings import Falsehood
from mgc.grammar.diagnostics import ModelError


def helper_falsehood(syntax: ast.Module, name: str, found: str) -> Falsehood:
    """The helper of that name is not the function of that name; `found` is a point that shows it."""
    ours = Listing(syntax, name)
    what = f"this is not the function {name}: {found}"
    line, statement, expected = _first_changed(ours, name) or (ours.function.lineno, "", "")
    if not statement:
        statement = f"def {name}({ast.unparse(ours.function.args)}):"
    return Falsehood(name, what, line, None, statement, expected)


def _first_changed(ours: Listing, name: str) -> tuple[int, str, str] | None:
    """Line, statement, and what mgc writes there; None where it writes the same or no such helper."""
    arguments = ", ".join(argument.arg for argument in ours.function.args.args)
    try:
        text = compile_source(f"def caller({arguments}): return {name}({arguments})", name, Options()).text
        theirs = Listing(ast.parse(text), name)
    except (ModelError, ValueError):
        return None
    mine, wanted = [[head(one) for one in listing.statements] for listing in (ours, theirs)]
    for kind, a, b, c, d in difflib.SequenceMatcher(None, mine, wanted, autojunk=False).get_opcodes():
        if kind != "equal":
            place = min(a, len(mine) - 1)
            return ours.statements[place].lineno, mine[place], "\n".join(wanted[c : min(d, c + max(1, b - a))])
    return None

"""A helper that is not as mgc writes it, where all is right with mgc's own in its place -> the statement to blame."""

from __future__ import annotations

import ast
import copy
import difflib
from collections.abc import Callable

from msgspec.structs import replace

from mgc.compiler.verify.blame.edits import head
from mgc.compiler.verify.blame.listing import Listing
from mgc.compiler.verify.findings import Falsehood
from mgc.compiler.verify.text import library


def of_helper(
    found: Falsehood, syntax: ast.Module, name: str, is_right: Callable[[ast.Module], bool]
) -> Falsehood | None:
    """What is false, told of a helper; None where that is not shown. `is_right`: whether nothing is false of a text."""
    for printed in library.printed(name):
        body = [printed if isinstance(one, ast.FunctionDef) and one.name == name else one for one in syntax.body]
        changed = copy.deepcopy(ast.Module(body, []))
        if is_right(changed):
            line, statement, expected = _differing(Listing(syntax, name), Listing(changed, name))
            what = f"{found.what}: this is not the function {name}"
            return replace(
                found, what=what, line=line, statement=statement, expected=expected, source_line=None, within=None
            )
    return None


def _differing(ours: Listing, theirs: Listing) -> tuple[int, str, str]:
    """The first statement that is another one: its line, how it reads, and how it should."""
    mine, wanted = ([head(one) for one in listing.statements] for listing in (ours, theirs))
    codes = difflib.SequenceMatcher(None, mine, wanted, autojunk=False).get_opcodes()
    kind, a, b, c, d = next(code for code in codes if code[0] != "equal" or code[2] == len(mine))
    if kind == "equal":
        return ours.function.lineno, f"def {ours.function.name}({ast.unparse(ours.function.args)}):", ""
    place = min(a, len(mine) - 1)
    return ours.statements[place].lineno, mine[place], "\n".join(wanted[c : min(d, c + max(1, b - a))])

"""Where the parser stopped inside an expression -> what to say: the rules for choices, ranges, brackets and signs.

>>> from mgc.grammar.lexer import Token
>>> found = Token("IF", "if", Span(2, 9, 2, 11))
>>> mistake = choice(Situation(found, None, None, (), frozenset(["NAME", "NUMBER"]), "y = if x > 0"))
>>> mistake.hint
'a choice is written `a if c else b`'
"""

from __future__ import annotations

from mgc.grammar.lexer import Mistake, shortened
from mgc.grammar.situation import OPERANDS, OPERATORS, Situation, described
from mgc.grammar.tree import Span


def choice(situation: Situation) -> Mistake | None:
    found, acceptable = situation.found, situation.acceptable
    if "ELSE" in acceptable and found.kind != "EQUAL":
        message = f"expected `else`, found {described(found)}"
        return Mistake(message, found.span, "both values are said: `a if c else b`")
    if found.kind == "IF" and "NUMBER" in acceptable:
        return Mistake("expected an expression, found `if`", found.span, "a choice is written `a if c else b`")
    if found.kind in ("IN", "NOT") and OPERATORS & acceptable:
        message = f"`{found.text}` does not stand between two values"
        return Mistake(message, found.span, "conditions are written `not a`, `a != b`")
    return None


def range_(situation: Situation) -> Mistake | None:
    """`for` where it does not stand, and ranges as Julia and MATLAB write them."""
    found, acceptable = situation.found, situation.acceptable
    if found.kind == "FOR" and OPERATORS & acceptable:
        hint = "write `[e for i]`, or `sum(e for i)`"
        return Mistake("`for` stands only in brackets or in a call", found.span, hint)
    if not situation.brackets or not {"IN", "FOR"} & acceptable:
        return None
    if found.kind == "LSQB" and "IN" in acceptable:
        hint = "`for` is followed by an index: `sum(x[i] for i)`"
        return Mistake(f"expected an index alone, found {described(found)}", found.span, hint)
    if (found.kind == "EQUAL" and "IN" in acceptable) or (found.kind == "COLON" and "COLON" not in acceptable):
        hint = "an index runs over a range, from 0 on: `for i in range(n)`"
        return Mistake(f"`{found.text}` makes no range", found.span, hint)
    return None


def expression(situation: Situation) -> Mistake | None:
    found, acceptable = situation.found, situation.acceptable
    if found.kind == "EQUAL":
        return _stray_equal(situation)
    if found.kind == "COMMA" and situation.follows in ("COMMA", "LPAR", "LSQB"):
        return Mistake("nothing stands before this comma", found.span, "remove it")
    if found.kind == "RSQB" and "NUMBER" in acceptable:
        return _nothing_in_brackets(situation)
    if found.kind == "DOT" and situation.follows in ("LSQB", "COMMA"):
        return Mistake("`...` stands for no axes here", found.span, "each axis is written: `X[:, 0]`")
    if situation.follows == "DOT":
        each = "functions act on each entry already: `abs(x)`" if found.kind == "LPAR" else ""
        hint = each or "operations act on each entry already: `x * y`; `A.T` is the transpose"
        return Mistake(f"expected `T` after `.`, found {described(found)}", found.span, hint)
    if found.kind == "STRING" and is_prime(situation):
        return prime(situation)
    if found.kind == "STRING" or (situation.previous is not None and situation.previous.kind == "STRING"):
        return Mistake("a string has no place in an expression", found.span, "values are numbers and arrays")
    if found.kind == "COMMA" and "RPAR" in acceptable:
        return Mistake("there are no tuples", found.span, "an array is written `[a, b]`, several results `return a, b`")
    if found.kind == "COMMA" and "_NEWLINE" in acceptable:
        if situation.statement is not None and situation.statement.kind == "REQUIRE":
            return Mistake("`require` takes one condition", found.span, "join conditions with `and`")
        return Mistake("only `return` takes several values", found.span, "write one assignment for each")
    return _missing_operator(situation)


def _nothing_in_brackets(situation: Situation) -> Mistake | None:
    """`[]`, `x[]`, and `x[i, ]`."""
    found = situation.found
    if situation.follows == "COMMA":
        return Mistake("nothing stands behind the comma", found.span, "remove it")
    if situation.follows != "LSQB":
        return None
    if "COLON" in situation.acceptable:
        hint = "write `x[i]`, or `x` for the whole array"
        return Mistake("expected an index, found `]`", found.span, hint)
    hint = "an array is made whole, `[e for i in range(n)]`, and a sum is `sum(e for i in range(n))`"
    return Mistake("an array has at least one entry", found.span, hint)


def _stray_equal(situation: Situation) -> Mistake:
    statement = situation.statement
    if statement is not None and statement.kind == "NAME" and not situation.brackets:
        hint = "write one line for each; `==` compares"
        return Mistake("a statement assigns once", situation.found.span, hint)
    return Mistake("`=` does not compare", situation.found.span, "write `==`")


def _missing_operator(situation: Situation) -> Mistake | None:
    found, previous = situation.found, situation.previous
    if previous is None or previous.kind not in OPERANDS or found.kind not in ("NAME", "NUMBER"):
        return None
    if "PLUS" not in situation.acceptable:
        return None
    if "//" in situation.line[: found.span.column]:
        hint = "`//` divides; a comment is written `# ...`"
        return Mistake(f"expected an operator before {described(found)}", found.span, hint)
    if previous.text == "lambda":
        return Mistake("there is no `lambda`", previous.span, "name the function: `def f(x): return ...`")
    if found.text == "is":
        return Mistake("there is no `is`", found.span, "write `==`")
    one, other = shortened(previous.text), shortened(found.text)
    hint = f"a product is written `{one}*{other}`" if previous.kind == "NUMBER" else "a product is written with `*`"
    if previous.kind == "NAME":
        hint = f"a call is written `{one}({other})`, a product `{one}*{other}`"
    if situation.is_in("["):
        hint = f"entries are separated by commas, and {hint}"
    return Mistake(f"expected an operator before {described(found)}", found.span, hint)


def is_prime(situation: Situation) -> bool:
    """Whether a quote stands right behind an operand, as the transpose does in MATLAB and Julia."""
    found, previous = situation.found, situation.previous
    if found.text[0] != "'" or previous is None or previous.kind not in OPERANDS:
        return False
    return (previous.span.end_line, previous.span.end_column) == (found.span.line, found.span.column)


def prime(situation: Situation) -> Mistake:
    operand = situation.previous.text if situation.previous and situation.previous.kind == "NAME" else "A"
    span = situation.found.span
    here = Span(span.line, span.column, span.line, span.column + 1)
    return Mistake("`'` is not in the language", here, f"the transpose is written `{shortened(operand)}.T`")

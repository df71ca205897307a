"""Where the parser stopped -> what to say: expected, found, and what the language has instead.

>>> from mgc.grammar.lexer import Token
>>> at = Span(3, 9, 3, 10)
>>> found = Token("RPAR", ")", at)
>>> mistake = explain(Situation(found, None, None, (), frozenset(["NAME", "NUMBER", "LPAR"]), "y = )"))
>>> mistake.message
'expected an expression, found `)`'
"""

from __future__ import annotations

import re
from collections.abc import Callable

from mgc.grammar import tables
from mgc.grammar.expression_messages import choice, expression, is_prime, prime, range_
from mgc.grammar.lexer import CLOSER, Mistake, is_reserved, shortened
from mgc.grammar.situation import DECLARATIONS, Situation, described, expected, listed
from mgc.grammar.tree import Span
from mgc.grammar.vocabulary import SIGNS, STATEMENTS


def explain(situation: Situation) -> Mistake:
    """The message for a token that the grammar does not allow: that of the first rule that knows the case."""
    for rule in RULES:
        if mistake := rule(situation):
            return mistake
    raise AssertionError("the last rule knows every situation")


OPENERS = {  # of a declaration or a statement: inside brackets they mean that the bracket was left open
    *("DEF", "IMPORT", "RETURN", "CONST", "PARAM", "LAYER", "MODEL", "OP", "DOMAIN", "ACCURATE", "NATIVE"),
    "REQUIRE",
}
ARGUMENT_ENDS = {"COMMA", "RPAR", "LSQB", "COLON", "EQUAL"}  # what may follow the name of an argument
NUMBER = re.compile(r"[ \t]*+\w++[ \t]*+:?=[ \t]*+[-+]?[0-9.]")  # a line that gives a name a number
BRACKETS = re.compile(r"\b(\w++)((?:\[[^][]*+\]){2,})")  # sizes that C and Java write one by one: `x[n][m]`


# --- rules, from the most special to the most general


def _foreign_sign(situation: Situation) -> Mistake | None:
    found, text = situation.found, situation.found.text
    if found.kind not in ("FOREIGN", "OTHER"):
        return None
    if text[0] in "\"'":
        if is_prime(situation):
            return prime(situation)
        hint = f"add the missing {text}"
        return Mistake("the string is never closed", found.span, hint, final=len(text) == 3)
    if text not in SIGNS and text[-1] == "=" and len(text) > 1:
        name = situation.previous.text if situation.previous and situation.previous.kind == "NAME" else "x"
        whole = {"+": ", or all at once: `sum(e for i)`", "*": ", or all at once: `prod(e for i)`"}.get(text[:-1], "")
        hint = f"write `{shortened(name)} = {shortened(name)} {text[:-1]} ...`{whole}"
        return Mistake(f"`{text}` is not in the language", found.span, hint)
    if text.isascii():
        return Mistake(f"`{text}` is not in the language", found.span, _sign(situation))
    span = Span(found.span.line, found.span.column, found.span.line, found.span.column + 1)
    message = f"the character `{text[0]}` (U+{ord(text[0]):04X}) is not in the language"
    return Mistake(message, span, SIGNS.get(text[0], "names are made of a-z, A-Z, Greek letters, 0-9 and `_`"))


def _sign(situation: Situation) -> str | None:
    """What to write for a sign that means something else where it stands here than it does by itself."""
    text = situation.found.text
    if text == ";" and situation.is_in("("):
        return "arguments are separated by commas: `f(x, y)`"
    if text == ";" and situation.is_in("["):
        return "entries are separated by commas, `[a, b]`, and rows too, `[[a, b], [c, d]]`"
    if text == "{" and not situation.brackets and "COLON" in situation.acceptable:
        return "a body is indented below a `:`"
    if text == "}" and situation.opens_statement:
        return "a block ends where its indentation does"
    return SIGNS.get(text)


def _foreign_comment(situation: Situation) -> Mistake | None:
    """A statement that begins as a comment does in C, MATLAB, Lua or SQL."""
    found = situation.found
    if not situation.opens_statement or found.kind not in ("DOUBLESLASH", "SLASH", "PERCENT", "MINUS"):
        return None
    return Mistake(f"a statement does not begin with `{found.text}`", found.span, "a comment is written `# ...`")


def _never_closed(situation: Situation) -> Mistake | None:
    found, previous = situation.found, situation.previous
    if not situation.brackets or previous is None:
        return None
    opener = situation.brackets[-1]
    starts_line = found.span.line > previous.span.end_line
    ended = starts_line and {"RPAR", "RSQB", "COMMA"} & situation.acceptable
    if not ended and found.kind not in OPENERS:
        return None
    return Mistake(
        f"`{opener.text}` is never closed",
        opener.span,
        f"add the missing `{CLOSER[opener.text]}` before {described(found)}",
        ((f"found {described(found)} while it is still open", found.span),),
    )


def _foreign_statement(situation: Situation) -> Mistake | None:
    word = situation.statement
    if word is None or word.text not in STATEMENTS:
        return None
    if not situation.opens_statement and situation.previous is not word:
        return None
    return Mistake(f"there is no `{word.text}` statement", word.span, STATEMENTS[word.text])


def _layout(situation: Situation) -> Mistake | None:
    found, acceptable, previous = situation.found, situation.acceptable, situation.previous
    if found.kind == "_INDENT":
        return Mistake("unexpected indentation", found.span, "only what follows a `:` is indented")
    if acceptable == {"_INDENT"}:
        return Mistake("expected an indented block after `:`", found.span, "indent the body by 4 spaces")
    if found.kind == "_NEWLINE" and "COLON" in acceptable and not situation.brackets:
        return Mistake("missing `:` at the end of the line", found.span)
    if found.kind in ("_DEDENT", tables.END) and previous is not None:
        return Mistake("expected a statement after the docstring", previous.span, "add `return ...`")
    return None


def _statement(situation: Situation) -> Mistake | None:
    found, acceptable = situation.found, situation.acceptable
    if acceptable - {"_NEWLINE"} == {"COMMA", "EQUAL"} and not situation.brackets:
        return _not_assigned(situation)
    if not situation.opens_statement:
        return None
    if found.kind == "REQUIRE":
        return _require(situation)
    if found.kind == "RETURN":
        hint = "indent it, below a `def`, a `layer` or a `model`"
        return Mistake("`return` outside a definition", found.span, hint)
    if "DEF" in acceptable:
        message = f"expected a declaration ({listed(DECLARATIONS)}), found {described(found)}"
        return Mistake(message, found.span, _declaration(situation))
    if found.kind in DECLARATIONS:
        message = f"`{found.text}` stands at file level, not inside a definition"
        return Mistake(message, found.span, "begin the line in column 1")
    if found.kind == "STRING":
        return Mistake("a docstring comes first in a definition", found.span, "write a comment: `# ...`")
    if "RETURN" in acceptable:
        hint = "a statement is `name = expression`, `a, b = f(x)`, `return expression` or a `for` loop"
        return Mistake(f"expected a statement, found {described(found)}", found.span, hint)
    return None


def _require(situation: Situation) -> Mistake:
    found, acceptable = situation.found, situation.acceptable
    if "DOMAIN" in acceptable:
        return Mistake("an op requires nothing", found.span, "where it is defined is said by `domain x > 0`")
    hint = "it speaks of what is given: move it above all other statements, below the docstring"
    if "DEF" in acceptable:
        hint = "indent it, below a `def` or a `model`"
    if situation.follows == "COLON":
        hint = "give each statement a line of its own, indented below the definition"
    return Mistake("`require` comes first in a definition", found.span, hint)


def _declaration(situation: Situation) -> str | None:
    """What to write for a line at file level that begins with no word of a declaration."""
    if situation.found.kind == "STRING":
        return "a comment is written `# ...`; a docstring comes first in a definition"
    if situation.found.kind == "AT":
        return "nothing stands before a definition: remove the line"
    if situation.found.kind != "NAME":
        return None
    if NUMBER.match(situation.line):
        return "a constant is written `const name = 3`"
    return "a function is written `def f(x): return ...`"


def _not_assigned(situation: Situation) -> Mistake:
    """A statement that begins with a name and neither goes on with `,` nor with `=`."""
    found, name = situation.found, shortened(situation.statement.text if situation.statement else "x")
    hints = {
        "LSQB": f"an array is made whole: `{name} = [e for i]`",
        "COLON": f"types stand only on arguments; write `{name} = ...`",
        "NAME": f"nothing stands before a name that is assigned: `{shortened(found.text)} = ...`",
    }
    hint = hints.get(found.kind, f"write `{name} = expression`, or `return expression`")
    if name == "self":
        hint = "a parameter needs no `self`: `param w[n] = 0`, and `w` from there on"
    elif is_reserved(name.lower()):
        hint = f"write `{name.lower()}`"
    return Mistake(f"expected `=` after `{name}`, found {described(found)}", found.span, hint)


def _header(situation: Situation) -> Mistake | None:
    found, acceptable, statement = situation.found, situation.acceptable, situation.statement
    if found.kind == "LSQB" and acceptable == {"LPAR"} and statement is not None:
        message = f"a `{statement.text}` has no sizes in brackets"
        hint = "a `layer` has; the sizes of arrays are bound by the arguments: `x[n]`"
        return Mistake(message, found.span, hint)
    if acceptable == {"STRING"}:
        hint = 'functions such as `sin(x)` need no import; a model file is imported as `import "file.mg"`'
        return Mistake(f"expected the name of a file, found {described(found)}", found.span, hint)
    if "LPAR" in acceptable and not acceptable - {"LPAR", "LSQB"}:
        hint = "arguments stand in parentheses: `def f(x): return ...`"
        return Mistake(f"expected `(`, found {described(found)}", found.span, hint)
    if acceptable == {"COLON"}:
        is_layer = found.kind == "LPAR" and statement is not None and statement.kind == "LAYER"
        hint = "the sizes of a layer stand in square brackets, `layer linear[m](x[n])`"
        hint = hint if is_layer else "a body follows a colon: `def f(x): return ...`"
        return Mistake(f"expected `:`, found {described(found)}", found.span, hint)
    if acceptable == {"COMMA", "IN"}:
        message = f"expected `in`, found {described(found)}"
        return Mistake(message, found.span, "a loop says its range: `for t in range(T): ...`")
    wants_name = "NAME" in acceptable and not acceptable & {"NUMBER", "RETURN"}
    if wants_name and found.kind != "NAME" and found.text.isalpha():
        return Mistake(f"`{found.text}` is a reserved word", found.span, "choose another name")
    if acceptable == {"NAME"} and situation.follows == "COLON" and found.kind == "LSQB":
        return Mistake("sizes stand right after the name", found.span, "an array of n numbers is written `x[n]`")
    if acceptable == {"NAME"} and situation.follows != "DOT":
        hint = "a name begins with a letter, and goes on with letters, digits and `_`"
        return Mistake(f"expected a name, found {described(found)}", found.span, hint)
    if statement is not None and statement.kind == "CONST" and acceptable == {"EQUAL"}:
        return Mistake(f"expected `=`, found {described(found)}", found.span, "a constant has a value: `const k = 3`")
    return None


def _arguments(situation: Situation) -> Mistake | None:
    """What stands between the parentheses of a definition, or in the brackets of a parameter."""
    found, acceptable, statement = situation.found, situation.acceptable, situation.statement
    if found.kind in ("STAR", "POWER") and situation.follows in ("LPAR", "COMMA"):
        message = f"`{found.text}` unpacks nothing here"
        return Mistake(message, found.span, "arguments are written out one by one")
    if statement is None or statement.kind not in ("DEF", "LAYER", "MODEL", "OP", "PARAM"):
        return None
    if statement.kind == "PARAM" and found.kind == "_NEWLINE" and "EQUAL" in acceptable:
        hint = "a parameter begins somewhere: `param W[m, n] = uniform(-1, 1)`, `param b = 0`"
        return Mistake("expected `=`, found the end of the line", found.span, hint)
    if (found.kind == "COLON" and situation.is_in("[")) or (found.kind == "RSQB" and situation.follows == "LSQB"):
        hint = "an array has a size for each axis, a name or a number: `x[n]`, `X[n, 2]`"
        hint = "without sizes a layer has no brackets: `layer f(x[n])`" if "STAR" in acceptable else hint
        return Mistake(f"expected a size, found {described(found)}", found.span, hint)
    if not situation.brackets:
        return None
    if found.kind == "LSQB" and acceptable == {"RPAR", "COMMA", "EQUAL"}:
        hint = "the shape follows the name: `x[n]`, `k[n]: int`"
        return Mistake("a type has no shape", found.span, hint)
    if found.kind == "LSQB" and statement.kind == "OP":
        return Mistake("the arguments of an op are scalars", found.span, "a function of arrays is a `def`")
    if found.kind == "LSQB" and situation.follows == "RSQB" and acceptable == ARGUMENT_ENDS - {"LSQB"}:
        written = [m for m in BRACKETS.finditer(situation.line) if m.start() < found.span.column <= m.end()]
        sizes = f"{written[0][1]}{written[0][2].replace('][', ', ')}" if written else "x[n, m]"
        return Mistake("all sizes stand in one pair of brackets", found.span, f"write `{shortened(sizes)}`")
    if found.kind == "NAME" and situation.follows == "NAME" and acceptable == ARGUMENT_ENDS:
        hint = f"the type follows the name: `{shortened(found.text)}: int`; arguments are separated by commas"
        return Mistake(f"expected `,` or `)`, found {described(found)}", found.span, hint)
    return None


def _general(situation: Situation) -> Mistake:
    found, previous, hint = situation.found, situation.previous, None
    if found.kind == "_NEWLINE" and "NUMBER" in situation.acceptable and previous is not None:
        hint = f"write what comes after `{shortened(previous.text)}`; in brackets a line may go on in the next"
    return Mistake(f"expected {expected(situation.acceptable)}, found {described(found)}", found.span, hint)


RULES: tuple[Callable[[Situation], Mistake | None], ...] = (
    _foreign_sign,
    _foreign_comment,
    _never_closed,
    _foreign_statement,
    _layout,
    _statement,
    _header,
    _arguments,
    choice,
    range_,
    expression,
    _general,
)

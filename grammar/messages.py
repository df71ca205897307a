"""Where the parser stopped -> what to say: expected, found, and what the language has instead.

>>> at = Span(3, 9, 3, 10)
>>> found = Token("RPAR", ")", at)
>>> mistake = explain(Situation(found, None, None, (), frozenset(["NAME", "NUMBER", "LPAR"]), "y = )"))
>>> mistake.message
'expected an expression, found `)`'
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from mgc.grammar import tables
from mgc.grammar.lexer import CLOSER, Mistake, Token, shortened
from mgc.grammar.tree import Span
from mgc.grammar.vocabulary import SIGNS, STATEMENTS


@dataclass(frozen=True, slots=True)
class Situation:
    """A token that cannot stand where it does, what came before it, and the kinds that could stand there."""

    found: Token
    previous: Token | None
    statement: Token | None  # the first token of the statement
    brackets: tuple[Token, ...]  # the innermost open one, if any
    acceptable: frozenset[str]
    line: str  # on which the token stands

    @property
    def opens_statement(self) -> bool:
        return self.found is self.statement

    @property
    def follows(self) -> str:
        """What kind of token stood before; empty at the beginning."""
        return self.previous.kind if self.previous else ""


def explain(situation: Situation) -> Mistake:
    """The message for a token that the grammar does not allow: that of the first rule that knows the case."""
    for rule in RULES:
        if mistake := rule(situation):
            return mistake
    raise AssertionError("the last rule knows every situation")


# --- kinds of tokens

OPENERS = {  # of a declaration or a statement: inside brackets they mean that the bracket was left open
    *("DEF", "IMPORT", "RETURN", "CONST", "PARAM", "LAYER", "MODEL", "OP", "DOMAIN", "ACCURATE", "NATIVE"),
}

WORDS = {
    "_NEWLINE": "the end of the line",
    "_INDENT": "an indented block",
    "_DEDENT": "the end of the block",
    tables.END: "the end of the file",
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": "a string",
}

OPERATORS = {
    *("AND", "OR", "IF", "PLUS", "MINUS", "STAR", "SLASH", "DOUBLESLASH", "PERCENT", "AT", "POWER", "DOT"),
    *("LESS", "LESSEQUAL", "GREATER", "GREATEREQUAL", "EQEQUAL", "NOTEQUAL", "LSQB", "LPAR"),
}
ARGUMENT_ENDS = {"COMMA", "RPAR", "LSQB", "COLON", "EQUAL"}  # what may follow the name of an argument
STARTERS = {"NAME", "NUMBER", "LPAR", "LSQB", "MINUS", "PLUS", "NOT"}  # of an expression
DECLARATIONS = {"DEF", "LAYER", "MODEL", "PARAM", "CONST", "OP", "IMPORT"}
OPERANDS = {"NAME", "NUMBER", "RPAR", "RSQB"}  # that an operand may end with


# --- rules, from the most special to the most general


def _foreign_sign(situation: Situation) -> Mistake | None:
    found, text = situation.found, situation.found.text
    if found.kind not in ("FOREIGN", "OTHER"):
        return None
    if text[0] in "\"'":
        hint = f"add the missing {text}"
        return Mistake("the string is never closed", found.span, hint, final=len(text) == 3)
    if text not in SIGNS and text[-1] == "=" and len(text) > 1:
        name = situation.previous.text if situation.previous and situation.previous.kind == "NAME" else "x"
        whole = {"+": ", or all at once: `sum(e for i)`", "*": ", or all at once: `prod(e for i)`"}.get(text[:-1], "")
        hint = f"write `{shortened(name)} = {shortened(name)} {text[:-1]} ...`{whole}"
        return Mistake(f"`{text}` is not in the language", found.span, hint)
    if text.isascii():
        return Mistake(f"`{text}` is not in the language", found.span, SIGNS.get(text))
    span = Span(found.span.line, found.span.column, found.span.line, found.span.column + 1)
    message = f"the character `{text[0]}` (U+{ord(text[0]):04X}) is not in the language"
    return Mistake(message, span, SIGNS.get(text[0], "names are made of a-z, A-Z, Greek letters, 0-9 and `_`"))


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
        f"add the missing `{CLOSER[opener.text]}` before {_described(found)}",
        ((f"found {_described(found)} while it is still open", found.span),),
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
    if found.kind == "RETURN":
        hint = "indent it, below a `def`, a `layer` or a `model`"
        return Mistake("`return` outside a definition", found.span, hint)
    if "DEF" in acceptable:
        message = f"expected a declaration ({_listed(DECLARATIONS)}), found {_described(found)}"
        return Mistake(message, found.span, _declaration(situation))
    if found.kind in DECLARATIONS:
        message = f"`{found.text}` stands at file level, not inside a definition"
        return Mistake(message, found.span, "begin the line in column 1")
    if found.kind == "STRING":
        return Mistake("a docstring comes first in a definition", found.span, "write a comment: `# ...`")
    if "RETURN" in acceptable:
        hint = "a statement is `name = expression`, `return expression` or a `for` loop"
        return Mistake(f"expected a statement, found {_described(found)}", found.span, hint)
    return None


def _declaration(situation: Situation) -> str | None:
    """What to write for a line at file level that begins with no word of a declaration."""
    if situation.found.kind == "STRING":
        return "a comment is written `# ...`; a docstring comes first in a definition"
    if situation.found.kind != "NAME":
        return None
    if re.search(r"\w[ \t]*\(.*\)[ \t]*[:={]", situation.line):
        return "a function is written `def f(x): return ...`"
    return "a constant is written `const name = 3`"


def _not_assigned(situation: Situation) -> Mistake:
    """A statement that begins with a name and neither goes on with `,` nor with `=`."""
    found, name = situation.found, shortened(situation.statement.text if situation.statement else "x")
    hints = {
        "LSQB": f"an array is made whole: `{name} = [e for i]`",
        "COLON": f"types stand only on arguments; write `{name} = ...`",
        "NAME": f"nothing stands before a name that is assigned: `{shortened(found.text)} = ...`",
    }
    hint = hints.get(found.kind, f"write `{name} = expression`, or `return expression`")
    return Mistake(f"expected `=` after `{name}`, found {_described(found)}", found.span, hint)


def _header(situation: Situation) -> Mistake | None:
    found, acceptable, statement = situation.found, situation.acceptable, situation.statement
    if found.kind == "LSQB" and acceptable == {"LPAR"} and statement is not None:
        message = f"a `{statement.text}` has no sizes in brackets"
        hint = "a `layer` has; the sizes of arrays are bound by the arguments: `x[n]`"
        return Mistake(message, found.span, hint)
    if acceptable == {"STRING"}:
        hint = 'functions such as `sin(x)` need no import; a model file is imported as `import "file.mg"`'
        return Mistake(f"expected the name of a file, found {_described(found)}", found.span, hint)
    if found.kind in ("STAR", "POWER") and situation.follows in ("LPAR", "COMMA"):
        message = f"`{found.text}` unpacks nothing here"
        return Mistake(message, found.span, "arguments are written out one by one")
    if found.kind == "LSQB" and acceptable == {"RPAR", "COMMA", "EQUAL"}:
        hint = "the shape follows the name: `x[n]`, `k[n]: int`"
        return Mistake("a type has no shape", found.span, hint)
    if found.kind == "LSQB" and statement is not None and statement.kind == "OP" and situation.brackets:
        return Mistake("the arguments of an op are scalars", found.span, "a function of arrays is a `def`")
    if found.kind == "NAME" and situation.follows == "NAME" and acceptable == ARGUMENT_ENDS:
        hint = f"the type follows the name: `{shortened(found.text)}: int`; arguments are separated by commas"
        return Mistake(f"expected `,` or `)`, found {_described(found)}", found.span, hint)
    if acceptable == {"COMMA", "IN"}:
        message = f"expected `in`, found {_described(found)}"
        return Mistake(message, found.span, "a loop says its range: `for t in range(T): ...`")
    wants_name = "NAME" in acceptable and not acceptable & {"NUMBER", "RETURN"}
    if wants_name and found.kind != "NAME" and found.text.isalpha():
        return Mistake(f"`{found.text}` is a reserved word", found.span, "choose another name")
    return None


def _expression(situation: Situation) -> Mistake | None:
    found, acceptable = situation.found, situation.acceptable
    if found.kind == "EQUAL":
        return _stray_equal(situation)
    if found.kind == "COMMA" and situation.follows in ("COMMA", "LPAR", "LSQB"):
        return Mistake("nothing stands before this comma", found.span, "remove it")
    if found.kind == "RSQB" and situation.follows == "LSQB" and "NUMBER" in acceptable and "COLON" not in acceptable:
        hint = "an array is made whole, `[e for i in range(n)]`, and a sum is `sum(e for i in range(n))`"
        return Mistake("an array has at least one entry", found.span, hint)
    if "ELSE" in acceptable:
        message = f"expected `else`, found {_described(found)}"
        return Mistake(message, found.span, "both values are said: `a if c else b`")
    if found.kind == "STRING" or (situation.previous is not None and situation.previous.kind == "STRING"):
        return Mistake("a string has no place in an expression", found.span, "values are numbers and arrays")
    if found.kind == "COMMA" and "RPAR" in acceptable:
        return Mistake("there are no tuples", found.span, "an array is written `[a, b]`, several results `return a, b`")
    if found.kind == "COMMA" and "_NEWLINE" in acceptable:
        return Mistake("only `return` takes several values", found.span, "write one assignment for each")
    if found.kind == "FOR" and OPERATORS & acceptable:
        hint = "write `[e for i]`, or `sum(e for i)`"
        return Mistake("`for` stands only in brackets or in a call", found.span, hint)
    if found.kind in ("IN", "NOT") and OPERATORS & acceptable:
        message = f"`{found.text}` does not stand between two values"
        return Mistake(message, found.span, "conditions are written `not a`, `a != b`")
    return _missing_operator(situation)


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
        return Mistake(f"expected an operator before {_described(found)}", found.span, hint)
    if previous.text == "lambda":
        return Mistake("there is no `lambda`", previous.span, "name the function: `def f(x): return ...`")
    if found.text == "is":
        return Mistake("there is no `is`", found.span, "write `==`")
    hint = f"a product is written `{shortened(previous.text)}*{shortened(found.text)}`"
    hint = hint if previous.kind in ("NAME", "NUMBER") else "a product is written with `*`"
    return Mistake(f"expected an operator before {_described(found)}", found.span, hint)


def _general(situation: Situation) -> Mistake:
    found = situation.found
    return Mistake(f"expected {_expected(situation.acceptable)}, found {_described(found)}", found.span)


RULES: tuple[Callable[[Situation], Mistake | None], ...] = (
    _foreign_sign,
    _foreign_comment,
    _never_closed,
    _foreign_statement,
    _layout,
    _statement,
    _header,
    _expression,
    _general,
)


# --- words


def _described(token: Token) -> str:
    if token.kind in ("NAME", "NUMBER") or token.kind not in WORDS:
        return f"`{shortened(token.text)}`"
    return WORDS[token.kind]


def _expected(acceptable: frozenset[str]) -> str:
    """The kinds in words: an expression or an operator stands for all that begin or continue one."""
    words, rest = [], set(acceptable)
    if {"NAME", "NUMBER"} <= rest:
        words.append("an expression")
        rest -= STARTERS
    elif {"PLUS", "STAR"} <= rest:
        rest -= OPERATORS  # an operator may always follow: what could end the expression says more
    if rest >= DECLARATIONS:
        words.append("a declaration")
        rest -= DECLARATIONS
    words += [WORDS[kind] for kind in sorted(rest) if kind in WORDS]
    words += [f"`{text}`" for text in _spellings(rest)]
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _listed(kinds: set[str]) -> str:
    return ", ".join(_spellings(kinds))


def _spellings(kinds: set[str]) -> list[str]:
    return [text for text, kind in sorted(tables.load().fixed.items()) if kind in kinds]

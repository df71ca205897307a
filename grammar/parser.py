"""Text -> syntax tree: an LALR(1) parser over tables made ahead of time, iterative from end to end.

>>> tree = parse("def f(x): return x**2", "f.mg")
>>> tree.declarations[0].name
'f'
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import cast

from mgc.grammar import actions, expression_actions, tables
from mgc.grammar.diagnostics import Diagnostic, ModelError, Note
from mgc.grammar.lexer import Mistake, Progress, Token, tokens
from mgc.grammar.messages import explain
from mgc.grammar.situation import Situation
from mgc.grammar.tree import Declaration, File, Span

MAX_BYTES = 16 * 2**20
MAX_DIAGNOSTICS = 10

Action = Callable[..., object]


def parse(text: str | bytes, path: str, first_line: int = 1) -> File:
    """The tree of a file, whose spans count lines from `first_line`.

    Raises ModelError, with one message for each broken declaration as far as that can be told (at most 10).
    """
    source = _decoded(text, path)
    try:
        return File(path, source, tuple(_declarations(source, first_line)))
    except Mistake as mistake:
        mistakes = [mistake, *_later_mistakes(source, first_line, mistake)]
    lines = source.split("\n")
    raise ModelError(*(_diagnostic(mistake, path, lines, first_line) for mistake in mistakes))


def _declarations(source: str, first_line: int) -> list[Declaration]:
    """Runs the automaton: `states` and `values` are its stack, each state beside the value that led to it."""
    rows, rules, actions = _machine()
    progress = Progress()
    states: list[int] = [0]
    values: list[object] = []
    previous: Token | None = None
    for token in tokens(source if source.endswith("\n") else source + "\n", progress, first_line):
        kind = token.kind
        while (target := rows[states[-1]].get(kind)) is not None and target < 0:
            size, symbol, _ = rules[~target]
            if size:
                value = actions[~target](*values[-size:])
                del states[-size:], values[-size:]
            else:
                value = actions[~target]()
            states.append(rows[states[-1]][symbol])
            values.append(value)
        if target is None:
            acceptable = frozenset(_acceptable(states))
            brackets = tuple(bracket for bracket in progress.brackets[-2:] if bracket is not token)
            line = source.split("\n")[token.span.line - first_line]
            raise explain(Situation(token, previous, progress.statement, brackets[-1:], acceptable, line))
        states.append(target)
        values.append(token)
        previous = token
    return cast(list[Declaration], values[0])


@cache
def _machine() -> tuple[list[tables.Row], list[tables.Rule], list[Action]]:
    machine = tables.load()
    functions = vars(actions) | vars(expression_actions)
    return machine.states, machine.rules, [functions[rule.action] for rule in machine.rules]


def _acceptable(states: list[int]) -> list[str]:
    """The kinds of token that could stand next: those that the automaton would shift after its reductions."""
    rows, rules, _ = _machine()
    kinds = []
    for kind in rows[states[-1]]:
        depth, top = len(states), [states[-1]]  # states[:depth - 1] + top: the stack as it would be
        depth -= 1
        while (target := rows[top[-1]].get(kind)) is not None and target < 0:
            size, symbol, _ = rules[~target]
            while size > len(top):
                depth -= 1
                top.insert(0, states[depth])
            del top[len(top) - size :]
            if not top:
                depth -= 1
                top = [states[depth]]
            top.append(rows[top[-1]][symbol])
        if target is not None and not kind.islower():
            kinds.append(kind)
    return kinds


_DECLARATION = re.compile(r"^(?:import|const|param|def|layer|model|op)[ \t]", re.MULTILINE)


def _later_mistakes(source: str, first_line: int, mistake: Mistake) -> list[Mistake]:
    """The mistakes of the declarations that begin below the one where the first mistake was found."""
    if mistake.final:
        return []
    starts = [match.start() for match in _DECLARATION.finditer(source)]
    mistakes: list[Mistake] = []
    line, position = first_line, 0
    for start, end in pairwise([*starts, len(source)]):
        line += source.count("\n", position, start)
        position = start
        if line <= mistake.span.end_line:
            continue
        try:
            _declarations(source[start:end], line)
        except Mistake as later:
            mistakes.append(later)
            if later.final or len(mistakes) == MAX_DIAGNOSTICS - 1:
                break
    return mistakes


def _diagnostic(mistake: Mistake, path: str, lines: list[str], first_line: int) -> Diagnostic:
    index = mistake.span.line - first_line
    source = lines[index] if index < len(lines) else ""
    notes = tuple(Note(message, path, span) for message, span in mistake.related)
    return Diagnostic(mistake.message, path, source, mistake.span, mistake.hint, notes)


# --- bytes and characters

# Controls, direction marks, line separators, byte order marks within the text, halves of surrogate pairs.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def _decoded(text: str | bytes, path: str) -> str:
    """The text with newlines as `\\n` and without a byte order mark; a ModelError where it is not text."""
    start = Span(1, 1, 1, 2)
    if len(text) > MAX_BYTES:
        message = f"limit: the file has {len(text):,} bytes, more than {MAX_BYTES:,}"
        raise ModelError(Diagnostic(message, path, "", start))
    if isinstance(text, bytes):
        if text.startswith((b"\xff\xfe", b"\xfe\xff")):
            message = "not a text file in UTF-8: it looks like UTF-16"
            raise ModelError(Diagnostic(message, path, "", start, "save it as UTF-8"))
        try:
            decoded = text.decode("utf-8")
        except UnicodeDecodeError as error:
            before = _with_newlines(text[: error.start].decode("utf-8"))
            message = f"not a text file: the byte 0x{text[error.start]:02x} is not UTF-8"
            raise ModelError(_at(before, message, path, "save it as UTF-8")) from None
    else:
        decoded = text
    text = _with_newlines(decoded.removeprefix("\ufeff"))
    if match := _FORBIDDEN.search(text):
        code = f"U+{ord(match.group()):04X}"
        message = f"the control character {code} may not stand in a model file"
        if match.group() == "\0":
            message = "not a text file: it holds a NUL character"
        raise ModelError(_at(text, message, path, "remove it", match.start()))
    return text


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _at(text: str, message: str, path: str, hint: str, position: int | None = None) -> Diagnostic:
    """A diagnostic at a position of the text (its end, where there is none)."""
    position = len(text) if position is None else position
    line_start = text.rfind("\n", 0, position) + 1
    line = 1 + text.count("\n", 0, position)
    line_end = text.find("\n", position)
    source = text[line_start : line_end if line_end >= 0 else len(text)]
    column = position - line_start + 1
    return Diagnostic(message, path, source, Span(line, column, line, column + 1), hint)

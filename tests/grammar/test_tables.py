"""The stored tables are those of the grammar, and reading them needs no parser generator."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from types import FunctionType

import lark

from mgc.grammar import actions as builder
from mgc.grammar import expression_actions, tables


def test_tables_are_fresh() -> None:
    assert tables.TABLES.read_text(encoding="ascii") == tables.to_json(
        tables.build(tables.GRAMMAR.read_text(encoding="ascii"))
    ), "run `python -m mgc.grammar.tables`"


def test_the_grammar_has_no_conflicts() -> None:
    heard = io.StringIO()
    handler, level = logging.StreamHandler(heard), lark.logger.level
    lark.logger.addHandler(handler)
    lark.logger.setLevel(logging.DEBUG)
    try:
        tables.build(tables.GRAMMAR.read_text(encoding="ascii"))
    finally:
        lark.logger.removeHandler(handler)
        lark.logger.setLevel(level)
    assert "onflict" not in heard.getvalue()


def test_every_action_has_its_function_and_every_function_its_action() -> None:
    actions = {rule.action for rule in tables.load().rules}
    functions = {
        name
        for module in (builder, expression_actions)
        for name, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__ and name[0] != "_"
    }
    assert actions == functions - {"join"}


def test_parsing_imports_no_parser_generator() -> None:
    program = (
        "import sys; from mgc.grammar.parser import parse; parse('def f(x): return x', 'f.mg');"
        "sys.exit('lark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

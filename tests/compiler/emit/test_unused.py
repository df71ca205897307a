"""Nothing that emitted Python computes is left unread, whatever the options."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source

ROOT = Path(__file__).parents[3]
FOLDERS = ("examples", "tests/compiler/emit/programs", "tests/mutation/models")
MODELS = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.mg"))
OPTIONS = {
    "plain": Options(),
    "unroll 3": Options(unroll=3),
    "unroll 16": Options(unroll=16),
    "ieee": Options(ieee=True),
    "accurate": Options(accurate=True),
}


def unread(text: str) -> list[str]:
    """`function: name` for each local name that is set and never read; `x += 1` alone reads nothing."""
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    return [f"{function.name}: {name}" for function in functions for name in _unread_in(function)]


def _unread_in(function: ast.FunctionDef) -> list[str]:
    nodes = list(ast.walk(function))
    turns = {node.target.id for node in nodes if isinstance(node, ast.For) and isinstance(node.target, ast.Name)}
    mentioned = [node for node in nodes if isinstance(node, ast.Name)]
    read = {name.id for name in mentioned if isinstance(name.ctx, ast.Load)}
    return sorted({name.id for name in mentioned if isinstance(name.ctx, ast.Store)} - read - turns - {"_"})


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("model", MODELS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_local_name_is_read(model: Path, options: str) -> None:
    text = compile_source(model.read_bytes(), model.name, OPTIONS[options]).text
    assert unread(text) == []


def test_what_is_set_and_not_read_is_seen() -> None:
    assert unread("def f(x):\n    a = x\n    a += 1.0\n    b = c = x\n    b[0] = x[0]\n") == ["f: a", "f: c"]

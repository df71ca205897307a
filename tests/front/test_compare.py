"""`mgc compare`: the rows that differ most, and a clear word where a library is not there."""

from __future__ import annotations

import sys

import pytest

from support.command_line import run, succeed


def test_the_function_stands_beside_numpy() -> None:
    lines = succeed("compare", "fit.mg", "neuron", "--seed", "3").splitlines()
    headings = next(place for place, line in enumerate(lines) if line.split() == ["mgc", "numpy", "ulp"])
    assert lines[headings + 1].startswith("neuron")
    assert lines[-1].startswith("the largest difference is ")


def test_a_library_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    result = run("compare", "fit.mg", "neuron", "--with", "numpy,jax")
    assert (result.exit_code, result.stderr) == (1, "error: comparing with jax needs it installed: pip install jax\n")
    assert "there are torch, jax, numpy" in run("compare", "fit.mg", "neuron", "--with", "numpi").stderr

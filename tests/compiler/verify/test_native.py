"""The emitted C is compiled and compared with the emitted Python, errors by status too."""

from __future__ import annotations

import shutil

import pytest
from msgspec.structs import replace

import mgc
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.compiler.verify.findings import FunctionReport
from mgc.compiler.verify.native.compared import ROOM, NoRoom, _count
from mgc.compiler.verify.verify import verify_text
from support.command_line import run
from support.verification import sound

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")
PICKED = "def f(x[n], k: int, rate = 0.5):\n    z = [x[i]*rate for i]\n    return log(z[k]) + sum(z)"
REQUIRED = "def f(x, y):\n    require x > 0\n    return x*y"
VECTOR = "def f(x[n], c): return [x[i]**2*c for i], c*sum(x)"


def beside(model: str, old: str = "", new: str = "", count: int = 1) -> FunctionReport:
    """The report on the Python that computes as C does, with the C beside it, one place of which is changed."""
    python, c = mgc.loads(model, ieee=True), compile_source(model, "f.mg", Options(target="c"))
    assert c.text.count(old) == count or not old, c.text
    changed = replace(c, text=c.text.replace(old, new))
    return sound(
        verify_text(python.source, "f.mg", module=python.module, namespace=python.code.namespace, native=changed)
    ).functions[0]


@pytest.mark.parametrize("model", [PICKED, REQUIRED, VECTOR, "param W[2, 3] = 1\ndef f(x[3]): return sum((W @ x)**2)"])
def test_right_c_is_said_to_be_right(model: str) -> None:
    report = beside(model)
    assert report.verdict == "proved"
    assert any(note.startswith("the emitted C gives what the emitted Python gives") for note in report.notes)


def test_errors_are_compared_too() -> None:
    (note,) = [note for note in beside(PICKED).notes if "the emitted C" in note]
    assert "of them errors" in note


@pytest.mark.parametrize(
    ("model", "old", "new", "count"),
    [
        ("def f(x, y): return x*sin(y)", "cos(y)", "-cos(y)", 1),
        ("def f(x, y): return x*sin(y)", "cos(y)", "cos(y) * 1.0000000001", 1),
        (VECTOR, "i < n", "i < n - (n > 4)", 3),
        (PICKED, "place >= n", "place > n", 2),
        (REQUIRED, "x > 0.0", "x >= 0.0", 1),
        (REQUIRED, "if (mgc_required.error != MGC_OK) return mgc_required;", "(void)mgc_required;", 2),
    ],
)
def test_wrong_c_is_false(model: str, old: str, new: str, count: int) -> None:
    report = beside(model, old, new, count)
    assert report.verdict == "false"
    assert "in C is not what the Python gives" in report.falsehoods[-1].what


def test_the_c_is_called_with_room_for_all_that_it_may_write() -> None:
    assert _count(("n", "m - 1"), {"n": 3, "m": 5}) == 12
    assert _count(("n", "m - 1"), {"n": 3, "m": 0}) == 0
    for shape, known in ((("k",), {}), (("n", "n"), {"n": ROOM}), (("?",), {})):
        with pytest.raises(NoRoom):
            _count(shape, known)


def test_without_a_compiler_nothing_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "/nowhere/cc")
    report = mgc.loads(VECTOR).verify(target="c").functions[0]
    assert report.verdict == "not checked"
    (note,) = [note for note in report.notes if "the emitted C was not run" in note]
    assert note.startswith("not checked: the emitted C was not run, there is no /nowhere/cc, which CC names")


def test_the_command() -> None:
    done = run("verify", "examples/neuron.mg", "--target", "c")
    assert done.exit_code == 0
    assert "the emitted C gives what the emitted Python gives" in done.output

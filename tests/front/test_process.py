"""The command as a process: help, start-up, pipes, terminals, a full disk, an interrupt."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import mgc
from mgc.cli.main import COMMANDS
from support.command_line import MGC, process, run, succeed
from support.fit_model import MODEL


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command: str) -> None:
    output = succeed(command, "--help")
    assert re.search(rf"^ +mgc {command} ", output, re.MULTILINE)
    assert f"  {command} " in succeed("--help")


def test_version() -> None:
    assert succeed("--version") == f"mgc {mgc.__version__}\n"


@pytest.mark.parametrize("arguments", [["--version"], ["compile", "fit.mg"], ["compile", "fit.mg", "-o", "x.py"]])
def test_start_up_imports_nothing_heavy(arguments: list[str]) -> None:
    result = subprocess.run(
        [MGC[0], "-X", "importtime", *MGC[1:], *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert "click" in imported
    assert not {"sympy", "numpy", "rich", "pygments", "lark", "ctypes", "subprocess", "dataclasses"} & imported
    others = ("mgc.compiler.verify", "mgc.compiler.emit.c.", "mgc.runtime.model", "mgc.runtime.native")
    assert not [name for name in imported if name.startswith(others)]


def test_a_closed_pipe_is_quiet() -> None:
    script = f"{' '.join(MGC)} compile fit.mg | true"
    result = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False)
    assert result.stderr == ""


@pytest.mark.parametrize("command", ["compile fit.mg >&-", "check fit.mg neuron 2>&- >&-", "fmt --check fit.mg >&-"])
def test_closed_output_is_no_mistake(command: str) -> None:
    result = subprocess.run(["/bin/sh", "-c", f"{' '.join(MGC)} {command}"], capture_output=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


def test_closed_input_is_empty() -> None:
    result = subprocess.run(["/bin/sh", "-c", f"{' '.join(MGC)} fmt - <&-"], capture_output=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_message() -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [*MGC, "compile", "fit.mg"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert result.returncode == 1
    assert result.stderr == "error: cannot write the output: No space left on device\n"


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_quiet(asked: signal.Signals, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    command = [*MGC, "train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--lr", "0.001"]
    command += ["--target", "python", "--checkpoint", str(kept / "c.safetensors"), "--every", "1"]
    heeding = (
        "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "runpy.run_module('mgc', run_name='__main__')"
    )
    del command[:3]  # `python -m mgc`: a process started in the background of a shell ignores interrupts
    with subprocess.Popen(
        [sys.executable, "-c", heeding, *command, "--steps", "100000000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()  # the first step is made
        running.send_signal(asked)
        output, errors = running.communicate()
    assert running.returncode == 130
    assert "Traceback" not in output + errors
    assert "--resume goes on from" in errors
    assert [path.name for path in kept.iterdir()] == ["c.safetensors"]


@pytest.mark.parametrize("module", ["mgc.cli.main", "click", "mgc.cli.compile", "mgc.compiler.pipeline"])
def test_an_interrupt_while_modules_are_imported_is_quiet(module: str) -> None:
    interrupting = f"""
import runpy, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}: raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
sys.argv = ["mgc", "compile", "fit.mg"]
runpy.run_module("mgc", run_name="__main__")
"""
    result = subprocess.run([sys.executable, "-c", interrupting], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "")


def in_terminal(*arguments: str) -> str:
    """What a person sees who runs the command in a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen([*MGC, *arguments], stdout=theirs, stderr=theirs, env=environment) as running:
        os.close(theirs)
        seen = b""
        while chunk := _read(ours):
            seen += chunk
    os.close(ours)
    assert running.returncode == 0, seen
    return seen.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's way to say that the other side is closed
        return b""


def test_a_terminal_sees_colours_and_a_bar() -> None:
    code = in_terminal("compile", "fit.mg", "--fn", "neuron")
    assert "\x1b[" in code
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", code).replace("\r", "")
    emitted = mgc.loads(MODEL, "fit.mg", functions=["neuron"]).source
    assert [line.rstrip() for line in plain.rstrip().splitlines()] == emitted.rstrip().splitlines()
    training = in_terminal("train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--steps", "20")
    assert "20/20" in training
    assert "━" in training
    assert "derivative" in in_terminal("eval", "fit.mg", "logs", "x=[1, 2]")
    assert "all pass" in in_terminal("check", "fit.mg", "neuron")


def test_slow_commands_say_in_a_terminal_what_they_are_at() -> None:
    Path("mine.py").write_text("dn = 1 - out*out\n")
    for said, arguments in {
        "checking the derivatives of neuron": ("check", "fit.mg", "neuron"),
        "verifying fit.mg": ("verify", "fit.mg", "--fn", "neuron"),
        "grading mine.py": ("grade", "fit.mg", "mine.py", "--fn", "neuron"),
        "computing the derivatives inside logs": ("eval", "fit.mg", "logs", "x=[1]", "--all"),
    }.items():
        assert said in in_terminal(*arguments)
        assert said not in run(*arguments).output


def test_output_that_a_terminal_cannot_show_is_escaped() -> None:
    Path("d.csv").write_text("a,y\n1,2\n")
    result = process(
        "train",
        "fit.mg",
        "--loss",
        "loss",
        "--data",
        "d.csv",
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    assert result.returncode == 1
    assert "\\u2026" in result.stderr

"""The first comment of each example is a command that works as it stands."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.quick import slow_if

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.mg"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of the examples, for what the commands write."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def run(line: str, folder: Path) -> str:
    """What a command line prints, run in `folder` with this interpreter and its mgc."""
    program, *arguments = shlex.split(line)
    program = {"python": sys.executable, "mgc": str(Path(sys.executable).with_name("mgc"))}[program]
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("path", slow_if(lambda path: path.stem == "digits", EXAMPLES), ids=lambda path: path.stem)
def test_first_comment(path: Path, copy: Path) -> None:
    command = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    if "digits.csv" in command:
        pytest.importorskip("sklearn")
        (copy / "digits.csv").write_text(run("python examples/make_digits.py", copy), encoding="utf-8")
    run(command, copy)

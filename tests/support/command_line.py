"""The commands, run inside this process or in one of their own."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner, Result

from mgc.cli.main import cli

MGC = (sys.executable, "-m", "mgc")


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, arguments, input=text)


def succeed(*arguments: str, text: str | None = None) -> str:
    result = run(*arguments, text=text)
    assert result.exit_code == 0, result.output or repr(result.exception)
    return result.stdout


def process(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*MGC, *arguments], capture_output=True, text=True, check=False, env=env)

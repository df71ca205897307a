"""A page of the documentation -> what its blocks do: one with a title is a file, sessions run one after the other.

>>> [block.kind for block in blocks('```mg title="a.mg"\\ndef f(x): return x\\n```\\n')]
['mg']
"""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from support.command_line import succeed

FENCE = re.compile(r'^```(\w*)(?: title="([^"\n]*)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
OF_THE_MACHINE = (r"\b[\d.]+ s\b", r"^run as .*$")  # seconds, and which compiler there is


class Block(Struct, frozen=True, dict=True):
    kind: str
    title: str
    text: str


def blocks(page: str) -> Iterator[Block]:
    return (Block(*found.groups(default="")) for found in FENCE.finditer(page))


def follow(page: str, folder: Path) -> int:
    """The files of a page are written to `folder`, the current one, and its sessions give what they show; how many."""
    python: dict[str, object] = {}
    sessions = 0
    for block in blocks(page):
        if re.fullmatch(r"[\w-]+\.\w+", block.title):
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif block.kind == "console":
            _type(block.text)
        elif block.text.startswith(">>> "):
            _converse(block.text, python)
        else:
            continue
        sessions += 1
    return sessions


def _type(session: str) -> None:
    for command, shown in COMMAND.findall(session):
        assert _common(_printed(command)) == _common(shown), command


def _printed(command: str) -> str:
    if command.startswith("mgc "):
        return succeed(*shlex.split(command)[1:])
    return subprocess.run(command, shell=True, capture_output=True, text=True, check=True).stdout


def _common(text: str) -> str:
    """Text without what another machine, or another hour, says differently."""
    for pattern in OF_THE_MACHINE:
        text = re.sub(pattern, "…", text, flags=re.MULTILINE)
    return text.strip()


def _converse(session: str, names: dict[str, object]) -> None:
    example = doctest.DocTestParser().get_doctest(session, names, "page", "page", 0)
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(example, clear_globs=False)
    names.update(example.globs)
    assert runner.failures == 0

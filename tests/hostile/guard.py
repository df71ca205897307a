"""Watch over what a piece of code makes the interpreter do, by the audit events of CPython.

>>> with watched() as events:
...     total = 1 + 1
>>> events
[]
>>> with watched() as events:
...     value = eval("1 + 1")
>>> events
['compile', 'exec']
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FORBIDDEN = frozenset(
    """open exec compile import os.system os.exec os.posix_spawn os.spawn os.fork os.remove os.rename os.mkdir
    os.listdir os.putenv subprocess.Popen pty.spawn marshal.loads pickle.find_class code.__new__
    function.__new__ sys._getframe sys.setprofile sys.settrace shutil.rmtree tempfile.mkstemp glob.glob
    builtins.input builtins.breakpoint""".split()
)
FAMILIES = ("socket.", "ctypes.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "winreg.", "sqlite3.")

_watching: list[list[str]] = []


def _hook(event: str, arguments: object) -> None:
    if _watching and (event in FORBIDDEN or event.startswith(FAMILIES)):
        _watching[-1].append(event)


sys.addaudithook(_hook)  # for good: a hook cannot be taken away


@contextmanager
def watched() -> Iterator[list[str]]:
    """The forbidden events inside the block."""
    events: list[str] = []
    _watching.append(events)
    try:
        yield events
    finally:
        _watching.pop()

"""Sanitizers find nothing in models nor in what calls them, and a call leaves nothing behind."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import mgc
from support.native_models import needs_c

pytestmark = needs_c


@pytest.mark.slow
def test_sanitizers_find_nothing() -> None:
    gcc = shutil.which("gcc")
    if gcc is None:
        pytest.skip("no gcc here")
    found = [
        subprocess.run(
            [gcc, f"-print-file-name=lib{name}.so"], capture_output=True, text=True, check=True
        ).stdout.strip()
        for name in ("asan", "ubsan")
    ]
    if not all(map(os.path.isabs, found)):
        pytest.skip("no sanitizers here")
    environment = {
        **os.environ,
        "CC": "gcc -g -fsanitize=address,undefined -fno-sanitize-recover=undefined",
        "LD_PRELOAD": " ".join(found),
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",
        "PYTHONMALLOC": "malloc",
    }
    names = ("test_calls.py", "test_agreement.py", "test_lanes.py", "test_float32.py", "test_descent.py")
    tests = [str(Path(__file__).with_name(name)) for name in names]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]


def test_calls_leave_no_memory_behind() -> None:
    model = mgc.loads("def f(x[n], k: int, W[n, m]): return x[k]*W[k], x[0]", target="native")
    x, W, out = np.ones(3), np.ones((3, 50)), (np.zeros(50), None)
    bound = model.f.bind(W=W, k=1)
    calls: list[Callable[[], object]] = [
        lambda: model.f(x, 1, W),
        lambda: model.f(x, 1, W, out=out),
        lambda: model.f.vjp(x.tolist(), 1, W.tolist(), [1.0] * 50, 1),
        lambda: model.f.vjp(np.float32(x), k=1, W=W, out=None),
        lambda: bound(x),
        lambda: bound.vjp([1.0, 2.0, 3.0], W[0], 1.0),
        lambda: model.f(x, 5, W),
        lambda: model.f(x, 1, W[:2]),
        lambda: model.f(x, 1, W, out=x),
        lambda: model.f([1.0, "a"], 1, W),
    ]

    def all_of_them() -> int:
        for call in calls:
            for _ in range(4):
                with contextlib.suppress(mgc.DataError, mgc.ModelError):
                    call()
        gc.collect()  # errors and their tracebacks
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        all_of_them()
        before = all_of_them()
        assert all_of_them() - before < 10_000
    finally:
        tracemalloc.stop()

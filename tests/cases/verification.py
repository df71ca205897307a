"""A case verified: the emitted text of its derivative is proved, or tested, to be that.

>>> from cases.sources import cases
>>> str(verified(cases("own")[0]).status)
'proved'
"""

from __future__ import annotations

import time
from collections import Counter

from msgspec import Struct

from cases.case import Case
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.compiler.verify.findings import Status
from mgc.compiler.verify.verify import verify_text
from mgc.grammar.parser import parse
from mgc.runtime import audit


class Verified(Struct, frozen=True):
    """`status` of the whole case; `derivatives` counts its arguments by theirs; `false` what is."""

    status: Status
    derivatives: Counter[Status]
    false: tuple[str, ...]
    seconds: float


def verified(case: Case) -> Verified:
    start = time.perf_counter()
    options = Options(functions=(case.function,), wrt=case.wrt)
    module = compile_source(case.text, f"{case.function}.mg", options)
    path, file = f"{case.function}.py", parse(case.text, "f.mg")
    namespace = audit.run(module.text, path).namespace
    report = verify_text(module.text, path, module=module, file=file, namespace=namespace)
    (function,) = report.functions
    counts = Counter(row.verdict for row in function.rows if row.role != "intermediate")
    false = [str(found) for found in report.falsehoods]
    if function.verdict == "false" and not false:
        false = [f"{row.variable}: {row}" for row in function.rows if row.verdict == "false"] or ["the value"]
    return Verified(function.verdict, counts, tuple(false), time.perf_counter() - start)

"""What is mutated: every function of the examples and of `models/` with a backward pass, each compiled alone.

>>> [case.name for case in cases(["neuron"])]
['neuron.neuron', 'neuron.neuron --accurate']
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support import emitted

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "examples", Path(__file__).parent / "models")
FILES = tuple(path for folder in FOLDERS for path in sorted(folder.glob("*.mg")))

# What is also compiled with other options.
OTHER_OPTIONS: dict[str, tuple[Options, ...]] = {
    "neuron.neuron": (Options(accurate=True),),
    "network.loss": (Options(unroll=16),),
    "kinks.extrema": (Options(ieee=True),),
    "kinks.steps": (Options(ieee=True),),
    "branches.arms": (Options(ieee=True),),
    "rules.hyperbolic": (Options(accurate=True), Options(ieee=True)),
    "rules.special": (Options(accurate=True),),
}


class Case(Struct, frozen=True):
    """One function of one file."""

    path: Path
    function: str
    options: Options

    @property
    def name(self) -> str:
        flags = [
            *(["--accurate"] if self.options.accurate else []),
            *(["--ieee"] if self.options.ieee else []),
            *([f"--unroll {self.options.unroll}"] if self.options.unroll else []),
        ]
        return " ".join([f"{self.path.stem}.{self.function}", *flags])

    @cache  # noqa: B019 - cases are few, and all live as long as the process
    def compiled(self) -> emitted.Emitted:
        text = self.path.read_text(encoding="utf-8")
        return emitted.emit(text, self.path.name, replace(self.options, functions=(self.function,)))


def helpers(case: Case) -> tuple[str, ...]:
    """The helpers of its emitted file to mutate here: those that no case of `models/` before it has."""
    if case.path.parent != FOLDERS[1]:
        return ()
    return tuple(name for source, (name, first) in _helpers().items() if first == case.name)


@cache
def _helpers() -> dict[str, tuple[str, str]]:
    """The text of each helper -> its name, and the case that has it first."""
    found: dict[str, tuple[str, str]] = {}
    for case in (case for path in FILES if path.parent == FOLDERS[1] for case in of(path)):
        compiled = case.compiled()
        info = compiled.info(case.function)
        others = ("check_shape", "element", "init_params", info.emitted_name, info.gradient_name)
        for node in ast.parse(compiled.module.text).body:
            if isinstance(node, ast.FunctionDef) and node.name not in others:
                found.setdefault(ast.unparse(node), (node.name, case.name))
    return found


def cases(names: Sequence[str] = ()) -> tuple[Case, ...]:
    """Those of the named files, or of `FILE.FUNCTION`; all where nothing is named. Errors: ValueError (no such)."""
    stems = {name.split(".")[0] for name in names} or {path.stem for path in FILES}
    found = [
        case
        for path in FILES
        if path.stem in stems
        for case in of(path)
        if not names or not {path.stem, f"{path.stem}.{case.function}", case.name}.isdisjoint(names)
    ]
    if not found:
        raise ValueError(f"no such example: {', '.join(names)}")
    return tuple(found)


@cache
def of(path: Path) -> tuple[Case, ...]:
    """The cases of one file."""
    module = compile_source(path.read_text(encoding="utf-8"), path.name, Options())
    cases = [
        Case(path, info.name, options)
        for info in module.functions
        if info.gradient_name is not None
        for options in (Options(), *OTHER_OPTIONS.get(f"{path.stem}.{info.name}", ()))
    ]
    return tuple(case for case in cases if "# backward" in case.compiled().module.text)

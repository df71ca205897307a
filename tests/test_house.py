"""The house: a folder imports only folders below its own, and no files import each other in a circle."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOPS = {"mgc.grammar": "grammar", "mgc.compiler": "compiler", "mgc.runtime": "runtime", "mgc": "front"}
FLOORS = (  # from the ground up; what shares a floor stands side by side
    "grammar compiler/collector compiler/options compiler/text_table",
    "compiler/language compiler/toolchain",
    "compiler/graph",
    "compiler/lower compiler/passes compiler/schedule compiler/module",
    "compiler/names",
    "compiler/compiled compiler/gradient",
    "compiler/emit",
    "compiler/pipeline",
    "compiler/show compiler/verify",
    "runtime",
    "front",
)
FLOOR = {part: floor for floor, parts in enumerate(FLOORS) for part in parts.split()}


def _modules() -> dict[str, Path]:
    """Every file of the packages, by the name that imports it."""
    found = {}
    for package, folder in TOPS.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT / folder).with_suffix("").parts
            found[".".join([package, *parts]).removesuffix(".__init__")] = path
    return found


MODULES = _modules()


def _imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, inside functions and for type checkers too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module


def _part(path: Path) -> str:
    """The folder of a file that the table names: `compiler/emit`, `runtime`."""
    top, *inner = path.relative_to(ROOT).with_suffix("").parts
    return f"{top}/{inner[0]}" if top == "compiler" else top


@pytest.mark.parametrize("name", [name for name in MODULES if name != "mgc.compiler"])
def test_a_file_imports_what_stands_below_it(name: str) -> None:
    part = _part(MODULES[name])
    above = [other for other in _imported(MODULES[name]) if FLOOR[_part(MODULES[other])] >= FLOOR[part]]
    assert [other for other in above if _part(MODULES[other]) != part and other != "mgc"] == []


def test_no_files_import_each_other_in_a_circle() -> None:
    arrows = {name: {other for other in _imported(path) if other != name} for name, path in MODULES.items()}
    TopologicalSorter(arrows).prepare()  # a CycleError names the circle


def test_the_map_has_every_part_on_its_floor() -> None:
    rows = re.findall(
        r"^\| (\d+) \| `([\w/]+?)(?:/|\.py)` \|", (ROOT / "docs/house.md").read_text("utf-8"), re.MULTILINE
    )
    assert {part: int(floor) - 1 for floor, part in rows} == FLOOR


def test_every_folder_of_python_is_a_package_that_is_built() -> None:
    folders = {name.rpartition(".")[0] if path.stem != "__init__" else name for name, path in MODULES.items()}
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    assert folders == {*listed}


@pytest.mark.parametrize("name", MODULES)
def test_files_and_functions_are_short(name: str) -> None:
    """A file has no more than 400 lines; a function no more than 40 below its docstring."""
    text = MODULES[name].read_text(encoding="utf-8")
    functions = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    assert text.count("\n") <= 400
    assert [node.name for node in functions if _lines(node) > 40] == []


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    told = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) and first.end_lineno else 0
    return (function.end_lineno or 0) - function.lineno + 1 - told

"""A lesson computes what fused code computes, one statement after the other, each step with its rule."""

from __future__ import annotations

import ast
import itertools
import math
import random
from pathlib import Path
from typing import Any

import pytest

import mgc
from mgc.compiler.emit.python.notes import note
from mgc.compiler.options import Options
from mgc.grammar import tree
from support import emitted
from support.arrays import flat
from support.emitted import Emitted, Point
from support.programs import points, program
from support.quick import first_quick
from support.trial import ALLOWED, Case, Disagreement, compiled, disagreements, shape

EXAMPLES = Path(__file__).parents[3] / "examples"
PROGRAMS = sorted(Path(__file__).parents[1].glob("emit/programs/*.mg"))
SIZES = {"digits": {"n": 2}, "gmm": {"n": 3, "k": 2, "d": 3}, "moons": {"n": 3}}
LOW = {"gmm": 0.2}
STEP = 1e-6  # of a central difference
LESSON = Options(style="lesson")
TAUGHT = ["attention", "batchnorm", "neuron", "ninja", "softmax"]


def lesson(name: str, options: Options = LESSON) -> Emitted:
    path = EXAMPLES / f"{name}.mg"
    return emitted.emit(path.read_text(encoding="utf-8"), path.name, options)


def backward(module: Emitted) -> list[str]:
    """The lines of the only derivative's backward pass."""
    (info,) = module.module.functions
    text = module.module.text
    function = text[text.index(f"def {info.gradient_name}(") :]
    return function[function.index("# backward") :].splitlines()[1:]


# --- the same numbers


@pytest.mark.parametrize("path", [*PROGRAMS, *sorted(EXAMPLES.glob("*.mg"))], ids=lambda path: path.stem)
def test_a_lesson_computes_what_fused_code_computes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    fused, told = emitted.emit(text, path.name), emitted.emit(text, path.name, LESSON)
    assert fused.module.functions == told.module.functions
    for info in fused.module.functions:
        at = emitted.point(fused, info.name, random.Random(1), SIZES.get(path.stem), LOW.get(path.stem, -1.5))
        same(emitted.call(told, info.name, at), emitted.call(fused, info.name, at))
        if info.gradient_name is not None:
            seeds = emitted.seeds_for(fused, info.name, at, random.Random(2))
            ours, theirs = (emitted.gradient(one, info.name, at, seeds)[1] for one in (told, fused))
            same(list(emitted.parts(info, ours).values()), list(emitted.parts(info, theirs).values()))


def same(found: Any, wanted: Any) -> None:
    """Equal but for the order of sums: to a few ulp of the largest number."""
    scale = max([1e-300, *[abs(x) for x in flat(wanted)]])
    assert shape(found) == shape(wanted)
    for ours, theirs in zip(flat(found), flat(wanted), strict=True):
        assert math.isclose(ours, theirs, rel_tol=1e-14, abs_tol=64 * scale * 2**-53)


@pytest.mark.parametrize("seed", first_quick(range(100), 25))
def test_lessons_of_random_programs(seed: int) -> None:
    made = program(seed)
    case = compiled(made.text, points(made, seed), ("python", "lesson"))
    assert not isinstance(case, Disagreement), case
    told = list(disagreements(case, None)) if isinstance(case, Case) else []
    fused = {one.kind for one in told if one.target == "python"}
    assert not [one for one in told if one.target == "lesson" and one.kind not in fused | ALLOWED], made.text


# --- each value has its derivative


@pytest.mark.parametrize("name", TAUGHT)
def test_each_named_value_has_one_derivative_and_it_is_right(name: str) -> None:
    module = lesson(name)
    (info,) = module.module.functions
    at = emitted.point(module, info.name, random.Random(3))
    seeds = emitted.seeds_for(module, info.name, at, random.Random(4))
    function = next(
        node
        for node in ast.parse(module.module.text).body
        if isinstance(node, ast.FunctionDef) and node.name == info.gradient_name
    )
    held = ran(module, function, None, 0.0, at, seeds)
    source = random.Random(5)
    for value in names(module):
        assert shape(held[f"d{value}"]) == shape(held[value])
        assert sum(1 for target in targets(function) if target == f"d{value}") == 1
        slopes = flat(held[f"d{value}"])
        for place in source.sample(range(len(slopes)), min(len(slopes), 4)):
            above, below = (result(ran(module, function, (value, place), by, at, seeds), seeds) for by in (STEP, -STEP))
            assert math.isclose(slopes[place], (above - below) / (2 * STEP), rel_tol=1e-4, abs_tol=1e-6), (value, place)


def names(module: Emitted) -> list[str]:
    """The values that the author named in the only function."""
    (function,) = (one for one in module.file.declarations if isinstance(one, tree.Function))
    return [target.identifier for line in function.body if isinstance(line, tree.Assign) for target in line.targets]


def targets(function: ast.FunctionDef) -> list[str]:
    """What is assigned as a whole in the function's own block."""
    return [ast.unparse(one.targets[0]) for one in function.body if isinstance(one, ast.Assign)]


def ran(
    module: Emitted, function: ast.FunctionDef, moved: tuple[str, int] | None, by: float, at: Point, seeds: Any
) -> dict[str, Any]:
    """All that the function holds at its end, one element of a value moved where it is complete."""
    copy = ast.parse(ast.unparse(function)).body[0]
    assert isinstance(copy, ast.FunctionDef)
    *body, _ = copy.body
    if moved is not None:
        name, _ = moved
        last = max(i for i, one in enumerate(body) if name in stored(one))
        body.insert(last + 1, ast.parse(f"{name} = _moved({name})").body[0])
    copy.body = [*body, *ast.parse("_held.update(locals())\nreturn 0, ()").body]
    held: dict[str, Any] = {}
    known = {**module.names, "_held": held, "_moved": lambda value: shifted(value, moved[1] if moved else 0, by)}
    exec(compile(ast.fix_missing_locations(ast.Module([copy], [])), "held.py", "exec"), known)  # our own text
    emitted.gradient(Emitted(module.file, module.module, known, {}), module.module.functions[0].name, at, seeds)
    return held


def stored(statement: ast.stmt) -> set[str]:
    """The names that a statement, and what is in it, assigns or adds to."""
    found = [node for node in ast.walk(statement) if isinstance(node, ast.Assign | ast.AugAssign)]
    places = [node.target if isinstance(node, ast.AugAssign) else node.targets[0] for node in found]
    return {ast.unparse(place).split("[")[0] for place in places}


def shifted(value: Any, place: int, by: float) -> Any:
    """A copy with the element at `place` moved."""
    if not isinstance(value, list):
        return value + by if place == 0 else value
    rows, seen = [], 0
    for row in value:
        rows.append(shifted(row, place - seen, by))
        seen += len(flat(row))
    return rows


def result(held: dict[str, Any], seeds: Any) -> float:
    found = held["loss"] if "loss" in held else held["out"]
    return float(found) if not seeds else math.fsum(a * b for a, b in zip(flat(found), flat(list(seeds)), strict=True))


# --- it reads like a lesson


@pytest.mark.parametrize("name", TAUGHT)
def test_statements_are_told_in_the_order_of_the_source_backwards(name: str) -> None:
    told = [int(line.split()[2].rstrip(":")) for line in backward(lesson(name)) if line.startswith("    # line ")]
    assert told == sorted(told, reverse=True)
    assert len(told) == len(set(told))


@pytest.mark.parametrize("name", TAUGHT)
def test_each_step_says_its_rule(name: str) -> None:
    lines = [line.strip() for line in backward(lesson(name))]
    steps = [pair for pair in itertools.pairwise(lines) if pair[1].startswith("d") and " = [" not in pair[1]]
    silent = [line for above, line in steps if "  # " not in line and not above.startswith("# ")]
    assert steps and not [line for line in silent if not line.endswith(" = 0.0")]


LOGISTIC = """def loss(X[n, d], y[n], w[d], lam):
    p = [sigmoid(dot(w, X[i])*2 + 1) for i]
    nll = -mean(y[i]*log(p[i]) + (1 - y[i])*log(1 - p[i]) for i)
    return nll + 0.5*lam*sum(w**2)
"""
HUBER = "def f(r, delta): return 0.5*r**2 if abs(r) <= delta else delta*(abs(r) - 0.5*delta)\n"


@pytest.mark.parametrize("text", [LOGISTIC, HUBER, *[(EXAMPLES / f"{name}.mg").read_text("utf-8") for name in TAUGHT]])
def test_each_derivative_is_by_what_stands_above(text: str) -> None:
    told = [one for one in mgc.loads(text, style="lesson").module.statements if one is not None]
    backward = [one for one in told if one.section == "backward" and one.name not in ("ties", "logprobs_place")]
    assert [one.name for one in backward if one.by is None or one.name != f"d{one.by}"] == []


def test_a_negative_number_that_is_named_has_its_derivative() -> None:
    text = mgc.loads(LOGISTIC, style="lesson").source
    assert "nll = -nll_sum / n" in text and "dnll = dout" in text and "dnll_sum = -dnll / n" in text


def test_a_product_is_handed_on_as_one_value() -> None:
    text = mgc.loads("def f(a, b, c): return tanh(a*2 + b*3 + c)", style="lesson").source
    assert text.count("1.0 - out * out") == 1
    assert "out_sum = a * 2.0 + b * 3.0 + c" in text and "dc = dout_sum  # d(u + v)/dv = 1" in text


def test_the_product_of_the_others_is_called_so() -> None:
    text = mgc.loads("def f(x[n]): return prod(x[i]**2 for i)", style="lesson").source
    assert "dx_squared = dout * others  # d prod(u)/du = the product of the others" in text


def test_a_layer_s_line_is_told_for_each_call() -> None:
    text = mgc.load(EXAMPLES / "moons.mg", style="lesson").source
    assert text.count("# line 8 in linear2: return W @ x + b\n") == 8  # of score, loss, accuracy, and backward


def test_a_function_of_the_library_is_told_where_it_is_called() -> None:
    text = mgc.load(EXAMPLES / "softmax.mg", style="lesson").source
    assert text.count("    # cross_entropy: -log(softmax(logits)[target]) = ") == 2
    assert note(text) is None


def test_rules_are_those_of_the_table() -> None:
    text = mgc.loads("def f(x, y): return x**3 + sqrt(x*y)", style="lesson").source
    for rule in ("d(u**v)/du = v*u**(v - 1)", "d sqrt(u)/du = 0.5/sqrt(u)", "d(u*v)/dv = u"):
        assert f"# {rule}\n" in text


def test_contributions_add() -> None:
    text = mgc.loads("def f(x):\n    z = sin(x)\n    return z*exp(z)", style="lesson").source
    assert "dz = 0.0  # z is read twice: contributions add\n" in text
    assert text.count("    dz += ") == 2


def test_an_operation_of_the_models_own_keeps_its_words() -> None:
    text = mgc.loads("op cube(a):\n    da = 3 * a**2\n    return a**3\ndef f(x): return cube(x)", style="lesson").source
    assert "# d cube(a)/da = 3*a**2\n" in text


def test_rows_for_ieee_values_are_told_as_they_are_used() -> None:
    plain, ieee = (mgc.loads("def f(x): return log(x)", style="lesson", ieee=ieee).source for ieee in (False, True))
    assert "# d log(u)/du = 1/u\n" in plain
    assert "1/u if u >= 0 else nan" in ieee

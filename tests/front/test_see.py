"""What the commands show of a derivative, beside golden files: `pytest --bless` writes them anew."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from support.command_line import run, succeed

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "see"
NEURON = "x1=2 x2=0 w1=-3 w2=1 b=6.8813735870195432"
MOONS = "--fn loss X=[[1,0.5],[0,-0.5]] y=[-1,1] --seed 1"
SHOWN = {
    "neuron.interleaved": "show neuron.mg --interleaved",
    "neuron.values": f"show neuron.mg --values {NEURON}",
    "neuron.passes": "show neuron.mg --passes",
    "neuron.cost": "show neuron.mg --cost",
    "neuron.derive": "show neuron.mg --derive n",
    "neuron.math": "show neuron.mg --math",
    "neuron.latex": "show neuron.mg --latex",
    "moons.math": "show moons.mg --fn loss --math",
    "gmm.math": "show gmm.mg --fn squared_length --math",
    "moons.interleaved": "show moons.mg --fn loss --interleaved",
    "moons.values": f"show moons.mg --values {MOONS} --at i=0,1 --at j=3",
    "moons.cost": f"show moons.mg --cost {MOONS}",
    "moons.derive": "show moons.mg --fn loss --derive score.linear2.W",
    "softmax.derive": "show softmax.mg --derive z",
    "attention.derive": "show attention.mg --derive x",
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown(name: str, bless: bool) -> None:
    command, model, *rest = SHOWN[name].split()
    found = succeed(command, str(ROOT / "examples" / model), *rest)
    golden = GOLDEN / f"{name}.txt"
    if bless:
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("show fit.mg --values", "which function? choose one with --fn: neuron, logs, fit, loss"),
        ("show fit.mg x1=2", "'x1=2': a stage takes no values"),
        ("show fit.mg --fn neuron --values x1=[2]", "argument 'x1': expected a number, found a list of 1"),
        ("show fit.mg --fn logs --values x=[-1]", "outside the domain in `log(x[i])` where x[i] = -1.0, i = 0"),
        ("show fit.mg --fn logs --values x=[1] --at q=1", "no loop has the index 'q'; it has: i"),
        ("show fit.mg --fn neuron --derive m", "neuron: no derivative by 'm' is stored; by: b, n, out, w1"),
        ("show fit.mg --fn logs --at i=0", "--at is for --values, which shows the turns of loops"),
        ("show fit.mg --fn logs --math --at i=0", "--at is for --values, which shows the turns of loops"),
        ("show fit.mg --fn logs --values x=[1] --at i", "--at: expected INDEX=NUMBER, found 'i'"),
    ],
)
def test_what_cannot_be_shown(arguments: str, said: str) -> None:
    result = run(*arguments.split())
    assert result.exit_code in (1, 2)
    assert said in result.stderr


BRANCH = "def f(x, y):\n    a = x*x if x > 0 else x*y\n    return a*a\n"
QUAD = "def quad(x[n], w[2*n]): return sum(w[2*i]*x[i]**2 + w[2*i + 1]*x[i] for i)\n"


def test_a_derivative_in_a_branch_has_its_condition() -> None:
    Path("f.mg").write_text(BRANCH)
    found = succeed("show", "f.mg", "--math")
    assert found.count("+= ∂out/∂a ⋅ x if x > 0 ") == 2
    assert "∂out/∂x += ∂out/∂a ⋅ y unless x > 0 " in found
    assert succeed("show", "f.mg", "--latex").count(r"\text{   unless } x > 0 &&") == 2


def test_terms_of_exclusive_arms_have_their_conditions() -> None:
    Path("f.mg").write_text(BRANCH)
    found = succeed("show", "f.mg", "--derive", "x")
    assert (
        """
    dx = da · ∂a/∂x  if x > 0.0
       + da · ∂a/∂x  if x > 0.0
       + da · ∂a/∂x  unless x > 0.0
"""
        in found
    )
    assert "in the emitted code, unless x > 0.0\n    dx += da * y" in found


def test_a_name_for_what_is_read_is_written_as_what_it_is_of() -> None:
    Path("quad.mg").write_text(QUAD)
    found = succeed("show", "quad.mg", "--math")
    assert "∂out/∂xᵢ += ∂out/∂out ⋅ w₂ᵢ₊₁ " in found
    assert "∂out/∂w₂ᵢ₊₁ += ∂out/∂out ⋅ xᵢ " in found
    assert "∂out/∂w₂ᵢ += ∂out/∂out ⋅ x_squaredᵢ " in found
    assert "where x_squaredᵢ = xᵢ²\n" in found
    assert "out_value" not in found


def test_the_largest_that_was_made_up_is_defined() -> None:
    Path("most.mg").write_text("def most(z[n]): return logsumexp(z)\n")
    assert "where z_max = maxᵢ zᵢ, held constant\n" in succeed("show", "most.mg", "--math")


def test_what_is_held_constant_is_told_from_what_passes_a_derivative() -> None:
    Path("held.mg").write_text("def f(x, w):\n    p = x*w\n    s = detach(exp(p))\n    return s*x + p\n")
    found = succeed("show", "held.mg", "--derive", "p")
    assert "and read by\n    out = s * x + p" in found
    assert "and, held constant (detach: no derivative passes here), by\n    s = exp(p) " in found
    Path("free.mg").write_text("def f(x):\n    s = exp(x)\n    return detach(s)*s\n")
    assert "held" not in succeed("show", "free.mg", "--derive", "x")


def test_what_conditions_ask_is_defined_and_has_its_name() -> None:
    Path("least.mg").write_text("def least(x[n], at): return min(x[i]**2 for i) + x[0]*at\n")
    found = succeed("show", "least.mg", "--math")
    assert "where x_squared_min = minᵢ x_squaredᵢ\n" in found
    assert "∂out/∂x₀ += ∂out/∂out ⋅ at " in found


def test_what_is_not_given_is_drawn_and_told() -> None:
    result = run("show", "fit.mg", "--fn", "neuron", "--values", "x1=2", "--seed", "3")
    assert result.exit_code == 0
    assert re.match(r"neuron: drawn by --seed 3: x2 = \S+, w1 = \S+, w2 = \S+, b = \S+\n", result.stderr)
    given = result.stderr.partition("3: ")[2].replace(" = ", "=").replace(",", "").split()
    assert succeed("show", "fit.mg", "--fn", "neuron", "--values", "x1=2", *given) == result.stdout


def test_the_sessions_of_the_documentation_run() -> None:
    text = (ROOT / "docs/see.md").read_text(encoding="utf-8")
    sessions = re.findall(r"^```python\n(>>>.*?)^```$", text, re.MULTILINE | re.DOTALL)
    runner = doctest.DocTestRunner()
    for session in sessions:
        runner.run(doctest.DocTestParser().get_doctest(session, {}, "see.md", "see.md", 0))
    assert (bool(sessions), runner.failures) == (True, 0)


def test_draw_prints_the_source_or_writes_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("draw", "fit.mg", "--fn", "neuron", *NEURON.split())
    assert "n | data 0.8814 | grad 0.5" in succeed(*arguments)
    assert succeed(*arguments, "-o", "neuron.dot") == ""
    assert Path("neuron.dot").read_text() == succeed(*arguments)
    monkeypatch.setenv("PATH", "")
    result = run(*arguments, "-o", "other.svg")
    assert (result.exit_code, Path("other.dot").exists(), Path("other.svg").exists()) == (1, True, False)
    assert "wrote other.dot: dot -Tsvg other.dot -o other.svg" in result.stderr


def test_draw_tells_what_it_cannot_write() -> None:
    result = run("draw", "fit.mg", "--fn", "neuron", "-o", "fit.mg")
    assert result.exit_code == 1
    assert "a picture is svg, png or dot, not mg" in result.stderr


def test_the_documentation_shows_what_the_commands_print() -> None:
    text = (ROOT / "docs/see.md").read_text(encoding="utf-8")
    sessions = re.findall(r"^```\n\$ mgc (.*)\n((?:.*\n)*?)```$", text, re.MULTILINE)
    assert sessions
    for command, shown in sessions:
        words = [word.replace("examples/", f"{ROOT}/examples/") for word in shlex.split(command)]
        assert succeed(*words).strip() == shown.strip()


@pytest.mark.parametrize("views", ["--interleaved --derive w1", "--math --cost", "--passes --values", "--latex --math"])
def test_two_views_at_once_are_refused(views: str) -> None:
    result = run("show", "fit.mg", *views.split())
    assert result.exit_code == 2
    assert "are two views: ask for one" in result.stderr

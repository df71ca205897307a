"""Every `d<name>` of a text is a claim, also where what is returned is right without it."""

from __future__ import annotations

import ast

import pytest

from support.quick import in_turn
from support.verification import edited, emitted, of_text, verified, whats

LAYERS = """def f(W[m, n], x[n], y[m]):
    z = W @ x
    h = tanh(z)
    return sum((h[i] - y[i])**2 for i)
"""
SOFTMAX = "def f(W[m, n], x[n], k: int):\n    z = W @ x\n    return cross_entropy(z, k)\n"
NEURON = "def f(x, w, b):\n    n = x*w + b\n    h = tanh(n)\n    return h*h + exp(h)\n"


class Scaled(ast.NodeTransformer):
    """What is stored under a name is three times as large, and what is read of it a third."""

    def __init__(self, name: str) -> None:
        self.name = name

    def _is_it(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Subscript):
            node = node.value
        return isinstance(node, ast.Name) and node.id == self.name

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        node.value = self.visit(node.value)
        if (
            self._is_it(node.targets[0])
            and not isinstance(node.value, ast.ListComp)
            and "[0.0] *" not in ast.unparse(node.value)
        ):
            node.value = ast.BinOp(ast.Constant(3.0), ast.Mult(), node.value)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AugAssign:
        node.value = self.visit(node.value)
        if self._is_it(node.target):
            node.value = ast.BinOp(ast.Constant(3.0), ast.Mult(), node.value)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return ast.BinOp(node, ast.Div(), ast.Constant(3.0)) if self._is_it(node) else node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.BinOp(node, ast.Div(), ast.Constant(3.0)) if node.id == self.name else node


SCALED = {
    "neuron n": (NEURON, "n"),
    "neuron h": (NEURON, "h"),
    "layers z": (LAYERS, "z"),
    "layers h": (LAYERS, "h"),
    "softmax z": (SOFTMAX, "z"),
}


@pytest.mark.parametrize(("scaled", "style"), in_turn(SCALED, {"fused": "fused", "lesson": "lesson"}))
def test_a_factor_that_is_undone_where_it_is_read(scaled: tuple[str, str], style: str) -> None:
    model, name = scaled
    tree = ast.parse(emitted(model, style=style))
    (derivative,) = [node for node in tree.body if getattr(node, "name", "") == "f_value_and_grad"]
    Scaled(f"d{name}").visit(derivative)
    report = of_text(ast.unparse(ast.fix_missing_locations(tree)))
    assert report.verdict == "false"
    assert f"d{name} is not the derivative with respect to {name}" in whats(report)


SQUARES = "def f(x[n], y[n]):\n    r = [x[i]*y[i] - 1 for i]\n    return sum(r[i]**2 for i)/n\n"
LAST = "        dy[i] = dr * x[i]\n"


@pytest.mark.parametrize("wrong", ["0.0", "dr if i == 0 else 0.0", "dr * (1.0 if r < 0.0 else 0.0)"])
def test_a_name_that_ends_a_turn_with_0(wrong: str) -> None:
    report = of_text(edited(SQUARES, LAST, f"{LAST}        dr = {wrong}\n"))
    assert "dr is not the derivative with respect to r" in whats(report)


GATED = "def f(x[n], w[n]):\n    h = [relu(x[i]*w[i]) for i]\n    return sum(exp(h[i]) for i)\n"
USED = "            dx[i] = h_exp * w[i]\n"


@pytest.mark.parametrize(("after", "is_wrong"), [("", False), ("            dh = 0.0\n", True)])
def test_a_name_that_is_0_after_its_last_use_where_not_all_turns_have_it(after: str, is_wrong: bool) -> None:
    report = of_text(edited(GATED, USED, f"            dh = h_exp\n{USED}{after}"))
    assert ("dh is not the derivative with respect to h" in whats(report)) is is_wrong


@pytest.mark.parametrize(("slope", "is_wrong"), [("17.0", True), ("0.0", False)])
def test_a_name_that_the_result_does_not_depend_on(slope: str, is_wrong: bool) -> None:
    report = of_text(edited(NEURON, "    dh =", f"    k = x * x\n    dk = {slope}\n    dh =", style="lesson"))
    assert ("dk is not the derivative with respect to k" in whats(report)) is is_wrong


def test_a_name_that_the_result_is_computed_without() -> None:
    """`h` is computed again where it is read: `dh`, which is read, is what the function's `h` has."""
    report = of_text(edited(NEURON, "out = h * h + exp(h)", "out = tanh(n) * tanh(n) + exp(tanh(n))", style="lesson"))
    assert report.verdict == "proved"


def test_numbers_that_no_derivative_is_asked_of_are_left_out() -> None:
    """Of masked scores the text need not hold any."""
    model = "def f(x[n]):\n    h = [x[i] if i < n - 1 else 2 for i]\n    return sum(exp(h[i]) for i)**2"
    assert verified(model).falsehoods == ()


def test_an_array_in_another_order() -> None:
    wrong = edited(LAYERS, "dz[i] = dh[i] *", "dz[m - 1 - i] = dh[i] *", style="lesson")
    wrong = wrong.replace("dz[i] * x[j]", "dz[m - 1 - i] * x[j]").replace("dz[i] * W", "dz[m - 1 - i] * W")
    report = of_text(wrong)
    assert "dz is not the derivative with respect to z" in whats(report)


@pytest.mark.parametrize("style", ["fused", "lesson"])
def test_the_authors_own_names_are_no_claims(style: str) -> None:
    model = "def f(h, x):\n    dh = h*exp(x)\n    dx = sin(dh)*dh\n    return sin(h)*dh*dx\n"
    assert verified(model, style=style).verdict == "proved"


def test_a_copy_of_the_largest_is_the_largest() -> None:
    """What names hold are copies on the tape: that one equals the largest is no doubt of the comparison."""
    model = "def f(v[n]):\n    s = sum(v**2)\n    return logsumexp(v) + s*max(v)\n"
    tree = ast.parse(emitted(model, style="lesson"))
    (derivative,) = [node for node in tree.body if getattr(node, "name", "") == "f_value_and_grad"]
    Scaled("ds").visit(derivative)
    assert "ds is not the derivative with respect to s" in whats(of_text(ast.unparse(ast.fix_missing_locations(tree))))


OUT = "def f(x, w):\n    o = tanh(x*w)\n    return o*o\n"
LARGEST = "def f(W[m, n]):\n    s = max(abs(W[i, j]) for i, j)\n    return sum(W**2)/s\n"
UNDONE = {
    "a name that ends in an underline": (OUT, "do_ = 2.0 * o", "do_ = o", "= do_ *", "= 2.0 * do_ *"),
    "a copy of an entry": (LARGEST, "ds = -out / s", "ds = out / s", "+= ds / ties", "-= ds / ties"),
}


@pytest.mark.parametrize("kind", UNDONE)
def test_what_is_undone_where_it_is_read(kind: str) -> None:
    model, old, new, read, undone = UNDONE[kind]
    text = edited(model, old, new)
    assert text.count(read) == 1
    assert "is not the derivative with respect to" in whats(of_text(text.replace(read, undone)))


def test_a_part_of_the_derivative_by_an_entry_is_not_called_the_whole() -> None:
    text = emitted("def f(b[1], x[n]): return sum((x[i] + b[0])**2 for i) + sum(b[k]**2 for k)")
    assert "db = [part_of_db_0 + 2.0 * b_0]" in text
    assert "db_0 is not the derivative with respect to b_0" in whats(of_text(text.replace("part_of_db_0", "db_0")))


def test_a_copy_of_an_entry_that_several_turns_have() -> None:
    """A row of logits that is met twice: what is held is by each copy, what the tape knows by the row."""
    model = "def f(W[3, 3], x[n]: int, y[n]: int): return mean(cross_entropy(W[x[i]], y[i]) for i)"
    assert verified(model).verdict == "proved"


def test_a_sum_that_is_written_out_is_none_of_a_turn() -> None:
    text = edited(
        "def f(x, y): return sum(sin(x*i)*cos(y*i) for i in range(4))",
        "dx += y_product_cos * cos(x_product) * i",
        "dx = dx + y_product_cos * cos(x_product) * i",
    )
    assert of_text(text).verdict == "proved"

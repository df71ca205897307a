"""What the form of a term says of it, whatever its symbols are.

>>> x = terms.symbol("x")
>>> is_positive(terms.function("exp", x) + x * x), root_of_square(x * x / x**4)
(True, <Term x/(x*x)>)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mgc.compiler.verify.terms import oracle, terms
from mgc.compiler.verify.terms.terms import Term

FLAT = frozenset(
    "abs sign relu clip copysign max min select floor ceil round trunc floordiv mod fmod remainder".split()
)

ARITHMETIC = frozenset("symbol constant cell add sub mul neg select".split())
ALWAYS = oracle.TOTAL | terms.COMPARISONS | terms.LOGIC | ARITHMETIC
MINUS = terms.term(-1)


def factors(product: Term, divides: Callable[[Term], bool] = lambda divisor: False) -> Iterator[Term]:
    """What is multiplied, and what it is divided by where `divides` says so; -1 for a sign."""
    stack = [product]
    while stack:
        node = stack.pop()
        if node.op in ("mul", "neg") or (node.op == "div" and divides(node.args[1])):
            stack += node.args if node.op != "neg" else (MINUS, *node.args)
        else:
            yield node


def is_partial(node: Term) -> bool:
    """Whether an operation may have no value where its operands do."""
    if node.op == "div":
        return not (terms.number(node.args[1]) or is_positive(node.args[1]))
    return not is_positive(node.args[0]) if node.op == "pow" else node.op not in ALWAYS


def summands(term: Term) -> Iterator[Term]:
    stack = [term]
    while stack:
        node = stack.pop()
        if node.op == "add":
            stack += node.args
        else:
            yield node


def is_positive(term: Term) -> bool:
    """Whether its operation alone says that a term is positive wherever it has a value."""
    match term.op, term.args:
        case "constant", ():
            number = terms.number(term)
            return number is not None and number > 0
        case "exp" | "exp2" | "cosh" | "sigmoid", _:
            return True
        case "mul" | "div", (a, b):
            return is_positive(a) and is_positive(b)
        case "add", _:
            return is_not_negative(term) and any(map(is_positive, summands(term)))
        case "sqrt" | "pow", (a, *_):
            return is_positive(a)
    return False


def is_not_negative(term: Term) -> bool:
    match term.op, term.args:
        case "mul", (a, b) if a is b:
            return True
        case "add", _:
            return all(map(is_not_negative, summands(term)))
        case "max", _:
            return all(map(is_not_negative, term.args))
        case "select", (_, a, b):
            return is_not_negative(a) and is_not_negative(b)
        case "abs" | "sqrt" | "hypot", _:
            return True
        case "pow", (_, exponent):
            number = terms.number(exponent)
            even = number is not None and (number.denominator % 2 == 0 or number.numerator % 2 == 0)
            return even or is_positive(term)
    return term is terms.ZERO or is_positive(term)


def root_of_square(term: Term) -> Term | None:
    """What a term is the square of."""
    match term.op, term.args:
        case "mul", (a, b) if a is b:
            return a
        case (("mul" | "div"), (a, b)):
            parts = root_of_square(a), root_of_square(b)
            return None if parts[0] is None or parts[1] is None else terms.make(term.op, *parts)  # type: ignore[arg-type]
        case "pow", (a, exponent):
            number = terms.number(exponent)
            whole = number is not None and (number / 2).denominator == 1
            return a ** (number / 2) if whole and number is not None else None
    return term if term is terms.ONE else None

"""The form that ways to write one term share: it has the term's values, and it is one object for what is the same."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term, bare, function, select

x, y, z = map(terms.symbol, "xyz")
CONDITIONS = ("lt", "le", "gt", "ge", "eq", "ne")
NUMBERS = ("add", "sub", "mul", "div", "max", "min")


def conditions(of: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return st.builds(terms.make, st.sampled_from(CONDITIONS), of, of)


def grown(of: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    divisible = of.filter(lambda one: one is not terms.ZERO)
    return st.one_of(
        st.builds(terms.make, st.sampled_from(NUMBERS), of, divisible),
        st.builds(select, conditions(of), of, of),
        st.builds(lambda c, a, b: select(c, a + b, b), conditions(of), of, of),
        st.builds(lambda a: function("relu", a), of),
        st.builds(lambda a: terms.cell(a, "t", 1, 1), of),
    )


leaves = st.sampled_from([x, y, z, *map(terms.constant, (0, 1, -2, 3))])
values = st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0])


def value(term: Term, at: dict[str, float]) -> Any:
    try:
        return Evaluation({name: mpf(number) for name, number in at.items()}).value(term)
    except NoValue:
        return None


@given(st.recursive(leaves, grown, max_leaves=12), values, values, values)
def test_the_shared_form_has_the_values_of_the_term(term: Term, a: float, b: float, c: float) -> None:
    at = {"x": a, "y": b, "z": c}
    given, shared = value(term, at), value(bare(term), at)
    assert given is None or abs(given - shared) < mpf(10) ** -40
    assert bare(bare(term)) is bare(term)


def test_ways_to_write_one_term_share_a_form() -> None:
    assert bare(x * y + z) is bare(z + y * x)
    assert bare(select(x > 0, x, 0)) is bare(select(x <= 0, 0, x)) is bare(function("relu", x))
    assert bare(select(x > 0, z * y, 0)) is bare(y * select(x <= 0, 0, z))
    assert bare(select(x > 0, z + y, z)) is bare(z + select(x > 0, y, 0))
    assert bare(function("min", select(x > 0, 1, 3), 4)) is bare(select(x > 0, 1, 3))
    assert bare(function("min", select(x > 0, 1, 3), 2)) is not bare(select(x > 0, 1, 3))
    assert bare(terms.constant(3) / x) is bare(3 * (1 / x))


def test_a_tie_is_in_the_arm_that_it_was_in() -> None:
    assert bare(select(x >= 0, y, z)) is not bare(select(x > 0, y, z))
    assert bare(select(x > 0, x + y, z)) is not bare(select(x > 0, y, z) + x)

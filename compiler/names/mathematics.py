"""Names by what is computed, expression -> words: `z_max` for the largest of `z`, `z_exp_sum` for the sum of `exp(z)`.

>>> from mgc.compiler.schedule.loopnest import Apply, Load, LoopIndex, Variable
>>> z, z_max = Variable(0, "value", "float"), Variable(1, "value", "float")
>>> shifted = Apply("sub", (Load(z, (LoopIndex(3),)), Load(z_max, ())), "float")
>>> called = {0: "z", 1: "z_max"}
>>> one_subject(Apply("exp", (shifted,), "float"), called), both_sides(shifted, called)
('z_exp', 'z_minus_max')
"""

from __future__ import annotations

from collections.abc import Mapping

from mgc.compiler.schedule.loopnest import Apply, Expression, Load, LoopIndex, Number, Size

Called = Mapping[int, str]  # what a variable is called, by its serial number

LONGEST = 24  # characters of a name that is made up
_POWERS = {2.0: "squared", 3.0: "cubed", -1.0: "inverse"}
_NUMBERS = {0.0: "zero", 1.0: "one", 2.0: "two", -1.0: "minus_one"}
_BETWEEN = {
    "add": "plus", "sub": "minus", "mul": "", "div": "over", "floordiv": "over", "mod": "mod", "lt": "below",
    "le": "at_most", "gt": "above", "ge": "at_least", "eq": "is", "ne": "is_not", "and": "and", "or": "or",
}  # fmt: skip
WORDS = {"mul": "product", "add": "sum", "sub": "difference", "div": "ratio", "neg": "negated", "pow": "power",
         "floordiv": "quotient", "exactdiv": "quotient", "mod": "remainder", "select": "chosen", "and": "both",
         "or": "either", "bound": "place", "lt": "below", "le": "below", "gt": "above", "ge": "above",
         "eq": "same", "ne": "other"}  # fmt: skip


def word(op: str) -> str:
    """The noun for what an operation gives: `product`, or the name of the function."""
    return WORDS.get(op, op.removeprefix("op:"))


def one_subject(expression: Expression, called: Called) -> str | None:
    """What is computed of one named value, by the functions applied to it; None where there are several, or none."""
    match expression:
        case Load(variable=variable):
            return called.get(variable.serial)
        case Size(name=name):
            return name
        case Apply(op="neg" | "bound" | "checked", args=(operand, *_)):
            return one_subject(operand, called)
        case Apply(op="pow", args=(operand, Number(value=exponent))):
            return _joined(one_subject(operand, called), _POWERS.get(float(exponent), "power"))
        case Apply(op="select", args=(_, then, otherwise)):
            arms = [one_subject(arm, called) for arm in (then, otherwise) if not _is_silent(arm)]
            return _family(arms[0], arms[-1]) if arms else None
        case Apply(op="add" | "sub" | "mul" | "div" as op, args=(left, right)):
            if _is_silent(right):
                return one_subject(left, called)
            if _is_silent(left):
                return _joined(one_subject(right, called), "inverse" if op == "div" else "")
            return _family(one_subject(left, called), one_subject(right, called)) if op in ("add", "sub") else None
        case Apply(op=op, args=(operand,)):
            return _joined(one_subject(operand, called), word(op))
    return None


def both_sides(expression: Expression, called: Called) -> str | None:
    """An operation of two named values: `q_k`, `x_minus_mu`, `n_above_zero`."""
    match expression:
        case Apply(op="not" | "neg" as op, args=(operand,)):
            return _joined({"not": "not", "neg": "minus"}[op], _side(operand, called))
        case Apply(op=op, args=(left, right)) if op in _BETWEEN:
            one, other = _side(left, called), _side(right, called)
            return _joined(one, _BETWEEN[op], _less(other, one))
        case Apply(op=op, args=(left, right)) if not _is_silent(left) and not _is_silent(right):
            return _joined(_side(left, called), _side(right, called), word(op))
    return None


def _side(expression: Expression, called: Called) -> str | None:
    if isinstance(expression, Number):
        return _NUMBERS.get(float(expression.value))
    if isinstance(expression, Apply) and any(map(_is_silent, expression.args)) and expression.op != "pow":
        return None  # it would say less than is there
    return one_subject(expression, called)


def _less(other: str | None, one: str | None) -> str | None:
    """What is left of a name that begins with another: `z_minus_max` says it all."""
    return other.removeprefix(f"{one}_") if other and one else None


def _is_silent(expression: Expression) -> bool:
    """Whether a part of a value says nothing of what it is: a number, or a size."""
    match expression:
        case Number() | Size() | LoopIndex():
            return True
        case Apply(args=args):
            return all(map(_is_silent, reversed(args)))  # sums are deep on their left
    return False


def _family(one: str | None, other: str | None) -> str | None:
    """The value that both parts are of: `z` for `z` and `z_max`."""
    return one if one and other and (other == one or other.startswith(f"{one}_")) else None


def _joined(*words: str | None) -> str | None:
    if None in words:
        return None
    name = "_".join(word for word in words if word)
    return name if len(name) <= LONGEST else None

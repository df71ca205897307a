"""micrograd's `Value`: a number that remembers what it was computed from, and backpropagation through that.

>>> a, b = Value(2.0), Value(-3.0)
>>> c = a * b + a**2
>>> c.backward()
>>> c, a.grad, b.grad
(Value(data=-2.0, grad=1), 1.0, 2.0)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, KeysView, Sequence
from functools import partial
from numbers import Integral, Real

from mgc.grammar.diagnostics import DataError
from mgc.micrograd import model, rules
from mgc.micrograd.rules import Slopes
from mgc.micrograd.watch import compared, is_watched
from mgc.runtime.model import Function

_ADD, _MULTIPLY = rules.of("x + y").slopes, rules.of("x * y").slopes
_POWER = rules.of("x**y", by="x")
_BY_BOTH = rules.of("x**y", ieee=True).slopes  # where the base is negative, the slope by the exponent is nan
_RELU, _TANH, _EXP, _LOG = (rules.of(f"{name}(x)") for name in ("relu", "tanh", "exp", "log"))
_NUMBERS = (int, float, Real)  # the first two are known at once; NumPy's scalars are of the third


class Value:
    """A number, its gradient, and the operation and operands that it was computed from."""

    __slots__ = ("__dict__", "__weakref__", "_op", "_operands", "_slopes", "data", "grad")

    data: float
    grad: float
    label = ""
    _op: str
    _operands: tuple[Value, ...]
    _slopes: Slopes | None

    def __init__(self, data: float, _children: Iterable[Value] = (), _op: str = "", label: str = "") -> None:
        """Errors: TypeError where `data` is not one real number."""
        self.data = data if type(data) is float else _number(data)
        self.grad = 0
        if label:
            self.label = label
        self._op = _op
        self._operands = tuple(_children)
        self._slopes = None

    @property
    def _prev(self) -> KeysView[Value]:
        """The operands as a set, in their order."""
        return dict.fromkeys(self._operands).keys()

    @property
    def _backward(self) -> Callable[[], None]:
        """Hands `grad` on to the operands. Setting it makes an operation of one's own."""
        own: Callable[[], None] | None = self.__dict__.get("_backward")
        return own or partial(_propagate, self)

    @_backward.setter
    def _backward(self, own: Callable[[], None]) -> None:
        self.__dict__["_backward"], self._slopes = own, None

    def __add__(self, other: Value | float) -> Value:
        if type(other) is not Value and not isinstance(other, Value):
            if not isinstance(other, _NUMBERS):
                return NotImplemented
            other = Value(other)
        made = _new()  # as in _node, without the call
        made.data = self.data + other.data
        made.grad = 0
        made._op, made._operands, made._slopes = "+", (self, other), _ADD
        return made

    def __mul__(self, other: Value | float) -> Value:
        if type(other) is not Value and not isinstance(other, Value):
            if not isinstance(other, _NUMBERS):
                return NotImplemented
            other = Value(other)
        made = _new()
        made.data = self.data * other.data
        made.grad = 0
        made._op, made._operands, made._slopes = "*", (self, other), _MULTIPLY
        return made

    def __pow__(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            return _node(_POWER.value(self.data, other.data), (self, other), "**", _BY_BOTH)
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        exponent = _number(other)
        value = _POWER.value(self.data, exponent)
        return _node(value, (self,), f"**{exponent}", lambda x: _POWER.slopes(x, exponent))

    def relu(self) -> Value:
        """max(0, x), with the slope 0 at 0."""
        return _node(_RELU.value(self.data), (self,), "ReLU", _RELU.slopes)

    def tanh(self) -> Value:
        """The hyperbolic tangent; it never overflows."""
        return _node(_TANH.value(self.data), (self,), "tanh", _TANH.slopes)

    def exp(self) -> Value:
        """e**x. Errors: OverflowError."""
        return _node(_EXP.value(self.data), (self,), "exp", _EXP.slopes)

    def log(self) -> Value:
        """The natural logarithm. Errors: ValueError where x <= 0."""
        return _node(_LOG.value(self.data), (self,), "log", _LOG.slopes)

    def backward(self) -> None:
        """Add to the `grad` of each input the derivative of this value by it; set those of what lies between.

        Inputs add up over calls until they are set to 0. What was computed has the derivative of the last call alone.
        """
        order = _order(self)
        self.grad = 1
        for node in reversed(order):
            slopes, operands, grad = node._slopes, node._operands, node.grad
            if slopes is _ADD:  # both are 1
                left, right = operands
                left.grad += grad
                right.grad += grad
            elif slopes is None:
                node._backward()
            elif len(operands) == 2:
                left, right = operands
                _, (by_left, by_right) = slopes(left.data, right.data)
                left.grad += by_left * grad
                right.grad += by_right * grad
            else:
                (operand,) = operands
                _, (by_operand,) = slopes(operand.data)
                operand.grad += by_operand * grad

    def compile(self, inputs: Sequence[Value]) -> Function:
        """The graph up to this value as a compiled function of some of its values; all others keep their data.

        Arguments are named by labels. Errors: DataError.
        """
        return model.compiled(self, inputs)

    def __neg__(self) -> Value:
        return self * -1

    def __radd__(self, other: float) -> Value:
        return self + other

    def __sub__(self, other: Value | float) -> Value:
        return self + (-other)

    def __rsub__(self, other: float) -> Value:
        return other + (-self)

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __truediv__(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            return self * other**-1
        return self * _number(other) ** -1 if isinstance(other, _NUMBERS) else NotImplemented

    def __rtruediv__(self, other: float) -> Value:
        return other * self**-1

    def __rpow__(self, other: float) -> Value:
        return Value(other) ** self if isinstance(other, _NUMBERS) else NotImplemented

    def __eq__(self, other: object) -> bool:
        """Whether it is this very value. Errors: DataError beside a number, while a function is traced."""
        if isinstance(other, _NUMBERS) and is_watched():
            raise DataError("value == number in a traced function: values are one if they are one object; use < and >")
        return self is other

    __hash__ = object.__hash__

    def __lt__(self, other: Value | float) -> bool:
        return compared(self, "<", other, self.data < _data(other))

    def __le__(self, other: Value | float) -> bool:
        return compared(self, "<=", other, self.data <= _data(other))

    def __gt__(self, other: Value | float) -> bool:
        return compared(self, ">", other, self.data > _data(other))

    def __ge__(self, other: Value | float) -> bool:
        return compared(self, ">=", other, self.data >= _data(other))

    def __float__(self) -> float:
        """Errors: DataError while a function is traced, in which the number would stay what it is."""
        if is_watched():
            raise DataError("float(value) in a traced function: the compiled one would have this number for ever")
        return float(self.data)

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"


_new: Callable[[], Value] = partial(object.__new__, Value)  # a Value without the checks of its constructor


def _node(data: float, operands: tuple[Value, ...], op: str, slopes: Slopes) -> Value:
    """What an operation gives."""
    made = _new()
    made.data = data
    made.grad = 0
    made._op, made._operands, made._slopes = op, operands, slopes
    return made


def _number(data: object) -> float:
    """A number as Python's own int or float. Errors: TypeError."""
    if not isinstance(data, Real):
        raise TypeError(f"a Value holds one real number, not {type(data).__name__}")
    return int(data) if isinstance(data, Integral) else float(data)


def _data(other: Value | float) -> float:
    return other.data if isinstance(other, Value) else other


_DONE = Value(0)  # lies on the stack above a value whose operands are all in order


def _order(root: Value) -> list[Value]:
    """What was computed on the way to `root`, each after its operands; their gradients are set to 0."""
    order: list[Value] = []
    seen: set[Value] = set()
    stack: list[Value] = [root]
    pop, push, see, append = stack.pop, stack.append, seen.add, order.append
    while stack:
        node = pop()
        if node is _DONE:
            append(pop())
        elif node not in seen:
            see(node)
            node.grad = 0
            push(node)
            push(_DONE)
            for operand in node._operands:
                if operand._operands:
                    push(operand)
    return order


def _propagate(node: Value) -> None:
    """The chain rule at one node: each operand gets the node's gradient times the slope by it."""
    if node._slopes is None:
        return
    operands, grad = node._operands, node.grad
    _, slopes = node._slopes(*[operand.data for operand in operands])
    for operand, slope in zip(operands, slopes, strict=True):
        operand.grad += slope * grad

"""Blocks -> the text of a model file: a statement for what has a name or several readers, the rest inside of those."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, islice

from msgspec import Struct, field

from mgc.grammar.lexer import is_reserved
from mgc.micrograd.roll import COMPARISONS, Block, Read, Rolled, Vector, grids
from mgc.micrograd.terms import FUNCTIONS, Operand

FEW = 5  # operations that may stand inside of another
MANY = 16  # operations after which a sum goes on in a line of its own
TAKEN = {*FUNCTIONS.values(), "sum", "range", "params", "inf", "nan"}
LETTERS = "ijklmnpqrst"
_SUM, _NEGATIVE, _PRODUCT, _POWER, _ATOM = range(1, 6)  # how tightly an expression holds together

Index = tuple[int, dict[str, int]]  # a number, and multiples of loop variables
Expression = tuple[str, int]  # its text, and how tightly it holds together
Result = Operand | list["Result"]


class Names:
    """Names that are new: the word that is wanted, with a number behind it where that is no name or is taken."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*TAKEN, *taken}
        self._numbers: dict[str, count[int]] = {}

    def new(self, wanted: str, otherwise: str = "v") -> str:
        """otherwise: the word that is numbered where the wanted one is no name."""
        word = wanted if _is_name(wanted) else otherwise
        numbers = self._numbers.setdefault(word, count(2 if word == wanted else 1))
        name = word if word == wanted else f"{word}{next(numbers)}"
        while name in self._taken:
            name = f"{word}{next(numbers)}"
        self._taken.add(name)
        return name

    def letters(self, wanted: int) -> list[str]:
        """So many loop variables, none of which is a name."""
        candidates = (letter + number for number in chain([""], map(str, count(2))) for letter in LETTERS)
        return list(islice((letter for letter in candidates if letter not in self._taken), wanted))


def _is_name(word: str) -> bool:
    plain = word.isascii() and word.isidentifier() and not word.startswith("_")
    return plain and not keyword.iskeyword(word) and not is_reserved(word)


def function(name: str, shapes: Mapping[str, Vector], rolled: Rolled, results: Sequence[Result]) -> str:
    """The text of a function of arguments of these shapes. A result is an entry, a constant, or lists of them."""
    writer = _Writer(rolled, dict(shapes.items()), Names([name, *shapes]), frozenset(_numbers(rolled, results)))
    lines: list[str] = []
    for place in _in_order(rolled.blocks):
        lines += writer.statement(place)
    lines.append("return " + ", ".join(writer.result(result) for result in results))
    arguments = ", ".join(argument + (str(list(shape)) if shape else "") for argument, shape in shapes.items())
    return f"def {name}({arguments}):\n" + "".join(f"    {line}\n" for line in lines)


def _numbers(rolled: Rolled, results: Sequence[Result]) -> Iterator[int]:
    """The blocks of results that are numbers."""
    for result in results:
        if isinstance(result, int):
            yield rolled.places[result][0]


def _in_order(blocks: Sequence[Block]) -> list[int]:
    """By the first term of each, as Python computed them; constants stand before what reads them."""
    first = [0] * len(blocks)
    for place in reversed(range(len(blocks))):
        first[place] = blocks[place].members[0] if blocks[place].members else first[place + 1]
    return sorted(range(len(blocks)), key=first.__getitem__)


class _Writer(Struct):
    """names_of: the blocks that have a statement; the others stand where they are read."""

    rolled: Rolled
    shapes: dict[int | str, Vector]
    names: Names
    returned: frozenset[int]  # blocks that are a result
    names_of: dict[int, str] = field(default_factory=dict)
    costs: list[int] = field(default_factory=list)
    sizes: dict[str, set[int]] = field(default_factory=dict)  # of the axes that a loop variable goes along

    def __post_init__(self) -> None:
        blocks = self.rolled.blocks
        for place, block in enumerate(blocks):
            self.shapes[place] = block.shape
            inside = [self._cost(operand) for operand in block.operands]
            self.costs.append(1 + sum(inside))
        for place in _in_order(blocks):
            if not self._is_inside(place):
                self.names_of[place] = self.names.new(blocks[place].name, "c" if blocks[place].values else "v")

    def _is_inside(self, place: int) -> bool:
        block = self.rolled.blocks[place]
        limit = MANY if place in self.returned else FEW
        once = block.single and (self.costs[place] <= limit or block.op in COMPARISONS)
        return not block.name and (once or (_is_negative(block) and self.costs[place] == 1))

    def _cost(self, operand: Read | float) -> int:
        if isinstance(operand, float) or isinstance(operand.array, str) or not self._is_inside(operand.array):
            return 0
        return self.costs[operand.array]

    def statement(self, place: int) -> list[str]:
        """The lines that compute a block; none where it stands inside of another."""
        block, name = self.rolled.blocks[place], self.names_of.get(place)
        if name is None:
            return []
        if block.values:
            return [f"{name} = {_literal(list(map(_number, block.values)), block.shape)}"]
        if block.op == "sum" and not block.shape:
            return self._long_sum(block, name)
        return [f"{name} = {self._array(block.shape, lambda at, depth: self._body(block, at, depth)[0])}"]

    def _long_sum(self, block: Block, name: str) -> list[str]:
        lines: list[str] = []
        line: list[Expression] = []
        cost = 0
        for operand in block.operands:
            line.append(self._operand(operand, (), 0))
            cost += 1 + self._cost(operand)
            if cost >= MANY:
                lines.append(f"{name} = {_added(line)[0]}")
                line, cost = [(name, _ATOM)], 0
        return [*lines, f"{name} = {_added(line)[0]}"] if len(line) > bool(lines) else lines

    def result(self, result: Result) -> str:
        if not isinstance(result, list):
            return self._entry(result)
        shape, entries = _flattened(result)
        reads = [self.rolled.read(entry) for entry in entries if not isinstance(entry, float)]
        if len({array for array, _ in reads}) == 1 and len(reads) == len(entries):
            _, grid = next(grids([indices for _, indices in reads]))
            if grid.shape == shape:
                return self._whole(Read(reads[0][0], grid))
        return _literal([self._entry(entry) for entry in entries], shape)

    def _entry(self, entry: Operand) -> str:
        if isinstance(entry, float):
            return _number(entry)
        array, indices = self.rolled.read(entry)
        return self._read(array, tuple((index, {}) for index in indices), 0)[0]

    def _whole(self, read: Read) -> str:
        """An array as it is, or a part of one."""
        name = read.array if isinstance(read.array, str) else self.names_of.get(read.array)
        text = self._array(read.grid.shape, lambda at, depth: self._operand(read, at, depth)[0])
        same = self.shapes[read.array] == read.grid.shape and not any(read.grid.offset)
        return name if name is not None and same and read.grid.steps == _units(len(read.grid.shape)) else text

    def _array(self, shape: Vector, body: Callable[[Sequence[Index], int], str]) -> str:
        at = self._variables(len(shape), 0)
        text: str = body(at, len(shape))
        return f"[{text}{self._clauses(at, shape)}]" if shape else text

    def _body(self, block: Block, at: Sequence[Index], depth: int) -> Expression:
        """The expression of one entry. depth: how many loop variables are around it."""
        if block.op == "sum":
            return _added([self._operand(operand, at, depth) for operand in block.operands])
        operands = [self._operand(operand, at, depth) for operand in block.operands]
        if _is_negative(block):
            other = operands[block.operands[0] == -1.0]
            return "-" + _within(other, _PRODUCT), _NEGATIVE  # -x*y is (-x)*y, the same number
        match block.op, operands:
            case "*" | "/", [left, right]:
                return f"{_within(left, _PRODUCT)}{block.op}{_within(right, _POWER)}", _PRODUCT
            case "**", [left, (("-1", _) | ("-1.0", _))]:
                return f"1/{_within(left, _POWER)}", _PRODUCT
            case "**", [left, right]:
                return f"{_within(left, _ATOM)}**{_within(right, _ATOM)}", _POWER
            case sign, [left, right]:
                return f"1 if {_within(left, _SUM)} {sign} {_within(right, _SUM)} else 0", 0
            case name, [one]:
                return f"{name}({one[0]})", _ATOM
        raise AssertionError(block.op)

    def _operand(self, operand: Read | float, at: Sequence[Index], depth: int) -> Expression:
        if isinstance(operand, float):
            text = _number(operand)
            return text, _NEGATIVE if text.startswith("-") else _ATOM
        inner = self._variables(len(operand.over), depth)
        places = [*at, *inner]
        indices = tuple(_index(offset, [step[axis] for step in operand.grid.steps], places)
                        for axis, offset in enumerate(operand.grid.offset))  # fmt: skip
        one = self._read(operand.array, indices, depth + len(inner))
        return (f"sum({one[0]}{self._clauses(inner, operand.over)})", _ATOM) if inner else one

    def _read(self, array: int | str, indices: tuple[Index, ...], depth: int) -> Expression:
        name = array if isinstance(array, str) else self.names_of.get(array)
        if name is None:
            assert isinstance(array, int)
            return self._body(self.rolled.blocks[array], indices, depth)
        for (offset, steps), size in zip(indices, self.shapes[array], strict=True):
            if offset == 0 and list(steps.values()) == [1]:
                self.sizes[next(iter(steps))].add(size)
        return name + (f"[{', '.join(map(_spelled, indices))}]" if indices else ""), _ATOM

    def _variables(self, axes: int, depth: int) -> list[Index]:
        """Loop variables that are no names of the model, of the axes around which there are `depth` others."""
        letters = self.names.letters(depth + axes)[depth:]
        self.sizes.update({letter: set() for letter in letters})
        return [(0, {letter: 1}) for letter in letters]

    def _clauses(self, variables: Sequence[Index], shape: Vector) -> str:
        """` for i for j in range(3)`: a range is said where what the variable goes along does not say it."""
        letters = [letter for _, steps in variables for letter in steps]
        clauses = ""
        for letter, size in zip(letters, shape, strict=True):
            clauses += f" for {letter}" if self.sizes[letter] == {size} else f" for {letter} in range({size})"
        return clauses


def _is_negative(block: Block) -> bool:
    return block.op == "*" and -1.0 in block.operands


def _index(offset: int, steps: Sequence[int], places: Sequence[Index]) -> Index:
    """offset plus a step for each place, which are indices themselves."""
    found: dict[str, int] = {}
    for step, (start, multiples) in zip(steps, places, strict=True):
        offset += step * start
        for letter, multiple in multiples.items():
            found[letter] = found.get(letter, 0) + step * multiple
    return offset, {letter: multiple for letter, multiple in found.items() if multiple}


def _spelled(index: Index) -> str:
    offset, multiples = index
    text = ""
    for letter, multiple in multiples.items():
        size = letter if abs(multiple) == 1 else f"{abs(multiple)}*{letter}"
        text += (f" {'-' if multiple < 0 else '+'} " if text else "-" * (multiple < 0)) + size
    if not text:
        return str(offset)
    return text + (f" {'-' if offset < 0 else '+'} {abs(offset)}" if offset else "")


def _added(terms: Sequence[Expression]) -> Expression:
    """The terms of a sum; one that is negative is subtracted."""
    if len(terms) == 1:
        return terms[0]
    text = _within(terms[0], _NEGATIVE)
    for term in terms[1:]:
        text += f" - {term[0][1:]}" if term[1] == _NEGATIVE else f" + {_within(term, _PRODUCT)}"
    return text, _SUM


def _within(expression: Expression, least: int) -> str:
    text, holds = expression
    return text if holds >= least else f"({text})"


def _number(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 and str(number) != "-0.0" else repr(number)


def _literal(texts: Sequence[str], shape: Vector) -> str:
    for size in reversed(shape):
        texts = [f"[{', '.join(texts[start : start + size])}]" for start in range(0, len(texts), size)]
    return texts[0]


def _units(axes: int) -> tuple[Vector, ...]:
    return tuple(tuple(int(axis == other) for other in range(axes)) for axis in range(axes))


def _flattened(result: Result) -> tuple[Vector, list[Operand]]:
    """The shape of nested lists, and their entries."""
    shape: Vector = ()
    level: list[Result] = [result]
    while isinstance(level[0], list):
        shape = (*shape, len(level[0]))
        level = list(chain.from_iterable(level))  # type: ignore[arg-type]
    return shape, level  # type: ignore[return-value]

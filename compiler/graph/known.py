"""What is asked is known: the branches of nodes -> the same, each condition asked only where all it reads is computed.

Conditions that were made for several readers, or to count turns, are nobody's reading: what they ask may be computed in
some branches only. Where these do not hold no reader takes the value either, so that they are asked first.

    def f(A[m, n]): ...      m > 0 and not first <= 1 or first <= 1      the last one: m > 0 and first <= 1

>>> from mgc.compiler.graph.builder import Builder
>>> build, zero = Builder(), Builder().number(0.0)
>>> x, y = build.make("input", (), "x"), build.make("input", (), "y")
>>> log, positive = build.make("log", (x,)), build.make("gt", (x, zero))
>>> made = Made(build)
>>> above = made.apply("gt", log, zero)
>>> found = {log: ((positive, True),), y: ((above, True),)}
>>> known(made, found, {}, {}, {})[y] == ((positive, True), (above, True))
True
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct, field

from mgc.compiler.graph import algebra
from mgc.compiler.graph.conditions import Made, Turns, both, holding, implies
from mgc.compiler.graph.guards import Guard, Guards
from mgc.compiler.graph.loops import own_loops
from mgc.compiler.graph.nodes import Node, bound_axes, serial


def known(
    made: Made,
    found: Mapping[Node, Guards],
    read: Mapping[Node, Guards],
    turns: dict[Node, Turns],
    rank: Mapping[Node, int],
) -> dict[Node, Guards]:
    """The branches that nodes are computed in, and those of the conditions that are made here.

    `read` are the branches in which the graph itself reads its nodes: conditions may be asked in fewer.
    """
    knowing = _Knowing(made, found, read, turns, rank)
    for node in sorted(found, key=serial):
        knowing.branches(node)
    return knowing.final


class _Knowing(Struct, frozen=True):
    made: Made
    found: Mapping[Node, Guards]
    read: Mapping[Node, Guards]
    turns: dict[Node, Turns]
    rank: Mapping[Node, int]
    final: dict[Node, Guards] = field(default_factory=dict)
    counted: dict[Node, Node] = field(default_factory=dict)  # conditions on counts, by what they were

    def branches(self, node: Node) -> Guards:
        if node not in self.final:
            self.final[node] = self.found.get(node, ())  # while they are looked for
            self.final[node] = self._branches(node, self.final[node])
            if node in self.read and self._is_logic(node) and not self._is_second_known(node):
                self.final[node] = self._branches(node, self.read[node])
        return self.final[node]

    def _is_second_known(self, condition: Node) -> bool:
        first, second = condition.args
        held = holding((*self.final[condition], (first, condition.op == "and")))
        return not self._missing(second, held)

    def _branches(self, node: Node, around: Guards) -> Guards:
        """As the path of a statement has them: a condition after the last loop that it needs."""
        chain: list[Guard] = []
        inside: list[Node] = []
        left = [] if node.op == "index" else list(around)  # it is no variable: its ends are to be known
        bound = bound_axes(node)
        loops = own_loops(node).union(*[axis.axes[:-1] for axis in bound]).difference(bound)
        for axis in (None, *sorted(loops, key=lambda one: self.rank[one])):
            if axis is not None:
                self._need(chain, inside, axis.args)
                inside.append(axis)
            while left and set(left[0][0].axes) <= set(inside):
                self._ask(chain, left.pop(0))
        for guard in left:
            self._ask(chain, guard)
        if node.op != "scatter":  # which has its loops in the branches of what is added
            self._need(chain, inside, [end for axis in bound for end in axis.args])
        if node in self.made.nodes:
            first = (node.args[:1] if node in self.read else ()) if self._is_logic(node) else node.args
            self._need(chain, inside, first)
        return tuple(chain)

    def _need(self, chain: list[Guard], loops: Collection[Node], read: Iterable[Node]) -> None:
        """Add the branches in which what is read is known, as far as they lie in these loops."""
        for node in read:
            for guard in self.branches(node):
                if set(guard[0].axes) <= set(loops) and not implies(holding(chain), loops, guard, self.turns):
                    chain.append(guard)

    def _ask(self, chain: list[Guard], guard: Guard) -> None:
        """Add a branch, after those in which what its condition reads is known."""
        condition, arm = guard
        guards = [guard]
        if not self._is_known(condition, holding(chain)):
            whole = not arm and self._is_logic(condition)
            guards = [(self._asked(condition), arm)] if whole else self._parts(condition, arm, chain)
        for one in guards:
            self._need(chain, one[0].axes, one[:1])
            if not implies(holding(chain), one[0].axes, one, self.turns):
                chain.append(one)

    def _asked(self, condition: Node, around: Guards = ()) -> Node:
        """The condition; where what it reads is not known in these branches, one that asks for it first."""
        if self._is_known(condition, holding(around)):
            return condition
        tests = [one if arm else self._put(self.made.apply("not", one)) for one, arm in self._parts(condition)]
        return functools.reduce(self._both, tests)

    def _both(self, first: Node, second: Node) -> Node:
        return self._whole(both(self.made, ((first, True), (second, True))), first, second)

    def _parts(self, condition: Node, arm: bool = True, around: Iterable[Guard] = ()) -> list[Guard]:
        """What a condition asks, one after the other, with what else is to be asked so that it is known."""
        parts: list[Guard] = []
        for part in self._conjuncts(condition):
            if self._is_logic(part, ("or",)):
                part = self._whole(self.made.apply("or", *map(self._asked, part.args)))
            else:
                part = self._recounted(part)
            parts.extend(self._missing(part, holding((*around, *parts))))
            parts.append((part, arm))
        return parts

    def _is_known(self, condition: Node, held: frozenset[Guard]) -> bool:
        """Whether all that a condition reads is known where these branches hold, and where its own variable is set."""
        if self._missing(condition, held):
            return False
        if self._is_logic(condition) and condition not in self.read:
            first, second = condition.args
            held = holding(self.branches(condition))
            then = holding(((first, condition.op == "and"),))
            return self._is_known(first, held) and self._is_known(second, held | then)
        return self._recounted(condition) is condition

    def _conjuncts(self, condition: Node) -> Iterator[Node]:
        if self._is_logic(condition, ("and",)):
            for part in condition.args:
                yield from self._conjuncts(part)
        else:
            yield condition

    def _is_logic(self, condition: Node, ops: Collection[str] = ("and", "or")) -> bool:
        return condition.op in ops and condition in self.made.nodes

    def _missing(self, condition: Node, held: frozenset[Guard]) -> list[Guard]:
        around = [one for one in self.branches(condition) if set(one[0].axes) <= set(condition.axes)]
        return [one for one in around if not implies(held, condition.axes, one, self.turns)]

    def _recounted(self, condition: Node) -> Node:
        """Whether there are turns, each counted where what tells it is known."""
        count = condition.args[0] if condition in self.turns else condition
        if count.op != "reduce" or count not in self.made.nodes:
            return condition
        if condition not in self.counted:
            self.counted[condition] = condition
            once = count.args[0]
            if once.op == "select":
                taken = self._asked(once.args[0], self.branches(count))
                if taken is not once.args[0]:
                    self.counted[condition] = self._count(condition, count, taken)
        return self.counted[condition]

    def _count(self, condition: Node, count: Node, taken: Node) -> Node:
        build = self.made.build
        turns = build.reduce("sum", list(count.args[1:]), algebra.select(build, taken, *count.args[0].args[1:]))
        self.made.nodes.update([turns.args[0], turns])
        self._put(turns)
        self.final[turns] = self.branches(count)
        again = self._put(self.made.apply(condition.op, turns, condition.args[1]))
        self.final[again] = self.final[turns]
        self.turns.setdefault(again, self.turns[condition])
        return again

    def _whole(self, made: Node, *parts: Node) -> Node:
        """Have what was made of parts, and asks for all that it needs, computed anywhere in its loops."""
        if made not in parts:
            self._put(made)
            self.final[made] = self._ends(made)
        return made

    def _put(self, made: Node) -> Node:
        """Have what the graph did not have computed."""
        if made not in self.found and made not in self.final:
            for part in made.args:
                self._put(part)
            self.final[made] = self._ends(made)
        return made

    def _ends(self, made: Node) -> Guards:
        """The branches in which the loops that a node is in are known."""
        chain: list[Guard] = []
        for axis in sorted(own_loops(made), key=lambda one: self.rank[one]):
            self._need(chain, axis.axes[:-1], axis.args)
        return tuple(chain)

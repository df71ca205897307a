"""Which statements share a loop or a branch, statements -> groups in an order that works.

A statement joins the loop of those that it reads, or that read it, unless it needs that loop to be over first.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mgc.compiler.graph.nodes import Node
from mgc.compiler.schedule.statements import Turn, Wait, Work


class Key(NamedTuple):
    """What statements have in common that share their next loop or branch."""

    head: Node
    stage: int  # how many loops must be over before
    late: bool  # whether they stand after those of the forward pass
    turn: Turn


def groups(works: Sequence[Work], level: int) -> list[tuple[Node | None, list[Work]]]:
    """The statements that share their next loop or branch, and those that stand alone, in an order that works."""
    keys = _keys(works, level)
    found: list[tuple[Node | None, list[Work]]] = []
    place: dict[Work, int] = {}  # the group of each statement
    known: dict[Key, int] = {}
    for work in works:
        key = keys.get(work)
        here = len(found) if key is None else known.setdefault(key, len(found))
        if here == len(found):
            found.append((_head(work, level), []))
        place[work] = here
        found[here][1].append(work)
    return _in_order(found, place, level)


def _keys(works: Sequence[Work], level: int) -> dict[Work, Key]:
    """The key of each statement that stands in a loop or branch: in the forward pass's if it belongs there.

    If one statement of the backward pass stands in a branch of the forward pass, the others of that branch do, too.
    """
    stages = _stages(works, level)
    keys: dict[Work, Key] = {}
    first: dict[Key, Work] = {}
    for work in works:
        head = _head(work, level)
        if head is not None:
            key = Key(head, stages[work], False, work.turn)
            late = key in first and not _belongs(work, key, first[key], keys)
            keys[work] = key._replace(late=late)
            first.setdefault(keys[work], work)
    shared = {key for work, key in keys.items() if _is_backward(work) and work.path[level][1] is not None}
    return {work: early if (early := key._replace(late=False)) in shared else key for work, key in keys.items()}


def _head(work: Work, level: int) -> Node | None:
    return work.path[level][0] if level < len(work.path) else None


def _joins(wait: Wait, work: Work, level: int) -> bool:
    """Whether a statement can stand in the same loop or branch as the one that it waits for."""
    head = _head(work, level)
    return head is not None and _head(wait.work, level) is head and head not in wait.barrier


def _stages(works: Sequence[Work], level: int) -> dict[Work, int]:
    """How many loops must be over before each statement: as few as can be, or as many as for readers in one loop."""
    stage: dict[Work, int] = {}
    readers: dict[Work, list[tuple[Work, bool]]] = defaultdict(list)
    for work in works:
        first = 0
        for wait in work.after:
            before = stage.get(wait.work)
            if before is not None and wait.work.turn == work.turn:  # turns follow each other anyway
                joins = _joins(wait, work, level)
                alone = _head(wait.work, level) is None
                first = max(first, before + (not joins and not alone))
                readers[wait.work].append((work, joins))
        stage[work] = first
    for arms in _arms(works, level):
        stage.update(dict.fromkeys(arms, max(stage[work] for work in arms)))
    for work in reversed(works):
        if _head(work, level) is not None and any(joins for _, joins in readers[work]):
            latest = min(stage[reader] - (not joins) for reader, joins in readers[work])
            stage[work] = max(
                [stage[r] for r, joins in readers[work] if joins and stage[r] <= latest],
                default=stage[work],
            )
    return stage


def _arms(works: Sequence[Work], level: int) -> Iterator[list[Work]]:
    """The statements that set one value in the arms of a branch: they share it."""
    arms: dict[tuple[Node, Node], list[Work]] = defaultdict(list)
    for work in works:
        if work.node.op == "select" and level < len(work.path) and work.path[level][1] is not None:
            arms[work.node, work.path[level][0]].append(work)
    return (found for found in arms.values() if len(found) > 1)


def _belongs(work: Work, key: Key, first: Work, keys: Mapping[Work, Key]) -> bool:
    """A backward statement joins a forward loop only for values that it would otherwise have to store."""
    if work.turn or not _is_backward(work) or _is_backward(first):
        return True
    return any(keys.get(wait.work) == key for wait in work.after)


def _is_backward(work: Work) -> bool:
    return work.node.origin.section == "backward"


def _in_order(
    groups: list[tuple[Node | None, list[Work]]], place: dict[Work, int], level: int
) -> list[tuple[Node | None, list[Work]]]:
    """The groups in the author's order, forward before backward, as far as what they wait for allows it."""
    followers: list[set[int]] = [set() for _ in groups]
    waiting = [0] * len(groups)
    for here, (_, members) in enumerate(groups):
        for work in members:
            for wait in work.after:
                before = place.get(wait.work, here)
                if before != here and here not in followers[before]:
                    followers[before].add(here)
                    waiting[here] += 1
    rank = _ranks(groups, followers, list(waiting))
    ready = [(rank[here], here) for here, count in enumerate(waiting) if not count]
    heapq.heapify(ready)
    result: list[tuple[Node | None, list[Work]]] = []
    while ready:
        _, here = heapq.heappop(ready)
        head, members = groups[here]
        if result and result[-1][0] is head and _is_one_with(members, result[-1][1], level):
            result[-1][1].extend(members)
        else:
            result.append((head, list(members)))
        for follower in sorted(followers[here]):
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, (rank[follower], follower))
    assert sum(len(members) for _, members in result) == len(place), "groups wait for each other"
    return result


def _is_one_with(members: Sequence[Work], before: Sequence[Work], level: int) -> bool:
    """Whether statements go on with those before them: what stands alone, and a branch of the same pass."""
    if level >= len(members[0].path):
        return True
    is_branch = members[0].path[level][1] is not None
    return is_branch and members[0].turn == before[0].turn and _is_backward(members[0]) == _is_backward(before[-1])


def _ranks(
    groups: Sequence[tuple[Node | None, list[Work]]], followers: Sequence[set[int]], waiting: list[int]
) -> list[tuple[Turn, int]]:
    """When each group is due: in its own turn, or in that of the earliest group that waits for it."""
    rank = [(_turn(members[0]), here) for here, (_, members) in enumerate(groups)]
    order = [here for here, count in enumerate(waiting) if not count]
    for here in order:
        for follower in sorted(followers[here]):
            waiting[follower] -= 1
            if not waiting[follower]:
                order.append(follower)
    for here in reversed(order):
        rank[here] = min([rank[here], *[rank[follower] for follower in followers[here]]])
    return rank


def _turn(work: Work) -> Turn:
    return work.turn or (_is_backward(work),)

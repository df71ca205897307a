"""Which statements share a loop or a branch, statements -> groups in an order that works.

A statement joins the loop of those that it reads, or that read it, unless it needs that loop to be over first.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence

from mgc.compiler.graph.nodes import Node
from mgc.compiler.schedule.statements import Turn, Wait, Work


def groups(works: Sequence[Work], level: int) -> list[tuple[Node | None, list[Work]]]:
    """The statements that share their next loop or branch, and those that stand alone, in an order that works."""
    stages = _stages(works, level)
    found: list[tuple[Node | None, list[Work]]] = []
    place: dict[Work, int] = {}  # the group of each statement
    known: dict[tuple[Node, int, bool, Turn], int] = {}
    for work in works:
        head = _head(work, level)
        if head is None:
            place[work] = len(found)
            found.append((None, [work]))
            continue
        key = (head, stages[work], False, work.turn)
        if key in known and not _belongs(work, found[known[key]][1], place, known[key]):
            key = (head, stages[work], True, work.turn)
        if key not in known:
            known[key] = len(found)
            found.append((head, []))
        place[work] = known[key]
        found[known[key]][1].append(work)
    return _in_order(found, place)


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
    for work in reversed(works):
        if _head(work, level) is not None and any(joins for _, joins in readers[work]):
            latest = min(stage[reader] - (not joins) for reader, joins in readers[work])
            stage[work] = max(
                [stage[r] for r, joins in readers[work] if joins and stage[r] <= latest],
                default=stage[work],
            )
    return stage


def _belongs(work: Work, members: Sequence[Work], place: dict[Work, int], group: int) -> bool:
    """A backward statement joins a forward loop only for values that it would otherwise have to store."""
    if work.turn or work.node.origin.section == "forward" or members[0].node.origin.section == "backward":
        return True
    return any(place.get(wait.work) == group for wait in work.after)


def _in_order(
    groups: list[tuple[Node | None, list[Work]]], place: dict[Work, int]
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
        if head is None and result and result[-1][0] is None:
            result[-1][1].extend(members)
        else:
            result.append((head, list(members)))
        for follower in sorted(followers[here]):
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, (rank[follower], follower))
    assert sum(len(members) for _, members in result) == len(place), "groups wait for each other"
    return result


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
    return work.turn or (work.node.origin.section == "backward",)

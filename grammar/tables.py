"""Grammar -> parse tables, ahead of time: `python -m mgc.grammar.tables` writes tables.json from mg.lark.

lark computes the LALR(1) automaton. What is stored is plain data: for each state what each symbol does, where
the steps that only pass a value on (`term: factor`, `factor: power`, ...) have already been taken (D. Pager,
"Eliminating unit productions from LR parsers", 1977). So parsing needs neither lark nor a dozen reductions
for each operand.

>>> tables = load()
>>> tables.fixed["**"], Rule(3, "power", "binary") in tables.rules
('POWER', True)
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

GRAMMAR = Path(__file__).with_name("mg.lark")
TABLES = Path(__file__).with_name("tables.json")
END = "$END"

NOWHERE = 1 << 30  # where a lookahead leads that LALR allows in some other context only
Entry = dict[str, Any]  # a rule or a terminal as lark serialises it: nested plain data
BaseRow = dict[str, int | str]  # as Row, or a symbol: the unit reduction to it
Row = dict[str, int]  # symbol -> state to go to, or ~rule to reduce by


class Rule(NamedTuple):
    """A reduction: how many values it takes, the symbol it makes, and the function that makes its value."""

    size: int
    symbol: str
    action: str


class Tables(NamedTuple):
    """The automaton (state 0 is the first) and the tokens: patterns by name, and fixed spellings to names."""

    states: list[Row]
    rules: list[Rule]
    patterns: dict[str, str]
    fixed: dict[str, str]


@cache
def load() -> Tables:
    """The tables of tables.json."""
    data = json.loads(TABLES.read_text(encoding="ascii"))
    rules = [Rule(*rule) for rule in data["rules"]]
    return Tables(data["states"], rules, data["patterns"], data["fixed"])


def build(grammar: str) -> Tables:
    """The tables of a grammar whose first rule is `file`."""
    import lark  # costs 40 ms, and only whoever changes the grammar needs it
    from lark.grammar import Rule as LarkRule
    from lark.lexer import TerminalDef

    parser = lark.Lark(grammar, parser="lalr", lexer="basic", start="file", keep_all_tokens=True)
    data, memo = parser.memo_serialize([TerminalDef, LarkRule])
    automaton = data["parser"]["parser"]
    entries: dict[int, Entry] = {key: item for key, item in memo.items() if item["__type__"] == "Rule"}
    rules = sorted({_rule(entry) for entry in entries.values() if not _passes_on(entry)})
    reductions = {
        key: entry["origin"]["name"] if _passes_on(entry) else ~rules.index(_rule(entry))
        for key, entry in entries.items()
    }
    names = automaton["tokens"]
    base: dict[int, BaseRow] = {
        state: {
            names[token]: reductions[target["@"]] if is_reduction else target
            for token, (is_reduction, target) in row.items()
        }
        for state, row in automaton["states"].items()
    }
    (start,), (end,) = automaton["start_states"].values(), automaton["end_states"].values()
    base[end][END] = end
    terminals: list[Entry] = [item for item in memo.values() if item["__type__"] == "TerminalDef"]
    return Tables(_without_units(base, start), rules, *_tokens(terminals))


def _passes_on(rule: Entry) -> bool:
    return rule["alias"] is None and len(rule["expansion"]) == 1


def _rule(rule: Entry) -> Rule:
    assert rule["alias"], f"an alternative of {rule['origin']['name']} has no action"
    return Rule(len(rule["expansion"]), rule["origin"]["name"], rule["alias"])


def _tokens(terminals: list[Entry]) -> tuple[dict[str, str], dict[str, str]]:
    patterns, fixed = {}, {}
    for terminal in sorted(terminals, key=lambda terminal: str(terminal["name"])):
        pattern = terminal["pattern"]
        if pattern["__type__"] == "PatternRE":
            patterns[terminal["name"]] = pattern["value"]
        else:
            fixed[pattern["value"]] = terminal["name"]
    return patterns, fixed


def _without_units(base: dict[int, BaseRow], start: int) -> list[Row]:
    """The automaton whose states have already taken the unit reductions, numbered breadth first."""
    found = {_key(base[start]): 0}
    queue = [base[start]]
    states: list[Row] = []
    for row in queue:  # grows while it is walked
        new: Row = {}
        for symbol, target in sorted(row.items()):
            assert isinstance(target, int)
            if target >= 0:
                successor = _resolved(base, row, base[target])
                if _key(successor) not in found:
                    found[_key(successor)] = len(queue)
                    queue.append(successor)
                target = found[_key(successor)]
            new[symbol] = target
        states.append(new)
    return states


def _resolved(base: dict[int, BaseRow], below: BaseRow, row: BaseRow) -> BaseRow:
    """`row`, where each unit reduction is replaced by what the state it leads to from `below` does."""
    resolved: BaseRow = {}
    for symbol, entry in row.items():
        source, target = row, entry
        while isinstance(target, str):
            goto = below[target]
            assert isinstance(goto, int)
            source = base[goto]
            target = source.get(symbol, NOWHERE)
        if target is NOWHERE:
            continue
        resolved[symbol] = target
        if source is not row:
            gotos = {name: goto for name, goto in source.items() if name.islower()}
            assert all(resolved.setdefault(name, goto) == goto for name, goto in gotos.items())
    return resolved


def _key(row: BaseRow) -> tuple[tuple[str, int | str], ...]:
    return tuple(sorted(row.items()))


def to_json(tables: Tables) -> str:
    """The text of tables.json: one state or rule a line."""
    states = ",\n".join(json.dumps(row, separators=(",", ":")) for row in tables.states)
    rules = ",\n".join(json.dumps(rule) for rule in tables.rules)
    patterns, fixed = json.dumps(tables.patterns, indent=0), json.dumps(tables.fixed)
    return f'{{"states":[\n{states}],\n"rules":[\n{rules}],\n"patterns":{patterns},\n"fixed":{fixed}}}\n'


if __name__ == "__main__":
    TABLES.write_text(to_json(build(GRAMMAR.read_text(encoding="ascii"))), encoding="ascii")

"""The op table and what is taken at kinks -> docs/derivatives.md; run as a script, it rewrites that page.

>>> print(rules().splitlines()[2])
| `add(x, y)` |  | `x` | `1` |  | proved |
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from mgc.compiler.language import library
from mgc.compiler.verify.terms.oracle import KINKS, Convention
from mgc.grammar import tree
from mgc.grammar.spelling import format_expression
from support.rule_proofs import BODIES_TESTED, RULES_TESTED

PAGE = Path(__file__).parents[2] / "docs" / "derivatives.md"
HEAD = "operation", "domain", "by", "derivative", "with `--accurate`", "how it is known"
KINK_HEAD = "operation", "by", "where", "from below", "from above", "taken", "", "why"


def line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def code(text: str) -> str:
    return f"`{text}`" if text else ""


def table(head: tuple[str, ...], rows: Iterator[str]) -> str:
    return "\n".join([line(*head), line(*len(head) * ["---"]), *rows]) + "\n"


def rules() -> str:
    operations = [row for name in library.names("ops.mg") if (row := library.operation(name)) is not None]
    return table(HEAD, (text for row in operations for text in rules_of(row)))


def rules_of(row: tree.Op) -> Iterator[str]:
    call = f"{row.name}({', '.join(argument.identifier for argument in row.arguments)})"
    domain = format_expression(row.domain) if row.domain is not None else ""
    plain = [rule for rule in row.derivatives if not rule.accurate]
    accurate = {rule.argument: format_expression(rule.rule) for rule in row.derivatives if rule.accurate}
    if not plain:
        yield line(code(call), code(domain), "", "none: the chain ends here", "", "")
    for place, rule in enumerate(plain):
        first = (code(call), code(domain)) if place == 0 else ("", "")
        known = RULES_TESTED.get((row.name, rule.argument, rule.accurate))
        how = f"tested: {known}" if known else "proved"
        text = code(format_expression(rule.rule)), code(accurate.get(rule.argument, ""))
        yield line(*first, code(rule.argument), *text, how)


def kinks() -> str:
    return table(KINK_HEAD, (kink(convention) for rows in KINKS.values() for convention in rows))


def kink(row: Convention) -> str:
    sides = [code(row.below) or "-", code(row.above) or "-", code(row.taken)]
    call = f"{row.operation}({row.arguments})"
    return line(code(call), code(row.argument), code(row.where), *sides, row.kind, row.why)


def bodies() -> str:
    written = [row for name in library.names("ops.mg") if (row := library.operation(name)) is not None and row.body]
    return table(
        ("operation", "how it is known"),
        (line(code(row.name), BODIES_TESTED.get(row.name, "proved")) for row in written),
    )


def page(text: str) -> str:
    """`text` with what stands between its markers made anew."""
    for marker, made in (("rules", rules()), ("kinks", kinks()), ("bodies", bodies())):
        begin, end = f"<!-- {marker}: tests/support/derivatives_table.py writes this -->\n", f"<!-- end of {marker} -->"
        head, _, rest = text.partition(begin)
        text = head + begin + made + end + rest.partition(end)[2]
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))

"""`--columns`: which columns of a data file belong to which argument."""

from __future__ import annotations

from collections.abc import Sequence

import click

from mgc.grammar.diagnostics import printable


def column_mapping(texts: Sequence[str]) -> dict[str, list[str]]:
    """`X='sepal length,sepal width'` -> {"X": ["sepal length", "sepal width"]}. Errors: click.UsageError."""
    mapping = {}
    for text in texts:
        name, equals, columns = text.partition("=")
        if not equals or not columns:
            raise click.UsageError(f"expected ARG=COLUMN,COLUMN, found {printable(text)[:80]!r}")
        mapping[name.strip()] = [column.strip() for column in columns.split(",")]
    return mapping

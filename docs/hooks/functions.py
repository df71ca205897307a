"""`ops.mg`, `prelude.mg` and what is taken at kinks -> a section and a plot for each function in `functions.md`."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

import mgc
from mgc.compiler.language import library
from mgc.compiler.verify.terms.oracle import KINKS, Convention
from mgc.grammar import tree
from mgc.grammar.spelling import format_expression

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
from support.derivatives_table import code, line, table

matplotlib.rcParams["svg.hashsalt"] = "mgc"  # the same plot has the same bytes
WRITTEN = {"add": "x + y", "sub": "x - y", "mul": "x * y", "neg": "-x", "div": "x / y", "pow": "x ** y", "mod": "x % y"}
WRITTEN |= {"max_const": "max(x, c)", "min_const": "min(x, c)"}  # chosen by mgc, where c has no derivative
HELD = {"low": -1.0, "high": 1.0, "c": 0.5}  # what the other arguments are in a plot
OTHER = 1.5
SIDE = 3.0  # of the square that a plot shows, from its middle
LINE, SLOPE, GREY = "#0072b2", "#d55e00", "#888888"  # Okabe and Ito's: told apart by all, on light and on dark


def operations() -> list[tree.Op]:
    return [row for name in library.names("ops.mg") if (row := library.operation(name)) is not None]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for row in operations():
        files.append(File.generated(config, f"plots/{row.name}.svg", content=plot(row)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    if page.file.src_uri != "functions.md":
        return markdown
    head, middle, _rest = markdown.split("<!--")
    middle = middle.partition("-->")[2]
    return head + prelude() + middle + "\n".join(section(row) for row in operations())


# --- text


def prelude() -> str:
    found = (library.lookup(name) for name in library.names("prelude.mg"))
    rows = (row.declaration for row in found if row is not None)
    return table(
        ("", "what it is"),
        (
            line(code(called(row.name, [a.name for a in row.arguments])), row.docstring or "")
            for row in rows
            if isinstance(row, tree.Function)
        ),
    )


def called(name: str, arguments: Iterable[str]) -> str:
    return f"{name}({', '.join(arguments)})"


def section(row: tree.Op) -> str:
    names = [argument.identifier for argument in row.arguments]
    title = called(row.name, names)
    written = f"Written `{WRITTEN[row.name]}`." if row.name in WRITTEN else ""
    domain = f"Where `{format_expression(row.domain)}`." if row.domain is not None else "Everywhere."
    held = ", ".join(f"{name} = {HELD.get(name, OTHER):g}" for name in names[1:])
    shown = f"In the plot {held}." if held else ""
    picture = f"![{title} and its derivative](plots/{row.name}.svg){{ .plot loading=lazy }}"
    return (
        "\n\n".join([f"### {title}", picture, " ".join(filter(None, (written, domain, shown))), rules(row), taken(row)])
        + "\n"
    )


def rules(row: tree.Op) -> str:
    if not row.derivatives:
        return "It has no derivative here: the chain ends."
    return table(("", "derivative", ""), map(rule, row.derivatives))


def rule(row: tree.Derivative) -> str:
    return line(code(f"d{row.argument}"), code(format_expression(row.rule)), "with `--accurate`" * row.accurate)


def taken(row: tree.Op) -> str:
    return "\n".join(convention(known) for known in KINKS.get(row.name, ()))


def convention(row: Convention) -> str:
    """What is taken where a textbook leaves the derivative open, as an entry of a list."""
    sides = (("below", row.below), ("above", row.above))
    limits = ", ".join(f"{code(limit)} from {side}" for side, limit in sides if limit)
    limits = f", {limits}" if limits else ""
    return f"- d{row.argument} at {code(row.where)}, {row.kind}{limits}: {code(row.taken)} is taken, {row.why}"


# --- plots


def plot(row: tree.Op) -> str:
    """The SVG of a function and of its derivative by the first argument."""
    figure = Figure(figsize=(2.6, 2.6))
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.96), xlim=(-SIDE, SIDE), ylim=(-SIDE, SIDE), xticks=(), yticks=())
    axes.set_facecolor("none")
    axes.spines[:].set_visible(False)
    axes.axhline(0, color=GREY, linewidth=0.6)
    axes.axvline(0, color=GREY, linewidth=0.6)
    for unit in (-2, -1, 1, 2):
        axes.plot([unit, unit], [-0.05, 0.05], [-0.05, 0.05], [unit, unit], color=GREY, linewidth=0.6)
    places = np.linspace(-SIDE, SIDE, 601)
    for numbers, color, width in zip(curves(row, places), (LINE, SLOPE), (2.2, 1.1), strict=False):
        axes.plot(places, broken(numbers), color=color, linewidth=width)
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
    return drawn.getvalue()


def curves(row: tree.Op, places: np.ndarray) -> Iterator[list[float]]:
    first, *others = (argument.identifier for argument in row.arguments)
    names = ", ".join([first, *others])
    written = WRITTEN.get(row.name, f"{row.name}({names})")
    function = mgc.loads(f"def f({names}): return {written}", ieee=True).f
    held = [HELD.get(name, OTHER) for name in others]
    yield [function(place, *held) for place in places]
    if row.derivatives:
        yield [function.grad(place, *held)[0] for place in places]


def broken(numbers: list[float]) -> np.ndarray:
    """Without the lines that would join the two sides of a jump, or run beyond the picture."""
    shown = np.array(numbers, dtype=float)
    shown[~(np.abs(shown) < 4 * SIDE)] = np.nan
    shown[1:][np.abs(np.diff(shown)) > 0.3] = np.nan
    return shown

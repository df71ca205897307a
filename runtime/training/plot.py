"""Training as a picture: the loss of each step, that on validation data, and where a classifier divides the plane.

curve, plane                       ->  a file, .png or .svg
plane(model, loss, params, data)   ->  the points and the scores around them, where the data are classes of points
"""

from __future__ import annotations

import importlib.util
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct, field

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.arguments import Params
from mgc.runtime.callable import Function, Model
from mgc.runtime.conversion import Nested, shape_of
from mgc.runtime.files import write_atomically
from mgc.runtime.training.predict import columns_wanted, predicted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from mgc.runtime.training.training import Step

MARK = "mgc train"  # by which a picture is known as one of these
FORMATS = {".png": "Software", ".svg": "Creator"}  # with the entry of their metadata that says who made them
CLASSES = 10  # more different labels are no classes
GRID = 80  # points to each side, at which scores are computed
MARGIN = 0.1  # around the data, of their extent
STEEP = 100.0  # losses whose ratio is larger are drawn on a logarithmic scale

Points = list[list[float]]


class Curve(Struct):
    """What a picture keeps of each step."""

    numbers: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    validated: list[tuple[int, float]] = field(default_factory=list)

    def add(self, step: Step) -> None:
        self.numbers.append(step.number)
        self.losses.append(step.loss)
        if step.validation is not None:
            self.validated.append((step.number, step.validation))


class Plane(Struct, frozen=True):
    """Points of two numbers with their labels, and the scores of a grid around them: one for each of `x` and `y`."""

    points: Points
    labels: list[float]
    names: tuple[str, str]  # of the score, and of the labels
    x: list[float]
    y: list[float]
    scores: list[list[float]]  # one, or one for each class; row after row of the grid


def check_plot(path: str | os.PathLike[str]) -> None:
    """Refuse what cannot be drawn, before the work. Errors: DataError."""
    if Path(path).suffix not in FORMATS:
        raise DataError(f"{printable(os.fspath(path))}: a plot is a .png or an .svg")
    if importlib.util.find_spec("matplotlib") is None:
        raise DataError("plots are matplotlib's: pip install 'mgc[plot]'")


def plane(model: Model, loss: Function, parameters: Params, data: Mapping[str, object]) -> Plane | None:
    """The plane as the first function that scores a row divides it; None where there is none, or no such points."""
    own = [argument.name for argument in loss.info.arguments if argument.name in data]
    shapes = {name: shape_of(cast("Nested", data[name])) for name in own}
    matrices, vectors = ([name for name, shape in shapes.items() if len(shape) == axes] for axes in (2, 1))
    scoring = next(filter(_scores_a_row, model.functions), None)
    if scoring is None or (len(matrices), len(vectors)) != (1, 1) or shapes[matrices[0]][1] != 2:
        return None
    points, labels = cast("Points", data[matrices[0]]), cast("list[float]", data[vectors[0]])
    if len(set(labels)) > CLASSES:
        return None
    x, y = (_ticks([point[axis] for point in points]) for axis in (0, 1))
    rows = {columns_wanted(scoring)[0].name: [[a, b] for b in y for a in x]}
    scores = predicted(scoring, parameters, rows)
    return Plane(points, labels, (scoring.info.name, vectors[0]), x, y, list(scores.values()))


def _scores_a_row(function: Function) -> bool:
    wanted = columns_wanted(function)
    if len(wanted) != 1 or wanted[0].dtype != "float" or len(wanted[0].shape) != 2:
        return False
    width = wanted[0].shape[1]
    return (width == "2" or width.isidentifier()) and bool(function.info.parameters) and len(function.info.results) == 1


def _ticks(values: Sequence[float]) -> list[float]:
    low, high = min(values), max(values)
    room = MARGIN * (high - low or 1.0)
    return [low - room + (high - low + 2 * room) * place / (GRID - 1) for place in range(GRID)]


def draw(path: str | os.PathLike[str], curve: Curve, divided: Plane | None) -> None:
    """Write the picture, whole or not at all. Errors: DataError, for the disk."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    suffix, content = Path(path).suffix, io.BytesIO()
    figure = Figure(figsize=(5.5 if divided is None else 11, 4), layout="constrained")
    left, *right = cast("list[Axes]", figure.subplots(1, 1 if divided is None else 2, squeeze=False)[0].tolist())
    _draw_curve(left, curve)
    if divided is not None:
        _draw_plane(right[0], divided)
    metadata = {FORMATS[suffix]: MARK} | ({"Date": None} if suffix == ".svg" else {})
    with rc_context({"svg.hashsalt": MARK}):
        figure.savefig(content, format=suffix[1:], dpi=150, metadata=metadata)
    write_atomically(path, content.getvalue())


def _draw_curve(axes: Axes, curve: Curve) -> None:
    axes.plot(curve.numbers, curve.losses, linewidth=1, label="training")
    if curve.validated:
        axes.plot(*zip(*curve.validated, strict=True), linewidth=1.5, label="validation")
        axes.legend(frameon=False)
    seen = [*curve.losses, *(value for _, value in curve.validated)]
    if seen and min(seen) > 0 and max(seen) > STEEP * min(seen):
        axes.set_yscale("log")
    axes.set(xlabel="step", ylabel="loss")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_plane(axes: Axes, divided: Plane) -> None:
    for place, margins in enumerate(_margins(divided.scores)):
        grid: Any = [margins[start : start + GRID] for start in range(0, len(margins), GRID)]
        if (most := max(margins)) > 0.0:
            axes.contourf(divided.x, divided.y, grid, [0.0, most], colors=[f"C{place}"], alpha=0.2)
        if min(margins) < 0.0 < most:
            axes.contour(divided.x, divided.y, grid, [0.0], colors="0.3", linewidths=1)
    for place, label in enumerate(sorted(set(divided.labels))):
        x, y = zip(
            *[point for point, one in zip(divided.points, divided.labels, strict=True) if one == label], strict=True
        )
        colour = f"C{int(label) if len(divided.scores) > 1 else place}"  # of several scores, the label says which
        axes.scatter(x, y, s=14, color=colour, edgecolors="white", label=f"{label:g}")
    score, labels = divided.names
    axes.legend(title=labels, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    axes.set(title=f"where {score} divides the plane", aspect="equal")


def _margins(scores: Sequence[Sequence[float]]) -> list[list[float]]:
    """For each region how far inside it each point is, which is negative outside.

    One score is negative or positive, or a probability below or above one half; of several, the largest says where.
    """
    if len(scores) == 1:
        middle = 0.5 if min(scores[0]) >= 0.0 and max(scores[0]) <= 1.0 else 0.0
        return [[middle - score for score in scores[0]], [score - middle for score in scores[0]]]
    rows = list(zip(*scores, strict=True))
    return [[row[k] - max(row[:k] + row[k + 1 :]) for row in rows] for k in range(len(scores))]

"""A bar that shows the steps of training in a terminal: imported only there, since rich costs a start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

if TYPE_CHECKING:
    from mgc.runtime.training.training import Step


class Speed(ProgressColumn):
    """`1,250 steps/s`, of the last half minute; nothing at first."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} steps/s" if speed >= 100 else f"{speed:.3g} steps/s")


@contextmanager
def bar(steps: int, taken: int) -> Iterator[Callable[[Step], None]]:
    """Shows each step: the live loss, the learning rate, and how many steps a second there are. taken: steps before."""
    columns = (TextColumn("step"), MofNCompleteColumn(), BarColumn(), TimeRemainingColumn())
    texts = (TextColumn("loss {task.fields[loss]}"), TextColumn("rate {task.fields[rate]}"), Speed())
    with Progress(*columns, *texts) as shown:
        task = shown.add_task("training", total=steps, completed=taken, loss="", rate="")
        yield lambda step: shown.update(task, completed=step.number, loss=f"{step.loss:.6g}", rate=f"{step.rate:.3g}")

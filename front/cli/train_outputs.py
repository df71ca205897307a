"""What `mgc train` writes: its options, collected as one value, and whether each may be written, before the work."""

from __future__ import annotations

import functools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from mgc.cli.options import usage
from mgc.cli.targets import begins_otherwise, check_target
from mgc.grammar.diagnostics import DataError, printable

if TYPE_CHECKING:
    from mgc.runtime.model import Model

OPTIONS = (
    click.option("--checkpoint", "snapshot", metavar="C", help="Keep training in this .safetensors, to be resumed."),
    click.option("--every", type=click.IntRange(1), default=100, show_default=True, help="Steps between checkpoints."),
    click.option("--resume", is_flag=True, help="Go on from --checkpoint, where it is, to the same bits."),
    click.option("--log", metavar="LOG", help="Write each step's loss and rate, as .csv or .jsonl."),
    click.option(
        "--plot", metavar="PLOT", help="Draw the losses, and what a classifier of two inputs divides (.png, .svg)."
    ),
    click.option("--save", metavar="P", help="Write the trained parameters (.json, .safetensors)."),
    click.option("--emit", metavar="PATH", help="Write the emitted Python of the model."),
    click.option("--force", is_flag=True, help="Overwrite files that do not belong to this model."),
)


class Outputs(Struct, frozen=True):
    """The options, each called as here; `snapshot` is the checkpoint that training goes on from."""

    snapshot: str | None
    every: int
    resume: bool
    log: str | None
    plot: str | None
    save: str | None
    emit: str | None
    force: bool

    def check(self, model: Model, read: tuple[str | None, ...], start: str | None) -> None:
        """Refuse what cannot be written. read: files that nothing may be written over; start: one that --save may.

        Errors: DataError, click.UsageError.
        """
        self._check_names()
        if self.save is not None:
            self._check_parameters(self.save, model, read)
        read = (*read, start)
        if self.snapshot is not None:
            fault = partial(_no_parameters, model) if self.resume else _another_run
            check_target(_snapshot(self.snapshot), self.force, read, fault)
        if self.emit is not None:
            self._check_emission(self.emit, model, read)
        if self.log is not None:
            self._check_log(self.log, read)
        if self.plot is not None:
            self._check_plot(self.plot, read)

    def _check_names(self) -> None:
        """Errors: click.UsageError for two outputs of one name, and --resume without --checkpoint."""
        if self.resume and self.snapshot is None:
            raise click.UsageError("--resume needs --checkpoint, which says from where")
        written = {
            "--save": self.save,
            "--emit": self.emit,
            "--checkpoint": self.snapshot,
            "--log": self.log,
            "--plot": self.plot,
        }
        own: dict[Path, tuple[str, str]] = {}
        for option, path in written.items():
            other, name = own.setdefault(Path(path).resolve(), (option, path)) if path is not None else (option, "")
            if other != option:
                both = f"{other} and {option} both write {printable(name)}"
                raise click.UsageError(f"{both}: give them names of their own")

    def _check_parameters(self, path: str, model: Model, read: tuple[str | None, ...]) -> None:
        from mgc.runtime.training.checkpoint import check_suffix

        with usage():
            check_suffix(path)
        check_target(path, self.force, read, partial(_no_parameters, model))

    def _check_emission(self, path: str, model: Model, read: tuple[str | None, ...]) -> None:
        from mgc.cli.compile import no_emission

        check_target(path, self.force, read, partial(no_emission, model.python().text))

    def _check_log(self, path: str, read: tuple[str | None, ...]) -> None:
        from mgc.runtime.training.log import BEGINNINGS, check_log

        with usage():
            check_log(path)
        check_target(path, self.force, read, begins_otherwise(*BEGINNINGS, what="log of mgc"))

    def _check_plot(self, path: str, read: tuple[str | None, ...]) -> None:
        from mgc.runtime.training.plot import check_plot

        with usage():
            check_plot(path)
        check_target(path, self.force, read, _no_plot)


def output_options(command: Callable[..., object]) -> Callable[..., object]:
    """Add these options to a command, which gets them as `outputs`."""

    @functools.wraps(command)
    def collected(**choices: Any) -> object:
        ours = {name: choices.pop(name) for name in Outputs.__struct_fields__}
        return command(outputs=Outputs(**ours), **choices)

    made: Callable[..., object] = collected
    for option in reversed(OPTIONS):
        made = option(made)
    return made


def _snapshot(path: str) -> str:
    if Path(path).suffix != ".safetensors":
        raise click.UsageError(f"{printable(path)}: a checkpoint is a .safetensors")
    return path


def _no_parameters(model: Model, target: Path) -> str | None:
    from mgc.runtime.training.checkpoint import load

    try:
        load(target, model.parameters)
    except DataError as error:
        return f"{error}; it holds no parameters of this model"
    return None


def _another_run(target: Path) -> str:
    return f"{printable(str(target))} exists; --resume goes on from it"


def _no_plot(target: Path) -> str | None:
    """Why a file is no picture of training; those that are say so near their beginning."""
    from mgc.runtime.training.plot import MARK

    with target.open("rb") as existing:
        head = existing.read(2000)
    drawn = not head or MARK.encode() in head
    return None if drawn else f"{printable(str(target))} exists and is no plot of training"

"""`mgc compile`: a model file -> emitted Python or C."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from mgc.cli.options import Settings, compile_options, dtype_option, functions_option, read_model, reader
from mgc.cli.output import echo_code, echo_warnings
from mgc.cli.targets import check_target
from mgc.compiler.options import TARGETS, Options
from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.files import read_regular

if TYPE_CHECKING:
    from mgc.compiler.module import Module


@click.command("compile", short_help="Emit plain Python or C with exact derivatives.")
@click.argument("file", metavar="FILE")
@click.option("-o", "--output", metavar="OUT", help="Write to this file; `-` or nothing: to standard output.")
@functions_option
@click.option("--target", type=click.Choice([*TARGETS, "native"]), default="python", show_default=True)
@click.option("--prefix", default="", metavar="P", help="What the names of C functions begin with.")
@dtype_option
@click.option("--finite", is_flag=True, help="C without the guards that only inf and nan need.")
@click.option("--self-check", is_flag=True, help="Running the emitted Python compares it with differences.")
@click.option("--force", is_flag=True, help="Overwrite a file that mgc did not emit from this model.")
@compile_options
def command(settings: Settings, file: str, output: str | None, force: bool) -> None:
    """Compile FILE (`-`: standard input) to plain functions with exact derivatives.

    \b
    Examples:
      mgc compile neuron.mg                          print the emitted Python
      mgc compile moons.mg -o moons.py               write it to a file
      mgc compile moons.mg --fn loss --wrt params    one function, differentiated by its parameters
      mgc compile moons.mg --target c -o moons.c     the same loops as C99, and moons.h, which declares them
      mgc compile moons.mg --target native -o moons.so   a library, moons.h, and moons_native.py, which loads it
      mgc compile neuron.mg --style lesson           step by step, each with its rule
      mgc compile moons.mg --self-check -o moons.py  `python moons.py` then compares its derivatives with differences
    """
    from mgc.compiler.pipeline import compile_source

    _check(settings.options)
    if settings.options.target not in TARGETS:
        from mgc.cli.library import library

        content, texts = library(file, replace(settings.options, target="c"), output, force)
        _write(texts, file, force, {str(output): content})
        return
    text, name = read_model(file)
    module = compile_source(text, name, settings.options, reader(file))
    echo_warnings(module)
    if settings.options.self_check:
        _check_derivatives(module, name)
    if output is None or output == "-":
        echo_code(module.text, settings.options.target)
    else:
        write_module(module, output, file, force)


def _check(options: Options) -> None:
    """Refuse options that say nothing of this target. Errors: click.UsageError."""
    if options.self_check and options.target != "python":
        raise click.UsageError("--self-check is emitted in Python only; leave --target c out")
    if options.prefix and options.target == "python":
        raise click.UsageError("--prefix is for the names of C functions; add --target c")
    if options.dtype != "float64" and options.target == "python":
        raise click.UsageError("--dtype is for C and native code; Python's floats are float64. Add --target c")
    if options.finite and (options.target != "c" or options.ieee):
        raise click.UsageError("--finite is for C without --ieee; Python without --ieee is as short as that already")
    if options.prefix and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", options.prefix):
        said = printable(options.prefix)[:80]
        raise click.UsageError(f"--prefix is the beginning of a name, such as moons_, not {said!r}")


def _check_derivatives(module: Module, name: str) -> None:
    """Refuse a self-check that has nothing to check. Errors: DataError."""
    if any(function.gradient_name and not function.is_detached for function in module.functions):
        return
    stopped = any(function.is_detached for function in module.functions)
    said = "every derivative stops at a detach" if stopped else "no function has a derivative"
    raise DataError(f"{printable(name)}: {said}, so --self-check has nothing to check")


def write_module(module: Module, output: str, file: str, force: bool) -> None:
    """Write emitted text, and its header beside it, over a former emission of the same model and nothing else.

    Errors: DataError.
    """
    texts = {output: module.text}
    if module.header is not None:
        if not output.endswith(".c"):
            raise DataError(f"cannot write {printable(output)}: a C file is called NAME.c, and NAME.h goes with it")
        texts[f"{output[:-2]}.h"] = module.header
    _write(texts, file, force, {})


def _write(texts: Mapping[str, str], file: str, force: bool, others: Mapping[str, bytes]) -> None:
    """Write texts over former emissions only, and with them files that may be overwritten. Errors: DataError."""
    from mgc.runtime.files import write_together

    for name, text in texts.items():
        check_target(name, force, (file,), partial(no_emission, text))
    write_together(dict([*others.items(), *[(name, text.encode("utf-8")) for name, text in texts.items()]]))


def no_emission(text: str, target: Path) -> str | None:
    """Why what is there would be lost under this text: it is no emission of this model, or has a comment."""
    if not _emitted_before(target, text):
        return f"{printable(str(target))} exists and is not an emission of this model"
    line = _note(target)
    return f"{printable(str(target))}:{line}: a comment that mgc did not write would be lost" if line else None


def _emitted_before(target: Path, text: str) -> bool:
    """Whether the file starts as this emission does: its first line names mgc and the model."""
    first = text.encode("utf-8").split(b"\n", 1)[0]
    with target.open("rb") as existing:
        head = existing.read(len(first) + 1)
    return head.rstrip(b"\n") == first or not head


def _note(target: Path) -> int | None:
    """The line of the first comment in emitted Python that mgc did not write."""
    if target.suffix != ".py":
        return None
    from mgc.compiler.emit.python.notes import note

    return note(read_regular(target).decode("utf-8", errors="replace"))

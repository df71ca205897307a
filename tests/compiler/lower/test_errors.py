"""Every program in errors/ is wrong in its meaning and told so, as the `.err` file beside it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError

PROGRAMS = sorted(Path(__file__).with_name("errors").glob("*.mg"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_message(program: Path, bless: bool) -> None:
    with pytest.raises(ModelError) as caught:
        compile_source(program.read_bytes(), program.name)
    message, expected = f"{caught.value}\n", program.with_suffix(".err")
    if bless:
        expected.write_text(message, encoding="utf-8")
    assert message == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_every_target_says_the_same(program: Path) -> None:
    said = []
    for options in (Options(), Options(target="c"), Options(ieee=True), Options(unroll=8)):
        with pytest.raises(ModelError) as caught:
            compile_source(program.read_bytes(), program.name, options)
        said.append(str(caught.value))
    assert len(set(said)) == 1


def test_every_expected_message_has_its_program() -> None:
    expected = {path.stem for path in Path(__file__).with_name("errors").glob("*.err")}
    assert expected == {program.stem for program in PROGRAMS}

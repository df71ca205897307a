"""Every bad program in errors/ is told what the `.err` file beside it says, position included."""

from __future__ import annotations

from pathlib import Path

import pytest

from mgc.grammar.diagnostics import ModelError
from mgc.grammar.parser import parse

PROGRAMS = sorted(Path(__file__).with_name("errors").glob("*.mg"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_message(program: Path, bless: bool) -> None:
    with pytest.raises(ModelError) as caught:
        parse(program.read_bytes(), program.name)
    message, expected = f"{caught.value}\n", program.with_suffix(".err")
    if bless:
        expected.write_text(message, encoding="utf-8")
    assert message == expected.read_text(encoding="utf-8")


def test_every_expected_message_has_its_program() -> None:
    expected = {path.stem for path in Path(__file__).with_name("errors").glob("*.err")}
    assert expected == {program.stem for program in PROGRAMS}

"""The examples in the docstrings of the installed packages are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

PACKAGES = ("mgc", "mgc.grammar", "mgc.compiler", "mgc.runtime")


def modules() -> list[str]:
    found = set(PACKAGES)
    for name in PACKAGES:
        package = importlib.import_module(name)
        found |= {module.name for module in pkgutil.walk_packages(package.__path__, f"{name}.")}
    return sorted(name for name in found if not name.endswith("__main__"))


@pytest.mark.parametrize("name", modules())
def test_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0

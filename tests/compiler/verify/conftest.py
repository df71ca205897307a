"""What the tests of verification share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def calls(fewer_calls: None) -> None:
    """A module that needs more calls has a fixture of this name that does nothing."""

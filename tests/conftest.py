"""What all tests share: `--bless` rewrites expected files before comparing with them, `--slow` runs what is slow."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MGC_CHECK", "1")  # graphs are checked between the stages of every compilation
settings.register_profile("counted", deadline=None, derandomize="CI" in os.environ)  # however busy the machine is
settings.load_profile("counted")

WAITING = "takes long: pytest --slow"
COLLECTIONS = Path(__file__).parents[2] / "shared" / "cases"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="write the expected files anew: then read the diff")
    parser.addoption("--slow", action="store_true", help="run the tests that take long, and the collections, too")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes long; runs with --slow only")
    config.addinivalue_line("markers", "collection: reads ../shared/cases beside the repository; runs with --slow only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        reason = _left_out(item, config.getoption("--slow"))
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish() -> None:
    """What is here now stays: it is not searched for garbage again and again, and garbage is sought less often."""
    gc.freeze()
    gc.set_threshold(20_000)


def _left_out(item: pytest.Item, slow: bool) -> str:
    """Why a test is not run; empty where it is."""
    reads = item.get_closest_marker("collection") is not None
    if reads and not COLLECTIONS.is_dir():
        return f"the collections are not here ({COLLECTIONS})"
    return WAITING if not slow and (reads or item.get_closest_marker("slow") is not None) else ""


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--bless"))


@pytest.fixture
def fewer_calls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `--slow` verification calls a text at a tenth of the points."""
    from mgc.compiler.verify.called import judging  # which imports sympy

    if not request.config.getoption("--slow"):
        monkeypatch.setattr(judging, "WORK", judging.WORK // 10)
        monkeypatch.setattr(judging, "QUICK", judging.QUICK // 10)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Native code that tests build is kept with the tests, and not where the user's is."""
    os.environ["MGC_CACHE"] = str(tmp_path_factory.mktemp("cache"))

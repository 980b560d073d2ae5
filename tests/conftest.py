"""Options and surroundings shared by all tests."""

import signal
from collections.abc import Iterator

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So it is in jobs that a shell runs in the background, and programs inherit it; but some tests
    # interrupt a program.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _code_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiled code goes to a folder of the tests' own, not to the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_CACHE", str(tmp_path_factory.mktemp("code")))
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two switches that ./dev passes on."""
    group = parser.getgroup("foedus")
    group.addoption("--full", action="store_true", help="run the tests that take minutes, too")
    group.addoption("--update", action="store_true", help="rewrite pages instead of comparing them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is marked `full` unless it was asked for."""
    if config.getoption("--full"):
        return
    slow = pytest.mark.skip(reason="takes minutes: run ./dev test --full")
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(slow)

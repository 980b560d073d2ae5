"""Processors that several runs of the sampler share; those left over help the runs that go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Crew:
    """So many `processors`, shared evenly among the runs that are `at_work`."""

    def __init__(self, processors: int = 1) -> None:
        self.processors = processors
        self._runs = 0
        self._counting = Lock()

    @property
    def threads(self) -> int:
        """How many processors each run may use now."""
        return max(1, self.processors // max(self._runs, 1))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While one more run goes on."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._counting:
            self._runs += change

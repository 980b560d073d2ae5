"""Other engines that `pip` can install, on workload A as each states it, and filters on workload D.

Each stands in a file of `peers/` that defines `PEER` or `FILTER`. What a peer does before its first
run (reading the model, compiling it) is not timed; its processor seconds count the processes it
starts. A peer whose results differ from ours by more than chance allows has another model, and is
left out with a note.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from math import sqrt
from pkgutil import iter_modules
from statistics import fmean, variance
from types import ModuleType
from typing import TypeVar

from foedus.bench.machine import installed
from foedus.frozen import dataclass

Simulate = Callable[[int, int], Sequence[float]]
"""Gives the protesters at the end of so many runs; the other argument numbers the calls."""

HOW_TO_INSTALL = "pip install 'foedus[peers]'"
TOO_FAR = 4.5


class NoPeer(Exception):  # noqa: N818 - it says what happened
    """No other engine is installed; the message says how to."""


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine: its name, the distribution that holds it, and how it is made ready.

    `runs` are so many as take it some tenths of a second. `is_engine` is false for a program that
    somebody wrote for this one model with a general library: it is shown, and not competed with.
    """

    name: str
    distribution: str
    prepare: Callable[[], Simulate]
    runs: int
    is_engine: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """What workload D has seen: a count and four truths a day, in `days`.

    The count has an error, normal with the standard deviation `count_error`; each truth is told
    wrongly with probability `wrong`. They say: there was a request, troops ever came, the rival was
    arrested, the ruler has fallen.
    """

    days: Sequence[Sequence[float]]
    count_error: float
    wrong: float


Likelihood = Callable[[int, int], float]
"""The log likelihood by a filter with so many particles; the other argument numbers the calls."""


@dataclass(frozen=True, slots=True)
class FilterPeer:
    """A particle filter: its name, the distribution that holds it, and how it is made ready."""

    name: str
    distribution: str
    prepare: Callable[[Seen], Likelihood]


Rival = TypeVar("Rival", Peer, FilterPeer)


def peers() -> tuple[Peer, ...]:
    """All engines, installed or not."""
    return tuple(module.PEER for module in _modules() if hasattr(module, "PEER"))


def filter_peers() -> tuple[FilterPeer, ...]:
    """All filters, installed or not."""
    return tuple(module.FILTER for module in _modules() if hasattr(module, "FILTER"))


def _modules() -> list[ModuleType]:
    package = import_module("foedus.bench.peers")
    names = sorted(module.name for module in iter_modules(package.__path__))
    return [import_module(f"foedus.bench.peers.{name}") for name in names]


def installed_peers() -> tuple[tuple[Peer, str], ...]:
    """The peers that are installed, with their versions. Raises `NoPeer` if there is none."""
    return _installed(peers(), "engine")


def installed_filters() -> tuple[tuple[FilterPeer, str], ...]:
    """The filters that are installed, with their versions. Raises `NoPeer` if there is none."""
    return _installed(filter_peers(), "filter")


def _installed(all_of: tuple[Rival, ...], what: str) -> tuple[tuple[Rival, str], ...]:
    found = [(peer, installed(peer.distribution)) for peer in all_of]
    here = tuple((peer, version) for peer, version in found if version is not None)
    if not here:
        raise NoPeer(f"no other {what} is installed: {HOW_TO_INSTALL}")
    return here


def missing_peers() -> tuple[str, ...]:
    """The distributions of those that are not."""
    return tuple(p.distribution for p in peers() if installed(p.distribution) is None)


def processor_seconds() -> float:
    """Processor seconds of this process and of those it has waited for."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def agrees(sample: Sequence[float], mean: float, error: float) -> bool:
    """Whether a sample's mean is `mean` (known to `error`) within 4.5 standard errors."""
    own = sqrt(variance(sample) / len(sample) + error * error)
    return abs(fmean(sample) - mean) < TOO_FAR * own

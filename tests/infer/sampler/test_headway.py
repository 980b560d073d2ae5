"""How far a run has come is told often, never goes back, and is where it can be ended."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import pytest

from foedus.infer.islands.islands import run_islands
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.weights import Numbers
from foedus.infer.sampler.headway import RECORD
from foedus.infer.sampler.sampler import Settings, sample
from tests.infer.tosses import Counts

EASY = Counts([True, False, True])
HARD = Counts([True] * 30 + [False] * 30, shift=6.0)
"""Nothing passes between its atoms, so that particles must be led from one to the other."""

SOME = Settings(particles=60, sweeps=2, lasting=20, between=3)

INTERRUPTED = threading.Event()


@pytest.mark.parametrize("target", [EASY, HARD])
def test_it_never_goes_back_and_ends_at_one(target: Counts) -> None:
    told: list[float] = []
    sample(target, SOME, 1, told=told.append)
    assert all(before <= after for before, after in pairwise(told))
    assert told[-1] == 1.0


def test_it_goes_on_while_particles_settle_and_are_led_to_other_atoms() -> None:
    told: list[float] = []
    sample(HARD, SOME, 1, told=told.append)
    late = [share for share in told if share > RECORD]
    assert len(late) > SOME.settling + 2 * SOME.lasting
    assert max(after - before for before, after in pairwise([RECORD, *late])) < 0.1


@dataclass
class Counted(Counts):
    """A target that counts how often it is asked."""

    asked: int = 0

    def log_weights(self, atom: int, particles: Particles, known: int) -> Numbers:
        """Those of `Counts`."""
        self.asked += 1
        return super().log_weights(atom, particles, known)


def fail(done: int, total: int) -> None:
    raise ValueError("enough")


def interrupt(done: int, total: int) -> None:
    """Interrupt the caller once, at the first sign of progress; a signal wakes it as it waits."""
    if done > 0 and not INTERRUPTED.is_set():
        INTERRUPTED.set()
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


@pytest.mark.parametrize(
    ("progress", "fault"), [(fail, ValueError), (interrupt, KeyboardInterrupt)]
)
def test_all_islands_end_soon_after_one_fails_or_the_caller_is_interrupted(
    progress: Callable[[int, int], None], fault: type[BaseException]
) -> None:
    whole, ended = Counted([True] * 40), Counted([True] * 40)
    INTERRUPTED.clear()
    run_islands(whole, SOME, workers=2)
    with pytest.raises(fault):
        run_islands(ended, SOME, workers=2, progress=progress)
    assert ended.asked < whole.asked / 10

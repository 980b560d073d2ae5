"""Processors that islands share."""

from threading import Barrier, Thread

import pytest

from foedus.infer.sampler.crew import Crew


@pytest.mark.parametrize(
    ("processors", "runs", "threads"), [(1, 4, 1), (2, 1, 2), (4, 3, 1), (8, 4, 2), (8, 1, 8)]
)
def test_processors_are_shared_evenly_among_the_runs_at_work(
    processors: int, runs: int, threads: int
) -> None:
    crew, met, seen = Crew(processors), Barrier(runs), []

    def run() -> None:
        with crew.at_work():
            met.wait()
            seen.append(crew.threads)
            met.wait()

    at_work = [Thread(target=run) for _ in range(runs)]
    for one in at_work:
        one.start()
    for one in at_work:
        one.join()
    assert seen == [threads] * runs
    assert crew.threads == processors

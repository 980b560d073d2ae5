"""The processors of this machine."""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from foedus.engine.compiler import SlowRunsWarning
from foedus.questions.design import Executor, one_by_one

Task = TypeVar("Task")
Result = TypeVar("Result")

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""What interrupts a program, or asks it to end."""

_start: Callable[[], Callable[[Any], Any]] | None = None
_work: Callable[[Any], Any] | None = None
"""In a worker: how to get ready, and, once it is, the function that it applies to its tasks."""


def processes(workers: int | None = None) -> Executor:
    """An executor with that many processes; as many as there are processors if None.

    Results come in the order of the tasks, so that nothing depends on the number of workers. The
    processes are started afresh (not forked), and end when the caller is interrupted or fails.
    """
    count = usable_processors() if workers is None else workers
    if count < 1:
        raise ValueError(f"there must be at least 1 worker, not {count}")
    if count == 1:
        return one_by_one

    def run(
        start: Callable[[], Callable[[Task], Result]], tasks: Sequence[Task]
    ) -> Iterator[Result]:
        return _run(start, tasks, min(count, len(tasks)))

    return run


def threads(workers: int | None = None) -> Executor:
    """An executor with that many threads, for engines that release the interpreter's lock.

    Like `processes`, but the function is started once and shared.
    """
    count = usable_processors() if workers is None else workers
    if count < 1:
        raise ValueError(f"there must be at least 1 worker, not {count}")
    if count == 1:
        return one_by_one

    def run(
        start: Callable[[], Callable[[Task], Result]], tasks: Sequence[Task]
    ) -> Iterator[Result]:
        from concurrent.futures import ThreadPoolExecutor  # one worker needs none of it

        work = start()
        pool = ThreadPoolExecutor(count)
        try:
            yield from pool.map(work, tasks)
        finally:  # also when interrupted: what has not begun is dropped
            pool.shutdown(wait=True, cancel_futures=True)

    return run


def usable_processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _run(
    start: Callable[[], Callable[[Task], Result]], tasks: Sequence[Task], workers: int
) -> Iterator[Result]:
    if workers <= 1:
        yield from one_by_one(start, tasks)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    others = set(active_children())
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=(start,))
    try:
        # Not `pool.map`: it cancels what is left, which a pool that loses its workers trips over.
        with _uninterrupted():  # workers are started here
            futures = [pool.submit(_apply, task) for task in tasks]
        for future in futures:
            yield future.result()
    except BaseException:  # an interrupt, too: nobody waits for blocks that take a minute
        for worker in set(active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Lets an interrupt wait: a worker that is half started complains of it, or is lost.

    Processes started in the meantime never hear of one: it reaches the whole process group, and
    only the caller answers.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it lets interrupts through again when it starts
    waiting: list[int] = []
    # Processes inherit what is blocked; in this one, another thread may be the one interrupted.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    # What is ignored or ends the process at once stays so.
    handlers = {one: now for one in ENDING if callable(now := signal.getsignal(one))}
    for number in handlers:
        signal.signal(number, lambda came, _: waiting.append(came))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if waiting:
            handlers[waiting[0]](waiting[0], None)


def _begin(start: Callable[[], Callable[[Any], Any]]) -> None:
    global _start
    warnings.simplefilter("ignore", SlowRunsWarning)  # the caller has said so
    for number in ENDING:  # where it could not be kept waiting; the caller ends its workers
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    _start = start


def _apply(task: Any) -> Any:
    global _work
    if _work is None:  # here and not in `_begin`, so that a failure reaches the caller
        assert _start is not None
        _work = _start()
    return _work(task)

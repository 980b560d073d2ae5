"""Interrupts and other requests to end, also those that Python does not hear.

It hears of one between two of its own instructions, so not while compiled code makes a single run,
which may take minutes where a model runs away, nor while it waits for a thread that does. A request
to end (by `kill`, by a terminal that is closed) is answered like an interrupt, so that nothing half
written stays behind; the exit code says which it was.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from select import select
from typing import Any

from foedus.cli.output import tell

BY_SIGNAL = 128
"""What is added to the number of a signal for the exit code of a program that it has ended."""
INTERRUPTED = BY_SIGNAL + signal.SIGINT
ENDING = ("SIGTERM", "SIGHUP")
"""Requests to end, where the system has them."""
WHOLE_FILE = "foedus.questions.whole_file"
PATIENCE = 5.0
"""Seconds to clear up in, after an interrupt; a second one ends them. Who asks to end often ends
by force after ten."""


@contextmanager
def ended_when_unheard() -> Iterator[Callable[[], int]]:
    """Lets an interrupt end this process if it goes on for too long, or if another comes.

    The interrupt may come within the context; the end, after it. Gives the function that says with
    which exit code an interrupted program ends.
    """
    if sys.platform == "win32":  # pipes cannot be waited for there
        yield lambda: INTERRUPTED
        return
    asked = list[int]()
    former = _interrupted_when_asked(asked)
    read, write = os.pipe()
    os.set_blocking(write, False)
    has_come, is_answered = threading.Event(), threading.Event()
    before = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    threading.Thread(target=_end, args=(read, has_come, is_answered), daemon=True).start()
    try:
        yield lambda: BY_SIGNAL + asked[0] if asked else INTERRUPTED
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        is_answered.set()
        if not has_come.is_set():
            signal.set_wakeup_fd(before)


def _interrupted_when_asked(asked: list[int]) -> dict[int, Any]:
    """Lets requests to end interrupt, and notes which came; gives what stood for them before."""

    def interrupt(number: int, _: object) -> None:
        asked.append(number)
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    # Who starts a program under `nohup` does not want it to hear of a closed terminal.
    heard = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    return {number: signal.signal(number, interrupt) for number in heard}


def _end(read: int, has_come: threading.Event, is_answered: threading.Event) -> None:
    """End the process once it has been interrupted: soon, or when it is interrupted again."""
    number = _await_interrupt(read, None)
    has_come.set()
    _await_interrupt(read, PATIENCE)
    if not is_answered.is_set():
        tell("interrupted\n")
    if "multiprocessing" in sys.modules:  # workers would go on alone
        for worker in sys.modules["multiprocessing"].active_children():
            worker.kill()
    if WHOLE_FILE in sys.modules:  # a file in the making would stay behind
        sys.modules[WHOLE_FILE].remove_unfinished()
    os._exit(BY_SIGNAL + number)


def _await_interrupt(read: int, seconds: float | None) -> int:
    """The signal that comes; that of an interrupt if none has come in time."""
    awaited = {signal.SIGINT, *(getattr(signal, name, signal.SIGINT) for name in ENDING)}
    while select([read], [], [], seconds)[0]:
        number = os.read(read, 1)[0]
        if number in awaited:
            return number
    return signal.SIGINT

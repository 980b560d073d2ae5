"""Interrupts that Python does not hear.

It hears of one between two of its own instructions, so not while compiled code makes a single run,
which may take minutes where a model runs away, nor while it waits for a thread that does.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from select import select

from foedus.cli.output import tell

INTERRUPTED = 130
WHOLE_FILE = "foedus.questions.whole_file"
PATIENCE = 10.0
"""Seconds to clear up in, after an interrupt; a second one ends them."""


@contextmanager
def ended_when_unheard() -> Iterator[None]:
    """Lets an interrupt end this process if it goes on for too long, or if another comes.

    The interrupt may come within the context; the end, after it.
    """
    if sys.platform == "win32":  # pipes cannot be waited for there
        yield
        return
    read, write = os.pipe()
    os.set_blocking(write, False)
    has_come, is_answered = threading.Event(), threading.Event()
    before = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    threading.Thread(target=_end, args=(read, has_come, is_answered), daemon=True).start()
    try:
        yield
    finally:
        is_answered.set()
        if not has_come.is_set():
            signal.set_wakeup_fd(before)


def _end(read: int, has_come: threading.Event, is_answered: threading.Event) -> None:
    """End the process once it has been interrupted: soon, or when it is interrupted again."""
    _await_interrupt(read, None)
    has_come.set()
    _await_interrupt(read, PATIENCE)
    if not is_answered.is_set():
        tell("interrupted\n")
    if "multiprocessing" in sys.modules:  # workers would go on alone
        for worker in sys.modules["multiprocessing"].active_children():
            worker.kill()
    if WHOLE_FILE in sys.modules:  # a file in the making would stay behind
        sys.modules[WHOLE_FILE].remove_unfinished()
    os._exit(INTERRUPTED)


def _await_interrupt(read: int, seconds: float | None) -> None:
    while select([read], [], [], seconds)[0]:
        if os.read(read, 1) == bytes([signal.SIGINT]):
            return

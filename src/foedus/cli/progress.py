"""A progress bar, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from foedus.case.case import Case
from foedus.cli.output import message, tell
from foedus.dates import parse_date
from foedus.infer.islands import effort
from foedus.text.render import counted

AS_MANY_AGAIN = "the runs do not agree yet, so as many again are made, and all are asked"


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[int, int], None] | None]:
    """A function to tell how much is done, of how much; None where no terminal shows it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def weighing_bar(
    words: str, case: Case, quicker: Callable[[], str] = str, *, as_of: str | None = None
) -> Iterator[Callable[[int, int], None]]:
    """The same for what weighs a record: where that begins, word is given if it takes long.

    That goes by what was known by the end of the date `as_of`; by all of it, if None. What is
    `quicker` is then said as well, if anything is. Nothing is said of runs that were kept, since
    then nothing begins. Where the bar falls back because as many runs again are needed, that is
    said, too.
    """
    with progress_bar(words) as bar:
        before = 0

        def told(done: int, total: int) -> None:
            nonlocal before
            known = _known(case, as_of)
            if done == 0 and effort.takes_minutes(case) and sum(known) > effort.MANY // 2:
                for words in filter(None, (_takes_long(*known), quicker())):
                    tell(message(words, "note") + "\n")
            if bar is not None:
                if done > 0 and total == 2 * before:
                    tell(message(AS_MANY_AGAIN, "note") + "\n")
                bar(done, total)
            before = total

        yield told


def _known(case: Case, as_of: str | None) -> tuple[int, int]:
    """How many items and how many claims were known by the end of a date."""
    items, claims = ([one.known for one in each] for each in (case.evidence, case.claims))
    if as_of is None:
        return len(items), len(claims)
    end = parse_date(as_of, case.clock.zone).end
    return sum(one.end <= end for one in items), sum(one.end <= end for one in claims)


def _takes_long(items: int, claims: int) -> str:
    return (
        f"weighing {counted(items, 'item')} and {counted(claims, 'claim')} takes minutes; what "
        "comes out is kept, so that whatever is asked of it later is soon answered"
    )

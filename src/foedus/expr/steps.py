"""Recursion without the call stack.

The parser, the checker and the printer are written as recursive functions whose recursive call is a
`yield`. Whatever a user hands in, Python's own recursion limit is never met.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Result = TypeVar("Result")


def run(
    first: Generator[Question, Answer, Result],
    respond: Callable[[Question], Generator[Question, Answer, Answer]],
) -> Result:
    """What `first` returns, each question it yields being answered by what `respond` makes of it.

    An exception raised anywhere inside ends the whole run.
    """
    waiting: list[Generator[Any, Any, Any]] = [first]
    answer: Any = None
    while True:
        try:
            question = waiting[-1].send(answer)
        except StopIteration as done:
            waiting.pop()
            answer = done.value
            if not waiting:
                result: Result = done.value
                return result
        else:
            waiting.append(respond(question))
            answer = None

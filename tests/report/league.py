"""An invented case with one of each thing that can be said, and answers to its questions."""

from functools import cache
from pathlib import Path

from foedus.case.case import Case
from foedus.case.check import check_case, parse_case
from foedus.engine.reference import Watch
from foedus.jump.lower import lower
from foedus.questions.answers import Answers, simulate
from foedus.report.figures import watch_of
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source

FILE = Path(__file__).with_name("league.yaml")


def read(text: str) -> Case:
    """The case of a text, which must have no errors."""
    diagnostics = Diagnostics()
    file = parse_case(Source("league.yaml", text), FILE.parent, diagnostics)
    assert file is not None
    case = check_case(file, diagnostics)
    assert case is not None, [one.message for one in diagnostics.in_order() if one.is_error]
    return case


@cache
def league() -> Case:
    """The case."""
    return read(FILE.read_text())


@cache
def watched() -> Watch:
    """What is sampled for the figures."""
    return watch_of(league())


@cache
def answers() -> Answers:
    """Answers from a few hundred runs."""
    return simulate(lower(league()), draws=120, seed=1, watch=watched())

"""Laws learned from past calls, as a case reads them: of the right day, never of its own call."""

from __future__ import annotations

from datetime import date

import pytest

from foedus.expr.prior import LogitNormal
from foedus.history import learned
from foedus.history.class_error import ClassError
from foedus.history.learned import learned_share, table_digest
from foedus.history.requests import requests
from foedus.questions.fits.fit import fit_body
from foedus.questions.fits.shipped import days_of, learned_laws
from foedus.text.render import as_text
from foedus.text.source import Source
from tests.history.test_classes import ASKED, case
from tests.loading import try_case

SHIPPED = learned._shipped()


def test_the_shipped_laws_are_those_of_the_table() -> None:
    assert SHIPPED["table"] == table_digest()
    assert SHIPPED["days"] == days_of(requests())
    days = ["2010-06-12", "2021-11-16"]
    compare(learned_laws(requests(), days), [0, *(SHIPPED["days"].index(day) + 1 for day in days)])


@pytest.mark.full
def test_all_of_them_are() -> None:
    compare(learned_laws(requests()), range(len(SHIPPED["days"]) + 1))


def compare(made: dict[str, object], places: object) -> None:
    """Laws made now against those shipped at some places."""
    bodies = made["bodies"]
    assert isinstance(bodies, dict)
    assert list(bodies) == list(SHIPPED["bodies"])
    for body, laws in bodies.items():
        for law, place in zip(laws, places, strict=True):  # type: ignore[call-overload]
            assert law == pytest.approx(SHIPPED["bodies"][body][place], abs=2e-3), (body, place)


def test_a_law_is_that_of_the_day_before_the_clock() -> None:
    new_year = learned_share("body = csto", date(2022, 1, 1))
    assert (new_year.granted, new_year.calls, new_year.used) == (0, 4, 68)
    assert learned_share("body = csto", date(2022, 1, 6)) == new_year
    assert learned_share("body = csto", date(2022, 1, 7)).granted == 1
    assert learned_share("body = csto", None).calls == 6
    fit = fit_body("csto", requests(), date(2022, 1, 1))
    assert LogitNormal(new_year.median, new_year.spread).mean == pytest.approx(
        fit.next_call.mean, abs=0.01
    )


def test_the_own_call_of_a_case_is_never_among_them() -> None:
    assert learned_share("body = csto", date(2022, 1, 1), "kazakhstan-2022").calls == 4
    assert learned_share("body = csto", date(2022, 1, 6), "kazakhstan-2022").calls == 4
    for day in (date(2022, 1, 7), date(2022, 6, 1)):
        with pytest.raises(ClassError, match="`KAZ-2022` is this case's own call"):
            learned_share("body = csto", day, "kazakhstan-2022")
    assert learned_share("body = csto", date(2022, 8, 1), "armenia-2022").calls == 5


def test_before_the_first_call_and_of_a_new_body() -> None:
    nothing = learned_share("", date(1950, 1, 1))
    assert (nothing.median, nothing.used) == (0.5, 0)
    assert learned_share("", date(2022, 1, 1)).spread < nothing.spread


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("body = csot", "write `body = csto`"),
        ("frame = alliance", "write `body = csto`"),
        ("body = hanseatic-league", "no call on"),
    ],
)
def test_what_cannot_be_learned(where: str, words: str) -> None:
    with pytest.raises(ClassError) as fault:
        learned_share(where, date(2022, 1, 1))
    assert words in f"{fault.value.message}: {fault.value.help}"


def test_a_prior_and_its_words() -> None:
    found = case("learned-willing, where: body = csto").parameters["granted"]
    law = learned_share("body = csto", date(2022, 1, 1))
    assert found.spec.prior == LogitNormal(law.median, law.spread)
    assert "0 of 4 calls, 68 on all, known before 2022-01-01" in found.written


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("request-granted, where: frame = alliance", "lerned-willing", "write `learned-willing`"),
        ("request-granted, where: frame = alliance", "learned-willing, where: x", "no condition"),
    ],
)
def test_faults_in_a_case(old: str, new: str, words: str) -> None:
    _, diagnostics = try_case(Source("case.yaml", ASKED.replace(old, new)))
    assert words in as_text(diagnostics.in_order())

"""A speaker's acts against the formula, and what they must not do."""

from math import exp, log1p

import numpy as np
import pytest
from scipy import stats

from foedus.expr.tree import Conditional, Number, NumberType, Truth
from foedus.infer.likelihood.claims import RENEWED, is_truth, log_weight, speakings
from foedus.infer.likelihood.transforms import Numbers
from foedus.jump.record import Assertion, Record, SpeakerModel

PLAIN = NumberType(0)
FLAG = Conditional(Truth(True), Number(1.0, PLAIN), Number(0.0, PLAIN), PLAIN)


def claim(name: str, kind: str = "reading", **more: object) -> Assertion:
    """A claim by the boss."""
    return Assertion(name, "boss", kind, more.pop("asserts", "plot"), 0.0, 1.0, 1.0, **more)  # type: ignore[arg-type]


def weight(one: Assertion, *others: Assertion, candour: float = 2.0, interest: float = 1.5,
           **truths: float) -> float:  # fmt: skip
    """The log weight of a claim, with the truths of all."""
    speaker = SpeakerModel("boss", "candour", (("plot", "interest"),))
    record = Record((), (), (*others, one), (speaker,), (), (), ())
    claims = {each.id: each for each in record.assertions}
    arrays = {name: np.array([value]) for name, value in truths.items()}
    parameters: dict[str, Numbers] = {
        "candour": np.array([candour]),
        "interest": np.array([interest]),
    }
    return float(log_weight(speakings(record)[one.id], arrays, parameters, claims)[0])


def chance(odds: float) -> float:
    return 1.0 / (1.0 + exp(-odds))


def test_a_claim_is_made_by_interest_and_candour() -> None:
    assert exp(weight(claim("c"), c=1.0)) == pytest.approx(chance(1.5 + 1.0))
    assert exp(weight(claim("c"), c=0.0)) == pytest.approx(chance(1.5 - 1.0))


def test_interest_makes_a_claim_weigh_less() -> None:
    def ratio(interest: float) -> float:
        found = [weight(claim("c"), c=truth, interest=interest) for truth in (1.0, 0.0)]
        return found[0] - found[1]

    assert ratio(-1.5) > ratio(0.0) > ratio(1.5) > 0.0
    assert ratio(-30.0) == pytest.approx(2.0)  # the whole candour, and never more


def test_a_retraction_is_an_act_against_the_claim() -> None:
    back = claim("back", "retraction", retracts="c")
    assert exp(weight(back, claim("c"), c=1.0, back=0.0)) == pytest.approx(chance(-1.5 - 1.0))
    assert exp(weight(back, claim("c"), c=0.0, back=0.0)) == pytest.approx(chance(-1.5 + 1.0))


def test_a_retraction_against_interest_weighs_more_than_the_claim() -> None:
    back = claim("back", "retraction", retracts="c")
    said = weight(claim("c"), c=1.0) - weight(claim("c"), c=0.0)
    taken = weight(back, claim("c"), c=0.0, back=0.0) - weight(back, claim("c"), c=1.0, back=0.0)
    assert taken > 2.0 * said


def test_a_repetition_weighs_nothing() -> None:
    again = claim("again", repeats="c")
    assert weight(again, claim("c"), c=1.0, again=1.0) == 0.0


def test_an_unknown_speaker_weighs_nothing() -> None:
    record = Record((), (), (claim("c"),), (), (), (), ())
    one = speakings(record)["c"]
    assert log_weight(one, {"c": np.ones(2)}, {}, {"c": one.claim}).tolist() == [0.0, 0.0]


def test_a_figure_is_the_truth_with_the_speakers_error() -> None:
    figure = claim("c", "value", number=200.0)
    near, far = weight(figure, c=180.0), weight(figure, c=20.0)
    errors = [log1p(200.0) - log1p(truth) for truth in (180.0, 20.0)]
    assert near - far == pytest.approx(0.5 * 4.0 * (errors[1] ** 2 - errors[0] ** 2))


def test_only_what_is_new_in_a_superseding_figure_counts() -> None:
    first = claim("a", "value", number=164.0)
    second = claim("b", "value", number=225.0, supersedes="a")
    same = [weight(second, first, a=truth, b=truth) for truth in (150.0, 600.0)]
    assert same[0] == pytest.approx(same[1])
    grown = weight(second, first, a=150.0, b=150.0 * 226.0 / 165.0)
    spread = RENEWED / 2.0
    step = log1p(225.0) - log1p(164.0)
    assert grown - same[0] == pytest.approx(0.5 * (step / spread) ** 2, rel=0.02)


def test_a_truth_written_as_a_number_is_a_statement() -> None:
    said = claim("c", "value", asserts="x", number=0.0, expression=FLAG)
    assert exp(weight(said, c=0.0)) == pytest.approx(chance(1.0))
    assert exp(weight(said, c=1.0)) == pytest.approx(chance(-1.0))


def test_a_figure_has_the_density_of_a_normal_error() -> None:
    """The spread is drawn with the particle, so that the constant counts as well."""
    first = claim("a", "value", number=164.0)
    error = log1p(164.0) - log1p(90.0)
    for candour in (0.5, 3.0):
        found = weight(first, a=90.0, candour=candour)
        assert found == pytest.approx(stats.norm.logpdf(error, scale=1.0 / candour))
    second = claim("b", "value", number=225.0, supersedes="a")
    new = log1p(225.0) - log1p(100.0) - error
    found = weight(second, first, a=90.0, b=100.0, candour=3.0)
    assert found == pytest.approx(stats.norm.logpdf(new, scale=RENEWED / 3.0))


def test_no_figure_is_below_nothing() -> None:
    figure = claim("c", "value", number=3.0)
    assert weight(figure, c=-0.5) == weight(figure, c=0.0)


@pytest.mark.parametrize(("truth", "is_near"), [(99.1, 1), (98.9, 0), (398.9, 1), (399.1, 0)])
def test_a_figure_taken_back_was_true_within_a_factor_of_two(truth: float, is_near: int) -> None:
    """Of one more than the figure: 200 lies between 100 and 400."""
    figure = claim("c", "value", number=199.0)
    back = claim("back", "retraction", asserts="c", retracts="c")
    odds = -1.5 - 2.0 * (is_near - 0.5)
    assert exp(weight(back, figure, c=truth, back=0.0)) == pytest.approx(chance(odds))


def test_only_a_choice_between_nothing_and_one_is_a_statement() -> None:
    def either(yes: float, no: float) -> Conditional:
        return Conditional(Truth(True), Number(yes, PLAIN), Number(no, PLAIN), PLAIN)

    assert is_truth(either(1.0, 0.0))
    assert is_truth(either(0.0, 1.0))
    assert not is_truth(either(1.0, 5.0))
    assert not is_truth(either(1.0, 1.0))
    assert not is_truth(Number(1.0, PLAIN))

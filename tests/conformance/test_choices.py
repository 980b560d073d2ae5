"""What actors choose, against the multinomial logit model and its coupling."""

from math import exp, log

from foedus.engine.reference import Parameters, prepare, simulate_run
from foedus.jump.model import Dated, JumpModel
from tests.conformance.statistics import SEEDS, assert_share, sample
from tests.engine.models import (
    ALONE,
    ask,
    count,
    intervene,
    kind,
    model,
    option,
    parameter,
    put,
    runs,
    variable,
)

X = variable("x")


def once(*utilities: object) -> JumpModel:
    """One actor acts once and takes option 1, 2, ...; `x` says which."""
    options = tuple(
        option(f"take {place}", utility, put("x", float(place)))
        for place, utility in enumerate(utilities, 1)
    )
    return model(
        [count("x")],
        [kind("act", Dated((1.0,)), options=options)],
        [ask(str(place), "probability", X.is_(place), at=1.0) for place in range(4)],
    )


def test_choice_is_multinomial_logit() -> None:
    built = once(0.3, 1.1, -0.4)
    total = exp(0.3) + exp(1.1) + exp(-0.4)
    for place, utility in enumerate((0.3, 1.1, -0.4), 1):
        assert_share(sample(built, 2000, place), exp(utility) / total)


def test_forbidden_option_passes_to_the_next_best() -> None:
    """The actor acts at the same moment; who had not wanted the option does what they did."""
    built = once(0.3, 1.1, -0.4)
    forbid = (intervene("forbid", "act.take 2"),)
    for seed in SEEDS:
        free, bound = runs(built, 2000, seed), runs(built, 2000, seed, interventions=forbid)
        for before, after in zip(free, bound, strict=True):
            assert after.values[2] == 0.0
            assert before.values[2] == 1.0 or before.values == after.values
    share = exp(0.3) / (exp(0.3) + exp(-0.4))
    assert_share(sample(built, 2000, 1, interventions=forbid), share)


def test_same_noise_under_other_weights() -> None:
    """Seen: the first of weights .5, .3, .2 wins. Under .3, .3, .4: .6, .1, .3."""
    built = model(
        [count("x")],
        [
            kind(
                "act",
                Dated((1.0,)),
                options=tuple(
                    option(f"take {place}", parameter(f"u{place}"), put("x", float(place)))
                    for place in (1, 2, 3)
                ),
            )
        ],
        [ask(str(place), "probability", X.is_(place), at=1.0) for place in (1, 2, 3)],
        parameters={"u1": 0.0, "u2": 0.0, "u3": 0.0},
    )
    prepared = prepare(built)
    seen: Parameters = {f"u{place}": log(weight) for place, weight in enumerate((0.5, 0.3, 0.2), 1)}
    other: Parameters = {
        f"u{place}": log(weight) for place, weight in enumerate((0.3, 0.3, 0.4), 1)
    }
    blocks: list[list[tuple[float, ...]]] = []
    for seed in SEEDS:
        block = []
        for run in range(4000):
            if simulate_run(prepared, seen, ALONE, seed, run).values[0] == 1.0:
                block.append(simulate_run(prepared, other, ALONE, seed, run).values)
        blocks.append(block)
    for place, share in enumerate((0.6, 0.1, 0.3)):
        assert_share([[values[place] for values in block] for block in blocks], share)

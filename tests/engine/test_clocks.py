"""The keyed noise: defined to the bit, one number for each key, and random in every order.

A p-value below 1e-6 fails. The everyday tests make about 80 of them and the full ones about 160, so
another choice of seeds would fail by chance once in 4,000 times.
"""

import random
from collections.abc import Callable
from hashlib import sha256
from math import log

import numpy as np
import pytest
import scipy.stats
from numpy.typing import NDArray

from foedus.engine import clocks
from foedus.engine.clocks import ClockCollision, label_key, run_keys, verify_labels
from tests.engine import battery, keyed_twin
from tests.engine.battery import TESTS, Words
from tests.engine.keyed_twin import ORDERS, count, one, word

LEAST_P = 1e-6
KEY = label_key("aid.deploy", ("armenia",))


# --- the definition


def test_label_keys_are_hashes_of_names() -> None:
    digest = sha256(b"aid.deploy[armenia]#clock").digest()
    assert int.from_bytes(digest[:8], "little") == KEY == 0xEFA9A658B058FB9E
    names = {
        clocks.label_name("a", ()),
        clocks.label_name("a", ("b",)),
        clocks.label_name("a", ("b", "c")),
        clocks.label_name("a", ("b",), "troops"),
    }
    assert names == {"a[]#clock", "a[b]#clock", "a[b,c]#clock", "a[b]#troops"}
    assert label_key("á", ("ö",)) == label_key("á", ("ö",), "clock")


def test_known_values_in_every_bit() -> None:
    """What other engines and other machines must give too."""
    keys = run_keys(1, 2)
    assert [hex(key) for key in keys] == KNOWN_KEYS
    assert [hex(clocks.bits(keys, KEY, n)) for n in (0, 1, 2**32)] == KNOWN_BITS
    assert clocks.uniform(keys, KEY, 0).hex() == KNOWN_UNIFORM
    assert clocks.unit_exponential(keys, KEY, 0).hex() == KNOWN_EXPONENTIAL


def test_the_twin_is_a_twin() -> None:
    source = random.Random(1)
    seeds, runs, labels, numbers = (
        np.array([source.getrandbits(64) for _ in range(500)], dtype=np.uint64) for _ in range(4)
    )
    first, second = keyed_twin.run_keys(seeds, runs)
    words = keyed_twin.bits((first, second), labels, numbers)
    for i in range(500):
        keys = run_keys(int(seeds[i]), int(runs[i]))
        assert keys == (int(first[i]), int(second[i]))
        assert clocks.bits(keys, int(labels[i]), int(numbers[i])) == int(words[i])


def test_uniforms_are_odd_multiples_of_2_to_the_minus_53(monkeypatch: pytest.MonkeyPatch) -> None:
    for word_drawn, expected in (
        (0, 2.0**-53),
        (2**64 - 1, 1.0 - 2.0**-53),
        (2**63, 0.5 + 2.0**-53),
    ):
        monkeypatch.setattr(clocks, "bits", lambda keys, k, n, drawn=word_drawn: drawn)
        assert clocks.uniform((0, 0), 0, 0) == expected
        assert clocks.unit_exponential((0, 0), 0, 0) == pytest.approx(-log(expected), rel=1e-15)


def test_seeds_and_runs_have_a_range() -> None:
    for seed, run in ((-1, 0), (2**64, 0), (0, -1), (0, 2**64)):
        with pytest.raises(ValueError, match="within"):
            run_keys(seed, run)


def test_a_run_never_repeats_itself() -> None:
    words = keyed_twin.by_number(2**17)
    assert len(np.unique(words)) == len(words)


# --- labels


def test_labels_apart() -> None:
    assert verify_labels({}) == 2**64
    assert verify_labels({"a": 5}) == 2**64
    assert verify_labels({"a": 0, "b": 2**30}) == 2**30
    assert verify_labels({"a": 2**20, "b": 2**64 - 2**21, "c": 2**63}) == 3 * 2**20
    assert verify_labels({"a": 10, "b": 20}, draws=10) == 10
    many = {str(i): label_key("unrest.join", (str(i),)) for i in range(20_000)}
    assert verify_labels(many) > 2**30


@pytest.mark.parametrize(
    ("keys", "gap"),
    [
        ({"a": 7, "b": 2**40, "c": 7}, 0),
        ({"a": 7, "b": 2**40, "c": 7 + 2**20 - 1}, 2**20 - 1),
        ({"c": 2**64 - 1, "b": 2**40, "a": 3}, 4),
    ],
)
def test_labels_too_close_are_named(keys: dict[str, int], gap: int) -> None:
    with pytest.raises(ClockCollision) as caught:
        verify_labels(keys)
    assert {caught.value.first, caught.value.second} == {"a", "c"}
    assert caught.value.gap == gap
    assert f"after {gap} draws" in str(caught.value)


# --- randomness


@pytest.mark.parametrize("order", ORDERS)
def test_words_are_random(order: str) -> None:
    draw, distances = ORDERS[order]
    found = battery.p_values(draw(2**17), distances)
    assert min(found.values()) > LEAST_P, found


@pytest.mark.full
@pytest.mark.parametrize("order", ORDERS)
def test_many_words_are_random(order: str) -> None:
    """2^25 words in each of five orders: 1.7e8 draws."""
    draw, distances = ORDERS[order]
    found = battery.p_values(draw(2**25), distances)
    assert min(found.values()) > LEAST_P, found


def flips(function: Callable[[Words], Words], size: int) -> NDArray[np.float64]:
    """How often each bit of the result changes with each bit of the argument, as z-scores.

    Around the smallest numbers that have the bit unset: each pair of neighbours counts once.
    """
    scores = np.empty((64, 64))
    numbers = count(size)
    for i in range(64):
        below = numbers & word((1 << i) - 1)
        unset = below if i == 63 else ((numbers >> word(i)) << word(i + 1)) | below
        change = function(unset) ^ function(unset | word(1 << i))
        for j in range(64):
            times = int(((change >> word(j)) & word(1)).sum(dtype=np.int64))
            scores[i, j] = (times - size / 2) / (size / 4) ** 0.5
    return scores


def of_label(k: Words) -> Words:
    """A draw as a function of its label's key."""
    return keyed_twin.bits(keyed_twin.run_keys(one(1), one(2)), k, one(0))


def of_number(n: Words) -> Words:
    """A draw as a function of its number, from 0 up."""
    return keyed_twin.bits(keyed_twin.run_keys(one(1), one(2)), one(KEY), n)


def of_run(run: Words) -> Words:
    """A draw as a function of the run."""
    return keyed_twin.bits(keyed_twin.run_keys(one(1), run), one(KEY), one(0))


def of_seed(seed: Words) -> Words:
    """A draw as a function of the seed."""
    return keyed_twin.bits(keyed_twin.run_keys(seed, one(2)), one(KEY), one(0))


def first_of_run(run: Words) -> Words:
    """The first word of a run's key."""
    return keyed_twin.run_keys(one(1), run)[0]


def second_of_run(run: Words) -> Words:
    """The second word of a run's key."""
    return keyed_twin.run_keys(one(1), run)[1]


def first_of_seed(seed: Words) -> Words:
    """The first word of a run's key, by seed."""
    return keyed_twin.run_keys(seed, one(2))[0]


def second_of_seed(seed: Words) -> Words:
    """The second word of a run's key, by seed."""
    return keyed_twin.run_keys(seed, one(2))[1]


AVALANCHES = [
    of_label,
    of_number,
    of_run,
    of_seed,
    first_of_run,
    second_of_run,
    first_of_seed,
    second_of_seed,
]


@pytest.mark.parametrize("function", AVALANCHES, ids=lambda function: function.__name__)
@pytest.mark.parametrize(
    "size", [2**11, pytest.param(2**18, marks=pytest.mark.full)], ids=["some", "many"]
)
def test_every_bit_flips_every_bit_half_the_time(
    function: Callable[[Words], Words], size: int
) -> None:
    scores = flips(function, size)
    assert battery.two_sided(float(scipy.stats.chi2.sf((scores**2).sum(), 4096))) > LEAST_P
    # of 4096 scores one beyond 7 comes by chance in 1e-8 of cases
    assert np.abs(scores).max() < 7.0


# --- the tests themselves can fail


def counter(size: int) -> Words:
    """No mixing at all."""
    words: Words = one(5) + count(size) * word(clocks.GOLDEN)
    return words


def one_multiplication(size: int) -> Words:
    """A mixing too short, fed with neighbouring numbers."""
    z = count(size)
    z = (z ^ (z >> word(32))) * word(clocks.FIRST_MULTIPLIER)
    mixed: Words = z ^ (z >> word(29))
    return mixed


def sparse(size: int) -> Words:
    """Bits that are set a little too rarely."""
    words = keyed_twin.by_number(size)
    dropped: Words = keyed_twin.by_run(size) & keyed_twin.by_seed(size) & (words >> word(3))
    return words & ~dropped


def wave(size: int) -> Words:
    """A faint rhythm."""
    u = battery.uniforms(keyed_twin.by_number(size)) + 0.03 * np.sin(np.arange(size) * 0.7)
    words: Words = ((u % 1.0) * 2.0**52).astype(np.uint64) << word(12)
    return words


def repeated(size: int) -> Words:
    """Numbers that come back a little later."""
    words = keyed_twin.by_number(size)
    words[1000::5] = words[998:-2:5]
    return words


def linear(size: int) -> Words:
    """Shifts and exclusive-ors alone: every bit is a sum of the counter's bits."""
    z = count(size) ^ word(clocks.GOLDEN)
    for left, right in ((13, 7), (17, 9), (23, 11)):
        z = z ^ (z << word(left))
        z = z ^ (z >> word(right))
    return z


WEAK = (counter, one_multiplication, sparse, wave, repeated, linear)


def bits_2_apart(words: Words) -> float:
    """A test that is not in the list, as it has a distance."""
    return battery.differing_bits(words, 2)


@pytest.mark.parametrize("test", [*TESTS.values(), bits_2_apart], ids=lambda test: test.__name__)
def test_each_test_finds_something_weak(test: Callable[[Words], float]) -> None:
    assert min(test(weak(2**17)) for weak in WEAK) < LEAST_P


@pytest.mark.parametrize("weak", WEAK, ids=lambda weak: weak.__name__)
def test_each_weak_stream_is_found(weak: Callable[[int], Words]) -> None:
    assert min(battery.p_values(weak(2**17), (1, 2, 3)).values()) < LEAST_P


def test_a_short_mixing_has_no_avalanche() -> None:
    scores = flips(lambda z: (z ^ (z >> word(32))) * word(clocks.FIRST_MULTIPLIER), 2**11)
    assert np.abs(scores).max() > 40.0


KNOWN_KEYS = ["0x317bb3ee9b66f2e0", "0x5d3588e6008a5fbf"]
KNOWN_BITS = ["0x67ea0fc432ff0957", "0x2aad3fcd33fa2268", "0x2bab8ab229e36c1a"]
KNOWN_UNIFORM = "0x1.9fa83f10cbfc2p-2"
KNOWN_EXPONENTIAL = "0x1.cd9ff16e0ee5ep-1"

"""The direct method written by hand in JAX: a loop under `vmap`, in single precision."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from foedus.bench.peer import Peer, Simulate
from foedus.bench.peers.reactions import DAYS, START

CHANGES = (
    (1, 0, 0, 0, 0, 0, 0), (-1, 0, 0, 0, 0, 0, 0), (0, 1, 0, 0, 0, 0, 0), (0, -1, 0, 0, 0, 0, 0),
    (0, 0, 0, -1, 1, 0, 0), (0, 0, 0, 0, -1, 1, 0), (0, 0, 0, 0, 0, 0, -1), (0, 0, -1, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, -1, 0),
)  # fmt: skip
"""What each reaction does to the species, in the order of `START`."""

RUNS = 1000


def rates_of(numbers: Any, state: Any) -> Any:
    """The rate of each reaction, per day; `numbers` is `jax.numpy`."""
    p, d, office, unasked, waiting, helped, free = state
    calm, crowd, turned = 1000.0 - p, p / 1000.0, d / 200.0
    return numbers.array(
        [
            0.3 * calm * crowd + 0.002 * calm,
            0.1 * p * (1.0 + helped),
            0.05 * (200.0 - d) * crowd,
            0.03 * d * (1.0 + 2.0 * helped),
            0.05 * crowd * office * unasked,
            0.1 * waiting,
            0.01 * (1.0 + helped) * office * free,
            0.3 * turned * turned * crowd * (1.0 - 0.8 * helped) * office,
            0.05 * helped / (1.0 + p / 50.0),
        ]
    )


def prepare() -> Simulate:
    """Compile for so many runs at once."""
    jax = import_module("jax")
    jnp = jax.numpy
    changes = jnp.array(CHANGES, dtype=jnp.float32)
    start = jnp.array(list(START.values()), dtype=jnp.float32)

    def step(carry: Any) -> Any:
        key, time, state = carry
        key, own = jax.random.split(key)
        first, second = jax.random.uniform(own, (2,), minval=1e-7)
        rate = rates_of(jnp, state)
        total = rate.sum()
        time = time - jnp.log(first) / total
        kind = jnp.argmax(jnp.cumsum(rate) > second * total)
        return key, time, jnp.where(time <= DAYS, state + changes[kind], state)

    def one_run(key: Any) -> Any:
        begin = (key, jnp.float32(0.0), start)
        return jax.lax.while_loop(lambda carry: carry[1] <= DAYS, step, begin)[2][0]

    compiled = jax.jit(jax.vmap(one_run))

    def simulate(runs: int, call: int) -> Sequence[float]:
        keys = jax.random.split(jax.random.PRNGKey(call), runs)
        return [float(one) for one in compiled(keys)]

    simulate(RUNS, 0)
    return simulate


PEER = Peer("JAX by hand", "jax", prepare, RUNS, is_engine=False)

"""pypomp: workload D by its particle filter, the direct method as its process model.

The process model that it offers leaps over fixed steps, which is another model. Here it takes one
step from one observation to the next, in which a loop makes every event.
"""

from __future__ import annotations

from importlib import import_module
from math import pi, sqrt
from typing import Any

from foedus.bench.peer import FilterPeer, Likelihood, Seen
from foedus.bench.peers.jax import CHANGES, rates_of
from foedus.bench.peers.reactions import START

SPECIES = (*START, "came")
"""The last is 1 once there have been troops."""

CAME = (0, 0, 0, 0, 0, 1, 0, 0, 0)
OBSERVED = ("count", "asked", "came", "arrested", "fallen")


def prepare(seen: Seen) -> Likelihood:
    """State the model and what was seen of it, day by day."""
    jax, pandas, pypomp = (import_module(name) for name in ("jax", "pandas", "pypomp"))
    jnp = jax.numpy
    changes = jnp.array([(*row, came) for row, came in zip(CHANGES, CAME, strict=True)], "float32")

    def rinit(theta_: Any, key: Any, covars: Any, t0: Any) -> dict[str, Any]:
        return {name: jnp.float32(START.get(name, 0)) for name in SPECIES}

    def rproc(X_: Any, theta_: Any, key: Any, covars: Any, t: Any, dt: Any) -> dict[str, Any]:  # noqa: N803
        def step(carry: Any) -> Any:
            key, time, state = carry
            key, own = jax.random.split(key)
            first, second = jax.random.uniform(own, (2,), minval=1e-7)
            rate = rates_of(jnp, state[:-1])
            total = rate.sum()
            time = time - jnp.log(first) / total
            kind = jnp.argmax(jnp.cumsum(rate) > second * total)
            return key, time, jnp.where(time <= dt, state + changes[kind], state)

        begun = key, jnp.float32(0.0), jnp.array([X_[name] for name in SPECIES])
        state = jax.lax.while_loop(lambda carry: carry[1] <= dt, step, begun)[2]
        return dict(zip(SPECIES, state, strict=True))

    def dmeas(Y_: Any, X_: Any, theta_: Any, covars: Any, t: Any) -> Any:  # noqa: N803
        error = (Y_["count"] - X_["protesters"]) / seen.count_error
        found = -0.5 * error**2 - jnp.log(seen.count_error * sqrt(2.0 * pi))
        truths = {
            "asked": X_["unasked"] == 0.0, "came": X_["came"] > 0.0, "arrested": X_["free"] == 0.0,
            "fallen": X_["office"] == 0.0,
        }  # fmt: skip
        for name, truth in truths.items():
            is_so = truth == (Y_[name] != 0.0)
            found += jnp.where(is_so, jnp.log(1.0 - seen.wrong), jnp.log(seen.wrong))
        return found

    days = [float(day) for day in range(1, len(seen.days) + 1)]
    table = pandas.DataFrame(seen.days, index=days, columns=list(OBSERVED))
    model = pypomp.Pomp(
        table, pypomp.PompParameters({"none": 0.0}), list(SPECIES), 0.0, rinit, rproc,
        dmeas=dmeas, nstep=1,
    )  # fmt: skip

    def filtered(particles: int, call: int) -> float:
        model.pfilter(particles, key=jax.random.key(call))
        return float(model.results()["logLik"].iloc[-1])

    return filtered


FILTER = FilterPeer("pypomp", "pypomp", prepare)

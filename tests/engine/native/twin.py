"""A stand-in for `simulate_run` that makes every run on both engines and compares them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from foedus.engine.failure import ModelError
from foedus.engine.native.program import Program, build_program, run_program
from foedus.engine.reference import Parameters, Prepared, RunResult, simulate_run
from foedus.jump.model import Atom

EVENTS_KEPT = 1000


@dataclass
class Twin:
    """Called like `simulate_run`: what the reference engine gives, after the native one gave it.

    `runs` and `faults` count what was compared.
    """

    runs: int = 0
    faults: int = 0
    programs: dict[object, tuple[Prepared, Program]] = field(default_factory=dict)

    def __call__(
        self, prepared: Prepared, theta: Parameters, atom: Atom, seed: int, run: int, **more: Any
    ) -> RunResult:
        try:
            slow = simulate_run(prepared, theta, atom, seed, run, **{**more, "record": True})
        except ModelError as fault:
            with pytest.raises(ModelError) as caught:
                self.assert_same(None, prepared, theta, atom, seed, run, **more)
            same = (str(caught.value), caught.value.span) == (str(fault), fault.span)
            if not same:
                pytest.fail(f"{caught.value} is not {fault}")
            self.faults += 1
            raise
        self.assert_same(slow, prepared, theta, atom, seed, run, **more)
        self.runs += 1
        return simulate_run(prepared, theta, atom, seed, run, **more)

    def program(self, prepared: Prepared, **more: Any) -> Program:
        """The compiled code for what is asked."""
        settings = more.get("watch"), more.get("interventions", ())
        key = id(prepared), settings
        if key not in self.programs:
            self.programs[key] = prepared, build_program(prepared.model, *settings)
        return self.programs[key][1]

    def assert_same(
        self,
        slow: RunResult | None,
        prepared: Prepared,
        theta: Parameters,
        atom: Atom,
        seed: int,
        run: int,
        **more: Any,
    ) -> None:
        """The native engine makes the same run: every event, every answer, every bit."""
        program = self.program(prepared, **more)
        given = {name: more[name] for name in ("horizon", "limit") if name in more}
        fast = run_program(program, theta, atom, seed, run, 1, log=EVENTS_KEPT, **given)
        assert slow is not None
        assert fast.events[0] == slow.events
        for row, happened in zip(fast.log, slow.record, strict=False):
            assert (row[0], program.text.acts[int(row[1])]) == (happened.time, happened.name)
            kind = next(
                name for name in (happened.name, happened.name.rpartition(".")[0])
                if name in prepared.by_kind
            )  # fmt: skip
            assert prepared.by_kind[kind][int(row[2])].labels == happened.labels
        assert np.array_equal(fast.values[0], np.array(slow.values), equal_nan=True)
        assert np.array_equal(fast.waited[0], np.array(slow.waited), equal_nan=True)
        assert tuple(map(bool, fast.given[0])) == slow.is_given
        assert tuple(map(bool, fast.vacuous[0])) == slow.vacuous
        sampled = np.array(slow.samples, dtype=np.float64).reshape(-1)
        assert np.array_equal(fast.samples[: len(sampled)], sampled, equal_nan=True)

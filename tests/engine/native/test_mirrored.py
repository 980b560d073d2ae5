"""All that is tested of the reference engine's order, faults, keys and questions holds here too.

The tests are those of the reference engine; every run they make is made on both engines.
"""

from __future__ import annotations

import pytest

from tests.engine import (
    models,
    test_reference_faults,
    test_reference_keys,
    test_reference_order,
    test_reference_questions,
)
from tests.engine.native.twin import Twin
from tests.engine.test_reference_faults import *  # noqa: F403
from tests.engine.test_reference_keys import *  # noqa: F403
from tests.engine.test_reference_order import *  # noqa: F403
from tests.engine.test_reference_questions import *  # noqa: F403

MIRRORED = (
    models, test_reference_faults, test_reference_keys, test_reference_order,
    test_reference_questions,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _twins(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = Twin()
    for module in MIRRORED:
        if hasattr(module, "simulate_run"):
            monkeypatch.setattr(module, "simulate_run", twin)

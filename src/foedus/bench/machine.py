"""The machine and the programs that numbers were measured with."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from foedus import __version__
from foedus.bench.yardstick import compiler_version
from foedus.ensemble.local import usable_processors
from foedus.frozen import dataclass

PACKAGES = ("llvmlite", "numpy")
WIDTHS = (("avx512f", "AVX-512"), ("avx2", "AVX2"), ("asimd", "NEON"))


@dataclass(frozen=True, slots=True)
class Machine:
    """What a ratio may depend on. `load` is the work that waited over the last minute."""

    date: str
    processor: str
    processors: int
    width: str
    system: str
    load: float | None
    foedus: str
    python: str
    compiler: str | None
    packages: dict[str, str]

    def as_record(self) -> dict[str, object]:
        """The same for JSON."""
        return asdict(self)


def this_machine() -> Machine:
    """The machine we run on, now."""
    information = _processor_information()
    flags = information.get("flags", information.get("Features", "")).split()
    width = next((name for flag, name in WIDTHS if flag in flags), "no wide vectors")
    return Machine(
        datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        information.get("model name") or platform.processor() or platform.machine(),
        usable_processors(),
        width,
        f"{platform.system()} {platform.machine()}",
        round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        __version__,
        ".".join(map(str, sys.version_info[:3])),
        compiler_version(),
        {name: found for name in PACKAGES if (found := installed(name))},
    )


def installed(name: str) -> str | None:
    """The version of an installed package, or None."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def has_wide_vectors() -> bool:
    """Whether the machine has AVX-512, on which gates against C are stated."""
    return "avx512f" in _processor_information().get("flags", "").split()


def _processor_information() -> dict[str, str]:
    """What Linux says of the first processor; nothing elsewhere."""
    try:
        text = Path("/proc/cpuinfo").read_text().partition("\n\n")[0]
    except OSError:
        return {}
    pairs = (line.partition(":") for line in text.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}

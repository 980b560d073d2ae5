"""Every call of llvmlite: from IR text to machine code in memory, and its cache on disk.

The IR is verified before it is compiled. Object code is kept (`kept_files`) under a hash of all it
depends on: IR, library, processor, options.
"""

from __future__ import annotations

import ctypes
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import llvmlite
from llvmlite import binding

from foedus.engine.kept_files import cache_folder, keep, read_kept
from foedus.frozen import dataclass

PASSES = ("always_inliner", "sroa", "simplify_cfg", "instruction_combine", "simplify_cfg")
"""What is done to the IR before code is generated.

LLVM's own pipeline takes twenty times as long and makes code that is 5 to 10 % faster: a case is
edited and run far more often than it is run for minutes.
"""

LEVEL = 1
"""How hard the code generator tries, 0 to 3."""

_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """Machine code in memory; the functions live as long as `engine`."""

    engine: Any
    was_cached: bool

    def function(self, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
        """A function by name, callable with the interpreter's lock released."""
        address = self.engine.get_function_address(name)
        return ctypes.CFUNCTYPE(result, *arguments)(address)


def compile_text(
    text: str, folder: Path | None = None, *, keeps_order: bool = False
) -> Compiled:  # fmt: skip
    """Machine code for IR text, from the cache if it is there.

    With `keeps_order`, instructions stay in the order of the text; otherwise LLVM puts them in an
    order of its own, which needs few registers.
    """
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    processor = binding.get_host_cpu_name()
    features = _features()
    target = binding.Target.from_default_triple()
    machine = target.create_target_machine(
        opt=LEVEL, cpu=processor, features=features, jit=True, **_placement()
    )
    parts = (
        text,
        llvmlite.__version__,
        str(binding.llvm_version_info),
        processor,
        features,
        repr((PASSES, LEVEL, _placement(), keeps_order)),
    )
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    path = (cache_folder() if folder is None else folder) / f"{key}.o"
    stored = read_kept(path, key)
    code = stored or _compile(text, machine, keeps_order)
    if not stored:
        keep(path, key, code)
    # The engine gets the finished code: from a module it would generate the code once more.
    together = True if _placement() else None
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine, together)
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return Compiled(engine, stored is not None)


def _compile(text: str, machine: Any, keeps_order: bool) -> bytes:
    """Object code for IR text."""
    module = binding.parse_assembly(text)
    module.verify()
    _optimise(module, machine)
    with _ordering(keeps_order):
        return bytes(machine.emit_object(module))


@contextmanager
def _ordering(keeps_order: bool) -> Iterator[None]:
    """Whether LLVM leaves instructions in their order, while code is generated.

    It has no such option for one module, only for all of a process, where others may use LLVM, too.
    """
    with _ONE_AT_A_TIME:
        binding.set_option("foedus", f"-enable-misched={int(not keeps_order)}")
        try:
            yield
        finally:
            binding.set_option("foedus", "-enable-misched=1")


def _placement() -> dict[str, str]:
    """How code finds its functions and constants: by their distance, since they are put into one
    block of memory. By absolute addresses, as elsewhere, it is 10 % slower."""
    return {"reloc": "pic", "codemodel": "small"} if sys.platform == "linux" else {}


def _features() -> str:
    """What the processor can do; its widest vectors are wanted."""
    return str(binding.get_host_cpu_features().flatten()) + ",-prefer-256-bit"


def lane_count() -> int:
    """How many runs go side by side on this machine."""
    features = binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 8
    return 8 if features.get("avx2") else 4


def _optimise(module: Any, machine: Any) -> None:
    options = binding.create_pipeline_tuning_options()
    manager = binding.create_new_module_pass_manager()
    for name in PASSES:
        getattr(manager, f"add_{name}_pass")()
    manager.run(module, binding.create_pass_builder(machine, options))

"""The native engine: a jump model emitted as LLVM IR and compiled to machine code.

It computes what `engine/reference.py` defines, path by path and bit for bit. `ir` writes
instructions, `translated` turns the numerics of the reference engine into them, `expressions`,
`clockwork`, `deeds`, `observers` and `driver` emit a model, `machine` holds every call of llvmlite.
"""

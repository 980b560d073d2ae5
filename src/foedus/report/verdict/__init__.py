"""A verdict as text: what it rests on, what would turn it, and several side by side.

`verdict.py` lays out what the other modules say in sentences. Change what `weigh` prints here.
"""

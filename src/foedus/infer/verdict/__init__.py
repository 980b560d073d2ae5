"""The verdict as a noun, and what would turn it: each assumption changed, each piece left out.

`flips.py` and `conditions.py` change one thing in turn, `questionable.py` lists what can be
doubted. Add something that may turn a verdict, or a number that a verdict holds, here.
"""

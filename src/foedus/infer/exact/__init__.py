"""The evidence of a record worked out instead of sampled, where a case is small.

`exactly.py` gives what the islands would, without their error; `replicates.py` compares the two.
Change when a case counts as small, or how its uncertain numbers are laid out in nodes, here.
"""

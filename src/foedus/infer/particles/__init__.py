"""Particles and their weights: whether proposals are taken, and which moves keep a law as it is.

`target.py` is all that is asked of a record, so nothing here or in `sampler` knows a case.
Change how a proposal is made, or add a move, here.
"""

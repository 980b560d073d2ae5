"""Sequential Monte Carlo: particles of all atoms go through the record and are compared at its end.

`sampler.py` reads like the textbook; `settling.py` and `between_atoms.py` come at the end.
Change when particles are selected, how often they are moved, or how atoms are compared, here.
"""

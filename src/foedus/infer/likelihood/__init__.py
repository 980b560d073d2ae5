"""How probable the record of a case is for a particle: its items, silences, claims and origins.

`record_target.py` puts it together, `engine.py` makes the runs, `coordinates.py` says which numbers
are uncertain. Change what a piece of the record weighs, or what a particle is made of, here.
"""

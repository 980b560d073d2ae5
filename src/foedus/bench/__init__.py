"""How fast and how frugal Foedus is, as ratios measured on this machine in this run.

Every row is a file of `rows/` that defines `ROWS`; it is found by being there. A row measures both
sides in turns, in processor time, so that what else the machine does falls on both. `yardsticks/`
holds what the engine is compared with in C, `peers/` the same for other engines.
"""

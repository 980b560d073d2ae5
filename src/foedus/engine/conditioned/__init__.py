"""Runs that agree with a record, and how probable their agreement was.

A conditioned run is a function of a model, its parameters, an atom, the noise and a stage of the
record (`foedus.jump.stages`). Events whose record is complete do not happen by themselves: each
item makes its event happen, at a proposed time, and the run carries the logarithm of what the model
says of it. The mean of exp(log weight) over the noise is the probability of the stage, exactly.
`run` is the definition; `tracked` says what is prepared once, `cover` what is known when, `clocks`
what that does to a clock, `items` how an item happens, `looks` what is only seen.
"""

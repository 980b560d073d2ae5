"""The mathematics of a case: typed state, event kinds with hazards and effects, questions as monitors."""

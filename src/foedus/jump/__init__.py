"""The mathematics of a case: typed state, kinds of events with hazards and effects, monitors."""

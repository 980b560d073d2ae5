"""Records told by the model itself: is the sampler right, and would the model tell such a record?

`recording.py` tells them. `calibration.py` weighs those whose truth was planted, `reference.py`
finds how probable the real record is among them. Change how a record is told here.
"""

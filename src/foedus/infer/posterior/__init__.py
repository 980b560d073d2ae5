"""What the record leaves open: parameters, states at some times, and courses that agree with it.

`ended.py` finds courses that end as the outcomes say, `renewal.py` others for the same parameters.
Change what is drawn given the record, or how a parameter is summed up, here.
"""

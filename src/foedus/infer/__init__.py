"""What the dated record says about parameters and explanations: particles through the evidence.

`weigh.py` shows the whole way to a verdict, in order; `courses.py` gives courses that agree with
the record; `static.py`, for evidence without dates, stands alone. The packages import downwards
only, in this order:

    shipped
    exact | calibration
    posterior
    verdict
    islands
    likelihood
    sampler
    particles
"""

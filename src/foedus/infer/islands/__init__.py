"""Independent runs of the sampler, and what they agree on: where each explanation stands.

`agreed.py` asks for more runs where the first do not agree, `refusal.py` says when noise would
decide, `remembered.py` keeps what took long. Change when there is no verdict, or how its error is
worked out, here.
"""

"""What recurs in many reports, in words: names of things, answers, what they rest on, sources.

Nothing here is laid out in lines. Change what a thing is called, or how an answer is said, here.
"""

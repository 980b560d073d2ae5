"""Two versions of a case, or several files of priors, side by side.

Change what `diff` prints here, or how a disagreement among analysts is shown.
"""

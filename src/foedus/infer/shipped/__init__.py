"""What ships beside a case and is read instead of worked out, each for one version of the case.

Verdicts, courses, the answers of particles, and references; the digest of `reference_file.py` says
whether they still belong to the case. Change what is kept, or how it is written down, here.
"""

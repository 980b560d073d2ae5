"""The answers of one case as text: the summary of `run`, what drives them, what the prior implies.

Also one course told from end to end. Change what `run`, `simulate`, `prior`, `sensitivity` and
`test` print here.
"""

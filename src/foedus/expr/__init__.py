"""The small typed language in which a case states conditions, rates, effects and questions.

`parse` makes syntax from text, `check` makes typed trees from syntax, `show` prints them back,
`interval` bounds them. Nothing here runs an expression: engines do.
"""

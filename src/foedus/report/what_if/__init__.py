"""What a decision changes, as text: from the start, given the record, within `run`, in a table.

Change what `whatif` prints here.
"""

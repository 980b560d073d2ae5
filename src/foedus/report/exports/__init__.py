"""Files for other programs: sources as BibTeX, a verdict as a table, a posterior for ArviZ.

Change what they hold here.
"""

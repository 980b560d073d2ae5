"""The whole report on one page that works offline: `page.py` fills in the template beside it.

`page_tables.py` makes the rows of its tables. Change what is on the page here, how it looks in
`templates`.
"""

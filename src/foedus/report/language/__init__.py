"""Every sentence that is read, in English and in Finnish, and how each language writes numbers.

`catalogue.py` gives a sentence by its id; the sentences stand in the modules `text_*.py`. Change a
word here, in both languages.
"""

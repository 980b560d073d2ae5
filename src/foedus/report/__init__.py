"""What people read: summaries, pages and figures, made from a case and its answers.

Everything here is a function of a case, its answers, a language and a width; nothing prints, and
only `page`, `figures` and `exports` write files. Babel, jinja2 and vl-convert are imported where
they are used. The packages import downwards only, in this order, between them three modules:

    page
    figures | show
    comparison | exports | outside_view | what_if
    findings.py
    answers | verdict
    phrases
    files.py | language | layout.py
"""

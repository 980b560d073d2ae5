"""What people read: summaries, pages and figures, made from a case and its answers.

Everything here is a function of a case, its answers, a language and a width; nothing prints, and
only `page` writes files. Babel, jinja2 and vl-convert are imported where they are used.
"""

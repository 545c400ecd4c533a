"""Everything that leaves the program: tables, graph files, figures, the JSON document, the page.

A writer takes an ``Analysis`` and computes nothing that an analyst would call a result; the same analysis gives the
same bytes on any day.
"""

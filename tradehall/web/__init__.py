"""门户: the pages that show several stages at once, and the navigation between them.

In come requests and what selectors answer, out go pages; no act is decided and no record is kept here.
"""

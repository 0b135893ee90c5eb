"""Open data: notices as Open Contracting Data Standard 1.1.5 releases and records.

In come published renditions; out go releases, packages and compiled releases. No field outside the standard is written,
and nothing here reads a clock or a database except `publishing`.
"""

"""The data sets of the national norm, declared once: validation, JSON, XML, schemas, documentation and examples follow."""

"""From renditions and rows to the words a page shows. Pure functions: no request, no database."""

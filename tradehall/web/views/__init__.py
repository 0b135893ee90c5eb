"""One module per kind of page: read the request, ask selectors, hand plain values to a template."""

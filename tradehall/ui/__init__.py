"""界面: tokens, components, the base page and the one way errors are shown, for pages and for the API.

In come values that a page hands over, out goes markup; no record is kept, and nothing about trades is known here.
"""

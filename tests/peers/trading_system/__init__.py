"""A trading system that is connected to the platform: the example of the guide for connecting.

A program of its own, with its own process and its own SQLite store; it imports nothing of the platform and knows only
what docs/connecting.md says. Its OpenID client is a stock one (authlib). Read it in this order: `__main__` (how it is
started), `people` (signing in and out), `reporting` (pushing records), `following` (feed and webhook), `pages`.
"""

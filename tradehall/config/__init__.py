"""Assembly: settings from the environment, addresses, the `tradehall` command, how an instance lives, the demo city.

The only layer that knows every app. Nothing about trades is decided here and no record is kept.
"""

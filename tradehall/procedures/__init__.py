"""交易规则: what each kind of trade looks like, as data.

In come TOML definitions and the rule register; out goes one immutable definition version, pinned by an Attempt.
No trade is judged here by name: every other app reads fields of a definition. Law: see `rules_register.toml`.
"""

"""The government service hall's identity provider, as a small real OpenID Provider of its own. Imports nothing of ours."""

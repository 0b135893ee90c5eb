"""The OpenID Provider's requests: allauth's models and oauthlib's grants, with the house's own stricter answers.

PKCE S256 for everybody, addresses compared letter by letter, an organisation chosen for every family of tokens.
"""

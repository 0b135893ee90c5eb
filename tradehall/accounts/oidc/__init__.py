"""The OpenID Provider's ground: registered systems, token families, signing keys, back-channel logout.

Requests and pages are the web's; here are the acts and what must still be true when nobody is looking.
"""

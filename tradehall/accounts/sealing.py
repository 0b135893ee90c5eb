"""Encrypting small texts before they go into a column. The key comes from the site's secret, which no table holds.

For secrets of sign-in and for drafts. Identity and bank numbers have a key of their own, in `parties`.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


def seal(text: str, purpose: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(purpose)).encrypt(nonce, text.encode(), purpose.encode())


def unseal(sealed: bytes, purpose: str) -> str | None:
    """None when it was sealed with another key or for another purpose, or was altered."""
    try:
        return AESGCM(_key(purpose)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def seal_text(text: str, purpose: str) -> str:
    return base64.urlsafe_b64encode(seal(text, purpose)).decode()


def unseal_text(sealed: str, purpose: str) -> str | None:
    return unseal(base64.urlsafe_b64decode(sealed), purpose)


def _key(purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"tradehall {purpose}".encode()).derive(settings.SECRET_KEY.encode())

"""The log's secrets under TRADEHALL_HOME/keys: the signing key and the salt of commitments, each mode 0600.

Made on first use, by whichever process comes first. Refuses to replace a key that is there but unreadable.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from tradehall.crypto.notes import Signer, make_signer

DEFAULT_ORIGIN = "tradehall.example/log"


def origin() -> str:
    """The log's name in checkpoints and keys."""
    return os.environ.get("TRADEHALL_LOG_ORIGIN") or str(getattr(settings, "LOG_ORIGIN", DEFAULT_ORIGIN))


def commitment_salt() -> bytes:
    return _read_or_make(f"{settings.HOME}/keys/journal.salt", 32)


def signer() -> Signer:
    return _signer(f"{settings.HOME}/keys/log.key", origin())


@lru_cache
def _signer(path: str, name: str) -> Signer:
    made = make_signer(name, Ed25519PrivateKey.from_private_bytes(_read_or_make(path, 32)))
    _write_public(Path(path).with_suffix(".vkey"), made.key.text + "\n")
    return made


@lru_cache
def _read_or_make(path: str, size: int) -> bytes:
    """The secret in `path`; two processes that start at once end with the same one (the first link wins)."""
    if not os.path.exists(path):
        _make_folder(Path(path).parent)
        draft = f"{path}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secrets.token_bytes(size))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    content = Path(path).read_bytes()
    if len(content) != size:
        raise RuntimeError(f"{path} has {len(content)} bytes instead of {size}; put the backup back, do not delete it")
    return content


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)


def _write_public(path: Path, text: str) -> None:
    """The verifier key beside the signing key, so that `tradehall verify` on this machine can pin it."""
    if not path.exists() or path.read_text() != text:
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.write_text(text)
        draft.replace(path)

"""The log's second signature: SM2 under the same checkpoint, when the national suite is on (`TRADEHALL_SUITE=national`).

Ed25519 stays the first signature, so that every C2SP reader and witness goes on working. One tree, one root.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tradehall.crypto import notes, sm2
from tradehall.journal import keys
from tradehall.journal.keys import Generation

SUITE = "-sm2"  # in the name of a key's file


def is_on() -> bool:
    return bool(settings.NATIONAL_SUITE)


def sign_checkpoint(text: str) -> str:
    """The signed note of a checkpoint, with one line or two."""
    content = notes.sign_note(text, *keys.signers())
    for one in _with_keys(keys.signing_generations()):
        content = notes.sign_nationally(content, one.origin, _read_or_make(one.path(SUITE)))
    return content


def verifier_keys() -> list[str]:
    """What `/log/key` says beside the Ed25519 keys."""
    return verifiers_of(keys.generations())


def verifiers_of(generations: list[Generation]) -> list[str]:
    found = _with_keys(generations)
    return [notes.national_verifier(one.origin, _read_or_make(one.path(SUITE))).text for one in found]


def _with_keys(generations: list[Generation]) -> list[Generation]:
    """The newest one's key is made on first use; an older one without a key never signed with SM2."""
    if not is_on():
        return []
    newest, *older = generations
    return [newest, *(one for one in older if os.path.exists(one.path(SUITE)))]


def signatures(content: bytes) -> list[bytes]:
    """The platform's SM2 signatures under something else than a checkpoint: same keys, same verifiers, same overlap."""
    return [sm2.sign(_read_or_make(one.path(SUITE)), content) for one in _with_keys(keys.signing_generations())]


def dated_verifiers() -> list[tuple[str, Generation]]:
    """Every SM2 key there was with the generation that says when it signed, the newest first."""
    held = _with_keys(keys.generations())
    return [(verifiers_of([one])[0], one) for one in held]


@lru_cache
def _read_or_make(path: str) -> bytes:
    """PKCS #8 in PEM, mode 0600; two processes that start at once end with the same key (the first link wins)."""
    if not os.path.exists(path):
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = f"{path}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sm2.to_pem("PRIVATE KEY", sm2.generate_private_key()))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return sm2.load_private_key(Path(path).read_bytes())

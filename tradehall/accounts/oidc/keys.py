"""The keys that sign tokens: PEM files in TRADEHALL_HOME/keys/oidc, each with its own times in a head above the key.

A new key is published an hour before it signs, an old one stays published after it has stopped: nobody who caches our
key set ever meets a signature he cannot check. Never replaces a file that is there.
"""

import contextlib
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref

HEAD = "Tradehall-"
BEGIN = "-----BEGIN"
AHEAD = timedelta(hours=1)  # how long relying parties may cache the key set
KEPT = timedelta(days=30)  # an id_token may come back as a logout hint long after it has expired


@dataclass(frozen=True, slots=True)
class SigningKey:
    name: str
    pem: str
    not_before: datetime
    expires_at: datetime | None


def signing_keys() -> list[SigningKey]:
    """All keys on disk, oldest first; the first one is made when there is none."""
    paths = _paths()
    if not paths:
        with contextlib.suppress(FileExistsError):  # another process was first: its key is the key
            _write(_folder() / "0001.pem", _new_pem(), timezone.now(), None)
        paths = _paths()
    return [_read(path) for path in paths]


def rotate_key(*, by: Actor, at: datetime, immediately: bool = False) -> SigningKey:
    """Adds the next key and lets the others run out. `immediately` is for a stolen key: the old ones end at once."""
    with transaction.atomic():
        key = rotate(timezone.now(), immediately=immediately)
        facts = {"from": key.not_before.isoformat(), "immediately": immediately}
        journal.record(code="accounts.rotate_key", by=by, at=at, subject=Ref("key", f"oidc-{key.name}"), facts=facts)
    return key


def rotate(now: datetime, *, immediately: bool) -> SigningKey:
    held = signing_keys()
    starts = now if immediately else now + AHEAD
    path = _folder() / f"{int(held[-1].name) + 1:04d}.pem"
    _write(path, _new_pem(), starts, None)
    ends = now if immediately else starts + KEPT
    for key in held:
        if key.expires_at is None or key.expires_at > ends:
            _rewrite(_folder() / f"{key.name}.pem", key, ends)
    return _read(path)


def _folder() -> Path:
    folder = Path(settings.HOME) / "keys" / "oidc"
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    return folder


def _paths() -> list[Path]:
    return sorted(_folder().glob("[0-9][0-9][0-9][0-9].pem"))


def _new_pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*form).decode()


def _read(path: Path) -> SigningKey:
    head, begin, rest = path.read_text().partition(BEGIN)
    if not begin:
        raise RuntimeError(f"{path} holds no key; put the backup back, do not delete it")
    stated = dict(line.removeprefix(HEAD).split(": ", 1) for line in head.splitlines() if line.startswith(HEAD))
    ends = stated.get("Expires-At")
    starts = datetime.fromisoformat(stated["Not-Before"])
    return SigningKey(path.stem, begin + rest, starts, datetime.fromisoformat(ends) if ends else None)


def _text(pem: str, starts: datetime, ends: datetime | None) -> str:
    head = f"{HEAD}Not-Before: {starts.isoformat()}\n"
    return f"{head}{HEAD}Expires-At: {ends.isoformat()}\n{pem}" if ends else head + pem


def _write(path: Path, pem: str, starts: datetime, ends: datetime | None) -> None:
    """Whole or not at all; the first of two writers wins."""
    draft = _draft(path, _text(pem, starts, ends))
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def _rewrite(path: Path, key: SigningKey, ends: datetime) -> None:
    _draft(path, _text(key.pem, key.not_before, ends)).replace(path)


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return draft

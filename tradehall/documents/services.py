"""Keeps files under their SHA-256, once each. Not a virus scanner and not an access list."""

import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.documents import copies, rules
from tradehall.documents.models import StoredFile
from tradehall.documents.selectors import path_of
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import refuse_if


def store(*, content: bytes, name: str, by: Actor, at: datetime) -> StoredFile:
    """The bytes are on disk before the row is; the same content twice is one file, under its first name."""
    safe = Path(name.replace("\\", "/")).name[:255]
    refuse_if(rules.file_violations(safe, content))
    digest = sha256_hex(content)
    _write(path_of(digest), content)
    if settings.ARCHIVE:
        copies.keep_copy(settings.ARCHIVE / "files", digest, content)
    media_type = rules.MEDIA_TYPES[rules.sniff(content) or "txt"]
    fresh = {"sm3": sm3_hex(content), "size": len(content), "media_type": media_type, "name": safe, "stored_at": at}
    with transaction.atomic():
        stored, is_new = StoredFile.objects.get_or_create(sha256=digest, defaults=fresh)
        if is_new:
            facts = {"sha256": digest, "sm3": stored.sm3, "size": stored.size}
            journal.record(code="documents.store", by=by, at=at, subject=Ref("file", digest), facts=facts)
    return stored


def _write(path: Path, content: bytes) -> None:
    if path.exists() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    os.replace(temporary, path)

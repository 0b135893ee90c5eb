"""Attachments of a record: contents are checked against their digests and stored, addresses are kept as names only.

Nothing is fetched from anywhere.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tradehall.crypto.digests import sha256_hex
from tradehall.documents import services as documents
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import Refusal
from tradehall.tenders.reports import Attachment, Finding


@dataclass(slots=True)
class Taken:
    stored: list[Attachment] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)


def take(stated: list[dict[str, str]], *, by: Actor, at: datetime) -> Taken:
    """Contents are judged before any is stored, so that a refused record leaves no file."""
    taken = Taken()
    contents = []
    for one in stated:
        encoded = one.get("content_base64")
        if encoded is None:
            taken.names.append(one["name"][:255])
            continue
        content = _content(one, encoded, taken.errors)
        if content is not None:
            contents.append((one["name"], content))
    if taken.errors:
        return taken
    for name, content in contents:
        _store(name, content, taken, by, at)
    return taken


def _content(one: Mapping[str, str], encoded: str, errors: list[Finding]) -> bytes | None:
    name = one["name"][:100]
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        errors.append(Finding("base64", f"附件 {name} 的 content_base64 不是 Base64", "attachments"))
        return None
    found = {"sha256": sha256_hex(content), "md5": hashlib.md5(content, usedforsecurity=False).hexdigest()}
    for kind, digest in found.items():
        stated = one.get(kind)
        if stated and stated.lower() != digest:
            message = f"附件 {name} 的内容与报送的 {kind} 不符，收到的内容是 {digest}"
            errors.append(Finding("digest", message, "attachments", stated[:100]))
    return content


def _store(name: str, content: bytes, taken: Taken, by: Actor, at: datetime) -> None:
    try:
        one = documents.store(content=content, name=name, by=by, at=at)
    except Refusal as refusal:
        taken.errors += [Finding(each.code, each.message, "attachments") for each in refusal.violations]
        return
    taken.stored.append(Attachment(name, one.sha256, one.sm3, one.size, one.media_type))

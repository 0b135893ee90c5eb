"""What an entry says, as bytes: canonical JSON with a salted commitment in place of the person.

Pure, so that set-based writers can build thousands of entries and COPY them. Refuses names and other personal data by
form only: what goes into `facts` is the act's responsibility.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import NamedTuple

from tradehall.crypto.merkle import leaf_hash
from tradehall.kernel.actor import Actor
from tradehall.kernel.canonical import canonical_json
from tradehall.kernel.ref import Ref

BEIJING_OFFSET = timezone(timedelta(hours=8))
_text = json.JSONEncoder(ensure_ascii=False).encode  # canonical JSON of a text, without looking whether it is one


class EntryRow(NamedTuple):
    """A row of `journal_entry`, in the order of `COLUMNS`."""

    code: str
    subject_kind: str
    subject_no: str
    subject_version: int | None
    at: datetime
    body: str
    leaf: bytes


COLUMNS = EntryRow._fields


def entry_time(at: datetime) -> str:
    """Always the same width: the size of an entry must not depend on the microsecond."""
    if at.tzinfo is None:
        raise ValueError("an entry needs a time with a zone")
    return at.astimezone(BEIJING_OFFSET).isoformat(timespec="microseconds")


def entry_salt(unsigned: str, salt: bytes) -> bytes:
    """The salt of one entry: giving it away opens this entry's actor and no other."""
    return hmac.digest(salt, unsigned.encode(), sha256)


def commitment(salt_of_entry: bytes, by: Actor) -> str:
    return hmac.digest(salt_of_entry, f"{by.kind}:{by.id}".encode(), sha256).hex()


def entry_body(
    *, code: str, by: Actor, at: datetime, subject: Ref, facts: Mapping[str, object], salt: bytes, blind: str = ""
) -> str:
    """Canonical JSON `{"act","at","by","facts","subject"}`; secret entries also carry a random `salt` (`blind`)."""
    head = f'{{"act":{_text(code)},"at":"{entry_time(at)}",'
    extra = f'"salt":"{blind}",' if blind else ""
    tail = f'"facts":{canonical_json(dict(facts)).decode()},{extra}"subject":{_text(str(subject))}}}'
    by_digest = commitment(entry_salt(head + tail, salt), by)
    return f'{head}"by":"{by_digest}",{tail}'


def entry_row(
    *, code: str, by: Actor, at: datetime, subject: Ref, facts: Mapping[str, object], salt: bytes
) -> EntryRow:
    body = entry_body(code=code, by=by, at=at, subject=subject, facts=facts, salt=salt)
    return EntryRow(code, subject.kind, subject.no, subject.version, at, body, leaf_hash(body.encode()))

"""Reads the sealed journal from its own position and puts into the outbox what goes to the national platform.

The rows and the position are one transaction: a reader that dies repeats a batch or nothing. One reader at a time.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tradehall.crypto.digests import sha256_hex
from tradehall.exchange.models import NationalMessage, NationalPosition, ProcessEvent
from tradehall.exchange.national import omitting, stating
from tradehall.exchange.national.statement import Omission, Statement, data_key
from tradehall.journal import selectors as journal
from tradehall.kernel.canonical import canonical_json
from tradehall.kernel.times import to_beijing

JOURNAL = "journal"
BATCH = 500


def read_all(at: datetime) -> int:
    """Everything sealed until now; returns how many messages it made."""
    made = 0
    while (done := _read(BATCH)) is not None:
        made += done
    return made + read_opened(at)


def read_opened(at: datetime) -> int:
    """Process events whose secrecy has ended: they have no public place in the journal, and go out now."""
    with transaction.atomic():
        position = _locked()
        known = NationalMessage.objects.filter(data_set="PROCESS_EVENT").values("version")
        due = ProcessEvent.objects.filter(is_secret=True, secret_until__lte=at).exclude(record__digest__in=known)
        rows = due.select_related("record").order_by("id")[:BATCH]
        made = [stating.opened(one.record, one.secret_until or at, position.position) for one in rows]
        return _keep(one for one in made if one is not None)


def behind() -> int:
    """Sealed entries not looked at yet."""
    found = NationalPosition.objects.filter(name=JOURNAL).first()
    return journal.last_position() - (found.position if found else 0)


def _read(size: int) -> int | None:
    """None when there was nothing to look at."""
    with transaction.atomic():
        own = _locked()
        entries = journal.entries_after(own.position, size)
        if not entries:
            return None
        made = _keep(stating.statements(entries))
        own.position = entries[-1].position
        own.save(update_fields=["position"])
    return made


def _locked() -> NationalPosition:
    NationalPosition.objects.get_or_create(name=JOURNAL)
    return NationalPosition.objects.select_for_update().get(name=JOURNAL)


def _keep(found: Iterable[Statement | Omission]) -> int:
    """A record and version is one message, in the place where it stands first."""
    omissions: list[Omission] = []
    made: dict[tuple[str, str], Statement] = {}
    for one in found:
        if isinstance(one, Omission):
            omissions.append(one)
        else:
            made.setdefault((one.data_key, one.version), one)
    keys = {one.data_key for one in omissions} | {key for key, _ in made}
    before = NationalMessage.objects.filter(data_key__in=keys).order_by("id")
    stated = list(before.values_list("data_key", "version", "project"))
    known, lanes = {(key, version) for key, version, _ in stated}, {key: project for key, _, project in stated}
    omitting.keep([one for one in omissions if (one.data_key, one.version) not in known])
    fresh = [one for name, one in made.items() if name not in known]
    NationalMessage.objects.bulk_create([_message(one, lanes.setdefault(one.data_key, one.project)) for one in fresh])
    omitting.end(fresh)
    return len(fresh)


def _message(one: Statement, project: str) -> NationalMessage:
    """`project`: that of the versions before it, so that a record that moved does not overtake itself."""
    body = body_of(one)
    now = timezone.now()
    return NationalMessage(
        message_no=f"N{secrets.token_hex(7)}", position=one.position, project=project[:300], line=one.data_set.line,
        data_set=one.data_set.name, data_key=one.data_key, version=one.version, digest=sha256_hex(body),
        body=body.decode(), is_deletion=one.is_deletion, stated_at=one.at, stated_on=to_beijing(one.at).date(),
        created_at=now, next_at=now, problem="",
    )  # fmt: skip


def body_of(one: Statement) -> bytes:
    """The JSON form: canonical bytes, so that the same record has one digest wherever it is computed."""
    return canonical_json(
        {
            "data_set": one.data_set.name,
            "data_key": one.data_key,
            "version": one.version,
            "is_deletion": one.is_deletion,
            "fields": {} if one.is_deletion else dict(one.fields),
            "attachments": [] if one.is_deletion else [_attachment(one.data_key, each) for each in one.attachments],
        }
    )


def _attachment(key: str, stated: object) -> dict[str, object]:
    assert isinstance(stated, dict)
    guid = data_key(key, str(stated["sha256"]), str(stated["name"]))
    return {"guid": guid, **{name: stated[name] for name in ("name", "sha256", "size", "media_type", "url")}}

"""What was made on this platform, in the words of the norm: notices as published, organisations, standings.

A kind for which the norm has no data set leaves an omission: it does not go out, and the desk says so.
"""

from collections.abc import Mapping
from functools import cache

from django.conf import settings

from tradehall.exchange.national import notices, wire
from tradehall.exchange.national.statement import (
    NO_DATA_SET,
    SYSTEM,
    Attachments,
    Omission,
    Statement,
    data_key,
    public,
    tail,
)
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.registry.shape import DataSet
from tradehall.journal.selectors import LogEntry
from tradehall.kernel.refusal import NotVisible
from tradehall.parties import selectors as parties

ORGANISATION = "LEGAL_PERSON_BASE"
REVOKED = "parties.revoke_standing"
Rendition = Mapping[str, object]


def native(entry: LogEntry, notice: Rendition | None) -> Statement | Omission | None:
    if notice is not None:
        return _notice(entry, notice)
    if entry.subject_kind == "organisation":
        return _organisation(entry)
    return _standing(entry) if entry.subject_kind == "standing" else None


def attachments_of(notice: Rendition | None) -> Attachments:
    stated = notice["attachments"] if notice is not None else []
    if notice is None or not isinstance(stated, list):
        return []
    folder = f"{settings.SITE_URL}/n/{notice['notice_no']}/v/{notice['version']}/files"
    return [{**one, "url": f"{folder}/{one['sha256']}"} for one in stated if isinstance(one, dict)]


@cache
def data_set_of_standing(kind: str) -> DataSet | None:
    return next((one for one in data_sets().values() if one.standing == kind), None)


def _notice(entry: LogEntry, notice: Rendition) -> Statement | Omission | None:
    number, line, kind = entry.subject_version or 1, str(notice["line"]), str(notice["kind"])
    one, key, version = notices.data_set_of(line, kind), data_key("notice", entry.subject_no), f"v{number}"
    if _system_of(notice) == SYSTEM:
        return None
    if one is None:
        return Omission(line, kind, NO_DATA_SET, key, version, entry.position)
    values = notices.values_of(one, notice, f"{settings.SITE_URL}/n/{entry.subject_no}/v/{number}")
    fields = wire.wire_fields(one, {**values, **tail(entry.at)})
    project, files = str(notice["project_no"]), attachments_of(notice)
    return Statement(one, key, version, project, fields, files, False, entry.position, entry.at)


def _organisation(entry: LogEntry) -> Statement:
    one, key = data_sets()[ORGANISATION], data_key("organisation", entry.subject_no)
    fields = wire.wire_fields(one, {**_party(entry.subject_no), **tail(entry.at)})
    version = f"v{entry.subject_version or 1}"
    return Statement(one, key, version, key, fields, [], False, entry.position, entry.at)


def _standing(entry: LogEntry) -> Statement | Omission | None:
    """Revoked, it is deleted there: what a system reported and took back is deleted the same way."""
    try:
        found = parties.standing(entry.subject_no, at=entry.at).standing
    except NotVisible:
        return None
    if found.source_system == SYSTEM:
        return None
    is_deletion = entry.code == REVOKED
    one, key = data_set_of_standing(found.kind), data_key("standing", entry.subject_no)
    version = "revoked" if is_deletion else "v1"
    if one is None:
        return Omission(found.line or "", found.kind, NO_DATA_SET, key, version, entry.position)
    values = {
        **found.details, "title": found.title, "reason": found.details.get("reason") or found.title,
        "party_name": found.party_name, "party_code": found.uscc, "party_type": "1" if found.uscc else None,
        "record_no": found.details.get("record_no") or found.standing_no, "publisher": found.publisher,
        "published_on": found.published_on.isoformat(), "basis": found.basis,
        "from_on": found.from_on and found.from_on.isoformat(), "until_on": found.until_on and found.until_on.isoformat(),
    }  # fmt: skip
    fields = wire.wire_fields(one, {**public(one, values), **tail(entry.at)})
    return Statement(one, key, version, key, fields, [], is_deletion, entry.position, entry.at)


def _system_of(notice: Rendition) -> str:
    source = notice["source"]
    return str(source.get("system")) if isinstance(source, dict) else ""


def _party(uscc: str) -> dict[str, object]:
    try:
        one = parties.organisation(uscc)
    except NotVisible:  # merged into another since
        return {"party_code": uscc}
    return {"party_name": one.name, "party_code": uscc, "region": one.district}

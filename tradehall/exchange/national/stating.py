"""What of the sealed journal goes out: for each public entry the record it is about, in the words of its data set.

What a system reported goes on as it was understood, what was made here as it was published. Left out: what came from the
national platform itself, kept records that are not public, and numbers of people (sealed in their column).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tradehall.exchange.envelope import DELETE
from tradehall.exchange.judging import FILES, NAMES
from tradehall.exchange.models import InboundRecord
from tradehall.exchange.national import notices, wire
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.registry.shape import DataSet
from tradehall.journal.selectors import LogEntry
from tradehall.kernel.masking import mask_personal
from tradehall.kernel.refusal import NotVisible
from tradehall.kernel.times import to_beijing
from tradehall.parties import selectors as parties
from tradehall.tenders import selectors as tenders

SYSTEM = "national"
SUBJECTS = ("notice", "standing", "organisation", "event")
ORGANISATION = "LEGAL_PERSON_BASE"
# The live session is for those who supervise it here; the rest are marks of ours.
_NOT_SENT = frozenset({"session_url", "session_until", FILES, NAMES})
# The name space of our DATA_KEYs: the same record has the same key for ever, on every host.
_SPACE = uuid.UUID("6f1b7a52-3b0e-5c7e-9a44-2f6f0d2f9c31")
Rendition = Mapping[str, object]
Attachments = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One version of one record, ready to be put in a package. `project`: what it is kept in order with."""

    data_set: DataSet
    data_key: str
    version: str
    project: str
    fields: Mapping[str, str]
    attachments: Attachments
    is_deletion: bool
    position: int
    at: datetime


def statements(entries: Sequence[LogEntry]) -> list[Statement]:
    """In the order of the journal; several for an entry that stands for several records."""
    public = [one for one in entries if one.subject_kind in SUBJECTS]
    rows = _rows(public)
    renditions = _renditions(public)
    found: list[Statement] = []
    for entry in public:
        notice = renditions.get((entry.subject_no, entry.subject_version or 1)) if _is_notice(entry) else None
        if entry.subject_kind == "notice" and notice is None:
            continue
        reported = [row for row in rows.get((entry.subject_kind, entry.subject_no), ()) if _is_about(row, entry)]
        if reported:
            found += [one for row in reported if (one := _reported(row, entry.position, entry.at, notice)) is not None]
        elif (made := _native(entry, notice)) is not None:
            found.append(made)
    return found


def opened(row: InboundRecord, at: datetime, position: int) -> Statement | None:
    """A process event whose secrecy is over."""
    return _reported(row, position, at, None)


def data_key(*parts: str) -> str:
    return str(uuid.uuid5(_SPACE, "\0".join(parts)))


def _is_notice(entry: LogEntry) -> bool:
    return entry.subject_kind == "notice"


def _rows(entries: Sequence[LogEntry]) -> dict[tuple[str, str], list[InboundRecord]]:
    subjects = {one.subject_no for one in entries}
    found: dict[tuple[str, str], list[InboundRecord]] = {}
    wanted = InboundRecord.objects.filter(subject_no__in=subjects, subject_kind__in=SUBJECTS).order_by("id")
    for row in wanted if subjects else ():
        found.setdefault((row.subject_kind, row.subject_no), []).append(row)
    return found


def _renditions(entries: Sequence[LogEntry]) -> dict[tuple[str, int], Rendition]:
    wanted = [(one.subject_no, one.subject_version or 1) for one in entries if _is_notice(one)]
    found = tenders.renditions(list(dict.fromkeys(wanted)))
    return {(str(one["notice_no"]), int(str(one["version"]))): one for one in found}


def _is_about(row: InboundRecord, entry: LogEntry) -> bool:
    return not _is_notice(entry) or row.subject_version == entry.subject_version


def _reported(row: InboundRecord, position: int, at: datetime, notice: Rendition | None) -> Statement | None:
    """As a system reported it, under a key made of the system and its own."""
    one = data_sets().get(row.data_set)
    if one is None or row.system == SYSTEM:
        return None
    values = {name: _public(one, name, value) for name, value in row.clean.items() if name not in _NOT_SENT}
    return Statement(
        one, data_key(row.system, row.data_key), row.digest, _project(row, notice),
        wire.wire_fields(one, {**values, **_tail(at)}), _attachments(notice), row.data_type == DELETE, position, at,
    )  # fmt: skip


def _public(data_set: DataSet, name: str, value: object) -> object:
    """Free text as pages show it, numbers of people hidden; sealed numbers are left out where the wire is written."""
    is_free = name in ("title", "reason") or any(one.name == name and one.base == "long" for one in data_set.fields)
    return mask_personal(value) if is_free and isinstance(value, str) else value


def _native(entry: LogEntry, notice: Rendition | None) -> Statement | None:
    version = f"v{entry.subject_version or 1}"
    if notice is not None:
        one = notices.data_set_of(str(notice["line"]), str(notice["kind"]))
        if one is None or _system_of(notice) == SYSTEM:
            return None
        href = f"{settings.SITE_URL}/n/{entry.subject_no}/v/{entry.subject_version or 1}"
        values = notices.values_of(one, notice, href)
        key, project = data_key("notice", entry.subject_no), str(notice["project_no"])
    elif entry.subject_kind == "organisation":
        one, values = data_sets()[ORGANISATION], _organisation(entry.subject_no)
        key = project = data_key("organisation", entry.subject_no)
    else:
        return None
    fields = wire.wire_fields(one, {**values, **_tail(entry.at)})
    return Statement(one, key, version, project, fields, _attachments(notice), False, entry.position, entry.at)


def _system_of(notice: Rendition) -> str:
    source = notice["source"]
    return str(source.get("system")) if isinstance(source, dict) else ""


def _organisation(uscc: str) -> dict[str, object]:
    try:
        one = parties.organisation(uscc)
    except NotVisible:  # merged into another since
        return {"party_code": uscc}
    return {"party_name": one.name, "party_code": uscc, "region": one.district}


def _tail(at: datetime) -> dict[str, object]:
    stamp = to_beijing(at).isoformat(timespec="seconds")
    return {
        "platform_code": settings.PLATFORM_CODE,
        "service_platform_code": settings.PLATFORM_CODE,
        "data_timestamp": stamp,
    }


def _project(row: InboundRecord, notice: Rendition | None) -> str:
    """Notices by the project they were joined to; what has no project by the party, or the project as claimed."""
    if notice is not None:
        return str(notice["project_no"])
    for name in ("tender_project_code", "project_code", "party_code", "unified_code", "lot_code"):
        if isinstance(row.clean.get(name), str) and row.clean[name]:
            return f"{row.system}/{row.clean[name]}"[:300]
    return f"{row.system}/{row.data_key}"


def _attachments(notice: Rendition | None) -> Attachments:
    stated = notice["attachments"] if notice is not None else []
    if notice is None or not isinstance(stated, list):
        return []
    folder = f"{settings.SITE_URL}/n/{notice['notice_no']}/v/{notice['version']}/files"
    return [{**one, "url": f"{folder}/{one['sha256']}"} for one in stated if isinstance(one, dict)]

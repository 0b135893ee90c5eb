"""What of the sealed journal goes out: for each entry the records it is about, in the words of their data sets.

What a system reported goes on as it was understood, what was made here as it was published. Left out: what came from the
national platform itself, what the registry holds back (`holding`), and numbers of people (sealed in their column).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tradehall.exchange.envelope import DELETE
from tradehall.exchange.judging import FILES, NAMES
from tradehall.exchange.models import InboundRecord
from tradehall.exchange.national import holding, wire
from tradehall.exchange.national.native import attachments_of, native
from tradehall.exchange.national.statement import (
    SYSTEM,
    UNKNOWN_SET,
    Omission,
    Statement,
    data_key,
    public,
    tail,
)
from tradehall.exchange.registry.load import data_sets
from tradehall.journal.selectors import LogEntry
from tradehall.tenders import selectors as tenders

SUBJECTS = ("notice", "standing", "organisation", "event", "message")
# The live session is for those who supervise it here; the rest are marks of ours.
_NOT_SENT = frozenset({"session_url", "session_until", FILES, NAMES})
Rendition = Mapping[str, object]
Found = Statement | Omission


def statements(entries: Sequence[LogEntry]) -> list[Found]:
    """In the order of the journal; several for an entry that stands for several records."""
    read = [one for one in entries if one.subject_kind in SUBJECTS]
    rows, renditions = _rows(read), _renditions(read)
    over = holding.results([row for some in rows.values() for row in some], renditions.values())
    found: list[Found] = []
    freed: set[str] = set()
    for entry in read:
        notice = renditions.get((entry.subject_no, entry.subject_version or 1)) if _is_notice(entry) else None
        if notice is None and _is_notice(entry):
            continue
        about = [row for row in rows.get((entry.subject_kind, entry.subject_no), ()) if _is_about(row, entry)]
        lots = holding.lots_over(about, notice, over) - freed
        freed |= lots
        let_go = [reported_as(row, entry.position, entry.at, None) for row in holding.freed(lots, over)]
        found += [one for one in (*let_go, *_about(entry, about, notice, over)) if one is not None]
    return found


def opened(row: InboundRecord, at: datetime, position: int) -> Statement | None:
    """A process event whose secrecy is over."""
    return reported_as(row, position, at, None)


def reported_as(row: InboundRecord, position: int, at: datetime, notice: Rendition | None) -> Statement | None:
    """As a system reported it, under a key made of the system and its own."""
    one = data_sets().get(row.data_set)
    if one is None or row.system == SYSTEM:
        return None
    values = public(one, {name: value for name, value in row.clean.items() if name not in _NOT_SENT})
    return Statement(
        one, data_key(row.system, row.data_key), row.digest, _project(row, notice),
        wire.wire_fields(one, {**values, **tail(at)}), attachments_of(notice), row.data_type == DELETE, position, at,
        row.pk,
    )  # fmt: skip


def _about(
    entry: LogEntry, rows: Sequence[InboundRecord], notice: Rendition | None, over: holding.Results
) -> list[Found | None]:
    """What was reported, or else what was made here."""
    return [_of(row, entry, notice, over) for row in rows] or [native(entry, notice)]


def _of(row: InboundRecord, entry: LogEntry, notice: Rendition | None, over: holding.Results) -> Found | None:
    one = data_sets().get(row.data_set)
    reason = UNKNOWN_SET if one is None else holding.reason(one, row, over)
    if row.system == SYSTEM or not reason:
        return reported_as(row, entry.position, entry.at, notice)
    return Omission(
        one.line if one else "", row.data_set, reason, data_key(row.system, row.data_key), row.digest, entry.position,
        holding.lot_of(row), row.pk,
    )  # fmt: skip


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


def _project(row: InboundRecord, notice: Rendition | None) -> str:
    """Notices by the project they were joined to; what has no project by the party, or the project as claimed."""
    if notice is not None:
        return str(notice["project_no"])
    for name in ("tender_project_code", "project_code", "party_code", "unified_code", "lot_code"):
        if isinstance(row.clean.get(name), str) and row.clean[name]:
            return f"{row.system}/{row.clean[name]}"[:300]
    return f"{row.system}/{row.data_key}"

"""Keeps one version of one native notice: its rendition, digests, lots and terms, and its entry in the journal.

The one place where native notices are written; it judges nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import connection

from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.documents import selectors as documents
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation
from tradehall.kernel.times import rfc3339, to_beijing
from tradehall.reference import places
from tradehall.tenders import numbers, rendition
from tradehall.tenders.models import Attempt, Lot, Notice, NoticeLot, Project, Term
from tradehall.tenders.reports import Attachment, Change, LotClaim, NoticeReport, ProjectClaim
from tradehall.tenders.rules import NoticePublished, Wording
from tradehall.tenders.services.native import access
from tradehall.tenders.timetable import Fixed

SYSTEM = "platform"
PUBLISH, CORRECT = "tenders.publish_notice", "tenders.correct_notice"
# Two-part advisory key: (this app, native numbers).
_NUMBERS = (7502, 2)


@dataclass(frozen=True, slots=True)
class Draft:
    """A judged notice, ready to be kept. `terms` are those this notice sets."""

    wording: Wording
    number: int
    lots: tuple[Lot, ...]
    attempts: tuple[Attempt, ...] = ()
    terms: tuple[Fixed, ...] = ()
    closes_at: datetime | None = None
    opens_at: datetime | None = None
    method: str | None = None
    classification: str | None = None
    nature: str = "normal"
    reason: str | None = None
    changes: tuple[Change, ...] = ()
    moved_from: datetime | None = None
    about: str | None = None


def publish(project: Project, draft: Draft, *, by: Actor, at: datetime) -> NoticePublished:
    """A new notice."""
    return _write(project, draft, by=by, at=at, notice_no=_next_notice_no(at), version=1)


def supersede(project: Project, draft: Draft, *, by: Actor, at: datetime, old: Notice) -> NoticePublished:
    """The next version of a notice; the old one stays as it was."""
    return _write(project, draft, by=by, at=at, notice_no=old.notice_no, version=old.version + 1)


def next_number(*, prefix: str, column: str, table: str) -> int:
    """One after the highest running number behind `prefix`; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", _NUMBERS)
        cursor.execute(
            f"select coalesce(max(substring({column} from %s)::bigint), 0) + 1 from {table}"
            f" where {column} >= %s and {column} < %s",
            (f"^{prefix}([0-9]+)$", prefix, prefix + "A"),
        )
        return int(cursor.fetchone()[0])


def stored(attachments: Sequence[Attachment]) -> dict[str, tuple[str, int]]:
    """The digests and sizes the file store knows."""
    found: dict[str, tuple[str, int]] = {}
    for one in attachments:
        try:
            known = documents.stored_file(one.sha256)
        except NotVisible:
            continue
        found[one.sha256] = (known.sm3, known.size)
    return found


def with_times(wording: Wording, dates: Mapping[str, datetime]) -> Wording:
    """The times readers of facts look for, beside the terms."""
    named = {"documents.from": "documents_from", "documents.until": "documents_until"}
    times = {fact: rfc3339(dates[moment]) for moment, fact in named.items() if moment in dates}
    return replace(wording, facts={**wording.facts, **times})


def attachment_violations(attachments: Sequence[Attachment], known: dict[str, tuple[str, int]]) -> list[Violation]:
    return [
        Violation("tenders.attachment", f"附件 {one.name} 不在文件库中，请先上传", f"attachments[{number}]")
        for number, one in enumerate(attachments)
        if known.get(one.sha256) != (one.sm3, one.size)
    ]


def _write(project: Project, draft: Draft, *, by: Actor, at: datetime, notice_no: str, version: int) -> NoticePublished:
    content = rendition.bytes_of(_rendition(project, draft, at, notice_no, version))
    notice = Notice.objects.create(
        notice_no=notice_no, version=version, project=project, attempt=draft.number, kind=draft.wording.kind,
        line=project.line, nature=draft.nature, origin="native", source_system=SYSTEM, about=draft.about,
        published_at=at, closes_at=draft.closes_at, recorded_at=at, rendition=content.decode(),
        digest_sha256=sha256_hex(content), digest_sm3=sm3_hex(content),
    )  # fmt: skip
    NoticeLot.objects.bulk_create([NoticeLot(notice=notice, lot=lot) for lot in draft.lots])
    Term.objects.bulk_create([_term(one, attempt, notice) for attempt in draft.attempts for one in draft.terms])
    facts = {
        "digest_sha256": notice.digest_sha256, "digest_sm3": notice.digest_sm3, "kind": notice.kind,
        "line": notice.line, "project_no": project.project_no,
    }  # fmt: skip
    code = PUBLISH if version == 1 else CORRECT
    journal.record(code=code, by=by, at=at, subject=Ref("notice", notice_no, version), facts=facts)
    return NoticePublished(notice_no, version, project.project_no)


def _rendition(project: Project, draft: Draft, at: datetime, notice_no: str, version: int) -> rendition.Rendition:
    wording = draft.wording
    report = NoticeReport(
        system=SYSTEM, source_name=settings.SITE_NAME, source_id=notice_no, source_digest="", kind=wording.kind,
        line=project.line, title=wording.title, published_at=to_beijing(at),
        project=ProjectClaim(project.title, project.code), nature=draft.nature, body=wording.body,
        attempt=draft.number, lots=tuple(_claim(lot) for lot in draft.lots), principal=access.principal_of(project),
        agency=access.agency_of(project), district=project.district, method=draft.method,
        classification=draft.classification, opens_at=draft.opens_at, closes_at=draft.closes_at,
        amount=wording.amount, amount_label=wording.amount_label, facts=wording.facts, changes=draft.changes,
        reason=draft.reason, attachments=wording.attachments,
    )  # fmt: skip
    given = rendition.Numbers(
        notice_no=notice_no, version=version, project_no=project.project_no, project_title=project.title,
        lot_nos=tuple(lot.lot_no for lot in draft.lots),
        district_name=places.full_name(project.district) if project.district else None,
        replaces=version - 1 or None, moved_from=rfc3339(draft.moved_from) if draft.moved_from else None,
        reported=False, terms=tuple(_shown(one) for one in sorted(draft.terms, key=lambda term: term.value_at)),
    )  # fmt: skip
    return rendition.build(report, given)


def _claim(lot: Lot) -> LotClaim:
    return LotClaim(lot.name, lot.source_no, lot.unified_code)


def _shown(term: Fixed) -> dict[str, object]:
    value = rendition.term(term.code, to_beijing(term.value_at), term.rule, term.was)
    return {**value, "label": term.label}


def _term(one: Fixed, attempt: Attempt, notice: Notice) -> Term:
    return Term(
        attempt=attempt, code=one.code, value_at=one.value_at, floor_at=one.floor_at, rule=one.rule,
        inputs=one.inputs, set_by=notice,
    )  # fmt: skip


def _next_notice_no(at: datetime) -> str:
    day = to_beijing(at).date()
    prefix = numbers.native_notice_no(day, 0)[: -len("000000")]
    return numbers.native_notice_no(day, next_number(prefix=prefix, column="notice_no", table="tenders_notice"))

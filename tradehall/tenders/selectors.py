"""Reads about projects and their notices. Everything returned about a notice is its published rendition.

No state is stored: what an attempt is in is derived here from acts and times. Originals are not read here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tradehall.kernel.refusal import NotVisible
from tradehall.tenders import matching, states
from tradehall.tenders.models import Attempt, Ending, Hold, Lot, LotFact, Notice, Project, ProjectMatch, Remedy, Term
from tradehall.tenders.reports import NoticeReport

Rendition = dict[str, object]


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    notice_no: str
    version: int
    recorded_at: datetime
    digest_sha256: str
    digest_sm3: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """Why a notice stands in its project, and whether that was undone."""

    notice_no: str
    kind: str
    made_at: datetime
    undone_at: datetime | None


def rendition(notice_no: str, version: int | None = None) -> Rendition:
    """The newest version, or exactly the one asked for."""
    found = Notice.objects.filter(notice_no=notice_no)
    row = (found.filter(version=version) if version is not None else found.order_by("-version")).first()
    if row is None:
        raise NotVisible(notice_no)
    return _read(row.rendition)


def renditions(wanted: Sequence[tuple[str, int]]) -> list[Rendition]:
    """Many versions in one statement, in the order asked for; what does not exist is missing from the answer."""
    nos, numbers = [no for no, _ in wanted], [version for _, version in wanted]
    sql = """select n.rendition from unnest(%s::text[], %s::int[]) with ordinality as w(no, version, ord)
        join tenders_notice n on n.notice_no = w.no and n.version = w.version order by w.ord"""
    with connection.cursor() as cursor:
        cursor.execute(sql, (nos, numbers))
        return [_read(text) for (text,) in cursor.fetchall()]


def source_systems(notice_nos: Sequence[str]) -> dict[str, str]:
    """Which system stated each notice, as its first version says."""
    found = Notice.objects.filter(notice_no__in=notice_nos, version=1)
    return dict(found.values_list("notice_no", "source_system"))


def versions(notice_no: str) -> list[NoticeVersion]:
    """Oldest first."""
    found = [_version(row) for row in Notice.objects.filter(notice_no=notice_no).order_by("version")]
    if not found:
        raise NotVisible(notice_no)
    return found


def version_of(notice_no: str, version: int) -> NoticeVersion:
    row = Notice.objects.filter(notice_no=notice_no, version=version).first()
    if row is None:
        raise NotVisible(notice_no)
    return _version(row)


def recorded_versions(project_nos: Sequence[str], kinds: Sequence[str] | None = None) -> list[tuple[str, int]]:
    """Every (notice_no, version) recorded under these projects, in that order; `kinds` keeps only those."""
    sql = """select notice_no, version from tenders_notice
        where project_id = any(%s) and (%s::text[] is null or kind = any(%s::text[])) order by id"""
    wanted = list(kinds) if kinds is not None else None
    with connection.cursor() as cursor:
        cursor.execute(sql, (list(project_nos), wanted, wanted))
        return [(no, version) for no, version in cursor.fetchall()]


def project(project_no: str) -> Project:
    found = Project.objects.filter(project_no=project_no).first()
    if found is None:
        raise NotVisible(project_no)
    return found


def project_notices(project_no: str) -> list[Rendition]:
    """The newest version of every notice that stands in the project now, by publication, then by arrival."""
    sql = """select rendition from (
        select distinct on (notice_no) project_id, published_at, rendition,
          min(id) over (partition by notice_no) as first_id
        from tenders_notice where notice_no in (select notice_no from tenders_notice where project_id = %s)
        order by notice_no, version desc) newest where project_id = %s order by published_at, first_id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, (project_no, project_no))
        return [_read(text) for (text,) in cursor.fetchall()]


def lot(no: str) -> Lot:
    """By our number or by the unified deal code."""
    found = Lot.objects.filter(lot_no=no).first() or Lot.objects.filter(unified_code=no).order_by("lot_no").first()
    if found is None:
        raise NotVisible(no)
    return found


def lots(project_no: str) -> list[Lot]:
    """The lots somebody named; the whole-project lot only when nothing else is known."""
    found = list(Lot.objects.filter(project_id=project_no).order_by("number"))
    return [one for one in found if one.number] or found


def lots_with_result(unified_codes: Sequence[str]) -> set[tuple[str, str]]:
    """(unified deal code, system) of those lots whose result that system published and did not withdraw.

    Only the latest attempt counts: what an earlier one came to says nothing about the one that is running.
    """
    sql = """select distinct l.unified_code, n.source_system from tenders_lot l
        join tenders_notice_lot x on x.lot_id = l.lot_no
        join tenders_notice n on n.id = x.notice_id and n.kind = 'result'
        where l.unified_code = any(%s)
          and n.attempt = (select max(a.number) from tenders_attempt a where a.lot_id = l.lot_no)
          and not exists (
            select 1 from tenders_notice w where w.notice_no = n.notice_no and w.version > n.version
              and (w.kind <> 'result' or w.nature = 'termination'))
          and n.nature <> 'termination'"""
    if not unified_codes:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(sql, (list(unified_codes),))
        return {(code, system) for code, system in cursor.fetchall()}


def lot_facts(lot_no: str) -> dict[str, LotFact]:
    """The newest fact of each code."""
    return {fact.code: fact for fact in LotFact.objects.filter(lot_id=lot_no).order_by("id")}


def attempts(project_no: str) -> list[Attempt]:
    return list(Attempt.objects.filter(lot__project_id=project_no).select_related("lot").order_by("number", "lot_id"))


def terms(attempt: Attempt) -> dict[str, Term]:
    """The term the newest notice set, by code."""
    return {term.code: term for term in Term.objects.filter(attempt=attempt).order_by("set_by_id")}


def ending(attempt: Attempt) -> Ending | None:
    return Ending.objects.filter(attempt=attempt).first()


def holds(attempt: Attempt, act: str, at: datetime) -> list[Hold]:
    """What stands in the way of `act` at `at`; every later act asks this and nothing else."""
    return _holds([attempt.pk], act, at)


def _holds(attempts: Sequence[int], act: str, at: datetime) -> list[Hold]:
    begun = Hold.objects.filter(attempt__in=attempts, from_at__lte=at).order_by("id")
    return [
        hold
        for hold in begun
        if (hold.released_at is None or hold.released_at > at) and ("*" in hold.blocks or act in hold.blocks)
    ]


def open_remedies(attempt: Attempt) -> list[Remedy]:
    return list(Remedy.objects.filter(attempt=attempt, done_at__isnull=True).order_by("id"))


def matches(project_no: str) -> list[Match]:
    rows = ProjectMatch.objects.filter(project_id=project_no).order_by("id")
    return [Match(row.notice_no, row.kind, row.made_at, row.undone_at) for row in rows]


def project_owner(report: NoticeReport) -> str | None:
    """The system that reported the project this report would join; None for a new one, "native" for one of our own."""
    return project_owners([report])[0]


def project_owners(reports: Sequence[NoticeReport]) -> list[str | None]:
    """The same for many, in one statement."""
    keyed = [matching.keys(report) for report in reports]
    sql = """select k.key, p.project_no, p.title, p.code, p.principal_name, p.district, coalesce(p.source_system, p.origin)
        from tenders_project_key k join tenders_project p on p.project_no = k.project_id where k.key = any(%s)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, (sorted({key.digest for keys in keyed for key in keys}),))
        found = {key: (matching.Known(*known), owner) for key, *known, owner in cursor.fetchall()}
    return [_owner(report, keys, found) for report, keys in zip(reports, keyed, strict=True)]


def _owner(
    report: NoticeReport, keys: Sequence[matching.Key], found: Mapping[str, tuple[matching.Known, str]]
) -> str | None:
    joined = (
        found[key.digest]
        for key in keys
        if key.digest in found and matching.may_join(found[key.digest][0], report, key.kind)
    )
    return next((owner for _, owner in joined), None)


def state(project_no: str, at: datetime) -> tuple[str, str, bool]:
    """(code, label, reported) of the project's latest attempt, from the facts alone."""
    return states.state_of(_facts(project_no, project_notices(project_no), at), at)


def chain(project_no: str, at: datetime) -> list[states.Step]:
    """The nine steps of a trade with what was announced of each; the step under way is marked."""
    return states.chain_of(_facts(project_no, project_notices(project_no), at), at)


def state_and_chain(
    project_no: str, notices: Sequence[Rendition], at: datetime
) -> tuple[tuple[str, str, bool], list[states.Step]]:
    """Both at once, for whoever has read `project_notices` already."""
    facts = _facts(project_no, notices, at)
    return states.state_of(facts, at), states.chain_of(facts, at)


def _facts(project_no: str, notices: Sequence[Rendition], at: datetime) -> states.Facts:
    last = max((int(str(notice["attempt"])) for notice in notices), default=1)
    origin, attempts, endings = _acts(project_no, last)
    return states.Facts(
        notices=tuple(notice for notice in notices if int(str(notice["attempt"])) == last),
        plans=tuple(notice for notice in notices if notice["stage"] == "plan"),
        is_reported=origin == "reported",
        ending=endings[0] if attempts and len(endings) == len(attempts) else None,
        is_suspended=bool(attempts and _holds(attempts, "*", at)),
    )


def _acts(project_no: str, number: int) -> tuple[str, list[int], list[str]]:
    """Where the project comes from, its attempts of this number, and how those of them ended that did."""
    sql = """select p.origin, a.id, e.kind from tenders_project p
        left join tenders_lot l on l.project_id = p.project_no
        left join tenders_attempt a on a.lot_id = l.lot_no and a.number = %s
        left join tenders_ending e on e.attempt_id = a.id where p.project_no = %s order by a.id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, (number, project_no))
        rows = cursor.fetchall()
    if not rows:
        raise NotVisible(project_no)
    return rows[0][0], [found for _, found, _ in rows if found], [kind for _, _, kind in rows if kind]


def _version(row: Notice) -> NoticeVersion:
    return NoticeVersion(
        row.notice_no, row.version, row.recorded_at, row.digest_sha256, row.digest_sm3, _reason(row.rendition)
    )


def _reason(text: str) -> str | None:
    reason = _read(text)["reason"]
    return reason if isinstance(reason, str) else None


def _read(text: str) -> Rendition:
    value: Rendition = json.loads(text)
    return value

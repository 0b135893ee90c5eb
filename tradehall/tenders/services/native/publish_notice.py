"""Publishing the first notices of a native trade: plan, pre-disclosure, prequalification, tender notice, invitation.

The first announcement of an attempt pins its definition, sets its terms and opens its round. Corrections, suspensions
and endings are acts of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tradehall.kernel.actor import Actor
from tradehall.kernel.money import Price
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.kernel.times import to_beijing
from tradehall.procedures import selectors as procedures
from tradehall.procedures.grades import with_grade
from tradehall.procedures.rules import Definition
from tradehall.tenders import rules, timetable
from tradehall.tenders.models import Attempt, Round
from tradehall.tenders.reports import Attachment, Block
from tradehall.tenders.rules import LINK_OF_KIND, NoticePublished, Wording
from tradehall.tenders.services.native import access, writing
from tradehall.tenders.services.native.access import Entered, Target

PLAN_KINDS = ("plan", "pre_disclosure")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants to publish."""

    wording: Wording
    dates: dict[str, datetime]
    method: str | None
    grade: str | None


@transaction.atomic
def publish_notice(
    *,
    by: Actor,
    at: datetime,
    project_no: str,
    definition_id: str,
    kind: str,
    title: str,
    body: Sequence[Block],
    dates: Mapping[str, datetime] | None = None,
    amount: Price | None = None,
    amount_label: str | None = None,
    facts: Mapping[str, object] | None = None,
    method: str | None = None,
    attachments: Sequence[Attachment] = (),
    grade: str | None = None,
    lot_nos: Sequence[str] | None = None,
) -> NoticePublished:
    """`dates` by the moments of the definition (documents.from, documents.until, bid_deadline, …) and `opening`."""
    entered = access.enter(project_no, by=by, at=at)
    targets = access.targets(entered.project, lot_nos)
    wording = Wording(kind, title.strip(), tuple(body), amount, amount_label, dict(facts or {}), tuple(attachments))
    proposal = Proposal(wording, {m: to_beijing(value) for m, value in (dates or {}).items()}, method, grade)
    definition = access.definition(definition_id, at)
    early = [
        *rules.kind_violations(definition, entered.project.line, kind),
        *rules.scope_violations(definition, entered.project.line, method, _classes(targets)),
        *rules.grade_violations(definition, grade),
        *rules.wording_violations(wording),
        *writing.attachment_violations(attachments, writing.stored(attachments)),
    ]
    refuse_if(early if any(one.field in ("kind", "grade") for one in early) else ())
    graded = with_grade(definition, grade) if grade else definition
    return _publish(entered, targets, graded, proposal, early, by=by, at=at)


def _publish(
    entered: Entered, targets: list[Target], definition: Definition, proposal: Proposal, early: list[Violation],
    *, by: Actor, at: datetime,
) -> NoticePublished:  # fmt: skip
    kind, link = proposal.wording.kind, LINK_OF_KIND[proposal.wording.kind]
    books, number = access.books(), _number(targets)
    dates = timetable.announced(link, at, proposal.dates, definition)
    moments = {**access.begun(entered.project, number), timetable.BEGINS[link]: at, **dates}
    conditions = timetable.priced(definition, rules.floor_price(proposal.wording))
    judgement = timetable.judged(definition, moments, books, conditions)
    refuse_if(
        [
            *_role_violations(entered, definition, kind),
            *early,
            *access.held(access.running(targets), writing.PUBLISH, at),
            *_order_violations(definition, targets, kind),
            *timetable.stated_violations(definition, link, at, dates, books),
            *judgement.refused,
        ]
    )
    terms = timetable.fix(definition, moments, tuple(dates), books, conditions)
    attempts = _attempts(targets, definition, proposal.grade, at) if rules.is_announcement(kind) else ()
    draft = writing.Draft(
        wording=writing.with_times(proposal.wording, dates), number=number, lots=tuple(one.lot for one in targets),
        attempts=attempts, terms=terms, closes_at=timetable.closing_of(link, dates),
        opens_at=dates.get(timetable.OPENING), method=definition.scope.method_code,
        classification=access.classification(targets),
    )  # fmt: skip
    published = writing.publish(entered.project, draft, by=by, at=at)
    _open_rounds(definition, kind, attempts, published, at)
    return NoticePublished(published.notice_no, published.version, published.project_no, judgement.noted)


def _classes(targets: Sequence[Target]) -> list[str]:
    codes = [rules.classification_of(one.lot.unified_code, one.facts.get("classification")) for one in targets]
    return [code for code in codes if code]


def _number(targets: Sequence[Target]) -> int:
    return max((one.attempt.number for one in targets if one.attempt), default=1)


def _role_violations(entered: Entered, definition: Definition, kind: str) -> list[Violation]:
    act = "planning.publish_plan" if kind in PLAN_KINDS else writing.PUBLISH
    allowed = rules.allowed_roles(definition, act)
    return rules.role_violations("发布公告", entered.roles, allowed, rules.definition_basis(definition))


def _order_violations(definition: Definition, targets: Sequence[Target], kind: str) -> list[Violation]:
    """What must or must not have happened to these lots before this notice."""
    if not rules.is_announcement(kind):
        return []
    found = rules.missing_facts(definition, {one.lot.lot_no: one.facts for one in targets})
    if len({one.attempt.number if one.attempt else 1 for one in targets}) > 1:
        found.append(Violation("tenders.mixed_attempts", "各标段处于不同次数的交易，请分别发布", "lot_nos"))
    for one in targets:
        found += _lot_order(definition, one, kind)
    return found


def _lot_order(definition: Definition, one: Target, kind: str) -> list[Violation]:
    if one.ending is not None:
        message = f"标段 {one.lot.lot_no} 的交易已终结（{one.ending.kind}）；请先重新开始一次"
        return [Violation("tenders.ended", message, "project_no", one.ending.basis)]
    if kind in one.announced:
        message = f"标段 {one.lot.lot_no} 本次交易已发布过这种公告；要改动请发布更正"
        return [Violation("tenders.already_announced", message, "kind")]
    first = next(link for link in definition.chain if link in timetable.DOCUMENTS_FROM)
    if LINK_OF_KIND[kind] != first and not one.announced:
        message = f"标段 {one.lot.lot_no} 还没有发布本次交易的首个公告"
        return [Violation("tenders.no_first_notice", message, "kind", rules.definition_basis(definition))]
    if one.announced and one.attempt and one.attempt.definition_id != definition.id:
        message = f"标段 {one.lot.lot_no} 本次交易已按 {one.attempt.definition_id} 办理，不能改用其他规则"
        return [Violation("tenders.pinned", message, "definition_id", rules.definition_basis(definition))]
    return []


def _attempts(
    targets: Sequence[Target], definition: Definition, grade: str | None, at: datetime
) -> tuple[Attempt, ...]:
    """The attempt of each lot, opened or pinned by its first announcement."""
    pin = {
        "definition_id": definition.id, "definition_version": definition.version,
        "definition_digest": procedures.digest(definition.id, definition.version), "grade": grade,
    }  # fmt: skip
    found = []
    for one in targets:
        if one.attempt is None:
            found.append(Attempt.objects.create(lot=one.lot, number=1, origin="native", opened_at=at, **pin))
            continue
        if not one.announced:
            Attempt.objects.filter(pk=one.attempt.pk).update(**pin)
        found.append(one.attempt)
    return tuple(found)


def _open_rounds(
    definition: Definition, kind: str, attempts: Sequence[Attempt], published: NoticePublished, at: datetime
) -> None:
    name = rules.round_after(definition, kind)
    if name is None:
        return
    opened = definition.round(name)
    source = str(Ref("notice", published.notice_no, published.version))
    for attempt in attempts:
        Round.objects.create(
            attempt=attempt, number=Round.objects.filter(attempt=attempt).count() + 1, kind=name, input_ref=source,
            admits=opened.admits, closes=opened.closes or "deadline", opened_at=at,
        )  # fmt: skip

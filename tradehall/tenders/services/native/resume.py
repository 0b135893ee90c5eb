"""Resuming a trade: holds are released, and every term still to come is moved by the time it stood still."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.periods import Suspension
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.kernel.times import format_minute, rfc3339, to_beijing
from tradehall.procedures.rules import Definition
from tradehall.tenders import revising, rules, timetable
from tradehall.tenders.kinds import kind_label
from tradehall.tenders.models import Hold
from tradehall.tenders.rules import LINK_OF_KIND, NoticePublished, Wording
from tradehall.tenders.services.native import access, writing
from tradehall.tenders.services.native.access import Target
from tradehall.tenders.services.native.suspend import EVERY_ACT, paragraphs
from tradehall.tenders.timetable import Fixed

ACT = "tenders.resume"


@transaction.atomic
def resume(
    *,
    by: Actor,
    at: datetime,
    project_no: str,
    reason: str,
    dates: Mapping[str, datetime] | None = None,
    lot_nos: Sequence[str] | None = None,
) -> NoticePublished:
    """`dates` may set later times than the law computes, never earlier ones."""
    entered = access.enter(project_no, by=by, at=at)
    targets, holds = _still(access.targets(entered.project, lot_nos))
    refuse_if(access.not_running(targets))
    attempts = access.running(targets)
    definition = access.pinned(attempts[0])
    stated = {moment: to_beijing(value) for moment, value in (dates or {}).items()}
    terms = access.fixed_terms(attempts[0])
    moved, early = _carry(definition, terms, holds, stated, at)
    link = _link(targets)
    refuse_if(
        [
            *_role_violations(definition, entered.roles, holds),
            *rules.text_violations(reason, "reason", "恢复原因"),
            *_hold_violations(holds, at),
            *access.mixed_terms(attempts),
            *early,
            *timetable.unknown_violations(definition, set(terms), stated),
            *timetable.hours_violations(definition, link, moved, access.books()),
        ]
    )
    Hold.objects.filter(pk__in=[hold.pk for hold in holds]).update(released_at=at)
    draft = _draft(targets, definition, terms, moved, holds, reason.strip(), at)
    published = writing.publish(entered.project, draft, by=by, at=at)
    facts = {"attempt": attempts[0].number, "lots": len(attempts), "notice_no": published.notice_no}
    journal.record(code=ACT, by=by, at=at, subject=Ref("project", project_no), facts=facts)
    return published


def _still(targets: Sequence[Target]) -> tuple[list[Target], list[Hold]]:
    """The lots that stand still and what keeps them; holds on single acts belong to the stage that ordered them."""
    attempts = access.running(targets)
    found = Hold.objects.filter(attempt__in=attempts, released_at__isnull=True).order_by("id")
    holds = [hold for hold in found if EVERY_ACT in hold.blocks]
    held = {hold.attempt_id for hold in holds}
    still = [one for one in targets if one.is_running and one.attempt is not None and one.attempt.pk in held]
    return still or list(targets), holds


def _link(targets: Sequence[Target]) -> str:
    """The link whose notice is the newest the lots were announced with."""
    kinds = {kind for one in targets for kind in one.announced}
    order = ("invitation", "tender_notice", "prequalification_notice")
    return LINK_OF_KIND[next(kind for kind in order if kind in kinds)]


def _role_violations(definition: Definition, roles: frozenset[str], holds: Sequence[Hold]) -> list[Violation]:
    allowed = rules.allowed_roles(definition, ACT)
    if any(hold.ordered_by.startswith("supervisor:") for hold in holds):
        allowed = ("supervisor",)
    return rules.role_violations("恢复交易", roles, allowed, rules.definition_basis(definition))


def _hold_violations(holds: Sequence[Hold], at: datetime) -> list[Violation]:
    if not holds:
        return [Violation("tenders.not_held", "交易没有暂停，不需要恢复；没有保存任何内容", "project_no")]
    last = max(hold.from_at for hold in holds)
    if at <= last:
        return [Violation("tenders.resume_time", f"恢复时间应晚于暂停时间 {format_minute(last)}", "at")]
    return []


def _carry(
    definition: Definition, terms: Mapping[str, Fixed], holds: Sequence[Hold], stated: Mapping[str, datetime],
    at: datetime,
) -> tuple[dict[str, datetime], list[Violation]]:  # fmt: skip
    if not holds or at <= max(hold.from_at for hold in holds):
        return {}, []
    # Several holds over the same days stop the clock once.
    stop = Suspension(min(hold.from_at for hold in holds), at)
    moved, refused = timetable.carried_over(definition, terms, [stop], access.books(), stated)
    for link in ("prequal_notice", "notice"):
        moved = timetable.follow_opening(definition, link, moved, stated)
    return moved, refused


def _draft(
    targets: Sequence[Target], definition: Definition, terms: Mapping[str, Fixed], moved: Mapping[str, datetime],
    holds: Sequence[Hold], reason: str, at: datetime,
) -> writing.Draft:  # fmt: skip
    running = [one for one in targets if one.attempt is not None and one.is_running]
    attempts = tuple(one.attempt for one in running if one.attempt is not None)
    old = {moment: term.value_at for moment, term in terms.items()}
    link, project = _link(targets), attempts[0].lot.project
    was, now = timetable.closing_of(link, old), timetable.closing_of(link, {**old, **moved})
    since = min(hold.from_at for hold in holds)
    lines = [f"{project.title}自 {format_minute(since)} 起暂停，现予恢复。", f"恢复原因：{reason}"]
    lines += [
        f"{timetable.label_of(m)}调整为 {format_minute(value)}。" for m, value in moved.items() if value != old[m]
    ]
    title = f"{project.title}{kind_label(project.line, 'resumption')}"
    plain = Wording("resumption", title, paragraphs(*lines), facts={"cause": reason})
    return writing.Draft(
        wording=plain, number=attempts[0].number, lots=tuple(one.lot for one in running), attempts=attempts,
        terms=tuple(_term(terms[moment], value, since, at) for moment, value in moved.items()), closes_at=now,
        opens_at=moved.get(timetable.OPENING), method=definition.scope.method_code,
        classification=access.classification(targets),
        changes=revising.changes(plain, plain, old, {**old, **moved}), moved_from=was if was != now else None,
    )  # fmt: skip


def _term(old: Fixed, value: datetime, stopped_at: datetime, resumed_at: datetime) -> Fixed:
    """The rule stays; the stop is one more thing anybody needs to compute it again."""
    stops = [[rfc3339(to_beijing(stopped_at)), rfc3339(to_beijing(resumed_at))]]
    inputs = {**old.inputs, "was": rfc3339(old.value_at), "suspensions": stops}
    return replace(old, value_at=value, inputs=inputs, was=old.value_at)

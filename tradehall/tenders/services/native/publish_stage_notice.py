"""The notice a later stage hands down about its record (opening, candidates, result, contract, acceptance).

The stage decides and keeps the record; this only announces it: whether the trade stands, who acts, lawful dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from tradehall.kernel.actor import Actor
from tradehall.kernel.money import Price
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.kernel.times import format_minute, rfc3339, to_beijing
from tradehall.procedures.rules import Definition
from tradehall.tenders import rules, timetable
from tradehall.tenders.kinds import kind_label
from tradehall.tenders.reports import Attachment, Block
from tradehall.tenders.rules import STAGE_KINDS, NoticePublished, Wording
from tradehall.tenders.services.native import access, writing
from tradehall.tenders.services.native.access import Entered, Target

# The moment that begins with the notice, and the facts in which readers look for the times of a review.
BEGINS: Final[dict[str, str]] = {
    "opening_record": "opening_record.published",
    "candidates": "candidates.published",
    "result": "result.published",
    "contract": "contract.published",
    "acceptance": "acceptance.published",
}
ENDS: Final = ("review.ends", "result_notice.ends")
# What is announced of an opening or a result presupposes that nobody can take part any more.
AFTER_CLOSING: Final = frozenset(STAGE_KINDS) - {"prequalification_result", "complaint_decision"}


@transaction.atomic
def publish_stage_notice(
    *,
    by: Actor,
    at: datetime,
    project_no: str,
    kind: str,
    about: Ref,
    title: str,
    body: Sequence[Block],
    dates: Mapping[str, datetime] | None = None,
    amount: Price | None = None,
    amount_label: str | None = None,
    facts: Mapping[str, object] | None = None,
    attachments: Sequence[Attachment] = (),
    lot_nos: Sequence[str] | None = None,
) -> NoticePublished:
    """`dates` by the moments of the definition, e.g. `review.ends` of a publicity of candidates."""
    entered = access.enter(project_no, by=by, at=at)
    targets = access.targets(entered.project, lot_nos)
    refuse_if(access.not_running(targets))
    definition = access.pinned(access.running(targets)[0])
    stated = {moment: to_beijing(value) for moment, value in (dates or {}).items()}
    times = _review_times(kind, stated, at)
    known = {**(facts or {}), **times, "about_record": about.no}
    wording = Wording(kind, title.strip(), tuple(body), amount, amount_label, known, tuple(attachments))
    return _publish(entered, targets, definition, wording, stated, about, by=by, at=at)


def _publish(
    entered: Entered, targets: Sequence[Target], definition: Definition, wording: Wording,
    dates: Mapping[str, datetime], about: Ref, *, by: Actor, at: datetime,
) -> NoticePublished:  # fmt: skip
    attempts, books = access.running(targets), access.books()
    begins = {BEGINS[wording.kind]: at} if wording.kind in BEGINS else {}
    moments = {**begins, **dates}
    judgement = timetable.judged(definition, moments, books)
    refuse_if(
        [
            *_kind_violations(definition, entered.project.line, wording.kind),
            *_role_violations(definition, entered),
            *access.held(attempts, writing.PUBLISH, at),
            *_too_soon(targets, wording.kind, at),
            *rules.wording_violations(wording),
            *writing.attachment_violations(wording.attachments, writing.stored(wording.attachments)),
            *timetable.unknown_violations(definition, set(definition.produced()), dates),
            *timetable.missing_violations(definition, _required(definition, wording.kind), dates),
            *timetable.past_violations(at, {m: v for m, v in dates.items() if m in ENDS}),
            *judgement.refused,
        ]
    )
    draft = writing.Draft(
        wording=wording, number=attempts[0].number, lots=tuple(one.lot for one in targets if one.is_running),
        attempts=tuple(attempts), terms=timetable.fix(definition, moments, tuple(dates), books),
        method=definition.scope.method_code, classification=access.classification(targets), about=str(about)[:100],
    )  # fmt: skip
    return replace(writing.publish(entered.project, draft, by=by, at=at), noted=judgement.noted)


def _kind_violations(definition: Definition, line: str, kind: str) -> list[Violation]:
    if kind not in STAGE_KINDS:
        return [Violation("tenders.kind", f"不能以环节记录发布这种公告：{kind[:40]}", "kind")]
    if any(one.kind == kind for one in definition.law.publications):
        return []
    message = f"{definition.title}不发布{kind_label(line, kind)}"
    return [Violation("tenders.kind", message, "kind", rules.definition_basis(definition))]


def _role_violations(definition: Definition, entered: Entered) -> list[Violation]:
    allowed = rules.allowed_roles(definition, writing.PUBLISH)
    if entered.roles & {"platform", "supervisor"}:
        return []
    return rules.role_violations("发布公告", entered.roles, allowed, rules.definition_basis(definition))


def _required(definition: Definition, kind: str) -> tuple[str, ...]:
    """The end of a publicity some rule gives a least length to, when that rule refuses."""
    start = BEGINS.get(kind)
    wanted = (p for p in definition.law.periods if p.from_ == start and p.to in ENDS and p.min is not None)
    return tuple(dict.fromkeys(p.to for p in wanted if p.breach == "refuse" and not p.provisional))


def _too_soon(targets: Sequence[Target], kind: str, at: datetime) -> list[Violation]:
    if kind not in AFTER_CLOSING:
        return []
    terms = access.fixed_terms(access.running(targets)[0])
    closing = timetable.closing_of("notice", {moment: term.value_at for moment, term in terms.items()})
    if closing is None or at >= closing:
        return []
    due = format_minute(closing)
    return [Violation("tenders.too_soon", f"截止时间 {due} 之前不能发布这种公告", "kind", "平台规则", due)]


def _review_times(kind: str, dates: Mapping[str, datetime], at: datetime) -> dict[str, object]:
    ends = next((dates[moment] for moment in ENDS if moment in dates), None)
    if ends is None or kind not in BEGINS:
        return {}
    return {"review_from": rfc3339(to_beijing(at)), "review_until": rfc3339(ends)}

"""Correcting a published notice: the next version of the same notice, with a reason and everything that changed.

The old version stays. A correction that affects bids moves the deadline when the law asks for it, and never forward.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from tradehall.kernel.actor import Actor
from tradehall.kernel.money import Price
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if
from tradehall.kernel.times import format_minute, to_beijing
from tradehall.procedures.rules import Definition
from tradehall.procedures.vocabulary import PRODUCES
from tradehall.tenders import revising, rules, selectors, timetable
from tradehall.tenders.models import Attempt, Notice, NoticeLot
from tradehall.tenders.reports import Attachment, Block
from tradehall.tenders.rules import LINK_OF_KIND, NoticePublished, Wording
from tradehall.tenders.services.native import access, writing
from tradehall.tenders.services.native.access import Entered, Target
from tradehall.tenders.timetable import Fixed

# The moment a correction leaves, and the situation in which the law counts from it.
CORRECTED = {"prequal_notice": "prequal_correction.published"}
WEIGHED = {True: "可能影响投标（响应）文件编制", False: "不影响投标（响应）文件编制"}
AFFECTS = {"prequal_notice": frozenset({"affects_bids", "application_changed"})}


@dataclass(frozen=True, slots=True)
class Revision:
    """What the next version says, and the dates it changes."""

    old: Wording
    new: Wording
    reason: str
    affects_bids: bool
    stated: dict[str, datetime]


@dataclass(frozen=True, slots=True)
class Dated:
    """The dates before and after, the terms to keep, and what the rules said."""

    old: dict[str, datetime]
    new: dict[str, datetime]
    terms: tuple[Fixed, ...]
    refused: list[Violation]
    noted: tuple[Violation, ...]


@transaction.atomic
def correct_notice(
    *,
    by: Actor,
    at: datetime,
    notice_no: str,
    reason: str,
    affects_bids: bool,
    title: str | None = None,
    body: Sequence[Block] | None = None,
    dates: Mapping[str, datetime] | None = None,
    amount: Price | None = None,
    amount_label: str | None = None,
    facts: Mapping[str, object] | None = None,
    attachments: Sequence[Attachment] | None = None,
) -> NoticePublished:
    """What is None stays as it was. `facts` are laid over the old ones; a fact given as None is taken out."""
    old = newest(notice_no)
    entered = access.enter(old.project_id, by=by, at=at)
    before = revising.wording_of(selectors.rendition(notice_no, old.version))
    after = Wording(
        kind=before.kind, title=before.title if title is None else title.strip(),
        body=before.body if body is None else tuple(body), amount=amount or before.amount,
        amount_label=amount_label or before.amount_label, facts=_laid_over(before.facts, facts or {}),
        attachments=before.attachments if attachments is None else tuple(attachments),
    )  # fmt: skip
    stated = {moment: to_beijing(value) for moment, value in (dates or {}).items()}
    return _correct(entered, old, Revision(before, after, reason.strip(), affects_bids, stated), by=by, at=at)


def newest(notice_no: str) -> Notice:
    """The newest version of a native notice."""
    found = Notice.objects.filter(notice_no=notice_no, origin="native").order_by("-version").first()
    if found is None:
        raise NotVisible(notice_no)
    return found


def targets_of(entered: Entered, notice: Notice) -> list[Target]:
    named = NoticeLot.objects.filter(notice=notice).order_by("lot_id")
    return access.targets(entered.project, list(named.values_list("lot_id", flat=True)))


def _correct(entered: Entered, old: Notice, revision: Revision, *, by: Actor, at: datetime) -> NoticePublished:
    targets = targets_of(entered, old)
    running = [one for one in access.running(targets) if one.number == old.attempt]
    attempts = tuple(running) if rules.is_announcement(old.kind) else ()
    definition = access.pinned(attempts[0]) if attempts else None
    dated = _dated(definition, entered, old, attempts, revision, at)
    changes = revising.changes(revision.old, revision.new, dated.old, dated.new)
    refuse_if(
        [
            *_role_violations(definition, entered),
            *_state_violations(old, attempts, dated, at),
            *access.mixed_terms(attempts),
            *access.held(attempts, writing.CORRECT, at),
            *rules.text_violations(revision.reason, "reason", "更正原因"),
            *rules.wording_violations(revision.new),
            *writing.attachment_violations(revision.new.attachments, writing.stored(revision.new.attachments)),
            *([] if changes else [Violation("tenders.no_change", "没有任何改动；没有保存", "changes")]),
            *dated.refused,
        ]
    )
    link = LINK_OF_KIND[old.kind]
    was, now = timetable.closing_of(link, dated.old), timetable.closing_of(link, dated.new)
    draft = writing.Draft(
        wording=writing.with_times(revision.new, dated.new), number=old.attempt,
        lots=tuple(one.lot for one in targets), attempts=attempts, terms=dated.terms, closes_at=now,
        opens_at=dated.new.get(timetable.OPENING), method=definition.scope.method_code if definition else None,
        classification=access.classification(targets), nature="correction", reason=_reason(definition, revision),
        changes=changes, moved_from=was if was != now else None,
    )  # fmt: skip
    published = writing.supersede(entered.project, draft, by=by, at=at, old=old)
    return replace(published, noted=dated.noted)


def _dated(
    definition: Definition | None, entered: Entered, old: Notice, attempts: Sequence[Attempt], revision: Revision,
    at: datetime,
) -> Dated:  # fmt: skip
    """Dates before and after, judged; a plan has none that a correction could change."""
    if definition is None:
        message = "这个公告的时间不能更正：计划类公告请撤回后重新发布，已终结的交易请重新开始"
        refused = [Violation("tenders.date_unknown", message, moment) for moment in revision.stated]
        return Dated({}, {}, (), refused, ())
    link, books = LINK_OF_KIND[old.kind], access.books()
    terms = terms_of(attempts[0], link)
    before = {moment: term.value_at for moment, term in terms.items()}
    after = timetable.follow_opening(definition, link, {**before, **revision.stated}, revision.stated)
    conditions = timetable.priced(definition, rules.floor_price(revision.new))
    if revision.affects_bids:
        conditions |= AFFECTS.get(link, frozenset({"affects_bids"}))
    moments = {**access.begun(entered.project, old.attempt), **after, CORRECTED.get(link, "correction.published"): at}
    judgement = timetable.judged(definition, moments, books, conditions)
    moves, refused = timetable.moved(judgement, revision.stated)
    after = timetable.follow_opening(definition, link, {**after, **moves}, revision.stated)
    refused += judgement.refused
    refused += timetable.unknown_violations(definition, timetable.announceable(definition, link), revision.stated)
    refused += timetable.past_violations(at, {m: v for m, v in revision.stated.items() if before.get(m) != v})
    refused += timetable.hours_violations(definition, link, after, books)
    refused += timetable.earlier_violations(before, after, timetable.CLOSES[link])
    changed = tuple(moment for moment, value in after.items() if before.get(moment) != value)
    fixed = timetable.fix(definition, {**moments, **after}, changed, books, conditions, before)
    kept = tuple(term for moment, term in terms.items() if moment not in changed)
    return Dated(before, after, (*kept, *fixed), refused, judgement.noted)


def _reason(definition: Definition | None, revision: Revision) -> str:
    """Whether it affects bids is the publisher's decision, and public: the deadline hangs on it."""
    return f"{revision.reason}（{WEIGHED[revision.affects_bids]}）" if definition else revision.reason


def terms_of(attempt: Attempt, link: str) -> dict[str, Fixed]:
    """The terms in force that belong to a link of the chain; none of another announcement of the same attempt."""
    found = access.fixed_terms(attempt)
    return {moment: term for moment, term in found.items() if moment in (*PRODUCES[link], timetable.OPENING)}


def _role_violations(definition: Definition | None, entered: Entered) -> list[Violation]:
    if definition is None:
        return rules.role_violations("更正公告", entered.roles, ("principal", "agency"))
    allowed = rules.allowed_roles(definition, writing.CORRECT)
    return rules.role_violations("更正公告", entered.roles, allowed, rules.definition_basis(definition))


def _state_violations(old: Notice, attempts: Sequence[Attempt], dated: Dated, at: datetime) -> list[Violation]:
    if old.kind not in LINK_OF_KIND:
        return [Violation("tenders.kind", "这种公告不能更正，请由所在环节重新发布", "notice_no")]
    if old.nature == "termination":
        return [Violation("tenders.withdrawn", "公告已经撤回，不能更正", "notice_no")]
    if not rules.is_announcement(old.kind):
        return []
    if not attempts:
        return [Violation("tenders.ended", "公告所属的这次交易已终结，不能更正", "notice_no")]
    closing = timetable.closing_of(LINK_OF_KIND[old.kind], dated.old)
    if closing is not None and at >= closing:
        message = f"已过截止时间 {format_minute(closing)}，不能再更正公告"
        return [Violation("tenders.closed", message, "notice_no", "平台规则")]
    return []


def _laid_over(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    merged = {**old, **new}
    return {key: value for key, value in merged.items() if value is not None}

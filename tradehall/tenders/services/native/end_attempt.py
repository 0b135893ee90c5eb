"""Ending an attempt without a deal (流标, 废标, 终止, 无效): once, with its cause and basis, and the notice that says so."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.kernel.times import format_minute
from tradehall.procedures.periods import CLOSINGS
from tradehall.procedures.rules import Definition
from tradehall.tenders import rules
from tradehall.tenders.kinds import kind_label
from tradehall.tenders.models import Attempt, Ending
from tradehall.tenders.rules import KIND_OF_ENDING, NoticePublished, Wording
from tradehall.tenders.services.native import access, writing
from tradehall.tenders.services.native.suspend import paragraphs
from tradehall.tenders.timetable import Fixed

ACT = "tenders.end_attempt"


@transaction.atomic
def end_attempt(
    *,
    by: Actor,
    at: datetime,
    project_no: str,
    kind: str,
    cause: str,
    basis: str | None = None,
    lot_nos: Sequence[str] | None = None,
) -> NoticePublished:
    """Without `basis`, the one the definition names for this ending. A trade that stands still may be ended."""
    entered = access.enter(project_no, by=by, at=at)
    targets = access.targets(entered.project, lot_nos)
    refuse_if(access.not_running(targets))
    attempts = access.running(targets)
    definition = access.pinned(attempts[0])
    refuse_if(
        [
            *_role_violations(definition, entered.roles, kind),
            *rules.ending_violations(definition, kind),
            *rules.text_violations(cause, "cause", "原因"),
            *_too_soon(definition, [access.fixed_terms(one) for one in attempts], kind, at),
        ]
    )
    named = (basis or rules.failures_of(definition, kind)[0].basis).strip()
    _end(attempts, kind, cause.strip(), named, at)
    project, notice_kind = entered.project, KIND_OF_ENDING[kind]
    body = paragraphs(
        f"{project.title}第{attempts[0].number}次交易{kind}。", f"原因：{cause.strip()}", f"依据：{named}"
    )
    facts: dict[str, object] = {"ending": kind, "cause": cause.strip(), "basis": named}
    draft = writing.Draft(
        wording=Wording(notice_kind, f"{project.title}{kind_label(project.line, notice_kind)}", body, facts=facts),
        number=attempts[0].number, lots=tuple(one.lot for one in targets if one.is_running),
        method=definition.scope.method_code, classification=access.classification(targets),
    )  # fmt: skip
    published = writing.publish(project, draft, by=by, at=at)
    left = {"attempt": attempts[0].number, "ending": kind, "lots": len(attempts), "notice_no": published.notice_no}
    journal.record(code=ACT, by=by, at=at, subject=Ref("project", project_no), facts=left)
    return published


def _role_violations(definition: Definition, roles: frozenset[str], kind: str) -> list[Violation]:
    """Only a supervisor may declare a deal void besides those who publish (条例81 and the like)."""
    allowed = rules.allowed_roles(definition, ACT)
    if kind == "无效":
        allowed = (*allowed, "supervisor")
    return rules.role_violations("终结本次交易", roles, allowed, rules.definition_basis(definition))


def _too_soon(definition: Definition, terms: Sequence[Mapping[str, Fixed]], kind: str, at: datetime) -> list[Violation]:
    """An ending that presupposes the closing cannot come before it."""
    if kind not in rules.ENDINGS:
        return []
    failures = rules.failures_of(definition, kind)
    closings = [closing for closing in (_first_closing(one) for one in terms) if closing is not None]
    if not failures or not closings or any(one.at is None for one in failures) or at >= max(closings):
        return []
    due = format_minute(max(closings))
    return [Violation("tenders.too_soon", f"截止时间 {due} 之前不能{kind}", "kind", failures[0].basis, due)]


def _first_closing(terms: Mapping[str, Fixed]) -> datetime | None:
    """Of one lot: after a failed prequalification nobody waits for the bids."""
    found = [term.value_at for moment, term in terms.items() if moment in CLOSINGS and moment != "listing.from"]
    return min(found, default=None)


def _end(attempts: Sequence[Attempt], kind: str, cause: str, basis: str, at: datetime) -> None:
    Ending.objects.bulk_create(
        [Ending(attempt=one, kind=kind, cause=cause, basis=basis[:200], at=at) for one in attempts]
    )

"""Suspending a trade: a hold on every act of every running attempt, and the notice that says so."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import refuse_if
from tradehall.tenders import rules
from tradehall.tenders.kinds import kind_label
from tradehall.tenders.models import Attempt, Hold
from tradehall.tenders.reports import Block
from tradehall.tenders.rules import NoticePublished, Wording
from tradehall.tenders.services.native import access, writing

ACT = "tenders.suspend"
EVERY_ACT = "*"
# Who ordered it, when somebody holds several roles: the strongest.
_ORDER = ("supervisor", "principal", "agency")


@transaction.atomic
def suspend(
    *, by: Actor, at: datetime, project_no: str, reason: str, basis: str, lot_nos: Sequence[str] | None = None
) -> NoticePublished:
    """Everything stands still until `resume`; what was ordered by a supervisor only a supervisor releases."""
    entered = access.enter(project_no, by=by, at=at)
    targets = access.targets(entered.project, lot_nos)
    attempts = access.running(targets)
    refuse_if(access.not_running(targets))
    definition = access.pinned(attempts[0])
    allowed = rules.allowed_roles(definition, ACT)
    refuse_if(
        [
            *rules.role_violations("暂停交易", entered.roles, allowed, rules.definition_basis(definition)),
            *rules.text_violations(reason, "reason", "暂停原因"),
            *rules.text_violations(basis, "basis", "依据"),
            *access.held(attempts, ACT, at),
        ]
    )
    _hold(attempts, ordered_by(entered.roles, allowed, by), reason.strip(), basis.strip(), at)
    project = entered.project
    body = paragraphs(f"{project.title}自本公告发布时起暂停。", f"暂停原因：{reason.strip()}", f"依据：{basis.strip()}")
    facts: dict[str, object] = {"cause": reason.strip(), "basis": basis.strip()}
    title = f"{project.title}{kind_label(project.line, 'suspension')}"
    draft = writing.Draft(
        wording=Wording("suspension", title, body, facts=facts), number=attempts[0].number,
        lots=tuple(one.lot for one in targets if one.is_running), method=definition.scope.method_code,
        classification=access.classification(targets),
    )  # fmt: skip
    published = writing.publish(project, draft, by=by, at=at)
    left = {"attempt": attempts[0].number, "lots": len(attempts), "notice_no": published.notice_no}
    journal.record(code=ACT, by=by, at=at, subject=Ref("project", project_no), facts=left)
    return published


def ordered_by(roles: Iterable[str], allowed: Sequence[str], by: Actor) -> str:
    """`supervisor:<body>`: the role in which it was ordered and the body, never the person."""
    held = set(roles) & set(allowed)
    role = next((one for one in _ORDER if one in held), by.kind)
    return f"{role}:{by.organisation or by.kind}"[:100]


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple({"type": "paragraph", "text": text} for text in texts)


def _hold(attempts: Sequence[Attempt], ordered: str, reason: str, basis: str, at: datetime) -> None:
    Hold.objects.bulk_create(
        [
            Hold(attempt=one, from_at=at, ordered_by=ordered, basis=basis[:200], reason=reason, blocks=[EVERY_ACT])
            for one in attempts
        ]
    )

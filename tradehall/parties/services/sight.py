"""S8: who asks for a trade his role does not reach is refused, and the refusal stands in the journal."""

from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Refusal, Violation
from tradehall.parties import rules


def demand_sight(
    *, by: Actor, at: datetime, subject: Ref, roles: frozenset[str], line: str, district: str | None
) -> None:
    """Return when one of these roles of the actor reaches the trade. To be called before the act's own transaction:
    the record of a refusal must outlive it."""
    if rules.sees(by, roles, line, district):
        return
    deny_sight(by=by, at=at, subject=subject, roles=roles)
    words = "该项目不在您的监督范围内（交易类别或者行政区划不符）；已记录本次请求，没有显示任何内容"
    raise Refusal([Violation("parties.out_of_scope", words, "by")])


@transaction.atomic
def deny_sight(*, by: Actor, at: datetime, subject: Ref, roles: frozenset[str]) -> None:
    facts = {"roles": sorted(by.roles & roles), "organisation": by.organisation}
    journal.record(code="parties.deny_sight", by=by, at=at, subject=subject, facts=facts)

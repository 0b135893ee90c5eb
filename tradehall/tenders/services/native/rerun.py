"""Beginning again after an attempt failed: the next attempt of each ended lot. Announces nothing; its first notice will."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.procedures import selectors as procedures
from tradehall.procedures.rules import Definition
from tradehall.tenders import rules
from tradehall.tenders.models import Attempt
from tradehall.tenders.services.native import access
from tradehall.tenders.services.native.access import Target

ACT = "tenders.rerun"


@transaction.atomic
def rerun(
    *, by: Actor, at: datetime, project_no: str, definition_id: str | None = None, lot_nos: Sequence[str] | None = None
) -> tuple[Attempt, ...]:
    """Under the same rules in their version of today, or under others (采购法37); the first notice pins what it uses."""
    entered = access.enter(project_no, by=by, at=at)
    targets = access.targets(entered.project, lot_nos)
    chosen = [one for one in targets if one.ending is not None] if lot_nos is None else targets
    old = next((access.pinned(one.attempt) for one in targets if one.attempt is not None), None)
    if old is None or not chosen:
        refuse_if([Violation("tenders.not_ended", "没有已经终结的交易，不能重新开始", "project_no")])
    refuse_if([*_role_violations(old, entered.roles), *_target_violations(chosen)])
    attempts = tuple(_again(one, definition_id, at) for one in chosen if one.attempt is not None)
    facts = {"attempt": max(one.number for one in attempts), "lots": len(attempts)}
    journal.record(code=ACT, by=by, at=at, subject=Ref("project", project_no), facts=facts)
    return attempts


def _role_violations(definition: Definition | None, roles: frozenset[str]) -> list[Violation]:
    allowed = rules.allowed_roles(definition, ACT) if definition else ("principal", "agency")
    return rules.role_violations("重新开始交易", roles, allowed)


def _target_violations(targets: Sequence[Target]) -> list[Violation]:
    found: list[Violation] = []
    for one in targets:
        if one.attempt is None:
            message = f"标段 {one.lot.lot_no} 还没有开始过交易"
            found.append(Violation("tenders.not_ended", message, "lot_nos"))
            continue
        ending = one.ending.kind if one.ending else None
        found += rules.rerun_violations(access.pinned(one.attempt), ending, one.attempt.number)
    return list(dict.fromkeys(found))


def _again(one: Target, definition_id: str | None, at: datetime) -> Attempt:
    if one.attempt is None:
        raise ValueError(f"{one.lot} was never announced")
    definition = access.definition(definition_id or str(one.attempt.definition_id), at)
    return Attempt.objects.create(
        lot=one.lot, number=one.attempt.number + 1, origin="native", definition_id=definition.id,
        definition_version=definition.version, opened_at=at,
        definition_digest=procedures.digest(definition.id, definition.version),
    )  # fmt: skip

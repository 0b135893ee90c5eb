"""Acts about one party under two numbers: join and split a mention, merge and split two codes. Nothing is rewritten.

By centre staff or the platform, with a reason; every join can be ended and stays as a trace.
"""

from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Stale, Violation, refuse_if
from tradehall.parties.models import Mention, Organisation, PartyJoin
from tradehall.parties.registration_joins import joined_into
from tradehall.parties.registration_reads import demand_examiner, proved_dossier

REASON = 500


@transaction.atomic
def join_mention(*, by: Actor, at: datetime, mention_no: str, uscc: str, reason: str) -> PartyJoin:
    """Notices that stated only this name stand under the proved code from now on."""
    demand_examiner(by)
    if Mention.objects.select_for_update().filter(mention_no=mention_no).first() is None:
        raise NotVisible(mention_no)
    words = "该代码没有经过登记审核；名称只能并入已证明的主体，没有保存"
    unproved = [] if proved_dossier(uscc) else [Violation("unproved", words, field="uscc")]
    return _join("parties.join_mention", by, at, mention_no, uscc, reason, unproved)


@transaction.atomic
def split_mention(*, by: Actor, at: datetime, mention_no: str, reason: str) -> PartyJoin:
    """The join was wrong: the name stands alone again, under its old address."""
    return _split("parties.split_mention", by, at, mention_no, reason)


@transaction.atomic
def merge_organisations(*, by: Actor, at: datetime, uscc: str, into_uscc: str, reason: str) -> PartyJoin:
    """Two codes are one organisation: the first keeps its records and its address leads to the second."""
    demand_examiner(by)
    if not Organisation.objects.filter(uscc=uscc).exists():
        raise NotVisible(uscc)
    return _join("parties.merge_organisations", by, at, uscc, into_uscc, reason, [])


@transaction.atomic
def split_organisations(*, by: Actor, at: datetime, uscc: str, reason: str) -> PartyJoin:
    return _split("parties.split_organisations", by, at, uscc, reason)


def _join(
    code: str, by: Actor, at: datetime, from_no: str, uscc: str, reason: str, found: list[Violation]
) -> PartyJoin:
    """Under the lock of the target, so that two joins cannot close a circle."""
    rows = Organisation.objects.select_for_update().filter(uscc__in=[uscc, from_no]).order_by("uscc")
    into = {row.uscc: row for row in rows}.get(uscc)
    if into is None:
        raise NotVisible(uscc)
    if joined_into(from_no) is not None:
        raise Stale(from_no)
    words = "两者已经是同一主体，或者会互相指向；没有保存"
    circle = from_no in (uscc, joined_into(uscc))
    refuse_if([*found, *_reason_violations(reason), *([Violation("circle", words, field="uscc")] if circle else [])])
    made = PartyJoin.objects.create(from_no=from_no, into=into, reason=reason.strip(), joined_by=by.id, joined_at=at)
    facts = {"from": from_no, "into": uscc, "reason": reason.strip()}
    journal.record(code=code, by=by, at=at, subject=Ref("join", str(made.pk)), facts=facts)
    return made


def _split(code: str, by: Actor, at: datetime, from_no: str, reason: str) -> PartyJoin:
    demand_examiner(by)
    found = PartyJoin.objects.select_for_update().filter(from_no=from_no, ended_at__isnull=True).first()
    if found is None:
        raise NotVisible(from_no)
    refuse_if(_reason_violations(reason))
    found.ended_at, found.ended_by, found.end_reason = at, by.id, reason.strip()
    found.save(update_fields=["ended_at", "ended_by", "end_reason"])
    facts = {"from": from_no, "into": found.into_id, "reason": reason.strip()}
    journal.record(code=code, by=by, at=at, subject=Ref("join", str(found.pk)), facts=facts)
    return found


def _reason_violations(reason: str) -> list[Violation]:
    if 0 < len(reason.strip()) <= REASON:
        return []
    return [Violation("reason", f"请写明依据（不超过 {REASON} 字）；没有保存", field="reason")]

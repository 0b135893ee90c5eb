"""Judging a refused record again: when the reason lay with us (a code list, a rule), its system need not send it anew."""

from datetime import datetime

from django.db import transaction

from tradehall.accounts import selectors as accounts
from tradehall.exchange import refusals
from tradehall.exchange.judging import Outcome
from tradehall.exchange.models import RefusedRecord
from tradehall.exchange.national.sharing import NATIONAL
from tradehall.exchange.services import receive_records
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if

CENTRE = "centre"


def rejudge_record(*, by: Actor, at: datetime, refusal_no: str) -> Outcome:
    """The record counts as sent by its system now, unchanged; the centre can neither mend nor complete it."""
    if not (by.kind == "platform" or by.has(CENTRE)):
        raise NotVisible(refusal_no)
    with transaction.atomic():
        refusal = RefusedRecord.objects.select_for_update().filter(refusal_no=refusal_no).first()
        if refusal is None:
            raise NotVisible(refusal_no)
        sent = refusals.body_of(refusal)
        sender = _sender(refusal.system)
        refuse_if(_problems(refusal, sent is not None, sender is not None))
        assert sender is not None
        [outcome] = receive_records([sent], by=sender, at=at)
        facts = {"system": refusal.system, "status": outcome.status}
        journal.record(code="exchange.rejudge_record", by=by, at=at, subject=Ref("refusal", refusal_no), facts=facts)
    return outcome


def _sender(code: str) -> Actor | None:
    """The system as it reports; what the national platform shares comes from no system that is registered here."""
    if code == NATIONAL.id:
        return NATIONAL
    known = (one for one in accounts.systems() if one.code == code and not one.revoked_at)
    return next((accounts.system_actor(one) for one in known), None)


def _problems(refusal: RefusedRecord, is_whole: bool, is_connected: bool) -> list[Violation]:
    found = []
    if refusal.settled_at is not None:
        found.append(Violation("settled", "这条记录已改正后重新报送；没有再次判定", "refusal_no"))
    if not is_whole:
        words = "这条记录过大、带有附件或无法读取，没有留存全文，请报送系统重新发送"
        found.append(Violation("not_kept", words, "refusal_no"))
    if not is_connected:
        found.append(Violation("revoked", "报送系统已停用；没有再次判定", "refusal_no"))
    return found

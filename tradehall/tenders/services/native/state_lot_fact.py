"""Stating a fact about a lot (approval, estimate, planning conditions): what entry conditions are judged on."""

from datetime import date, datetime

from django.db import transaction

from tradehall.documents import selectors as documents
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if
from tradehall.kernel.times import to_beijing
from tradehall.tenders import rules, selectors
from tradehall.tenders.models import LotFact
from tradehall.tenders.services.native import access


@transaction.atomic
def state_lot_fact(
    *,
    by: Actor,
    at: datetime,
    lot_no: str,
    code: str,
    value: object,
    stated_on: date | None = None,
    authority: str = "",
    document_sha256: str | None = None,
) -> LotFact:
    """A fact is never changed: a newer one of the same code counts instead."""
    lot = selectors.lot(lot_no)
    entered = access.enter(lot.project_id, by=by, at=at)
    day = stated_on or to_beijing(at).date()
    refuse_if(
        [
            *rules.role_violations("登记标段事项", entered.roles, ("principal", "agency")),
            *rules.fact_violations({code: value}, rules.LOT_FACT_CODES),
            *_empty(code, value),
            *_undated(day, at),
            *_unstored(document_sha256),
        ]
    )
    fact = LotFact.objects.create(
        lot=lot, code=code, value=value, authority=authority[:200], stated_on=day, recorded_at=at,
        document_sha256=document_sha256,
    )  # fmt: skip
    journal.record(code="tenders.state_lot_fact", by=by, at=at, subject=Ref("lot", lot.lot_no), facts={"code": code})
    return fact


def _empty(code: str, value: object) -> list[Violation]:
    is_empty = value is None or value == "" or value == [] or value == {}
    return [Violation("tenders.fact", "请写明内容", f"facts.{code}")] if is_empty else []


def _undated(day: date, at: datetime) -> list[Violation]:
    is_later = day > to_beijing(at).date()
    return [Violation("tenders.fact_date", f"日期 {day} 还没有到", "stated_on")] if is_later else []


def _unstored(sha256: str | None) -> list[Violation]:
    if sha256 is None:
        return []
    try:
        documents.stored_file(sha256)
    except NotVisible:
        return [Violation("tenders.attachment", "文件不在文件库中，请先上传", "document_sha256")]
    return []

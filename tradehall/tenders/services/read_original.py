"""Read what a source sent, unmasked. Restricted, and every reading stands in the journal with its purpose."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if
from tradehall.parties import services as parties
from tradehall.tenders import selectors
from tradehall.tenders.models import Original
from tradehall.tenders.rendition import shown

READERS = frozenset({"supervisor", "discipline", "auditor", "centre"})
PURPOSE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class OriginalText:
    """One content as received; `version` is the notice version that stood after it."""

    version: int
    raw: str
    received_at: datetime


def read_original(*, by: Actor, at: datetime, notice_no: str, purpose: str) -> list[OriginalText]:
    """Everything ever received for the notice, oldest first. Nobody else than the readers learns whether it exists.

    A reader whose role does not reach the line and district of the notice is refused, and that is recorded.
    """
    if not by.roles & READERS:
        raise NotVisible(notice_no)
    refuse_if(_violations(purpose))
    value = selectors.rendition(notice_no)
    line, district = str(value["line"]), value["district"]
    parties.demand_sight(
        by=by, at=at, subject=Ref("notice", notice_no), roles=READERS, line=line,
        district=str(district) if district else None,
    )  # fmt: skip
    return _read(by, at, notice_no, purpose)


@transaction.atomic
def _read(by: Actor, at: datetime, notice_no: str, purpose: str) -> list[OriginalText]:
    found = [
        OriginalText(row.version, row.raw, row.received_at)
        for row in Original.objects.filter(notice_no=notice_no).order_by("id")
    ]
    if not found:
        raise NotVisible(notice_no)
    facts = {"purpose": shown(purpose.strip()), "originals": len(found)}
    journal.record(code="tenders.read_original", by=by, at=at, subject=Ref("notice", notice_no), facts=facts)
    return found


def _violations(purpose: str) -> list[Violation]:
    if 0 < len(purpose.strip()) <= PURPOSE_LENGTH:
        return []
    message = f"查看原始内容须写明用途（不超过 {PURPOSE_LENGTH} 字），用途会记入日志；没有显示任何内容"
    return [Violation("tenders.read_purpose", message, "purpose")]

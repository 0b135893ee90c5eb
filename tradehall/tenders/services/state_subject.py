"""How a line states its subject: the facts of a lot that entry conditions are judged on, all or none.

For the line apps only. Which facts a subject has, and whether they are good, is each line's own business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.tenders import selectors
from tradehall.tenders.models import Lot
from tradehall.tenders.services.native.state_lot_fact import state_lot_fact


@dataclass(frozen=True, slots=True)
class SubjectFact:
    """One fact of a subject, with the authority that decided it and the day it did."""

    value: object
    authority: str = ""
    stated_on: date | None = None
    document_sha256: str | None = None


@transaction.atomic
def state_subject(
    *,
    by: Actor,
    at: datetime,
    lot_no: str,
    line: str,
    facts: Mapping[str, SubjectFact],
    found: Iterable[Violation] = (),
) -> Lot:
    """State every fact of the subject of a lot of this line; the project stays locked until the caller's act ends.

    `found` is what the line's own rules say: it is refused together with what is wrong here.
    """
    lot = selectors.lot(lot_no)
    refuse_if([*_other_line(selectors.project(lot.project_id).line, line), *found])
    for code, fact in facts.items():
        state_lot_fact(
            by=by, at=at, lot_no=lot_no, code=code, value=fact.value, stated_on=fact.stated_on,
            authority=fact.authority, document_sha256=fact.document_sha256,
        )  # fmt: skip
    return lot


def _other_line(of_project: str, line: str) -> list[Violation]:
    if of_project == line:
        return []
    words = f"标段属于交易类别 {of_project}，不能按 {line} 登记；没有保存任何内容"
    return [Violation("tenders.line", words, "lot_no")]

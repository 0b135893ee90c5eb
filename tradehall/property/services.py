"""The one act of this line: stating the subject of a lot. Whatever follows is the business of the stages."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.times import to_beijing
from tradehall.property import rules, selectors
from tradehall.property.models import AssetLot
from tradehall.property.rules import AssetSubject
from tradehall.tenders.services.state_subject import SubjectFact, state_subject

LINE = "property"


@transaction.atomic
def register_subject(*, by: Actor, at: datetime, lot_no: str, subject: AssetSubject) -> AssetLot:
    """State or restate the subject: a new version, and the facts that the entry conditions ask for."""
    found = rules.violations(subject, today=to_beijing(at).date())
    facts = {} if found else lot_facts(subject)
    lot = state_subject(by=by, at=at, lot_no=lot_no, line=LINE, facts=facts, found=found)
    version = len(selectors.subject_versions(lot.lot_no)) + 1
    row = AssetLot.objects.create(lot=lot, version=version, stated_at=at, **asdict(subject))
    stated = {"facts": sorted(facts), "line": LINE}
    journal.record(
        code="property.register_subject", by=by, at=at, subject=Ref("lot", lot.lot_no, version), facts=stated
    )
    return row


def lot_facts(stated: AssetSubject) -> dict[str, SubjectFact]:
    """The LotFacts a good statement makes."""
    facts = {
        "approval": SubjectFact(
            {"no": stated.approval_no},
            authority=stated.approval_authority,
            stated_on=stated.approved_on,
            document_sha256=stated.document_sha256,
        ),
        "valuation": SubjectFact(
            {"cents": stated.valuation_cents, "filing_no": stated.filing_no},
            authority=stated.valuer,
            stated_on=stated.valued_on,
        ),
    }
    if stated.asset == "equity":
        facts["priority_holders"] = SubjectFact(stated.priority_holders)
        facts["staff_settlement"] = SubjectFact(stated.staff_settlement)
    return facts

"""The one act of this line: stating the subject of a lot. Whatever follows is the business of the stages."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.times import to_beijing
from tradehall.tenders.services.state_subject import SubjectFact, state_subject
from tradehall.works import rules, selectors
from tradehall.works.models import WorksLot
from tradehall.works.rules import WorksSubject

LINE = "works"


@transaction.atomic
def register_subject(*, by: Actor, at: datetime, lot_no: str, subject: WorksSubject) -> WorksLot:
    """State or restate the subject: a new version, and the facts that the entry conditions ask for."""
    found = rules.violations(subject, today=to_beijing(at).date())
    facts = {} if found else lot_facts(subject)
    lot = state_subject(by=by, at=at, lot_no=lot_no, line=LINE, facts=facts, found=found)
    version = len(selectors.subject_versions(lot.lot_no)) + 1
    row = WorksLot.objects.create(lot=lot, version=version, stated_at=at, **asdict(subject))
    stated = {"facts": sorted(facts), "line": LINE}
    journal.record(code="works.register_subject", by=by, at=at, subject=Ref("lot", lot.lot_no, version), facts=stated)
    return row


def lot_facts(stated: WorksSubject) -> dict[str, SubjectFact]:
    """The LotFacts a good statement makes."""
    by_whom, on = stated.approval_authority, stated.approved_on
    facts = {
        "approval": SubjectFact({"no": stated.approval_no}, by_whom, on, stated.document_sha256),
        "funds": SubjectFact({"source": stated.funds, "public_share": stated.public_share}),
        "specification": SubjectFact(stated.specification),
        "estimate": SubjectFact({"cents": stated.estimate_cents}),
        "estimate_cents": SubjectFact(stated.estimate_cents),
    }
    if stated.invitation_approval_no is not None:
        facts["invitation_approval"] = SubjectFact({"no": stated.invitation_approval_no}, by_whom, on)
    return facts

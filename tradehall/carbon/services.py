"""The one act of this line: stating the subject of a lot. Whatever follows is the business of the stages."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tradehall.carbon import rules, selectors
from tradehall.carbon.models import AllowanceLot
from tradehall.carbon.rules import AllowanceSubject
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.times import to_beijing
from tradehall.tenders.services.state_subject import SubjectFact, state_subject

LINE = "carbon"


@transaction.atomic
def register_subject(*, by: Actor, at: datetime, lot_no: str, subject: AllowanceSubject) -> AllowanceLot:
    """State or restate the subject: a new version, and the facts that the entry conditions ask for."""
    found = rules.violations(subject, today=to_beijing(at).date())
    facts = {} if found else lot_facts(subject)
    lot = state_subject(by=by, at=at, lot_no=lot_no, line=LINE, facts=facts, found=found)
    version = len(selectors.subject_versions(lot.lot_no)) + 1
    row = AllowanceLot.objects.create(lot=lot, version=version, stated_at=at, **asdict(subject))
    stated = {"facts": sorted(facts), "line": LINE}
    journal.record(code="carbon.register_subject", by=by, at=at, subject=Ref("lot", lot.lot_no, version), facts=stated)
    return row


def lot_facts(stated: AllowanceSubject) -> dict[str, SubjectFact]:
    """The LotFacts a good statement makes."""
    quota = {
        "kind": "carbon",
        "scheme_no": stated.scheme_no,
        "year": stated.year,
        "quantity": stated.quantity,
        "unit": rules.UNIT,
        "most_per_bidder": stated.most_per_bidder,
    }
    return {
        "quota": SubjectFact(quota, stated.authority, stated.decided_on, stated.document_sha256),
        "eligible_emitters": SubjectFact(stated.eligible_emitters, stated.authority, stated.decided_on),
        "starting_price_cents": SubjectFact(stated.floor_cents),
    }

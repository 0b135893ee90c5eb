"""The one act of this line: stating the subject of a lot. Whatever follows is the business of the stages."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.times import to_beijing
from tradehall.procurement import rules, selectors
from tradehall.procurement.models import PurchaseLot
from tradehall.procurement.rules import PurchaseSubject
from tradehall.tenders.services.state_subject import SubjectFact, state_subject

LINE = "procurement"


@transaction.atomic
def register_subject(*, by: Actor, at: datetime, lot_no: str, subject: PurchaseSubject) -> PurchaseLot:
    """State or restate the subject: a new version, and the facts that the entry conditions ask for."""
    found = rules.violations(subject, today=to_beijing(at).date())
    facts = {} if found else lot_facts(subject)
    lot = state_subject(by=by, at=at, lot_no=lot_no, line=LINE, facts=facts, found=found)
    version = len(selectors.subject_versions(lot.lot_no)) + 1
    row = PurchaseLot.objects.create(lot=lot, version=version, stated_at=at, **asdict(subject))
    stated = {"facts": sorted(facts), "line": LINE}
    journal.record(
        code="procurement.register_subject", by=by, at=at, subject=Ref("lot", lot.lot_no, version), facts=stated
    )
    return row


def lot_facts(stated: PurchaseSubject) -> dict[str, SubjectFact]:
    """The LotFacts a good statement makes."""
    policy = {"kind": stated.sme_policy, "reason": stated.sme_reason, "allows_imports": stated.allows_imports}
    item = {"code": stated.catalogue_code, "name": stated.catalogue_name}
    facts = {
        "budget": SubjectFact(
            {"cents": stated.budget_cents, "year": stated.budget_year}, document_sha256=stated.document_sha256
        ),
        "budget_cents": SubjectFact(stated.budget_cents),
        "specification": SubjectFact({"text": stated.specification, "item": item}),
        "sme_policy": SubjectFact(policy),
    }
    if stated.method_approval_no is not None:
        facts["method_approval"] = SubjectFact({"no": stated.method_approval_no}, stated_on=stated.method_approved_on)
    return facts

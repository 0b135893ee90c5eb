"""The one act of this line: stating the subject of a lot. Whatever follows is the business of the stages."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.times import to_beijing
from tradehall.land import rules, selectors
from tradehall.land.models import LandLot
from tradehall.land.rules import LandSubject
from tradehall.tenders.services.state_subject import SubjectFact, state_subject

LINE = "land"
# Which facts the plan and the conditions of each right are.
FACTS_OF_RIGHT = {
    "land": ("supply_plan", "planning_conditions"),
    "mining": ("resource_report", "transferee_conditions"),
}


@transaction.atomic
def register_subject(*, by: Actor, at: datetime, lot_no: str, subject: LandSubject) -> LandLot:
    """State or restate the subject: a new version, and the facts that the entry conditions ask for."""
    found = rules.violations(subject, today=to_beijing(at).date())
    facts = {} if found else lot_facts(subject)
    lot = state_subject(by=by, at=at, lot_no=lot_no, line=LINE, facts=facts, found=found)
    version = len(selectors.subject_versions(lot.lot_no)) + 1
    row = LandLot.objects.create(lot=lot, version=version, stated_at=at, **asdict(subject))
    stated = {"facts": sorted(facts), "line": LINE}
    journal.record(code="land.register_subject", by=by, at=at, subject=Ref("lot", lot.lot_no, version), facts=stated)
    return row


def lot_facts(stated: LandSubject) -> dict[str, SubjectFact]:
    """The LotFacts a good statement makes."""
    plan, conditions = FACTS_OF_RIGHT[stated.right]
    return {
        plan: SubjectFact({"no": stated.plan_no}),
        conditions: SubjectFact(
            {"no": stated.conditions_no, "text": stated.conditions},
            authority=stated.conditions_authority,
            stated_on=stated.conditions_on,
            document_sha256=stated.document_sha256,
        ),
        "appraisal": SubjectFact(
            {"cents": stated.appraisal_cents}, authority=stated.appraiser, stated_on=stated.appraised_on
        ),
        "reserve_decision": SubjectFact({"no": stated.reserve_decision_no}),
        "area_m2": SubjectFact(stated.area_m2),
        "land_use": SubjectFact(stated.use),
        "term_years": SubjectFact(str(stated.term_years)),
    }

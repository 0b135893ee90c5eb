"""The first administrators of a house: nobody is there yet to propose or approve them, so its command line does.

Refuses as soon as two administrators are in force: from then on two people are needed for every grant.
"""

from datetime import datetime

from django.db import transaction

from tradehall.accounts import selectors as accounts
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.parties import grants as held
from tradehall.parties.models import Grant, GrantProposal
from tradehall.parties.services.judging import account_violations, apart_violations, lock_grants

ROLE, ENOUGH = "administrator", 2


@transaction.atomic
def found_administrator(*, by: Actor, at: datetime, login: str) -> Grant:
    """The command line stands for proposer and approver; both acts stand in the journal with that fact."""
    lock_grants()
    refuse_if([*_founding_violations(by, at), *account_violations(login)])
    account = accounts.account(login)
    proposal = GrantProposal(account=account, role=ROLE, proposed_at=at, from_at=at)
    refuse_if(apart_violations(held.duty_of(proposal), at))
    proposal.save()
    facts = {"role": ROLE, "by_command": True}
    subject = Ref("grant_proposal", str(proposal.pk))
    journal.record(code="parties.propose_grant", by=by, at=at, subject=subject, facts=facts)
    grant = Grant.objects.create(proposal=proposal, account=account, role=ROLE, from_at=at, created_at=at)
    subject = Ref("grant", str(grant.pk))
    journal.record(code="parties.approve_grant", by=by, at=at, subject=subject, facts=facts)
    return grant


def _founding_violations(by: Actor, at: datetime) -> list[Violation]:
    found = []
    if by.kind != "platform":
        found.append(Violation("parties.founding", "只有本机命令可以设立首批系统管理员；没有授权"))
    if held.administrators(at) >= ENOUGH:
        words = f"已有 {ENOUGH} 名系统管理员；请由他们在授权页面提出并批准，没有授权"
        found.append(Violation("parties.founding", words))
    return found

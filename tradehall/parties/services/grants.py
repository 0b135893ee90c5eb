"""Acts about grants: one person proposes, another approves or refuses, and whoever could do either may end it.

Nobody acts on his own grant, except that everybody may lay down what he holds. Duties are judged at the proposal and,
under one lock, again at the approval: what is apart on paper must be apart when it begins.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tradehall.accounts import selectors as accounts
from tradehall.accounts.oidc import families
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Stale, Violation, refuse_if
from tradehall.kernel.times import rfc3339
from tradehall.parties import grants as held
from tradehall.parties.models import Grant, GrantEnding, GrantProposal, GrantRefusal, Organisation
from tradehall.parties.roles import Role, roles
from tradehall.parties.services.judging import (
    account_violations,
    apart_violations,
    lock_grants,
    power_violations,
    reason_violations,
)
from tradehall.reference.codes import is_region_code
from tradehall.reference.lines import lines as installed_lines


@transaction.atomic
def propose_grant(
    *,
    by: Actor,
    at: datetime,
    login: str,
    role: str,
    organisation_uscc: str = "",
    lines: Sequence[str] = (),
    districts: Sequence[str] = (),
    lot_no: str | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    reason: str = "",
) -> GrantProposal:
    """Ask that somebody else be granted a role; nothing may be done with it before another has approved."""
    lock_grants()
    known = roles().get(role)
    refuse_if(
        [
            *_role_violations(known, role, organisation_uscc),
            *(_bound_violations(known, lines, districts) if known else ()),
            *account_violations(login),
            *_self_violations(by, login),
            *_period_violations(at, from_at, until_at),
            *power_violations("propose", by, at, role, organisation_uscc),
        ]
    )
    proposal = GrantProposal(
        account=accounts.account(login), role=role, organisation_uscc=organisation_uscc,
        organisation_name=_name_of(organisation_uscc), lines=sorted(set(lines)), districts=sorted(set(districts)),
        lot_no=lot_no, from_at=from_at, until_at=until_at, reason=reason.strip(), proposed_at=at,
        proposed_by=accounts.account(by.id), proposer_uscc=by.organisation or "",
    )  # fmt: skip
    refuse_if(apart_violations(held.duty_of(proposal), max(from_at or at, at)))
    proposal.save()
    subject = Ref("grant_proposal", str(proposal.pk))
    journal.record(code="parties.propose_grant", by=by, at=at, subject=subject, facts=_facts(proposal))
    return proposal


@transaction.atomic
def approve_grant(*, by: Actor, at: datetime, proposal_id: int) -> Grant:
    """The second person makes it a grant, from now or from the day proposed."""
    lock_grants()
    proposal = _undecided(proposal_id)
    from_at = max(proposal.from_at or at, at)
    refuse_if(
        [
            *_checker_violations(by, at, proposal),
            *account_violations(proposal.account.login),
            *_period_violations(at, from_at, proposal.until_at),
            *apart_violations(held.duty_of(proposal), from_at),
        ]
    )
    grant = Grant.objects.create(
        proposal=proposal, account_id=proposal.account_id, role=proposal.role, lines=proposal.lines,
        organisation_uscc=proposal.organisation_uscc, organisation_name=proposal.organisation_name,
        districts=proposal.districts, lot_no=proposal.lot_no, from_at=from_at, until_at=proposal.until_at,
        granted_by_id=proposal.proposed_by_id, approved_by=accounts.account(by.id), created_at=at,
    )  # fmt: skip
    subject = Ref("grant", str(grant.pk))
    journal.record(code="parties.approve_grant", by=by, at=at, subject=subject, facts=_facts(proposal))
    return grant


@transaction.atomic
def refuse_grant(*, by: Actor, at: datetime, proposal_id: int, reason: str) -> GrantRefusal:
    lock_grants()
    proposal = _undecided(proposal_id)
    refuse_if([*_checker_violations(by, at, proposal), *reason_violations(reason)])
    refusal = GrantRefusal.objects.create(
        proposal=proposal, refused_by=accounts.account(by.id), reason=reason.strip(), refused_at=at
    )
    subject = Ref("grant_proposal", str(proposal_id))
    journal.record(code="parties.refuse_grant", by=by, at=at, subject=subject, facts=_facts(proposal))
    return refusal


@transaction.atomic
def end_grant(*, by: Actor, at: datetime, grant_id: int, reason: str) -> GrantEnding:
    """From this moment the role is gone; the grant and everything done under it stay on record."""
    lock_grants()
    grant = held.grant(grant_id)
    if held.ending(grant_id) is not None:
        raise Stale("这项授权已经终止；没有保存任何内容")
    refuse_if([*_ender_violations(by, at, grant), *reason_violations(reason)])
    ending = GrantEnding.objects.create(
        grant=grant, ended_by=accounts.account(by.id), reason=reason.strip(), ended_at=at
    )
    families.end_for_capacity(grant.account_id, grant.organisation_uscc or grant.organisation_name, cause="grant_ended")
    facts = {"role": grant.role, "organisation": grant.organisation_uscc}
    journal.record(code="parties.end_grant", by=by, at=at, subject=Ref("grant", str(grant_id)), facts=facts)
    return ending


def _undecided(proposal_id: int) -> GrantProposal:
    proposal = GrantProposal.objects.select_related("account", "proposed_by").filter(pk=proposal_id).first()
    if proposal is None:
        raise NotVisible(str(proposal_id))
    decided = Grant.objects.filter(proposal=proposal).exists() or GrantRefusal.objects.filter(pk=proposal_id).exists()
    if decided:
        raise Stale("这项授权申请已有结论；没有保存任何内容")
    return proposal


def _role_violations(known: Role | None, role: str, organisation_uscc: str) -> list[Violation]:
    if known is None or not known.propose:
        return [Violation("parties.role", f"没有可以授予的角色：{role[:32]}", "role")]
    if known.organisation and not organisation_uscc:
        return [Violation("parties.organisation", f"“{known.label}”须指明单位", "organisation_uscc")]
    if organisation_uscc and not _name_of(organisation_uscc):
        words = f"主体库中没有这个单位：{organisation_uscc[:18]}；请先登记"
        return [Violation("parties.organisation", words, "organisation_uscc")]
    return []


def _bound_violations(known: Role, lines: Sequence[str], districts: Sequence[str]) -> list[Violation]:
    """A bound role names what it reaches; another may not pretend to be narrower than it is."""
    found = []
    for is_bound, named, field, word in (
        (known.lines, lines, "lines", "交易类别"), (known.districts, districts, "districts", "行政区划"),
    ):  # fmt: skip
        if is_bound and not named:
            found.append(Violation("parties.scope", f"“{known.label}”须指明{word}范围", field))
        if named and not is_bound:
            found.append(Violation("parties.scope", f"“{known.label}”不按{word}划分范围，请不要填写", field))
    installed = {one.code for one in installed_lines()}
    found += [Violation("parties.scope", f"没有这个交易类别：{one}", "lines") for one in lines if one not in installed]
    wrong = [one for one in districts if not is_region_code(one)]
    return found + [Violation("parties.scope", f"没有这个行政区划代码：{one}", "districts") for one in wrong]


def _self_violations(by: Actor, login: str) -> list[Violation]:
    if by.id != login:
        return []
    return [Violation("parties.two_people", "不能为自己提出授权；授权须由另外两人分别提出和批准", "login")]


def _period_violations(at: datetime, from_at: datetime | None, until_at: datetime | None) -> list[Violation]:
    if until_at is None or until_at > max(from_at or at, at):
        return []
    return [Violation("parties.period", "截止时间应晚于起始时间，并晚于现在", "until_at")]


def _checker_violations(by: Actor, at: datetime, proposal: GrantProposal) -> list[Violation]:
    """Neither who proposed nor whom it is for; where the role says so, from another body than the proposer."""
    found = power_violations("approve", by, at, proposal.role, proposal.organisation_uscc)
    names = {proposal.account.login, proposal.proposed_by.login if proposal.proposed_by else ""}
    if by.id in names:
        found.append(Violation("parties.two_people", "授权须由另外两人分别提出和批准；没有保存任何内容", "by"))
    if roles()[proposal.role].outside and (by.organisation or "") == proposal.proposer_uscc:
        found.append(Violation("parties.outside", "这种授权须由提出单位以外的人员批准；没有保存任何内容", "by"))
    return found


def _ender_violations(by: Actor, at: datetime, grant: Grant) -> list[Violation]:
    if accounts.account(by.id).pk == grant.account_id:
        return []
    proposing = power_violations("propose", by, at, grant.role, grant.organisation_uscc)
    return proposing and power_violations("approve", by, at, grant.role, grant.organisation_uscc)


def _name_of(organisation_uscc: str) -> str:
    found = Organisation.objects.filter(uscc=organisation_uscc).first() if organisation_uscc else None
    return found.name if found else ""


def _facts(proposal: GrantProposal) -> dict[str, object]:
    """Nothing that says who: the role, for whom, how far and how long."""
    return {
        "role": proposal.role,
        "organisation": proposal.organisation_uscc,
        "lines": proposal.lines,
        "districts": proposal.districts,
        "lot": proposal.lot_no,
        "until": rfc3339(proposal.until_at) if proposal.until_at else None,
    }

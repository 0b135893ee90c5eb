"""Reads about grants: what a person may be for whom at a moment, what waits for an approver, which duties would meet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet

from tradehall.kernel.actor import Actor, Scope
from tradehall.kernel.refusal import NotVisible
from tradehall.parties.duties import Duty
from tradehall.parties.models import Grant, GrantEnding, GrantProposal, GrantRefusal
from tradehall.parties.roles import roles

Row = Grant | GrantProposal


class Person(Protocol):
    """What these reads need of an account: accounts are another app's records."""

    pk: Any
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class ProposalState:
    """A proposal and what became of it: `open`, `granted` or `refused`."""

    proposal: GrantProposal
    state: str
    refusal: GrantRefusal | None = None


def grants(account: Person, at: datetime) -> list[Grant]:
    """Those in force at `at`."""
    return list(in_force(at).filter(account_id=account.pk).order_by("id"))


def actor(account: Person, organisation: str | None, at: datetime, client: str | None = None) -> Actor:
    """The account acting for one organisation (code or name; None: for none), with the roles it holds there now.

    Roles on single lots are not among them: they count on their lot, by `lot_roles`.
    """
    held = [one for one in grants(account, at) if one.lot_no is None and _is_for(one, organisation)]
    scopes = tuple(scope_of(one) for one in held)
    kept = client if any(one.role == "agency" for one in held) else None
    names = frozenset(one.role for one in held)
    return Actor("person", account.login, account.name, organisation, names, scopes, kept)


def lot_roles(account: Person, lot_no: str, at: datetime) -> frozenset[str]:
    """What a person was granted for this one lot: guardian, host, expert."""
    return frozenset(one.role for one in grants(account, at) if one.lot_no == lot_no)


def scope_of(grant: Grant) -> Scope:
    """A bound role without names reaches nothing; a role that is not bound reaches everything."""
    role = roles().get(grant.role)
    lines = frozenset(grant.lines) if role is None or role.lines else None
    districts = frozenset(grant.districts) if role is None or role.districts else None
    return Scope(grant.role, lines, districts)


def in_force(at: datetime) -> QuerySet[Grant]:
    ended = GrantEnding.objects.filter(grant=OuterRef("pk"), ended_at__lte=at)
    stands = Q(until_at__isnull=True) | Q(until_at__gt=at)
    return Grant.objects.filter(stands, ~Exists(ended), from_at__lte=at)


def held_roles(accounts: Collection[int], at: datetime) -> dict[tuple[int, str], set[str]]:
    """What each of the accounts holds at `at`, by the code (or name) of the organisation. Roles on single lots are not among it."""
    found: dict[tuple[int, str], set[str]] = {}
    for one in in_force(at).filter(account_id__in=accounts, lot_no__isnull=True):
        found.setdefault((one.account_id, one.organisation_uscc or one.organisation_name), set()).add(one.role)
    return found


def grant(grant_id: int) -> Grant:
    found = Grant.objects.filter(pk=grant_id).first()
    if found is None:
        raise NotVisible(str(grant_id))
    return found


def ending(grant_id: int) -> GrantEnding | None:
    return GrantEnding.objects.filter(grant_id=grant_id).first()


def organisation_grants(organisation_uscc: str | None, at: datetime) -> list[Grant]:
    """In force for one organisation, or (None) for everybody."""
    found = in_force(at).select_related("account")
    chosen = found if organisation_uscc is None else found.filter(organisation_uscc=organisation_uscc)
    return list(chosen.order_by("organisation_name", "role", "id"))


def proposals(organisation_uscc: str | None = None, *, only_open: bool = False) -> list[ProposalState]:
    """Newest first, of one organisation or (None) of all."""
    rows = GrantProposal.objects.select_related("account", "proposed_by").order_by("-id")
    if organisation_uscc is not None:
        rows = rows.filter(organisation_uscc=organisation_uscc)
    if only_open:
        rows = rows.filter(~Exists(Grant.objects.filter(proposal=OuterRef("pk"))))
        rows = rows.filter(~Exists(GrantRefusal.objects.filter(proposal=OuterRef("pk"))))
    return _states(list(rows))


def administrators(at: datetime) -> int:
    return in_force(at).filter(role="administrator").values("account_id").distinct().count()


def duties_beside(new: Duty, since: datetime) -> list[Duty]:
    """Every duty by grant, after `since`, of the same person or of what may be the same organisation."""
    of_body = Q(organisation_uscc="", organisation_name__gt="")
    if new.organisation_uscc:
        of_body |= Q(organisation_uscc=new.organisation_uscc)
    elif new.organisation_name:
        of_body |= Q(organisation_name__gt="")
    of_person = Q(account_id=int(new.person)) if new.person else Q(pk__in=[])
    rows = list(Grant.objects.filter(of_person | of_body).filter(Q(until_at__isnull=True) | Q(until_at__gt=since)))
    ends = {one.grant_id: one.ended_at for one in GrantEnding.objects.filter(grant__in=rows)}
    return [duty_of(row, ends.get(row.pk)) for row in rows]


def duty_of(row: Row, ended_at: datetime | None = None) -> Duty:
    until = min((one for one in (row.until_at, ended_at) if one is not None), default=None)
    return Duty(
        row.role, str(row.account_id), row.organisation_uscc, row.organisation_name, row.lot_no, row.from_at, until
    )


def _is_for(grant: Grant, organisation: str | None) -> bool:
    if not organisation:
        return not grant.organisation_uscc and not grant.organisation_name
    return organisation in (grant.organisation_uscc, grant.organisation_name)


def _states(rows: list[GrantProposal]) -> list[ProposalState]:
    granted = set(Grant.objects.filter(proposal__in=rows).values_list("proposal_id", flat=True))
    refused = GrantRefusal.objects.filter(proposal__in=rows).in_bulk()
    return [
        ProposalState(row, "granted" if row.pk in granted else "refused" if row.pk in refused else "open",
                      refused.get(row.pk))
        for row in rows
    ]  # fmt: skip

"""Bodies and people to act with in tests: registered, and granted what they hold by two others, as the roles demand."""

from datetime import datetime, timedelta
from typing import Any

from tradehall.accounts import selectors as accounts
from tradehall.accounts.services import create_account
from tradehall.documents.services import store
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.identifiers import compute_organisation_check, compute_uscc_check
from tradehall.kernel.refusal import NotVisible
from tradehall.kernel.times import to_beijing
from tradehall.parties import selectors, services
from tradehall.parties.models import Grant, Mandate
from tradehall.parties.roles import roles
from tradehall.reference.lines import lines

FIRST, SECOND, CLERK = "root-1", "root-2", "clerk"


def code_of(body: str) -> str:
    """A code with the right check digits from eight characters."""
    first = f"91990100{body}{compute_organisation_check(body)}"
    return first + compute_uscc_check(first)


CENTRE = code_of("MA0000CE")
PAPER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def person(login: str, *, at: datetime) -> Any:
    try:
        return accounts.account(login)
    except NotVisible:
        return create_account(by=PLATFORM, at=at, login=login, name=f"{login}（测试）")


def body(uscc: str, name: str = "", *, at: datetime) -> str:
    services.register_organisation(by=PLATFORM, at=at, uscc=uscc, name=name or f"单位{uscc[8:16]}")
    return uscc


def acting(login: str, organisation: str | None, *, at: datetime, client: str | None = None) -> Actor:
    return selectors.actor(person(login, at=at), organisation, at, client)


def administrators(*, at: datetime) -> tuple[Actor, Actor]:
    for login in (FIRST, SECOND):
        person(login, at=at)
        if not acting(login, None, at=at).roles:
            services.found_administrator(by=PLATFORM, at=at, login=login)
    return acting(FIRST, None, at=at), acting(SECOND, None, at=at)


def appointed(login: str, role: str, uscc: str = "", *, at: datetime, **terms: Any) -> Actor:
    """The person with the role, as an actor; whoever must stand behind it is appointed first."""
    person(login, at=at)
    if uscc and not Grant.objects.filter(organisation_uscc=uscc).exists():
        register(uscc, at=at)
    if role not in acting(login, uscc or None, at=at).roles:
        grant(login, role, uscc, at=at, **terms)
    return acting(login, uscc or None, at=at)


def register(uscc: str, *, at: datetime) -> None:
    try:
        selectors.organisation(uscc)
    except NotVisible:
        body(uscc, at=at)


def grant(login: str, role: str, uscc: str = "", *, at: datetime, **terms: Any) -> Grant:
    first, second = administrators(at=at)
    person(login, at=at)
    known = roles()[role]
    if "administrator" in known.propose:
        maker, checker = first, second
    elif "centre" in known.propose:
        maker, checker = appointed(CLERK, "centre", CENTRE, at=at), first
    else:
        maker, checker = appointed(f"steward-{uscc}", "steward", uscc, at=at), first
    proposal = services.propose_grant(by=maker, at=at, login=login, role=role, organisation_uscc=uscc, **terms)
    return services.approve_grant(by=checker, at=at, proposal_id=proposal.pk)


def paper(by: Actor, *, at: datetime) -> str:
    return store(content=PAPER, name="委托书.pdf", by=by, at=at).sha256


def mandated(principal: str, principal_name: str, agency: str, agency_name: str, *, at: datetime) -> Mandate:
    """The agency may act for the principal in every line, for a year."""
    known = Mandate.objects.filter(principal_id=principal, agency_id=agency).first()
    if known is not None:
        return known
    body(principal, principal_name, at=at)
    body(agency, agency_name, at=at)
    by = appointed(f"principal-{principal}", "principal", principal, at=at)
    today = to_beijing(at).date()
    return services.give_mandate(
        by=by, at=at, agency_uscc=agency, lines=[line.code for line in lines()],
        from_on=today, until_on=today + timedelta(days=365), document_sha256=paper(by, at=at),
    )  # fmt: skip

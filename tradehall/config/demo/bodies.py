"""Who may be what in the demonstration city: the offices that serve, manage and watch, and the grants of its people.

Everything goes through the acts, two people behind each grant: nothing is shown that could not be granted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tradehall.accounts import selectors as accounts
from tradehall.config.demo.cast import Cast
from tradehall.config.demo.papers import paper
from tradehall.documents import services as documents
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.identifiers import compute_organisation_check, compute_uscc_check
from tradehall.kernel.times import to_beijing
from tradehall.parties import selectors as parties
from tradehall.parties import services
from tradehall.parties.roles import roles
from tradehall.tenders.reports import Named

CITY, LINGANG = "990100", "990102"
FIRST, SECOND, CLERK, STEWARD = "demo-admin", "demo-admin-2", "demo-centre", "demo-steward"


def _office(body: str, name: str) -> Named:
    first = f"11990100{body}{compute_organisation_check(body)}"
    return Named(name, first + compute_uscc_check(first))


CENTRE = _office("MB000001", "澄州市公共资源交易中心（演示）")
OFFICES = {
    "authority": _office("MB000002", "澄州市公共资源交易管理办公室（演示）"),
    "supervisor": _office("MB000003", "澄州市住房和城乡建设局招标投标监督处（演示）"),
    "district": _office("MB000004", "澄州市临港区建设工程监督站（演示）"),
    "discipline": _office("MB000005", "澄州市纪律检查委员会（演示）"),
    "auditor": _office("MB000006", "澄州市审计局（演示）"),
    "association": _office("MB000007", "澄州市招标投标协会（演示）"),
    "notary": _office("MB000008", "澄州市衡信公证处（演示）"),
    "guardian": _office("MB000009", "澄州市数据安全保管中心（演示）"),
}


@dataclass(frozen=True, slots=True)
class Post:
    """One grant: who, as what, for whom (None: for himself), how far."""

    login: str
    role: str
    office: Named | None = None
    lines: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()


def posts(cast: Cast) -> tuple[Post, ...]:
    """In the order in which they can be granted: who proposes comes before what he proposes."""
    works, other = cast.principals["works"][0][0], cast.principals["procurement"][0][0]
    return (
        Post(CLERK, "centre", CENTRE),
        Post("demo-cashier", "cashier", CENTRE),
        *(Post(STEWARD, "steward", office) for office in OFFICES.values()),
        Post("demo-host", "host", CENTRE),
        Post("demo-principal", "principal", works),
        Post("demo-principal", "steward", works),
        Post("demo-principal", "principal", other),
        Post("demo-agency", "agency", cast.agencies[0]),
        Post("demo-bidder", "bidder", cast.companies["works"][0]),
        Post("demo-bidder-2", "bidder", cast.companies["procurement"][0]),
        Post("demo-expert", "expert"),
        Post("demo-authority", "authority", OFFICES["authority"], ("works", "procurement"), (CITY,)),
        Post("demo-supervisor", "supervisor", OFFICES["supervisor"], ("works",), (CITY,)),
        Post("demo-district", "supervisor", OFFICES["district"], ("works",), (LINGANG,)),
        Post("demo-discipline", "discipline", OFFICES["discipline"], (), (CITY,)),
        Post("demo-auditor", "auditor", OFFICES["auditor"], (), (CITY,)),
        Post("demo-association", "association", OFFICES["association"], ("works",)),
        Post("demo-notary", "notary", OFFICES["notary"]),
        Post("demo-guardian", "guardian", OFFICES["guardian"]),
    )


def appoint(cast: Cast, *, at: datetime) -> None:
    """The two administrators first, by the house itself; everybody else by two people."""
    for login in (FIRST, SECOND):
        services.found_administrator(by=PLATFORM, at=at, login=login)
    for office in (CENTRE, *OFFICES.values()):
        services.register_organisation(by=PLATFORM, at=at, uscc=office.uscc or "", name=office.name, district=CITY)
    for post in posts(cast):
        _grant(post, at)
    _give_mandates(cast, at)


def appoint_twins(cast: Cast, twins: Mapping[str, str], *, at: datetime) -> None:
    """Everything one account was granted, to a second one: `twins` says whose."""
    for post in posts(cast):
        if post.login in twins:
            _grant(replace(post, login=twins[post.login]), at)


def _grant(post: Post, at: datetime) -> None:
    uscc = post.office.uscc or "" if post.office else ""
    proposal = services.propose_grant(
        by=_maker(post, uscc, at), at=at, login=post.login, role=post.role, organisation_uscc=uscc, lines=post.lines,
        districts=post.districts, reason="演示城市的初始授权",
    )  # fmt: skip
    services.approve_grant(by=_actor(SECOND, None, at), at=at, proposal_id=proposal.pk)


def _maker(post: Post, uscc: str, at: datetime) -> Actor:
    allowed = roles()[post.role].propose
    if "administrator" in allowed:
        return _actor(FIRST, None, at)
    return _actor(CLERK, CENTRE.uscc, at) if "centre" in allowed else _actor(STEWARD, uscc, at)


def _give_mandates(cast: Cast, at: datetime) -> None:
    """One for a year, one that soon ends: the bar says so."""
    today, agency = to_beijing(at).date(), cast.agencies[0].uscc or ""
    for line, days in (("works", 365), ("procurement", 20)):
        by = _actor("demo-principal", cast.principals[line][0][0].uscc, at)
        content = paper(f"Mandate for {line}")
        services.give_mandate(
            by=by, at=at, agency_uscc=agency, lines=[line], from_on=today, until_on=today + timedelta(days=days),
            document_sha256=documents.store(content=content, name="委托书.pdf", by=by, at=at).sha256,
        )  # fmt: skip


def _actor(login: str, organisation: str | None, at: datetime) -> Actor:
    return parties.actor(accounts.account(login), organisation, at)

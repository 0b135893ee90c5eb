"""What the desk puts first: one list over everything, the next deadline on top, each with what happens when missed.

Each source is a function of the actor and the moment; an app that has work for people adds its own to `SOURCES`.
"""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tradehall.accounts import certificate_reads
from tradehall.accounts.selectors import Account
from tradehall.kernel.actor import Actor
from tradehall.kernel.times import format_minute
from tradehall.parties import selectors as parties
from tradehall.parties.mandates import midnight
from tradehall.parties.roles import label, roles
from tradehall.reference.lines import line
from tradehall.reference.places import region
from tradehall.web.acting import Acting
from tradehall.web.desk_doors import GRANT_DESK, MANDATE_DESK
from tradehall.web.presenters.register_pages import heading

SOON = timedelta(days=30)
TEXT = Path(__file__).parents[1] / "desk.toml"


@dataclass(frozen=True, slots=True)
class Todo:
    """`due_at` None: no deadline; `consequence` is what happens when nothing is done."""

    title: str
    href: str
    due_at: datetime | None
    consequence: str


def todos(acting: Acting, at: datetime) -> list[Todo]:
    found = [one for source in SOURCES for one in source(acting.actor, at)]
    return in_order(found, at)


def in_order(found: Iterable[Todo], at: datetime) -> list[Todo]:
    """What has a deadline first, the nearest on top."""
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or at))


def certificate_todos(account: Account, deadlines: Iterable[datetime], now: datetime) -> list[Todo]:
    """Certificates that end soon, or before a deadline of one's own. `now` is the world's time: authorities know no other."""
    missed = dict(certificate_reads.expiry_forecast(account, deadlines))
    soon = certificate_reads.certificates_expiring(account, now + SOON)
    return [
        Todo(f"数字证书到期：{one.name}", "/account/certificates", one.valid_until, _without_it(missed.get(one)))
        for one in dict.fromkeys([*soon, *missed])
    ]


def _without_it(missed_at: datetime | None) -> str:
    if missed_at is None:
        return "到期后不能用它登录，请更换并绑定新证书"
    return f"早于您的截止时间 {format_minute(missed_at)}，届时不能用它登录，请更换并绑定新证书"


@cache
def _next() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(TEXT.read_text("utf-8"))["next"]
    return found


def next_steps(actor: Actor) -> dict[str, Any]:
    """What comes next for whom nothing waits: the first entry that speaks of a role of his, else of nobody's in particular."""
    return next(one for one in _next() if not one["roles"] or actor.roles & set(one["roles"]))


def scope_words(codes: Iterable[str], districts: Iterable[str]) -> str:
    """How far a grant reaches, in names; nothing where it is not bound."""
    markets = [found.name if (found := line(code)) else code for code in codes]
    places = [place.name if (place := region(code)) else code for code in districts]
    return "，".join(filter(None, ("、".join(markets), "、".join(places))))


def may_decide(actor: Actor, role: str, login: str, proposer: str | None) -> bool:
    """What the page offers; the act judges for itself."""
    known = roles().get(role)
    return known is not None and bool(actor.roles & known.approve) and actor.id not in (login, proposer)


def _approvals(actor: Actor, at: datetime) -> Iterable[Todo]:
    if not actor.roles & GRANT_DESK:
        return
    for one in parties.proposals(only_open=True):
        row = one.proposal
        proposer = row.proposed_by.login if row.proposed_by else None
        if may_decide(actor, row.role, row.account.login, proposer):
            title = f"批准授权：{row.account.name}，{label(row.role)}，{row.organisation_name or '本人'}"
            yield Todo(title, "/desk/grants", row.from_at, "未批准前不能以该身份办理")


def _endings(actor: Actor, at: datetime) -> Iterable[Todo]:
    if not actor.organisation:
        return
    for one in parties.organisation_grants(actor.organisation, at):
        if one.account.login == actor.id and one.until_at is not None and one.until_at - at < SOON:
            yield Todo(f"授权到期：{label(one.role)}", "/desk/grants", one.until_at, "到期后不能再以该身份办理")


def _mandates(actor: Actor, at: datetime) -> Iterable[Todo]:
    if not actor.organisation or not actor.roles & MANDATE_DESK:
        return
    for one in parties.mandates(actor.organisation, at):
        row, ends_at = one.mandate, midnight(one.mandate.until_on + timedelta(days=1))
        if one.state == "current" and ends_at - at < SOON:
            title = f"委托书到期：{row.mandate_no}（{row.principal.name}委托{row.agency.name}）"
            yield Todo(title, "/desk/mandates", ends_at, "到期后代理机构不能再为委托人办理")


def _registrations(actor: Actor, at: datetime) -> Iterable[Todo]:
    """The centre: what waits to be examined. Everybody: what was returned, and what ends soon on his own file."""
    if actor.has("centre"):
        for state in parties.waiting_registrations(actor):
            href = f"/desk/registrations/{state.registration.registration_no}"
            name = heading(parties.on_file(state.registration.dossier))["name"]
            waits = f"提交于 {format_minute(state.since)}，未通过前该主体不能参加交易"
            yield Todo(f"审核主体登记：{name}", href, None, waits)
    for dossier in parties.dossiers(actor, at):
        href = f"/desk/organisation/{dossier.dossier_no}"
        for state in parties.registrations(dossier):
            if state.state == "returned":
                yield Todo(f"登记被退回：{state.reason}", href, None, "补正并重新提交后才能通过")
        for one in parties.expiring(at, within_days=SOON.days, dossier=dossier):
            yield Todo(f"{one.label}{one.words}", href, midnight(one.until_on + timedelta(days=1)), "到期后按缺少处理")


SOURCES: tuple[Callable[[Actor, datetime], Iterable[Todo]], ...] = (_approvals, _endings, _mandates, _registrations)

"""What the desk puts first: one list over everything, the next deadline on top, each with what happens when missed.

Each source is a function of the actor and the moment; an app that has work for people adds its own to `SOURCES`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tradehall.accounts import certificate_reads
from tradehall.accounts.selectors import Account
from tradehall.kernel.actor import Actor
from tradehall.kernel.times import format_minute
from tradehall.parties import selectors as parties
from tradehall.parties.mandates import midnight
from tradehall.parties.roles import label, roles
from tradehall.web.acting import Acting

SOON = timedelta(days=30)
GRANT_DESK = frozenset({"steward", "centre", "administrator", "authority"})
MANDATE_DESK = frozenset({"principal", "agency", "steward"})
EXCHANGE_DESK = frozenset({"centre", "administrator"})
EVENT_DESK = frozenset({"supervisor", "discipline", "auditor", "authority"})


@dataclass(frozen=True, slots=True)
class Todo:
    """`due_at` None: no deadline; `consequence` is what happens when nothing is done."""

    title: str
    href: str
    due_at: datetime | None
    consequence: str


@dataclass(frozen=True, slots=True)
class Door:
    label: str
    href: str
    note: str


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


def doors(acting: Acting) -> list[Door]:
    """The pages of a desk this actor may open."""
    found = [Door("主体登记", "/desk/organisation", "单位、人员、资质、证照和账户；各市场还缺什么")]
    found += [
        Door("消息", "/desk/messages", "收到的提醒"),
        Door("订阅", "/desk/subscriptions", "关注的项目、标段、主体和检索"),
    ]
    if acting.actor.has("centre"):
        found.append(Door("登记审核", "/desk/registrations", "与权威来源比对，通过或退回；名称归并"))
    if acting.actor.roles & GRANT_DESK:
        found.append(Door("授权管理", "/desk/grants", "提出、批准和终止授权"))
    if acting.actor.roles & MANDATE_DESK:
        found.append(Door("委托管理", "/desk/mandates", "出具、查看和终止委托书"))
    if acting.actor.roles & EXCHANGE_DESK:
        found.append(Door("数据交换监控", "/desk/exchange", "收下、退回及原因、重新报送、推送滞后"))
        found.append(Door("邮件", "/desk/deliveries", "待发、重试、被拒收的邮件，重新发送"))
        found.append(Door("国家平台", "/desk/national", "待送和退回的记录、重新发送、每日对账"))
    if acting.actor.roles & EVENT_DESK:
        found.append(Door("交易过程", "/desk/events", "监督范围内各交易系统正在进行的交易"))
    return found


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
            yield Todo(f"审核主体登记，提交于 {format_minute(state.since)}", href, None, "未通过前该主体不能参加交易")
    for dossier in parties.dossiers(actor, at):
        href = f"/desk/organisation/{dossier.dossier_no}"
        for state in parties.registrations(dossier):
            if state.state == "returned":
                yield Todo(f"登记被退回：{state.reason}", href, None, "补正并重新提交后才能通过")
        for one in parties.expiring(at, within_days=SOON.days, dossier=dossier):
            yield Todo(f"{one.label}{one.words}", href, midnight(one.until_on + timedelta(days=1)), "到期后按缺少处理")


SOURCES: tuple[Callable[[Actor, datetime], Iterable[Todo]], ...] = (_approvals, _endings, _mandates, _registrations)

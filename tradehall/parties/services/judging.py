"""What the acts on grants and mandates judge alike: the lock, the account, the powers of the actor, duties apart."""

from datetime import datetime

from django.db import connection

from tradehall.accounts import selectors as accounts
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Violation
from tradehall.parties import grants as held
from tradehall.parties import mandates
from tradehall.parties.duties import Duty, duty_violations
from tradehall.parties.roles import label, roles

# Two-part advisory key: (this app, grants). Two acts that would each be right alone must not meet.
_LOCK = (7521, 1)
REASON_LENGTH = 500


def lock_grants() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", _LOCK)


def account_violations(login: str) -> list[Violation]:
    try:
        is_active = accounts.account(login).is_active
    except NotVisible:
        return [Violation("parties.account", f"没有这个账号：{login[:64]}", "login")]
    return [] if is_active else [Violation("parties.account", f"账号已停用：{login}", "login")]


def powers(by: Actor, at: datetime) -> frozenset[str]:
    """The roles the actor holds now for whom he acts, by the records and not by his session."""
    if by.kind != "person":
        return frozenset()
    try:
        account = accounts.account(by.id)
    except NotVisible:
        return frozenset()
    return held.actor(account, by.organisation, at).roles if account.is_active else frozenset()


def power_violations(act: str, by: Actor, at: datetime, role: str, organisation_uscc: str) -> list[Violation]:
    """`act` is `propose` or `approve`; a steward may only for his own organisation."""
    known = roles().get(role)
    if known is None:
        return []
    allowed: frozenset[str] = getattr(known, act)
    mine = powers(by, at) - (frozenset() if by.organisation == organisation_uscc else frozenset({"steward"}))
    if mine & allowed:
        return []
    words = "、".join(label(one) for one in sorted(allowed)) or "任何人都不能"
    verb = "提出" if act == "propose" else "批准"
    return [Violation("parties.power", f"“{known.label}”的授权只能由{words}{verb}；没有保存任何内容", "role")]


def apart_violations(new: Duty, since: datetime, field: str = "role") -> list[Violation]:
    """Against everything by grant and by mandate that reaches beyond `since`."""
    beside = [*held.duties_beside(new, since), *mandates.mandate_duties(new.organisation_uscc, since)]
    return duty_violations(new, beside, field)


def reason_violations(reason: str) -> list[Violation]:
    if 0 < len(reason.strip()) <= REASON_LENGTH:
        return []
    return [Violation("parties.reason", f"请写明理由（不超过 {REASON_LENGTH} 字）；没有保存任何内容", "reason")]

"""Acts about accounts: create, grant with two other people behind it, connect a trading system, authenticate it.

Sign-in pages and sessions are not here; tokens are shown once and only their hash is kept.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tradehall.accounts.models import Account, Grant, TradingSystem
from tradehall.accounts.selectors import ROLES
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if


@dataclass(frozen=True, slots=True)
class NewSystem:
    """The only time the token is seen."""

    system: TradingSystem
    token: str


def create_account(
    *, by: Actor, at: datetime, login: str, name: str, password: str | None = None, is_demo: bool = False
) -> Account:
    taken = Account.objects.filter(login=login).exists()
    refuse_if([Violation("login_taken", f"登录名已被使用：{login}；请换一个", field="login")] if taken else [])
    with transaction.atomic():
        account = Account(login=login, name=name, is_demo=is_demo, created_at=at)
        account.set_password(password)
        account.save()
        journal.record(
            code="accounts.create_account",
            by=by,
            at=at,
            subject=Ref("account", str(account.pk)),
            facts={"is_demo": is_demo},
        )
    return account


def grant_role(
    *,
    by: Actor,
    at: datetime,
    account: Account,
    role: str,
    organisation_name: str,
    granted_by: Account,
    approved_by: Account,
    organisation_uscc: str = "",
    line: str | None = None,
    district: str | None = None,
    until_at: datetime | None = None,
) -> Grant:
    """Nobody grants to himself and nobody grants alone."""
    refuse_if(_grant_violations(role, {account.pk, granted_by.pk, approved_by.pk}))
    with transaction.atomic():
        grant = Grant.objects.create(
            account=account, role=role, organisation_uscc=organisation_uscc, organisation_name=organisation_name,
            line=line, district=district, from_at=at, until_at=until_at, granted_by=granted_by,
            approved_by=approved_by, created_at=at,
        )  # fmt: skip
        facts = {"role": role, "organisation": organisation_uscc or organisation_name}
        journal.record(code="accounts.grant_role", by=by, at=at, subject=Ref("grant", str(grant.pk)), facts=facts)
    return grant


def add_system(*, by: Actor, at: datetime, code: str, name: str, line: str) -> NewSystem:
    taken = TradingSystem.objects.filter(code=code).exists()
    refuse_if([Violation("system_taken", f"系统代码已登记：{code}；没有更改它的令牌", field="code")] if taken else [])
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        system = TradingSystem.objects.create(
            code=code, name=name, line=line, token_hash=token_hash(token), created_at=at
        )
        facts = {"name": name, "line": line}
        journal.record(code="accounts.add_system", by=by, at=at, subject=Ref("system", code), facts=facts)
    return NewSystem(system, token)


def revoke_system(*, by: Actor, at: datetime, code: str) -> TradingSystem:
    with transaction.atomic():
        system = TradingSystem.objects.select_for_update().filter(code=code).first()
        if system is None:
            raise NotVisible(code)
        if system.revoked_at is None:
            system.revoked_at = at
            system.save(update_fields=["revoked_at"])
            journal.record(code="accounts.revoke_system", by=by, at=at, subject=Ref("system", code), facts={})
    return system


def authenticate_system(token: str) -> TradingSystem | None:
    """The system a token belongs to; None for an unknown or revoked one."""
    return TradingSystem.objects.filter(token_hash=token_hash(token), revoked_at__isnull=True).first()


def authenticate_person(login: str, password: str) -> Account | None:
    """The active account this password opens. An unknown login takes as long as a wrong password."""
    found = Account.objects.filter(login=login[:64], is_active=True).first()
    if found is None:
        make_password(password)
        return None
    return found if found.check_password(password) else None


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _grant_violations(role: str, people: set[int]) -> list[Violation]:
    found = []
    if role not in ROLES:
        found.append(Violation("role", f"没有这种角色：{role}；可用：{'、'.join(ROLES)}", field="role"))
    if len(people) != 3:
        found.append(Violation("two_people", "授权须由另外两人分别提出和批准；没有授权", field="approved_by"))
    return found

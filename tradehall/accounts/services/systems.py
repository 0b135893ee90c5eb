"""Trading systems: connected, authenticated, disconnected. A token is shown once and only its hash is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tradehall.accounts.models import TradingSystem
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if

RESERVED = frozenset({"national"})  # the source of what the national platform shares (`exchange.national`)


@dataclass(frozen=True, slots=True)
class NewSystem:
    """The only time the token is seen."""

    system: TradingSystem
    token: str


def add_system(*, by: Actor, at: datetime, code: str, name: str, line: str) -> NewSystem:
    """A code that is taken is refused, and one by which records from elsewhere are known."""
    taken = TradingSystem.objects.filter(code=code).exists()
    refuse_if([Violation("system_taken", f"系统代码已登记：{code}；没有更改它的令牌", field="code")] if taken else [])
    message = f"系统代码 {code} 用于标记国家平台共享来的记录；没有登记，请另取一个代码"
    refuse_if([Violation("system_reserved", message, field="code")] if code in RESERVED else [])
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


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

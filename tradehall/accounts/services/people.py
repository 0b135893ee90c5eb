"""Making accounts, and the password that opens one."""

from datetime import datetime

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.db import transaction

from tradehall.accounts.models import Account
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if


def create_account(
    *, by: Actor, at: datetime, login: str, name: str, password: str | None = None, is_demo: bool = False
) -> Account:
    taken = Account.objects.filter(login=login).exists()
    refuse_if([Violation("login_taken", f"登录名已被使用：{login}；请换一个", field="login")] if taken else [])
    account = Account(login=login, name=name, is_demo=is_demo, created_at=at)
    account.set_password(password)  # before the transaction: hashing takes its time
    with transaction.atomic():
        account.save()
        journal.record(
            code="accounts.create_account",
            by=by,
            at=at,
            subject=Ref("account", str(account.pk)),
            facts={"is_demo": is_demo},
        )
    return account


def authenticate_person(login: str, password: str) -> Account | None:
    """The active account this password opens. An unknown login takes as long as a wrong password."""
    found = Account.objects.filter(login=login[:64], is_active=True).first()
    if found is None:
        make_password(password)
        return None
    return found if found.check_password(password) else None


def change_password(*, by: Actor, at: datetime, account: Account, password: str) -> Account:
    """That it changed and when is recorded; whoever disputes an act later can point to it."""
    account.set_password(password)  # before the transaction: hashing takes its time
    with transaction.atomic():
        account.save(update_fields=["password"])
        journal.record(code="accounts.change_password", by=by, at=at, subject=Ref("account", str(account.pk)), facts={})
    return account


def change_way_in(*, by: Actor, at: datetime, account: Account) -> None:
    """A second factor came or went. Which one is not said: it would name the weak accounts."""
    with transaction.atomic():
        journal.record(code="accounts.change_way_in", by=by, at=at, subject=Ref("account", str(account.pk)), facts={})


def give_totp(*, by: Actor, at: datetime, account: Account, secret: str) -> None:
    """A time-based factor whose secret is known already; only for demonstrations."""
    with transaction.atomic():
        TOTP.activate(account, secret)
        change_way_in(by=by, at=at, account=account)

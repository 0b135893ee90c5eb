"""Reads about accounts, their grants and connected systems; `actor` turns an account into the value services take."""

import tomllib
from datetime import datetime
from pathlib import Path

from django.db.models import Q

from tradehall.accounts.models import Account, Grant, TradingSystem
from tradehall.kernel.actor import Actor

ROLES: dict[str, str] = tomllib.loads((Path(__file__).parent / "roles.toml").read_text("utf-8"))


def grants(account: Account, at: datetime) -> list[Grant]:
    """Those in force at `at`."""
    in_force = Q(until_at__isnull=True) | Q(until_at__gt=at)
    return list(Grant.objects.filter(in_force, account=account, from_at__lte=at).order_by("id"))


def actor(account: Account, organisation: str | None, at: datetime) -> Actor:
    """The account acting for one organisation (code or name), with the roles it holds there now."""
    held = [one for one in grants(account, at) if organisation in (one.organisation_uscc, one.organisation_name)]
    return Actor("person", account.login, account.name, organisation, frozenset(one.role for one in held))


def systems() -> list[TradingSystem]:
    return list(TradingSystem.objects.order_by("code"))


def system_actor(system: TradingSystem) -> Actor:
    return Actor("system", system.code, system.name)

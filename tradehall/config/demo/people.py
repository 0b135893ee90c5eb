"""Demo accounts: invented people, one a role. Passwords are made from the instance's own secret, never written here."""

import hashlib
import hmac
from datetime import datetime
from typing import TypedDict

from django.conf import settings

from tradehall.accounts import selectors as accounts
from tradehall.accounts import services
from tradehall.config.demo.cast import Cast
from tradehall.kernel.actor import Actor

PEOPLE = (
    ("principal", "demo-principal", "林远（演示）"),
    ("agency", "demo-agency", "周明（演示）"),
    ("bidder", "demo-bidder", "陈岚（演示）"),
    ("centre", "demo-centre", "吴静（演示）"),
    ("supervisor", "demo-supervisor", "郑直（演示）"),
)


class DemoAccount(TypedDict):
    name: str
    role: str
    organisation: str | None
    login: str
    password: str
    totp_secret: None
    certificate: None


def password_of(login: str) -> str:
    """The same for one instance, different between instances."""
    return "demo-" + hmac.new(settings.SECRET_KEY.encode(), login.encode(), hashlib.sha256).hexdigest()[:16]


def create_people(cast: Cast, *, by: Actor, at: datetime) -> None:
    made = [
        services.create_account(by=by, at=at, login=login, name=name, password=password_of(login), is_demo=True)
        for _, login, name in PEOPLE
    ]
    for place, (role, _, _) in enumerate(PEOPLE):
        if role in accounts.ROLES:
            organisation = _organisation(cast, role)
            services.grant_role(
                by=by, at=at, account=made[place], role=role, organisation_name=organisation[0],
                organisation_uscc=organisation[1],
                granted_by=made[(place + 1) % len(made)], approved_by=made[(place + 2) % len(made)],
            )  # fmt: skip


def _organisation(cast: Cast, role: str) -> tuple[str, str]:
    if role == "principal":
        who = cast.principals["works"][0][0]
    elif role == "agency":
        who = cast.agencies[0]
    elif role == "bidder":
        who = cast.companies["works"][0]
    else:
        return ("澄州市公共资源交易中心（演示）", "")
    return who.name, who.uscc or ""


def listed(cast: Cast) -> list[DemoAccount]:
    return [
        DemoAccount(
            name=name, role=role, organisation=_organisation(cast, role)[0], login=login, password=password_of(login),
            totp_secret=None, certificate=None,
        )
        for role, login, name in PEOPLE
    ]  # fmt: skip

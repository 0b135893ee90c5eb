"""Demo accounts: invented people, one a role and one more that also needs a code.

Passwords and code secrets are made from the instance's own secret, never written here.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import TypedDict

from django.conf import settings

from tradehall.accounts import services
from tradehall.config.demo import bodies, certificates
from tradehall.config.demo.cast import Cast
from tradehall.kernel.actor import Actor

PEOPLE = (
    ("principal", "demo-principal", "林远（演示）"),
    ("agency", "demo-agency", "周明（演示）"),
    ("bidder", "demo-bidder", "陈岚（演示）"),
    ("bidder", "demo-bidder-2", "邱远（演示）"),
    ("centre", "demo-centre", "吴静（演示）"),
    ("supervisor", "demo-supervisor", "郑直（演示）"),
    ("supervisor", "demo-district", "何川（演示）"),
    ("authority", "demo-authority", "许衡（演示）"),
    ("discipline", "demo-discipline", "严明（演示）"),
    ("auditor", "demo-auditor", "沈核（演示）"),
    ("association", "demo-association", "方协（演示）"),
    ("expert", "demo-expert", "秦评（演示）"),
    ("cashier", "demo-cashier", "金算（演示）"),
    ("host", "demo-host", "唐持（演示）"),
    ("notary", "demo-notary", "公正（演示）"),
    ("guardian", "demo-guardian", "守钥（演示）"),
    ("steward", "demo-steward", "孟简（演示）"),
    ("administrator", "demo-admin", "管一（演示）"),
    ("administrator", "demo-admin-2", "管二（演示）"),
)

WITHOUT_TWIN = ("demo-district", "demo-bidder-2")  # the second of their role
# Administrators are appointed by the house, so one of the two needs a code himself; every other role has a twin who does.
WITH_CODE = {"demo-admin-2": "demo-admin-2"} | {
    login: f"{login}-code" for role, login, _ in PEOPLE if role != "administrator" and login not in WITHOUT_TWIN
}


class DemoAccount(TypedDict):
    name: str
    role: str
    organisation: str | None
    login: str
    password: str
    totp_secret: str | None
    certificate: certificates.CertificateFiles | None


def password_of(login: str) -> str:
    """The same for one instance, different between instances."""
    return "demo-" + _secret_of(login).hex()[:16]


def totp_secret_of(login: str) -> str | None:
    if login not in WITH_CODE.values():
        return None
    return base64.b32encode(_secret_of(f"code of {login}")[:20]).decode()


def _secret_of(text: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()


def everybody() -> list[tuple[str, str, str]]:
    """Role, login and name; whoever needs a code comes after whoever does not."""
    twins = [
        (role, WITH_CODE[login], name.replace("（", "二（"))
        for role, login, name in PEOPLE
        if login in WITH_CODE and WITH_CODE[login] != login
    ]
    return [*PEOPLE, *twins]


def create_people(cast: Cast, *, by: Actor, at: datetime) -> None:
    for _, login, name in everybody():
        made = services.create_account(by=by, at=at, login=login, name=name, password=password_of(login), is_demo=True)
        secret = totp_secret_of(login)
        if secret is not None:
            services.give_totp(by=by, at=at, account=made, secret=secret)
    bodies.appoint(cast, at=at)
    bodies.appoint_twins(cast, WITH_CODE, at=at)
    certificates.issue_all(cast, at=at)


def listed(cast: Cast) -> list[DemoAccount]:
    offices = {post.login: post.office.name for post in reversed(bodies.posts(cast)) if post.office}
    offices |= {WITH_CODE[login]: name for login, name in offices.items() if login in WITH_CODE}
    return [
        DemoAccount(
            name=name, role=role, organisation=offices.get(login), login=login, password=password_of(login),
            totp_secret=totp_secret_of(login), certificate=certificates.files_of(login),
        )
        for role, login, name in everybody()
    ]  # fmt: skip

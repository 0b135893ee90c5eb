"""The permission matrix: every address × every role, a visitor and a trading system, asked for in earnest.

Generated from the URL map and `tests/house/permissions.toml`; the house's own check sees to it that nothing is unlisted.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from tests.house.addresses import Address, addresses
from tests.house.permissions import LISTED, PEOPLE, SYSTEM, TABLE, Rule, rule
from tradehall.accounts.services import add_system
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.parties.roles import roles
from tradehall.parties.tests import bodies

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
VISITOR = "visitor"
LETTERS = "ABCDEFGHJKLMNPQRTUWXY"
FORM = "application/x-www-form-urlencoded"
SHUT = {401, 403}
NO_DOOR = SHUT | {400, 404, 405}


@pytest.fixture
def personas(db: None, settings: Any) -> dict[str, dict[str, str]]:
    """Cookies or headers of each: one person a role, each at a body of his own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    at = platform_now()
    made = add_system(by=PLATFORM, at=at, code="matrix", name="某交易系统", line="works")
    found = {VISITOR: {}, SYSTEM: {"headers": {"Authorization": f"Bearer {made.token}"}}}
    return found | {role: {"login": _person(role, place, at)} for place, role in enumerate(PEOPLE)}


def _person(role: str, place: int, at: datetime) -> str:
    known, login = roles()[role], f"matrix-{role}"
    uscc = bodies.code_of(f"MA0001{LETTERS[place]}A") if known.organisation else ""
    terms: dict[str, Any] = {"lines": ["works"]} if known.lines else {}
    if known.districts:
        terms["districts"] = ["990100"]
    bodies.appointed(login, role, uscc, at=at, **terms)
    account = bodies.person(login, at=at)
    account.set_password(login)
    account.save()
    return login


def ask(persona: dict[str, Any], method: str, path: str) -> HttpResponseBase:
    """In the persona's own session, begun anew where an address has ended it."""
    client: Client = persona.setdefault("client", Client(headers=persona.get("headers"), raise_request_exception=False))
    if "login" in persona and "_auth_user_id" not in client.session:
        client.force_login(bodies.person(persona["login"], at=platform_now()), backend=BACKEND)
    return client.generic(method, path, b"", "application/json" if path.startswith("/api/") else FORM)


def is_shut(answer: HttpResponseBase, one: Rule, name: str = VISITOR) -> bool:
    if one.leaves and name in PEOPLE:
        return answer.status_code != 302
    leads_to_login = answer.status_code in (302, 303) and urlsplit(answer.headers["Location"]).path == "/login"
    return answer.status_code in SHUT or leads_to_login or (one.hidden and answer.status_code == 404)


def wrong(address: Address, personas: dict[str, Any]) -> Iterator[str]:
    one = rule(address)
    path = address.path(TABLE["samples"]) + (f"?{one.query}" if one.query else "")
    for method in one.methods:
        for name, persona in personas.items():
            answer = ask(persona, method, path)
            if answer.status_code >= 500 or is_shut(answer, one, name) == one.admits(name):
                yield f"{method} {path} as {name}: {answer.status_code}, the table says {one.who}"
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(one.methods):
        answer = ask(personas[VISITOR], method, path)
        if not (is_shut(answer, one) or answer.status_code in NO_DOOR) and not address.methods:
            yield f"{method} {path} is not in the table and answers a visitor {answer.status_code}"


def test_every_address_opens_to_whom_the_table_says(personas: dict[str, Any]) -> None:
    listed = [one for one in addresses() if one.key in LISTED]
    found = [line for one in listed for line in wrong(one, personas)]
    assert found == [], "\n".join(found)

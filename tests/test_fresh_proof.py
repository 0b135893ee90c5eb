"""Whoever proved long ago who he is does nothing that cannot be undone: every such page, asked for in earnest."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tests.house.addresses import Address, addresses
from tests.house.permissions import PEOPLE, TABLE, rule
from tests.house.test_irreversible import PAGES, irreversible, page_of
from tradehall.accounts import services as accounts
from tradehall.accounts.rules import acr_of
from tradehall.accounts.signing import RECENT_S
from tradehall.journal.clock import platform_now
from tradehall.journal.models import Entry
from tradehall.parties.roles import roles
from tradehall.parties.tests import bodies

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GRAVE = sorted({page_of(code) for code in irreversible()} & PAGES.keys())


def address(key: str) -> Address:
    return next(one for one in addresses() if one.key == key)


def came_in(key: str, ago_s: float) -> Client:
    """Somebody who may open the page, signed in so long ago."""
    role = next((one for one in PEOPLE if rule(address(key)).admits(one)), "bidder")
    at, login = platform_now(), f"grave-{role}"
    bodies.appointed(login, role, bodies.code_of("MA0001GA") if roles()[role].organisation else "", at=at)
    client, person = Client(), bodies.person(login, at=at)
    client.force_login(person, backend=BACKEND)
    accounts.sign_in(
        at=timezone.now() - timedelta(seconds=ago_s), account=person, session_key=client.session.session_key or "",
        amr=["pwd"], acr=acr_of(["pwd"]),
    )  # fmt: skip
    return client


def sent(key: str, ago_s: float) -> tuple[Any, int]:
    """What a form sent to the page is answered, and how many acts it left."""
    client = came_in(key, ago_s)
    before = Entry.objects.count()
    answer = client.post(
        address(key).path(TABLE["samples"]), {"reason": "试一试", "decision": "accept", "purpose": "试"}
    )
    return answer, Entry.objects.count() - before


@pytest.mark.django_db
@pytest.mark.parametrize("key", GRAVE)
def test_an_old_proof_is_asked_again_before_anything_happens(key: str) -> None:
    answer, acts = sent(key, RECENT_S + 1)
    assert (answer.status_code, urlsplit(answer.headers.get("Location", "")).path, acts) == (302, "/login/again", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("key", GRAVE)
def test_a_fresh_proof_is_not_asked_again(key: str) -> None:
    answer, _ = sent(key, 0)
    assert urlsplit(answer.headers.get("Location", "")).path != "/login/again"

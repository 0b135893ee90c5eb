"""Acts of centre staff: registering a system that lets people in through us, and disabling it.

Addresses are compared letter by letter later, so they are judged letter by letter here. The secret is seen once.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction

from tradehall.accounts.oidc import families
from tradehall.accounts.oidc.models import ClientSystem
from tradehall.accounts.outgoing import address_problem
from tradehall.journal import services as journal
from tradehall.journal.clock import is_movable
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if

SCOPES = ("openid", "profile", "offline_access")
GRANTS = (Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN)


@dataclass(frozen=True, slots=True)
class NewClient:
    """The only time the secret is seen; a public client has none."""

    system: ClientSystem
    secret: str | None


def register_client(
    *,
    by: Actor,
    at: datetime,
    name: str,
    redirects: Sequence[str],
    backchannel: str = "",
    logouts: Sequence[str] = (),
    start: str = "",
    line: str | None = None,
    public: bool = False,
) -> NewClient:
    """Without a start address the door is the root of the first redirect address."""
    refuse_if(_violations(name, redirects, backchannel, logouts, start))
    client = Client(
        name=name.strip(), type=Client.Type.PUBLIC if public else Client.Type.CONFIDENTIAL, response_types="code"
    )
    secret = None if public else secrets.token_urlsafe(32)
    client.secret = _hashed(secret or secrets.token_urlsafe(32))
    client.set_scopes(list(SCOPES))
    client.set_default_scopes(["openid"])
    client.set_grant_types(list(GRANTS))
    client.set_redirect_uris(list(redirects))
    client.set_post_logout_redirect_uris(list(logouts))
    with transaction.atomic():
        client.save()
        system = ClientSystem.objects.create(
            client=client, name=client.name, line=line, start_href=start or _root(redirects[0]),
            backchannel_href=backchannel, created_at=at,
        )  # fmt: skip
        facts = {"name": client.name, "redirects": list(redirects), "is_public": public}
        subject = Ref("client", client.pk)
        journal.record(code="accounts.register_client", by=by, at=at, subject=subject, facts=facts)
    return NewClient(system, secret)


def disable_client(*, by: Actor, at: datetime, client_id: str) -> ClientSystem:
    """Nobody gets in by it any more, and whoever is in is told to leave."""
    with transaction.atomic():
        system = ClientSystem.objects.select_for_update().filter(client_id=client_id).first()
        if system is None:
            raise NotVisible(client_id)
        if system.disabled_at is None:
            system.disabled_at = at
            system.save(update_fields=["disabled_at"])
            families.end(cause="client_disabled", system=system)
            journal.record(
                code="accounts.disable_client", by=by, at=at, subject=Ref("client", client_id), facts={}
            )  # fmt: skip
    return system


def client_systems() -> list[ClientSystem]:
    return list(ClientSystem.objects.select_related("client").order_by("pk"))


def open_system(client_id: str) -> ClientSystem | None:
    """The registered system, unless it is unknown or disabled."""
    found = ClientSystem.objects.select_related("client").filter(client_id=client_id[:100], disabled_at__isnull=True)
    return None if "\x00" in client_id else found.first()


def _violations(
    name: str, redirects: Sequence[str], backchannel: str, logouts: Sequence[str], start: str
) -> list[Violation]:
    found = [] if 0 < len(name.strip()) <= 100 else [Violation("name", "名称应有 1 至 100 个字", field="name")]
    if not redirects:
        found.append(Violation("redirect", "至少登记一个回调地址", field="redirect"))
    stated = [("redirect", one) for one in redirects] + [("logout", one) for one in logouts]
    stated += [(field, one) for field, one in (("backchannel", backchannel), ("start", start)) if one]
    loopback = {"redirect": True, "logout": True, "start": True, "backchannel": is_movable()}
    for field, address in stated:
        problem = _problem(address, loopback=loopback[field])
        if problem:
            found.append(Violation("address", f"{address[:80]}：{problem}；没有登记", field=field))
    return found


def _problem(address: str, *, loopback: bool) -> str | None:
    if "*" in address or len(address) > 500:
        return "不可用通配符，最长 500 字符"
    return address_problem(address, loopback=loopback)


def _hashed(secret: str) -> str:
    """In the form that allauth checks, with one round: nobody guesses 256 random bits, and every refresh pays for it."""
    return PBKDF2PasswordHasher().encode(secret, secrets.token_urlsafe(12), iterations=1)


def _root(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"

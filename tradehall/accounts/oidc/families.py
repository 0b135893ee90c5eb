"""Token families: begun by a consent, kept alive by refreshing, ended with the sign-in, the role, or the first theft.

Codes and tokens are allauth's rows holding hashes; `data` names the family. Times here are wall-clock times, because
other machines compare them with theirs. Whoever ends a family says why.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.idp.oidc.models import Token
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from tradehall.accounts.models import Account
from tradehall.accounts.oidc.models import ClientSystem, SpentToken, TokenFamily
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref

SEND_LOGOUT = "accounts.jobs.send_logout"
LOGOUT_PRIORITY = 100
CODE_LIFE = timedelta(seconds=60)
ACCESS_LIFE = timedelta(minutes=10)
REFRESH_LIFE = timedelta(hours=12)
LIVES = {Token.Type.AUTHORIZATION_CODE: CODE_LIFE, Token.Type.ACCESS_TOKEN: ACCESS_LIFE,
         Token.Type.REFRESH_TOKEN: REFRESH_LIFE}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignInFacts:
    """What a token says about how its person signed in."""

    sid: str
    at: datetime
    acr: str
    amr: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Capacity:
    """For whom somebody acts, and as what; without a code and a name it is himself."""

    code: str
    name: str
    roles: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.code or self.name


def consent(
    *, by: Actor, at: datetime, account: Account, system: ClientSystem, sign_in: SignInFacts, capacity: Capacity
) -> TokenFamily:
    """The person lets a system know who he is and for whom he acts; fixed for every token that follows."""
    with transaction.atomic():
        Token.objects.filter(user=account).expired().delete()
        family = TokenFamily.objects.create(
            account=account, system=system, sid=sign_in.sid, organisation_code=capacity.code,
            organisation_name=capacity.name, roles=list(capacity.roles), acr=sign_in.acr, amr=list(sign_in.amr),
            authenticated_at=sign_in.at, created_at=timezone.now(), consented_at=at,
        )  # fmt: skip
        subject, facts = Ref("family", str(family.pk)), {"client": system.client_id}
        journal.record(code="accounts.consent", by=by, at=at, subject=subject, facts=facts)
    return family


def token_hash(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def issue(family: TokenFamily, kind: str, value: str, scopes: Collection[str], **data: object) -> Token:
    token = Token(
        type=kind, hash=token_hash(value), client_id=family.system.client_id, user_id=family.account_id,
        data={"family": family.pk, **data}, expires_at=timezone.now() + LIVES[Token.Type(kind)],
    )  # fmt: skip
    token.set_scopes(list(scopes))
    token.save()
    return token


def new_code(family: TokenFamily, scopes: Collection[str], data: Mapping[str, Any]) -> str:
    value = secrets.token_urlsafe(48)
    issue(family, Token.Type.AUTHORIZATION_CODE, value, scopes, **data)
    return value


def live(kind: str, value: str, client_id: str | None = None) -> Token | None:
    """The token, locked, if it may still be used; by another client's hands it does not exist."""
    found = Token.objects.select_for_update(of=("self",)).select_related("user", "client").valid()
    found = found.filter(type=kind, hash=token_hash(value))
    token = found.filter(client_id=client_id).first() if client_id else found.first()
    return token if token is not None and token.user and token.user.is_active else None


def family_of(token: Token) -> TokenFamily | None:
    """The living family of a token; a token without one is worth nothing."""
    number = token.data.get("family") if isinstance(token.data, dict) else None
    if not isinstance(number, int):
        return None
    found = TokenFamily.objects.select_related("system", "account").filter(pk=number, ended_at__isnull=True)
    return found.first()


def latest(*, sid: str, system: ClientSystem) -> TokenFamily | None:
    """What this sign-in last let this system know, while it stands."""
    return TokenFamily.objects.filter(sid=sid, system=system, ended_at__isnull=True).order_by("-pk").first()


def spend(token: Token, family: TokenFamily) -> None:
    """Used up: the row goes, its hash stays as a tripwire."""
    SpentToken.objects.create(hash=token.hash, family=family, spent_at=timezone.now())
    token.delete()


def trip(value: str, client_id: str, *, at: datetime) -> bool:
    """A used code or token came back to its own client's door: its family ends, and nothing else does."""
    spent = SpentToken.objects.select_related("family__system").filter(hash=token_hash(value)).first()
    if spent is None or spent.family.system.client_id != client_id:
        return False
    if end(cause="token_reused", notify=False, pk=spent.family_id):
        by = Actor("system", client_id, spent.family.system.name)
        subject = Ref("family", str(spent.family_id))
        journal.record(code="accounts.end_family", by=by, at=at, subject=subject, facts={"cause": "token_reused"})
    return True


def end(*, cause: str, notify: bool = True, **which: object) -> int:
    """Ends the living families that match; their systems are told once a sign-in, by a job of this transaction."""
    with transaction.atomic():
        chosen: QuerySet[TokenFamily] = TokenFamily.objects.select_for_update(of=("self",)).select_related("system")
        ended = list(chosen.filter(ended_at__isnull=True, **which).order_by("pk"))
        numbers = [one.pk for one in ended]
        TokenFamily.objects.filter(pk__in=numbers).update(ended_at=timezone.now(), cause=cause)
        people = {one.account_id for one in ended}
        Token.objects.filter(user_id__in=people, data__family__in=numbers).delete()
        if notify:
            _tell({(one.system_id, one.account_id, one.sid) for one in ended if one.system.backchannel_href})
    return len(ended)


def living() -> QuerySet[TokenFamily]:
    """What stands, for whoever knows which of it has run out by the clock."""
    return TokenFamily.objects.filter(ended_at__isnull=True, consented_at__isnull=False).order_by("pk")


def end_for_sign_in(sid: str) -> int:
    """Signing out anywhere is signing out everywhere this sign-in had opened."""
    return end(cause="signed_out", sid=sid)


def end_for_capacity(account_id: int, organisation: str, *, cause: str) -> int:
    """A role or mandate for this organisation (code, or name without one) has ended: what it opened closes."""
    by_code = end(cause=cause, account_id=account_id, organisation_code=organisation)
    return by_code + end(cause=cause, account_id=account_id, organisation_code="", organisation_name=organisation)


def _tell(whom: set[tuple[int, int, str]]) -> None:
    """One job a system and sign-in, in this transaction: sent if and only if the ending stands."""
    job = app.configure_task(SEND_LOGOUT, allow_unknown=True, priority=LOGOUT_PRIORITY)
    for system, account, sid in sorted(whom):
        job.defer(system_id=system, account_id=account, sid=sid)

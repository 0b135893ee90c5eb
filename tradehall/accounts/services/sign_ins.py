"""Coming in, proving oneself again, going out. Every browser session has one row; an ended one lets nobody in any more.

Not for the public log: it would tell who works when. Times here are the machine's, for tokens are measured by them.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from tradehall.accounts import rules
from tradehall.accounts.models import Account, FailedSignIn, SignIn
from tradehall.accounts.oidc import families
from tradehall.accounts.selectors import session_hash
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Stale


def sign_in(
    *,
    at: datetime,
    account: Account,
    session_key: str,
    amr: Sequence[str],
    acr: str,
    address: str | None = None,
    device: str = "",
    organisation: str = "",
    certificate: str = "",
) -> SignIn:
    """Call it after the new session key is known. `at` is the machine's time, not the platform's."""
    return SignIn.objects.create(
        sid=secrets.token_urlsafe(32),
        account=account,
        session_hash=session_hash(session_key),
        signed_in_at=at,
        proved_at=at,
        acr=acr,
        amr=list(amr),
        organisation=organisation,
        certificate_sha256=certificate,
        address=address or None,
        device=device[:200],
    )


def prove_again(*, at: datetime, session_key: str, amr: Sequence[str], certificate: str = "") -> SignIn | None:
    """The person has just proved who he is once more: later `auth_time`, and the ways add up."""
    with transaction.atomic():
        found = _standing(session_key)
        if found is None:
            return None
        found.proved_at = max(at, found.proved_at)
        found.amr = rules.together(found.amr, amr)
        found.acr = rules.stronger(found.acr, rules.acr_of(found.amr))
        found.certificate_sha256 = certificate or found.certificate_sha256
        found.save(update_fields=["proved_at", "amr", "acr", "certificate_sha256"])
    return found


def act_for(*, session_key: str, organisation: str) -> SignIn:
    """Whom this browser session acts for from now on. Whether the person may is asked by `parties`, before."""
    with transaction.atomic():
        found = _standing(session_key)
        if found is None:
            raise Stale("the session has ended")
        found.organisation = organisation
        found.save(update_fields=["organisation"])
    return found


def move_sign_in(*, from_key: str, to_key: str) -> None:
    """The browser session got a new key (its password changed): it stays the same sign-in."""
    SignIn.objects.filter(session_hash=session_hash(from_key), ended_at__isnull=True).update(
        session_hash=session_hash(to_key)
    )


def end_sign_in(*, at: datetime, sign_in: SignIn) -> SignIn:
    """Ends one browser session. A second call changes nothing."""
    with transaction.atomic():
        found = SignIn.objects.select_for_update().get(pk=sign_in.pk)
        if found.ended_at is None:
            found.ended_at = max(at, found.signed_in_at)
            found.save(update_fields=["ended_at"])
            families.end_for_sign_in(found.sid)
        _drop_sessions(found.account_id, {found.session_hash})
    return found


def end_sign_ins_by_certificate(*, at: datetime, sha256: str) -> list[SignIn]:
    """A certificate that vouches for nobody any more: what it opened or raised in level ends, with its systems."""
    rested = SignIn.objects.filter(certificate_sha256=sha256, ended_at__isnull=True).order_by("id")
    return [end_sign_in(at=at, sign_in=one) for one in rested]


def end_all_sign_ins(*, by: Actor, at: datetime, account: Account, spare: str | None = None) -> list[SignIn]:
    """Out everywhere, in one act; `spare` is the key of the one browser session that stays. Returns those it ended."""
    kept = session_hash(spare) if spare else ""
    with transaction.atomic():
        standing = SignIn.objects.select_for_update().filter(account=account, ended_at__isnull=True)
        ended = list(standing.exclude(session_hash=kept).order_by("id"))
        for one in ended:
            one.ended_at = max(at, one.signed_in_at)
        SignIn.objects.bulk_update(ended, ["ended_at"])
        for one in ended:
            families.end_for_sign_in(one.sid)
        _drop_sessions(account.pk, {one.session_hash for one in ended})
        journal.record(
            code="accounts.end_all_sign_ins", by=by, at=at, subject=Ref("account", str(account.pk)), facts={}
        )
    return ended


def note_failed_sign_in(*, at: datetime, login: str, kind: str, address: str | None) -> FailedSignIn:
    """What was tried is not kept: neither password nor code, and the login only as a digest."""
    account = Account.objects.filter(login=login[:64]).first()
    return FailedSignIn.objects.create(
        account=account, login_digest=login_digest(login), address=address or None, tried_at=at, kind=kind
    )


def login_digest(login: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), login.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _standing(session_key: str) -> SignIn | None:
    standing = SignIn.objects.select_for_update().filter(ended_at__isnull=True)
    return standing.filter(session_hash=session_hash(session_key)).first()


def _drop_sessions(account_id: int, hashes: set[str]) -> None:
    """The browser sessions themselves; the rows that name them are the library's."""
    for session in UserSession.objects.filter(user_id=account_id):
        if session_hash(session.session_key) in hashes:
            session.end()

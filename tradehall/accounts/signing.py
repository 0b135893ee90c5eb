"""The edge of sign-in for views of every app: who is here, whether he proved it lately, and how a session begins and ends.

`signed_in` and `require_recent` guard views; both bring the person back to the same act with what he typed. Nothing here
decides what somebody may do: services authorise.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any, cast, overload
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from tradehall.accounts import drafts, rules, selectors, services
from tradehall.accounts.models import Account, SignIn

View = Callable[..., HttpResponse]
RECENT_S = 300
UNREAD = object()
# Stands on every view behind `require_recent`, also through further decorators: the house's check of acts reads it.
ASKS_AGAIN = "asks_again"
# Beside the request, in the one place of it that is open to everybody's values.
BESIDE, DRAFT_KEPT_AT = "tradehall.sign_in", "tradehall.draft_kept_at"
# The ways of the sign-in library in the words of RFC 8176. A passkey that signed in alone had asked for finger or number.
WAYS = {"totp": ["otp"], "recovery_codes": ["otp"], "webauthn": ["hwk"]}


# ── who is here ────────────────────────────────────────────────────────────────────────────────────────────────────
def current(request: HttpRequest) -> SignIn | None:
    """The standing sign-in of this browser session; None for anybody who is not signed in."""
    found = request.META.get(BESIDE, UNREAD)
    if found is UNREAD:
        found = selectors.sign_in_of(request.session.session_key) if request.user.is_authenticated else None
        remember(request, cast("SignIn | None", found))
    return cast("SignIn | None", found)


def remember(request: HttpRequest, found: SignIn | None) -> None:
    request.META[BESIDE] = found


def account(request: HttpRequest) -> Account:
    """The person a guarded view was asked by."""
    return cast(Account, request.user)


def is_recent(request: HttpRequest, seconds: int = RECENT_S) -> bool:
    """Whether this person proved who he is within the last seconds: by coming in, or once more since."""
    found = current(request)
    return found is not None and timezone.now() - found.proved_at <= timedelta(seconds=seconds)


def own_address(request: HttpRequest, asked: str | None, otherwise: str = "/desk") -> str:
    """`asked` when it leads to a page of ours, else the desk: no redirect leaves the site."""
    secure = settings.SITE_URL.startswith("https://")
    is_ours = bool(asked) and url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=secure)
    return cast(str, asked) if is_ours else otherwise


# ── coming in and going out ────────────────────────────────────────────────────────────────────────────────────────
def enter(request: HttpRequest, person: Account, *, amr: Sequence[str], certificate: str = "") -> SignIn:
    """Begin a browser session for a person who has just proved who he is, with a new session key."""
    get_adapter(request).begin(request, person)
    return note_sign_in(request, person, amr=amr, certificate=certificate)


def note_sign_in(request: HttpRequest, person: Account, *, amr: Sequence[str], certificate: str = "") -> SignIn:
    if not request.session.session_key:
        request.session.save()
    ways = rules.amr_of(amr)
    made = services.sign_in(
        at=timezone.now(),
        account=person,
        session_key=cast(str, request.session.session_key),
        amr=ways,
        acr=rules.acr_of(ways),
        certificate=certificate,
        address=address_of(request),
        device=request.META.get("HTTP_USER_AGENT", ""),
    )
    remember(request, made)
    return made


def prove(request: HttpRequest, *, amr: Sequence[str], certificate: str = "") -> None:
    """The signed-in person has just proved who he is once more, by whatever way the caller verified."""
    record_authentication(request, request.user, "proof", reauthenticated=True)
    key = request.session.session_key or ""
    remember(request, services.prove_again(at=timezone.now(), session_key=key, amr=amr, certificate=certificate))


def note_proof(request: HttpRequest, since_s: float) -> None:
    """The library has just asked this person who he is, if it noted so since then."""
    records = get_authentication_records(request, request.user)
    last = records[-1] if records else {}
    if last.get("reauthenticated") and last["at"] >= since_s:
        key = request.session.session_key or ""
        remember(request, services.prove_again(at=timezone.now(), session_key=key, amr=ways_of([last])))


def address_of(request: HttpRequest) -> str | None:
    return request.META.get("REMOTE_ADDR") or None


def ways_of(records: Sequence[dict[str, Any]]) -> list[str]:
    """What the library noted about this sign-in, as `amr`."""
    found: list[str] = []
    for one in records:
        if one.get("method") == "password":
            found.append("pwd")
        found += WAYS.get(str(one.get("type")), [])
        if one.get("passwordless"):
            found.append("user")
    return rules.amr_of(found)


# ── guards ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def signed_in(view: View) -> View:
    """For people who are signed in. Others sign in first and come back, to the form as they had filled it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            keep_of_marked(request)
            return _go(settings.LOGIN_URL, request)
        return _with_draft(view, request, *args, **kwargs)

    return guarded


@overload
def require_recent(view: View, /) -> View: ...
@overload
def require_recent(*, seconds: int = RECENT_S, to_read: bool = True) -> Callable[[View], View]: ...
def require_recent(
    view: View | None = None, /, *, seconds: int = RECENT_S, to_read: bool = True
) -> View | Callable[[View], View]:
    """For acts that cannot be undone: whoever proved himself longer ago is asked again, and comes back to the same act.

    `@require_recent` or `@require_recent(seconds=60)`; includes `signed_in`. `to_read=False`: looking at the page asks
    nobody, only sending its form does; the view then fills the form with what was `kept`.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            is_free = not to_read and request.method in ("GET", "HEAD")
            if is_free or not request.user.is_authenticated or is_recent(request, seconds):
                return signed_in(view)(request, *args, **kwargs)
            if request.method == "POST":
                _keep(request, account(request))
            return _go("/login/again", request)

        guarded.__dict__[ASKS_AGAIN] = True
        return guarded

    return guard if view is None else guard(view)


def kept(request: HttpRequest) -> QueryDict | None:
    """What this person had typed into this form when he was interrupted. The view fills its form with it."""
    found = drafts.find(at=timezone.now(), account=account(request), form_href=request.path)
    if found is None:
        return None
    request.META[DRAFT_KEPT_AT] = found[1]
    return found[0]


def by_post(label: str, **decisions: str) -> Callable[[View], View]:
    """For acts without a form page of their own: whoever comes back to one finds what he had sent, and one button.

    `decisions`: what the button says for each value of the form's field `decision`.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            fields = kept(request)
            if fields is None:
                return HttpResponseNotAllowed(["POST"])
            pairs = [(name, value) for name, values in fields.lists() for value in values]
            words = decisions.get(fields.get("decision", ""), label)
            context = {"label": words, "pairs": pairs, "reason": fields.get("reason", "")}
            return render(request, "accounts/resume.html", context)

        return guarded

    return guard


def _with_draft(view: View, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """A form that went through needs its draft no more."""
    answer = view(request, *args, **kwargs)
    if request.method == "POST" and 300 <= answer.status_code < 400 and request.user.is_authenticated:
        drafts.drop(account=account(request), form_href=request.path)
    return answer


def keep_of_marked(request: HttpRequest) -> None:
    person = drafts.account_of(request.POST.get(drafts.FIELD, "")) if request.method == "POST" else None
    if person is not None:
        _keep(request, person)


def _keep(request: HttpRequest, person: Account) -> None:
    drafts.keep(at=timezone.now(), account=person, form_href=request.path, fields=request.POST)


def _go(where: str, request: HttpRequest) -> HttpResponse:
    """To where he proves himself, and then back: a form that was sent is reached again by its own address."""
    back = request.path if request.method == "POST" else request.get_full_path()
    return HttpResponseRedirect(f"{where}?{urlencode({'next': back})}")

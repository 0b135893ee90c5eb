"""For whom the person at the screen acts: the one way a view gets its Actor.

The choice is kept in the session and shown in the head of every page. It is only a choice among what was granted: the
roles are read anew from the records for each request, so that an ended grant ends at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject

from tradehall.accounts.selectors import Account
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.parties import selectors as parties
from tradehall.parties.grants import Person
from tradehall.parties.roles import label

ORGANISATION, CLIENT, KEPT = "acting_for", "acting_client", "acting"
PERSONAL = "本人"
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Choice:
    """One body the person may act for; `value` is what the form sends, empty for himself."""

    value: str
    name: str
    roles: str
    current: bool


@dataclass(frozen=True, slots=True)
class Client:
    """A principal an agency holds a mandate of, and whether the paper still counts."""

    value: str
    name: str
    mandate_no: str
    until_on: str
    state: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Acting:
    """What the head of the page says about the signed-in person."""

    actor: Actor
    name: str
    choices: tuple[Choice, ...]
    clients: tuple[Client, ...]

    @property
    def organisation_name(self) -> str:
        return next((one.name for one in self.choices if one.current), PERSONAL)

    @property
    def role_words(self) -> str:
        return "、".join(label(role) for role in sorted(self.actor.roles))

    @property
    def is_agency(self) -> bool:
        return self.actor.has("agency")

    @property
    def client(self) -> Client | None:
        return next((one for one in self.clients if one.current), None)


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, for whom, as what. Only for signed-in requests: `signed_in` sees to that."""
    acting = acting_of(request)
    if acting is None:
        raise PermissionDenied("not signed in")
    return acting.actor


def acting_of(request: HttpRequest) -> Acting | None:
    """Read once a request; None for visitors."""
    known: dict[str, Any] = request.__dict__
    if KEPT not in known:
        user = getattr(request, "user", None)
        known[KEPT] = _read(request, user, platform_now()) if isinstance(user, Account) else None
    found: Acting | None = known[KEPT]
    return found


def choose(request: HttpRequest, organisation: str, client: str) -> Acting | None:
    """Keep a choice that was granted; None when it was not, and nothing changes."""
    if not isinstance(request.user, Account):
        return None
    if organisation not in {one[0] for one in _bodies(request.user, platform_now())}:
        return None
    request.session[ORGANISATION], request.session[CLIENT] = organisation, client
    request.__dict__.pop(KEPT, None)
    return acting_of(request)


def signed_in(view: View) -> View:
    """Visitors are led to the sign-in page and back."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return HttpResponseRedirect(f"/login?next={quote(request.get_full_path())}")

    return handle


def only(*roles: str) -> Callable[[View], View]:
    """Signed in, and acting in one of these roles; anybody else is told so with 403."""

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if actor_of(request).roles & set(roles):
                return view(request, *args, **kwargs)
            raise PermissionDenied("、".join(label(role) for role in roles))

        return handle

    return decorate


def shown(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `acting`, asked of the database only by a page that shows it to somebody signed in."""
    return {"acting": SimpleLazyObject(lambda: acting_of(request))}


def _read(request: HttpRequest, account: Person, at: datetime) -> Acting:
    bodies = _bodies(account, at)
    wanted = request.session.get(ORGANISATION)
    known = {value for value, _, _ in bodies}
    organisation = wanted if wanted in known else bodies[0][0] if bodies else ""
    client = request.session.get(CLIENT) or None
    actor = parties.actor(account, organisation or None, at, client)
    choices = tuple(Choice(value, name, roles, value == organisation) for value, name, roles in bodies)
    return Acting(actor, account.name, choices, _clients(actor, at))


def _bodies(account: Person, at: datetime) -> list[tuple[str, str, str]]:
    """Code (or name where there is none), name and roles of each body, in the order they were granted."""
    found: dict[str, tuple[str, list[str]]] = {}
    for one in parties.grants(account, at):
        key = one.organisation_uscc or one.organisation_name
        found.setdefault(key, (one.organisation_name or PERSONAL, []))[1].append(label(one.role))
    return [(key, name, "、".join(dict.fromkeys(words))) for key, (name, words) in found.items()]


def _clients(actor: Actor, at: datetime) -> tuple[Client, ...]:
    """One a principal: the paper that counts, else the one that ended last."""
    if not actor.has("agency") or not actor.organisation:
        return ()
    best: dict[str, Client] = {}
    for one in sorted(parties.held_mandates(actor.organisation, at), key=lambda held: held.state == "current"):
        row = one.mandate
        best[row.principal_id] = Client(
            row.principal_id, row.principal.name, row.mandate_no, row.until_on.isoformat(), one.state, one.label,
            row.principal_id == actor.client,
        )  # fmt: skip
    return tuple(best.values())

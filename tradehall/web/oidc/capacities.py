"""For whom the person at this browser may act, and how he signed in: what pages of the provider ask about him."""

from django.http import HttpRequest

from tradehall.accounts import signing
from tradehall.accounts.oidc.families import Capacity, SignInFacts, TokenFamily
from tradehall.accounts.selectors import Account, SignIn
from tradehall.journal.clock import platform_now
from tradehall.parties import selectors as parties
from tradehall.parties.roles import label
from tradehall.web.acting import acting_of


def sign_in_of(request: HttpRequest) -> SignIn | None:
    return signing.current(request)


def facts_of(request: HttpRequest) -> SignInFacts | None:
    found = sign_in_of(request)
    return SignInFacts(found.sid, found.proved_at, found.acr, tuple(found.amr)) if found else None


def acting_for(request: HttpRequest) -> str:
    """The organisation of this browser session (X15), as the key of a capacity; "" for nobody but himself."""
    acting = acting_of(request)
    return (acting.actor.organisation if acting else None) or ""


def capacities(account: Account) -> list[Capacity]:
    """One for each organisation in which the person holds roles; somebody without any acts for himself.

    Roles on single lots are left out: what counts on one lot only is asked of the platform, not carried in a token.
    """
    held: dict[tuple[str, str], set[str]] = {}
    for grant in parties.grants(account, platform_now()):
        if grant.lot_no is None:
            held.setdefault((grant.organisation_uscc, grant.organisation_name), set()).add(grant.role)
    found = [Capacity(code, name, tuple(sorted(roles))) for (code, name), roles in held.items()]
    return found or [Capacity("", "", ())]


def chosen(account: Account, key: str) -> Capacity | None:
    return next((one for one in capacities(account) if one.key == key), None)


def still_holds(family: TokenFamily) -> bool:
    """Whether every role of the family is still held, and no mandate of its agency has run out since.

    Both may end by the clock, with no act; the worker looks every minute, a refresh looks by itself.
    """
    now = chosen(family.account, family.organisation_code or family.organisation_name)
    if now is None or not set(family.roles) <= set(now.roles):
        return False
    if "agency" not in family.roles or family.consented_at is None:
        return True
    return not parties.ran_out_since(family.organisation_code, family.consented_at, platform_now())


def role_labels(capacity: Capacity) -> str:
    return "、".join(label(role) for role in capacity.roles)

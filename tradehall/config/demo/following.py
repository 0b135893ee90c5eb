"""What the people of the demonstration follow, so that their messages are not empty: real events, told by the matcher.

They follow before anything is sealed, so that the first reading of the journal finds what was published these days.
"""

from datetime import datetime

from tradehall.accounts import selectors as accounts
from tradehall.config.demo.cast import Cast
from tradehall.disclosure import matcher, reminders
from tradehall.kernel.actor import Actor
from tradehall.messages import services, tokens
from tradehall.messages.rules import AT_ONCE, DAILY, NO_MAIL, Subject, Wish
from tradehall.web.subjects import subject_of

WITH_ADDRESS = {"demo-bidder": "demo-bidder@chengzhou.example"}
LISTS = (
    ("demo-bidder", {"line": "works", "kind": "tender_notice"}, AT_ONCE),
    ("demo-bidder", {"q": "改造 工程"}, DAILY),
    ("demo-bidder-code", {"line": "procurement"}, NO_MAIL),
    ("demo-agency", {"line": "works", "kind": "result"}, NO_MAIL),
    ("demo-principal", {"state": "changed"}, NO_MAIL),
)


def follow(cast: Cast, at: datetime) -> None:
    for login, address in WITH_ADDRESS.items():
        account = accounts.account(login)
        made = services.state_contact(by=_actor(login), at=at, account_id=account.pk, address=address)
        services.confirm_contact(by=_actor(login), at=at, token=tokens.make(tokens.CONFIRM, made.contact_no))
    for login, conditions, mail in LISTS:
        _follow(login, subject_of("search", conditions), Wish(mail=mail), at)
    principal, _ = cast.principals["works"][0]
    if principal.uscc:
        _follow(
            "demo-bidder", Subject("organisation", principal.uscc, f"主体：{principal.name}", {}), Wish(mail=DAILY), at
        )


def tell(at: datetime) -> None:
    matcher.catch_up(at)
    reminders.sweep(at)


def _follow(login: str, subject: Subject, wish: Wish, at: datetime) -> None:
    account = accounts.account(login)
    services.subscribe(by=_actor(login), at=at, account_id=account.pk, subject=subject, wish=wish)


def _actor(login: str) -> Actor:
    return Actor("person", login, accounts.account(login).name)

"""Subscriptions and messages as rows and inputs of a page; and what was typed there as a wish. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

from tradehall.messages.rules import AT_ONCE, KINDS, MAILS, MOMENTS, NO_MAIL, Subject, Wish, moment_words

Row = dict[str, Any]


class Kept(Protocol):
    """A subscription as these rows need it; the record is another app's."""

    subscription_no: str
    subject_kind: str
    subject_no: str
    conditions: Mapping[str, str]
    title: str
    moments: Sequence[str]
    mail: str


def wish_of(moments: Collection[object], mail: str) -> Wish:
    """As a form sent it; the act judges."""
    return Wish(tuple(code for code in MOMENTS if code in moments), mail[:8])


def wish_inputs(wish: Wish, *, may_do_without_mail: bool, prefix: str = "") -> Row:
    """The moments as boxes, the mail as one choice; `prefix` keeps ids apart where a page has several."""
    return {
        "prefix": prefix,
        "moments": [(code, words, code in wish.moments) for code, words in MOMENTS.items()],
        "mails": [(code, words) for code, words in MAILS.items() if may_do_without_mail or code != NO_MAIL],
        "mail": wish.mail,
    }


def first_wish() -> Wish:
    return Wish(tuple(MOMENTS), AT_ONCE)


def subscription_rows(kept: Sequence[Kept], *, may_do_without_mail: bool) -> list[Row]:
    return [
        {
            "no": one.subscription_no,
            "kind": KINDS.get(one.subject_kind, one.subject_kind),
            "title": one.title,
            "href": href_of(Subject(one.subject_kind, one.subject_no, one.title, dict(one.conditions))),
            "words": f"{moment_words(one.moments)}；{MAILS.get(one.mail, '')}",
            "wish": wish_inputs(
                Wish(tuple(one.moments), one.mail), may_do_without_mail=may_do_without_mail, prefix=one.subscription_no
            ),
        }
        for one in kept
    ]


def href_of(subject: Subject) -> str:
    """The page of what is followed."""
    stated = dict(subject.conditions)
    view = stated.pop("view", "notices")
    if subject.kind == "search":
        return f"/{view}?{urlencode(stated)}" if stated else f"/{view}"
    return {"project": "/p/", "lot": "/lot/", "organisation": "/org/"}[subject.kind] + subject.no

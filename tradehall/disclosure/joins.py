"""Notices of joined numbers stand under the code they were joined to. Asked when read: a join that ends leaves no trace here.

Writes nothing: what a notice stated stays as it was stated.
"""

from collections.abc import Iterable

from django.db.models import Q

from tradehall.parties import selectors as parties

from .models import OrganisationRow


def stated_as(no: str) -> tuple[Q, tuple[str, ...]]:
    """Which roles belong to this number, and the mentions joined to it.

    A code has what was stated with it or with a code merged into it, and what was stated under a joined name alone.
    """
    if no.startswith("n-"):
        return Q(mention_no=no), (no,)
    joined = parties.joined_from(no)
    mentions = tuple(one for one in joined if one.startswith("n-"))
    codes = [no, *(one for one in joined if not one.startswith("n-"))]
    stated = Q(uscc__in=codes) if len(codes) > 1 else Q(uscc=no)
    return (stated | Q(uscc=None, mention_no__in=mentions) if mentions else stated), mentions


def listed_as(code: str) -> Q:
    """Rows of the list that belong to a code typed in full."""
    joined = parties.joined_from(code)
    return Q(uscc__in=[code, *joined]) | Q(uscc=None, mention_no__in=joined) if joined else Q(uscc=code)


def codes_of(rows: Iterable[OrganisationRow]) -> dict[str, str]:
    """For the rows of one page, the code each stands under now, where that is another than its own."""
    return parties.joined(row.uscc or row.mention_no for row in rows)

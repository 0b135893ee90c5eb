"""Reads about joins: where a number leads, which numbers lead to a code, and the trace of it all."""

from collections.abc import Iterable

from tradehall.parties.models import PartyJoin

LONGEST = 20  # a chain of joins; circles are refused when a join is made


def joined_into(no: str) -> str | None:
    """The code this mention or code stands under now, at the end of the chain; None when it stands alone."""
    found, seen = None, {no}
    while len(seen) < LONGEST:
        step = PartyJoin.objects.filter(from_no=no, ended_at__isnull=True).values_list("into_id", flat=True).first()
        if step is None or step in seen:
            break
        found = no = str(step)
        seen.add(no)
    return found


def joined_from(uscc: str) -> tuple[str, ...]:
    """Every mention and code that stands under this code now, through chains as well."""
    found: dict[str, None] = {}
    wave = [uscc]
    while wave:
        rows = PartyJoin.objects.filter(into_id__in=wave, ended_at__isnull=True).order_by("joined_at")
        wave = [no for no in rows.values_list("from_no", flat=True) if no not in found]
        found |= dict.fromkeys(wave)
    return tuple(found)


def joined(numbers: Iterable[str]) -> dict[str, str]:
    """For many numbers at once, those that stand under a code."""
    wanted = list(numbers)
    rows = PartyJoin.objects.filter(from_no__in=wanted, ended_at__isnull=True).values_list("from_no", "into_id")
    return {no: joined_into(into) or into for no, into in rows}


def join_history(no: str) -> list[PartyJoin]:
    """Every join of this number or into this code, ended ones included, newest first."""
    return list((PartyJoin.objects.filter(from_no=no) | PartyJoin.objects.filter(into_id=no)).order_by("-id"))

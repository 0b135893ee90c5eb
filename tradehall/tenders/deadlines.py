"""What a correction moved: the closing time the project's earlier notices had named.

Pure. Compares stated times only; says nothing about whether a deadline was lawful.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tradehall.tenders.rendition import Rendition


@dataclass(frozen=True, slots=True)
class Deadline:
    """The closing time the newest version of a notice names, and whose it is. Times as in the rendition."""

    attempt: int
    published_at: str
    closes_at: str | None
    lot_nos: frozenset[str]

    @property
    def day(self) -> str:
        return self.published_at[:10]


def is_correction(value: Rendition) -> bool:
    return value["kind"] == "correction" or value["nature"] == "correction"


def moved_by(value: Rendition, lot_nos: Iterable[str], earlier: Iterable[Deadline]) -> str | None:
    """The closing time that `value` replaces; `earlier` in the order of arrival. None when it moves nothing."""
    mine = frozenset(lot_nos)
    day = str(value["published_at"])[:10]
    named = [
        one
        for one in earlier
        if one.closes_at and one.attempt == value["attempt"] and one.day <= day and _meet(one.lot_nos, mine)
    ]
    # Of those published on the same day the one that came last; `sorted` keeps their order.
    newest = sorted(named, key=lambda one: one.day)[-1:]
    was = newest[0].closes_at if newest else None
    return was if value["closes_at"] and was != value["closes_at"] else None


def with_moved(value: Rendition, moved_from: object) -> Rendition:
    """`value` saying that its closing time moved, also in the term; `moved_from` None: that it did not."""
    terms = value["terms"]
    rows = [
        {**row, "was": moved_from} if isinstance(row, dict) and row.get("code") == "bid_deadline" else row
        for row in (terms if isinstance(terms, list) else [])
    ]
    return {**value, "moved_from": moved_from, "terms": rows}


def _meet(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Notices that name no lot speak of the whole project (lot 000)."""
    return bool(ours & theirs) or any(no.endswith("-000") for no in ours | theirs)

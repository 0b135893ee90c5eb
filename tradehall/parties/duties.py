"""Duties that must not meet (`duties.toml`): judged over plain values, for a person, an organisation and a lot. Pure.

A duty counts over its whole period: two that overlap on any day meet, whenever they were granted.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from tradehall.kernel.names import normalise_name
from tradehall.kernel.refusal import Violation
from tradehall.parties.roles import label, roles

ANY, GROUP = "*", "group:"


@dataclass(frozen=True, slots=True)
class Duty:
    """One role of one person for one organisation, on one lot or (None) in general, over a period.

    `person` is empty where only the organisation is known, as for the agency of a mandate; `lot` may be a whole project.
    """

    role: str
    person: str = ""
    organisation_uscc: str = ""
    organisation_name: str = ""
    lot: str | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None

    def is_of_body(self, other: "Duty") -> bool:
        """By code; by name where one of the two has no code."""
        if self.organisation_uscc and other.organisation_uscc:
            return self.organisation_uscc == other.organisation_uscc
        name = normalise_name(self.organisation_name)
        return bool(name) and name == normalise_name(other.organisation_name)


@dataclass(frozen=True, slots=True)
class Apart:
    """Two sides that may not meet; `lot`: only on one and the same lot."""

    sides: tuple[str, str]
    within: frozenset[str]
    reason: str
    basis: str
    lot: bool = False
    is_provisional: bool = False


@cache
def aparts() -> tuple[Apart, ...]:
    table = tomllib.loads((Path(__file__).parent / "duties.toml").read_text("utf-8"))
    return tuple(
        Apart(
            (row["sides"][0], row["sides"][1]), frozenset(row["in"]), row["reason"], row["basis"],
            bool(row.get("lot")), bool(row.get("provisional")),
        )
        for row in table["apart"]
    )  # fmt: skip


def duty_violations(new: Duty, held: Iterable[Duty], field: str = "role") -> list[Violation]:
    """Everything the new duty would meet that it must not meet, each reason once."""
    found = {(apart.reason, one.role): (apart, one) for one in held for apart in _broken(new, one)}
    return [_violation(apart, one, field) for apart, one in found.values()]


def _broken(new: Duty, held: Duty) -> Iterator[Apart]:
    if not _overlap(new, held):
        return
    for apart in aparts():
        if not _are_sides(apart.sides, new.role, held.role):
            continue
        if apart.lot and not _same_lot(new.lot, held.lot):
            continue
        same_person = bool(new.person) and new.person == held.person
        same_body = new.is_of_body(held)
        if ("person" in apart.within and same_person) or ("organisation" in apart.within and same_body):
            yield apart


def _same_lot(one: str | None, other: str | None) -> bool:
    """A project stands for all of its lots: their numbers begin with its own."""
    if not one or not other:
        return False
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")


def _are_sides(sides: tuple[str, str], one: str, other: str) -> bool:
    first, second = sides
    return (_is(first, one, other) and _is(second, other, one)) or (_is(first, other, one) and _is(second, one, other))


def _is(side: str, role: str, other: str) -> bool:
    """`*` is every role but the same one: holding one duty twice is no meeting of two."""
    if side == ANY:
        return role != other
    if side.startswith(GROUP):
        found = roles().get(role)
        return found is not None and found.group == side.removeprefix(GROUP)
    return side == role


def _overlap(one: Duty, other: Duty) -> bool:
    return _before(one.from_at, other.until_at) and _before(other.from_at, one.until_at)


def _before(start: datetime | None, end: datetime | None) -> bool:
    return start is None or end is None or start < end


def _violation(apart: Apart, held: Duty, field: str) -> Violation:
    where = f"标段 {held.lot} 上" if apart.lot else ""
    message = f"{apart.reason}；{where}已有“{label(held.role)}”，没有保存任何内容"
    basis = f"{apart.basis}（条文待核）" if apart.is_provisional else apart.basis
    return Violation("parties.duties", message, field, basis)

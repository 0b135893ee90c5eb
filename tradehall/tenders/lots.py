"""Which lot of a project a report means: by its unified code, else by its name and the number the source gives it.

Pure; works on the lots of one project in the order of their numbers and adds to them. Never merges lots by likeness.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tradehall.tenders import numbers
from tradehall.tenders.matching import plain_name


@dataclass(frozen=True, slots=True)
class KnownLot:
    lot_no: str
    number: int
    name: str
    source_no: str | None
    unified_code: str | None


def numbered(
    project_no: str, known: list[KnownLot], lots: object, source_nos: Mapping[str, str | None]
) -> tuple[list[dict[str, object]], list[KnownLot]]:
    """The stated lots with their numbers in this project, and those that were not known yet (now in `known` as well)."""
    found: list[dict[str, object]] = []
    made: list[KnownLot] = []
    taken: set[str] = set()
    for lot in dicts(lots):
        name, code = str(lot["name"]), lot.get("unified_code")
        unified = code if isinstance(code, str) else None
        one = _find(known, name, source_nos.get(name), unified, taken)
        if one is None:
            one = _next(project_no, known, name, source_nos.get(name), unified)
            made.append(one)
        taken.add(one.lot_no)
        found.append({**lot, "lot_no": one.lot_no})
    return found, made


def whole(project_no: str, title: str) -> KnownLot:
    """The lot that stands for the whole project."""
    return KnownLot(numbers.lot_no(project_no, 0), 0, title, None, None)


def dicts(value: object) -> list[dict[str, object]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _find(
    lots: list[KnownLot], name: str, source_no: str | None, unified_code: str | None, taken: set[str]
) -> KnownLot | None:
    free = [lot for lot in lots if lot.number and lot.lot_no not in taken]
    if unified_code:
        return next((lot for lot in free if lot.unified_code == unified_code), None)
    plain = plain_name(name)
    return next((lot for lot in free if plain_name(lot.name) == plain and lot.source_no in (None, source_no)), None)


def _next(
    project_no: str, lots: list[KnownLot], name: str, source_no: str | None, unified_code: str | None
) -> KnownLot:
    number = max((lot.number for lot in lots), default=0) + 1
    lot = KnownLot(numbers.lot_no(project_no, number), number, name, source_no, unified_code)
    lots.append(lot)
    return lot
